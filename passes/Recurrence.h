// Looking at and changing a graph.static_rnn: its ports are the sequences, states and captured
// values that go in and the outputs and final states that come out.
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/BitVector.h"

namespace graphc {

class Recurrence {
public:
  explicit Recurrence(mlir::Operation *op);

  mlir::Operation *op() const { return op_; }
  mlir::Block &body() const;
  mlir::Operation *yield() const;
  std::int64_t steps() const;
  bool reverse() const;
  /// Of a segment: the step of the whole recurrence that it begins at; otherwise 0.
  std::int64_t firstStep() const;

  unsigned numSequences() const { return sequences_; }
  unsigned numStates() const { return states_; }
  unsigned numCaptured() const { return op_->getNumOperands() - sequences_ - states_; }
  unsigned numOutputs() const { return op_->getNumResults() - states_; }

  mlir::Value sequence(unsigned i) const { return op_->getOperand(i); }
  mlir::Value initialState(unsigned i) const { return op_->getOperand(sequences_ + i); }
  mlir::Value captured(unsigned i) const { return op_->getOperand(sequences_ + states_ + i); }
  mlir::BlockArgument sliceArgument(unsigned i) const { return body().getArgument(i); }
  mlir::BlockArgument stateArgument(unsigned i) const { return body().getArgument(sequences_ + i); }
  mlir::BlockArgument capturedArgument(unsigned i) const {
    return body().getArgument(sequences_ + states_ + i);
  }
  bool isSlice(mlir::Value value) const;
  bool isState(mlir::Value value) const;
  bool isCaptured(mlir::Value value) const;

  mlir::Value output(unsigned i) const { return op_->getResult(i); }
  mlir::Value finalState(unsigned i) const { return op_->getResult(numOutputs() + i); }
  mlir::Value yieldedOutput(unsigned i) const { return yield()->getOperand(i); }
  mlir::Value newState(unsigned i) const { return yield()->getOperand(numOutputs() + i); }

  /// A further port; gives the body's argument for it. Values come from before the op.
  mlir::BlockArgument addSequence(mlir::Value value);
  mlir::BlockArgument addCaptured(mlir::Value value);
  /// The argument for a captured value, which becomes captured where it is not yet.
  mlir::BlockArgument capture(mlir::Value value);

  /// Takes ports away: those of `operands` (by operand number; the arguments have no uses left, and
  /// a state's results neither) and those of `outputs` (by result number; no uses left). The op is
  /// made anew where results change.
  void erasePorts(const llvm::BitVector &operands, const llvm::BitVector &outputs);
  /// Adds outputs; gives the first new result's number among the outputs. The op is made anew, its
  /// results keep their uses.
  unsigned addOutputs(mlir::ValueRange values);

private:
  void setSegments();
  void replaceOp(mlir::TypeRange results, llvm::ArrayRef<int> oldResultOfNew);

  mlir::Operation *op_;
  unsigned sequences_, states_;
};

/// Attributes of the segments that SegmentRecurrences makes: where in time one begins; marks the
/// gradient of one.
inline constexpr llvm::StringLiteral kFirstStep = "first_step";
inline constexpr llvm::StringLiteral kSegmentGradient = "segment_gradient";

/// tensor<T x s> for tensor<s>.
mlir::RankedTensorType stackedType(mlir::Type slice, std::int64_t steps);
/// tensor<s> for tensor<T x s>.
mlir::RankedTensorType sliceType(mlir::Type sequence);

} // namespace graphc
