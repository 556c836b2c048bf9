#include "passes/kernels/RecurrenceEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "runtime/KernelAttributes.h"

using namespace mlir;

namespace graphc::recurrence {

//===--- Small pieces -------------------------------------------------------------------------===//

std::optional<std::int64_t> knownIndex(Value index) {
  IntegerAttr number;
  if (!matchPattern(index, m_Constant(&number)))
    return std::nullopt;
  return number.getInt();
}

Value RecurrenceEmitter::add(Value a, Value b) {
  if (const auto left = knownIndex(a), right = knownIndex(b); left && right)
    return constant(*left + *right);
  return arith::AddIOp::create(builder_, loc_, a, b);
}

Value RecurrenceEmitter::add(Value a, std::int64_t b) { return b == 0 ? a : add(a, constant(b)); }

Value RecurrenceEmitter::multiply(Value a, std::int64_t b) {
  if (const auto known = knownIndex(a))
    return constant(*known * b);
  return b == 1 ? a : Value(arith::MulIOp::create(builder_, loc_, a, constant(b)));
}

Value RecurrenceEmitter::minimum(Value a, Value b) {
  return arith::MinSIOp::create(builder_, loc_, a, b);
}

Value RecurrenceEmitter::less(Value a, Value b) {
  return arith::CmpIOp::create(builder_, loc_, arith::CmpIPredicate::slt, a, b);
}

Value RecurrenceEmitter::sum(Value a, Value b) {
  if (isa<FloatType>(getElementTypeOrSelf(a.getType())))
    return arith::AddFOp::create(builder_, loc_, a, b);
  return arith::AddIOp::create(builder_, loc_, a, b);
}

Value RecurrenceEmitter::mapIndex(const FeatureMap &map, Value feature) {
  if (map.isIdentity() && !map.axes.empty())
    return feature;
  Value index;
  for (const FeatureMap::Axis &axis : map.axes) {
    Value part = feature;
    if (axis.divisor != 1)
      part = arith::DivUIOp::create(builder_, loc_, part, constant(axis.divisor));
    if (!axis.outermost)
      part = arith::RemUIOp::create(builder_, loc_, part, constant(axis.extent));
    part = multiply(part, axis.stride);
    index = index ? add(index, part) : part;
  }
  return index ? add(index, map.offset) : constant(map.offset);
}

Value RecurrenceEmitter::spread(Value value, Type type) {
  if (value.getType() == type || !isa<VectorType>(type))
    return value;
  return vector::BroadcastOp::create(builder_, loc_, type, value);
}

void RecurrenceEmitter::loop(Value begin, Value end, std::int64_t step,
                             llvm::function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(builder_, loc_, begin, end, constant(step));
  OpBuilder::InsertionGuard guard(builder_);
  builder_.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void RecurrenceEmitter::loop(std::int64_t begin, std::int64_t end, std::int64_t step,
                             llvm::function_ref<void(Value)> body) {
  if (begin >= end)
    return;
  if (begin + step >= end)
    return body(constant(begin));
  loop(constant(begin), constant(end), step, body);
}

SmallVector<Value>
RecurrenceEmitter::fold(std::int64_t begin, std::int64_t end, ArrayRef<Value> initial,
                        llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  if (begin + 1 == end)
    return body(constant(begin), initial);
  auto loop =
      scf::ForOp::create(builder_, loc_, constant(begin), constant(end), constant(1), initial);
  OpBuilder::InsertionGuard guard(builder_);
  builder_.setInsertionPointToStart(loop.getBody());
  const SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  scf::YieldOp::create(builder_, loc_, next);
  return SmallVector<Value>(loop.getResults());
}

void RecurrenceEmitter::onlyIf(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(builder_, loc_, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder_);
  builder_.setInsertionPointToStart(&branch.getThenRegion().front());
  body();
}

//===--- Scratch and memory -------------------------------------------------------------------===//

Type RecurrenceEmitter::tileType(Type element, std::int64_t width) const {
  const Type type = registerType(element);
  const std::int64_t count = inLanes() ? plan_.lanes : width;
  return count == 1 ? type : VectorType::get({count}, type);
}

Value RecurrenceEmitter::pointer(int buffer) {
  Value &known = pointers_[buffer];
  if (!known)
    known = LLVM::GEPOp::create(
        builder_, loc_, function_.scratch().getType(), builder_.getI8Type(), function_.scratch(),
        ArrayRef<LLVM::GEPArg>{static_cast<std::int32_t>(plan_.buffers[buffer].offset)});
  return known;
}

Value RecurrenceEmitter::loadTile(int buffer, Value index, std::int64_t width) {
  if (!inLanes())
    return loadVector(buffer, index, width);
  return function_.loadFrom(loc_, pointer(buffer), multiply(index, plan_.lanes),
                            tileType(plan_.buffers[buffer].element, width));
}

void RecurrenceEmitter::storeTile(Value value, int buffer, Value index, std::int64_t width) {
  value = spread(value, tileType(plan_.buffers[buffer].element, width));
  if (!inLanes())
    return storeVector(value, buffer, index, width);
  const bool streams = plan_.streamsOutputs && plan_.buffers[buffer].kernelBuffer >= 0;
  function_.storeTo(loc_, value, pointer(buffer), multiply(index, plan_.lanes), streams);
}

Value RecurrenceEmitter::loadSource(int number, Value index, std::int64_t width,
                                    std::int64_t count) {
  const Source &source = plan_.sources[number];
  Type type = registerType(source.element);
  if (width > 1)
    type = VectorType::get({width}, type);
  if (count < 0)
    count = std::min(width, source.elements - knownIndex(index).value_or(0));
  switch (source.kind) {
  case Source::Kind::Sequence:
    index = add(index, multiply(step_, source.elements));
    [[fallthrough]];
  case Source::Kind::Input: return function_.loadFirst(loc_, source.input, index, type, count);
  case Source::Kind::Constant: {
    Value &address = data_[number];
    if (!address)
      address = function_.constantData(loc_, source.constant);
    return function_.loadFirstFrom(loc_, address, index, type, count);
  }
  case Source::Kind::State: break;
  }
  return function_.loadFrom(loc_, pointer(source.buffer), index, type);
}

void RecurrenceEmitter::copySegments(const Segments &from, int to) {
  if (!inLanes())
    return copyToRow(from, to);
  std::int64_t at = 0;
  for (const Segment &segment : from) {
    loop(0, segment.count, 1, [&](Value i) {
      storeTile(loadTile(segment.buffer, add(i, segment.begin), 1), to, add(i, at), 1);
    });
    at += segment.count;
  }
}

//===--- The function -------------------------------------------------------------------------===//

void RecurrenceEmitter::emit() {
  // Copies of a few vectors are to stay loops: a call of memcpy for each costs more.
  SmallVector<Attribute> attributes = {builder_.getStringAttr("no-builtins")};
  // Each iteration is vectors enough in lanes; with one window, loops are over few vectors.
  if (inLanes())
    attributes.push_back(builder_.getStringAttr(kKeepLoops));
  function_.function().setPassthroughAttr(builder_.getArrayAttr(attributes));
  // At the entry, where they dominate all uses.
  for (std::size_t i = 0; i < plan_.buffers.size(); ++i)
    if (plan_.buffers[i].kernelBuffer < 0)
      pointer(static_cast<int>(i));
  for (const Stage &stage : plan_.stages)
    if (stage.kind == Stage::Kind::Random) {
      const auto seed = [&](StringRef name) -> std::uint64_t {
        auto attribute = stage.op->getAttrOfType<IntegerAttr>(name);
        return attribute ? attribute.getInt() : 0;
      };
      keys_[stage.op] = emitRandomKey(builder_, loc_, seed("seed"), seed("seed2"), seed("stream"),
                                      function_.sessionSeed());
      function_.runIndex();
    }

  packWeights();
  clearPadding();
  loop(function_.begin(), function_.end(), 1, [&](Value tile) {
    tile_ = tile;
    firstRow_ = multiply(tile, plan_.lanes);
    rows_.clear();
    for (std::int64_t lane = 0; lane < plan_.lanes; ++lane)
      rows_.push_back(clampedRow(lane));
    for (const RowTransfer &state : plan_.initialStates)
      loadRows(state);
    for (const BatchCapture &capture : plan_.captures)
      if (!capture.value)
        loadCapture(capture);
    for (const UniformState &state : plan_.uniformStates)
      loop(0, state.elements, 1, [&](Value i) {
        const Type type = registerType(plan_.buffers[state.buffer].element);
        function_.storeTo(loc_, function_.load(loc_, state.input, i, type), pointer(state.buffer),
                          i);
      });

    beginSums();
    const auto [begin, end] = emitEnds();
    loop(begin, end, 1, [&](Value s) {
      iteration_ = s;
      step_ = plan_.reverse
                  ? Value(arith::SubIOp::create(builder_, loc_, constant(plan_.steps - 1), s))
                  : s;
      time_ = plan_.stepOfCall ? add(step_, function_.step()) : step_;
      emitStep();
    });

    for (const RowTransfer &state : plan_.finalStates)
      storeRows(state);
    if (!plan_.uniformFinals.empty())
      onlyIf(less(tile, constant(1)), [&] {
        for (const UniformTransfer &state : plan_.uniformFinals)
          loop(0, state.elements, 1, [&](Value i) {
            const Type type = registerType(plan_.buffers[state.buffer].element);
            const Value value = function_.loadFrom(loc_, pointer(state.buffer), i, type);
            for (unsigned buffer : state.kernelBuffers)
              function_.store(loc_, value, buffer, i);
          });
      });
  });
  if (plan_.streamsOutputs)
    function_.orderStreams();
  if (!inLanes())
    eraseUnread();
}

void RecurrenceEmitter::emitStep() {
  stepBlock_ = builder_.getInsertionBlock();
  for (const RowTransfer &sequence : plan_.sequences) {
    loadRows(sequence);
    if (inLanes())
      prefetchNext(sequence);
  }
  for (const BatchCapture &capture : plan_.captures)
    if (capture.value)
      loadCapture(capture);
  locateTiled();
  for (const Copy &copy : plan_.firstCopies)
    copySegments(copy.from, copy.to);
  for (const Stage &stage : plan_.stages)
    emitStage(stage);
  for (const RowTransfer &output : plan_.outputs)
    storeRows(output);
  for (const Copy &copy : plan_.outputCopies)
    copySegments(copy.from, copy.to);
  emitBatchSums();
  if (!plan_.uniformOutputs.empty())
    onlyIf(less(firstRow_, constant(1)), [&] { emitUniformOutputs(); });
  emitUniformStates();
  for (const Copy &copy : plan_.stateCopies)
    copySegments(copy.from, copy.to);
  stepBlock_ = nullptr;
  stored_.clear();
}

std::pair<Value, Value> RecurrenceEmitter::emitEnds() {
  if (plan_.lengths < 0)
    return {constant(0), constant(plan_.steps)};
  const Type i32 = builder_.getI32Type();
  Value longest = function_.constant(builder_.getI32IntegerAttr(0));
  for (const Value row : rows_)
    longest = arith::MaxSIOp::create(
        builder_, loc_, longest,
        function_.load(loc_, static_cast<unsigned>(plan_.lengths), row, i32));
  longest = minimum(arith::ExtSIOp::create(builder_, loc_, builder_.getI64Type(), longest),
                    constant(plan_.steps));
  // Sums are made of whole groups of steps, counted from the first iteration on.
  const auto groups = [&](Value steps) {
    return multiply(arith::DivUIOp::create(builder_, loc_, steps, constant(plan_.collectedSteps)),
                    plan_.collectedSteps);
  };
  Value begin = constant(0), end = constant(plan_.steps), firstEnded;
  if (plan_.reverse) {
    begin = groups(arith::SubIOp::create(builder_, loc_, end, longest));
    firstEnded = arith::SubIOp::create(builder_, loc_, end, begin);
  } else {
    end = firstEnded = minimum(groups(add(longest, plan_.collectedSteps - 1)), end);
  }
  loop(firstEnded, constant(plan_.steps), 1, [&](Value step) {
    step_ = step;
    emitEndedStep();
  });
  return {begin, end};
}

void RecurrenceEmitter::emitEndedStep() {
  const auto zeroOf = [&](Type type) {
    return function_.constant(cast<TypedAttr>(builder_.getZeroAttr(type)));
  };
  // A tile's rows of one step lie together.
  const Value windows = arith::SubIOp::create(
      builder_, loc_, minimum(add(firstRow_, plan_.lanes), constant(plan_.batch)), firstRow_);
  for (const RowTransfer &output : plan_.outputs) {
    const Value zero = zeroOf(registerType(plan_.buffers[output.segments[0].buffer].element));
    const Value start = rowStart(output, firstRow_);
    loop(constant(0), multiply(windows, output.features), 1, [&](Value i) {
      function_.store(loc_, zero, output.kernelBuffer,
                      arith::AddIOp::create(builder_, loc_, start, i));
    });
  }
  locateTiled(/*ended=*/true);
  for (const TiledSequence &sequence : plan_.tiled) {
    const TileBuffer &buffer = plan_.buffers[sequence.buffer];
    if (!sequence.read)
      loop(0, buffer.features, 1,
           [&](Value f) { storeTile(zeroOf(tileType(buffer.element, 1)), sequence.buffer, f, 1); });
  }
}

void RecurrenceEmitter::emitUniformOutputs() {
  for (const UniformTransfer &output : plan_.uniformOutputs)
    loop(0, output.elements, 1, [&](Value i) {
      memo_.clear();
      const Value value = evaluateScalar(output.value, output.map, i);
      const Value at = add(i, multiply(step_, output.elements));
      for (unsigned buffer : output.kernelBuffers)
        function_.store(loc_, value, buffer, at);
    });
  memo_.clear();
}

void RecurrenceEmitter::emitUniformStates() {
  for (const UniformState &state : plan_.uniformStates)
    if (state.value)
      loop(0, state.elements, 1, [&](Value i) {
        memo_.clear();
        function_.storeTo(loc_, evaluateScalar(state.value, state.map, i), pointer(state.next), i);
      });
  memo_.clear();
  for (const UniformState &state : plan_.uniformStates)
    if (state.value)
      loop(0, state.elements, 1, [&](Value i) {
        const Type type = registerType(plan_.buffers[state.buffer].element);
        const Value value = function_.loadFrom(loc_, pointer(state.next), i, type);
        function_.storeTo(loc_, value, pointer(state.buffer), i);
      });
}

} // namespace graphc::recurrence
