#include "passes/kernels/RecurrenceAnalysis.h"

#include <algorithm>
#include <numeric>

#include "mlir/IR/BuiltinTypes.h"
#include "passes/kernels/KernelFunction.h"
#include "passes/kernels/KernelGenerator.h"
#include "passes/kernels/RecurrenceEnds.h"
#include "runtime/VectorWidth.h"

using namespace mlir;

namespace graphc::recurrence {

ArrayRef<std::int64_t> extentsOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

Type elementOf(Value value) { return cast<TensorType>(value.getType()).getElementType(); }

std::int64_t product(ArrayRef<std::int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies<>());
}

SmallVector<std::int64_t> rowMajorStrides(ArrayRef<std::int64_t> extents) {
  SmallVector<std::int64_t> strides(extents.size());
  std::int64_t stride = 1;
  for (std::size_t i = extents.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= extents[i];
  }
  return strides;
}

bool RecurrenceAnalysis::fail(const Twine &why) {
  if (why_.empty())
    why_ = why.str();
  return false;
}

static bool isStatic(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getNumElements() > 0;
}

bool RecurrenceAnalysis::readFrame() {
  Operation *first = kernelBody_.empty() ? nullptr : &kernelBody_.front();
  if (!first || first->getName().getStringRef() != "graph.static_rnn" || !first->getNextNode() ||
      first->getNextNode()->getName().getStringRef() != "graph.yield")
    return fail("a body of anything but one static_rnn and the yield of its results");
  rnn_ = first;
  body_ = &rnn_->getRegion(0).front();
  for (Value operand : rnn_->getOperands())
    if (auto argument = dyn_cast<BlockArgument>(operand);
        !argument || argument.getOwner() != &kernelBody_)
      return fail("a static_rnn whose operands are not the kernel's inputs");

  auto segments = rnn_->getAttrOfType<DenseI32ArrayAttr>("operandSegmentSizes");
  numSequences_ = segments[0];
  numStates_ = segments[1];
  numCaptured_ = segments[2];
  numOutputs_ = rnn_->getNumResults() - numStates_;
  plan_.steps = rnn_->getAttrOfType<IntegerAttr>("steps").getInt();
  auto reverse = rnn_->getAttrOfType<BoolAttr>("reverse");
  plan_.reverse = reverse && reverse.getValue();
  plan_.stepOfCall = rnn_->hasAttr(kStepOfCall);
  if (const std::optional<std::int64_t> number = sequenceLengths(rnn_)) {
    Value operand = *number < rnn_->getNumOperands()
                        ? rnn_->getOperand(static_cast<unsigned>(*number))
                        : Value();
    if (!operand || !elementOf(operand).isInteger(32) ||
        extentsOf(operand) != Extents{tilingOf(rnn_).batch})
      return fail("sequence_lengths that name no operand with an int32 for each window");
    plan_.lengths = static_cast<int>(cast<BlockArgument>(operand).getArgNumber());
  }

  Operation *yield = rnn_->getNextNode();
  const unsigned numInputs = kernelBody_.getNumArguments();
  plan_.numKernelBuffers = numInputs + yield->getNumOperands();
  resultBuffers_.resize(rnn_->getNumResults());
  for (OpOperand &operand : yield->getOpOperands()) {
    if (operand.get().getDefiningOp() != rnn_)
      return fail("a body that yields something else than the static_rnn's results");
    resultBuffers_[cast<OpResult>(operand.get()).getResultNumber()].push_back(
        numInputs + operand.getOperandNumber());
  }

  bool known = llvm::all_of(rnn_->getOperands(), isStatic) &&
               llvm::all_of(rnn_->getResults(), isStatic) &&
               llvm::all_of(body_->getArguments(), isStatic);
  for (Operation &op : *body_)
    known &= llvm::all_of(op.getResults(), isStatic);
  if (!known)
    return fail("unknown extents");
  return true;
}

bool RecurrenceAnalysis::chooseTiling() {
  const RecurrenceTiling tiling = tilingOf(rnn_);
  if (tiling.batch == 0)
    return fail("sequences and states without a batch");
  plan_.batch = tiling.batch;
  plan_.lanes = tiling.lanes;
  return true;
}

void RecurrenceAnalysis::findLive() {
  Operation *yield = body_->getTerminator();
  liveStates_.assign(numStates_, false);
  SmallVector<Value> work;
  const auto require = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (op ? liveOps_.insert(op).second : liveArguments_.insert(value).second)
      work.push_back(value);
  };
  const auto requireState = [&](unsigned state) {
    if (liveStates_[state])
      return;
    liveStates_[state] = true;
    require(yield->getOperand(numOutputs_ + state));
  };
  for (unsigned i = 0; i < rnn_->getNumResults(); ++i)
    if (!resultBuffers_[i].empty()) {
      if (i < numOutputs_)
        require(yield->getOperand(i));
      else
        requireState(i - numOutputs_);
    }
  while (!work.empty()) {
    const Value value = work.pop_back_val();
    if (Operation *op = value.getDefiningOp()) {
      for (Value operand : op->getOperands())
        require(operand);
    } else {
      const unsigned number = cast<BlockArgument>(value).getArgNumber();
      if (number >= numSequences_ && number < numSequences_ + numStates_)
        requireState(number - numSequences_);
    }
  }
}

int RecurrenceAnalysis::addBuffer(Type element, std::int64_t features, bool uniform) {
  TileBuffer buffer;
  buffer.element = element;
  buffer.features = features;
  buffer.uniform = uniform;
  plan_.buffers.push_back(buffer);
  readyAt_.push_back(0);
  return static_cast<int>(plan_.buffers.size()) - 1;
}

bool RecurrenceAnalysis::addArguments() {
  stateBuffers_.assign(numStates_, -1);
  for (BlockArgument argument : body_->getArguments()) {
    const unsigned number = argument.getArgNumber();
    const bool isSequence = number < numSequences_;
    const bool isState = !isSequence && number < numSequences_ + numStates_;
    if (isState ? !liveStates_[number - numSequences_] || stateSums_[number - numSequences_]
                : !liveArguments_.contains(argument))
      continue;
    const unsigned input = cast<BlockArgument>(rnn_->getOperand(number)).getArgNumber();
    ValueInfo &argumentInfo = info(argument);
    argumentInfo.root = argument;
    argumentInfo.extents.assign(extentsOf(argument).begin(), extentsOf(argument).end());
    const Extents extents = argumentInfo.extents;
    const Type element = elementOf(argument);

    if ((isSequence || isState) && !extents.empty() && extents[0] == plan_.batch) {
      argumentInfo.kind = ValueInfo::Kind::Tile;
      argumentInfo.hasBatch = true;
      const std::int64_t features = argumentInfo.features();
      const int buffer = addBuffer(element, features);
      argumentInfo.segments = {{buffer, 0, features}};
      RowTransfer transfer{input, argumentInfo.segments, features, isSequence};
      if (isState) {
        plan_.buffers[buffer].persistent = true;
        stateBuffers_[number - numSequences_] = buffer;
        plan_.initialStates.push_back(transfer);
      } else if (isTiled(kTiledSequences, number) || plan_.batch == 1) {
        // A single row is its own tile.
        plan_.buffers[buffer].kernelBuffer = static_cast<int>(input);
        plan_.tiled.push_back({buffer, /*read=*/true});
      } else {
        plan_.sequences.push_back(transfer);
      }
      continue;
    }

    argumentInfo.kind = ValueInfo::Kind::Memory;
    argumentInfo.strides = rowMajorStrides(extents);
    argumentInfo.source = static_cast<int>(plan_.sources.size());
    Source source;
    source.element = element;
    source.input = input;
    source.elements = product(extents);
    source.kind = isSequence ? Source::Kind::Sequence : Source::Kind::Input;
    if (isState) {
      source.kind = Source::Kind::State;
      source.buffer = addBuffer(element, source.elements, /*uniform=*/true);
      plan_.buffers[source.buffer].persistent = true;
    }
    plan_.sources.push_back(source);
  }
  return true;
}

bool RecurrenceAnalysis::isTiled(StringRef attribute, unsigned number) const {
  auto numbers = rnn_->getAttrOfType<DenseI64ArrayAttr>(attribute);
  return numbers && llvm::is_contained(numbers.asArrayRef(), number);
}

bool RecurrenceAnalysis::addTiledOutput(Value value, unsigned result) {
  Copy copy;
  const Extents extents = extentsOf(value);
  if (!locateAs(value, extents, /*hasBatch=*/true, copy.from))
    return false;
  for (unsigned output : resultBuffers_[result]) {
    copy.to = addBuffer(elementOf(value), product(extents.drop_front()));
    plan_.buffers[copy.to].kernelBuffer = static_cast<int>(output);
    plan_.tiled.push_back({copy.to, /*read=*/false});
    plan_.outputCopies.push_back(copy);
  }
  return true;
}

bool RecurrenceAnalysis::addOutput(Value value, unsigned result) {
  if (isTiled(kTiledOutputs, result))
    return addTiledOutput(value, result);
  const ValueInfo &valueInfo = info(value);
  if (valueInfo.hasBatch) {
    const Segments segments = locate(value);
    for (unsigned buffer : resultBuffers_[result])
      plan_.outputs.push_back({buffer, segments, valueInfo.features(), /*sequence=*/true});
    return true;
  }
  UniformTransfer transfer;
  transfer.kernelBuffers = resultBuffers_[result];
  transfer.value = valueInfo.root;
  transfer.elements = product(valueInfo.extents);
  const auto strides = valueInfo.kind == ValueInfo::Kind::Memory
                           ? valueInfo.strides
                           : rowMajorStrides(valueInfo.extents);
  transfer.map = FeatureMap::of(valueInfo.extents, strides, valueInfo.offset);
  transfer.sequence = true;
  if (valueInfo.kind == ValueInfo::Kind::Tile)
    locateWhole(value);
  plan_.uniformOutputs.push_back(transfer);
  return true;
}

bool RecurrenceAnalysis::addNewState(Value value, unsigned state) {
  BlockArgument argument = body_->getArgument(numSequences_ + state);
  ValueInfo &argumentInfo = info(argument);
  const ArrayRef<unsigned> results = resultBuffers_[numOutputs_ + state];
  const bool unchanged = info(value).root == argument;

  if (argumentInfo.kind == ValueInfo::Kind::Tile) {
    const int buffer = stateBuffers_[state];
    const std::int64_t features = argumentInfo.features();
    for (unsigned result : results)
      plan_.finalStates.push_back({result, {{buffer, 0, features}}, features, false});
    if (unchanged)
      return true;
    Segments segments;
    if (!locateAs(value, argumentInfo.extents, /*hasBatch=*/true, segments))
      return false;
    plan_.stateCopies.push_back({segments, buffer});
    return true;
  }

  const Source &source = plan_.sources[argumentInfo.source];
  UniformState uniform;
  uniform.input = source.input;
  uniform.buffer = source.buffer;
  uniform.elements = source.elements;
  if (!unchanged) {
    if (info(value).hasBatch)
      return fail("a state without a batch that becomes a value with one");
    Operand operand;
    if (!makeOperand(value, argumentInfo.extents, /*hasBatch=*/false, operand))
      return false;
    if (isTile(value))
      locateWhole(value);
    uniform.value = operand.value;
    uniform.map = operand.map;
    uniform.next = addBuffer(source.element, source.elements, /*uniform=*/true);
    plan_.buffers[uniform.next].persistent = true;
  }
  plan_.uniformStates.push_back(uniform);
  if (!results.empty()) {
    UniformTransfer transfer;
    transfer.kernelBuffers.assign(results.begin(), results.end());
    transfer.elements = source.elements;
    transfer.buffer = source.buffer;
    plan_.uniformFinals.push_back(transfer);
  }
  return true;
}

bool RecurrenceAnalysis::addYields() {
  Operation *yield = body_->getTerminator();
  for (unsigned i = 0; i < numOutputs_; ++i)
    if (!resultBuffers_[i].empty() && !addOutput(yield->getOperand(i), i))
      return false;
  for (unsigned i = 0; i < numStates_; ++i)
    if (liveStates_[i] && !(stateSums_[i] ? addSummedState(*stateSums_[i], i)
                                          : addNewState(yield->getOperand(numOutputs_ + i), i)))
      return false;
  return true;
}

void RecurrenceAnalysis::findSums() {
  for (unsigned i = 0; i < numStates_; ++i) {
    stateSums_.push_back(matchStateSum(rnn_, i));
    if (!stateSums_[i])
      continue;
    summing_.insert(stateSums_[i]->terms.begin(), stateSums_[i]->terms.end());
    summing_.insert(stateSums_[i]->links.begin(), stateSums_[i]->links.end());
  }
  // About as many windows as make reading and writing the sums cheap beside adding to them.
  constexpr std::int64_t windows = 64;
  plan_.collectedSteps = std::max<std::int64_t>(1, windows / plan_.lanes);
}

int RecurrenceAnalysis::collect(Value value, bool transposed) {
  Value root = info(value).root;
  auto [known, isNew] = collectedOf_.try_emplace({root, int{transposed}}, -1);
  if (!isNew)
    return known->second;
  Collected collected;
  const Extents extents = extentsOf(value);
  if (extents[0] != plan_.batch) {
    fail("a sum over another axis than the batch");
    return -1;
  }
  if (!locateAs(value, extents, /*hasBatch=*/true, collected.from))
    return -1;
  collected.transposed = transposed;
  collected.features = product(extents.drop_front());
  const std::int64_t vector = vectorBits() / 8 / elementBytes(elementOf(value));
  collected.stride = (collected.features + vector - 1) / vector * vector;
  collected.buffer = addBuffer(elementOf(value),
                               (transposed ? collected.stride : collected.features) *
                                   plan_.collectedSteps * plan_.lanes,
                               /*uniform=*/true);
  plan_.buffers[collected.buffer].persistent = true;
  plan_.collected.push_back(collected);
  return known->second = collected.buffer;
}

bool RecurrenceAnalysis::addSummedState(const StateSum &sum, unsigned state) {
  Value argument = body_->getArgument(numSequences_ + state);
  const ArrayRef<unsigned> results = resultBuffers_[numOutputs_ + state];
  if (!isa<FloatType>(elementOf(argument)))
    return fail("integers summed over the batch");
  if (results.size() != 1)
    return fail("a sum over the batch that is given twice");
  const unsigned input =
      cast<BlockArgument>(rnn_->getOperand(numSequences_ + state)).getArgNumber();
  plan_.summedStates.push_back(
      {input, results[0], elementOf(argument), product(extentsOf(argument))});
  for (Operation *term : sum.terms) {
    BatchSum made;
    made.kernelBuffer = results[0];
    const bool isProduct = term->getNumOperands() == 2;
    if (isProduct) {
      made.left = collect(term->getOperand(0), /*transposed=*/false);
      made.rows = extentsOf(term->getOperand(0))[1];
    }
    Value right = term->getOperand(isProduct ? 1 : 0);
    made.right = collect(right, /*transposed=*/true);
    if (made.right < 0 || (isProduct && made.left < 0))
      return false;
    made.columns = product(extentsOf(right).drop_front());
    made.stride = llvm::find_if(plan_.collected, [&](const Collected &collected) {
                    return collected.buffer == made.right;
                  })->stride;
    plan_.batchSums.push_back(made);
  }
  return true;
}

void RecurrenceAnalysis::orderStages() {
  llvm::stable_sort(plan_.stages, [](const Stage &a, const Stage &b) { return a.level < b.level; });
  regions_.clear();
}

std::string RecurrenceAnalysis::run() {
  if (!readFrame() || !chooseTiling())
    return why_;
  findLive();
  findSums();
  // All entries at once: references into the map then stay valid.
  for (BlockArgument argument : body_->getArguments())
    plan_.values[argument];
  for (Operation &op : *body_)
    for (Value result : op.getResults())
      plan_.values[result];
  if (!addArguments())
    return why_;
  for (Operation &op : body_->without_terminator())
    if (liveOps_.contains(&op) && !summing_.contains(&op) && !visit(op))
      return why_;
  if (!addYields())
    return why_;
  // What has no batch goes on past the ends of windows.
  if (!plan_.uniformOutputs.empty() ||
      llvm::any_of(plan_.uniformStates, [](const UniformState &state) { return state.value; }))
    plan_.lengths = -1;
  orderStages();
  placeTiledOutputs();
  splitRegions();
  placeStates();
  assignOffsets();
  return why_;
}

} // namespace graphc::recurrence
