// Which ops of a program become one kernel: a pure function on a plain graph.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace graphc {

struct FusionNode {
  enum class Role : std::uint8_t {
    apart,       ///< in no cluster: products, recurrences, updates, views
    alone,       ///< a cluster by itself
    entry,       ///< joins its consumers, and no producers but chained ones: slices, random numbers
    elementwise, ///< joins both
    reduction,   ///< joins producers that nothing else needs; ends the cluster
  };
  Role role = Role::apart;
  /// Nodes can be in one loop where their domains are equal: iteration shapes, numbered. Of a
  /// reduction, that of its operand.
  int domain = -1;
  /// An entry whose only user is an entry of the same domain, and may join it.
  bool chained = false;
  std::vector<int> inputs; ///< nodes whose results it uses
  std::vector<int> after;  ///< nodes that must come before it for their effects
};

struct FusionPlan {
  /// The nodes of each step, in program order, and the steps in an order that respects all edges:
  /// as near to program order as that allows. Nodes with the role `apart` are steps by themselves.
  std::vector<std::vector<int>> steps;
  /// Clusters that were cut for their size.
  unsigned cuts = 0;
};

/// `nodes` are in program order. Linear in nodes and edges but for the ordering of the steps, which
/// is n log n.
FusionPlan planFusion(std::span<const FusionNode> nodes, unsigned maxOps);

} // namespace graphc
