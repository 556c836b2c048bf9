#include "ir/GraphDialect.h"

#define GET_OP_CLASSES
#include "ir/GraphConvolutionOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerConvolutionOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphConvolutionOps.cpp.inc"
      >();
}

} // namespace graphc::graph
