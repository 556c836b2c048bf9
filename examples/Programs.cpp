#include "examples/Programs.h"

namespace graphc::examples {

ProgramGraph buildHarLstm(Graph &graph);
int runHarLstm(const RunOptions &options);
ProgramGraph buildHarLstmL2(Graph &graph);
int runHarLstmL2(const RunOptions &options);

const std::vector<Program> &programs() {
  static const std::vector<Program> all = {
      {"har-lstm", "UCI HAR activities by a dense layer and two LSTM layers with dropout", 600, buildHarLstm,
       runHarLstm},
      {"har-lstm-l2", "UCI HAR activities by relu(x W + b) and two LSTM layers with an l2 penalty", 1500,
       buildHarLstmL2, runHarLstmL2},
  };
  return all;
}

const Program &findProgram(std::string_view name) {
  std::string names;
  for (const Program &program : programs()) {
    if (program.name == name)
      return program;
    names += (names.empty() ? "" : ", ") + std::string(program.name);
  }
  throw Error(Code::not_found, "there is no program '" + std::string(name) + "'; the programs are " + names);
}

} // namespace graphc::examples
