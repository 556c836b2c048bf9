// Ops and the nodes that they are written as. The cases stand by family under cases/: written from
// what the rules gave, and read; TensorFlow loads every one of these graphs.
#pragma once

#include <string>
#include <vector>

namespace graphc::test {

struct RuleCase {
  std::string ops;   ///< in a program with the placeholders and variables of ExportTesting.cpp
  std::string nodes; ///< as nodeLines() has them
};

/// A case of one op, in short: "gather %m, %n {axis = 1 : i64}", its results' types, "4x?xf32", and
/// its nodes. Its operands are placeholders of ExportTesting.cpp.
RuleCase oneOp(const std::string &op, const std::vector<std::string> &results,
               const std::vector<std::string> &nodes);

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
