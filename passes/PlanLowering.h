// What turns graph ops on tensors into steps on buffers: shared by the lowerings of all families.
#pragma once

#include <string>
#include <utility>

#include "ir/PlanDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/TensorAliases.h"
#include "runtime/DnnlPrimitives.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

/// Counts for the pass's statistics.
struct PlanCounts {
  unsigned kernels = 0, sharedKernels = 0, primitives = 0, sharedPrimitives = 0, hostCalls = 0,
           copies = 0, copiesSaved = 0, keptWeights = 0;
};

/// Builds one plan.program out of one graph.program. Tensors become buffers when the first step
/// needs them; where a tensor is put (in a fetched tensor, a variable, the arena) is known
/// beforehand from TensorAliases.
class PlanLowering {
public:
  struct Options {
    int threads = 1;
    bool alwaysPack = false; ///< pack weights even where oneDNN likes them as they are
  };
  PlanLowering(mlir::ModuleOp module, const TensorAliases &aliases, plan::ProgramOp plan,
               Options options);

  mlir::OpBuilder &builder() { return builder_; }
  const TensorAliases &aliases() const { return aliases_; }
  const Options &options() const { return options_; }
  PlanCounts &counts() { return counts_; }

  //===--- Buffers ---===//
  /// Where the tensor lies; it has been computed already.
  mlir::Value input(mlir::Value tensor);
  /// Where the tensor is to be written, dense.
  mlir::Value output(mlir::Value tensor);
  /// Says where a tensor lies, whatever was planned.
  void define(mlir::Value tensor, mlir::Value buffer) { buffers_[tensor] = buffer; }
  mlir::Value temporary(mlir::MemRefType type, mlir::Location location);
  mlir::Value bytes(std::int64_t count, mlir::Location location);
  mlir::Value feed(std::int64_t index, mlir::MemRefType type, mlir::Location location);
  mlir::Value fetched(std::int64_t index, mlir::MemRefType type, mlir::Location location);
  mlir::Value variable(mlir::FlatSymbolRefAttr name, mlir::Location location);
  mlir::Value constant(mlir::ElementsAttr value, mlir::Location location);
  /// The memory of `buffer` from element `offset` on, under other extents and strides (empty:
  /// dense).
  mlir::Value view(mlir::Value buffer, llvm::ArrayRef<std::int64_t> extents,
                   llvm::ArrayRef<std::int64_t> strides = {}, std::int64_t offset = 0);

  //===--- Steps ---===//
  void copy(mlir::Value from, mlir::Value to, mlir::Location location);
  /// The primitive for these buffers, made or found; an error at `location` where oneDNN has none.
  mlir::FailureOr<mlir::Value> primitive(llvm::StringRef kind, const Attributes &parameters,
                                         mlir::ValueRange inputs, mlir::ValueRange outputs,
                                         mlir::Location location);
  void runPrimitive(mlir::Value primitive, mlir::ValueRange inputs, mlir::ValueRange outputs,
                    mlir::Location location);
  /// Both.
  mlir::LogicalResult addPrimitive(llvm::StringRef kind, const Attributes &parameters,
                                   mlir::ValueRange inputs, mlir::ValueRange outputs,
                                   mlir::Location location);
  /// `weights`, which lie in `buffer`, as a primitive of `kind` packs them: in the layout that the
  /// op's primitive likes best, made again only when the variable they are has changed. Null where
  /// the variable's own layout is that, or where they change in this very program.
  mlir::FailureOr<mlir::Value> keptWeights(mlir::Operation *op, mlir::Value weights,
                                           mlir::Value buffer, llvm::StringRef kind,
                                           const Attributes &parameters);
  /// A kernel of the op alone (of a cluster: of its body); an error where none can be made.
  mlir::LogicalResult addKernel(mlir::Operation *op);
  /// The same; false, and nothing made, where none can be. `whyNot` says why.
  mlir::FailureOr<bool> tryKernel(mlir::Operation *op, std::string &whyNot);
  /// The op's reference implementation as a step; an error where it has none.
  mlir::LogicalResult addHostCall(mlir::Operation *op, llvm::StringRef reason);
  /// A kernel where one can be made, otherwise the reference implementation.
  mlir::LogicalResult addKernelOrHostCall(mlir::Operation *op);
  /// Moves a region of control flow out into a graph.program of its own behind the plan, to be
  /// lowered later: its arguments are the feeds, what it yields the fetches. Gives the program's
  /// name, "main.while.body" for the region `part` of the op called "while".
  mlir::FlatSymbolRefAttr outline(mlir::Region &region, llvm::StringRef part);

private:
  /// Null where no kernel can be made; fails where an error has been reported.
  mlir::FailureOr<plan::KernelOp> makeKernel(mlir::Operation *op, std::string &whyNot,
                                             std::optional<std::int64_t> &step);
  mlir::Value buffer(plan::BufferKind kind, mlir::MemRefType type, mlir::Location location);

  mlir::ModuleOp module_;
  const TensorAliases &aliases_;
  plan::ProgramOp plan_;
  Options options_;
  PlanCounts counts_;
  mlir::OpBuilder builder_;
  mlir::SymbolTable symbols_;
  llvm::DenseMap<mlir::Value, mlir::Value> buffers_;
  llvm::DenseMap<std::int64_t, mlir::Value> feeds_;
  llvm::DenseMap<mlir::Attribute, mlir::Value> variables_;
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants_;
  llvm::StringMap<mlir::Value> primitives_;
  llvm::StringMap<plan::KernelOp> kernels_;
  /// Kernels that could not be made, by the same key: why.
  llvm::StringMap<std::string> refused_;
};

/// How an op is lowered, found by its name.
struct OpLowering {
  using Function = mlir::LogicalResult (*)(PlanLowering &, mlir::Operation *);
  Function lower = nullptr;
  /// "primitive", "kernel", "view", "host", "copy" or "nothing": what it usually becomes.
  llvm::StringRef becomes;
};
using LoweringTable = llvm::StringMap<OpLowering>;

void addStateLowerings(LoweringTable &table);
void addConvolutionLowerings(LoweringTable &table);
void addMatmulLowerings(LoweringTable &table);
void addNnLowerings(LoweringTable &table);
void addNormalizationLowerings(LoweringTable &table);
void addElementwiseLowerings(LoweringTable &table);
void addShapeLowerings(LoweringTable &table);
void addControlFlowLowerings(LoweringTable &table);
void addRecurrenceLowerings(LoweringTable &table);
void addSummaryLowerings(LoweringTable &table);

/// What `name` ("matmul") becomes in a plan; ops without an entry of their own become kernels, or
/// host calls where no kernel can be made of them.
llvm::StringRef loweringOf(llvm::StringRef name);

} // namespace graphc
