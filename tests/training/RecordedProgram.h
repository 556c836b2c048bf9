// Whole training programs as TensorFlow ran them: start values, batches, losses, first gradients.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <graphc/graphc.h>

namespace graphc::test {

struct RecordedProgram {
  struct Step {
    std::map<std::string, Tensor> feeds; ///< by tensor name
    double loss = 0;
  };
  std::string loss;                        ///< tensor name
  std::string train_op;                    ///< op name
  std::vector<std::string> trainable;      ///< variable names, without ":0"
  std::map<std::string, Tensor> variables; ///< at the start, optimizer slots included
  std::map<std::string, Tensor> gradients; ///< of the loss at the start, on the first batch
  std::vector<Step> steps;
  std::vector<std::string> probes;   ///< tensor names
  std::vector<Tensor> probe_initial; ///< on the first batch, before the first step
  std::vector<Tensor> probe_trained; ///< on the first batch, after the last step
};

/// The folder of recorded programs: $GRAPHC_PROGRAMS, else ../shared/programs beside the project;
/// nothing where neither is there.
std::optional<std::filesystem::path> recordedProgramsFolder();

RecordedProgram readRecordedProgram(const std::filesystem::path &folder);

} // namespace graphc::test
