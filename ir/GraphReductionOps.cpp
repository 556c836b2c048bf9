#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphReductionOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerReductionOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphReductionOps.cpp.inc"
      >();
}

} // namespace graphc::graph
