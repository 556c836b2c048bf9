#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> controlFlowCases() {
  return {
      {R"(%y = graph.cond %yes captured(%f : tensor<?x4xf32>) : tensor<i1> -> tensor<?x4xf32> then {
    ^bb0(%a: tensor<?x4xf32>):
      %t = graph.tanh %a : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("tanh")
      graph.yield %t : tensor<?x4xf32>
    } else {
    ^bb0(%a: tensor<?x4xf32>):
      graph.yield %a : tensor<?x4xf32>
    } loc("y"))",
       R"(
y/pred_id = Identity(yes) T=bool
y/Switch = Switch(f, y/pred_id) T=float32
y/pred = Switch(y/pred_id, y/pred_id) T=bool
y/switch_t = Identity(y/pred:1) T=bool
tanh = Tanh(y/Switch:1) T=float32
y/switch_f = Identity(y/pred) T=bool
y/Merge = Merge(y/Switch, tanh) N=2 T=float32
y = IdentityN(y/Merge) T=[float32]
)"},
      // Each result of an op that waits does, and who waits for the op does for each result.
      {R"(%early = graph.tanh %x : (tensor<f32>) -> tensor<f32> loc("early")
%y:2 = graph.cond %yes captured(%x, %k : tensor<f32>, tensor<i32>) {control_inputs = ["early"]} : tensor<i1> -> tensor<f32>, tensor<i32> then {
    ^bb0(%a: tensor<f32>, %a1: tensor<i32>):
      graph.yield %a, %a1 : tensor<f32>, tensor<i32>
    } else {
    ^bb0(%a: tensor<f32>, %a1: tensor<i32>):
      graph.yield %a, %a1 : tensor<f32>, tensor<i32>
    } loc("y")
%exp = graph.exp %y#0 : (tensor<f32>) -> tensor<f32> loc("exp")
graph.no_op {control_inputs = ["y"]} loc("late"))",
       R"(
early = Tanh(x) T=float32
y/pred_id = Identity(yes) T=bool
y/Switch = Switch(x, y/pred_id) T=float32
y/Switch_1 = Switch(k, y/pred_id) T=int32
y/pred = Switch(y/pred_id, y/pred_id) T=bool
y/switch_t = Identity(y/pred:1) T=bool
y/switch_f = Identity(y/pred) T=bool
y/Merge = Merge(y/Switch, y/Switch:1) N=2 T=float32
y/Merge_1 = Merge(y/Switch_1, y/Switch_1:1) N=2 T=int32
y/result = Identity(y/Merge, ^early) T=float32
y/result_1 = Identity(y/Merge_1, ^early) T=int32
y = IdentityN(y/result, y/result_1, ^early) T=[float32,int32]
exp = Exp(y/result) T=float32
late = NoOp(^y/result, ^y/result_1)
)"},
      {R"(%y = graph.while loop_vars(%x : tensor<f32>) captured(%yes : tensor<i1>) -> tensor<f32> cond {
    ^bb0(%now: tensor<f32>, %same: tensor<i1>):
      %limit = graph.constant {value = dense<5.0> : tensor<f32>} : () -> tensor<f32> loc("limit")
      %more = graph.less %now, %limit : (tensor<f32>, tensor<f32>) -> tensor<i1> loc("more")
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%now: tensor<f32>, %same: tensor<i1>):
      %next = graph.square %now : (tensor<f32>) -> tensor<f32> loc("square")
      graph.yield %next : tensor<f32>
    } loc("y"))",
       R"(
y/start = Const() int32[]{0}
y/Enter = Enter(y/start) T=int32 frame_name=y is_constant=false parallel_iterations=32
y/Merge = Merge(y/Enter, y/NextIteration) N=2 T=int32
y/Enter_1 = Enter(x) T=float32 frame_name=y is_constant=false parallel_iterations=32
y/Merge_1 = Merge(y/Enter_1, y/NextIteration_1) N=2 T=float32
limit = Const(^y/Merge) float32[]{5}
more = Less(y/Merge_1, limit) T=float32
y/LoopCond = LoopCond(more)
y/Switch = Switch(y/Merge, y/LoopCond) T=int32
y/Identity = Identity(y/Switch:1) T=int32
y/Exit = Exit(y/Switch) T=int32
y/Switch_1 = Switch(y/Merge_1, y/LoopCond) T=float32
y/Identity_1 = Identity(y/Switch_1:1) T=float32
y/Exit_1 = Exit(y/Switch_1) T=float32
square = Square(y/Identity_1) T=float32
y/add/y = Const(^y/Identity) int32[]{1}
y/add = AddV2(y/Identity, y/add/y) T=int32
y/NextIteration = NextIteration(y/add) T=int32
y/NextIteration_1 = NextIteration(square) T=float32
y = IdentityN(y/Exit_1) T=[float32]
)"},
      {R"(%y = graph.while_gradient loop_vars(%x : tensor<f32>) captured(%x : tensor<f32>)
        gradients(%x : tensor<f32>) -> tensor<f32> cond {
    ^bb0(%now: tensor<f32>, %bound: tensor<f32>):
      %more = graph.less %now, %bound : (tensor<f32>, tensor<f32>) -> tensor<i1> loc("more")
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%now: tensor<f32>, %bound: tensor<f32>):
      %next = graph.square %now : (tensor<f32>) -> tensor<f32> loc("square")
      graph.yield %next : tensor<f32>
    } gradient {
    ^bb0(%now: tensor<f32>, %bound: tensor<f32>, %so_far: tensor<f32>):
      %twice = graph.add %now, %now : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("twice")
      %back = graph.multiply %twice, %so_far : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("d")
      graph.yield %back : tensor<f32>
    } loc("y"))",
       R"(
y/kept/size = Const() int32[]{0}
y/kept = TensorArrayV3(y/kept/size) clear_after_read=true dtype=float32 dynamic_size=true element_shape=[] identical_element_shapes=true tensor_array_name=y/kept
y/forward/start = Const() int32[]{0}
y/forward/Enter = Enter(y/forward/start) T=int32 frame_name=y/forward is_constant=false parallel_iterations=32
y/forward/Merge = Merge(y/forward/Enter, y/forward/NextIteration) N=2 T=int32
y/forward/Enter_1 = Enter(x) T=float32 frame_name=y/forward is_constant=false parallel_iterations=32
y/forward/Merge_1 = Merge(y/forward/Enter_1, y/forward/NextIteration_1) N=2 T=float32
y/forward/Enter_2 = Enter(y/kept:1) T=float32 frame_name=y/forward is_constant=false parallel_iterations=32
y/forward/Merge_2 = Merge(y/forward/Enter_2, y/forward/NextIteration_2) N=2 T=float32
y/forward/Enter_3 = Enter(x) T=float32 frame_name=y/forward is_constant=true parallel_iterations=32
y/forward/Enter_4 = Enter(y/kept) T=resource frame_name=y/forward is_constant=true parallel_iterations=32
more = Less(y/forward/Merge_1, y/forward/Enter_3) T=float32
y/forward/LoopCond = LoopCond(more)
y/forward/Switch = Switch(y/forward/Merge, y/forward/LoopCond) T=int32
y/forward/Identity = Identity(y/forward/Switch:1) T=int32
y/forward/Exit = Exit(y/forward/Switch) T=int32
y/forward/Switch_1 = Switch(y/forward/Merge_1, y/forward/LoopCond) T=float32
y/forward/Identity_1 = Identity(y/forward/Switch_1:1) T=float32
y/forward/Exit_1 = Exit(y/forward/Switch_1) T=float32
y/forward/Switch_2 = Switch(y/forward/Merge_2, y/forward/LoopCond) T=float32
y/forward/Identity_2 = Identity(y/forward/Switch_2:1) T=float32
y/forward/Exit_2 = Exit(y/forward/Switch_2) T=float32
square = Square(y/forward/Identity_1) T=float32
y/forward/TensorArrayWriteV3 = TensorArrayWriteV3(y/forward/Enter_4, y/forward/Identity, y/forward/Identity_1, y/forward/Identity_2) T=float32
y/forward/add/y = Const(^y/forward/Identity) int32[]{1}
y/forward/add = AddV2(y/forward/Identity, y/forward/add/y) T=int32
y/forward/NextIteration = NextIteration(y/forward/add) T=int32
y/forward/NextIteration_1 = NextIteration(square) T=float32
y/forward/NextIteration_2 = NextIteration(y/forward/TensorArrayWriteV3) T=float32
y/backward/start = Const() int32[]{0}
y/backward/Enter = Enter(y/backward/start) T=int32 frame_name=y/backward is_constant=false parallel_iterations=32
y/backward/Merge = Merge(y/backward/Enter, y/backward/NextIteration) N=2 T=int32
y/backward/Enter_1 = Enter(x) T=float32 frame_name=y/backward is_constant=false parallel_iterations=32
y/backward/Merge_1 = Merge(y/backward/Enter_1, y/backward/NextIteration_1) N=2 T=float32
y/backward/Enter_2 = Enter(y/forward/Exit) T=int32 frame_name=y/backward is_constant=true parallel_iterations=32
y/backward/Enter_3 = Enter(y/forward/Exit_2) T=float32 frame_name=y/backward is_constant=true parallel_iterations=32
y/backward/Enter_4 = Enter(y/kept) T=resource frame_name=y/backward is_constant=true parallel_iterations=32
y/backward/Less = Less(y/backward/Merge, y/backward/Enter_2) T=int32
y/backward/LoopCond = LoopCond(y/backward/Less)
y/backward/Switch = Switch(y/backward/Merge, y/backward/LoopCond) T=int32
y/backward/Identity = Identity(y/backward/Switch:1) T=int32
y/backward/Exit = Exit(y/backward/Switch) T=int32
y/backward/Switch_1 = Switch(y/backward/Merge_1, y/backward/LoopCond) T=float32
y/backward/Identity_1 = Identity(y/backward/Switch_1:1) T=float32
y/backward/Exit_1 = Exit(y/backward/Switch_1) T=float32
y/backward/last/y = Const(^y/backward/Identity) int32[]{1}
y/backward/last = Sub(y/backward/Enter_2, y/backward/last/y) T=int32
y/backward/iteration = Sub(y/backward/last, y/backward/Identity) T=int32
y/backward/TensorArrayReadV3 = TensorArrayReadV3(y/backward/Enter_4, y/backward/iteration, y/backward/Enter_3) dtype=float32
twice = AddV2(y/backward/TensorArrayReadV3, y/backward/TensorArrayReadV3) T=float32
d_1 = Mul(twice, y/backward/Identity_1) T=float32
y/backward/add/y = Const(^y/backward/Identity) int32[]{1}
y/backward/add = AddV2(y/backward/Identity, y/backward/add/y) T=int32
y/backward/NextIteration = NextIteration(y/backward/add) T=int32
y/backward/NextIteration_1 = NextIteration(d_1) T=float32
y = IdentityN(y/backward/Exit_1) T=[float32]
)"},
  };
}

} // namespace graphc::test
