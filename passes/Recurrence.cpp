#include "passes/Recurrence.h"

#include "passes/GraphOps.h"

namespace graphc {

using namespace mlir;

static constexpr llvm::StringLiteral kSegments = "operandSegmentSizes";

Recurrence::Recurrence(Operation *op) : op_(op) {
  ArrayRef<int32_t> sizes = op->getAttrOfType<DenseI32ArrayAttr>(kSegments).asArrayRef();
  sequences_ = static_cast<unsigned>(sizes[0]);
  states_ = static_cast<unsigned>(sizes[1]);
}

Block &Recurrence::body() const { return op_->getRegion(0).front(); }
Operation *Recurrence::yield() const { return body().getTerminator(); }
int64_t Recurrence::steps() const { return intAttribute(op_, "steps"); }
int64_t Recurrence::firstStep() const { return intAttribute(op_, kFirstStep, 0); }
bool Recurrence::reverse() const { return flagAttribute(op_, "reverse"); }

static bool isArgumentIn(Value value, Block &body, unsigned begin, unsigned end) {
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && argument.getOwner() == &body && argument.getArgNumber() >= begin &&
         argument.getArgNumber() < end;
}

bool Recurrence::isSlice(Value value) const { return isArgumentIn(value, body(), 0, sequences_); }
bool Recurrence::isState(Value value) const {
  return isArgumentIn(value, body(), sequences_, sequences_ + states_);
}
bool Recurrence::isCaptured(Value value) const {
  return isArgumentIn(value, body(), sequences_ + states_, body().getNumArguments());
}

void Recurrence::setSegments() {
  const auto captured = static_cast<int32_t>(numCaptured());
  op_->setAttr(kSegments, DenseI32ArrayAttr::get(op_->getContext(),
                                                 {static_cast<int32_t>(sequences_),
                                                  static_cast<int32_t>(states_), captured}));
}

BlockArgument Recurrence::addSequence(Value value) {
  BlockArgument argument =
      body().insertArgument(sequences_, sliceType(value.getType()), value.getLoc());
  op_->insertOperands(sequences_, value);
  ++sequences_;
  setSegments();
  return argument;
}

BlockArgument Recurrence::addCaptured(Value value) {
  BlockArgument argument = body().addArgument(value.getType(), value.getLoc());
  op_->insertOperands(op_->getNumOperands(), value);
  setSegments();
  return argument;
}

BlockArgument Recurrence::capture(Value value) {
  for (unsigned i = 0; i < numCaptured(); ++i)
    if (captured(i) == value)
      return capturedArgument(i);
  return addCaptured(value);
}

void Recurrence::replaceOp(TypeRange results, ArrayRef<int> oldResultOfNew) {
  OperationState state(op_->getLoc(), op_->getName());
  state.addTypes(results);
  state.addOperands(op_->getOperands());
  state.addAttributes(op_->getAttrs());
  Region *region = state.addRegion();
  region->takeBody(op_->getRegion(0));
  OpBuilder builder(op_);
  Operation *made = builder.create(state);
  for (auto [index, old] : llvm::enumerate(oldResultOfNew))
    if (old >= 0)
      op_->getResult(static_cast<unsigned>(old)).replaceAllUsesWith(made->getResult(index));
  op_->erase();
  op_ = made;
  setSegments();
}

void Recurrence::erasePorts(const llvm::BitVector &operands, const llvm::BitVector &outputs) {
  const unsigned oldOutputs = numOutputs();
  llvm::BitVector results(op_->getNumResults()), yields(op_->getNumResults());
  for (unsigned i : outputs.set_bits())
    results.set(i);
  unsigned newSequences = sequences_, newStates = states_;
  for (unsigned i : operands.set_bits()) {
    if (i < sequences_)
      --newSequences;
    else if (i < sequences_ + states_) {
      --newStates;
      results.set(oldOutputs + i - sequences_);
    }
  }
  yield()->eraseOperands(results);
  body().eraseArguments(operands);
  op_->eraseOperands(operands);
  sequences_ = newSequences;
  states_ = newStates;
  if (results.none()) {
    setSegments();
    return;
  }
  SmallVector<Type> types;
  SmallVector<int> oldResults;
  for (unsigned i = 0; i < results.size(); ++i)
    if (!results.test(i)) {
      types.push_back(op_->getResult(i).getType());
      oldResults.push_back(static_cast<int>(i));
    }
  replaceOp(types, oldResults);
}

unsigned Recurrence::addOutputs(ValueRange values) {
  const unsigned first = numOutputs();
  SmallVector<Type> types;
  SmallVector<int> oldResults;
  for (unsigned i = 0; i < first; ++i) {
    types.push_back(op_->getResult(i).getType());
    oldResults.push_back(static_cast<int>(i));
  }
  for (Value value : values) {
    types.push_back(stackedType(value.getType(), steps()));
    oldResults.push_back(-1);
  }
  for (unsigned i = 0; i < states_; ++i) {
    types.push_back(finalState(i).getType());
    oldResults.push_back(static_cast<int>(first + i));
  }
  yield()->insertOperands(first, values);
  replaceOp(types, oldResults);
  return first;
}

RankedTensorType stackedType(Type slice, int64_t steps) {
  auto type = cast<RankedTensorType>(slice);
  SmallVector<int64_t> extents{steps};
  llvm::append_range(extents, type.getShape());
  return RankedTensorType::get(extents, type.getElementType());
}

RankedTensorType sliceType(Type sequence) {
  auto type = cast<RankedTensorType>(sequence);
  return RankedTensorType::get(type.getShape().drop_front(), type.getElementType());
}

} // namespace graphc
