#include "ir/GraphDialect.h"

#include "ir/Conversion.h"
#include "llvm/ADT/TypeSwitch.h"

#define GET_OP_CLASSES
#include "ir/GraphStateOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerStateOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphStateOps.cpp.inc"
      >();
}

mlir::LogicalResult VariableOp::verify() {
  if (!isGraphType(getType()) || !toValueType(getType()).shape.has_rank())
    return emitOpError("expects a tensor type with a rank, got ") << getType();
  return mlir::success();
}

/// What the op reads or writes as the variable's whole value, or as some rows of it.
static mlir::Value valueOf(mlir::Operation *op) {
  if (auto read = llvm::dyn_cast<ReadVariableOp>(op))
    return read.getValue();
  return llvm::TypeSwitch<mlir::Operation *, mlir::Value>(op)
      .Case<AssignOp, AssignAddOp, AssignSubOp>([](auto assign) { return assign.getValue(); })
      .Case<ApplyGradientDescentOp, ApplyMomentumOp, ApplyAdagradOp, ApplyRmsPropOp,
            ApplyCenteredRmsPropOp, ApplyAdamOp, SparseApplyGradientDescentOp,
            SparseApplyMomentumOp, SparseApplyAdagradOp, SparseApplyRmsPropOp,
            SparseApplyCenteredRmsPropOp>([](auto apply) { return apply.getGrad(); });
}

static bool updatesRows(mlir::Operation *op) {
  return op->getName().stripDialect().starts_with("sparse_apply_");
}

/// `type` with another, unknown number of rows.
static mlir::Type rowsOf(mlir::Type type) {
  ValueType rows = toValueType(type);
  std::vector<int64_t> extents = rows.shape.extents();
  if (!extents.empty())
    extents.front() = none;
  rows.shape = Shape(std::move(extents));
  return toMlirType(type.getContext(), rows);
}

mlir::LogicalResult verifyVariableUses(mlir::Operation *op, mlir::SymbolTableCollection &symbols) {
  VariableOp variable;
  const mlir::StringAttr main = mlir::StringAttr::get(op->getContext(), "variable");
  auto lookUp = [&](mlir::NamedAttribute use) -> VariableOp {
    auto name = llvm::cast<mlir::FlatSymbolRefAttr>(use.getValue());
    auto found = symbols.lookupNearestSymbolFrom<VariableOp>(op, name);
    if (!found)
      op->emitOpError("expects '")
          << use.getName().getValue() << "' to name a graph.variable, got " << name;
    return found;
  };
  variable = lookUp({main, op->getAttr(main)});
  if (!variable)
    return mlir::failure();
  for (mlir::NamedAttribute attribute : op->getAttrDictionary()) {
    if (!llvm::isa<mlir::FlatSymbolRefAttr>(attribute.getValue()) || attribute.getName() == main)
      continue;
    VariableOp slot = lookUp(attribute);
    if (!slot)
      return mlir::failure();
    if (slot.getType() != variable.getType()) {
      mlir::InFlightDiagnostic error = op->emitOpError("expects '")
                                       << attribute.getName().getValue() << "' to be "
                                       << toText(variable.getType()) << " like the variable, got "
                                       << toText(slot.getType());
      error.attachNote(slot.getLoc()) << "the slot is here";
      return error;
    }
  }
  const mlir::Type type = valueOf(op).getType();
  const mlir::Type expected =
      updatesRows(op) ? rowsOf(variable.getType()) : mlir::Type(variable.getType());
  if (!areCompatible(expected, type)) {
    mlir::InFlightDiagnostic error =
        op->emitOpError(updatesRows(op) ? "expects rows of the variable's type "
                                        : "expects a value of the variable's type ")
        << toText(expected) << ", got " << toText(type);
    error.attachNote(variable.getLoc()) << "the variable is here";
    return error;
  }
  return mlir::success();
}

} // namespace graphc::graph
