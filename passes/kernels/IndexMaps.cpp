#include "passes/kernels/IndexMaps.h"

#include <algorithm>

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace graphc {

bool isElementMove(Operation *op) {
  return llvm::StringSwitch<bool>(op->getName().stripDialect())
      .Cases({"transpose", "broadcast_to", "split", "unstack", "slice", "strided_slice", "reverse",
              "reshape", "expand_dims", "squeeze"},
             true)
      .Default(false);
}

bool isElementwise(Operation *op) {
  return llvm::StringSwitch<bool>(op->getName().stripDialect())
      .Cases({"add", "subtract", "multiply", "divide", "floordiv", "floormod", "maximum", "minimum",
              "pow", "squared_difference"},
             true)
      .Cases({"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}, true)
      .Cases({"logical_and", "logical_or", "logical_xor", "logical_not"}, true)
      .Cases({"negative", "abs",        "sign",     "square",  "sqrt", "rsqrt", "reciprocal",
              "exp",      "log",        "tanh",     "sigmoid", "relu", "relu6", "elu",
              "selu",     "leaky_relu", "softplus", "floor",   "ceil", "round"},
             true)
      .Cases({"expm1", "log1p", "sin", "cos", "erf"}, true)
      .Cases({"identity", "stop_gradient", "cast", "where", "clip_by_value", "add_n", "bias_add",
              "fill"},
             true)
      .Default(false);
}

bool isReduction(Operation *op) {
  const StringRef name = op->getName().stripDialect();
  return name.starts_with("reduce_") || name == "argmax" || name == "argmin" || name == "l2_loss";
}

SmallVector<bool> reducedAxes(Operation *op) {
  const auto rank = static_cast<std::int64_t>(extentsOf(op->getOperand(0)).size());
  const StringRef name = op->getName().stripDialect();
  if (name == "argmax" || name == "argmin") {
    SmallVector<bool> reduced(rank, false);
    reduced[axisAttribute(op, rank, 0)] = true;
    return reduced;
  }
  if (name == "l2_loss" || !op->hasAttr("axes"))
    return SmallVector<bool>(rank, true);
  SmallVector<bool> reduced(rank, false);
  for (const std::int64_t axis : intsAttribute(op, "axes"))
    reduced[axis < 0 ? axis + rank : axis] = true;
  return reduced;
}

Pieces piecesOf(Operation *op) {
  const StringRef name = op->getName().stripDialect();
  Pieces result;
  std::int64_t at = 0;
  if (name == "concat" || name == "stack") {
    const Extents shape = extentsOf(op->getResult(0));
    result.axis = axisAttribute(op, static_cast<std::int64_t>(shape.size()), 0);
    for (const Value operand : op->getOperands()) {
      const std::int64_t size = name == "stack" ? 1 : extentsOf(operand)[result.axis];
      if (size > 0)
        result.pieces.push_back({operand, at, at + size});
      at += size;
    }
  }
  return result;
}

SliceBox sliceBox(Operation *op, Extents shape) {
  const Extents begin = intsAttribute(op, "begin"), end = intsAttribute(op, "end"),
                strides = intsAttribute(op, "strides");
  const std::int64_t beginMask = intAttribute(op, "begin_mask", 0),
                     endMask = intAttribute(op, "end_mask", 0),
                     ellipsisMask = intAttribute(op, "ellipsis_mask", 0),
                     newAxisMask = intAttribute(op, "new_axis_mask", 0),
                     shrinkMask = intAttribute(op, "shrink_axis_mask", 0);
  const auto bit = [](std::int64_t mask, std::size_t i) { return (mask >> i & 1) != 0; };
  SliceBox box;
  const auto whole = [&](std::int64_t extent) {
    box.begin.push_back(0);
    box.stride.push_back(1);
    box.count.push_back(extent);
  };
  std::int64_t named = 0; // axes of the tensor that entries other than the ellipsis speak of
  for (std::size_t i = 0; i < begin.size(); ++i)
    named += !bit(ellipsisMask, i) && !bit(newAxisMask, i);
  for (std::size_t i = 0; i < begin.size(); ++i) {
    if (bit(ellipsisMask, i)) {
      for (std::int64_t n = static_cast<std::int64_t>(shape.size()) - named; n > 0; --n)
        whole(shape[box.begin.size()]);
      continue;
    }
    if (bit(newAxisMask, i))
      continue;
    const std::int64_t extent = shape[box.begin.size()];
    if (bit(shrinkMask, i)) {
      box.begin.push_back(begin[i] < 0 ? begin[i] + extent : begin[i]);
      box.stride.push_back(1);
      box.count.push_back(1);
      continue;
    }
    const std::int64_t stride = strides[i];
    // Bounds lie in [0, extent] going up and in [-1, extent - 1] going down.
    const std::int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? extent : extent - 1;
    const auto bound = [&](std::int64_t at) {
      return std::clamp(at < 0 ? at + extent : at, low, high);
    };
    const std::int64_t first = bit(beginMask, i) ? (stride > 0 ? low : high) : bound(begin[i]);
    const std::int64_t last = bit(endMask, i) ? (stride > 0 ? high : low) : bound(end[i]);
    const std::int64_t distance = stride > 0 ? last - first : first - last;
    const std::int64_t step = std::abs(stride);
    box.begin.push_back(first);
    box.stride.push_back(stride);
    box.count.push_back(distance > 0 ? (distance + step - 1) / step : 0);
  }
  while (box.begin.size() < shape.size())
    whole(shape[box.begin.size()]);
  return box;
}

} // namespace graphc
