#include "frontend/KnownValues.h"

#include "frontend/GraphModule.h"
#include "frontend/PartialShapes.h"
#include "ir/Conversion.h"
#include "ir/GraphBuilder.h"
#include "ir/GraphDialect.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "runtime/reference/Reference.h"
#include "llvm/ADT/DenseMap.h"

namespace graphc {

using namespace mlir;

namespace {

/// Elements of the largest value that is computed while the graph is built, and ops looked through.
constexpr std::int64_t kMostElements = 4096;
constexpr unsigned kMostOps = 256;

class Evaluator {
public:
  void give(Value value, const Tensor &known) { known_[value] = known; }

  std::optional<Tensor> valueOf(Value value) {
    if (const auto found = known_.find(value); found != known_.end())
      return found->second;
    if (known_.size() >= kMostOps)
      return std::nullopt;
    known_[value] = std::nullopt;
    return known_[value] = evaluated(value);
  }

private:
  std::optional<Tensor> evaluated(Value value) {
    mlir::Operation *op = value.getDefiningOp();
    const Shape extents = toValueType(value.getType()).shape;
    if (!op || (extents.is_fully_known() && extents.num_elements() > kMostElements))
      return std::nullopt;
    if (std::optional<Tensor> constant = constantValue(value))
      return constant;
    StringRef name = op->getName().getStringRef();
    if (!name.consume_front("graph."))
      return std::nullopt;
    if (name == "shape" || name == "size" || name == "rank")
      return ofShape(op, name);
    // An extent that is known though others are not.
    if (const std::int64_t extent = partialExtent(value); extent >= 0)
      return scalarOf(extent, value);
    return computed(op, name, value);
  }

  static std::optional<Tensor> scalarOf(std::int64_t extent, Value value) {
    return Tensor(extent).cast(toValueType(value.getType()).dtype);
  }

  static std::optional<Tensor> ofShape(mlir::Operation *op, StringRef name) {
    const Shape shape = toValueType(op->getOperand(0).getType()).shape;
    const DataType dtype = toValueType(op->getResult(0).getType()).dtype;
    if (name == "rank" && shape.has_rank())
      return Tensor(shape.rank()).cast(dtype);
    if (!shape.has_rank() || !shape.is_fully_known())
      return std::nullopt;
    if (name == "size")
      return Tensor(shape.num_elements()).cast(dtype);
    return Tensor::of(Shape{shape.rank()}, shape.extents()).cast(dtype);
  }

  std::optional<Tensor> computed(mlir::Operation *op, StringRef name, Value value) {
    const Attributes attributes = attributesOf(op);
    if (!isMemoryEffectFree(op) || op->getNumRegions() != 0 || attributes.has("stream") ||
        !reference::hasReference({name.data(), name.size()}))
      return std::nullopt;
    // One that is false is enough.
    if (name == "logical_and")
      for (Value operand : op->getOperands())
        if (const std::optional<Tensor> input = valueOf(operand);
            input && input->shape().rank() == 0 && !input->scalar<bool>() &&
            toValueType(value.getType()).shape == Shape{})
          return input;
    std::vector<Tensor> inputs;
    for (Value operand : op->getOperands()) {
      std::optional<Tensor> input = valueOf(operand);
      if (!input || input->num_elements() > kMostElements)
        return std::nullopt;
      inputs.push_back(std::move(*input));
    }
    // The result may be great where the operands are not.
    std::vector<ValueType> operands;
    std::vector<const Tensor *> values;
    for (const Tensor &input : inputs) {
      operands.push_back({input.dtype(), input.shape()});
      values.push_back(&input);
    }
    const std::string_view type(name.data(), name.size());
    const InferredTypes types = graphc::inferTypes({type, operands, attributes, values});
    const auto index = static_cast<std::size_t>(cast<OpResult>(value).getResultNumber());
    if (!types.ok() || !types.results[index].shape.is_fully_known() ||
        types.results[index].shape.num_elements() > kMostElements)
      return std::nullopt;
    try {
      return reference::evaluate({type, attributes, inputs}).at(index);
    } catch (const Error &) {
      return std::nullopt; // the run says what is wrong
    }
  }

  llvm::DenseMap<Value, std::optional<Tensor>> known_;
};

} // namespace

std::optional<Tensor> knownValue(const Output &output) { return knownValue(output, {}); }

std::optional<Tensor> knownValue(const Output &output,
                                 std::span<const std::pair<Output, Tensor>> given) {
  if (!output || output.is_poisoned())
    return std::nullopt;
  Evaluator evaluator;
  for (const auto &[known, value] : given)
    evaluator.give(valueOf(known), value);
  return evaluator.valueOf(valueOf(output));
}

Shape knownExtents(const Output &extents) {
  if (!extents || extents.is_poisoned() || !is_integer(extents.dtype()))
    return Shape::unknown_rank();
  const std::optional<Tensor> known = knownValue(extents);
  if (!known || known->shape().rank() != 1)
    return partialShape(valueOf(extents));
  const Tensor wide = known->cast(int64);
  return Shape({wide.values<std::int64_t>().begin(), wide.values<std::int64_t>().end()});
}

} // namespace graphc
