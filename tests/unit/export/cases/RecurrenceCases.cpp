#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> recurrenceCases() {
  return {
      {R"(%h = graph.constant {value = dense<0.0> : tensor<f32>} : () -> tensor<f32> loc("h")
%zero = graph.fill %h, %l : (tensor<f32>, tensor<2xi32>) -> tensor<?x4xf32> loc("zero")
%y:2 = graph.static_rnn sequences(%c : tensor<3x?x4xf32>) states(%zero : tensor<?x4xf32>) captured(%v : tensor<4xf32>) {steps = 3 : i64, reverse = true} -> tensor<3x?x4xf32>, tensor<?x4xf32> {
^bb0(%x_t: tensor<?x4xf32>, %h_t: tensor<?x4xf32>, %v_t: tensor<4xf32>):
  %t = graph.step_index : () -> tensor<i32> loc("t")
  %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32> loc("one")
  %u1 = graph.random_uniform {dtype = f32, shape = array<i64: 4>, stream = 9 : i64} : () -> tensor<4xf32> loc("mask")
  %a = graph.multiply %v_t, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32> loc("a")
  %s = graph.add %x_t, %h_t : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32> loc("s")
  %s2 = graph.multiply %s, %a : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("s2")
  graph.yield %s2, %s : tensor<?x4xf32>, tensor<?x4xf32>
} loc("y"))",
       R"(
h = Const() float32[]{0}
zero = Fill(l, h) T=float32 index_type=int32
y/steps = Const() int32[]{3}
y/range/start = Const() int32[]{0}
y/range/delta = Const() int32[]{1}
y/range = Range(y/range/start, y/steps, y/range/delta) Tidx=int32
y/last = Sub(y/steps, y/range/delta) T=int32
y/TensorArray_input = TensorArrayV3(y/steps) clear_after_read=true dtype=float32 dynamic_size=false element_shape=[?,4] identical_element_shapes=true tensor_array_name=y/TensorArray_input
y/TensorArrayUnstack = TensorArrayScatterV3(y/TensorArray_input, y/range, c, y/TensorArray_input:1) T=float32
y/TensorArray_output = TensorArrayV3(y/steps) clear_after_read=true dtype=float32 dynamic_size=false element_shape=[?,4] identical_element_shapes=true tensor_array_name=y/TensorArray_output
y/Enter = Enter(y/range/start) T=int32 frame_name=y is_constant=false parallel_iterations=32
y/Merge = Merge(y/Enter, y/NextIteration) N=2 T=int32
y/Enter_1 = Enter(zero) T=float32 frame_name=y is_constant=false parallel_iterations=32
y/Merge_1 = Merge(y/Enter_1, y/NextIteration_1) N=2 T=float32
y/Enter_2 = Enter(y/TensorArray_output:1) T=float32 frame_name=y is_constant=false parallel_iterations=32
y/Merge_2 = Merge(y/Enter_2, y/NextIteration_2) N=2 T=float32
y/Enter_3 = Enter(y/steps) T=int32 frame_name=y is_constant=true parallel_iterations=32
y/Less = Less(y/Merge, y/Enter_3) T=int32
y/LoopCond = LoopCond(y/Less)
y/Switch = Switch(y/Merge, y/LoopCond) T=int32
y/Identity = Identity(y/Switch:1) T=int32
y/Exit = Exit(y/Switch) T=int32
y/Switch_1 = Switch(y/Merge_1, y/LoopCond) T=float32
y/Identity_1 = Identity(y/Switch_1:1) T=float32
y/Exit_1 = Exit(y/Switch_1) T=float32
y/Switch_2 = Switch(y/Merge_2, y/LoopCond) T=float32
y/Identity_2 = Identity(y/Switch_2:1) T=float32
y/Exit_2 = Exit(y/Switch_2) T=float32
y/Enter_4 = Enter(y/last) T=int32 frame_name=y is_constant=true parallel_iterations=32
y/step = Sub(y/Enter_4, y/Identity) T=int32
y/Enter_5 = Enter(y/TensorArray_input) T=resource frame_name=y is_constant=true parallel_iterations=32
y/Enter_6 = Enter(y/TensorArrayUnstack) T=float32 frame_name=y is_constant=true parallel_iterations=32
y/Enter_7 = Enter(y/TensorArray_output) T=resource frame_name=y is_constant=true parallel_iterations=32
y/TensorArrayReadV3 = TensorArrayReadV3(y/Enter_5, y/step, y/Enter_6) dtype=float32
y/Enter_8 = Enter(v) T=float32 frame_name=y is_constant=true parallel_iterations=32
t = Identity(y/step) T=int32
one = Const(^y/Identity) float32[]{1}
mask/shape = Const(^y/Identity) int32[1]{4}
mask/key/shape = Const() int32[1]{2}
mask/key/min = Const() int32[]{0}
mask/key/max = Const() int32[]{2147483647}
mask/key = RandomUniformInt(mask/key/shape, mask/key/min, mask/key/max) T=int32 Tout=int32 seed=0 seed2=0
mask/key/Enter = Enter(mask/key) T=int32 frame_name=y is_constant=true parallel_iterations=32
mask/seed = AddV2(mask/key/Enter, y/step) T=int32
mask = StatelessRandomUniform(mask/shape, mask/seed) T=int32 Tseed=int32 dtype=float32
a = Mul(y/Enter_8, one) T=float32
s = AddV2(y/TensorArrayReadV3, y/Identity_1) T=float32
s2_1 = Mul(s, a) T=float32
y/add/y = Const(^y/Identity) int32[]{1}
y/add = AddV2(y/Identity, y/add/y) T=int32
y/TensorArrayWriteV3 = TensorArrayWriteV3(y/Enter_7, y/step, s2_1, y/Identity_2) T=float32
y/NextIteration = NextIteration(y/add) T=int32
y/NextIteration_1 = NextIteration(s) T=float32
y/NextIteration_2 = NextIteration(y/TensorArrayWriteV3) T=float32
y/TensorArrayStack = TensorArrayGatherV3(y/TensorArray_output, y/range, y/Exit_2) dtype=float32 element_shape=[?,4]
y = IdentityN(y/TensorArrayStack, y/Exit_1) T=[float32,float32]
)"},
  };
}

} // namespace graphc::test
