// Brings "static or dynamic" parameters into their one static form.
//
// Invariant: an op is changed only as a whole; it has all of its parameters as attributes
// afterwards, or keeps all of its operands.
#include "passes/GraphOps.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"

namespace graphc {

#define GEN_PASS_DEF_ABSORBCONSTANTOPERANDSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// Operands `first`, `first + 1`, ... of `op` are the attributes `names`.
struct DynamicForm {
  llvm::StringLiteral op;
  unsigned first;
  SmallVector<StringRef, 3> names;
  /// The (only) parameter is the shape of the result.
  bool isResultShape = false;
};

const DynamicForm *dynamicForm(StringRef name) {
  static const DynamicForm forms[] = {
      {"reshape", 1, {"shape"}, true},
      {"slice", 1, {"begin", "size"}},
      {"strided_slice", 1, {"begin", "end", "strides"}},
      {"tile", 1, {"multiples"}},
      {"pad", 1, {"paddings"}},
      {"broadcast_to", 1, {"shape"}, true},
      {"fill", 1, {"dims"}, true},
      {"conv2d_backprop_input", 2, {"input_sizes"}, true},
      {"conv2d_backprop_filter", 2, {"filter_sizes"}, true},
      {"depthwise_conv2d_backprop_input", 2, {"input_sizes"}, true},
      {"depthwise_conv2d_backprop_filter", 2, {"filter_sizes"}, true},
      {"avg_pool2d_gradient", 1, {"input_sizes"}, true},
      {"scatter_nd", 2, {"shape"}, true},
      {"random_uniform", 0, {"shape"}, true},
      {"random_normal", 0, {"shape"}, true},
      {"truncated_normal", 0, {"shape"}, true},
      {"random_uniform_int", 2, {"shape"}, true},
  };
  for (const DynamicForm &form : forms)
    if (form.op == name)
      return &form;
  return nullptr;
}

std::optional<SmallVector<int64_t>> constantInts(Value value) {
  std::optional<Tensor> tensor = constantValue(value);
  if (!tensor)
    return std::nullopt;
  SmallVector<int64_t> ints;
  // Element by element: an empty list of any integer type is fine, too.
  if (tensor->dtype() == int32)
    llvm::append_range(ints, tensor->values<int32_t>());
  else if (tensor->dtype() == int64)
    llvm::append_range(ints, tensor->values<int64_t>());
  else
    return std::nullopt;
  return ints;
}

enum class Outcome { unchanged, absorbed, left };

Outcome absorb(Operation *op, const DynamicForm &form) {
  MLIRContext *context = op->getContext();
  const bool dynamic = op->getNumOperands() > form.first;
  SmallVector<SmallVector<int64_t>> values;
  if (form.isResultShape) {
    if (!isStatic(op->getResult(0).getType()))
      return dynamic ? Outcome::left : Outcome::unchanged;
    values.push_back(SmallVector<int64_t>(extentsOf(op->getResult(0))));
  } else {
    for (auto [i, name] : llvm::enumerate(form.names)) {
      if (!dynamic) {
        values.push_back(SmallVector<int64_t>(intsAttribute(op, name)));
        continue;
      }
      std::optional<SmallVector<int64_t>> ints =
          constantInts(op->getOperand(form.first + static_cast<unsigned>(i)));
      if (!ints)
        return Outcome::left;
      values.push_back(*ints);
    }
    if (form.op == "slice" && isStatic(op->getResult(0).getType()))
      values[1] = SmallVector<int64_t>(extentsOf(op->getResult(0)));
  }
  bool changed = dynamic;
  if (dynamic)
    op->eraseOperands(form.first, op->getNumOperands() - form.first);
  for (auto [name, value] : llvm::zip(form.names, values)) {
    Attribute attribute = DenseI64ArrayAttr::get(context, value);
    changed |= op->getAttr(name) != attribute;
    op->setAttr(name, attribute);
  }
  return changed ? Outcome::absorbed : Outcome::unchanged;
}

Outcome fillInAxes(Operation *op, StringRef name, ArrayRef<int64_t> axes) {
  Attribute attribute = DenseI64ArrayAttr::get(op->getContext(), axes);
  if (op->getAttr(name) == attribute)
    return Outcome::unchanged;
  op->setAttr(name, attribute);
  return Outcome::absorbed;
}

Outcome absorb(Operation *op) {
  StringRef name = graphName(op);
  if (const DynamicForm *form = dynamicForm(name))
    return absorb(op, *form);
  if (op->getNumOperands() == 0 || !isa<RankedTensorType>(op->getOperand(0).getType()))
    return Outcome::unchanged;
  ArrayRef<int64_t> extents = extentsOf(op->getOperand(0));
  if (name.starts_with("reduce_") && !op->hasAttr("axes"))
    return fillInAxes(op, "axes",
                      llvm::to_vector(llvm::seq<int64_t>(0, static_cast<int64_t>(extents.size()))));
  if (name == "squeeze" && intsAttribute(op, "axes").empty() &&
      isStatic(op->getOperand(0).getType())) {
    SmallVector<int64_t> axes;
    for (auto [axis, extent] : llvm::enumerate(extents))
      if (extent == 1)
        axes.push_back(static_cast<int64_t>(axis));
    return fillInAxes(op, "axes", axes);
  }
  return Outcome::unchanged;
}

//===--- graph-absorb-constant-operands -------------------------------------------------------===//

class AbsorbConstantOperandsPass
    : public impl::AbsorbConstantOperandsPassBase<AbsorbConstantOperandsPass> {
  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      const Outcome outcome = absorb(op);
      numAbsorbed += outcome == Outcome::absorbed;
      numLeft += outcome == Outcome::left;
    });
  }
};

} // namespace
} // namespace graphc
