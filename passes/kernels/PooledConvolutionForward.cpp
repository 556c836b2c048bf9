// Every window's elements are sums in registers; the greatest and its place are all that is stored.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/kernels/PooledConvolutionEmitter.h"

using namespace mlir;

namespace graphc {

void PooledConvolutionEmitter::emitForward() {
  clearScratch();
  packFilter();
  loop(function_.begin(), function_.end(), 1, [&](Value n) {
    const Value image = takeImage(n, constant(0));
    forWindows(n,
               [&](const Window &window) { emitWindow(window, add(image, imageOffset(window))); });
  });
}

/// Rows of whole vectors.
void PooledConvolutionEmitter::packFilter() {
  loop(conv_.depth(), [&](Value k) {
    for (std::int64_t v = 0; v < conv_.outputVectors; ++v)
      toScratch(loadOutputs(1, multiply(k, conv_.outputs), v),
                add(multiply(k, conv_.paddedOutputs()), conv_.filter + v * conv_.lanes));
  });
  if (conv_.hasBias)
    for (std::int64_t v = 0; v < conv_.outputVectors; ++v)
      toScratch(loadOutputs(2, constant(0), v), constant(conv_.bias + v * conv_.lanes));
}

Value PooledConvolutionEmitter::isElement(const Window &window, std::int64_t element) {
  Value valid;
  const auto require = [&](const PooledAxis &axis, Value index, std::int64_t inWindow) {
    if (!axis.isPoolingPadded())
      return;
    const Value position =
        add(multiply(index, axis.pooling.stride), inWindow - axis.pooling.before);
    // Less than 0 is a very great unsigned number.
    const Value inside = arith::CmpIOp::create(builder_, loc_, arith::CmpIPredicate::ult, position,
                                               constant(axis.convolution.output));
    valid = valid ? Value(arith::AndIOp::create(builder_, loc_, valid, inside)) : inside;
  };
  const std::int64_t width = conv_.columns.pooling.size;
  require(conv_.rows, window.row, element / width);
  require(conv_.columns, window.column, element % width);
  return valid;
}

PooledConvolutionEmitter::Values PooledConvolutionEmitter::products(Value at, Block elements,
                                                                    Block block) {
  // The bias comes first, so that what is compared is the sum with it.
  Values sums;
  for (std::int64_t e = 0; e < elements.count; ++e)
    for (std::int64_t v = 0; v < block.count; ++v) {
      const std::int64_t bias = conv_.bias + (block.first + v) * conv_.lanes;
      sums.push_back(conv_.hasBias ? fromScratch(constant(bias), vector_) : zeros());
    }
  const std::int64_t padded = conv_.paddedOutputs();
  SmallVector<Step, 3> steps;
  const std::int64_t rowDepth = conv_.columns.convolution.size * conv_.channels;
  steps.push_back({conv_.rows.convolution.size, conv_.rows.convolution.dilation * conv_.rowStride(),
                   rowDepth * padded});
  if (!conv_.joinsColumns())
    steps.push_back({conv_.columns.convolution.size,
                     conv_.columns.convolution.dilation * conv_.channels, conv_.channels * padded});
  steps.push_back({conv_.runLength(), 1, padded});
  const Value filter = constant(conv_.filter + block.first * conv_.lanes);
  return addProducts(steps, at, filter, sums, [&](Value x, Value w, ValueRange before) {
    Values weights, next;
    for (std::int64_t v = 0; v < block.count; ++v)
      weights.push_back(fromScratch(add(w, v * conv_.lanes), vector_));
    for (std::int64_t e = 0; e < elements.count; ++e) {
      const Value element = spread(fromImage(add(x, elementOffset(elements.first + e))), vector_);
      for (const Value weight : weights)
        next.push_back(multiplyAdd(element, weight, before[next.size()]));
    }
    return next;
  });
}

void PooledConvolutionEmitter::emitWindow(const Window &window, Value image) {
  // With sums in a third of the registers, multiply-adds need not wait for each other.
  const std::int64_t elementsAtOnce =
      std::max<std::int64_t>(4, registers() / 3 / conv_.outputVectors);
  const bool padded = conv_.rows.isPoolingPadded() || conv_.columns.isPoolingPadded();
  const auto groups = blocksOf(conv_.windowElements(), elementsAtOnce);
  const std::int64_t most = vectorsFor(groups.back().count);
  const Value result = resultOffset(window);
  const auto i32 = [&](std::int32_t value) {
    return function_.constant(DenseElementsAttr::get(places_, value));
  };
  const unsigned output = conv_.hasBias ? 3 : 2;
  for (const Block &block : blocksOf(conv_.outputVectors, most)) {
    Values greatest, places;
    for (const Block &group : groups) {
      const Values sums = products(image, group, block);
      for (std::int64_t e = 0; e < group.count; ++e) {
        const std::int64_t element = group.first + e;
        const Value valid = padded ? isElement(window, element) : Value();
        for (std::int64_t v = 0; v < block.count; ++v) {
          const std::size_t at = static_cast<std::size_t>(v);
          const Value sum = sums[static_cast<std::size_t>(e * block.count + v)];
          if (element == 0) {
            // Any number comes before a NaN, if the window has no such element.
            const Value nan = function_.constant(
                DenseElementsAttr::get(vector_, std::numeric_limits<float>::quiet_NaN()));
            greatest.push_back(valid ? arith::SelectOp::create(builder_, loc_, valid, sum, nan)
                                     : sum);
            places.push_back(i32(0));
            continue;
          }
          const auto predicate = padded ? arith::CmpFPredicate::UGT : arith::CmpFPredicate::OGT;
          Value isGreater = arith::CmpFOp::create(builder_, loc_, predicate, sum, greatest[at]);
          if (valid)
            isGreater = arith::AndIOp::create(builder_, loc_, isGreater,
                                              spread(valid, isGreater.getType()));
          greatest[at] = arith::SelectOp::create(builder_, loc_, isGreater, sum, greatest[at]);
          places[at] = arith::SelectOp::create(builder_, loc_, isGreater,
                                               i32(static_cast<std::int32_t>(element)), places[at]);
        }
      }
    }
    for (std::int64_t v = 0; v < block.count; ++v) {
      Value &value = greatest[static_cast<std::size_t>(v)];
      Value &place = places[static_cast<std::size_t>(v)];
      if (conv_.hasRelu) {
        const auto compare = [&](arith::CmpFPredicate predicate) {
          return arith::CmpFOp::create(builder_, loc_, predicate, value, zeros());
        };
        place = arith::SelectOp::create(builder_, loc_, compare(arith::CmpFPredicate::OGT), place,
                                        i32(255));
        // A NaN stays.
        value = arith::SelectOp::create(builder_, loc_, compare(arith::CmpFPredicate::OLT), zeros(),
                                        value);
      }
      storeOutputs(value, output, result, block.first + v);
      storePlaces(place, output + 1, result, block.first + v);
    }
  }
}

} // namespace graphc
