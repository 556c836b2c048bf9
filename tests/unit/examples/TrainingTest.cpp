// What the built-in programs' training loop is made of: rows, metrics, refusals.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/training/Training.h"
#include "tests/unit/ErrorTesting.h"

namespace graphc::examples {
namespace {

using testing::ElementsAre;

std::string messageOf(const std::function<void()> &function) {
  return test::errorFrom(function).message();
}

TEST(Dataset, GivesRowsInTheOrderAsked) {
  const Dataset rows = rowsOf(
      {Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6}), Tensor::of<std::int64_t>({3}, {7, 8, 9})});
  const std::vector<Tensor> batch = rows.batch(std::vector<std::int64_t>{2, 0});
  EXPECT_EQ(batch[0].shape(), (Shape{2, 2}));
  EXPECT_THAT(batch[0].values<float>(), ElementsAre(5, 6, 1, 2));
  EXPECT_THAT(batch[1].values<std::int64_t>(), ElementsAre(9, 7));
  const Dataset last = rowRange(rows, 1, 10);
  EXPECT_EQ(last.size, 2);
  EXPECT_THAT(last.batch(std::vector<std::int64_t>{0})[1].values<std::int64_t>(), ElementsAre(8));
  EXPECT_EQ(
      messageOf([] { rowsOf({Tensor::zeros(float32, {3, 2}), Tensor::zeros(float32, {2})}); }),
      "expected columns of 3 rows, got [2]");
}

TEST(Metrics, AccuracyTakesScoresProbabilitiesAndEveryKindOfLabel) {
  constexpr std::array<std::string_view, 3> kThree = {"a", "b", "c"};
  Accuracy scores(kThree);
  const Tensor logits = Tensor::of<float>({2, 3}, {0, 5, 1, 9, 0, 0});
  scores.add(logits, {Tensor::of<std::int64_t>({2}, {1, 2})});
  EXPECT_EQ(scores.value(), 0.5);
  scores.add(logits, {oneHot(Tensor::of<std::int64_t>({2}, {1, 0}), 3)});
  EXPECT_EQ(scores.value(), 0.75);

  constexpr std::array<std::string_view, 2> kTwo = {"no", "yes"};
  Accuracy probabilities(kTwo);
  probabilities.add(Tensor::of<float>({3, 1}, {0.2f, 0.7f, 0.9f}),
                    {Tensor::of<float>({3, 1}, {0, 1, 0})});
  EXPECT_NEAR(probabilities.value(), 2.0 / 3, 1e-12);
  EXPECT_EQ(messageOf([&] { probabilities.add(logits, {Tensor::of<std::int64_t>({2}, {1, 2})}); }),
            "expected rows of at most 2 classes, got labels of shape [2]");
}

TEST(Metrics, MeanErrors) {
  const Tensor truth = Tensor::of<float>({2}, {1, 2});
  MeanError squared(MeanError::Kind::squared), absolute(MeanError::Kind::absolute);
  for (MeanError *error : {&squared, &absolute})
    error->add(Tensor::of<float>({2, 1}, {1, 5}), {truth});
  EXPECT_EQ(squared.value(), 4.5);
  EXPECT_EQ(absolute.value(), 1.5);
  EXPECT_EQ(messageOf([&] { squared.add(Tensor::of<float>({1}, {1}), {truth}); }),
            "expected as many predictions as labels, got 1 for 2");
}

/// y = w x by least squares on x = 1 ... 8, y = 3 x.
ProgramGraph buildLine(Graph &g, const Sizes &) {
  auto x = g.placeholder(float32, {none}, "x");
  auto y = g.placeholder(float32, {none}, "y");
  auto w = g.get_variable("w", {}, {.initializer = initializers::zeros()});
  auto predictions = x * w;
  auto loss = reduce_mean(square(predictions - y));
  auto step = train::GradientDescentOptimizer(0.01f).minimize(loss);
  return {{inputs(x), labels(y)}, predictions, loss, step};
}

Data lineData(const RunOptions &) {
  const Tensor x = Tensor::of<float>({8}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Tensor y = Tensor::of<float>({8}, {3, 6, 9, 12, 15, 18, 21, 24});
  return {.train = rowsOf({x, y}),
          .validation = rowsOf({x, y}),
          .test = rowsOf({x, y}),
          .source = "a line"};
}

const Program kLine = {.name = "line",
                       .summary = "a line",
                       .build = buildLine,
                       .training = {.epochs = 40, .batch = 3},
                       .load = lineData,
                       .metric = []() -> std::unique_ptr<Metric> {
                         return std::make_unique<MeanError>(MeanError::Kind::squared);
                       },
                       .target = 1e-3};

TEST(Trainer, LearnsALineAndRemembersHowItWent) {
  const RunOptions options;
  const Data data = lineData(options);
  Trainer trainer(kLine, data, options);
  trainer.fit();
  EXPECT_NEAR(trainer.session().variable("w").scalar<float>(), 3, 1e-3);
  ASSERT_EQ(trainer.history().size(), 40u);
  EXPECT_EQ(trainer.history().back().step, 80); // two batches of three an epoch, two rows left over
  EXPECT_EQ(trainer.history().back().epochs, 40);
  ASSERT_TRUE(trainer.history().back().validation);
  EXPECT_LT(trainer.history().back().validation->loss, trainer.history().front().validation->loss);
  EXPECT_NEAR(trainer.predict({Tensor::of<float>({1}, {10})}).values<float>()[0], 30, 1e-2);
  const Outcome outcome = runProgram(kLine, options);
  EXPECT_EQ(outcome.metric, "mean squared error");
  EXPECT_TRUE(outcome.reached());
}

TEST(Trainer, AveragesTheWeightsOfTheLastEpochs) {
  Program program = kLine;
  program.training = {.epochs = 4, .batch = 8, .averaged = 0.5};
  const RunOptions options;
  const Data data = lineData(options);
  Trainer trainer(program, data, options);
  trainer.fit();
  // The mean of x^2 is 25.5, so a step of 0.01 leaves 1 - 0.01 * 2 * 25.5 = 0.49 of w's distance
  // from 3.
  const double third = 3 * (1 - std::pow(0.49, 3)), fourth = 3 * (1 - std::pow(0.49, 4));
  const double w = (third + fourth) / 2;
  EXPECT_NEAR(trainer.session().variable("w").scalar<float>(), w, 1e-5);
  ASSERT_TRUE(trainer.history().back().validation);
  EXPECT_NEAR(trainer.history().back().validation->loss, 25.5 * (w - 3) * (w - 3), 1e-4);
}

TEST(Trainer, StopsOncePatienceIsSpent) {
  Program program = kLine;
  program.training.patience = 2;
  program.training.epochs = 100000;
  Data data = lineData({});
  // Whatever is learnt, the validation rows go the other way.
  data.validation = rowsOf({Tensor::of<float>({1}, {1}), Tensor::of<float>({1}, {-3})});
  const RunOptions options;
  Trainer trainer(program, data, options);
  trainer.fit();
  EXPECT_EQ(trainer.history().size(), 3u);
}

TEST(Trainer, AveragesUpToWhereItStopped) {
  Program program = kLine;
  program.training = {.epochs = 1000, .batch = 8, .averaged = 1, .patience = 2};
  Data data = lineData({});
  data.validation = rowsOf({Tensor::of<float>({1}, {1}), Tensor::of<float>({1}, {-3})});
  const RunOptions options;
  Trainer trainer(program, data, options);
  trainer.fit();
  ASSERT_EQ(trainer.history().size(), 3u);
  // Three steps of one epoch each, 0.49 of the distance from 3 left by each.
  const double distance = 3 * (0.49 + std::pow(0.49, 2) + std::pow(0.49, 3)) / 3;
  EXPECT_NEAR(trainer.session().variable("w").scalar<float>(), 3 - distance, 1e-5);
}

TEST(Trainer, RefusesOptionsThatHaveNoMeaning) {
  auto with = [](RunOptions options) { return messageOf([&] { runProgram(kLine, options); }); };
  EXPECT_EQ(with({.keep = 0.5}), "--keep has no meaning for line: its graph has no dropout");
  EXPECT_EQ(with({.learning_rate = 0.5}),
            "--learning-rate has no meaning for line: its graph has no learning rate that is fed");
  EXPECT_EQ(with({.column = "t"}),
            "--column has no meaning for line: it forecasts no column of a table");
  EXPECT_EQ(with({.batch = 9}), "--batch expects at most the 8 rows there are, got 9");
  EXPECT_EQ(with({.epochs = 0}), "--epochs expects a number above 0, got 0");
}

} // namespace
} // namespace graphc::examples
