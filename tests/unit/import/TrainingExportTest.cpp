// graphc's own training graphs, written for TensorFlow with their gradients spelled out, come back
// and train as they did.
#include <gmock/gmock.h>

#include "tests/unit/import/GraphText.h"

namespace graphc::test {
namespace {

constexpr std::int64_t kSteps = 5, kBatch = 4, kInputs = 3;

/// Two LSTM layers with dropout over a few steps, trained by Adam on clipped gradients.
struct LstmProgram {
  Graph graph;
  Output x, y, keep, cost;
  Operation train;

  LstmProgram() {
    graph.set_random_seed(7);
    x = graph.placeholder(float32, {none, kSteps, kInputs}, "x");
    y = graph.placeholder(float32, {none, 2}, "y");
    keep = graph.placeholder(float32, {}, "keep");
    const std::vector<Output> steps = unstack(transpose(x, {1, 0, 2}));
    const auto layer = [&] {
      return rnn::DropoutWrapper(rnn::BasicLSTMCell(6), {.output_keep_prob = keep});
    };
    rnn::MultiRNNCell cell({layer(), layer()});
    const auto [outputs, state] = rnn::static_rnn(cell, steps);
    const Output logits = layers::dense(outputs.back(), 2, {.name = "logits"});
    cost = reduce_mean(nn::softmax_cross_entropy_with_logits({.labels = y, .logits = logits}),
                       {.name = "cost"});
    train::AdamOptimizer adam(.05f);
    auto gradients = adam.compute_gradients(cost);
    for (auto &[gradient, variable] : gradients)
      gradient = clip_by_value(gradient, -1.f, 1.f);
    train = adam.apply_gradients(gradients, {.name = "train"});
  }

  std::string exported() const {
    return train::meta_graph_def(graph,
                                 {.training = {{{x, {kBatch, kSteps, kInputs}}, {y, {kBatch, 2}}}},
                                  .collections = {{"train_op", {train}}}});
  }
};

std::vector<Feed> batch(float keep) {
  Tensor x(float32, {kBatch, kSteps, kInputs}), y(float32, {kBatch, 2});
  for (std::int64_t i = 0; i < x.num_elements(); ++i)
    x.data<float>()[i] = std::sin(static_cast<float>(i) * .7f);
  for (std::int64_t i = 0; i < kBatch; ++i) {
    y.data<float>()[2 * i] = i % 2 == 0 ? 1.f : 0.f;
    y.data<float>()[2 * i + 1] = 1.f - y.data<float>()[2 * i];
  }
  return {{"x:0", x}, {"y:0", y}, {"keep:0", Tensor(keep)}};
}

class TrainingExport : public ImportTest {
protected:
  /// The costs of some training steps from the weights in the checkpoint.
  std::vector<float> costs(Graph &of, float keep) {
    Session session(of);
    train::Saver(of).restore(session, in("start"));
    std::vector<float> costs;
    for (int step = 0; step < 5; ++step)
      costs.push_back(session.run(batch(keep), {"train", "cost:0"})[1].scalar<float>());
    return costs;
  }

  LstmProgram program;
};

TEST_F(TrainingExport, RecurrencesWithDropoutTrainAsBefore) {
  {
    Session session(program.graph);
    session.run(program.graph.global_variables_initializer());
    train::Saver(program.graph).save(session, in("start"));
  }
  const ImportedMetaGraph imported =
      import_meta_graph(graph, GraphSource::bytes(program.exported()));
  EXPECT_THAT(imported.collections.at("train_op"), testing::ElementsAre("train"));
  EXPECT_EQ(graph.verify(), "");
  // Without dropout, and with: the forward loop draws masks, the gradient's loop draws them again.
  for (const float keep : {1.f, .5f}) {
    const std::vector<float> before = costs(program.graph, keep), after = costs(graph, keep);
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t step = 0; step < before.size(); ++step)
      EXPECT_NEAR(after[step], before[step], 1e-5f * std::abs(before[step]))
          << "keep " << keep << ", step " << step;
    EXPECT_LT(after.back(), after.front());
  }
}

// The gradient needs values of every step, which the recurrence gives beside its own results.
TEST_F(TrainingExport, ResultsOfARecurrenceKeepTheirNumbers) {
  import_meta_graph(graph, GraphSource::bytes(program.exported()));
  std::vector<Fetches::Fetch> results;
  for (const Output &result : program.graph.get_operation_by_name("rnn/static_rnn").outputs())
    results.emplace_back(result.name());
  ASSERT_EQ(results.size(), 5u); // the outputs, and c and h of both layers
  Session before(program.graph), after(graph);
  before.run(program.graph.global_variables_initializer());
  train::Saver(program.graph).save(before, in("start"));
  train::Saver(graph).restore(after, in("start"));
  const std::vector<Tensor> expected = before.run(batch(1), results);
  const std::vector<Tensor> got = after.run(batch(1), results);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(got[i].shape(), expected[i].shape()) << results[i].name;
    EXPECT_THAT(got[i].values<float>(),
                testing::Pointwise(testing::FloatNear(1e-6f), expected[i].values<float>()))
        << results[i].name;
  }
}

// The branch and its gradient, which needs what comes of the branch, have one predicate.
TEST_F(TrainingExport, GradientsOfABranchAreABranchOfTheirOwn) {
  Graph written;
  const Output p = written.placeholder(bool_, {}, "p"), x = written.placeholder(float32, {2}, "x");
  const Output y = cond(p, [&] { return tanh(x) * x; }, [&] { return x * 2; });
  gradients({reduce_sum(square(y))}, {x}, {.name = "gradients"});
  import_graph_def(graph, GraphSource::bytes(training_graph_def(written, {})));
  for (const bool taken : {true, false}) {
    const std::vector<Feed> feeds = {{"p:0", Tensor(taken)},
                                     {"x:0", Tensor::of(Shape{2}, {.5f, -1.f})}};
    const Tensor expected = Session(written).run(feeds, {"gradients:0"})[0];
    EXPECT_THAT(Session(graph).run(feeds, {"gradients:0"})[0].values<float>(),
                testing::Pointwise(testing::FloatNear(1e-6f), expected.values<float>()));
  }
}

TEST_F(TrainingExport, GradientsOfRecurrencesAreRecurrencesAgain) {
  import_meta_graph(graph, GraphSource::bytes(program.exported()));
  const std::string text = graph.to_mlir();
  EXPECT_THAT(text, testing::HasSubstr("reverse = true"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("graph.while")));
}

} // namespace
} // namespace graphc::test
