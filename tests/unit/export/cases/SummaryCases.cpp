#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> summaryCases() {
  return {
      oneOp(R"(scalar_summary %x {tag = "loss"})", {"13xui8"},
            {R"(y/tags = Const() string[]{"loss"})", "y = ScalarSummary(y/tags, x) T=float32"}),
      oneOp(R"(histogram_summary %v {tag = "w"})", {"209xui8"},
            {R"(y/tags = Const() string[]{"w"})", "y = HistogramSummary(y/tags, v) T=float32"}),
      {R"(%z = graph.scalar_summary %x {tag = "loss"} : (tensor<f32>) -> tensor<13xui8> loc("z")
%y = graph.merge_summary %z, %z : (tensor<13xui8>, tensor<13xui8>) -> tensor<26xui8> loc("y"))",
       R"(
z/tags = Const() string[]{"loss"}
z = ScalarSummary(z/tags, x) T=float32
y = MergeSummary(z, z) N=2
)"},
  };
}

} // namespace graphc::test
