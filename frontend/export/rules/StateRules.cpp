// Variables are TensorFlow 1's ref variables: VariableV2, read by Identity, written by Assign and
// Apply ops.
#include "frontend/export/Rules.h"

namespace graphc::graphdef {

static void writeRead(OpNodes &op, llvm::StringRef type) {
  if (op.graph().inFrame())
    op.refuse("it is in the body of a loop");
  op.main(type, {op.variable("variable")}).type("T", op.resultType().dtype);
}

static void writeAssign(OpNodes &op, llvm::StringRef type) {
  Node node = op.main(type, {op.variable("variable"), op.in(0)})
                  .type("T", op.dtype(0))
                  .flag("use_locking", true);
  if (type == "Assign")
    node.flag("validate_shape", true);
}

/// The op's variable and its slots, in the order in which TensorFlow's ops have them.
static std::vector<std::string> variablesOf(const OpNodes &op) {
  std::vector<std::string> names;
  for (const char *attribute :
       {"variable", "accumulator", "m", "v", "mean_gradient", "mean_square", "momentum_slot"})
    if (op.attributes().has(attribute))
      names.push_back(op.variable(attribute));
  return names;
}

static void setFlags(OpNodes &op, Node node) {
  node.type("T", op.dtype(0)).flag("use_locking", false);
  if (op.attributes().has("use_nesterov"))
    node.flag("use_nesterov", op.attributes().get_bool("use_nesterov"));
}

static void writeApply(OpNodes &op, llvm::StringRef type) {
  if (type.ends_with("RMSProp") && !op.attributes().has("momentum_slot"))
    op.refuse("it has no momentum_slot, and TensorFlow's op has one");
  std::vector<std::string> inputs = variablesOf(op);
  for (const std::string &operand : op.ins())
    inputs.push_back(operand);
  setFlags(op, op.main(type, inputs));
}

/// The distinct rows, and the sum of the gradients of each: TensorFlow's ops would take the
/// gradients of a row one after the other.
struct Rows {
  std::string indices, gradients;
};
static Rows distinctRows(OpNodes &op, unsigned grad, unsigned indices) {
  const DataType index = op.dtype(indices);
  Node unique = op.graph().add(op.name() + "/Unique", "Unique", {op.in(indices)},
                               {{index, Shape{none}}, {int32, Shape{none}}});
  unique.type("T", index).type("out_idx", int32);
  const std::string count = op.firstExtent(unique.output(), {index, Shape{none}});
  const std::string sums = op.beside("UnsortedSegmentSum", "UnsortedSegmentSum",
                                     {op.in(grad), unique.output(1), count}, op.type(grad))
                               .type("T", op.dtype(grad))
                               .type("Tindices", int32)
                               .type("Tnumsegments", int32)
                               .output();
  return {unique.output(), sums};
}

static void writeSparseApply(OpNodes &op, llvm::StringRef type) {
  const unsigned indices = op.numInputs() - 1;
  const bool momentum = type == "SparseApplyMomentum"; // lr, grad, momentum, indices
  const unsigned grad = momentum ? 1 : indices - 1;
  const Rows rows = distinctRows(op, grad, indices);
  std::vector<std::string> inputs = variablesOf(op);
  for (unsigned operand = 0; operand < grad; ++operand)
    inputs.push_back(op.in(operand));
  inputs.push_back(rows.gradients);
  inputs.push_back(rows.indices);
  if (momentum)
    inputs.push_back(op.in(2));
  setFlags(op, op.main(type, inputs).type("Tindices", op.dtype(indices)));
}

static void writeSparseDescent(OpNodes &op, llvm::StringRef type) {
  const std::string step =
      op.beside("mul", "Mul", {op.in(1), op.in(0)}, op.type(1)).type("T", op.dtype(1)).output();
  op.main(type, {op.variable("variable"), op.in(2), step})
      .type("T", op.dtype(1))
      .type("Tindices", op.dtype(2))
      .flag("use_locking", false);
}

std::span<const Rule> stateRules() {
  static constexpr Rule rules[] = {
      {"apply_adagrad", "ApplyAdagrad", writeApply},
      {"apply_adam", "ApplyAdam", writeApply},
      {"apply_centered_rms_prop", "ApplyCenteredRMSProp", writeApply},
      {"apply_gradient_descent", "ApplyGradientDescent", writeApply},
      {"apply_momentum", "ApplyMomentum", writeApply},
      {"apply_rms_prop", "ApplyRMSProp", writeApply},
      {"assign", "Assign", writeAssign},
      {"assign_add", "AssignAdd", writeAssign},
      {"assign_sub", "AssignSub", writeAssign},
      {"read_variable", "Identity", writeRead},
      {"sparse_apply_adagrad", "SparseApplyAdagrad", writeSparseApply},
      {"sparse_apply_centered_rms_prop", "SparseApplyCenteredRMSProp", writeSparseApply},
      {"sparse_apply_gradient_descent", "ScatterSub", writeSparseDescent},
      {"sparse_apply_momentum", "SparseApplyMomentum", writeSparseApply},
      {"sparse_apply_rms_prop", "SparseApplyRMSProp", writeSparseApply},
  };
  return rules;
}

} // namespace graphc::graphdef
