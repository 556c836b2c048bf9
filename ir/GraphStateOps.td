// Variables: declaration, reading, assignment and the optimizers' updates.
#ifndef GRAPHC_IR_GRAPH_STATE_OPS
#define GRAPHC_IR_GRAPH_STATE_OPS

include "ir/GraphVariableUses.td"

def Graph_VariableOp : Graph_Op<"variable", "state", [Symbol, HasParent<"::mlir::ModuleOp">]> {
  let summary = "A tensor that outlives a run";
  let description = [{
    Declares the variable `sym_name` of a ranked type. It has no value before its first assignment;
    `trainable` ones are what optimizers update unless told otherwise.

    graph.variable @"dense/kernel" : tensor<9x27xf32> {trainable = true}
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, Graph_Flag:$trainable);
  let assemblyFormat = "$sym_name `:` $type attr-dict";
  let hasVerifier = 1;
}

def Graph_ReadVariableOp
    : Graph_ValueOp<"read_variable", "state",
                    [Graph_ReadsVariable, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "The value of a variable";
  let description = [{
    `value` is what `variable` holds after the assignments before this op. Reading a variable that
    was never assigned is an error of the run.

    %w = graph.read_variable {variable = @"dense/kernel"} : () -> tensor<9x27xf32>
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Graph_Tensor:$value);
  let definitions = Graph_variableUses;
}

class Graph_AssignBase<string mnemonic, Type type, string what, string formula>
    : Graph_ValueOp<mnemonic, "state",
                    [Graph_WritesVariable, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = what;
  let description = "`variable = " # formula # [{`; `new_value` is its value then. `value` is of the
    variable's dtype and shape.

    %new = graph.}] # mnemonic # [{ %value {variable = @bias} : (tensor<27xf32>) -> tensor<27xf32>
  }];
  let arguments = (ins type:$value, FlatSymbolRefAttr:$variable);
  let results = (outs type:$new_value);
  let definitions = Graph_variableUses;
}

def Graph_AssignOp
    : Graph_AssignBase<"assign", Graph_Tensor, "A new value for a variable", "value">;
def Graph_AssignAddOp
    : Graph_AssignBase<"assign_add", Graph_NumericTensor, "A variable increased",
                       "variable + value">;
def Graph_AssignSubOp
    : Graph_AssignBase<"assign_sub", Graph_NumericTensor, "A variable decreased",
                       "variable - value">;

//===--- Updates of the optimizers ------------------------------------------------------------===//

// `grad` has the variable's type, the slots do too; all other operands are scalars of its dtype.

def Graph_ApplyGradientDescentOp
    : Graph_ApplyOp<"apply_gradient_descent", "A step of gradient descent"> {
  let description = [{
    `variable -= lr * grad`.

    graph.apply_gradient_descent %lr, %grad {variable = @w} : (tensor<f32>, tensor<27xf32>) -> ()
  }];
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$grad,
                       FlatSymbolRefAttr:$variable);
}

def Graph_ApplyMomentumOp
    : Graph_ApplyOp<"apply_momentum", "A step of gradient descent with momentum"> {
  let description = [{
    `accumulator = momentum * accumulator + grad`; then `variable -= lr * accumulator`, or with
    `use_nesterov` `variable -= lr * grad + lr * momentum * accumulator`.
  }];
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$grad, Graph_FloatTensor:$momentum,
                       FlatSymbolRefAttr:$variable, FlatSymbolRefAttr:$accumulator,
                       Graph_Flag:$use_nesterov);
}

def Graph_ApplyAdagradOp : Graph_ApplyOp<"apply_adagrad", "A step of Adagrad"> {
  let description = [{
    `accumulator += grad * grad`; `variable -= lr * grad / sqrt(accumulator)`.
  }];
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$grad,
                       FlatSymbolRefAttr:$variable, FlatSymbolRefAttr:$accumulator);
}

def Graph_ApplyRmsPropOp : Graph_ApplyOp<"apply_rms_prop", "A step of RMSProp"> {
  let description = [{
    `mean_square = decay * mean_square + (1 - decay) * grad * grad`;
    `momentum_slot = momentum * momentum_slot + lr * grad / sqrt(mean_square + epsilon)`;
    `variable -= momentum_slot`. Without `momentum_slot` there is no momentum:
    `variable -= lr * grad / sqrt(mean_square + epsilon)`, and `momentum` is not looked at.
  }];
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$decay, Graph_FloatTensor:$momentum,
                       Graph_FloatTensor:$epsilon, Graph_FloatTensor:$grad,
                       FlatSymbolRefAttr:$variable, FlatSymbolRefAttr:$mean_square,
                       OptionalAttr<FlatSymbolRefAttr>:$momentum_slot);
}

def Graph_ApplyCenteredRmsPropOp
    : Graph_ApplyOp<"apply_centered_rms_prop", "A step of RMSProp with the variance"> {
  let description = [{
    `mean_gradient = decay * mean_gradient + (1 - decay) * grad`;
    `mean_square = decay * mean_square + (1 - decay) * grad * grad`;
    `momentum_slot = momentum * momentum_slot
        + lr * grad / sqrt(mean_square - mean_gradient * mean_gradient + epsilon)`;
    `variable -= momentum_slot`. Without `momentum_slot` as for `apply_rms_prop`.
  }];
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$decay, Graph_FloatTensor:$momentum,
                       Graph_FloatTensor:$epsilon, Graph_FloatTensor:$grad,
                       FlatSymbolRefAttr:$variable, FlatSymbolRefAttr:$mean_gradient,
                       FlatSymbolRefAttr:$mean_square,
                       OptionalAttr<FlatSymbolRefAttr>:$momentum_slot);
}

def Graph_ApplyAdamOp : Graph_ApplyOp<"apply_adam", "A step of Adam"> {
  let description = [{
    `m = beta1 * m + (1 - beta1) * grad`; `v = beta2 * v + (1 - beta2) * grad * grad`;
    `variable -= lr * sqrt(1 - beta2_power) / (1 - beta1_power) * m / (sqrt(v) + epsilon)`. Powers
    are those of this step; the op does not advance them.

    graph.apply_adam %b1p, %b2p, %lr, %b1, %b2, %eps, %grad {variable = @w, m = @w_m, v = @w_v}
        : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>,
           tensor<27xf32>) -> ()
  }];
  let arguments = (ins Graph_FloatTensor:$beta1_power, Graph_FloatTensor:$beta2_power,
                       Graph_FloatTensor:$lr, Graph_FloatTensor:$beta1, Graph_FloatTensor:$beta2,
                       Graph_FloatTensor:$epsilon, Graph_FloatTensor:$grad,
                       FlatSymbolRefAttr:$variable, FlatSymbolRefAttr:$m, FlatSymbolRefAttr:$v);
}

#endif
