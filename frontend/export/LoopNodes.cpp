#include "frontend/export/LoopNodes.h"

namespace graphc::graphdef {

LoopNodes::LoopNodes(OpNodes &op, std::string scope) : op_(op), scope_(std::move(scope)) {
  op_.graph().openFrame(scope_);
}

std::string LoopNodes::enter(const std::string &outer, proto::DataType dtype, bool invariant) {
  return op_.graph().enter(scope_ + "/Enter", outer, dtype, invariant);
}

std::size_t LoopNodes::variable(const std::string &initial, proto::DataType dtype) {
  Node merge = add("Merge", "Merge", {enter(initial, dtype, /*invariant=*/false)});
  merge.type("T", dtype).integer("N", 2);
  merges_.push_back(merge);
  variables_.push_back({.merge = merge.name(), .now = {}, .exit = {}, .dtype = dtype});
  if (variables_.size() == 1)
    op_.graph().frame().pivot = merge.name();
  return variables_.size() - 1;
}

void LoopNodes::condition(const std::string &holds) {
  const std::string condition = add("LoopCond", "LoopCond", {holds}).output();
  for (LoopVariable &variable : variables_) {
    Node branches = add("Switch", "Switch", {variable.merge, condition});
    branches.type("T", variable.dtype);
    variable.now =
        add("Identity", "Identity", {branches.output(1)}).type("T", variable.dtype).output();
    variable.exit = add("Exit", "Exit", {branches.output(0)}).type("T", variable.dtype).output();
    op_.graph().frame().pivot = variables_.front().now;
  }
}

void LoopNodes::finish(const std::vector<std::string> &next) {
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    std::string value = next[i];
    // What came in, the same in every iteration, is alive after the last one too.
    if (op_.graph().isInvariant(value))
      value = add("yield", "Identity", {value}).type("T", variables_[i].dtype).output();
    Node back = add("NextIteration", "NextIteration", {value});
    back.type("T", variables_[i].dtype);
    merges_[i].def().add_input(back.name());
  }
  op_.graph().closeFrame();
}

} // namespace graphc::graphdef
