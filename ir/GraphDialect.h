// The graph dialect: what the user wrote. The ops are defined in ir/Graph*Ops.td.
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace graphc::graph {

/// Element i of the only result depends on element i of the operands alone, all broadcast to the
/// result's shape.
template <typename ConcreteType>
class Elementwise : public mlir::OpTrait::TraitBase<ConcreteType, Elementwise> {};

/// What reading and writing variables touches: all variables as one, since the order of their
/// effects is the program's.
struct VariableResource : mlir::SideEffects::Resource::Base<VariableResource> {
  llvm::StringRef getName() final { return "graph.variable"; }
};

/// Compares the op's types with what its shape function says, where it has one.
mlir::LogicalResult verifyInferredTypes(mlir::Operation *op);
/// The symbols among the op's attributes are variables, of types that fit.
mlir::LogicalResult verifyVariableUses(mlir::Operation *op, mlir::SymbolTableCollection &symbols);
/// Names printed results after the user's op, where the location has its name.
void nameResults(mlir::Operation *op, mlir::OpAsmSetValueNameFn setName);

/// True where a value of one type may be had in place of the other: equal element types, shapes
/// that do not contradict each other.
bool areCompatible(mlir::Type a, mlir::Type b);
/// Set on a program whose random ops promise no bits, only that their draws are independent.
inline constexpr llvm::StringLiteral kIndependentDraws = "independent_draws";
/// "float32[?,27]", as messages write types.
std::string toText(mlir::Type type);

} // namespace graphc::graph

#include "ir/GraphInterfaces.h.inc"

#include "ir/GraphDialect.h.inc"

#define GET_OP_CLASSES
#include "ir/GraphOps.h.inc"
