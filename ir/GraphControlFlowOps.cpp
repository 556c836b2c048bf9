#include "ir/GraphDialect.h"

#include "ir/Conversion.h"

#define GET_OP_CLASSES
#include "ir/GraphControlFlowOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerControlFlowOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphControlFlowOps.cpp.inc"
      >();
}

//===--- What the ops have in common ----------------------------------------------------------===//

/// The region called `name` takes `operands` and ends in a graph.yield, which is given back; null,
/// after an error, where it does not.
static YieldOp verifyRegion(mlir::Operation *op, mlir::Region &region, llvm::StringRef name,
                            mlir::ValueRange operands) {
  mlir::Block &block = region.front();
  auto yield = block.empty() ? YieldOp() : llvm::dyn_cast<YieldOp>(block.back());
  if (!yield) {
    op->emitOpError("expects its ") << name << " to end in graph.yield";
    return nullptr;
  }
  if (block.getNumArguments() != operands.size()) {
    op->emitOpError("expects its ")
        << name << " to have " << operands.size()
        << " arguments, one for each value it is given, got " << block.getNumArguments();
    return nullptr;
  }
  for (auto [index, operand, argument] : llvm::enumerate(operands, block.getArguments()))
    if (!areCompatible(operand.getType(), argument.getType())) {
      op->emitOpError("expects argument ")
          << index << " of its " << name << " to be " << toText(operand.getType())
          << " like the value it is given, got " << toText(argument.getType());
      return nullptr;
    }
  mlir::Operation *touching = nullptr;
  region.walk([&](mlir::Operation *inner) {
    if (!inner->hasAttr("variable"))
      return mlir::WalkResult::advance();
    touching = inner;
    return mlir::WalkResult::interrupt();
  });
  if (touching) {
    mlir::InFlightDiagnostic error = op->emitOpError("expects its ")
                                     << name << " to touch no variables, whose values are captured";
    error.attachNote(touching->getLoc()) << touching->getName() << " is here";
    return nullptr;
  }
  return yield;
}

static mlir::LogicalResult failAt(YieldOp yield, mlir::InFlightDiagnostic error) {
  error.attachNote(yield.getLoc()) << "the yield is here";
  return error;
}

static mlir::LogicalResult verifyCondition(mlir::Operation *op, mlir::Region &region,
                                           mlir::ValueRange operands) {
  YieldOp yield = verifyRegion(op, region, "cond", operands);
  if (!yield)
    return mlir::failure();
  const ValueType scalar{bool_, Shape{}};
  if (yield.getValues().size() != 1)
    return failAt(yield, op->emitOpError("expects its cond to yield one scalar bool, got ")
                             << yield.getValues().size() << " values");
  const ValueType given = toValueType(yield.getValues().front().getType());
  if (given.dtype != scalar.dtype || !given.shape.is_compatible_with(scalar.shape))
    return failAt(yield, op->emitOpError("expects its cond to yield one scalar bool, got ")
                             << given.to_string());
  return mlir::success();
}

/// `region` yields what it was given as `carried`, values that are called `what`, and so do the
/// results.
static mlir::LogicalResult verifyCarried(mlir::Operation *op, YieldOp yield, llvm::StringRef name,
                                         llvm::StringRef what, mlir::ValueRange carried) {
  if (yield.getValues().size() != carried.size())
    return failAt(yield, op->emitOpError("expects its ")
                             << name << " to yield its " << carried.size() << ' ' << what
                             << "s, got " << yield.getValues().size() << " values");
  for (auto [index, before, after] : llvm::enumerate(carried, yield.getValues()))
    if (!areCompatible(before.getType(), after.getType()))
      return failAt(yield, op->emitOpError("expects ")
                               << what << ' ' << index << " to stay " << toText(before.getType())
                               << ", got " << toText(after.getType()) << " from the " << name);
  return mlir::success();
}

static mlir::LogicalResult verifyResults(mlir::Operation *op, llvm::StringRef what,
                                         mlir::ValueRange carried) {
  if (op->getNumResults() != carried.size())
    return op->emitOpError("expects a result for each of its ")
           << carried.size() << ' ' << what << "s, got " << op->getNumResults();
  for (auto [index, value, result] : llvm::enumerate(carried, op->getResults()))
    if (!areCompatible(value.getType(), result.getType()))
      return op->emitOpError("expects result ")
             << index << " to be " << toText(value.getType()) << " like its " << what << ", got "
             << toText(result.getType());
  return mlir::success();
}

/// Names arguments by the group that they are of, groups given by the number of arguments before
/// their end.
static void nameArguments(mlir::Region &region, mlir::OpAsmSetValueNameFn setName,
                          llvm::ArrayRef<std::pair<std::size_t, llvm::StringRef>> groups) {
  if (region.empty())
    return;
  for (mlir::BlockArgument argument : region.getArguments())
    for (auto [end, name] : groups)
      if (argument.getArgNumber() < end) {
        setName(argument, name);
        break;
      }
}

//===--- while --------------------------------------------------------------------------------===//

void WhileOp::getAsmBlockArgumentNames(mlir::Region &region, mlir::OpAsmSetValueNameFn setName) {
  nameArguments(region, setName, {{getLoopVars().size(), "var"}, {getNumOperands(), "captured"}});
}

mlir::LogicalResult WhileOp::verify() {
  if (getLoopVars().empty())
    return emitOpError("expects one loop variable or more, got none");
  if (mlir::failed(verifyCondition(*this, getCond(), getOperands())))
    return mlir::failure();
  YieldOp yield = verifyRegion(*this, getBody(), "body", getOperands());
  if (!yield || mlir::failed(verifyCarried(*this, yield, "body", "loop variable", getLoopVars())))
    return mlir::failure();
  return verifyResults(*this, "loop variable", getLoopVars());
}

//===--- while_gradient -----------------------------------------------------------------------===//

void WhileGradientOp::getAsmBlockArgumentNames(mlir::Region &region,
                                               mlir::OpAsmSetValueNameFn setName) {
  const std::size_t seen = getLoopVars().size() + getCaptured().size();
  nameArguments(region, setName,
                {{getLoopVars().size(), "var"}, {seen, "captured"}, {getNumOperands(), "grad"}});
}

mlir::LogicalResult WhileGradientOp::verify() {
  if (getLoopVars().empty())
    return emitOpError("expects one loop variable or more, got none");
  if (getGradients().empty())
    return emitOpError("expects one gradient or more, got none");
  const auto seen = getOperands().take_front(getLoopVars().size() + getCaptured().size());
  if (mlir::failed(verifyCondition(*this, getCond(), seen)))
    return mlir::failure();
  YieldOp body = verifyRegion(*this, getBody(), "body", seen);
  if (!body || mlir::failed(verifyCarried(*this, body, "body", "loop variable", getLoopVars())))
    return mlir::failure();
  YieldOp gradient = verifyRegion(*this, getGradient(), "gradient", getOperands());
  if (!gradient ||
      mlir::failed(verifyCarried(*this, gradient, "gradient", "gradient", getGradients())))
    return mlir::failure();
  return verifyResults(*this, "gradient", getGradients());
}

//===--- cond ---------------------------------------------------------------------------------===//

void CondOp::getAsmBlockArgumentNames(mlir::Region &region, mlir::OpAsmSetValueNameFn setName) {
  nameArguments(region, setName, {{getCaptured().size(), "captured"}});
}

mlir::LogicalResult CondOp::verify() {
  const ValueType pred = toValueType(getPred().getType());
  if (!pred.shape.is_compatible_with(Shape{}))
    return emitOpError("expects a scalar bool as its pred, got ") << pred.to_string();
  for (auto [region, name] :
       {std::pair(&getThenBranch(), "then_branch"), std::pair(&getElseBranch(), "else_branch")}) {
    YieldOp yield = verifyRegion(*this, *region, name, getCaptured());
    if (!yield)
      return mlir::failure();
    if (yield.getValues().size() != getNumResults())
      return failAt(yield, emitOpError("expects its ")
                               << name << " to yield " << getNumResults() << " values, got "
                               << yield.getValues().size());
    for (auto [index, value, result] : llvm::enumerate(yield.getValues(), getResults()))
      if (!areCompatible(value.getType(), result.getType()))
        return failAt(yield, emitOpError("expects result ")
                                 << index << " to be " << toText(value.getType())
                                 << " like the value that its " << name << " yields, got "
                                 << toText(result.getType()));
  }
  return mlir::success();
}

} // namespace graphc::graph
