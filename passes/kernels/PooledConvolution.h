// Kernels of graph.pooled_conv2d and its gradients: convolutions of few channels whose results are
// pooled by windows that do not overlap. They go window by window, so that what is between the
// image and the pooled result never leaves the registers (forward) or the first-level cache
// (gradients).
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "passes/kernels/KernelGenerator.h"
#include "runtime/Windows.h"

namespace graphc {

/// The convolution and the pooling along one axis. A "position" is an element of the convolution's
/// result that a pooling window looks at, counted from the first window's start; positions in
/// pooling's padding count, too. "The image" reaches from the first element that a position looks
/// at to the last one, padding included.
struct PooledAxis {
  WindowAxis convolution, pooling;

  std::int64_t positions() const { return (pooling.output - 1) * pooling.stride + pooling.size; }
  /// Where the image begins in x; less than 0 in the padding.
  std::int64_t origin() const { return -pooling.before * convolution.stride - convolution.before; }
  std::int64_t extent() const {
    return (positions() - 1) * convolution.stride + convolution.reach();
  }
  /// The part [begin, end) of x that is in the image.
  std::int64_t begin() const { return std::max<std::int64_t>(origin(), 0); }
  std::int64_t end() const { return std::min(origin() + extent(), convolution.input); }
  bool isInside() const { return begin() == origin() && end() == origin() + extent(); }
  /// Whether windows look at positions that the convolution's result does not have.
  bool isPoolingPadded() const {
    return pooling.before > 0 || positions() - pooling.before > convolution.output;
  }
};

/// What is known of the op before code is written; counts are of float32 elements.
struct PooledConvolution {
  enum Kind : std::uint8_t { forward, inputGradient, filterGradient };

  Kind kind = forward;
  PooledAxis rows, columns;
  std::int64_t batch = 0, channels = 0, outputs = 0;
  std::int64_t parts = 0; ///< of the filter's gradient
  bool hasBias = false, hasRelu = false;

  std::int64_t lanes = 0;         ///< of a vector
  std::int64_t outputVectors = 0; ///< that hold the outputs of a position
  /// Images that the filter's gradient takes at a time, so that its loops are long.
  std::int64_t imagesAtOnce = 1;

  /// Where regions of scratch begin.
  std::int64_t image = 0, filter = 0, bias = 0, spread = 0, scratch = 0;

  std::int64_t windowElements() const { return rows.pooling.size * columns.pooling.size; }
  std::int64_t positions() const { return rows.positions() * columns.positions(); }
  std::int64_t paddedOutputs() const { return outputVectors * lanes; }
  /// Elements of one output's filter.
  std::int64_t depth() const { return rows.convolution.size * columns.convolution.size * channels; }
  /// Where x's part is the whole image, it is read where it lies.
  bool readsInPlace() const {
    return kind != inputGradient && rows.isInside() && columns.isInside();
  }
  std::int64_t rowStride() const {
    return (readsInPlace() ? columns.convolution.input : columns.extent()) * channels;
  }
  std::int64_t imageStride() const {
    return readsInPlace() ? rows.convolution.input * rowStride() : rows.extent() * rowStride();
  }
  /// Runs of filter elements whose image elements are neighbours, and how long a run is.
  bool joinsColumns() const { return columns.convolution.dilation == 1; }
  std::int64_t runs() const {
    return rows.convolution.size * (joinsColumns() ? 1 : columns.convolution.size);
  }
  std::int64_t runLength() const { return depth() / runs(); }
  std::int64_t runVectors() const { return (runLength() + lanes - 1) / lanes; }
};

bool isPooledConvolution(mlir::Block &body);
std::string whyNoPooledConvolutionKernel(mlir::Block &body);
KernelShape pooledConvolutionKernelShape(mlir::Block &body);
void generatePooledConvolutionKernel(llvm::StringRef name, mlir::Block &body,
                                     mlir::ModuleOp module);

} // namespace graphc
