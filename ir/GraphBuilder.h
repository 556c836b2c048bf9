// Makes graph ops by name; their result types come from the shape functions.
#pragma once

#include "ir/ShapeFunctions.h"
#include "mlir/IR/Builders.h"

namespace graphc {

/// The value of `v` where a graph.constant makes it.
std::optional<Tensor> constantValue(mlir::Value value);

/// What the shape functions say of an op with these operands; constants among them are looked at.
InferredTypes inferTypes(llvm::StringRef name, mlir::ValueRange operands,
                         const Attributes &attributes);

class GraphBuilder {
public:
  /// Inserts where `builder` stands, at `location`.
  GraphBuilder(mlir::OpBuilder &builder, mlir::Location location)
      : builder_(builder), location_(location) {}

  mlir::OpBuilder &builder() { return builder_; }
  mlir::Location location() const { return location_; }
  void setLocation(mlir::Location location) { location_ = location; }

  /// The op `graph.<name>`. Types that do not fit are a defect of the caller: the op is still made
  /// with unknown-rank results, an error is emitted at the location, and failed() turns true.
  mlir::Operation *createOp(llvm::StringRef name, mlir::ValueRange operands,
                            const Attributes &attributes = {});
  /// The same, for an op with one result.
  mlir::Value create(llvm::StringRef name, mlir::ValueRange operands,
                     const Attributes &attributes = {});
  /// With result types that the caller knows (reading variables, regions).
  mlir::Operation *createOp(llvm::StringRef name, mlir::TypeRange results,
                            mlir::ValueRange operands, const Attributes &attributes = {});

  mlir::Value constant(const Tensor &value);
  /// A scalar constant of the given element type.
  mlir::Value scalar(double value, DataType dtype);
  /// A scalar constant of `like`'s element type.
  mlir::Value scalarLike(double value, mlir::Value like);

  bool failed() const { return failed_; }

private:
  mlir::OpBuilder &builder_;
  mlir::Location location_;
  bool failed_ = false;
};

} // namespace graphc
