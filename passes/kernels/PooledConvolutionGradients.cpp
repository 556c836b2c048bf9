// The gradient of the convolution's result is zero but at windows' places: it is spread out in
// scratch, and what it is multiplied with is near.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/kernels/PooledConvolutionEmitter.h"

using namespace mlir;

namespace graphc {

void PooledConvolutionEmitter::spreadGradient(const Window &window, unsigned places, Value at,
                                              std::int64_t rowStride) {
  const Value result = resultOffset(window);
  const auto standsAt = [&](Value place, std::int32_t element) -> Value {
    return arith::CmpIOp::create(builder_, loc_, arith::CmpIPredicate::eq, place,
                                 function_.constant(DenseElementsAttr::get(places_, element)));
  };
  for (std::int64_t v = 0; v < conv_.outputVectors; ++v) {
    const Value place = loadPlaces(places, result, v);
    const Value dy = loadOutputs(places + 1, result, v);
    for (std::int64_t element = 0; element < conv_.windowElements(); ++element) {
      const std::int64_t width = conv_.columns.pooling.size;
      const Value dz = arith::SelectOp::create(
          builder_, loc_, standsAt(place, static_cast<std::int32_t>(element)), dy, zeros());
      toScratch(dz, add(at, element / width * rowStride + element % width * conv_.paddedOutputs() +
                                v * conv_.lanes));
    }
    if (conv_.kind != PooledConvolution::filterGradient)
      continue;
    const Value bias = constant(conv_.bias + v * conv_.lanes);
    const Value passed = arith::SelectOp::create(builder_, loc_, standsAt(place, 255), zeros(), dy);
    toScratch(arith::AddFOp::create(builder_, loc_, fromScratch(bias, vector_), passed), bias);
  }
}

//===--- The filter's gradient ----------------------------------------------------------------===//

void PooledConvolutionEmitter::emitFilterGradient() {
  clearScratch();
  const auto firstOf = [&](Value part) -> Value {
    return arith::DivUIOp::create(builder_, loc_, multiply(part, conv_.batch),
                                  constant(conv_.parts));
  };
  loop(function_.begin(), function_.end(), 1, [&](Value part) {
    clear(conv_.filter, conv_.bias + conv_.paddedOutputs());
    const Value first = firstOf(part), last = firstOf(add(part, 1));
    loop(first, last, conv_.imagesAtOnce, [&](Value n) {
      const Value left = arith::SubIOp::create(builder_, loc_, last, n);
      addImages(n, arith::MinSIOp::create(builder_, loc_, left, constant(conv_.imagesAtOnce)));
    });
    storePart(part);
  });
}

void PooledConvolutionEmitter::addImages(Value images, Value count) {
  const std::int64_t padded = conv_.paddedOutputs();
  const std::int64_t row = conv_.columns.positions() * padded;
  loop(constant(0), count, 1, [&](Value slot) {
    const Value n = add(images, slot);
    if (!conv_.readsInPlace())
      takeImage(n, slot);
    const Value spread = add(multiply(slot, conv_.positions() * padded), conv_.spread);
    forWindows(n, [&](const Window &window) {
      const Value at = add(multiply(window.row, conv_.rows.pooling.stride * row),
                           multiply(window.column, conv_.columns.pooling.stride * padded));
      spreadGradient(window, 1, add(spread, at), row);
    });
  });
  // As many sums as there are registers for, with few loads beside each multiply-add.
  for (const Block &block : blocksOf(conv_.outputVectors, 3))
    for (const Block &depth : blocksOf(conv_.depth(), (registers() - 1) / block.count - 1))
      addTile(depth, block, images, count);
}

std::int64_t PooledConvolutionEmitter::depthOffset(std::int64_t index) const {
  const std::int64_t tap = index / conv_.channels, width = conv_.columns.convolution.size;
  return tap / width * conv_.rows.convolution.dilation * conv_.rowStride() +
         tap % width * conv_.columns.convolution.dilation * conv_.channels + index % conv_.channels;
}

/// Elements `depth` of the filter of the outputs `block`.
void PooledConvolutionEmitter::addTile(Block depth, Block block, Value images, Value count) {
  const std::int64_t padded = conv_.paddedOutputs();
  const auto place = [&](std::int64_t k, std::int64_t v) {
    return constant(conv_.filter + (depth.first + k) * padded + (block.first + v) * conv_.lanes);
  };
  Values before;
  for (std::int64_t k = 0; k < depth.count; ++k)
    for (std::int64_t v = 0; v < block.count; ++v)
      before.push_back(fromScratch(place(k, v), vector_));
  const Value image =
      conv_.readsInPlace()
          ? add(multiply(images, conv_.imageStride()),
                conv_.rows.origin() * conv_.rowStride() + conv_.columns.origin() * conv_.channels)
          : constant(conv_.image);
  const std::int64_t columns = conv_.columns.positions();
  const Step steps[] = {
      {conv_.rows.positions(), conv_.rows.convolution.stride * conv_.rowStride(), columns * padded},
      {columns, conv_.columns.convolution.stride * conv_.channels, padded}};
  const Value spreadAt = constant(conv_.spread + block.first * conv_.lanes);
  const Values sums = fold(count, before, [&](Value slot, ValueRange carried) {
    return addProducts(steps, add(image, multiply(slot, conv_.imageStride())),
                       add(spreadAt, multiply(slot, conv_.positions() * padded)), Values(carried),
                       [&](Value x, Value dz, ValueRange totals) {
                         Values gradient, next;
                         for (std::int64_t v = 0; v < block.count; ++v)
                           gradient.push_back(fromScratch(add(dz, v * conv_.lanes), vector_));
                         for (std::int64_t k = 0; k < depth.count; ++k) {
                           const Value element =
                               spread(fromImage(add(x, depthOffset(depth.first + k))), vector_);
                           for (const Value vector : gradient)
                             next.push_back(multiplyAdd(element, vector, totals[next.size()]));
                         }
                         return next;
                       });
  });
  for (std::int64_t k = 0; k < depth.count; ++k)
    for (std::int64_t v = 0; v < block.count; ++v)
      toScratch(sums[static_cast<std::size_t>(k * block.count + v)], place(k, v));
}

void PooledConvolutionEmitter::storePart(Value part) {
  const auto sum = [&](Value row, std::int64_t v) {
    return fromScratch(add(multiply(row, conv_.paddedOutputs()), conv_.filter + v * conv_.lanes),
                       vector_);
  };
  loop(conv_.depth(), [&](Value k) {
    const Value row = multiply(add(multiply(part, conv_.depth()), k), conv_.outputs);
    for (std::int64_t v = 0; v < conv_.outputVectors; ++v)
      storeOutputs(sum(k, v), 3, row, v);
  });
  for (std::int64_t v = 0; v < conv_.outputVectors; ++v)
    storeOutputs(fromScratch(constant(conv_.bias + v * conv_.lanes), vector_), 4,
                 multiply(part, conv_.outputs), v);
}

//===--- The input's gradient -----------------------------------------------------------------===//

void PooledConvolutionEmitter::emitInputGradient() {
  clearScratch();
  transposeFilter();
  const std::int64_t run = conv_.runVectors() * conv_.lanes;
  SmallVector<Step, 2> runs{{conv_.rows.convolution.size,
                             conv_.rows.convolution.dilation * conv_.rowStride(),
                             conv_.runs() / conv_.rows.convolution.size * run}};
  if (!conv_.joinsColumns())
    runs.push_back(
        {conv_.columns.convolution.size, conv_.columns.convolution.dilation * conv_.channels, run});
  loop(function_.begin(), function_.end(), 1, [&](Value n) {
    clear(conv_.image, conv_.scratch);
    forWindows(n, [&](const Window &window) {
      spreadGradient(window, 1, constant(conv_.spread),
                     conv_.columns.pooling.size * conv_.paddedOutputs());
      addProducts(runs, add(imageOffset(window), conv_.image), constant(conv_.filter), {},
                  [&](Value image, Value filter, ValueRange) {
                    addRun(image, filter);
                    return Values();
                  });
    });
    storeImage(n);
  });
}

/// [outputs][runs][elements of a run, up to a whole vector of them].
void PooledConvolutionEmitter::transposeFilter() {
  const std::int64_t run = conv_.runVectors() * conv_.lanes;
  loop(conv_.runs(), [&](Value r) {
    loop(conv_.runLength(), [&](Value i) {
      const Value from = multiply(add(multiply(r, conv_.runLength()), i), conv_.outputs);
      const Value to = add(add(multiply(r, run), i), conv_.filter);
      loop(conv_.outputs, [&](Value o) {
        toScratch(function_.load(loc_, 0, add(from, o), f32_),
                  add(to, multiply(o, conv_.runs() * run)));
      });
    });
  });
}

/// Adds to the image, whose element at `image` the window's first element looks at first by the run
/// of the filter at `filter`.
void PooledConvolutionEmitter::addRun(Value image, Value filter) {
  const std::int64_t elementsAtOnce =
      std::max<std::int64_t>(4, registers() / 3 / conv_.runVectors());
  const std::int64_t padded = conv_.paddedOutputs();
  const std::int64_t output = conv_.runs() * conv_.runVectors() * conv_.lanes;
  const auto groups = blocksOf(conv_.windowElements(), elementsAtOnce);
  const std::int64_t rest = conv_.runLength() % conv_.lanes;
  SmallVector<bool> inRun(static_cast<std::size_t>(conv_.lanes), false);
  std::fill_n(inRun.begin(), rest, true);
  const auto bits = VectorType::get({conv_.lanes}, builder_.getI1Type());
  for (const Block &group : groups)
    for (const Block &block : blocksOf(conv_.runVectors(), vectorsFor(group.count))) {
      const Values none(static_cast<std::size_t>(group.count * block.count), zeros());
      const Values sums = fold(conv_.outputs, none, [&](Value o, ValueRange totals) {
        Values weights, next;
        const Value at = add(filter, multiply(o, output));
        for (std::int64_t v = 0; v < block.count; ++v)
          weights.push_back(fromScratch(add(at, (block.first + v) * conv_.lanes), vector_));
        for (std::int64_t e = 0; e < group.count; ++e) {
          const Value dz = fromScratch(add(o, conv_.spread + (group.first + e) * padded), f32_);
          for (const Value weight : weights)
            next.push_back(multiplyAdd(spread(dz, vector_), weight, totals[next.size()]));
        }
        return next;
      });
      for (std::int64_t e = 0; e < group.count; ++e)
        for (std::int64_t v = 0; v < block.count; ++v) {
          Value sum = sums[static_cast<std::size_t>(e * block.count + v)];
          // Behind the run are other elements of the image, which an infinity times the filter's
          // padding must not reach.
          if (rest > 0 && block.first + v + 1 == conv_.runVectors())
            sum = arith::SelectOp::create(
                builder_, loc_, function_.constant(DenseElementsAttr::get(bits, ArrayRef(inRun))),
                sum, zeros());
          const Value at =
              add(image, elementOffset(group.first + e) + (block.first + v) * conv_.lanes);
          toScratch(arith::AddFOp::create(builder_, loc_, fromScratch(at, vector_), sum), at);
        }
    }
}

void PooledConvolutionEmitter::storeImage(Value n) {
  const PooledAxis &rows = conv_.rows, &columns = conv_.columns;
  const auto store = [&](Value from) {
    return [this, from](Value value, Value at) { function_.store(loc_, value, 3, add(from, at)); };
  };
  const std::int64_t rowElements = columns.convolution.input * conv_.channels;
  const auto hasAll = [](const PooledAxis &axis) {
    return axis.begin() == 0 && axis.end() == axis.convolution.input;
  };
  // No window looks at the other elements.
  if (!hasAll(rows) || !hasAll(columns))
    loop(rows.convolution.input, [&](Value r) {
      const Value row = multiply(add(multiply(n, rows.convolution.input), r), rowElements);
      copyRow(
          rowElements,
          [&](Value, Type type) {
            return function_.constant(cast<TypedAttr>(builder_.getZeroAttr(type)));
          },
          store(row));
    });
  forImageRows(n, [&](Value x, Value image) {
    copyRow(
        imageRowElements(),
        [&](Value at, Type type) { return fromScratch(add(add(image, conv_.image), at), type); },
        store(x));
  });
}

} // namespace graphc
