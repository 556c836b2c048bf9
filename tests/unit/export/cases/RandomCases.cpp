#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> randomCases() {
  return {
      {R"(%y = graph.random_uniform {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : i64} : () -> tensor<2x3xf32> loc("y"))",
       R"(
y/shape = Const() int32[2]{2,3}
y = RandomUniform(y/shape) T=int32 dtype=float32 seed=5 seed2=6
)"},
      {R"(%y = graph.random_normal {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : i64} : () -> tensor<2x3xf32> loc("y"))",
       R"(
y/shape = Const() int32[2]{2,3}
y = RandomStandardNormal(y/shape) T=int32 dtype=float32 seed=5 seed2=6
)"},
      {R"(%y = graph.truncated_normal {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : i64} : () -> tensor<2x3xf32> loc("y"))",
       R"(
y/shape = Const() int32[2]{2,3}
y = TruncatedNormal(y/shape) T=int32 dtype=float32 seed=5 seed2=6
)"},
      {R"(%y = graph.random_uniform %l {dtype = f32, stream = 3 : i64} : (tensor<2xi32>) -> tensor<?x?xf32> loc("y"))",
       R"(
y = RandomUniform(l) T=int32 dtype=float32 seed=0 seed2=0
)"},
      {R"(%y = graph.random_uniform_int %k, %k {shape = array<i64: 2>, stream = 4 : i64} : (tensor<i32>, tensor<i32>) -> tensor<2xi32> loc("y"))",
       R"(
y/shape = Const() int32[1]{2}
y = RandomUniformInt(y/shape, k, k) T=int32 Tout=int32 seed=0 seed2=0
)"},
  };
}

} // namespace graphc::test
