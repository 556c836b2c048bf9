// Loops whose number of iterations only the run knows, and branches.
#ifndef GRAPHC_IR_GRAPH_CONTROL_FLOW_OPS
#define GRAPHC_IR_GRAPH_CONTROL_FLOW_OPS

include "ir/GraphDialect.td"

// The regions see nothing but their arguments. They neither read nor write variables: a variable's
// value is captured like any other.
class Graph_ControlFlowOp<string mnemonic, list<Trait> traits = []>
    : Graph_ValueOp<mnemonic, "control_flow",
                    !listconcat(traits, [IsolatedFromAbove, SingleBlock, RecursiveMemoryEffects,
                                         DeclareOpInterfaceMethods<
                                             OpAsmOpInterface, ["getAsmBlockArgumentNames"]>])> {
  let hasVerifier = 1;
}

def Graph_WhileOp : Graph_ControlFlowOp<"while", [AttrSizedOperandSegments]> {
  let summary = "A body run again and again, as long as a condition holds";
  let description = [{
    TensorFlow's `StatelessWhile`. The arguments of both regions are the loop variables and then
    `captured`, which is the same in every iteration. `cond` yields one scalar bool, `body` the new
    loop variables: `v[0] = loop_vars`; while `cond(v[k], captured)` holds,
    `v[k + 1] = body(v[k], captured)`. The results are the last `v`, which is `loop_vars` itself
    where the condition does not hold at first. A condition that never fails runs for ever.

    A loop variable keeps its type: dtype and shape are the same before and after every iteration.
    Extents may be unknown up to stage `shaped`.

    %i, %h = graph.while loop_vars(%i0, %h0 : tensor<i32>, tensor<?x27xf32>)
        captured(%w : tensor<27x27xf32>) -> tensor<i32>, tensor<?x27xf32> cond {
    ^bb0(%i_k: tensor<i32>, %h_k: tensor<?x27xf32>, %w_k: tensor<27x27xf32>):
      %n = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
      %more = graph.less %i_k, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%i_k: tensor<i32>, %h_k: tensor<?x27xf32>, %w_k: tensor<27x27xf32>):
      %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
      %next = graph.add %i_k, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
      %a = graph.matmul %h_k, %w_k : (tensor<?x27xf32>, tensor<27x27xf32>) -> tensor<?x27xf32>
      graph.yield %next, %a : tensor<i32>, tensor<?x27xf32>
    }
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$loop_vars, Variadic<Graph_Tensor>:$captured);
  let results = (outs Variadic<Graph_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$cond, SizedRegion<1>:$body);
  let assemblyFormat = [{
    `loop_vars` `(` $loop_vars `:` type($loop_vars) `)`
    (`captured` `(` $captured^ `:` type($captured) `)`)?
    attr-dict `->` type($outputs) `cond` $cond `body` $body
  }];
}

def Graph_WhileGradientOp : Graph_ControlFlowOp<"while_gradient", [AttrSizedOperandSegments]> {
  let summary = "A loop run forward, and then a region backward through its iterations";
  let description = [{
    The gradient of a `graph.while` of the same `loop_vars`, `captured`, `cond` and `body`. The loop
    is run first, its variables `v[0], ..., v[n - 1]` before each of its `n` iterations kept. Then
    `gradient` runs for k = n - 1, ..., 0: its arguments are `v[k]`, `captured` and the gradients so
    far, `g[n] = gradients` at first; it yields `g[k] = gradient(v[k], captured, g[k + 1])`, of the
    types of `gradients`. The results are `g[0]`.

    What the gradients are is the region's matter: a pass makes them those of the loop variables,
    and sums over the iterations of those of captured values. Random ops draw in iteration k what
    they drew in iteration k of the loop. Only the loop variables that `gradient` uses are kept.

    %dx = graph.while_gradient loop_vars(%x0 : tensor<f32>) captured(%limit : tensor<f32>)
        gradients(%dy : tensor<f32>) -> tensor<f32> cond {
    ^bb0(%x: tensor<f32>, %l: tensor<f32>):
      %more = graph.less %x, %l : (tensor<f32>, tensor<f32>) -> tensor<i1>
      graph.yield %more : tensor<i1>
    } body {
    ^bb0(%x: tensor<f32>, %l: tensor<f32>):
      %y = graph.square %x : (tensor<f32>) -> tensor<f32>
      graph.yield %y : tensor<f32>
    } gradient {
    ^bb0(%x: tensor<f32>, %l: tensor<f32>, %g: tensor<f32>):
      %twice = graph.add %x, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
      %d = graph.multiply %twice, %g : (tensor<f32>, tensor<f32>) -> tensor<f32>
      graph.yield %d : tensor<f32>
    }
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$loop_vars, Variadic<Graph_Tensor>:$captured,
                       Variadic<Graph_Tensor>:$gradients);
  let results = (outs Variadic<Graph_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$cond, SizedRegion<1>:$body, SizedRegion<1>:$gradient);
  let assemblyFormat = [{
    `loop_vars` `(` $loop_vars `:` type($loop_vars) `)`
    (`captured` `(` $captured^ `:` type($captured) `)`)?
    `gradients` `(` $gradients `:` type($gradients) `)`
    attr-dict `->` type($outputs) `cond` $cond `body` $body `gradient` $gradient
  }];
}

def Graph_CondOp : Graph_ControlFlowOp<"cond"> {
  let summary = "One of two branches, chosen by a scalar";
  let description = [{
    TensorFlow's `StatelessIf`. `pred` is a scalar bool; where it holds, the results are what
    `then_branch` yields, otherwise what `else_branch` does. The arguments of both are `captured`.
    Only the branch that is chosen runs.

    Both branches yield values of the same types, which are the results' types. Extents may be
    unknown up to stage `shaped`.

    %y = graph.cond %training captured(%x : tensor<?x27xf32>) : tensor<i1> -> tensor<?x27xf32> then {
    ^bb0(%a: tensor<?x27xf32>):
      %t = graph.tanh %a : (tensor<?x27xf32>) -> tensor<?x27xf32>
      graph.yield %t : tensor<?x27xf32>
    } else {
    ^bb0(%a: tensor<?x27xf32>):
      graph.yield %a : tensor<?x27xf32>
    }
  }];
  let arguments = (ins Graph_BoolTensor:$pred, Variadic<Graph_Tensor>:$captured);
  let results = (outs Variadic<Graph_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$then_branch, SizedRegion<1>:$else_branch);
  let assemblyFormat = [{
    $pred (`captured` `(` $captured^ `:` type($captured) `)`)?
    attr-dict `:` type($pred) `->` type($outputs) `then` $then_branch `else` $else_branch
  }];
}

#endif
