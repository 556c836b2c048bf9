// The nodes of a GraphDef by number: names resolved, inputs checked, an order found. For graphc
// itself; knows nothing of what the nodes compute.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/protos/graph_def.pb.h"

namespace graphc::importing {

/// An output of a node.
struct NodeOutput {
  int node = -1;
  int index = 0;
  bool operator==(const NodeOutput &) const = default;
};

struct Node {
  const proto::NodeDef *def = nullptr;
  std::vector<NodeOutput> inputs;
  std::vector<int> controls; ///< nodes that run, and come before it
  std::vector<int> orders;   ///< nodes that only come before it

  const std::string &name() const { return def->name(); }
  const std::string &type() const { return def->op(); }
  bool is(std::initializer_list<std::string_view> types) const {
    return std::ranges::find(types, type()) != types.end();
  }
};

class NodeGraph {
public:
  /// Checks names and inputs. Throws Error (invalid_argument) for nodes without a name, names met
  /// twice, inputs that no node has, and data inputs behind control inputs; `source` is what
  /// messages call the graph. The message must live as long.
  NodeGraph(const proto::GraphDef &graph, const std::string &source);

  int size() const { return static_cast<int>(nodes_.size()); }
  const Node &operator[](int node) const { return nodes_[static_cast<std::size_t>(node)]; }
  /// -1 where there is none.
  int find(std::string_view name) const;

  void setInputs(int node, std::vector<NodeOutput> inputs) {
    nodes_[static_cast<std::size_t>(node)].inputs = std::move(inputs);
  }
  /// `node` comes after `before` too, though it does not read it.
  void addOrder(int node, int before) {
    nodes_[static_cast<std::size_t>(node)].orders.push_back(before);
  }

  /// All nodes but those left out, so that inputs come first, else in the file's order; the way
  /// from a NextIteration back to its Merge does not count. Throws Error (invalid_argument) naming
  /// a cycle.
  std::vector<int> order(const std::vector<bool> &leftOut) const;

  /// "name" or "name:2" in its parts; throws Error (invalid_argument), `what` first, for something
  /// else and Error (not_found) where there is no such node.
  NodeOutput resolve(std::string_view text, const std::string &what) const;

private:
  std::string cycleAmong(const std::vector<int> &waiting) const;
  bool isBackEdge(int from, int to) const;

  std::string source_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string_view, int> byName_;
};

} // namespace graphc::importing
