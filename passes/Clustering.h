// Where each op of a differentiated program is computed.
#pragma once

#include <string>

#include "mlir/IR/Operation.h"

namespace graphc {

enum class Place {
  view,       ///< another name of memory: reshape, identity, ...
  cluster,    ///< a kernel
  library,    ///< a oneDNN primitive: products, softmax, recurrent primitives
  recurrence, ///< graph.static_rnn, a kernel of its own
  update,     ///< reads and updates of variables
  host,       ///< the reference implementation: no kernel, no primitive
  structure,  ///< feed, fetch, constant, no_op, yield
};

/// Why `op` alone can be no kernel; empty where it can.
std::string whyNoKernelOf(mlir::Operation *op);

/// The place of an op that stands in the program itself (not in a body).
Place placeOf(mlir::Operation *op);

} // namespace graphc
