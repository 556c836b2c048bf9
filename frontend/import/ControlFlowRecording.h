// Loops and branches over the values of nodes, recorded as graph.while and graph.cond. For graphc
// itself; where their bodies come from (functions, or nodes of dataflow form) is the caller's
// affair.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "frontend/import/NodeContext.h"

namespace graphc::importing {

/// Records a body under a scope that it may make unique, over these values.
using RegionBody =
    std::function<std::vector<NodeValue>(std::vector<NodeValue> values, const std::string &scope)>;

struct ImportedLoop {
  std::string name; ///< of the loop's op, in full
  std::vector<NodeValue> initial = {};
  RegionBody condition = {}; ///< gives one scalar bool
  RegionBody body = {};
  std::vector<ImportedVariable> assigned = {}; ///< variables that the body assigns
};
/// Gives the values after the last iteration. The variables that the body assigns are loop
/// variables, assigned after the loop. A list without rows gets those that the body's first
/// iteration gives it.
std::vector<NodeValue> recordWhile(NodeContext &context, const ImportedLoop &loop);

struct ImportedBranches {
  std::string name;
  Output pred = {};                            ///< scalar bool
  RegionBody then = {};                        ///< over no values
  RegionBody otherwise = {};                   ///< the same
  std::vector<ImportedVariable> assigned = {}; ///< by either
};
std::vector<NodeValue> recordCond(NodeContext &context, const ImportedBranches &branches);

} // namespace graphc::importing
