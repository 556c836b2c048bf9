#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> randomCases() {
  return {
      oneOp(
          "random_uniform {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : i64}",
          {"2x3xf32"},
          {"y/shape = Const() int32[2]{2,3}",
           "y = RandomUniform(y/shape) T=int32 dtype=float32 seed=5 seed2=6"}),
      oneOp(
          "random_normal {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : i64}",
          {"2x3xf32"},
          {"y/shape = Const() int32[2]{2,3}",
           "y = RandomStandardNormal(y/shape) T=int32 dtype=float32 seed=5 seed2=6"}),
      oneOp("truncated_normal {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : "
            "i64}",
            {"2x3xf32"},
            {"y/shape = Const() int32[2]{2,3}",
             "y = TruncatedNormal(y/shape) T=int32 dtype=float32 seed=5 seed2=6"}),
      oneOp("random_uniform %l {dtype = f32, stream = 3 : i64}", {"?x?xf32"},
            {"y = RandomUniform(l) T=int32 dtype=float32 seed=0 seed2=0"}),
      oneOp("random_uniform_int %k, %k {shape = array<i64: 2>, stream = 4 : i64}", {"2xi32"},
            {"y/shape = Const() int32[1]{2}",
             "y = RandomUniformInt(y/shape, k, k) T=int32 Tout=int32 seed=0 seed2=0"}),
      // Each iteration of the outer loop draws a key for the inner one.
      {R"(%y = graph.while loop_vars(%x : tensor<f32>) captured(%yes : tensor<i1>) -> tensor<f32> cond {
    ^bb0(%now: tensor<f32>, %more: tensor<i1>):
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%now: tensor<f32>, %more: tensor<i1>):
      %next = graph.while loop_vars(%now : tensor<f32>) captured(%more : tensor<i1>) -> tensor<f32> cond {
      ^bb0(%inner_now: tensor<f32>, %inner_more: tensor<i1>):
        graph.yield %inner_more : tensor<i1>
      } body {
      ^bb0(%inner_now: tensor<f32>, %inner_more: tensor<i1>):
        %u1 = graph.random_uniform {dtype = f32, shape = array<i64>, seed = 5 : i64, seed2 = 6 : i64} : () -> tensor<f32> loc("u1")
        graph.yield %u1 : tensor<f32>
      } loc("inner")
      graph.yield %next : tensor<f32>
    } loc("y"))",
       R"(
y/start = Const() int32[]{0}
y/Enter = Enter(y/start) T=int32 frame_name=y is_constant=false parallel_iterations=32
y/Merge = Merge(y/Enter, y/NextIteration) N=2 T=int32
y/Enter_1 = Enter(x) T=float32 frame_name=y is_constant=false parallel_iterations=32
y/Merge_1 = Merge(y/Enter_1, y/NextIteration_1) N=2 T=float32
y/Enter_2 = Enter(yes) T=bool frame_name=y is_constant=true parallel_iterations=32
y/LoopCond = LoopCond(y/Enter_2, ^y/Merge)
y/Switch = Switch(y/Merge, y/LoopCond) T=int32
y/Identity = Identity(y/Switch:1) T=int32
y/Exit = Exit(y/Switch) T=int32
y/Switch_1 = Switch(y/Merge_1, y/LoopCond) T=float32
y/Identity_1 = Identity(y/Switch_1:1) T=float32
y/Exit_1 = Exit(y/Switch_1) T=float32
inner/start = Const(^y/Identity) int32[]{0}
inner/Enter = Enter(inner/start) T=int32 frame_name=inner is_constant=false parallel_iterations=32
inner/Merge = Merge(inner/Enter, inner/NextIteration) N=2 T=int32
inner/Enter_1 = Enter(y/Identity_1) T=float32 frame_name=inner is_constant=false parallel_iterations=32
inner/Merge_1 = Merge(inner/Enter_1, inner/NextIteration_1) N=2 T=float32
inner/Enter_2 = Enter(y/Enter_2) T=bool frame_name=inner is_constant=true parallel_iterations=32
inner/LoopCond = LoopCond(inner/Enter_2, ^inner/Merge)
inner/Switch = Switch(inner/Merge, inner/LoopCond) T=int32
inner/Identity = Identity(inner/Switch:1) T=int32
inner/Exit = Exit(inner/Switch) T=int32
inner/Switch_1 = Switch(inner/Merge_1, inner/LoopCond) T=float32
inner/Identity_1 = Identity(inner/Switch_1:1) T=float32
inner/Exit_1 = Exit(inner/Switch_1) T=float32
u1/shape = Const(^inner/Identity) int32[0]{}
u1/key/shape = Const() int32[1]{2}
u1/key/min = Const() int32[]{0}
u1/key/max = Const() int32[]{2147483647}
u1/key = RandomUniformInt(u1/key/shape, u1/key/min, u1/key/max) T=int32 Tout=int32 seed=5 seed2=6
u1/key/Enter = Enter(u1/key) T=int32 frame_name=y is_constant=true parallel_iterations=32
u1/seed = AddV2(u1/key/Enter, y/Identity) T=int32
u1/key/shape_1 = Const(^y/Identity) int32[1]{2}
u1/key_1 = StatelessRandomUniformFullInt(u1/key/shape_1, u1/seed) T=int32 Tseed=int32 dtype=int32
u1/key/Enter_1 = Enter(u1/key_1) T=int32 frame_name=inner is_constant=true parallel_iterations=32
u1/seed_1 = AddV2(u1/key/Enter_1, inner/Identity) T=int32
u1 = StatelessRandomUniform(u1/shape, u1/seed_1) T=int32 Tseed=int32 dtype=float32
inner/add/y = Const(^inner/Identity) int32[]{1}
inner/add = AddV2(inner/Identity, inner/add/y) T=int32
inner/NextIteration = NextIteration(inner/add) T=int32
inner/NextIteration_1 = NextIteration(u1) T=float32
inner = IdentityN(inner/Exit_1) T=[float32]
y/add/y = Const(^y/Identity) int32[]{1}
y/add = AddV2(y/Identity, y/add/y) T=int32
y/NextIteration = NextIteration(y/add) T=int32
y/NextIteration_1 = NextIteration(inner/Exit_1) T=float32
y = IdentityN(y/Exit_1) T=[float32]
)"},
  };
}

} // namespace graphc::test
