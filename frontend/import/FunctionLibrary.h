// The functions of a file, each as a graph of its own. For graphc itself; records nothing.
//
// A function's nodes call an output "node:argument:number" and its arguments by their names alone;
// here they are brought into the form of a graph: the arguments are nodes of type "_Arg", outputs
// are "node:number".
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "frontend/import/NodeGraph.h"

namespace graphc::importing {

struct ImportedFunction {
  std::string name;
  std::string source; ///< what messages call it: "'net.pb', function 'body'"
  proto::GraphDef message;
  std::unique_ptr<NodeGraph> nodes;
  std::vector<int> arguments;
  std::vector<NodeOutput> results;
};

/// How a node uses a function.
struct FunctionUse {
  std::string name;
  std::string attribute; ///< that names it; "" where the op type itself is the function
  std::size_t first = 0; ///< the node's input that is its first argument
  bool isRegion = false; ///< of a loop or branch
};

class FunctionLibrary {
public:
  FunctionLibrary(const proto::GraphDef &graph, std::string source);

  bool contains(const std::string &name) const { return definitions_.contains(name); }
  /// Null where there is none.
  const proto::FunctionDef *definition(const std::string &name) const;
  /// Throws Error: not_found where the library has no such function or a result names no node,
  /// invalid_argument for a function that contradicts itself.
  const ImportedFunction &at(const std::string &name) const;

  /// The functions that a node calls; throws Error (not_found) where one is missing.
  std::vector<FunctionUse> usedBy(const Node &node, const std::string &source) const;

  /// Throws Error (invalid_argument) where `function`, or one that it calls, calls itself, or where
  /// calls go deeper than any program's.
  void refuseRecursion(const std::string &function) const;

  /// Counts the nodes that a call records. Throws Error (invalid_argument) where all calls together
  /// have more than a graph should: functions that call others twice double with every level.
  void countRecorded(const ImportedFunction &function) const;

  /// By argument, whether the function assigns the variable that it gets there.
  const std::vector<bool> &assignedArguments(const std::string &function) const;
  /// Whether it updates a variable.
  bool hasEffects(const std::string &function) const;

private:
  void refuseRecursion(const std::string &function, std::vector<std::string> &way,
                       std::unordered_set<std::string> &done) const;

  std::string source_;
  std::map<std::string, const proto::FunctionDef *, std::less<>> definitions_;
  mutable std::map<std::string, std::unique_ptr<ImportedFunction>, std::less<>> read_;
  mutable std::map<std::string, std::vector<bool>, std::less<>> assigned_;
  mutable std::int64_t recorded_ = 0;
};

/// How many variables nodes of the type change: those of their first inputs.
std::size_t numUpdatedVariables(std::string_view type);
inline bool updatesVariable(std::string_view type) { return numUpdatedVariables(type) > 0; }

} // namespace graphc::importing
