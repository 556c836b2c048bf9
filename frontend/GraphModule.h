// The MLIR behind a graph. For the frontend and the session; the only header here that shows MLIR.
#pragma once

#include <mutex>
#include <optional>

#include "frontend/Graph.h"
#include "frontend/GraphState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

class GraphModule {
public:
  /// An empty module with an empty program @main, in a context of its own.
  GraphModule();
  /// Records at `builder`'s place in a module that something else owns.
  explicit GraphModule(mlir::OpBuilder &builder);

  mlir::MLIRContext &context() { return *context_; }
  /// Null where something else owns the module.
  mlir::ModuleOp module() { return module_.get(); }
  /// The block of the graph.program.
  mlir::Block *programBlock() { return program_; }

  /// Where ops go now: the innermost body that is being recorded.
  mlir::Block *block() const { return blocks_.back(); }
  bool isOpen(mlir::Block *block) const { return llvm::is_contained(blocks_, block); }
  void pushBlock(mlir::Block *block) { blocks_.push_back(block); }
  void popBlock() { blocks_.pop_back(); }
  llvm::SmallVector<mlir::Block *> &blocks() { return blocks_; }
  /// A builder that stands at the end of block().
  mlir::OpBuilder builder();

  /// To be held by whoever works in context(), recording apart: it is made for one thread at a
  /// time.
  std::mutex &mutex() { return mutex_; }

  void addOp(llvm::StringRef name, mlir::Operation *op) { ops_[name] = op; }
  void forgetOp(llvm::StringRef name) { ops_.erase(name); }
  /// Null where there is none; variables' symbols are found too.
  mlir::Operation *findOp(llvm::StringRef name) const { return ops_.lookup(name); }

private:
  std::unique_ptr<mlir::MLIRContext> ownContext_;
  mlir::MLIRContext *context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::Block *program_ = nullptr;
  llvm::SmallVector<mlir::Block *> blocks_;
  /// Only where something else owns the module: where new ops go in program_.
  std::optional<mlir::OpBuilder::InsertPoint> insertPoint_;
  llvm::StringMap<mlir::Operation *> ops_;
  std::mutex mutex_;
};

/// What is wrong with a value of a block that is not open.
inline constexpr llvm::StringLiteral kUnknownOutside =
    "is computed inside the body of a recurrence, loop or branch and is unknown outside of it";

inline mlir::Value valueOf(const Output &output) {
  return mlir::Value::getFromOpaquePointer(output.opaque());
}
inline mlir::Operation *operationOf(const Operation &op) {
  return static_cast<mlir::Operation *>(op.opaque());
}
inline Output outputOf(Graph &graph, mlir::Value value) {
  return Output::from_opaque(graph, value.getAsOpaquePointer());
}

/// The gradients that the user registered, as functions that record at `builder`'s place:
/// `resultGradients` may hold null values; `operandGradients` gets one value per operand, null
/// where there is none. An error of the user's function is emitted at `op`.
using ModuleGradient = std::function<mlir::LogicalResult(
    mlir::Operation *op, mlir::ValueRange resultGradients, mlir::OpBuilder &builder,
    llvm::SmallVectorImpl<mlir::Value> &operandGradients)>;
std::map<std::string, ModuleGradient, std::less<>> customGradients(const Graph &graph);

} // namespace graphc
