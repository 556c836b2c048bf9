#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphMatmulOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerMatmulOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphMatmulOps.cpp.inc"
      >();
}

} // namespace graphc::graph
