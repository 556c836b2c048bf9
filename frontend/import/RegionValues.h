// The values that go into and out of the regions of loops and branches, as the tensors that the ops
// take. For graphc itself.
#pragma once

#include <string>
#include <vector>

#include "frontend/import/NodeContext.h"

namespace graphc::importing {

/// Values of nodes, and variables that the regions assign, whose values go along. Of a list the
/// rows go, and its length where that changes; lists that nobody can use, variables and texts stay
/// what they are.
class RegionValues {
public:
  RegionValues(std::vector<NodeValue> like, std::vector<ImportedVariable> assigned)
      : like_(std::move(like)), assigned_(std::move(assigned)) {}

  const std::vector<ImportedVariable> &assigned() const { return assigned_; }
  std::size_t size() const { return like_.size(); }

  /// The tensors of `values` and of the assigned variables, as they are held; refuses values of
  /// other kinds than those given first. `what` calls a value in messages.
  std::vector<Output> pack(NodeContext &c, const std::vector<NodeValue> &values,
                           const char *what) const;
  /// Values with these tensors in their places; what is held is set.
  std::vector<NodeValue> unpack(ImportState &state, const std::vector<Output> &tensors) const;

private:
  std::vector<NodeValue> like_;
  std::vector<ImportedVariable> assigned_;
};

} // namespace graphc::importing
