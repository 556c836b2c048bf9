#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphShapeOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerShapeOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphShapeOps.cpp.inc"
      >();
}

mlir::OpFoldResult ConstantOp::fold(FoldAdaptor) {
  // A recorded type that knows less than the value is left alone: a folded value has its own type.
  return getValue().getType() == getType() ? mlir::OpFoldResult(getValue()) : mlir::OpFoldResult();
}

} // namespace graphc::graph
