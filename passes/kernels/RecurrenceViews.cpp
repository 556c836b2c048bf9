// Ops that only move elements: other shapes, parts, wholes, margins.
#include <algorithm>

#include "mlir/IR/BuiltinTypes.h"
#include "passes/kernels/RecurrenceAnalysis.h"

using namespace mlir;

namespace graphc::recurrence {

static StringRef opName(Operation &op) { return op.getName().stripDialect(); }

static std::int64_t integerOr(Operation &op, StringRef name, std::int64_t otherwise) {
  auto attribute = op.getAttrOfType<IntegerAttr>(name);
  return attribute ? attribute.getInt() : otherwise;
}

static std::optional<ArrayRef<std::int64_t>> integers(Operation &op, StringRef name) {
  if (auto attribute = op.getAttrOfType<DenseI64ArrayAttr>(name))
    return attribute.asArrayRef();
  return std::nullopt;
}

static std::int64_t axisOf(Operation &op, std::int64_t rank) {
  const std::int64_t axis = integerOr(op, "axis", 0);
  return axis < 0 ? axis + rank : axis;
}

// The strides of a reshaped view, where the elements can stay where they are.
static bool reshapeStrides(ArrayRef<std::int64_t> from, ArrayRef<std::int64_t> strides,
                           ArrayRef<std::int64_t> to, SmallVector<std::int64_t> &result) {
  // Both row-major orders agree, so the strides are those of `from` as one map from the element's
  // number; each axis of `to` has a stride if its indices stay within one axis of that map.
  const FeatureMap map = FeatureMap::of(from, strides);
  const auto inner = rowMajorStrides(to);
  result.assign(to.size(), 0);
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] == 1)
      continue;
    result[i] = map(inner[i]);
    for (const FeatureMap::Axis &axis : map.axes) {
      const std::int64_t begin = axis.divisor, end = axis.divisor * axis.extent;
      const std::int64_t low = inner[i], high = inner[i] * to[i];
      const bool apart = high <= begin || end <= low;
      if (!apart && (low < begin || high > end || low % begin != 0))
        return false;
    }
  }
  return true;
}

bool RecurrenceAnalysis::visitReshape(Operation &op) {
  Value operand = op.getOperand(0);
  Value value = op.getResult(0);
  const ValueInfo &from = info(operand);
  ValueInfo &to = info(value);
  const Extents extents = extentsOf(value);
  if (from.kind == ValueInfo::Kind::Memory) {
    SmallVector<std::int64_t> strides;
    if (!reshapeStrides(from.extents, from.strides, extents, strides))
      return addComputed(value, operand);
    to = from;
    to.strides = strides;
    to.root = value;
  } else {
    if (from.hasBatch && (extents.empty() || extents[0] != plan_.batch))
      return fail(opName(op) + " that does not keep the batch as axis 0");
    to = from;
    to.rowsEqual = extents.empty() || extents[0] == 1 ||
                   (from.rowsEqual && !from.extents.empty() && from.extents[0] == extents[0]);
  }
  to.extents.assign(extents.begin(), extents.end());
  return true;
}

// Begin, stride and the result's axes of a strided_slice with constant bounds.
static bool readStridedSlice(Operation &op, ArrayRef<std::int64_t> extents,
                             SmallVectorImpl<std::int64_t> &begin,
                             SmallVectorImpl<std::pair<int, std::int64_t>> &axes) {
  const auto begins = integers(op, "begin"), strides = integers(op, "strides");
  if (!begins || !strides)
    return false;
  const auto mask = [&](StringRef name) { return integerOr(op, name, 0); };
  const std::int64_t beginMask = mask("begin_mask"), ellipsis = mask("ellipsis_mask"),
                     newAxis = mask("new_axis_mask"), shrink = mask("shrink_axis_mask");
  begin.assign(extents.size(), 0);
  std::size_t taken = 0; // axes that the entries other than the ellipsis take
  for (std::size_t d = 0; d < begins->size(); ++d)
    taken += !((ellipsis | newAxis) >> d & 1);
  std::size_t axis = 0;
  for (std::size_t d = 0; d < begins->size(); ++d) {
    if (ellipsis >> d & 1) {
      for (std::size_t i = taken; i < extents.size(); ++i)
        axes.push_back({static_cast<int>(axis++), 1});
      continue;
    }
    if (newAxis >> d & 1) {
      axes.push_back({-1, 1});
      continue;
    }
    const std::int64_t extent = extents[axis], stride = (*strides)[d];
    std::int64_t first = (*begins)[d] < 0 ? (*begins)[d] + extent : (*begins)[d];
    first = std::clamp<std::int64_t>(first, 0, extent - 1);
    if ((beginMask >> d & 1) && !(shrink >> d & 1))
      first = stride > 0 ? 0 : extent - 1;
    begin[axis] = first;
    if (!(shrink >> d & 1))
      axes.push_back({static_cast<int>(axis), stride});
    ++axis;
  }
  for (; axis < extents.size(); ++axis)
    axes.push_back({static_cast<int>(axis), 1});
  return true;
}

bool RecurrenceAnalysis::visitViewOp(Operation &op) {
  const StringRef name = opName(op);
  Value operand = op.getOperand(0);
  const Extents extents = extentsOf(operand);
  const auto rank = static_cast<std::int64_t>(extents.size());
  View whole;
  whole.begin.assign(extents.size(), 0);
  for (std::int64_t i = 0; i < rank; ++i)
    whole.axes.push_back({static_cast<int>(i), 1});

  if (name == "split" || name == "unstack") {
    const std::int64_t axis = axisOf(op, rank);
    if (name == "unstack")
      whole.axes.erase(whole.axes.begin() + axis);
    std::int64_t begin = 0;
    for (Value part : op.getResults()) {
      whole.begin[axis] = begin;
      begin += name == "unstack" ? 1 : extentsOf(part)[axis];
      if (!addView(operand, part, whole))
        return false;
    }
    return true;
  }
  if (name == "slice") {
    const auto begin = integers(op, "begin");
    if (!begin)
      return fail("slice with bounds that are computed");
    whole.begin.assign(begin->begin(), begin->end());
  } else if (name == "transpose") {
    const auto perm = integers(op, "perm");
    for (auto [axis, from] : llvm::zip(whole.axes, *perm))
      axis.axis = static_cast<int>(from);
  } else if (name == "reverse") {
    const auto axes = integers(op, "axes");
    for (std::int64_t axis : *axes) {
      axis += axis < 0 ? rank : 0;
      whole.begin[axis] = extents[axis] - 1;
      whole.axes[axis].step = -1;
    }
  } else {
    SmallVector<std::pair<int, std::int64_t>> axes;
    if (!readStridedSlice(op, extents, whole.begin, axes))
      return fail("strided_slice with bounds that are computed");
    whole.axes.clear();
    for (auto [axis, step] : axes)
      whole.axes.push_back({axis, step});
  }
  return addView(operand, op.getResult(0), whole);
}

bool RecurrenceAnalysis::addView(Value operand, Value value, const View &view) {
  const ValueInfo &from = info(operand);
  ValueInfo &to = info(value);
  const Extents extents = extentsOf(value);
  const auto strides =
      from.kind == ValueInfo::Kind::Memory ? from.strides : rowMajorStrides(from.extents);
  std::int64_t offset = from.offset;
  for (auto [begin, stride] : llvm::zip(view.begin, strides))
    offset += begin * stride;
  SmallVector<std::int64_t> resultStrides;
  for (const ViewAxis &axis : view.axes)
    resultStrides.push_back(axis.axis < 0 ? 0 : axis.step * strides[axis.axis]);

  if (from.kind == ValueInfo::Kind::Memory) {
    to = from;
    to.root = value;
    to.offset = offset;
    to.strides = resultStrides;
    to.extents.assign(extents.begin(), extents.end());
    return true;
  }
  if (from.kind == ValueInfo::Kind::Inline) {
    if (!from.rowsEqual)
      return fail("part of a value computed from captured ones with a row for each window");
    addInline(value, true);
    plan_.operands[value] = {{from.root, FeatureMap::of(extents, resultStrides, offset)}};
    return true;
  }

  if (from.hasBatch) {
    const bool keepsBatch = !view.axes.empty() && view.axes[0].axis == 0 &&
                            view.axes[0].step == 1 && view.begin[0] == 0 && !extents.empty() &&
                            extents[0] == plan_.batch;
    if (!keepsBatch)
      return fail(opName(*value.getDefiningOp()) + " along the batch");
  }
  const unsigned skipped = from.hasBatch ? 1 : 0;
  const FeatureMap map = FeatureMap::of(extents.drop_front(skipped),
                                        ArrayRef(resultStrides).drop_front(skipped), offset);
  if (map.isShift() && isRecomputable(from.root)) {
    Operand part{from.root, map};
    part.recomputed = true;
    return addRegionValue(value, from.hasBatch, {part});
  }
  // Runs of neighbouring features; few of them are read where they lie.
  constexpr std::size_t mostPieces = 16;
  SmallVector<std::pair<std::int64_t, std::int64_t>> runs;
  for (std::int64_t f = 0; f < map.features && runs.size() <= mostPieces; ++f) {
    const std::int64_t index = map(f);
    if (!runs.empty() && runs.back().first + runs.back().second == index)
      ++runs.back().second;
    else
      runs.push_back({index, 1});
  }
  if (runs.size() > mostPieces)
    return addRegionValue(value, from.hasBatch, {{from.root, map}});

  const Segments base = locate(operand);
  to.kind = ValueInfo::Kind::Tile;
  to.root = value;
  to.isView = true;
  to.hasBatch = from.hasBatch;
  to.extents.assign(extents.begin(), extents.end());
  for (auto [begin, count] : runs) {
    std::int64_t at = 0; // of the first feature of the segment in the operand
    for (const Segment &segment : base) {
      const std::int64_t first = std::max(begin, at);
      const std::int64_t last = std::min(begin + count, at + segment.count);
      if (first < last)
        to.segments.push_back({segment.buffer, segment.begin + first - at, last - first});
      at += segment.count;
    }
  }
  to.ready = to.readyOther = readyOf(to.segments);
  return true;
}

bool RecurrenceAnalysis::visitTile(Operation &op) {
  const auto multiples = integers(op, "multiples");
  if (!multiples)
    return fail("tile with multiples that are computed");
  const ValueInfo &from = info(op.getOperand(0));
  // Each axis counts as two, the copies (stride 0) and the operand's own.
  const auto strides =
      from.kind == ValueInfo::Kind::Memory ? from.strides : rowMajorStrides(from.extents);
  SmallVector<std::int64_t> extents, resultStrides;
  const bool batch = from.hasBatch;
  if (batch && (*multiples)[0] != 1)
    return fail("tile along the batch");
  for (std::size_t i = batch ? 1 : 0; i < strides.size(); ++i) {
    extents.append({(*multiples)[i], from.extents[i]});
    resultStrides.append({0, strides[i]});
  }
  Value value = op.getResult(0);
  const FeatureMap map = FeatureMap::of(extents, resultStrides, from.offset);
  if (from.kind == ValueInfo::Kind::Tile)
    return addRegionValue(value, batch, {{from.root, map}});
  addInline(value, from.extents.empty() || from.extents[0] == 1 || from.rowsEqual);
  plan_.operands[value] = {{from.root, map}};
  return true;
}

bool RecurrenceAnalysis::visitConcat(Operation &op) {
  Value value = op.getResult(0);
  const Extents extents = extentsOf(value);
  const std::int64_t axis = axisOf(op, static_cast<std::int64_t>(extents.size()));
  bool hasBatch = false;
  for (Value operand : op.getOperands())
    hasBatch |= info(operand).hasBatch;
  if (hasBatch && axis == 0)
    return fail(opName(op) + " along the batch");

  SmallVector<Segments> parts;
  SmallVector<std::int64_t> inner; // features of an operand for one index of the axes before `axis`
  for (Value operand : op.getOperands()) {
    const Extents own = extentsOf(operand);
    if (!locateAs(operand, own, hasBatch, parts.emplace_back()))
      return false;
    inner.push_back(product(own.drop_front(axis)));
  }
  const std::int64_t outer = product(extents.take_front(axis).drop_front(hasBatch ? 1 : 0));
  constexpr std::int64_t mostPieces = 64;
  if (outer * static_cast<std::int64_t>(parts.size()) > mostPieces)
    return fail(opName(op) + " along an inner axis of more than " + Twine(mostPieces) + " pieces");

  ValueInfo &to = info(value);
  to.kind = ValueInfo::Kind::Tile;
  to.root = value;
  to.isView = true;
  to.hasBatch = hasBatch;
  to.extents.assign(extents.begin(), extents.end());
  for (std::int64_t o = 0; o < outer; ++o)
    for (auto [part, count] : llvm::zip(parts, inner)) {
      std::int64_t at = 0;
      for (const Segment &segment : part) {
        const std::int64_t first = std::max(o * count, at);
        const std::int64_t last = std::min((o + 1) * count, at + segment.count);
        if (first < last) {
          Segment piece{segment.buffer, segment.begin + first - at, last - first};
          Segment *before = to.segments.empty() ? nullptr : &to.segments.back();
          if (before && before->buffer == piece.buffer &&
              before->begin + before->count == piece.begin)
            before->count += piece.count;
          else
            to.segments.push_back(piece);
        }
        at += segment.count;
      }
    }
  to.ready = to.readyOther = readyOf(to.segments);
  return true;
}

bool RecurrenceAnalysis::visitPad(Operation &op) {
  const auto paddings = integers(op, "paddings");
  Value operand = op.getOperand(0), value = op.getResult(0);
  const ValueInfo &from = info(operand);
  if (!paddings || from.kind != ValueInfo::Kind::Tile)
    return fail("pad of anything but a value computed for each window");
  const Extents extents = extentsOf(value);
  const std::size_t skipped = from.hasBatch ? 1 : 0;
  if (skipped && ((*paddings)[0] != 0 || (*paddings)[1] != 0))
    return fail("pad along the batch");
  const auto strides = rowMajorStrides(Extents(from.extents).drop_front(skipped));
  SmallVector<PadAxis, 2> axes;
  std::int64_t divisor = 1;
  for (std::size_t i = extents.size(); i-- > skipped;) {
    axes.push_back(
        {divisor, extents[i], (*paddings)[2 * i], 1, from.extents[i], strides[i - skipped]});
    divisor *= extents[i];
  }
  return addPadded(value, operand, std::move(axes));
}

bool RecurrenceAnalysis::visitStridedSliceGradient(Operation &op) {
  Value operand = op.getOperand(0), value = op.getResult(0);
  const ValueInfo &from = info(operand);
  const Extents extents = extentsOf(value);
  SmallVector<std::int64_t> begin;
  SmallVector<std::pair<int, std::int64_t>> taken;
  if (from.kind != ValueInfo::Kind::Tile || !readStridedSlice(op, extents, begin, taken))
    return fail("strided_slice_grad of anything but a value computed for each window");
  const std::size_t skipped = from.hasBatch ? 1 : 0;
  if (skipped && (taken.empty() || taken[0] != std::pair(0, std::int64_t{1}) || begin[0] != 0 ||
                  from.extents[0] != extents[0]))
    return fail("strided_slice_grad along the batch");
  const auto strides = rowMajorStrides(from.extents);
  SmallVector<PadAxis, 2> axes;
  std::int64_t divisor = 1;
  for (std::size_t i = extents.size(); i-- > skipped;) {
    PadAxis axis{divisor, extents[i], begin[i], 1, 1, 0}; // one index, where the slice dropped it
    for (std::size_t j = 0; j < taken.size(); ++j)
      if (taken[j].first == static_cast<int>(i)) {
        if (taken[j].second < 0)
          return fail("strided_slice_grad with a negative stride");
        axis.step = taken[j].second;
        axis.operandExtent = from.extents[j];
        axis.operandStride = strides[j];
      }
    axes.push_back(axis);
    divisor *= extents[i];
  }
  return addPadded(value, operand, std::move(axes));
}

bool RecurrenceAnalysis::addPadded(Value value, Value operand, SmallVector<PadAxis, 2> axes) {
  // The map only says which operand: where its features lie is up to the axes.
  const ValueInfo &from = info(operand);
  FeatureMap map;
  for (const PadAxis &axis : axes)
    map.features *= axis.extent;
  map.axes.push_back({1, map.features, 2, true});
  plan_.pads[value] = std::move(axes);
  return addRegionValue(value, from.hasBatch, {{from.root, map}});
}

} // namespace graphc::recurrence
