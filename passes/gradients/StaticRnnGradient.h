// The gradient of graph.static_rnn: one static_rnn in the opposite direction of time, whose body is
// derived from the cell's body.
#pragma once

#include <optional>
#include <utility>

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "passes/Recurrence.h"
#include "passes/gradients/GradientRules.h"
#include "passes/gradients/TimeSum.h"
#include "llvm/ADT/DenseSet.h"

namespace graphc {

/// Makes the gradient of one recurrence.
class StaticRnnGradient : private SequenceSource {
public:
  explicit StaticRnnGradient(GradientContext &context);

  /// Replaces the forward op by one that gives its saved values as further outputs.
  mlir::LogicalResult run();

private:
  /// An argument of the backward body, and what stands behind it outside.
  struct Port {
    enum Kind { sequence, state, captured };
    Kind kind;
    mlir::Value outer; ///< null for a saved value, until it is saved
    mlir::Value saved; ///< in the forward body: what the forward recurrence has to give as output
    mlir::BlockArgument argument{};
    bool needed = false; ///< outside, even if not in the body
  };

  void copyBody();
  void gatherGradients();
  void chooseStates();
  mlir::LogicalResult differentiateBody();
  void yieldGradients();
  void finishBody();
  void createBackward();
  void setGradients();

  // What the forward recurrence saves (StaticRnnSavedValues.cpp).
  void useSavedProducts();
  void saveActivations();
  void saveForward();

  // Gradients of captured values (StaticRnnSums.cpp).
  void planSums();
  bool isSummedInBody(mlir::Value term) const;
  // SequenceSource
  unsigned sequenceOf(mlir::Value inBody) override;
  bool isSequence(mlir::Value inBody) const override;
  mlir::Value invariant(mlir::Value inBody) const override;
  mlir::Value sequence(GradientMath &math, unsigned number) override;
  Shifted shifted(unsigned number) override;

  mlir::BlockArgument addPort(Port::Kind kind, mlir::Type type, mlir::Value outer,
                              mlir::Value saved = {});
  const Port *portOf(mlir::Value value) const;
  /// The forward output that is the state's value after each step; null where it is no output.
  mlir::Value outputOfState(unsigned state) const;
  std::optional<unsigned> forwardState(const Port &port) const;
  bool isUnchanged(mlir::BlockArgument state) const;
  void eraseDeadOps();
  unsigned outputNumber(mlir::Value inBody);
  mlir::Location location() const { return context_.graph().location(); }

  GradientContext &context_;
  Recurrence forward_;
  mlir::Region region_;
  mlir::Block *body_;
  mlir::OpBuilder bodyBuilder_;
  mlir::IRMapping copies_; ///< from the forward body to body_

  llvm::SmallVector<mlir::Value> gradients_; ///< of the forward results; null for none
  llvm::SmallVector<Port> ports_;            ///< by argument number of body_, until createBackward
  llvm::DenseSet<mlir::Value> active_;       ///< in body_: what depends on the operands wanted
  /// The forward states that carry a gradient back through time
  llvm::SmallVector<unsigned> carried_;
  /// Forward result -> its gradient
  llvm::SmallVector<std::pair<unsigned, mlir::BlockArgument>> seeds_;
  /// Keeps gradients of the forward body's arguments `holds_` in sight while values are replaced;
  /// in the end the body's terminator.
  mlir::Operation *held_ = nullptr;
  llvm::SmallVector<unsigned> holds_;

  /// Forward sequence -> output number
  llvm::SmallVector<std::pair<unsigned, unsigned>> inputGradients_;
  llvm::SmallVector<mlir::Value> outputs_, stateGradients_, accumulated_;
  llvm::SmallVector<unsigned> accumulators_; ///< the captured value of each accumulated sum
  /// Captured value -> one term of its gradient
  llvm::SmallVector<std::pair<unsigned, TimeSum>> sums_;
  /// Number -> (is a port, port or output)
  llvm::SmallVector<std::pair<bool, unsigned>> sequences_;
  mlir::Operation *backward_ = nullptr;
};

} // namespace graphc
