// The frame of a generated kernel: an llvm.func with the ABI of runtime/KernelAbi.h, and access to
// its buffers.
#pragma once

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace graphc {

/// The type in registers of an element of graph type `elementType`: i1 and floats as they are, ui8
/// as i8.
mlir::Type registerType(mlir::Type elementType);
/// The type in memory: as registerType(), but i8 for bool.
mlir::Type memoryType(mlir::Type elementType);
/// Bytes of one element in memory.
std::int64_t elementBytes(mlir::Type elementType);

/// Makes the function and loads its buffers' addresses; ops are then built by the caller with
/// `builder()`, which stands before the function's return.
class KernelFunction {
public:
  KernelFunction(llvm::StringRef name, unsigned numBuffers, mlir::Location loc,
                 mlir::ModuleOp module);

  mlir::OpBuilder &builder() { return builder_; }
  mlir::LLVM::LLVMFuncOp function() { return function_; }
  mlir::ModuleOp module() { return module_; }
  mlir::Value buffer(unsigned index) const { return buffers_[index]; }
  unsigned numBuffers() const { return static_cast<unsigned>(buffers_.size()); }
  mlir::Value begin() const; ///< i64
  mlir::Value end() const;   ///< i64
  mlir::Value scratch() const;
  /// Fields of GraphcRunContext, i64, loaded at the function's entry.
  mlir::Value sessionSeed();
  mlir::Value runIndex();
  mlir::Value step(); ///< of the recurrence that the call was taken out of

  /// Element `offset` (i64, null for 0) of a buffer, or `type` = vector of elements from there on.
  /// Loads and stores of one buffer are marked as never touching another.
  mlir::Value load(mlir::Location loc, unsigned buffer, mlir::Value offset, mlir::Type type);
  void store(mlir::Location loc, mlir::Value value, unsigned buffer, mlir::Value offset);
  /// The same in memory that is no buffer (scratch, constant data): `base` points to it.
  mlir::Value loadFrom(mlir::Location loc, mlir::Value base, mlir::Value offset, mlir::Type type);
  /// `streams`: past the caches; the place is then aligned to the whole vector.
  void storeTo(mlir::Location loc, mlir::Value value, mlir::Value base, mlir::Value offset,
               bool streams = false);
  /// What was stored past the caches comes before all stores from here on.
  void orderStreams();
  /// The first `count` elements of a vector in a buffer; the others are zero, and their memory is
  /// not touched.
  mlir::Value loadFirst(mlir::Location loc, unsigned buffer, mlir::Value offset, mlir::Type type,
                        std::int64_t count);
  void storeFirst(mlir::Location loc, mlir::Value value, unsigned buffer, mlir::Value offset,
                  std::int64_t count);
  mlir::Value loadFirstFrom(mlir::Location loc, mlir::Value base, mlir::Value offset,
                            mlir::Type type, std::int64_t count);
  void storeFirstTo(mlir::Location loc, mlir::Value value, mlir::Value base, mlir::Value offset,
                    std::int64_t count);

  /// An integer or float constant at the function's entry, made once.
  mlir::Value constant(mlir::TypedAttr value);
  mlir::Value constant(std::int64_t value); ///< i64
  /// The address of read-only data, one copy per kernel.
  mlir::Value constantData(mlir::Location loc, mlir::DenseElementsAttr elements);

private:
  mlir::Value contextField(std::int64_t byteOffset);
  mlir::Value address(mlir::Location loc, mlir::Value base, mlir::Value offset, mlir::Type element);
  mlir::Value loadAt(mlir::Location loc, mlir::Value base, mlir::Value offset, mlir::Type type,
                     unsigned scope);
  void storeAt(mlir::Location loc, mlir::Value value, mlir::Value base, mlir::Value offset,
               unsigned scope, bool streams = false);
  mlir::Value loadFirstAt(mlir::Location loc, mlir::Value base, mlir::Value offset, mlir::Type type,
                          std::int64_t count, unsigned scope);
  void storeFirstAt(mlir::Location loc, mlir::Value value, mlir::Value base, mlir::Value offset,
                    std::int64_t count, unsigned scope);
  /// A mask of the first `count` of a vector's elements.
  mlir::Value firstOf(mlir::VectorType type, std::int64_t count);

  mlir::ModuleOp module_;
  mlir::LLVM::LLVMFuncOp function_;
  mlir::OpBuilder builder_;
  llvm::SmallVector<mlir::Value> buffers_;
  /// One scope for each buffer and a last one for all other memory.
  llvm::SmallVector<mlir::ArrayAttr> ownScope_, otherScopes_;
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants_;
  mlir::Value sessionSeed_, runIndex_, step_;
  mlir::Operation *lastConstant_ = nullptr; ///< constants follow it, at the entry
  unsigned numData_ = 0;
};

} // namespace graphc
