// What forward and gradients share: small pieces, scratch, images and windows.
#include "passes/kernels/PooledConvolutionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/MathApproximation.h"
#include "runtime/KernelAttributes.h"

using namespace mlir;

namespace graphc {

PooledConvolutionEmitter::PooledConvolutionEmitter(StringRef name, const PooledConvolution &conv,
                                                   unsigned buffers, Location loc, ModuleOp module)
    : conv_(conv), function_(name, buffers, loc, module), builder_(function_.builder()), loc_(loc),
      f32_(builder_.getF32Type()), vector_(VectorType::get({conv.lanes}, f32_)),
      places_(VectorType::get({conv.lanes}, builder_.getI32Type())) {}

void PooledConvolutionEmitter::emit() {
  // The loops that matter are as long as their registers allow already.
  function_.function()->setAttr("passthrough",
                                builder_.getArrayAttr({builder_.getStringAttr(kKeepLoops)}));
  switch (conv_.kind) {
  case PooledConvolution::forward: return emitForward();
  case PooledConvolution::inputGradient: return emitInputGradient();
  case PooledConvolution::filterGradient: return emitFilterGradient();
  }
}

//===--- Small pieces -------------------------------------------------------------------------===//

Value PooledConvolutionEmitter::add(Value a, Value b) {
  return arith::AddIOp::create(builder_, loc_, a, b);
}

Value PooledConvolutionEmitter::add(Value a, std::int64_t b) {
  return b == 0 ? a : add(a, constant(b));
}

Value PooledConvolutionEmitter::multiply(Value a, std::int64_t b) {
  return b == 1 ? a : Value(arith::MulIOp::create(builder_, loc_, a, constant(b)));
}

Value PooledConvolutionEmitter::zeros() {
  return function_.constant(cast<TypedAttr>(builder_.getZeroAttr(vector_)));
}

Value PooledConvolutionEmitter::spread(Value scalar, Type vector) {
  return vector::BroadcastOp::create(builder_, loc_, vector, scalar);
}

Value PooledConvolutionEmitter::multiplyAdd(Value a, Value b, Value sum) {
  return emitMultiplyAdd(builder_, loc_, a, b, sum);
}

void PooledConvolutionEmitter::loop(Value begin, Value end, std::int64_t step,
                                    function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(builder_, loc_, begin, end, constant(step));
  OpBuilder::InsertionGuard guard(builder_);
  builder_.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void PooledConvolutionEmitter::loop(std::int64_t count, function_ref<void(Value)> body) {
  if (count == 1)
    return body(constant(0));
  if (count > 1)
    loop(constant(0), constant(count), 1, body);
}

PooledConvolutionEmitter::Values PooledConvolutionEmitter::fold(Value end, ValueRange initial,
                                                                FoldBody body) {
  if (initial.empty()) {
    loop(constant(0), end, 1, [&](Value i) { body(i, {}); });
    return {};
  }
  auto fold = scf::ForOp::create(builder_, loc_, constant(0), end, constant(1), initial);
  OpBuilder::InsertionGuard guard(builder_);
  builder_.setInsertionPointToStart(fold.getBody());
  const Values next = body(fold.getInductionVar(), fold.getRegionIterArgs());
  scf::YieldOp::create(builder_, loc_, next);
  return Values(fold.getResults());
}

PooledConvolutionEmitter::Values PooledConvolutionEmitter::fold(std::int64_t count,
                                                                ValueRange initial, FoldBody body) {
  return count == 1 ? body(constant(0), initial) : fold(constant(count), initial, body);
}

SmallVector<PooledConvolutionEmitter::Block> PooledConvolutionEmitter::blocksOf(std::int64_t count,
                                                                                std::int64_t most) {
  const std::int64_t blocks = (count + most - 1) / most;
  SmallVector<Block> result;
  for (std::int64_t i = 0; i < blocks; ++i) {
    const std::int64_t first = count * i / blocks;
    result.push_back({first, count * (i + 1) / blocks - first});
  }
  return result;
}

PooledConvolutionEmitter::Values
PooledConvolutionEmitter::addProducts(ArrayRef<Step> steps, Value image, Value filter, Values sums,
                                      function_ref<Values(Value, Value, ValueRange)> step) {
  if (steps.empty())
    return step(image, filter, sums);
  const Step &outer = steps.front();
  return fold(outer.count, sums, [&](Value i, ValueRange carried) {
    return addProducts(steps.drop_front(), add(image, multiply(i, outer.image)),
                       add(filter, multiply(i, outer.filter)), Values(carried), step);
  });
}

//===--- Scratch ------------------------------------------------------------------------------===//

Value PooledConvolutionEmitter::fromScratch(Value offset, Type type) {
  return function_.loadFrom(loc_, function_.scratch(), offset, type);
}

void PooledConvolutionEmitter::toScratch(Value value, Value offset) {
  function_.storeTo(loc_, value, function_.scratch(), offset);
}

void PooledConvolutionEmitter::clear(std::int64_t begin, std::int64_t end) {
  loop(constant(begin), constant(end), conv_.lanes, [&](Value at) { toScratch(zeros(), at); });
}

void PooledConvolutionEmitter::copyRow(std::int64_t count, Load load, Store store) {
  const std::int64_t whole = count / conv_.lanes * conv_.lanes;
  if (whole > 0)
    loop(constant(0), constant(whole), conv_.lanes,
         [&](Value at) { store(load(at, vector_), at); });
  for (std::int64_t at = whole, size = conv_.lanes / 2; at < count; size /= 2) {
    if (at + size > count)
      continue;
    const Type type = size == 1 ? f32_ : Type(VectorType::get({size}, f32_));
    store(load(constant(at), type), constant(at));
    at += size;
  }
}

Value PooledConvolutionEmitter::loadOutputs(unsigned buffer, Value row, std::int64_t vector) {
  const std::int64_t first = vector * conv_.lanes;
  return function_.loadFirst(loc_, buffer, add(row, first), vector_,
                             std::min(conv_.lanes, conv_.outputs - first));
}

void PooledConvolutionEmitter::storeOutputs(Value value, unsigned buffer, Value row,
                                            std::int64_t vector) {
  const std::int64_t first = vector * conv_.lanes;
  function_.storeFirst(loc_, value, buffer, add(row, first),
                       std::min(conv_.lanes, conv_.outputs - first));
}

// Not every processor has masks of bytes.
SmallVector<PooledConvolutionEmitter::Block>
PooledConvolutionEmitter::piecesOf(std::int64_t vector) const {
  std::int64_t left = std::min(conv_.lanes, conv_.outputs - vector * conv_.lanes), first = 0;
  SmallVector<Block> pieces;
  for (std::int64_t size = conv_.lanes; left > 0; size /= 2)
    if (size <= left) {
      pieces.push_back({first, size});
      first += size;
      left -= size;
    }
  return pieces;
}

Value PooledConvolutionEmitter::loadPlaces(unsigned buffer, Value row, std::int64_t vector) {
  Value all = function_.constant(cast<TypedAttr>(builder_.getZeroAttr(places_)));
  for (const Block &piece : piecesOf(vector)) {
    const auto bytes = VectorType::get({piece.count}, builder_.getI8Type());
    const Value at = add(row, vector * conv_.lanes + piece.first);
    const Value wide = arith::ExtUIOp::create(builder_, loc_,
                                              VectorType::get({piece.count}, builder_.getI32Type()),
                                              function_.load(loc_, buffer, at, bytes));
    all =
        piece.count == conv_.lanes
            ? wide
            : Value(vector::InsertStridedSliceOp::create(
                  builder_, loc_, wide, all, ArrayRef<int64_t>{piece.first}, ArrayRef<int64_t>{1}));
  }
  return all;
}

void PooledConvolutionEmitter::storePlaces(Value places, unsigned buffer, Value row,
                                           std::int64_t vector) {
  const auto bytes = VectorType::get({conv_.lanes}, builder_.getI8Type());
  const Value narrow = arith::TruncIOp::create(builder_, loc_, bytes, places);
  for (const Block &piece : piecesOf(vector)) {
    Value part = narrow;
    if (piece.count < conv_.lanes)
      part = vector::ExtractStridedSliceOp::create(
          builder_, loc_, narrow, ArrayRef<int64_t>{piece.first}, ArrayRef<int64_t>{piece.count},
          ArrayRef<int64_t>{1});
    function_.store(loc_, part, buffer, add(row, vector * conv_.lanes + piece.first));
  }
}

//===--- The image and windows ----------------------------------------------------------------===//

std::int64_t PooledConvolutionEmitter::imageRowElements() const {
  return (conv_.columns.end() - conv_.columns.begin()) * conv_.channels;
}

void PooledConvolutionEmitter::forImageRows(Value n, function_ref<void(Value, Value)> body) {
  const PooledAxis &rows = conv_.rows, &columns = conv_.columns;
  const std::int64_t xRow = columns.convolution.input * conv_.channels;
  const Value first = add(multiply(n, rows.convolution.input * xRow),
                          rows.begin() * xRow + columns.begin() * conv_.channels);
  const std::int64_t inImage = (rows.begin() - rows.origin()) * conv_.rowStride() +
                               (columns.begin() - columns.origin()) * conv_.channels;
  loop(rows.end() - rows.begin(), [&](Value r) {
    body(add(first, multiply(r, xRow)), add(multiply(r, conv_.rowStride()), inImage));
  });
}

// The padding around what is copied stays as it was: zero.
Value PooledConvolutionEmitter::takeImage(Value n, Value slot) {
  if (conv_.readsInPlace())
    return add(multiply(n, conv_.imageStride()),
               conv_.rows.origin() * conv_.rowStride() + conv_.columns.origin() * conv_.channels);
  const Value image = add(multiply(slot, conv_.imageStride()), conv_.image);
  forImageRows(n, [&](Value from, Value to) {
    copyRow(
        imageRowElements(),
        [&](Value at, Type type) { return function_.load(loc_, 0, add(from, at), type); },
        [&](Value value, Value at) { toScratch(value, add(add(image, to), at)); });
  });
  return image;
}

Value PooledConvolutionEmitter::fromImage(Value offset) {
  return conv_.readsInPlace() ? function_.load(loc_, 0, offset, f32_) : fromScratch(offset, f32_);
}

Value PooledConvolutionEmitter::resultOffset(const Window &window) {
  const std::int64_t columns = conv_.columns.pooling.output;
  const Value row = add(multiply(window.n, conv_.rows.pooling.output), window.row);
  return multiply(add(multiply(row, columns), window.column), conv_.outputs);
}

Value PooledConvolutionEmitter::imageOffset(const Window &window) {
  const auto stride = [](const PooledAxis &axis) {
    return axis.pooling.stride * axis.convolution.stride;
  };
  return add(multiply(window.row, stride(conv_.rows) * conv_.rowStride()),
             multiply(window.column, stride(conv_.columns) * conv_.channels));
}

void PooledConvolutionEmitter::forWindows(Value n, function_ref<void(const Window &)> body) {
  loop(conv_.rows.pooling.output, [&](Value row) {
    loop(conv_.columns.pooling.output, [&](Value column) { body({n, row, column}); });
  });
}

std::int64_t PooledConvolutionEmitter::elementOffset(std::int64_t element) const {
  const std::int64_t width = conv_.columns.pooling.size;
  return element / width * conv_.rows.convolution.stride * conv_.rowStride() +
         element % width * conv_.columns.convolution.stride * conv_.channels;
}

} // namespace graphc
