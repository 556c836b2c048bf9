// oneDNN behind graphc's own types: nothing outside DnnlPrimitives*.cpp includes its headers, and its
// exceptions end there, as Error.
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
///   matmul          (a[..,M,K], b[..,K,N] [, bias[N]]) -> c[..,M,N]
///                   {activation: "none|relu|tanh|sigmoid", packed: bool}; ranks equal, leading
///                   extents equal or 1; with `packed`, b is what matmul_pack made
///   matmul_pack     (b) -> packed; the operands of the matmul it is made for follow in `packed_for`
///   softmax, log_softmax (x) -> y {axis}
///   reduction       (x) -> y {algorithm: "sum|mean|max|min|prod"}; reduced extents are 1 in y
///   eltwise         (x) -> y {algorithm, alpha, beta}
///   binary          (x, y) -> z {algorithm: "add|subtract|multiply|divide|maximum|minimum"};
///                   extents of y equal or 1
///   reorder         (x) -> y: copies element by element between two layouts (transposes)
///   lstm, gru, vanilla_rnn and their _gradient: as the graph ops of the same names
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
  /// Bytes of an operand in oneDNN's own layout (workspaces, packed weights); zero for others.
  std::size_t opaqueBytes(const std::string &operand) const;

  /// Memory objects bound to addresses. One thread at a time runs a call; a program's frame owns one
  /// call for each of its primitive steps.
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
  std::vector<std::pair<std::string, std::size_t>> opaque_;
};

/// Makes the primitive, whatever the cache holds. Throws Error: unimplemented where oneDNN has none.
std::shared_ptr<const DnnlPrimitive> createDnnlPrimitive(const PrimitiveSpec &spec);

/// True where oneDNN has element type `dtype` for what graphc asks of it.
bool dnnlSupports(DataType dtype);

} // namespace graphc
