#include "ir/GraphDialect.h"

#include "ir/Conversion.h"

#define GET_OP_CLASSES
#include "ir/GraphControlOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerControlOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphControlOps.cpp.inc"
      >();
}

//===--- program ------------------------------------------------------------------------------===//

void ProgramOp::build(mlir::OpBuilder &builder, mlir::OperationState &state, llvm::StringRef name) {
  state.addAttribute(getSymNameAttrName(state.name), builder.getStringAttr(name));
  state.addRegion()->emplaceBlock();
}

FetchOp ProgramOp::getFetch() {
  for (mlir::Operation &op : llvm::reverse(getBlock()))
    if (auto fetch = llvm::dyn_cast<FetchOp>(op))
      return fetch;
  return nullptr;
}

mlir::LogicalResult ProgramOp::verify() {
  const std::size_t names = getFeedNames() ? getFeedNames()->size() : 0;
  const std::size_t types = getFeedTypes() ? getFeedTypes()->size() : 0;
  if (names != types)
    return emitOpError("expects a type for each of its ") << names << " feeds, got " << types;
  return mlir::success();
}

//===--- entries and exits --------------------------------------------------------------------===//

mlir::LogicalResult FeedOp::verify() {
  if (getIndex() < 0)
    return emitOpError("expects an index of 0 or more, got ") << getIndex();
  return mlir::success();
}

mlir::LogicalResult FetchOp::verify() {
  if (getIndices().size() != getValues().size())
    return emitOpError("expects an index for each of its ")
           << getValues().size() << " values, got " << getIndices().size();
  return mlir::success();
}

//===--- cluster ------------------------------------------------------------------------------===//

YieldOp ClusterOp::getYield() { return llvm::cast<YieldOp>(getBlock().back()); }

mlir::LogicalResult ClusterOp::verify() {
  mlir::Block &block = getBlock();
  auto yield = block.empty() ? YieldOp() : llvm::dyn_cast<YieldOp>(block.back());
  if (!yield)
    return emitOpError("expects its body to end in graph.yield");
  if (block.getNumArguments() != getInputs().size())
    return emitOpError("expects a block argument for each of its ")
           << getInputs().size() << " inputs, got " << block.getNumArguments();
  for (auto [index, input, argument] : llvm::enumerate(getInputs(), block.getArguments()))
    if (!areCompatible(input.getType(), argument.getType()))
      return emitOpError("expects block argument ")
             << index << " to be " << toText(input.getType()) << " like its input, got "
             << toText(argument.getType());
  if (yield.getValues().size() != getNumResults()) {
    mlir::InFlightDiagnostic error = emitOpError("expects its body to yield ")
                                     << getNumResults() << " values, got "
                                     << yield.getValues().size();
    error.attachNote(yield.getLoc()) << "the yield is here";
    return error;
  }
  for (auto [index, value, result] : llvm::enumerate(yield.getValues(), getResults()))
    if (!areCompatible(value.getType(), result.getType())) {
      mlir::InFlightDiagnostic error = emitOpError("expects result ")
                                       << index << " to be " << toText(value.getType())
                                       << " like the yielded value, got "
                                       << toText(result.getType());
      error.attachNote(yield.getLoc()) << "the yield is here";
      return error;
    }
  return mlir::success();
}

} // namespace graphc::graph
