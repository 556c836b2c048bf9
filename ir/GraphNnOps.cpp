#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphNnOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerNnOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphNnOps.cpp.inc"
      >();
}

} // namespace graphc::graph
