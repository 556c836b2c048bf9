#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphTranscendentalOps.h.inc"

#define GET_OP_CLASSES
#include "ir/GraphElementwiseOps.cpp.inc"
#define GET_OP_CLASSES
#include "ir/GraphTranscendentalOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerElementwiseOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphElementwiseOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "ir/GraphTranscendentalOps.cpp.inc"
      >();
}

} // namespace graphc::graph
