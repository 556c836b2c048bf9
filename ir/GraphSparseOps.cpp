#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphSparseOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerSparseOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphSparseOps.cpp.inc"
      >();
}

} // namespace graphc::graph
