#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> controlCases() {
  return {
      {R"(%p = graph.placeholder {dtype = f32, shape = array<i64: -1, 2>} : () -> tensor<?x2xf32> loc("p")
%y = graph.tanh %p : (tensor<?x2xf32>) -> tensor<?x2xf32> loc("y")
graph.no_op {control_inputs = ["y", "w"]} loc("done"))",
       R"(
y = Tanh(p) T=float32
done = NoOp(^w, ^y)
)"},
  };
}

} // namespace graphc::test
