// Gradient rules: one function for each op, found by the op's name, standing in the file of the
// op's family.
#pragma once

#include <functional>

#include "mlir/IR/Operation.h"
#include "passes/gradients/CustomGradients.h"
#include "passes/gradients/GradientMath.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

class Differentiator;

/// What a rule sees: the forward op, the gradients of its results, and where to put those of its
/// operands.
class GradientContext : public GradientMath {
public:
  GradientContext(Differentiator &differentiator, mlir::Operation *op, GraphBuilder &graph,
                  llvm::ArrayRef<mlir::Value> resultGradients, llvm::BitVector active)
      : GradientMath(graph), differentiator_(differentiator), op_(op), operands_(op->getOperands()),
        resultGradients_(resultGradients), active_(std::move(active)),
        operandGradients_(op->getNumOperands()) {}

  Differentiator &differentiator() { return differentiator_; }
  mlir::Operation *op() { return op_; }
  mlir::Value operand(unsigned i) const { return operands_[i]; }
  mlir::Value result(unsigned i = 0) const { return op_->getResult(i); }
  unsigned numOperands() const { return static_cast<unsigned>(operands_.size()); }
  unsigned numResults() const { return op_->getNumResults(); }

  bool flag(llvm::StringRef name) const { return flagAttribute(op_, name); }
  std::int64_t integer(llvm::StringRef name, std::int64_t otherwise = 0) const {
    return intAttribute(op_, name, otherwise);
  }
  Extents integers(llvm::StringRef name) const;

  /// The gradient of a result; null where nothing depends on it.
  mlir::Value gradient(unsigned result = 0) const { return resultGradients_[result]; }
  /// The same, with zeros for null.
  mlir::Value gradientOrZeros(unsigned result);
  /// Whether the gradient of this operand is wanted; rules make no ops for others.
  bool wants(unsigned operand) const { return active_.test(operand); }
  void set(unsigned operand, mlir::Value gradient) { operandGradients_[operand] = gradient; }
  llvm::ArrayRef<mlir::Value> operandGradients() const { return operandGradients_; }

private:
  Differentiator &differentiator_;
  mlir::Operation *op_;
  llvm::SmallVector<mlir::Value> operands_; ///< as they were: a rule may replace the op
  llvm::ArrayRef<mlir::Value> resultGradients_;
  llvm::BitVector active_;
  llvm::SmallVector<mlir::Value> operandGradients_;
};

/// At least one result has a gradient and at least one operand wants one.
using GradientRule = std::function<mlir::LogicalResult(GradientContext &)>;

class GradientRules {
public:
  /// The rules of all families.
  static const GradientRules &all();

  /// Null where there is none; `opName` without the dialect.
  const GradientRule *find(llvm::StringRef opName) const;

  /// A rule that cannot fail.
  void add(llvm::StringRef opName, void (*rule)(GradientContext &));
  void addFallible(llvm::StringRef opName, GradientRule rule);

private:
  llvm::StringMap<GradientRule> rules_;
};

void addConvolutionRules(GradientRules &rules);
void addElementwiseRules(GradientRules &rules);
void addMatmulRules(GradientRules &rules);
void addShapeRules(GradientRules &rules);
void addIndexingRules(GradientRules &rules);
void addReductionRules(GradientRules &rules);
void addNnRules(GradientRules &rules);
void addNormalizationRules(GradientRules &rules);
void addOrderRules(GradientRules &rules);
void addRecurrentRules(GradientRules &rules);
void addControlFlowRules(GradientRules &rules);

} // namespace graphc
