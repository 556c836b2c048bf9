// A module of graph ops as a serialized GraphDef.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"

namespace graphc::graphdef {

/// What a module does not say itself.
struct Beside {
  /// A node `name` that has these values as its outputs.
  struct Alias {
    std::string name;
    std::vector<mlir::Value> values;
  };
  std::vector<Alias> aliases;
  /// Of a recurrence that gives more than it was recorded with: the results that stand under its
  /// name, in their order.
  std::map<mlir::Operation *, std::vector<unsigned>> recorded = {};
  /// Are computed in the same run as the updates that lower them.
  std::vector<mlir::Value> losses;
  /// To be looked at and not run: every op is there, one without a form in TensorFlow under its own
  /// name as its type.
  bool drawing = false;
};

/// Throws Error (unimplemented) for an op that has no form in TensorFlow, unless it is only drawn.
std::string module_graph_def(mlir::ModuleOp module, const Beside &beside = {});

} // namespace graphc::graphdef
