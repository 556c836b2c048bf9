// Records a function's nodes where it is called. For graphc itself.
#pragma once

#include <string>
#include <vector>

#include "frontend/import/FunctionLibrary.h"
#include "frontend/import/NodeContext.h"

namespace graphc::importing {

/// What a call gives, and the names of the ops in it that update variables.
struct RecordedCall {
  std::vector<NodeValue> results = {};
  std::vector<std::string> updates = {};
};

/// Records the function's nodes under the scope `scope` (in full, without a slash; made unique), in
/// the region that is open. Throws Error for another number of arguments than it has, and what its
/// nodes' rules throw.
RecordedCall recordFunction(ImportState &caller, const ImportedFunction &function,
                            std::vector<NodeValue> arguments, const std::string &scope);

} // namespace graphc::importing
