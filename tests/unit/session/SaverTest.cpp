// Saver: what it writes and keeps, what it restores and refuses, and that training goes on as if it
// had never stopped.
#include "tests/unit/files/FolderTesting.h"

#include <graphc/graphc.h>

namespace gc = graphc;

namespace graphc::test {
namespace {

class Savers : public FolderTest {
protected:
  Savers() {
    w = g.get_variable("layer/w", gc::Shape{2, 2}, {.initializer = gc::initializers::ones()});
    step = g.get_or_create_global_step();
    add = w.assign_add(gc::Tensor::of<float>({2, 2}, {1, 2, 3, 4}));
    count = step.assign_add(1);
    init = g.global_variables_initializer();
  }

  static float firstOf(const gc::Session &session) {
    return session.variable("layer/w").values<float>()[0];
  }

  gc::Graph g;
  gc::Variable w, step;
  gc::Output add, count;
  gc::Operation init;
};

TEST_F(Savers, SaveAndRestore) {
  gc::train::Saver saver(g);
  gc::Session session(g);
  session.run(init);
  session.run({add, count});
  const std::string path = saver.save(session, in("model"), {.global_step = 7});
  EXPECT_EQ(path, in("model-7"));
  EXPECT_THAT(names(), testing::UnorderedElementsAre("checkpoint", "model-7.index",
                                                     "model-7.data-00000-of-00001"));

  gc::Session restored(g);
  saver.restore(restored, path);
  for (const char *name : {"layer/w", "global_step"})
    EXPECT_TRUE(restored.variable(name).identical_to(session.variable(name))) << name;
}

TEST_F(Savers, TheStepMayBeAVariable) {
  gc::Session session(g);
  session.run(init);
  session.run(count);
  session.run(count);
  EXPECT_EQ(gc::train::Saver(g).save(session, in("model"), {.global_step = step}), in("model-2"));
  EXPECT_EQ(errorFrom([&] {
              gc::train::Saver(g).save(session, in("model"), {.global_step = w});
            }).message(),
            "expected a scalar integer variable as global step, got float32[2,2]");
}

TEST_F(Savers, TheOldestAreDeleted) {
  gc::train::Saver saver(g, {.max_to_keep = 2});
  gc::Session session(g);
  session.run(init);
  EXPECT_FALSE(gc::train::latest_checkpoint(folder));
  for (int i : {1, 2, 3, 2}) // 2 again: now it is the latest
    saver.save(session, in("model"), {.global_step = i});
  EXPECT_THAT(saver.last_checkpoints(), testing::ElementsAre(in("model-3"), in("model-2")));
  EXPECT_EQ(gc::train::latest_checkpoint(folder), in("model-2"));
  EXPECT_THAT(names(), testing::UnorderedElementsAre("checkpoint", "model-2.index",
                                                     "model-2.data-00000-of-00001", "model-3.index",
                                                     "model-3.data-00000-of-00001"));
  // Another saver deletes none of them, unless it is told of them.
  gc::train::Saver other(g, {.max_to_keep = 1});
  other.save(session, in("model"), {.global_step = 4});
  EXPECT_TRUE(gc::train::checkpoint_exists(in("model-3")));
  other.recover_last_checkpoints({in("model-1"), in("model-2"), in("model-3")});
  EXPECT_THAT(other.last_checkpoints(), testing::ElementsAre(in("model-2"), in("model-3")));
  other.save(session, in("model"), {.global_step = 5});
  EXPECT_FALSE(gc::train::checkpoint_exists(in("model-2")));
  EXPECT_FALSE(gc::train::checkpoint_exists(in("model-3")));
  EXPECT_TRUE(gc::train::checkpoint_exists(in("model-4")));

  gc::train::Saver all(g, {.max_to_keep = 0});
  for (int i = 10; i < 20; ++i)
    all.save(session, in("all"), {.global_step = i});
  EXPECT_EQ(all.last_checkpoints().size(), 10u);
}

TEST_F(Savers, ALatestOneThatIsGoneIsNone) {
  gc::Session session(g);
  session.run(init);
  gc::train::Saver(g).save(session, in("model"), {.latest_filename = "mine"});
  EXPECT_EQ(gc::train::latest_checkpoint(folder, "mine"), in("model"));
  EXPECT_FALSE(gc::train::latest_checkpoint(folder));
  std::filesystem::remove(in("model.index"));
  EXPECT_FALSE(gc::train::latest_checkpoint(folder, "mine"));
}

TEST_F(Savers, SomeVariablesAndOtherNames) {
  gc::Session session(g);
  session.run(init);
  session.run({add, count});
  const std::string path = gc::train::Saver(std::map<std::string, gc::Variable>{{"old/kernel", w}})
                               .save(session, in("part"));

  gc::Graph other;
  auto kernel = other.get_variable("kernel", gc::Shape{2, 2});
  auto bias = other.get_variable("bias", gc::Shape{2});
  gc::Session into(other);
  into.run(other.global_variables_initializer());
  const gc::Tensor before = into.variable("bias");
  gc::train::Saver(std::map<std::string, gc::Variable>{{"old/kernel", kernel}}).restore(into, path);
  EXPECT_TRUE(into.variable("kernel").identical_to(session.variable("layer/w")));
  EXPECT_TRUE(into.variable("bias").identical_to(before));

  const std::string again = gc::train::Saver({kernel}).save(into, in("again"));
  gc::train::Saver({kernel}).restore(into, again);
}

TEST_F(Savers, ARefusedRestoreChangesNothing) {
  gc::Session session(g);
  session.run(init);
  gc::train::Saver saver(g);
  const std::string path = saver.save(session, in("model"));

  gc::Graph other; // step is of another dtype, w of another shape, v is missing
  auto v = other.get_variable("layer/v", gc::Shape{3});
  auto w3 = other.get_variable("layer/w", gc::Shape{3, 2});
  auto step32 = other.get_variable("global_step", gc::Shape{},
                                   {.initializer = gc::initializers::zeros(), .dtype = gc::int32});
  auto u = other.get_variable("u", gc::Shape{});
  gc::Session into(other);
  into.run(other.global_variables_initializer());
  auto refused = [&](const gc::train::Saver &saver, const std::string &prefix, gc::Code code) {
    std::vector<gc::Tensor> before;
    for (const gc::Variable &variable : other.global_variables())
      before.push_back(into.variable(variable.op_name()));
    const gc::RandomState random = into.random_state();
    const gc::Error error = errorFrom([&] { saver.restore(into, prefix); });
    EXPECT_EQ(error.code(), code);
    for (const gc::Variable &variable : other.global_variables())
      EXPECT_TRUE(into.variable(variable.op_name())
                      .identical_to(before[&variable - other.global_variables().data()]));
    EXPECT_EQ(into.random_state().run_index, random.run_index);
    return error.message();
  };
  using gc::train::Saver;
  EXPECT_EQ(refused(Saver(other), path, gc::Code::not_found),
            "checkpoint '" + path + "' has no tensor 'layer/v' (float32[3]), 'u' (float32[])");
  EXPECT_EQ(refused(Saver({w3}), path, gc::Code::invalid_argument),
            "variable 'layer/w' expects float32[3,2], got float32[2,2] in checkpoint '" + path +
                "'");
  EXPECT_EQ(refused(Saver({step32}), path, gc::Code::invalid_argument),
            "variable 'global_step' expects int32[], got int64[] in checkpoint '" + path + "'");
  EXPECT_EQ(refused(Saver({u}), in("none"), gc::Code::not_found),
            "there is no checkpoint '" + in("none") + "': cannot open '" + in("none.index") +
                "': No such file or directory");
}

// The damage is in the last tensor: those before it were read already.
TEST_F(Savers, ADamagedOneChangesNothing) {
  gc::Session session(g);
  session.run(init);
  gc::train::Saver saver(g);
  const std::string path = saver.save(session, in("model"));
  session.run({add, count});
  const float before = firstOf(session);
  const std::string file = in("model.data-00000-of-00001");
  std::string data = readText(file);
  data.back() = static_cast<char>(data.back() ^ 1);
  writeText(file, data);
  EXPECT_EQ(errorFrom([&] { saver.restore(session, path); }).message(),
            "'" + file +
                "' is truncated or damaged: the checksum of tensor 'layer/w' at byte 24 is wrong");
  EXPECT_EQ(firstOf(session), before);
  EXPECT_EQ(session.variable("global_step").scalar<std::int64_t>(), 1);
}

TEST_F(Savers, WrongArguments) {
  gc::Session session(g);
  auto message = [](auto call) { return errorFrom(call).message(); };
  using gc::train::Saver;
  EXPECT_EQ(message([&] { Saver saver(gc::Graph{}); }), "a saver expects variables, got none");
  EXPECT_EQ(message([&] { Saver saver({w, gc::Variable()}); }),
            "a saver expects variables, got an empty one");
  EXPECT_EQ(message([&] { Saver saver({w, w}); }), "a saver got the variable 'layer/w' twice");
  EXPECT_EQ(message([&] { Saver saver(std::map<std::string, gc::Variable>{{"", w}}); }),
            "no variable can be saved as ''");
  EXPECT_EQ(message([&] { Saver saver(g, {.max_to_keep = -1}); }),
            "max_to_keep expects a number from 0 on, got -1");
  EXPECT_EQ(message([&] { Saver(g).save(session, in("model")); }),
            "variable 'global_step' is read before it was initialised");
  session.run(init);
  EXPECT_EQ(message([&] { Saver(g).save(session, in("")); }),
            "expected the first part of file names to save to, got '" + in("") + "'");
}

/// A small network with dropout that draws from the session's seed, trained by Adam.
struct Network {
  Network() {
    x = g.placeholder(gc::float32, {gc::none, 4}, "x");
    auto h = gc::nn::dropout(gc::tanh(gc::layers::dense(x, 8)), 0.5f);
    loss = gc::reduce_mean(gc::square(gc::layers::dense(h, 1) - gc::reduce_sum(x, 1, true)));
    train = gc::train::AdamOptimizer(0.01f).minimize(
        loss, {.global_step = g.get_or_create_global_step()});
    init = g.global_variables_initializer();
  }

  std::vector<float> steps(gc::Session &session, int count) const {
    const gc::Tensor batch = gc::Tensor::of<float>({2, 4}, {1, 2, 3, 4, -1, 0, 1, 2});
    std::vector<float> losses;
    for (int i = 0; i < count; ++i)
      losses.push_back(session.run({{x, batch}}, {loss, train})[0].scalar<float>());
    return losses;
  }

  gc::Graph g;
  gc::Output x, loss;
  gc::Operation train, init;
};

TEST_F(Savers, TrainingGoesOnBitForBit) {
  for (std::optional<std::uint64_t> seed :
       {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{5}}) {
    Network network;
    gc::train::Saver saver(network.g);
    gc::Session whole(network.g, {.seed = seed});
    whole.run(network.init);
    network.steps(whole, 5);
    const std::string path = saver.save(whole, in("model"));
    const std::vector<float> expected = network.steps(whole, 6);

    Network again; // as another process would make it
    gc::Session resumed(again.g, {.seed = seed});
    gc::train::Saver(again.g).restore(resumed, path);
    EXPECT_EQ(again.steps(resumed, 6), expected);
    for (const gc::Variable &variable : network.g.global_variables())
      EXPECT_TRUE(
          resumed.variable(variable.op_name()).identical_to(whole.variable(variable.op_name())))
          << variable.op_name();
    // Dropout does draw: the same steps elsewhere in the sequence of runs give other losses.
    saver.restore(whole, path);
    whole.set_random_state({whole.random_state().seed, 1000});
    EXPECT_NE(network.steps(whole, 6), expected);
  }
}

TEST_F(Savers, ASeedThatWasGivenStays) {
  gc::Session session(g, {.seed = 1});
  session.run(init);
  const std::string path = gc::train::Saver(g).save(session, in("model"));
  gc::Session other(g, {.seed = 2});
  gc::train::Saver(g).restore(other, path);
  EXPECT_EQ(other.random_state().seed, 2u);
  EXPECT_EQ(other.random_state().run_index, 1u);
  gc::Session unseeded(g);
  gc::train::Saver(g).restore(unseeded, path);
  EXPECT_EQ(unseeded.random_state().seed, 1u);
}

} // namespace
} // namespace graphc::test
