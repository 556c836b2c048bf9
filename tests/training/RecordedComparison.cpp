#include "tests/training/RecordedComparison.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/training/RecordedProgram.h"

namespace graphc::test {

Gradients byName(const std::vector<train::GradientAndVariable> &pairs) {
  Gradients gradients;
  for (const auto &[gradient, variable] : pairs)
    gradients[variable.op_name()] = gradient;
  return gradients;
}

void addAccuracy(const Output &logits, const Output &labels) {
  const Output right = equal(argmax(logits, 1), argmax(labels, 1));
  reduce_mean(cast(right, float32), {.name = "accuracy"});
}

/// Within 1e-3, relative for elements greater than one.
static void expectProbes(const std::vector<Tensor> &ours, const std::vector<Tensor> &theirs) {
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t k = 0; k < ours.size(); ++k) {
    ASSERT_EQ(ours[k].shape(), theirs[k].shape()) << "probe " << k;
    for (std::int64_t i = 0; i < ours[k].num_elements(); ++i) {
      const float wanted = theirs[k].data<float>()[i];
      ASSERT_NEAR(ours[k].data<float>()[i], wanted, 1e-3f * std::max(1.f, std::abs(wanted)))
          << "probe " << k << ", element " << i;
    }
  }
}

static Fetches all(const std::vector<std::string> &names) {
  return std::vector<Fetches::Fetch>(names.begin(), names.end());
}

void compareWithRecorded(const std::string &program, Gradients (*build)(Graph &),
                         const SessionOptions &options) {
  const auto folder = recordedProgramsFolder();
  if (!folder || !std::filesystem::exists(*folder / program))
    GTEST_SKIP() << "no recorded program '" << program
                 << "': set GRAPHC_PROGRAMS to the folder of recorded programs";
  const RecordedProgram recorded = readRecordedProgram(*folder / program);
  ASSERT_FALSE(recorded.steps.empty());

  Graph graph;
  const Gradients gradients = build(graph);
  std::vector<std::string> names;
  for (const Variable &variable : graph.global_variables())
    names.push_back(variable.op_name());
  for (const auto &[name, value] : recorded.variables)
    EXPECT_NE(std::ranges::find(names, name), names.end())
        << name << " is TensorFlow's, but not ours";
  EXPECT_EQ(names.size(), recorded.variables.size());

  Session session(graph, options);
  for (const auto &[name, value] : recorded.variables)
    session.set_variable(name, value);

  auto feedsOf = [](const RecordedProgram::Step &step) {
    std::vector<Feed> feeds;
    for (const auto &[name, value] : step.feeds)
      feeds.emplace_back(name, value);
    return feeds;
  };
  // Gradients within 1e-4 of their largest element: float32 sums over 128 steps in another order.
  for (const std::string &name : recorded.trainable) {
    const Tensor ours = session.run(feedsOf(recorded.steps[0]), gradients.at(name))[0];
    const Tensor &theirs = recorded.gradients.at(name);
    ASSERT_EQ(ours.shape(), theirs.shape()) << name;
    float largest = 0;
    float difference = 0;
    for (std::int64_t i = 0; i < ours.num_elements(); ++i) {
      largest = std::max(largest, std::abs(theirs.data<float>()[i]));
      difference = std::max(difference, std::abs(theirs.data<float>()[i] - ours.data<float>()[i]));
    }
    EXPECT_GT(largest, 0) << name;
    EXPECT_LE(difference, 1e-4f * largest) << name;
  }
  EXPECT_EQ(recorded.probes.size(), recorded.probe_initial.size());
  expectProbes(session.run(feedsOf(recorded.steps[0]), all(recorded.probes)),
               recorded.probe_initial);
  // Losses within 1e-4 relative, step after step: errors of updates would add up.
  for (std::size_t k = 0; k < recorded.steps.size(); ++k) {
    const std::vector<Tensor> out =
        session.run(feedsOf(recorded.steps[k]), {recorded.loss.c_str(), recorded.train_op.c_str()});
    EXPECT_NEAR(out[0].scalar<float>(), recorded.steps[k].loss,
                1e-4 * std::abs(recorded.steps[k].loss))
        << "step " << k;
  }
  expectProbes(session.run(feedsOf(recorded.steps[0]), all(recorded.probes)),
               recorded.probe_trained);
}

} // namespace graphc::test
