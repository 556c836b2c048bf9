// What each op of a recurrence's body becomes: a view, a value computed inline or in a loop over
// features, or a stage of its own.
#include "mlir/IR/BuiltinTypes.h"
#include "passes/kernels/RecurrenceAnalysis.h"
#include "passes/kernels/RecurrenceArithmetic.h"

using namespace mlir;

namespace graphc::recurrence {

static StringRef opName(Operation &op) { return op.getName().stripDialect(); }

bool RecurrenceAnalysis::visit(Operation &op) {
  const StringRef name = opName(op);
  if (isElementwise(name))
    return visitElementwise(op);
  if (name == "constant")
    return visitConstant(op);
  if (name == "step_index" || name == "zeros_like" || name == "ones_like") {
    addInline(op.getResult(0), true);
    return true;
  }
  if (name == "identity" || name == "stop_gradient" || name == "reshape" || name == "expand_dims" ||
      name == "squeeze")
    return visitReshape(op);
  if (name == "slice" || name == "split" || name == "unstack" || name == "strided_slice" ||
      name == "transpose" || name == "reverse")
    return visitViewOp(op);
  if (name == "broadcast_to" || name == "fill")
    return addComputed(op.getResult(0), op.getOperand(0));
  if (name == "tile")
    return visitTile(op);
  if (name == "concat" || name == "stack")
    return visitConcat(op);
  if (name == "pad")
    return visitPad(op);
  if (name == "strided_slice_grad")
    return visitStridedSliceGradient(op);
  if (name == "matmul" || name == "fused_matmul")
    return visitProduct(op);
  if (name.starts_with("reduce_"))
    return visitReduction(op);
  if (name == "random_uniform")
    return visitRandom(op);
  return fail(name + " in a recurrence");
}

bool RecurrenceAnalysis::visitElementwise(Operation &op) {
  if (const std::string why = whyNoElementwise(&op); !why.empty())
    return fail(why);
  const SmallVector<Value> operands(op.getOperands());
  return addComputed(op.getResult(0), operands);
}

bool RecurrenceAnalysis::visitConstant(Operation &op) {
  auto elements = dyn_cast<DenseElementsAttr>(op.getAttr("value"));
  if (!elements)
    return fail("a constant whose elements are not at hand");
  if (elements.isSplat()) {
    addInline(op.getResult(0), true);
    return true;
  }
  ValueInfo &result = info(op.getResult(0));
  result.kind = ValueInfo::Kind::Memory;
  result.root = op.getResult(0);
  result.extents.assign(elements.getType().getShape().begin(), elements.getType().getShape().end());
  result.strides = rowMajorStrides(result.extents);
  result.source = static_cast<int>(plan_.sources.size());
  Source source;
  source.kind = Source::Kind::Constant;
  source.element = elements.getElementType();
  source.elements = elements.getNumElements();
  source.constant = elements;
  plan_.sources.push_back(source);
  return true;
}

void RecurrenceAnalysis::addInline(Value value, bool rowsEqual) {
  ValueInfo &to = info(value);
  to.kind = ValueInfo::Kind::Inline;
  to.root = value;
  to.rowsEqual = rowsEqual;
  to.extents.assign(extentsOf(value).begin(), extentsOf(value).end());
}

bool RecurrenceAnalysis::isBatchMemory(const ValueInfo &valueInfo, std::size_t rank) const {
  return valueInfo.kind == ValueInfo::Kind::Memory && valueInfo.extents.size() == rank &&
         rank > 0 && plan_.batch > 1 && valueInfo.extents[0] == plan_.batch &&
         valueInfo.strides[0] != 0 &&
         (plan_.sources[valueInfo.source].kind == Source::Kind::Input ||
          plan_.sources[valueInfo.source].kind == Source::Kind::Constant);
}

bool RecurrenceAnalysis::addComputed(Value value, ArrayRef<Value> operands) {
  const Extents extents = extentsOf(value);
  bool tile = false, hasBatch = false, rowsEqual = true;
  for (Value operand : operands) {
    const ValueInfo &from = info(operand);
    tile |= from.kind == ValueInfo::Kind::Tile;
    hasBatch |= from.hasBatch;
  }
  for (Value operand : operands) {
    const ValueInfo &from = info(operand);
    // Captured values with a row for each window. One of rank 1 is taken for a row of features,
    // unless it meets a value that does have a batch.
    if (isBatchMemory(from, extents.size()) && (extents.size() > 1 || hasBatch))
      tile = hasBatch = true;
    if (tile && !from.extents.empty() && from.kind == ValueInfo::Kind::Inline &&
        from.extents.size() == extents.size() && extents.size() > 1 && plan_.batch > 1 &&
        from.extents[0] == plan_.batch)
      hasBatch = true;
    rowsEqual &= from.extents.size() < extents.size() || extents.empty() || from.extents[0] == 1 ||
                 (from.kind == ValueInfo::Kind::Inline && from.rowsEqual);
  }
  SmallVector<Operand, 2> made;
  for (Value operand : operands)
    if (!makeOperand(operand, extents, hasBatch, made.emplace_back()))
      return false;
  if (tile)
    return addRegionValue(value, hasBatch, std::move(made));
  addInline(value, rowsEqual);
  plan_.operands[value] = std::move(made);
  return true;
}

bool RecurrenceAnalysis::makeOperand(Value value, Extents extents, bool hasBatch,
                                     Operand &operand) {
  const ValueInfo &from = info(value);
  operand.value = from.root;
  const Extents features = extents.drop_front(hasBatch ? 1 : 0);
  Extents own = from.extents;
  SmallVector<std::int64_t> strides = from.kind == ValueInfo::Kind::Memory
                                          ? from.strides
                                          : rowMajorStrides(own.drop_front(from.hasBatch ? 1 : 0));
  std::int64_t offset = from.kind == ValueInfo::Kind::Memory ? from.offset : 0;
  if (from.hasBatch) {
    if (!hasBatch || own.size() != extents.size())
      return fail("the batch broadcast along another axis");
    own = own.drop_front();
  } else if (hasBatch && own.size() == extents.size()) {
    const bool isInline = from.kind == ValueInfo::Kind::Inline;
    if (isBatchMemory(from, own.size()) || (isInline && own[0] != 1 && !from.rowsEqual)) {
      operand = captureOperand(value, features);
      return true;
    }
    if (own[0] != 1 && !isInline && from.strides[0] != 0)
      return fail("rows for each window in a sequence or state without a batch");
    own = own.drop_front();
    strides = from.kind == ValueInfo::Kind::Memory
                  ? SmallVector<std::int64_t>(ArrayRef(strides).drop_front())
                  : rowMajorStrides(own);
  }
  // Aligned at the last axis; extent 1 is broadcast.
  SmallVector<std::int64_t> aligned(features.size(), 0);
  const std::size_t shift = features.size() - own.size();
  for (std::size_t i = 0; i < own.size(); ++i)
    if (own[i] != 1)
      aligned[i + shift] = strides[i];
  operand.map = FeatureMap::of(features, aligned, offset);
  return true;
}

Operand RecurrenceAnalysis::captureOperand(Value value, Extents features) {
  const ValueInfo &from = info(value);
  const Extents own = Extents(from.extents).drop_front();
  auto [known, isNew] = captureOf_.try_emplace(value, static_cast<int>(plan_.captures.size()));
  if (isNew) {
    BatchCapture capture;
    if (from.kind == ValueInfo::Kind::Inline) {
      capture.value = from.root;
      capture.rowStride = product(own);
      capture.map = FeatureMap::of(own, rowMajorStrides(own));
    } else {
      capture.source = from.source;
      capture.rowStride = from.strides[0];
      capture.map = FeatureMap::of(own, ArrayRef(from.strides).drop_front(), from.offset);
    }
    capture.buffer = addBuffer(elementOf(value), product(own));
    plan_.buffers[capture.buffer].persistent = true;
    plan_.captures.push_back(capture);
  }
  const auto strides = rowMajorStrides(own);
  SmallVector<std::int64_t> aligned(features.size(), 0);
  const std::size_t shift = features.size() - own.size();
  for (std::size_t i = 0; i < own.size(); ++i)
    if (own[i] != 1)
      aligned[i + shift] = strides[i];
  Operand operand;
  operand.value = value;
  operand.map = FeatureMap::of(features, aligned);
  operand.capture = known->second;
  return operand;
}

bool RecurrenceAnalysis::addRegionValue(Value value, bool hasBatch,
                                        SmallVector<Operand, 2> operands) {
  ValueInfo &to = info(value);
  to.kind = ValueInfo::Kind::Tile;
  to.root = value;
  to.hasBatch = hasBatch;
  to.extents.assign(extentsOf(value).begin(), extentsOf(value).end());
  to.inRegion = true;
  const std::int64_t features = to.features();
  int level = 0;
  for (const Operand &operand : operands)
    level = std::max(level, levelFor(operand, features));
  to.ready = level;
  to.readyOther = level + 1;
  const std::size_t region = regionAt(level, features);
  for (const Operand &operand : operands)
    addRead(plan_.stages[region], operand);
  plan_.stages[region].needsScalarFeatures |= plan_.pads.contains(value);
  plan_.operands[value] = std::move(operands);
  return true;
}

} // namespace graphc::recurrence
