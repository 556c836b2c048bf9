#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphSummaryOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerSummaryOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphSummaryOps.cpp.inc"
      >();
}

} // namespace graphc::graph
