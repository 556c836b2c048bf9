#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphRandomOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerRandomOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphRandomOps.cpp.inc"
      >();
}

} // namespace graphc::graph
