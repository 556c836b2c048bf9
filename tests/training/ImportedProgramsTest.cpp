// The programs as TensorFlow wrote them into `model.meta`: imported, started from its checkpoint,
// trained on its batches, with the losses it had and the variables it came to.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "frontend/import/ImportGraphDef.h"
#include "tests/training/RecordedProgram.h"

namespace graphc::test {
namespace {

class ImportedPrograms : public testing::TestWithParam<const char *> {};

std::filesystem::path metaOf(const std::filesystem::path &folder) {
  return std::filesystem::exists(folder / "model.meta") ? folder / "model.meta"
                                                        : folder / "model.meta.gz";
}

/// The largest difference, as a share of the largest element of `theirs`.
float relativeDifference(const Tensor &ours, const Tensor &theirs) {
  float largest = 0, difference = 0;
  for (std::int64_t i = 0; i < ours.num_elements(); ++i) {
    largest = std::max(largest, std::abs(theirs.data<float>()[i]));
    const float here = std::abs(theirs.data<float>()[i] - ours.data<float>()[i]);
    if (!(here <= difference))
      difference = here;
  }
  return difference == 0 ? 0 : difference / largest;
}

TEST_P(ImportedPrograms, TrainAsTheyDid) {
  const auto programs = recordedProgramsFolder();
  if (!programs || !std::filesystem::exists(*programs / GetParam()))
    GTEST_SKIP() << "no recorded program '" << GetParam()
                 << "': set GRAPHC_PROGRAMS to the folder of recorded programs";
  const std::filesystem::path folder = *programs / GetParam();
  const RecordedProgram recorded = readRecordedProgram(folder);
  Graph graph;
  const ImportedMetaGraph meta = import_meta_graph(graph, metaOf(folder));
  std::vector<std::string> trainable;
  for (const Variable &variable : graph.trainable_variables())
    trainable.push_back(variable.op_name());
  EXPECT_EQ(trainable, recorded.trainable);
  EXPECT_EQ(meta.collections.at("trainable_variables"), recorded.trainable);

  Session session(graph);
  const train::Saver saver(graph);
  saver.restore(session, folder / "initial");
  for (std::size_t k = 0; k < recorded.steps.size(); ++k) {
    std::vector<Feed> feeds;
    for (const auto &[name, value] : recorded.steps[k].feeds)
      feeds.emplace_back(name, value);
    const std::vector<Tensor> out =
        session.run(feeds, {recorded.loss.c_str(), recorded.train_op.c_str()});
    ASSERT_NEAR(out[0].scalar<float>(), recorded.steps[k].loss,
                1e-4 * std::abs(recorded.steps[k].loss))
        << "step " << k;
  }
  Session trained(graph);
  saver.restore(trained, folder / "trained");
  for (const auto &[name, start] : recorded.variables)
    EXPECT_LE(relativeDifference(session.variable(name), trained.variable(name)), 1e-3f) << name;
}

INSTANTIATE_TEST_SUITE_P(All, ImportedPrograms,
                         testing::Values("har_cnn", "interval_lstm", "moving_squares", "imdb_conv",
                                         "airline", "sms_spam", "sentiment", "jena_conv_gru",
                                         "peephole_projection", "har_lstm", "har_lstm_l2"),
                         [](const auto &info) { return std::string(info.param); });

} // namespace
} // namespace graphc::test
