// oneDNN behind graphc's own types: nothing outside DnnlPrimitives*.cpp includes its headers, and
// its exceptions end there, as Error.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/Attributes.h"
#include "runtime/DataType.h"

namespace graphc {

/// A buffer as a primitive sees it.
struct PrimitiveOperand {
  DataType dtype = float32;
  std::vector<std::int64_t> extents;
  /// In elements; empty for dense row-major.
  std::vector<std::int64_t> strides;

  bool operator==(const PrimitiveOperand &) const = default;
};

/// All that a primitive depends on. Kinds, their operands and attributes:
///   matmul       (a[..,M,K], b[..,K,N] [, bias[1..,N]]) -> c[..,M,N]; ranks equal, leading extents
///                equal or 1. {activation: "none|relu|tanh|sigmoid"}. With {b_extents}, b is the
///                uint8 buffer that a matmul_pack has made.
///   matmul_pack  (b) -> packed: b in the layout that the matmul likes best, which also has
///                {a_extents, a_strides, bias, activation}; `packed` has opaqueBytes() bytes
///   convolution  (x[N,H,W,C], filter[h,w,C,K] [, bias[K]]) -> y[N,H',W',K]; depthwise: filter
///                [h,w,C,M], K = C M. {depthwise, strides, dilations, padding_before,
///                padding_after: [height, width] each, activation}. With {filter_extents}, filter
///                is the uint8 buffer that a convolution_pack has made.
///   convolution_pack  (filter) -> packed, as matmul_pack, of a convolution that also has
///                {x_extents, y_extents, bias}
///   convolution_gradient_input (filter, dy) -> dx, convolution_gradient_filter (x, dy) -> dfilter
///   max_pooling, avg_pooling  (x) -> y {ksize, strides, padding_before, padding_after}
///   max_pooling_gradient (x, dy) -> dx, avg_pooling_gradient (dy) -> dx
///   layer_normalization, batch_normalization  (x, gamma, beta) -> y, mean, variance, or -> y alone
///                {epsilon}: operands and results as the graph ops' of the same names
///   layer_normalization_gradient, batch_normalization_gradient  (x, gamma, mean, variance, dy) ->
///                dx, dgamma, dbeta {epsilon}
///   softmax, log_softmax  (x) -> y {axis}
///   reduction    (x) -> y {algorithm: "sum|mean|max|min|prod"}; reduced extents are 1 in y
///   eltwise      (x) -> y {algorithm: "relu|tanh|sigmoid|exp|log|sqrt|square|abs|round"}
///   binary       (x, y) -> z {algorithm: "add|subtract|multiply|divide|maximum|minimum"}; extents
///   of
///                y equal to x's or 1
///   reorder      (x) -> y: copies element by element between two layouts (transposes)
///   lstm, gru, vanilla_rnn and their _gradient: operands and results as the graph ops' of the same
///                names; the workspace is uint8 and there only with {training: true}
struct PrimitiveSpec {
  std::string kind;
  std::vector<PrimitiveOperand> inputs;
  std::vector<PrimitiveOperand> outputs;
  Attributes attributes;
  /// Threads it will run on: oneDNN divides work and scratchpads when a primitive is made.
  int threads = 1;

  /// Equal for equal specs.
  std::string key() const;
};

/// A primitive ready to run; immutable, shared by threads.
class DnnlPrimitive {
public:
  virtual ~DnnlPrimitive() = default;

  /// oneDNN's name of the implementation it chose: "brg:avx2", "gemm:jit", "ref:any" ...
  const std::string &implementation() const { return implementation_; }
  std::size_t scratchpadBytes() const { return scratchpad_bytes_; }
  /// Bytes of the last output where it is in oneDNN's own layout (a workspace, packed weights).
  std::size_t opaqueBytes() const { return opaque_bytes_; }

  /// True where a matmul_pack really reorders, that is where oneDNN likes another layout better.
  bool changesLayout() const { return changes_layout_; }

  /// Memory objects bound to addresses. One thread at a time runs a call; a program's frame owns
  /// one call for each of its primitive steps.
  class Call {
  public:
    virtual ~Call() = default;
    /// `buffers`: inputs, outputs, scratchpad.
    virtual void run(void *const *buffers) = 0;
  };
  virtual std::unique_ptr<Call> makeCall() const = 0;

protected:
  std::string implementation_;
  std::size_t scratchpad_bytes_ = 0;
  std::size_t opaque_bytes_ = 0;
  bool changes_layout_ = false;
};

/// The layout's bytes of the workspace or the packed weights must be known before their buffer can
/// be: a spec may leave out (or give any extent to) an opaque last output or packed weights.
///
/// Makes the primitive, whatever the cache holds. Throws Error: unimplemented where oneDNN has
/// none.
std::shared_ptr<const DnnlPrimitive> createDnnlPrimitive(const PrimitiveSpec &spec);

/// True where oneDNN has element type `dtype` for what graphc asks of it.
bool dnnlSupports(DataType dtype);

} // namespace graphc
