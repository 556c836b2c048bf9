// The few ops that gradient rules are written in, on statically shaped values.
#pragma once

#include "ir/GraphBuilder.h"
#include "mlir/IR/BuiltinTypes.h"
#include "passes/GraphOps.h"
#include "llvm/ADT/ArrayRef.h"

namespace graphc {

using Extents = std::vector<std::int64_t>;

/// The extents of a statically shaped value.
Extents shapeOf(mlir::Value value);
DataType dtypeOf(mlir::Value value);
std::int64_t elementsOf(mlir::Value value);
/// The axis counted from the front: maps -rank … rank-1 to 0 … rank-1.
std::int64_t normalAxis(std::int64_t axis, std::int64_t rank);

class GradientMath {
public:
  explicit GradientMath(GraphBuilder &graph) : graph_(graph) {}

  GraphBuilder &graph() { return graph_; }

  mlir::Value unary(llvm::StringRef op, mlir::Value x) { return graph_.create(op, {x}); }
  mlir::Value binary(llvm::StringRef op, mlir::Value x, mlir::Value y) {
    return graph_.create(op, {x, y});
  }
  mlir::Value add(mlir::Value x, mlir::Value y) { return binary("add", x, y); }
  mlir::Value subtract(mlir::Value x, mlir::Value y) { return binary("subtract", x, y); }
  mlir::Value multiply(mlir::Value x, mlir::Value y) { return binary("multiply", x, y); }
  mlir::Value divide(mlir::Value x, mlir::Value y) { return binary("divide", x, y); }
  mlir::Value negative(mlir::Value x) { return unary("negative", x); }
  mlir::Value square(mlir::Value x) { return unary("square", x); }
  mlir::Value where(mlir::Value condition, mlir::Value x, mlir::Value y) {
    return graph_.create("where", {condition, x, y});
  }
  /// The sum of one or more values.
  mlir::Value sum(llvm::ArrayRef<mlir::Value> terms);

  mlir::Value scalarLike(double value, mlir::Value like) { return graph_.scalarLike(value, like); }
  /// x * factor.
  mlir::Value scaled(mlir::Value x, double factor) { return multiply(x, scalarLike(factor, x)); }
  /// All elements `value`, of `type`.
  mlir::Value filled(mlir::Type type, double value);
  mlir::Value zeros(mlir::Type type) { return filled(type, 0); }

  mlir::Value matmul(mlir::Value a, mlir::Value b, bool transposeA, bool transposeB);
  mlir::Value reshape(mlir::Value x, const Extents &shape);
  mlir::Value broadcastTo(mlir::Value x, const Extents &shape);
  mlir::Value transpose(mlir::Value x, const Extents &permutation);
  mlir::Value reduce(llvm::StringRef op, mlir::Value x, const Extents &axes, bool keepDims);
  mlir::Value reduceSum(mlir::Value x, const Extents &axes, bool keepDims = false) {
    return reduce("reduce_sum", x, axes, keepDims);
  }
  mlir::Value slice(mlir::Value x, const Extents &begin, const Extents &size);
  /// `paddings` as the op has them: before and after, axis by axis.
  mlir::Value pad(mlir::Value x, const Extents &paddings, double value = 0);
  mlir::Value concat(llvm::ArrayRef<mlir::Value> parts, std::int64_t axis);
  mlir::Value cast(mlir::Value x, DataType dtype);

  /// Sums over the axes along which a value of `shape` was broadcast to x's shape.
  mlir::Value sumTo(mlir::Value x, const Extents &shape);

private:
  GraphBuilder &graph_;
};

} // namespace graphc
