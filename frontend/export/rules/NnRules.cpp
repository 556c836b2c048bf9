#include <numeric>

#include "frontend/export/Rules.h"

namespace graphc::graphdef {

static std::string transposed(OpNodes &op, const std::string &name, const std::string &x,
                              const ValueType &type, const Integers &perm) {
  return op.beside(name, "Transpose", {x, perm.input}, type)
      .type("T", type.dtype)
      .type("Tperm", perm.dtype)
      .output();
}

// TensorFlow's go along the last axis only.
static void writeSoftmax(OpNodes &op, llvm::StringRef type) {
  const std::int64_t rank = op.rank(0);
  std::int64_t axis = op.attributes().int_or("axis", -1);
  axis += axis < 0 ? rank : 0;
  if (axis == rank - 1)
    return writePlain(op, type);
  std::vector<std::int64_t> order(static_cast<std::size_t>(rank));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[static_cast<std::size_t>(axis)], order.back());
  const Integers perm = op.vector("perm", order);
  ValueType moved = op.type(0);
  std::vector<std::int64_t> extents;
  for (std::int64_t from : order)
    extents.push_back(moved.shape.extents()[static_cast<std::size_t>(from)]);
  moved.shape = Shape(extents);
  const std::string x = transposed(op, "transpose", op.in(0), moved, perm);
  const std::string y = op.beside(type.str(), type, {x}, moved).type("T", moved.dtype).output();
  op.main("Transpose", {y, perm.input}).type("T", moved.dtype).type("Tperm", perm.dtype);
}

static std::string reshaped(OpNodes &op, const std::string &name, const std::string &x,
                            const Integers &shape, const ValueType &type) {
  return op.beside(name, "Reshape", {x, shape.input}, type)
      .type("T", type.dtype)
      .type("Tshape", shape.dtype)
      .output();
}

static Integers shapeOf(OpNodes &op, const std::string &name, unsigned operand) {
  const ValueType type = op.type(operand);
  const Shape vector{type.shape.rank()};
  return {op.beside(name, "Shape", {op.in(operand)}, {int32, vector})
              .type("T", type.dtype)
              .type("out_type", int32)
              .output(),
          int32};
}

// TensorFlow's take matrices only: other axes than the classes' become one.
static void writeCrossEntropy(OpNodes &op, llvm::StringRef type) {
  const bool sparse = type.starts_with("Sparse");
  auto setTypes = [&](Node node) {
    node.type("T", op.dtype(0));
    if (sparse)
      node.type("Tlabels", op.dtype(1));
  };
  const ValueType logits = op.type(0);
  if (op.rank(0) == 2)
    return setTypes(op.main(type, op.ins()));
  const std::int64_t classes = logits.shape.extents().back();
  if (classes < 0)
    op.refuse("how many classes there are is not known");
  const Integers rows = op.vector("rows", {-1, classes});
  const Integers labelRows = sparse ? op.vector("labels/rows", {-1}) : rows;
  const ValueType labelType{op.dtype(1), sparse ? Shape{none} : Shape{none, classes}};
  const std::string x =
      reshaped(op, "logits", op.in(0), rows, {logits.dtype, Shape{none, classes}});
  const std::string labels = reshaped(op, "labels", op.in(1), labelRows, labelType);
  Node entropy =
      op.graph().add(op.name() + "/" + type.str(), type, {x, labels},
                     {{logits.dtype, Shape{none}}, {logits.dtype, Shape{none, classes}}});
  setTypes(entropy);
  const Integers full = shapeOf(op, "Shape", 0);
  const std::string begin = op.vector("Slice/begin", {0}).input;
  const std::string size = op.vector("Slice/size", {op.rank(0) - 1}).input;
  const std::string batch =
      op.beside("Slice", "Slice", {full.input, begin, size}, {int32, Shape{op.rank(0) - 1}})
          .type("T", int32)
          .type("Index", int32)
          .output();
  const std::string loss =
      reshaped(op, "loss", entropy.output(0), {batch, int32}, op.resultType(0));
  const std::string backprop = reshaped(op, "backprop", entropy.output(1), full, op.resultType(1));
  op.graph().addResults(op.op(), {loss, backprop});
}

std::span<const Rule> nnRules() {
  static constexpr Rule rules[] = {
      {"log_softmax", "LogSoftmax", writeSoftmax},
      {"softmax", "Softmax", writeSoftmax},
      {"softmax_cross_entropy_with_logits", "SoftmaxCrossEntropyWithLogits", writeCrossEntropy},
      {"sparse_softmax_cross_entropy_with_logits", "SparseSoftmaxCrossEntropyWithLogits",
       writeCrossEntropy},
  };
  return rules;
}

} // namespace graphc::graphdef
