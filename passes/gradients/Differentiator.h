// Reverse-mode differentiation of one block: walks its ops backward, calls the rule of each op
// between what is differentiated and what it is differentiated by, and adds up what arrives.
#pragma once

#include "ir/GradientFlow.h"
#include "passes/gradients/GradientRules.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace graphc {

class Differentiator {
public:
  /// Gradient ops go where `builder` stands. `ys` is what an error's note names.
  Differentiator(mlir::OpBuilder &builder, const CustomGradients &customGradients,
                 mlir::ValueRange ys)
      : builder_(builder), customGradients_(customGradients), ys_(ys) {
    for (const auto &entry : customGradients)
      customOps_.insert(entry.first);
  }

  const CustomGradients &customGradients() const { return customGradients_; }
  const CustomGradientOps &customOps() const { return customOps_; }
  mlir::ValueRange ys() const { return ys_; }

  /// Adds a term to the gradient of `value`.
  void add(mlir::Value value, mlir::Value gradient) { terms_[value].push_back(gradient); }

  /// Differentiates the ops from `last` up to the head of its block, as far as gradients arrive.
  /// Only values in `active` get gradients.
  mlir::LogicalResult run(mlir::Operation *last, const llvm::DenseSet<mlir::Value> &active);

  /// The sum of what arrived; null for nothing. The sum is made once, at the builder's place.
  mlir::Value gradientOf(mlir::Value value, mlir::Location location);

  /// Tells that `from`, which a rule has rewritten, is now `to`.
  void replaced(mlir::ValueRange from, mlir::ValueRange to);

private:
  mlir::LogicalResult differentiate(mlir::Operation *op, const llvm::DenseSet<mlir::Value> &active);
  mlir::LogicalResult applyCustom(const CustomGradient &gradient, GradientContext &context);

  mlir::OpBuilder &builder_;
  const CustomGradients &customGradients_;
  CustomGradientOps customOps_;
  mlir::ValueRange ys_;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::Value, 2>> terms_;
};

} // namespace graphc
