#include "examples/Programs.h"

namespace graphc::examples {

// One of each program's file.
Program airline();
Program harCnn();
Program harConvLstm();
Program harLstm();
Program harLstmL2();
Program imdbConv();
Program intervalLstm();
Program lstmCrf();
Program movingSquares();
Program sentiment();
Program smsSpam();
Program weatherConv();
Program weatherConvGru();

const std::vector<Program> &programs() {
  static const std::vector<Program> all = {
      airline(),  harCnn(),       harConvLstm(),    harLstm(),       harLstmL2(),
      imdbConv(), intervalLstm(), lstmCrf(),        movingSquares(), sentiment(),
      smsSpam(),  weatherConv(),  weatherConvGru(),
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
  throw Error(Code::not_found,
              "there is no program '" + std::string(name) + "'; the programs are " + names);
}

} // namespace graphc::examples
