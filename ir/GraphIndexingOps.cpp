#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphIndexingOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerIndexingOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphIndexingOps.cpp.inc"
      >();
}

} // namespace graphc::graph
