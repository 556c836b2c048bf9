#include "tests/training/RecordedProgram.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <nlohmann/json.hpp>

#include "runtime/NpyFile.h"

namespace graphc::test {

namespace fs = std::filesystem;

std::optional<fs::path> recordedProgramsFolder() {
  if (const char *folder = std::getenv("GRAPHC_PROGRAMS"))
    return fs::path(folder);
  const fs::path shared = fs::path(GRAPHC_SOURCE_DIR).parent_path() / "shared" / "programs";
  if (fs::exists(shared))
    return shared;
  return std::nullopt;
}

static std::string withoutIndex(const std::string &tensor) {
  return tensor.substr(0, tensor.rfind(':'));
}

static std::string fileName(std::string variable) {
  std::ranges::replace(variable, '/', '.');
  return variable + ".npy";
}

RecordedProgram readRecordedProgram(const fs::path &folder) {
  std::ifstream file(folder / "program.json");
  const nlohmann::json json = nlohmann::json::parse(file);
  RecordedProgram program;
  program.loss = json.at("loss");
  program.train_op = json.at("train_op");
  for (const std::string name : json.at("trainable"))
    program.trainable.push_back(withoutIndex(name));
  for (const auto &[name, shape] : json.at("variables").items()) {
    const std::string variable = withoutIndex(name);
    program.variables[variable] = read_npy(folder / "variables" / fileName(variable));
  }
  for (const std::string &name : program.trainable)
    program.gradients[name] = read_npy(folder / ("gradient0_" + fileName(name)));
  for (const std::string name : json.at("probe")) {
    const std::string number = std::to_string(program.probes.size()) + ".npy";
    program.probe_initial.push_back(read_npy(folder / ("probe_initial_" + number)));
    program.probe_trained.push_back(read_npy(folder / ("probe_trained_" + number)));
    program.probes.push_back(name);
  }
  for (const auto &step : json.at("steps")) {
    RecordedProgram::Step recorded;
    recorded.loss = step.at("loss");
    for (const auto &[name, value] : step.at("feeds").items())
      recorded.feeds[name] = value.is_string() ? read_npy(folder / value.get<std::string>())
                                               : Tensor(value.get<double>()).cast(float32);
    program.steps.push_back(std::move(recorded));
  }
  return program;
}

} // namespace graphc::test
