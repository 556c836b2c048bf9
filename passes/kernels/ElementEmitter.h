// Builds the code that computes single elements of tensors: each op has a rule that makes an
// element of its result of elements of its operands. A whole cluster thus becomes one expression
// inside the loops over its output; intermediate tensors never exist.
#pragma once

#include "passes/kernels/IndexMaps.h"
#include "passes/kernels/LoopDomain.h"
#include "passes/kernels/LoopStack.h"

namespace graphc {

/// A linear index within neighbouring axes; a null value is 0.
struct ValuePart {
  unsigned dims = 1;
  mlir::Value value;
};
using ElementIndex = llvm::SmallVector<ValuePart, 4>;

/// Where in the kernel's scratch memory an op of the body keeps a row of values.
using ScratchLayout = llvm::DenseMap<mlir::Operation *, std::int64_t>;

class ElementEmitter {
public:
  using Value = mlir::Value;
  using Part = ValuePart;
  using Maps = IndexMaps<ElementEmitter>;

  ElementEmitter(KernelFunction &kernel, const ScratchLayout &scratch)
      : kernel_(kernel), loops_(kernel), scratch_(scratch) {}

  KernelFunction &kernel() { return kernel_; }
  LoopStack &loops() { return loops_; }
  mlir::OpBuilder &builder() { return kernel_.builder(); }

  /// The element of `tensor` (of the cluster's body) at `index`, in a register. Built once for all
  /// uses, in the outermost loop where it can be.
  Value element(Value tensor, const ElementIndex &index);
  /// Its element type in a register.
  static mlir::Type typeOf(Value tensor) {
    return registerType(mlir::cast<mlir::RankedTensorType>(tensor.getType()).getElementType());
  }

  /// The row-major place of `index` in a tensor of extents `shape`; null for 0.
  Value offsetOf(const ElementIndex &index, Extents shape);
  /// The index of a tensor of the domain's shape, or of a root, at these values of its loops.
  ElementIndex indexAt(const LoopDomain &domain, llvm::ArrayRef<Value> counters, Extents shape);

  // Index arithmetic on i64; null is 0. Constants are folded, and results are built in the
  // outermost loop that their operands allow.
  Value integer(std::int64_t value) { return value == 0 ? Value() : kernel_.constant(value); }
  Value orZero(Value value) { return value ? value : kernel_.constant(0); }
  Value sum(Value a, Value b);
  Value scaled(Value a, std::int64_t factor);
  Value quotient(Value a, std::int64_t divisor);
  Value remainder(Value a, std::int64_t divisor);
  Value clamped(Value a, std::int64_t low, std::int64_t high); ///< to [low, high]
  /// Condition a < limit on signed numbers.
  Value lessThan(Value a, std::int64_t limit);
  /// What is known of an index: it lies in [low, high).
  struct Range {
    std::int64_t low, high;
  };
  Range rangeOf(Value index) const;
  void setRange(Value index, Range range) { ranges_[index] = range; }

  // The index space of IndexMaps.
  bool isZero(const Part &part) const { return !part.value; }
  void single(const Part &part, Extents extents, llvm::SmallVectorImpl<Part> &out);
  Part join(llvm::ArrayRef<Part> parts, llvm::ArrayRef<std::int64_t> sizes, unsigned dims);
  Part affine(const Part &part, std::int64_t scale, std::int64_t offset);
  Part constant(std::int64_t value) { return {1, integer(value)}; }

  /// The loop level of the innermost part of an index.
  unsigned levelOf(const ElementIndex &index) const;
  /// Runs `build` once for each `name` at `level`, and gives its result again when asked again.
  Value recall(llvm::ArrayRef<const void *> name) const; ///< null if that is still to be built
  Value once(unsigned level, llvm::ArrayRef<const void *> name, llvm::function_ref<Value()> build);

  /// Runs over the given loops of `domain`, outermost first, cut as the domain says; `body` is
  /// built once for each combination of pieces. `counters` (one for each of domain.loops()) get the
  /// loops' values. What `body` gives is carried to the next element.
  llvm::SmallVector<Value>
  fold(mlir::Location loc, const LoopDomain &domain, llvm::ArrayRef<unsigned> loops,
       llvm::MutableArrayRef<Value> counters, mlir::ValueRange initial,
       llvm::function_ref<llvm::SmallVector<Value>(mlir::ValueRange carried)> body);
  /// The same with nothing carried.
  void forEach(mlir::Location loc, const LoopDomain &domain, llvm::ArrayRef<unsigned> loops,
               llvm::MutableArrayRef<Value> counters, llvm::function_ref<void()> body);

  /// The offset in bytes of the op's row in scratch; nothing if it has none.
  std::optional<std::int64_t> scratchOf(mlir::Operation *op) const {
    auto found = scratch_.find(op);
    return found == scratch_.end() ? std::nullopt : std::optional(found->second);
  }

private:
  Value build(Value tensor, const ElementIndex &index);
  Value arithmetic(Value a, Value b, llvm::function_ref<Value()> build);

  KernelFunction &kernel_;
  LoopStack loops_;
  const ScratchLayout &scratch_;
  llvm::DenseMap<Value, Range> ranges_;
};

/// Makes the element of a result of `op` at `index`.
using ElementRule = mlir::Value (*)(ElementEmitter &emitter, mlir::Operation *op, unsigned result,
                                    const ElementIndex &index);

struct OpRule {
  ElementRule rule = nullptr;
  double cost = 1; ///< of an element, in units of a vectorised addition
};
using RuleTable = llvm::StringMap<OpRule>; ///< by op name without the dialect

void addElementwiseRules(RuleTable &table);
void addMovementRules(RuleTable &table);
void addReductionRules(RuleTable &table);
void addNnRules(RuleTable &table);
void addRandomRules(RuleTable &table);
/// All of them; null for an op that has none.
const OpRule *findRule(mlir::Operation *op);

} // namespace graphc
