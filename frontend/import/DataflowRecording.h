// Records the loops and branches of dataflow form. For graphc itself.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "frontend/import/DataflowControl.h"
#include "frontend/import/NodeContext.h"

namespace graphc::importing {

class DataflowRecording {
public:
  /// Finds them; their nodes are left out from then on, but for their ends, which come after all
  /// that the nodes have from outside. An Error where one needs its own result, or stands too deep
  /// in others.
  DataflowRecording(ImportState &state, NodeGraph &nodes, std::vector<bool> &leftOut);

  bool isEnd(int node) const { return ends_.contains(node); }
  /// Nodes inside that their types' rules record.
  const std::vector<int> &insideByRule() const { return byRule_; }

  /// Records nodes inside of a loop or branch, in this order.
  using RecordNodes = std::function<void(const std::vector<int> &)>;
  /// Records the loop or branch that the node ends, once: then the values of all its ends are
  /// known.
  void record(int end, const RecordNodes &recordNodes);
  /// So that the node's loop or branch is recorded again: with each region that it stands in.
  void forget(int end) { recorded_[ends_.at(end)] = false; }

private:
  void recordLoop(const DataflowLoop &loop, const RecordNodes &recordNodes);
  void recordBranches(const DataflowBranches &branches, const RecordNodes &recordNodes);
  /// Those of `nodes` that are in no loop or branch further inside, in order.
  std::vector<int> ordered(const std::vector<int> &nodes, const DataflowControl &control) const;
  void checkNesting() const;
  void leaveOutUnused(std::vector<bool> &leftOut) const;
  NodeValue valueOf(NodeOutput from, const DataflowControl &control) const;
  NodeOutput behindCopies(NodeOutput value) const;
  void addAssigned(const std::vector<int> &nodes, std::vector<ImportedVariable> &all) const;
  std::string nameOf(const DataflowControl &control) const;

  ImportState &state_;
  DataflowControls found_;
  std::vector<const DataflowControl *> all_;
  std::vector<const DataflowControl *> owners_; ///< by node: the innermost that it is inside of
  std::vector<int> byRule_;
  std::unordered_map<int, std::size_t> ends_; ///< by node: its place in all_
  std::vector<bool> recorded_;
};

} // namespace graphc::importing
