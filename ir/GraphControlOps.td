// The program, its entries and exits, and requests to later passes.
#ifndef GRAPHC_IR_GRAPH_CONTROL_OPS
#define GRAPHC_IR_GRAPH_CONTROL_OPS

include "ir/GraphDialect.td"

def Graph_ProgramOp
    : Graph_Op<"program", "control",
               [Symbol, IsolatedFromAbove, SingleBlock, NoTerminator, NoRegionArguments,
                HasParent<"::mlir::ModuleOp">]> {
  let summary = "Everything that one run may do";
  let description = [{
    One block of ops in the order of their effects; nothing has to end it. `feed_names` are the
    tensors that a run replaces, of the types `feed_types`; `fetch_names` are what it gives back, a
    tensor (`name:k`) or, without a colon, an op that it only runs.

    graph.program @main attributes {feed_names = ["x:0"], feed_types = [tensor<600x9xf32>],
                                    fetch_names = ["y:0"]} {
      %x = graph.placeholder {dtype = f32, shape = array<i64: -1, 9>} : () -> tensor<?x9xf32>
      %y = graph.tanh %x : (tensor<?x9xf32>) -> tensor<?x9xf32>
    }
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrArrayAttr>:$feed_names,
                       OptionalAttr<TypeArrayAttr>:$feed_types,
                       OptionalAttr<StrArrayAttr>:$fetch_names);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name)>];
  let declarations = [{
    ::mlir::Block &getBlock() { return getBody().front(); }
    /// The fetch of a pruned program; null before.
    ::graphc::graph::FetchOp getFetch();
  }];
}

// Without an effect declared, so that two placeholders of one type never become one.
def Graph_PlaceholderOp : Graph_ValueOp<"placeholder", "control"> {
  let summary = "A tensor that has to be fed";
  let description = [{
    `value` has `dtype` and the extents `shape`, -1 where unknown; with `unknown_rank` any shape
    (`shape` is then empty). A run that needs it without feeding it is an error.

    %x = graph.placeholder {dtype = f32, shape = array<i64: -1, 128, 9>} : () -> tensor<?x128x9xf32>
  }];
  let arguments = (ins TypeAttr:$dtype, DenseI64ArrayAttr:$shape, Graph_Flag:$unknown_rank);
  let results = (outs Graph_Tensor:$value);
}

def Graph_FeedOp : Graph_PureOp<"feed", "control"> {
  let summary = "A tensor that the run is given";
  let description = [{
    `value` is the feed number `index` of the run, of `value`'s type; `name` is the tensor whose
    place it takes.

    %x = graph.feed {index = 0 : i64, name = "inputs:0"} : () -> tensor<600x128x9xf32>
  }];
  let arguments = (ins Graph_Int:$index, StrAttr:$name);
  let results = (outs Graph_Tensor:$value);
  let hasVerifier = 1;
}

def Graph_FetchOp : Graph_Op<"fetch", "control", [HasParent<"ProgramOp">]> {
  let summary = "The tensors that the run gives back";
  let description = [{
    `values[k]` is fetch number `indices[k]` of the run; fetched ops have no operand here.

    graph.fetch %cost {indices = array<i64: 1>} : tensor<f32>
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$values, DenseI64ArrayAttr:$indices);
  let assemblyFormat = "($values^)? attr-dict (`:` type($values)^)?";
  let hasVerifier = 1;
}

def Graph_NoOp : Graph_Op<"no_op", "control"> {
  let summary = "Nothing; a name for its control inputs";
  let description = [{
    Fetching it runs the ops that its discardable attribute `control_inputs` names.

    graph.no_op {control_inputs = ["assign", "assign_1"]}
  }];
  let assemblyFormat = "attr-dict";
}

def Graph_GradientsOp : Graph_PureOp<"gradients", "control"> {
  let summary = "A request for the gradients of some tensors by others";
  let description = [{
    The operands are `num_ys` tensors y, `num_xs` tensors x and as many weights as there are ys, or
    none, which means ones. Result `k` is the sum over all `y` of `grad_y * dy / dx[k]`, of the
    type of `x[k]`. A pass expands it into graph ops.

    %dw, %db = graph.gradients %cost, %w, %b {num_xs = 2 : i64, num_ys = 1 : i64}
        : (tensor<f32>, tensor<27x6xf32>, tensor<6xf32>) -> (tensor<27x6xf32>, tensor<6xf32>)
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$inputs, Graph_Int:$num_ys, Graph_Int:$num_xs);
  let results = (outs Variadic<Graph_Tensor>:$gradients);
  let declarations = [{
    ::mlir::OperandRange getYs() { return getInputs().take_front(getNumYs()); }
    ::mlir::OperandRange getXs() { return getInputs().slice(getNumYs(), getNumXs()); }
    /// Empty where the weights are ones.
    ::mlir::OperandRange getGradYs() { return getInputs().drop_front(getNumYs() + getNumXs()); }
  }];
}

def Graph_ClusterOp
    : Graph_ValueOp<"cluster", "control",
                    [IsolatedFromAbove, SingleBlock, RecursiveMemoryEffects,
                     RecursivelySpeculatable]> {
  let summary = "Ops that become one kernel";
  let description = [{
    `outputs` are what the `graph.yield` at the end of the body is given; the block arguments are
    `inputs`.

    %z = graph.cluster %x, %y : (tensor<27xf32>, tensor<27xf32>) -> tensor<27xf32> {
    ^bb0(%a: tensor<27xf32>, %b: tensor<27xf32>):
      %s = graph.add %a, %b : (tensor<27xf32>, tensor<27xf32>) -> tensor<27xf32>
      %t = graph.tanh %s : (tensor<27xf32>) -> tensor<27xf32>
      graph.yield %t : tensor<27xf32>
    }
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$inputs);
  let results = (outs Variadic<Graph_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$inputs attr-dict `:` functional-type($inputs, $outputs) $body";
  let hasVerifier = 1;
  let declarations = [{
    ::mlir::Block &getBlock() { return getBody().front(); }
    ::graphc::graph::YieldOp getYield();
  }];
}

def Graph_YieldOp : Graph_Op<"yield", "control", [Pure, Terminator]> {
  let summary = "What a body gives to the op around it";
  let description = [{
    Ends a region: of a `graph.cluster`, whose outputs `values` become; of a `graph.static_rnn`,
    where they are the outputs and then the states of one step; of a `graph.while`, where they are
    the condition or the new loop variables; of a branch of a `graph.cond`, whose results they are.

    graph.yield %output, %h, %c : tensor<?x27xf32>, tensor<?x27xf32>, tensor<?x27xf32>
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

#endif
