// Recurrences: the scan that stands for every cell, and oneDNN's recurrent primitives.
#ifndef GRAPHC_IR_GRAPH_RECURRENCE_OPS
#define GRAPHC_IR_GRAPH_RECURRENCE_OPS

include "ir/GraphDialect.td"

def Graph_StaticRnnOp
    : Graph_ValueOp<"static_rnn", "recurrence",
                    [AttrSizedOperandSegments, IsolatedFromAbove, SingleBlock,
                     RecursiveMemoryEffects,
                     DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "A body run once a time step, its states handed from step to step";
  let description = [{
    A scan over `steps` time steps. `sequences` have the extent `steps` at axis 0; the body's first
    arguments are their slices of step t, without that axis. The next arguments are the states: at
    the first step `initial_states`, then what the step before has yielded as its states. The last
    arguments are `captured`, the same at every step. The body's `graph.yield` gives the outputs of
    the step and then the new states, which have the types of the old ones.

    The results are the outputs, stacked along a new axis 0 of extent `steps`, and the states after
    the last step: `outputs[t], s[t + 1] = body(sequences[t], s[t], captured)` for t = 0, 1, ...;
    with `reverse` for t = steps - 1, ..., 0, `s[t] = body(..., s[t + 1], ...)`, and the outputs of
    step t stay at t. `graph.step_index` in the body is t.

    `steps` is -1 where the sequences' extent at axis 0 is not known yet; shape inference then takes
    it from them.

    %h_all, %h = graph.static_rnn sequences(%x : tensor<128x?x9xf32>) states(%h0 : tensor<?x27xf32>)
        captured(%w : tensor<36x27xf32>) {steps = 128 : i64}
        -> tensor<128x?x27xf32>, tensor<?x27xf32> {
    ^bb0(%x_t: tensor<?x9xf32>, %h_t: tensor<?x27xf32>, %w_t: tensor<36x27xf32>):
      %xh = graph.concat %x_t, %h_t {axis = 1 : i64}
          : (tensor<?x9xf32>, tensor<?x27xf32>) -> tensor<?x36xf32>
      %a = graph.matmul %xh, %w_t : (tensor<?x36xf32>, tensor<36x27xf32>) -> tensor<?x27xf32>
      %new = graph.tanh %a : (tensor<?x27xf32>) -> tensor<?x27xf32>
      graph.yield %new, %new : tensor<?x27xf32>, tensor<?x27xf32>
    }
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$sequences, Variadic<Graph_Tensor>:$initial_states,
                       Variadic<Graph_Tensor>:$captured, Graph_Int:$steps, Graph_Flag:$reverse);
  // The outputs first, then the final states; see getOutputs() and getFinalStates().
  let results = (outs Variadic<Graph_Tensor>:$values);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`sequences` `(` $sequences^ `:` type($sequences) `)`)?
    (`states` `(` $initial_states^ `:` type($initial_states) `)`)?
    (`captured` `(` $captured^ `:` type($captured) `)`)?
    attr-dict `->` type($values) $body
  }];
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    /// With an empty block whose arguments have the types that the operands call for; the caller
    /// fills it up to its graph.yield. `outputs` are the types of the stacked outputs.
    OpBuilder<(ins "::mlir::TypeRange":$outputs, "::mlir::ValueRange":$sequences,
                   "::mlir::ValueRange":$states, "::mlir::ValueRange":$captured,
                   "int64_t":$steps, CArg<"bool", "false">:$reverse)>,
  ];
  let declarations = [{
    ::mlir::Block &getBlock() { return getBody().front(); }
    ::graphc::graph::YieldOp getYield();
    unsigned getNumStates() { return getInitialStates().size(); }
    unsigned getNumOutputs() { return getNumResults() - getNumStates(); }

    /// The stacked outputs among the results, and the states after the last step.
    ::mlir::ResultRange getOutputs() { return getResults().take_front(getNumOutputs()); }
    ::mlir::ResultRange getFinalStates() { return getResults().drop_front(getNumOutputs()); }

    /// The body's arguments, by what they stand for.
    ::mlir::Block::BlockArgListType getSliceArguments() {
      return getBlock().getArguments().take_front(getSequences().size());
    }
    ::mlir::Block::BlockArgListType getStateArguments() {
      return getBlock().getArguments().slice(getSequences().size(), getNumStates());
    }
    ::mlir::Block::BlockArgListType getCapturedArguments() {
      return getBlock().getArguments().drop_front(getSequences().size() + getNumStates());
    }

    /// What the body yields, by what it stands for.
    ::mlir::OperandRange getStepOutputs();
    ::mlir::OperandRange getNewStates();

    /// A sequence's type at one step (without axis 0), and the way back.
    static ::mlir::Type sliceType(::mlir::Type sequence);
    static ::mlir::Type sequenceType(::mlir::Type slice, int64_t steps);
  }];
}

def Graph_StepIndexOp : Graph_PureOp<"step_index", "recurrence"> {
  let summary = "The time step that a body is at";
  let description = [{
    `t` of the innermost `graph.static_rnn` around the op, an i32 scalar.

    %t = graph.step_index : () -> tensor<i32>
  }];
  let results = (outs 0DTensorOf<[I32]>:$t);
  let hasVerifier = 1;
}

//===--- oneDNN's primitives ------------------------------------------------------------------===//
// Extents: T time steps, B windows, I channels in, H channels of the state. Passes make these ops;
// programs do not record them.

class Graph_RecurrentOp<string mnemonic> : Graph_PureOp<mnemonic, "recurrence">;

def Graph_LstmOp : Graph_RecurrentOp<"lstm"> {
  let summary = "A layer of LSTM cells over a sequence";
  let description = [{
    `x` is `[T, B, I]`, `h0` and `c0` `[B, H]`, `weights_layer` `[I, 4H]`, `weights_iter` `[H, 4H]`,
    `bias` `[4H]`; the gates in the order i, f, g, o. With
    `i, f, g, o = split(x[t] weights_layer + h[t-1] weights_iter + bias)`:
    `c[t] = sigmoid(f) * c[t-1] + sigmoid(i) * tanh(g)`, `h[t] = sigmoid(o) * tanh(c[t])`.
    `outputs` `[T, B, H]` are all h, `h`, `c` `[B, H]` the last. With `training`, `workspace` holds
    what `graph.lstm_gradient` needs, in bytes that only the library understands; otherwise it is
    undefined.
  }];
  let arguments = (ins Graph_FloatTensor:$x, Graph_FloatTensor:$h0, Graph_FloatTensor:$c0,
                       Graph_FloatTensor:$weights_layer, Graph_FloatTensor:$weights_iter,
                       Graph_FloatTensor:$bias, Graph_Flag:$training);
  let results = (outs Graph_FloatTensor:$outputs, Graph_FloatTensor:$h, Graph_FloatTensor:$c,
                      Graph_BytesTensor:$workspace);
}

def Graph_LstmGradientOp : Graph_RecurrentOp<"lstm_gradient"> {
  let summary = "The gradient of a layer of LSTM cells";
  let description = [{
    The operands and results of a `graph.lstm` with `training` set and gradients of `outputs`, `h`
    and `c`; gives the gradients of its operands, each of the operand's type.
  }];
  let arguments = (ins Graph_FloatTensor:$x, Graph_FloatTensor:$h0, Graph_FloatTensor:$c0,
                       Graph_FloatTensor:$weights_layer, Graph_FloatTensor:$weights_iter,
                       Graph_FloatTensor:$bias, Graph_FloatTensor:$outputs, Graph_FloatTensor:$h,
                       Graph_FloatTensor:$c, Graph_BytesTensor:$workspace,
                       Graph_FloatTensor:$d_outputs, Graph_FloatTensor:$d_h,
                       Graph_FloatTensor:$d_c);
  let results = (outs Graph_FloatTensor:$dx, Graph_FloatTensor:$dh0, Graph_FloatTensor:$dc0,
                      Graph_FloatTensor:$d_weights_layer, Graph_FloatTensor:$d_weights_iter,
                      Graph_FloatTensor:$d_bias);
}

def Graph_GruOp : Graph_RecurrentOp<"gru"> {
  let summary = "A layer of GRU cells over a sequence";
  let description = [{
    `x` is `[T, B, I]`, `h0` `[B, H]`, `weights_layer` `[I, 3H]`, `weights_iter` `[H, 3H]`, `bias`
    `[3H]`; the gates in the order u, r, o. With `W`, `U`, `b` the parts of the weights:
    `u = sigmoid(x[t] W_u + h[t-1] U_u + b_u)`, `r` likewise,
    `o = tanh(x[t] W_o + (r * h[t-1]) U_o + b_o)`, `h[t] = u * h[t-1] + (1 - u) * o`.
    `outputs` `[T, B, H]` are all h, `h` the last; `workspace` as in `graph.lstm`.
  }];
  let arguments = (ins Graph_FloatTensor:$x, Graph_FloatTensor:$h0,
                       Graph_FloatTensor:$weights_layer, Graph_FloatTensor:$weights_iter,
                       Graph_FloatTensor:$bias, Graph_Flag:$training);
  let results = (outs Graph_FloatTensor:$outputs, Graph_FloatTensor:$h,
                      Graph_BytesTensor:$workspace);
}

class Graph_StatelessGradient<string mnemonic> : Graph_RecurrentOp<mnemonic> {
  let arguments = (ins Graph_FloatTensor:$x, Graph_FloatTensor:$h0,
                       Graph_FloatTensor:$weights_layer, Graph_FloatTensor:$weights_iter,
                       Graph_FloatTensor:$bias, Graph_FloatTensor:$outputs, Graph_FloatTensor:$h,
                       Graph_BytesTensor:$workspace, Graph_FloatTensor:$d_outputs,
                       Graph_FloatTensor:$d_h);
  let results = (outs Graph_FloatTensor:$dx, Graph_FloatTensor:$dh0,
                      Graph_FloatTensor:$d_weights_layer, Graph_FloatTensor:$d_weights_iter,
                      Graph_FloatTensor:$d_bias);
}

def Graph_GruGradientOp : Graph_StatelessGradient<"gru_gradient"> {
  let summary = "The gradient of a layer of GRU cells";
  let description = [{
    The operands and results of a `graph.gru` with `training` set and the gradients of `outputs` and
    `h`; gives the gradients of its operands, each of the operand's type.
  }];
}

def Graph_VanillaRnnOp : Graph_RecurrentOp<"vanilla_rnn"> {
  let summary = "A layer of plain recurrent cells over a sequence";
  let description = [{
    `x` is `[T, B, I]`, `h0` `[B, H]`, `weights_layer` `[I, H]`, `weights_iter` `[H, H]`, `bias`
    `[H]`; `h[t] = activation(x[t] weights_layer + h[t-1] weights_iter + bias)`, tanh or relu.
    `outputs` `[T, B, H]` are all h, `h` the last; `workspace` as in `graph.lstm`.
  }];
  let arguments = (ins Graph_FloatTensor:$x, Graph_FloatTensor:$h0,
                       Graph_FloatTensor:$weights_layer, Graph_FloatTensor:$weights_iter,
                       Graph_FloatTensor:$bias, DefaultValuedAttr<StrAttr, "\"tanh\"">:$activation,
                       Graph_Flag:$training);
  let results = (outs Graph_FloatTensor:$outputs, Graph_FloatTensor:$h,
                      Graph_BytesTensor:$workspace);
}

def Graph_VanillaRnnGradientOp : Graph_StatelessGradient<"vanilla_rnn_gradient"> {
  let summary = "The gradient of a layer of plain recurrent cells";
  let description = [{
    The operands and results of a `graph.vanilla_rnn` with `training` set and the gradients of
    `outputs` and `h`; gives the gradients of its operands, each of the operand's type. `activation`
    is the forward op's.
  }];
  let arguments = (ins Graph_FloatTensor:$x, Graph_FloatTensor:$h0,
                       Graph_FloatTensor:$weights_layer, Graph_FloatTensor:$weights_iter,
                       Graph_FloatTensor:$bias, Graph_FloatTensor:$outputs, Graph_FloatTensor:$h,
                       Graph_BytesTensor:$workspace, Graph_FloatTensor:$d_outputs,
                       Graph_FloatTensor:$d_h,
                       DefaultValuedAttr<StrAttr, "\"tanh\"">:$activation);
}

#endif
