// The table of `graphc run --all` and what its exit status says, of programs made for the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/training/Training.h"
#include "tools/graphc/RunAll.h"

namespace graphc::tools {
namespace {

using namespace examples;
using testing::ContainsRegex;

/// y = w x, trained on y = 3 x.
ProgramGraph buildLine(Graph &g, const Sizes &) {
  auto x = g.placeholder(float32, {none}, "x");
  auto y = g.placeholder(float32, {none}, "y");
  auto w = g.get_variable("w", {}, {.initializer = initializers::zeros()});
  auto loss = reduce_mean(square(x * w - y));
  auto step = train::GradientDescentOptimizer(0.01f).minimize(loss);
  return {{inputs(x), labels(y)}, x * w, loss, step};
}

Data line(bool synthetic) {
  const Dataset rows =
      rowsOf({Tensor::of<float>({4}, {1, 2, 3, 4}), Tensor::of<float>({4}, {3, 6, 9, 12})});
  return {.train = rows, .test = rows, .source = "a line", .synthetic = synthetic};
}

/// A program whose mean squared error, nearly zero, is to be at most `target`.
Program fake(std::string_view name, std::optional<double> target) {
  return {.name = name,
          .summary = "a line",
          .build = buildLine,
          .training = {.epochs = 60, .batch = 4},
          .load = [](const RunOptions &) { return line(false); },
          .metric = []() -> std::unique_ptr<Metric> {
            return std::make_unique<MeanError>(MeanError::Kind::squared);
          },
          .target = target};
}

struct Ended {
  int status;
  std::string table; ///< a line a program
};
Ended run(const std::vector<Program> &programs, const RunOptions &options = {}) {
  testing::internal::CaptureStdout();
  const int status = runAll(programs, options);
  const std::string text = testing::internal::GetCapturedStdout();
  return {status, text.substr(text.find("program "))};
}

TEST(RunAll, PassesWhereEveryTargetIsMet) {
  const auto [status, table] = run({fake("near", 1e-2), fake("free", std::nullopt)});
  EXPECT_EQ(status, 0);
  EXPECT_THAT(table, ContainsRegex("program +result +target +seconds +verdict\n"));
  EXPECT_THAT(table, ContainsRegex(
                         "\nnear +mean squared error [0-9.e-]+ +at most 0.01 +[0-9.]+ +passed\n"));
  EXPECT_THAT(table,
              ContainsRegex("\nfree +mean squared error [0-9.e-]+ +- +[0-9.]+ +not judged\n"));
}

TEST(RunAll, FailsWhereOneTargetIsMissed) {
  const auto [status, table] = run({fake("far", -1), fake("near", 1e-2)});
  EXPECT_EQ(status, 1);
  EXPECT_THAT(table,
              ContainsRegex("\nfar +mean squared error [^\n]+ +at most -1 +[0-9.]+ +MISSED\n"));
  EXPECT_THAT(table, ContainsRegex("\nnear [^\n]+ passed\n"));
}

TEST(RunAll, JudgesConditionsAndTime) {
  Program held = fake("held", 1e-2), broken = fake("broken", 1e-2), slow = fake("slow", 1e-2);
  held.finish = [](Trainer &, const Data &, Outcome &outcome) {
    outcome.conditions = {{"as it should", true}};
  };
  broken.finish = [](Trainer &, const Data &, Outcome &outcome) {
    outcome.conditions = {{"as it should", true}, {"as it is not", false}};
  };
  EXPECT_EQ(run({held}).status, 0);
  const auto [status, table] = run({held, broken});
  EXPECT_EQ(status, 1);
  EXPECT_THAT(table, ContainsRegex("\nheld [^\n]+ at most 0.01, as it should +[0-9.]+ +passed\n"));
  EXPECT_THAT(
      table,
      ContainsRegex("\nbroken [^\n]+ at most 0.01, as it should, as it is not +[0-9.]+ +MISSED\n"));

  slow.most_seconds = 1e-9;
  const Ended late = run({slow});
  EXPECT_EQ(late.status, 1);
  EXPECT_THAT(late.table,
              ContainsRegex("\nslow [^\n]+ at most 0.01, within 1e-09 s +[0-9.]+ +MISSED\n"));
  slow.most_seconds = 600;
  EXPECT_EQ(run({slow}).status, 0);
}

// What synthetic data or a few batches give says nothing about the target.
TEST(RunAll, DoesNotJudgeWhatSaysNothing) {
  Program stand_in = fake("stand-in", -1);
  stand_in.load = [](const RunOptions &) { return line(true); };
  const auto [status, table] = run({stand_in});
  EXPECT_EQ(status, 0);
  EXPECT_THAT(table, ContainsRegex("\nstand-in [^\n]+ at most -1 +[0-9.]+ +not judged\n"));
  EXPECT_EQ(run({fake("far", -1)}, {.quick = true}).status, 0);
  stand_in.finish = [](Trainer &, const Data &, Outcome &outcome) {
    outcome.conditions = {{"on any data", false}};
  };
  EXPECT_EQ(run({stand_in}).status, 1);
}

TEST(RunAll, GoesOnAfterAProgramThatFails) {
  Program torn = fake("torn", 1e-2);
  torn.load = [](const RunOptions &) -> Data {
    throw Error(Code::data_loss, "line 7 holds no number");
  };
  const auto [status, table] = run({torn, fake("near", 1e-2)});
  EXPECT_EQ(status, 1);
  EXPECT_THAT(table, ContainsRegex("\ntorn +[^\n]*line 7 holds no number +- +[0-9.]+ +FAILED\n"));
  EXPECT_THAT(table, ContainsRegex("\nnear [^\n]+ passed\n"));
}

} // namespace
} // namespace graphc::tools
