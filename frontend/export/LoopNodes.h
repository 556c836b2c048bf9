// A loop of TensorFlow 1's around the nodes of a body: for everything that changes Enter, Merge,
// Switch, Identity, NextIteration and Exit; for what stays the same an Enter.
#pragma once

#include "frontend/export/OpNodes.h"

namespace graphc::graphdef {

/// What changes from iteration to iteration.
struct LoopVariable {
  std::string merge; ///< before the condition is asked, and in it
  std::string now;   ///< in the body
  std::string exit;  ///< behind the loop
  proto::DataType dtype;
};

/// Used in this order: the variables, the condition, the body, finish(). Values of outside have the
/// names they have there.
class LoopNodes {
public:
  /// Opens the frame `scope`, under which the nodes stand.
  LoopNodes(OpNodes &op, std::string scope);

  /// The number of the variable that is `initial` at first. The first one says where the loop is.
  std::size_t variable(const std::string &initial, proto::DataType dtype);
  const LoopVariable &operator[](std::size_t number) const { return variables_[number]; }
  /// What is the same in every iteration, inside.
  std::string enter(const std::string &outer, proto::DataType dtype, bool invariant = true);
  /// The body runs once more while `holds`; from here on nodes are the body's.
  void condition(const std::string &holds);
  /// The variables' next values, in their order; closes the frame.
  void finish(const std::vector<std::string> &next);

private:
  Node add(const char *name, llvm::StringRef type, const std::vector<std::string> &inputs) {
    return op_.graph().add(scope_ + "/" + name, type, inputs, {});
  }

  OpNodes &op_;
  std::string scope_;
  std::vector<LoopVariable> variables_;
  std::vector<Node> merges_;
};

} // namespace graphc::graphdef
