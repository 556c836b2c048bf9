#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

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
