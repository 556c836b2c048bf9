// What a session computes: feeds, fetches, variables, random numbers, programs kept.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;
using testing::ElementsAre;
using testing::FloatEq;
using testing::Pointwise;

namespace {

gc::Tensor vector(std::vector<float> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return gc::Tensor::of(gc::Shape{count}, values);
}

class SessionOnBothBackends : public testing::TestWithParam<gc::Backend> {
protected:
  gc::SessionOptions options() const { return {.seed = 7, .backend = GetParam()}; }
};

TEST_P(SessionOnBothBackends, ComputesWhatIsFetched) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none}, "x");
  auto y = x * 2.f + 1.f;
  auto total = gc::reduce_sum(y);
  gc::Session session(g, options());
  auto out = session.run({{x, vector({1, 2, 3})}}, {y, total});
  EXPECT_THAT(out[0].values<float>(), ElementsAre(3, 5, 7));
  EXPECT_EQ(out[1].scalar<float>(), 15);
}

TEST_P(SessionOnBothBackends, TakesNamesAndAnotherBatchSize) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none}, "x");
  gc::square(x, "squares");
  gc::Session session(g, options());
  EXPECT_THAT(session.run({{"x:0", vector({3})}}, {"squares:0"})[0].values<float>(),
              ElementsAre(9));
  EXPECT_THAT(session.run({{"x", vector({1, 2})}}, {"squares:0"})[0].values<float>(),
              ElementsAre(1, 4));
}

TEST_P(SessionOnBothBackends, AFeedCutsTheGraphAnywhere) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {2}, "x");
  auto middle = gc::exp(x);
  auto y = middle + 1.f;
  gc::Session session(g, options());
  // x need not be fed: nothing that is fetched depends on it any more.
  EXPECT_THAT(session.run({{middle, vector({5, 6})}}, {y})[0].values<float>(), ElementsAre(6, 7));
}

TEST_P(SessionOnBothBackends, FetchesFeedsVariablesAndTheSameTensorTwice) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {2}, "x");
  auto v = g.get_variable("v", gc::Shape{2}, {.initializer = gc::initializers::ones()});
  gc::Session session(g, options());
  session.run(g.global_variables_initializer());
  const gc::Tensor fed = vector({1, 2});
  auto out = session.run({{x, fed}}, {x, v, x});
  EXPECT_THAT(out[0].values<float>(), ElementsAre(1, 2));
  EXPECT_THAT(out[1].values<float>(), ElementsAre(1, 1));
  // What a run returns is the caller's: writing it changes neither variable nor feed.
  out[1].data<float>()[0] = 100;
  out[2].data<float>()[0] = 100;
  EXPECT_THAT(fed.values<float>(), ElementsAre(1, 2));
  EXPECT_THAT(session.variable("v").values<float>(), ElementsAre(1, 1));
}

TEST_P(SessionOnBothBackends, UpdatesEachVariableOnceInGraphOrder) {
  gc::Graph g;
  auto v = g.get_variable("v", gc::Shape{}, {.initializer = gc::initializers::constant(10.)});
  auto before = v.read_value();
  auto added = v.assign_add(5.f);
  auto after = v.read_value();
  auto doubled = v.assign(added * 2.f);
  gc::Session session(g, options());
  session.run(g.global_variables_initializer());
  auto out = session.run({before, added, after, doubled, doubled.op()});
  EXPECT_EQ(out[0].scalar<float>(), 10);
  EXPECT_EQ(out[1].scalar<float>(), 15);
  EXPECT_EQ(out[2].scalar<float>(), 15);
  EXPECT_EQ(out[3].scalar<float>(), 30);
  EXPECT_TRUE(out[4].empty());
  EXPECT_EQ(session.variable("v").scalar<float>(), 30);
}

TEST_P(SessionOnBothBackends, ControlDependenciesRunWhatTheyName) {
  gc::Graph g;
  auto v = g.get_variable("v", gc::Shape{}, {.initializer = gc::initializers::zeros()});
  auto increment = v.assign_add(1.f);
  gc::Output seen;
  {
    auto after = g.control_dependencies({increment});
    seen = v.read_value();
  }
  gc::Session session(g, options());
  session.run(g.global_variables_initializer());
  EXPECT_EQ(session.run(seen)[0].scalar<float>(), 1);
  EXPECT_EQ(session.run(seen)[0].scalar<float>(), 2);
  EXPECT_EQ(session.run(v)[0].scalar<float>(), 2) << "v/read alone does not run the increment";
}

TEST_P(SessionOnBothBackends, AGradientStepDescends) {
  gc::Graph g;
  auto w = g.get_variable("w", gc::Shape{2}, {.initializer = gc::initializers::constant(3.)});
  auto loss = gc::reduce_sum(gc::square(w));
  auto train = gc::train::GradientDescentOptimizer(0.25f).minimize(loss);
  gc::Session session(g, options());
  session.run(g.global_variables_initializer());
  auto out = session.run({train, loss});
  EXPECT_EQ(out[1].scalar<float>(), 18) << "the loss is read before the update";
  EXPECT_THAT(session.variable("w").values<float>(), ElementsAre(1.5f, 1.5f)); // 3 - 0.25 * 2 * 3
}

TEST_P(SessionOnBothBackends, PreparedCallsGiveWhatRunGives) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none, 2}, "x");
  auto k = g.placeholder(gc::float32, {}, "k");
  auto y = gc::reduce_max(x * k, 1);
  gc::Session session(g, options());
  gc::Callable call = session.prepare({x, k}, {y});
  EXPECT_THAT(call({gc::Tensor::of<float>({1, 2}, {1, 4}), 2.f})[0].values<float>(),
              ElementsAre(8));
  EXPECT_THAT(call({gc::Tensor::of<float>({2, 2}, {1, 4, 7, 3}), 1.f})[0].values<float>(),
              ElementsAre(4, 7));
}

TEST_P(SessionOnBothBackends, APreparedCallIsNamedByHandlesOrNamesOrHasNoFeeds) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {}, "x");
  auto k = g.placeholder(gc::float32, {}, "k");
  auto y = gc::subtract(x, k, "y");
  auto three = g.constant(3.f, "three");
  gc::Session session(g, options());
  EXPECT_EQ(session.prepare({}, {three})({})[0].scalar<float>(), 3);
  EXPECT_EQ(session.prepare({"x", "k:0"}, {"y:0"})({5.f, 1.f})[0].scalar<float>(), 4);
  EXPECT_EQ(session.prepare({k, "x"}, y)({5.f, 1.f})[0].scalar<float>(), -4);
  const std::vector<std::string> names = {"x", "k"};
  EXPECT_EQ(session.prepare(names, y)({5.f, 1.f})[0].scalar<float>(), 4);
  const std::vector<gc::Output> handles = {k, x};
  EXPECT_EQ(session.prepare(handles, y)({5.f, 1.f})[0].scalar<float>(), -4);
}

INSTANTIATE_TEST_SUITE_P(Backends, SessionOnBothBackends,
                         testing::Values(gc::Backend::compiled, gc::Backend::reference),
                         [](const auto &info) {
                           return info.param == gc::Backend::compiled ? "compiled" : "reference";
                         });

TEST(Session, LogDevicePlacementSaysWhereEveryStepRuns) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {32, 64}, "x");
  auto w = g.placeholder(gc::float32, {64, 48}, "w");
  auto y = gc::matmul(x, w, {.name = "product"});
  auto z = gc::tanh(x, "bent");
  gc::Session session(g, {.intra_op_parallelism_threads = 1, .log_device_placement = true});
  const std::vector<gc::Feed> feeds = {{x, gc::Tensor::zeros(gc::float32, {32, 64})},
                                       {w, gc::Tensor::zeros(gc::float32, {64, 48})}};
  testing::internal::CaptureStderr();
  session.run(feeds, {y, z});
  const std::string first = testing::internal::GetCapturedStderr();
  // oneDNN's implementation is the processor's.
  EXPECT_THAT(first, testing::ContainsRegex("product: oneDNN [a-z0-9_:]+ on CPU, 1 threads\n"));
  EXPECT_THAT(first, testing::ContainsRegex("bent: kernel [a-z0-9_]+ on CPU, 1 threads\n"));
  testing::internal::CaptureStderr();
  session.run(feeds, {y, z});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "the program was compiled before";
}

TEST(Session, TheSameSeedDrawsTheSameBitsAndEveryRunNewOnes) {
  gc::Graph g;
  auto x = gc::random_uniform(g, {64});
  auto draw = [&](std::uint64_t seed, gc::Backend backend) {
    gc::Session session(g, {.seed = seed, .backend = backend});
    return std::pair(session.run(x)[0], session.run(x)[0]);
  };
  const auto first = draw(1, gc::Backend::compiled);
  EXPECT_TRUE(first.first.identical_to(draw(1, gc::Backend::compiled).first));
  EXPECT_TRUE(first.second.identical_to(draw(1, gc::Backend::compiled).second));
  EXPECT_FALSE(first.first.identical_to(first.second));
  EXPECT_FALSE(first.first.identical_to(draw(2, gc::Backend::compiled).first));
  EXPECT_TRUE(first.first.identical_to(draw(1, gc::Backend::reference).first));
}

TEST(Session, ProgramsThatWereUsedLongestAgoMakeRoom) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none}, "x");
  auto y = x + 1.f;
  gc::Session session(g, {.program_cache_size = 1});
  for (std::size_t size : {1u, 2u, 1u, 3u, 2u})
    EXPECT_THAT(session.run({{x, vector(std::vector<float>(size, 1.f))}}, y)[0].values<float>(),
                testing::Each(FloatEq(2.f)))
        << size;
}

TEST(Session, OpsMayBeAddedBetweenRuns) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {}, "x");
  auto y = x + 1.f;
  gc::Session session(g);
  EXPECT_EQ(session.run({{x, 1.f}}, y)[0].scalar<float>(), 2);
  auto z = y * 3.f;
  EXPECT_EQ(session.run({{x, 1.f}}, z)[0].scalar<float>(), 6);
}

TEST(Session, SetVariableChecksAndCopies) {
  gc::Graph g;
  auto v = g.get_variable("scope/v", gc::Shape{2});
  gc::Session session(g);
  gc::Tensor value = vector({1, 2});
  session.set_variable("scope/v", value);
  value.data<float>()[0] = 50;
  EXPECT_THAT(session.run(v)[0].values<float>(), ElementsAre(1, 2));
}

} // namespace
