// All or nothing: ops that are recorded together, or not at all. For graphc itself; no MLIR.
#pragma once

#include <memory>
#include <string>

#include "frontend/Graph.h"

namespace graphc {

/// Takes back what was recorded since it was made, unless keep() was called: ops, variables, names,
/// aliases, what the graph counts. Handles to what is taken back must not be used again.
class RecordTransaction {
public:
  explicit RecordTransaction(Graph &graph);
  RecordTransaction(const RecordTransaction &) = delete;
  RecordTransaction &operator=(const RecordTransaction &) = delete;
  ~RecordTransaction();

  void keep() { before_.reset(); }

  /// What the ops' own rules say against the graph as it stands, as Graph::verify; nothing while a
  /// body is open, which is judged with the op that it belongs to.
  std::string problems() const;

private:
  struct Before;
  struct Delete {
    void operator()(Before *before) const;
  };
  Graph &graph_;
  std::unique_ptr<Before, Delete> before_;
};

} // namespace graphc
