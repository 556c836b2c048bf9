// Ops and the nodes that they are written as. The cases stand by family under cases/: written from
// what the rules gave, and read; TensorFlow loads every one of these graphs.
#pragma once

#include <string>
#include <vector>

namespace graphc::test {

struct RuleCase {
  std::string ops;   ///< in a program with the values of ExportTesting.cpp
  std::string nodes; ///< as nodeLines() has them
};

std::vector<RuleCase> controlCases();
std::vector<RuleCase> controlFlowCases();
std::vector<RuleCase> convolutionCases();
std::vector<RuleCase> elementwiseCases();
std::vector<RuleCase> indexingCases();
std::vector<RuleCase> matmulCases();
std::vector<RuleCase> nnCases();
std::vector<RuleCase> randomCases();
std::vector<RuleCase> recurrenceCases();
std::vector<RuleCase> reductionCases();
std::vector<RuleCase> shapeCases();
std::vector<RuleCase> stateCases();
std::vector<RuleCase> summaryCases();

/// Those of all families.
const std::vector<RuleCase> &ruleCases();

} // namespace graphc::test
