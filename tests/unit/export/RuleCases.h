// Ops and the nodes that they are written as.
#pragma once

#include <string>
#include <vector>

namespace graphc::test {

struct RuleCase {
  std::string ops;   ///< in a program with the values of ExportTesting.cpp
  std::string nodes; ///< as nodeLines() has them
};

const std::vector<RuleCase> &ruleCases();

} // namespace graphc::test
