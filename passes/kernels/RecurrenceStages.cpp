// Stages of a step and the places of values in scratch.
#include "mlir/IR/BuiltinTypes.h"
#include "passes/kernels/KernelFunction.h"
#include "passes/kernels/RecurrenceAnalysis.h"
#include "runtime/VectorWidth.h"

using namespace mlir;

namespace graphc::recurrence {

static bool flag(Operation &op, StringRef name) {
  auto attribute = op.getAttrOfType<BoolAttr>(name);
  return attribute && attribute.getValue();
}

/// Bytes of a vector register of this processor, and how many there are to hold sums in.
static std::pair<std::int64_t, std::int64_t> sumRegisters() {
  return vectorBits() == 512 ? std::pair<std::int64_t, std::int64_t>{64, 24}
                             : std::pair<std::int64_t, std::int64_t>{32, 12};
}

// Three quarters of the registers hold sums. As few blocks as that allows, about as large as each
// other: for each, the left operand is read once more. A column's bits do not depend on which
// columns are computed with it.
static std::int64_t columnBlock(std::int64_t columns, std::int64_t lanes, std::int64_t bytes) {
  const auto [width, count] = sumRegisters();
  const std::int64_t registers = std::max<std::int64_t>(1, lanes * bytes / width);
  const std::int64_t most = std::max<std::int64_t>(1, count / registers);
  columns = std::max<std::int64_t>(1, columns);
  const std::int64_t blocks = (columns + most - 1) / most;
  return (columns + blocks - 1) / blocks;
}

//===--- Places -------------------------------------------------------------------------------===//

std::size_t RecurrenceAnalysis::regionAt(int level, std::int64_t features) {
  auto [known, isNew] = regions_.try_emplace({level, features}, plan_.stages.size());
  if (isNew) {
    Stage stage;
    stage.kind = Stage::Kind::Region;
    stage.level = level;
    stage.features = features;
    plan_.stages.push_back(stage);
  }
  return known->second;
}

int RecurrenceAnalysis::levelFor(const Operand &operand, std::int64_t features) {
  const ValueInfo &from = info(operand.value);
  if (operand.capture >= 0 || from.kind != ValueInfo::Kind::Tile)
    return 0;
  if (operand.recomputed)
    return from.ready;
  if (from.inRegion)
    return from.features() == features && operand.map.isIdentity() ? from.ready : from.readyOther;
  return readyAt_[locateWhole(operand.value).buffer];
}

// A value that only its parts are taken of (the gates before they are split) is computed once all
// the same; one that is also wanted as a whole must be cheap.
bool RecurrenceAnalysis::isRecomputable(Value value) {
  const ValueInfo &from = info(value);
  if (!from.inRegion || !from.segments.empty() || plan_.pads.contains(value))
    return false;
  const auto isPart = [](Operation *user) {
    const StringRef name = user->getName().stripDialect();
    return name == "split" || name == "slice" || name == "unstack";
  };
  const StringRef name = value.getDefiningOp()->getName().stripDialect();
  const bool cheap =
      name == "add" || name == "bias_add" || name == "subtract" || name == "multiply";
  if (!cheap && !llvm::all_of(value.getUsers(), isPart))
    return false;
  return llvm::all_of(plan_.operands.find(value)->second, [&](const Operand &operand) {
    const ValueInfo &next = info(operand.value);
    if (operand.capture >= 0 || next.kind != ValueInfo::Kind::Tile || !next.inRegion)
      return true;
    return operand.map.isIdentity() && next.features() == from.features() &&
           operand.value.hasOneUse() && isRecomputable(operand.value);
  });
}

void RecurrenceAnalysis::addRecomputedReads(Stage &stage, Value value) {
  const int level = stage.level;
  const std::int64_t features = stage.features;
  for (const Operand &operand : plan_.operands.find(value)->second) {
    const ValueInfo &next = info(operand.value);
    Stage &self = plan_.stages[regionAt(level, features)];
    if (operand.capture >= 0 || next.kind != ValueInfo::Kind::Tile) {
      addRead(self, operand);
    } else if (next.inRegion) {
      addRecomputedReads(self, operand.value);
    } else {
      self.needsScalarFeatures |= !operand.map.isShift() && !operand.map.isConstant();
      const Segment place = locateWhole(operand.value);
      plan_.stages[regionAt(level, features)].reads.push_back({place.buffer, false});
    }
  }
}

void RecurrenceAnalysis::addRead(Stage &stage, const Operand &operand) {
  const ValueInfo &from = info(operand.value);
  if (operand.recomputed)
    return addRecomputedReads(stage, operand.value);
  if (!operand.map.isShift() && !operand.map.isConstant())
    stage.needsScalarFeatures = true;
  if (operand.capture >= 0 || from.kind != ValueInfo::Kind::Tile) {
    // Inline values may have index maps of their own.
    SmallVector<Value> work = {operand.value};
    while (operand.capture < 0 && !work.empty()) {
      auto inner = plan_.operands.find(work.pop_back_val());
      if (inner == plan_.operands.end())
        continue;
      for (const Operand &next : inner->second) {
        if (!next.map.isShift() && !next.map.isConstant())
          stage.needsScalarFeatures = true;
        work.push_back(next.value);
      }
    }
    return;
  }
  if (from.inRegion && from.ready == stage.level && from.features() == stage.features &&
      operand.map.isIdentity())
    return;
  const int level = stage.level;
  const std::int64_t features = stage.features;
  const Segment place = locateWhole(operand.value);
  // Locating may have added a stage and moved this one.
  Stage &self = plan_.stages[regionAt(level, features)];
  self.reads.push_back(
      {place.buffer, operand.map.isShift() && place.begin + operand.map.offset == 0});
}

int RecurrenceAnalysis::readyOf(const Segments &segments) const {
  int level = 0;
  for (const Segment &segment : segments)
    level = std::max(level, readyAt_[segment.buffer]);
  return level;
}

Segments RecurrenceAnalysis::locate(Value value) {
  Value root = info(value).root;
  ValueInfo &rootInfo = info(root);
  if (!rootInfo.segments.empty())
    return rootInfo.segments;
  const std::int64_t features = rootInfo.features();
  const int buffer = addBuffer(elementOf(root), features);
  readyAt_[buffer] = rootInfo.readyOther;
  rootInfo.segments = {{buffer, 0, features}};
  Stage &stage = plan_.stages[regionAt(rootInfo.ready, features)];
  stage.stores.push_back({{root, FeatureMap::of({features}, {1}), -1}, buffer});
  stage.writes.push_back(buffer);
  return rootInfo.segments;
}

Segment RecurrenceAnalysis::locateWhole(Value value) {
  const Segments segments = locate(value);
  if (segments.size() == 1)
    return segments[0];
  Value root = info(value).root;
  if (auto known = plan_.assembled.find(root); known != plan_.assembled.end())
    return {known->second, 0, plan_.buffers[known->second].features};
  Stage stage;
  stage.kind = Stage::Kind::Assemble;
  stage.level = readyOf(segments);
  stage.pieces = segments;
  stage.assembled = addBuffer(elementOf(root), info(root).features());
  readyAt_[stage.assembled] = stage.level + 1;
  for (const Segment &segment : segments)
    stage.reads.push_back({segment.buffer, false});
  stage.writes.push_back(stage.assembled);
  plan_.assembled[root] = stage.assembled;
  const Segment whole{stage.assembled, 0, info(root).features()};
  plan_.stages.push_back(std::move(stage));
  return whole;
}

bool RecurrenceAnalysis::locateUniform(Value value, Extents extents, bool hasBatch,
                                       Segments &segments) {
  Operand operand;
  if (!makeOperand(value, extents, hasBatch, operand))
    return false;
  const std::int64_t features = operand.map.features;
  if (operand.capture >= 0 && operand.map.isIdentity()) {
    segments = {{plan_.captures[operand.capture].buffer, 0, features}};
    return true;
  }
  auto [known, isNew] = uniformLanes_.try_emplace({value, features}, -1);
  if (isNew) {
    const int buffer = known->second = addBuffer(elementOf(value), features);
    readyAt_[buffer] = 1;
    Stage &stage = plan_.stages[regionAt(0, features)];
    stage.stores.push_back({operand, buffer});
    stage.writes.push_back(buffer);
    addRead(stage, operand);
  }
  segments = {{known->second, 0, features}};
  return true;
}

bool RecurrenceAnalysis::locateAs(Value value, Extents extents, bool hasBatch, Segments &segments) {
  const ValueInfo &from = info(value);
  if (from.kind != ValueInfo::Kind::Tile)
    return locateUniform(value, extents, hasBatch, segments);
  if (from.hasBatch != hasBatch && (!hasBatch || from.extents.empty() || from.extents[0] != 1))
    return fail("a value without a batch where one with a batch is needed");
  segments = locate(value);
  return true;
}

void RecurrenceAnalysis::addStageResult(Value value, bool hasBatch, int level, int buffer) {
  ValueInfo &to = info(value);
  to.kind = ValueInfo::Kind::Tile;
  to.root = value;
  to.hasBatch = hasBatch;
  to.extents.assign(extentsOf(value).begin(), extentsOf(value).end());
  to.segments = {{buffer, 0, to.features()}};
  to.ready = to.readyOther = readyAt_[buffer] = level + 1;
}

//===--- Regions ------------------------------------------------------------------------------===//

void RecurrenceAnalysis::listRegion(const Stage &stage, Value value,
                                    llvm::SetVector<Value> &values) {
  auto operands = plan_.operands.find(value);
  if (values.contains(value) || operands == plan_.operands.end())
    return;
  for (const Operand &operand : operands->second) {
    const ValueInfo &from = info(operand.value);
    if (operand.capture < 0 && !operand.recomputed && from.inRegion && from.ready == stage.level &&
        from.features() == stage.features && operand.map.isIdentity())
      listRegion(stage, operand.value, values);
  }
  values.insert(value);
}

// A processor looks some hundred instructions ahead. In one loop over all of a cell's math they are
// less than an iteration, and chains of dependent instructions are waited for; in loops over one
// activation each, many iterations overlap.
void RecurrenceAnalysis::splitRegions() {
  static constexpr llvm::StringLiteral dear[] = {"tanh", "sigmoid",  "exp",
                                                 "log",  "softplus", "pow"};
  for (Stage &stage : plan_.stages) {
    if (stage.kind != Stage::Kind::Region)
      continue;
    llvm::SetVector<Value> values;
    for (const Store &store : stage.stores)
      if (!store.operand.recomputed && store.operand.map.isIdentity() &&
          info(store.operand.value).inRegion)
        listRegion(stage, store.operand.value, values);
    values.remove_if([&](Value value) {
      return !llvm::is_contained(dear, value.getDefiningOp()->getName().stripDialect());
    });
    if (values.size() < 2)
      continue;
    for (Value value : values) {
      Apart apart{value, {}};
      llvm::erase_if(stage.stores, [&](const Store &store) {
        const bool isWhole = store.operand.value == value && !store.operand.recomputed;
        if (isWhole)
          apart.buffers.push_back(store.buffer);
        return isWhole;
      });
      // Read back from scratch rather than from a sequence.
      llvm::stable_sort(apart.buffers, [&](int a, int b) {
        return plan_.buffers[a].kernelBuffer < plan_.buffers[b].kernelBuffer;
      });
      if (apart.buffers.empty() || plan_.buffers[apart.buffers[0]].kernelBuffer >= 0) {
        const int buffer = addBuffer(elementOf(value), stage.features);
        apart.buffers.insert(apart.buffers.begin(), buffer);
        stage.writes.push_back(buffer);
      }
      stage.apart.push_back(std::move(apart));
    }
  }
}

//===--- Stages of their own ------------------------------------------------------------------===//

bool RecurrenceAnalysis::visitProduct(Operation &op) {
  Value a = op.getOperand(0), b = op.getOperand(1), value = op.getResult(0);
  const ValueInfo &left = info(a), &right = info(b);
  const Extents leftExtents = extentsOf(a), extents = extentsOf(value);
  const bool batchMemory = isBatchMemory(left, 2);
  if (right.kind == ValueInfo::Kind::Tile)
    return fail(right.hasBatch ? "matmul of two batched values"
                               : "matmul whose right operand is computed in the body");
  if (right.kind == ValueInfo::Kind::Inline)
    return fail("matmul whose right operand is computed in the body");
  if (leftExtents.size() != 2 || right.extents.size() != 2)
    return fail("matmul of rank " + Twine(std::max(leftExtents.size(), right.extents.size())));
  if (flag(op, "transpose_a") && (left.hasBatch || batchMemory))
    return fail("matmul that sums over the batch");
  const Type element = elementOf(value);
  if (!element.isF32() && !element.isF64())
    return fail("matmul of integers");
  const bool rows =
      left.kind == ValueInfo::Kind::Inline && left.rowsEqual && leftExtents[0] == plan_.batch;
  const bool hasBatch = left.hasBatch || batchMemory || rows;
  if (!hasBatch && (leftExtents[0] != 1 || flag(op, "transpose_a")))
    return fail("matmul of captured values");

  Stage stage;
  stage.kind = Stage::Kind::Product;
  stage.op = &op;
  Product &product = stage.product;
  if (!locateAs(a, leftExtents, hasBatch, product.left))
    return false;
  product.depth = leftExtents[1];
  product.columns = extents[1];
  product.source = right.source;
  product.offset = right.offset;
  const bool transposed = flag(op, "transpose_b");
  product.depthStride = right.strides[transposed ? 1 : 0];
  product.columnStride = right.strides[transposed ? 0 : 1];
  product.block = columnBlock(product.columns, plan_.lanes, elementBytes(element));
  pack(product);
  if (op.getNumOperands() > 2) {
    product.hasBias = true;
    if (isTile(op.getOperand(2)))
      return fail("fused_matmul whose bias is computed in the body");
    if (!makeOperand(op.getOperand(2), extents, hasBatch, product.bias))
      return false;
  }
  if (auto activation = op.getAttrOfType<StringAttr>("activation");
      activation && activation.getValue() != "none")
    product.activation = activation.str();
  product.result = addBuffer(element, product.columns);
  stage.level = readyOf(product.left);
  for (const Segment &segment : product.left)
    stage.reads.push_back({segment.buffer, false});
  stage.writes.push_back(product.result);
  addStageResult(value, hasBatch, stage.level, product.result);
  plan_.stages.push_back(std::move(stage));
  return true;
}

// A block of columns is a few floats out of each row of the matrix: from a large one, every row's
// part comes from a cache line and a page of its own, of which the most is used only after it is
// gone. The copy is read from one end to the other.
void RecurrenceAnalysis::pack(Product &product) {
  constexpr std::int64_t least = 64 * 1024; // bytes; below, a first-level cache has it all
  constexpr std::int64_t fewestSteps = 8;   // that make up for the copying
  const Source &source = plan_.sources[product.source];
  std::int64_t elements = product.depth * product.columns;
  const bool isLarge = elements * elementBytes(source.element) > least;
  // With one window, rows of odd places: each vector would be in two cache lines.
  const bool isWorth = plan_.lanes > 1             ? isLarge
                       : product.columnStride == 1 ? !isLarge && product.columns % rowVector() != 0
                                                   : true;
  if (plan_.steps < fewestSteps || source.kind != Source::Kind::Input || !isWorth)
    return;
  if (plan_.lanes == 1) {
    product.packedRow = (product.columns + rowVector() - 1) / rowVector() * rowVector();
    elements = product.depth * product.packedRow;
  }
  for (const Stage &stage : plan_.stages) {
    const Product &other = stage.product;
    if (stage.kind == Stage::Kind::Product && other.packed >= 0 && other.source == product.source &&
        other.offset == product.offset && other.depth == product.depth &&
        other.columns == product.columns && other.depthStride == product.depthStride &&
        other.columnStride == product.columnStride)
      product.packed = other.packed;
  }
  if (product.packed >= 0)
    return;
  product.packed = addBuffer(source.element, elements, /*uniform=*/true);
  plan_.buffers[product.packed].persistent = true;
}

bool RecurrenceAnalysis::visitReduction(Operation &op) {
  Value operand = op.getOperand(0), value = op.getResult(0);
  const ValueInfo from = info(operand);
  SmallVector<bool> reduced(from.extents.size(), true);
  if (auto axes = op.getAttrOfType<DenseI64ArrayAttr>("axes")) {
    reduced.assign(from.extents.size(), false);
    for (std::int64_t axis : axes.asArrayRef())
      reduced[axis < 0 ? axis + from.extents.size() : axis] = true;
  }
  if (from.hasBatch && reduced[0])
    return fail(op.getName().stripDialect() + " over the batch");

  Stage stage;
  stage.kind = Stage::Kind::Reduction;
  stage.op = &op;
  if (from.kind == ValueInfo::Kind::Tile) {
    stage.reduction.operand = locateWhole(operand);
  } else {
    Segments segments;
    if (!locateUniform(operand, from.extents, /*hasBatch=*/false, segments))
      return false;
    stage.reduction.operand = segments[0];
  }
  const std::size_t skipped = from.hasBatch ? 1 : 0;
  const Extents features = Extents(from.extents).drop_front(skipped);
  const auto strides = rowMajorStrides(features);
  SmallVector<std::int64_t> keptExtents, keptStrides, termExtents, termStrides;
  for (std::size_t i = 0; i < features.size(); ++i) {
    (reduced[i + skipped] ? termExtents : keptExtents).push_back(features[i]);
    (reduced[i + skipped] ? termStrides : keptStrides).push_back(strides[i]);
  }
  stage.reduction.results = product(keptExtents);
  stage.reduction.terms = product(termExtents);
  stage.reduction.resultMap = FeatureMap::of(keptExtents, keptStrides);
  stage.reduction.termMap = FeatureMap::of(termExtents, termStrides);
  stage.reduction.result = addBuffer(elementOf(value), stage.reduction.results);
  stage.level = readyAt_[stage.reduction.operand.buffer];
  stage.reads.push_back({stage.reduction.operand.buffer, false});
  stage.writes.push_back(stage.reduction.result);
  addStageResult(value, from.hasBatch, stage.level, stage.reduction.result);
  plan_.stages.push_back(std::move(stage));
  return true;
}

bool RecurrenceAnalysis::visitRandom(Operation &op) {
  Value value = op.getResult(0);
  const Extents extents = extentsOf(value);
  if (extents.size() < 2 || extents[0] != plan_.batch)
    return fail("random_uniform without a row for each window");
  Stage stage;
  stage.kind = Stage::Kind::Random;
  stage.op = &op;
  stage.random.columns = extents.back();
  stage.random.rows = product(extents.drop_front().drop_back());
  const std::int64_t features = stage.random.rows * stage.random.columns;
  stage.random.result = addBuffer(elementOf(value), features + 3);
  stage.writes.push_back(stage.random.result);
  addStageResult(value, /*hasBatch=*/true, 0, stage.random.result);
  plan_.stages.push_back(std::move(stage));
  return true;
}

} // namespace graphc::recurrence
