#include "frontend/import/LeftOutNodes.h"

#include <algorithm>

#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

bool givesStrings(const Node &node) {
  for (const char *name : {"dtype", "T"})
    if (const auto found = node.def->attr().find(name); found != node.def->attr().end())
      return found->second.type() == proto::DT_STRING;
  return false;
}

} // namespace

std::vector<bool> findLeftOut(const NodeGraph &nodes) {
  std::vector<bool> leftOut(static_cast<std::size_t>(nodes.size()));
  const auto isOut = [&](int node) { return leftOut[static_cast<std::size_t>(node)]; };
  const std::vector<int> order = nodes.order(leftOut);
  for (int i : order) {
    const Node &node = nodes[i];
    // A group of nothing but such nodes would be a promise that is not kept.
    const bool emptied = node.type() == "NoOp" && !node.controls.empty() &&
                         std::ranges::all_of(node.controls, isOut);
    leftOut[static_cast<std::size_t>(i)] =
        isLeftOut(node.type()) || emptied ||
        std::ranges::any_of(node.inputs, [&](const NodeOutput &from) { return isOut(from.node); });
  }
  // Strings that name files and tensors, where nothing that stays reads them.
  std::vector<int> keptReaders(leftOut.size());
  for (int i : order)
    for (const NodeOutput &from : nodes[i].inputs)
      keptReaders[static_cast<std::size_t>(from.node)] += isOut(i) ? 0 : 1;
  for (auto i = order.rbegin(); i != order.rend(); ++i) {
    const auto at = static_cast<std::size_t>(*i);
    if (keptReaders[at] > 0 || leftOut[at] || !givesStrings(nodes[*i]))
      continue;
    leftOut[at] = true;
    for (const NodeOutput &from : nodes[*i].inputs)
      --keptReaders[static_cast<std::size_t>(from.node)];
  }
  return leftOut;
}

} // namespace graphc::importing
