#include "tests/unit/export/RuleCases.h"

#include <regex>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/unit/export/ExportTesting.h"

namespace graphc::test {

RuleCase oneOp(const std::string &op, const std::vector<std::string> &results,
               const std::vector<std::string> &nodes) {
  static const std::regex operand("%(\\w+)");
  const std::string operands = op.substr(0, op.find('{'));
  std::vector<std::string> inputs, outputs;
  for (std::sregex_iterator it(operands.begin(), operands.end(), operand), end; it != end; ++it)
    inputs.push_back(typeOf((*it)[1]));
  for (const std::string &result : results)
    outputs.push_back("tensor<" + result + ">");
  std::string names = results.empty() ? "" : "%y = ";
  if (results.size() > 1)
    names = fmt::format("%y:{} = ", results.size());
  return {fmt::format("{}graph.{} : ({}) -> ({}) loc(\"y\")", names, op, fmt::join(inputs, ", "),
                      fmt::join(outputs, ", ")),
          fmt::format("\n{}\n", fmt::join(nodes, "\n"))};
}

const std::vector<RuleCase> &ruleCases() {
  static const std::vector<RuleCase> all = [] {
    std::vector<RuleCase> cases;
    for (const auto &family :
         {controlCases(), controlFlowCases(), convolutionCases(), elementwiseCases(),
          indexingCases(), matmulCases(), nnCases(), randomCases(), recurrenceCases(),
          reductionCases(), shapeCases(), stateCases(), summaryCases()})
      cases.insert(cases.end(), family.begin(), family.end());
    return cases;
  }();
  return all;
}

} // namespace graphc::test
