#include "frontend/import/NodeGraph.h"

#include <algorithm>
#include <charconv>
#include <queue>

#include <fmt/format.h>

#include "runtime/Status.h"

namespace graphc::importing {

namespace {

[[noreturn]] void refuse(const std::string &source, const std::string &message) {
  throw Error(Code::invalid_argument, source + ": " + message);
}

} // namespace

NodeGraph::NodeGraph(const proto::GraphDef &graph, const std::string &source) : source_(source) {
  nodes_.resize(static_cast<std::size_t>(graph.node_size()));
  byName_.reserve(nodes_.size());
  for (int i = 0; i < graph.node_size(); ++i) {
    const proto::NodeDef &def = graph.node(i);
    if (def.name().empty())
      refuse(source, fmt::format("node number {} ({}) has no name", i, def.op()));
    if (def.name().find_first_of(":^ ") != std::string::npos)
      refuse(source,
             fmt::format("node '{}' has a name with ':', '^' or a space in it", def.name()));
    if (!byName_.emplace(def.name(), i).second)
      refuse(source, fmt::format("two nodes are called '{}'", def.name()));
    nodes_[static_cast<std::size_t>(i)].def = &def;
  }
  for (Node &node : nodes_)
    for (const std::string &input : node.def->input()) {
      const bool control = input.starts_with('^');
      if (!control && !node.controls.empty())
        refuse(source, fmt::format("node '{}' ({}) has the input '{}' behind a control input",
                                   node.name(), node.type(), input));
      std::string what =
          fmt::format("input '{}' of node '{}' ({})", input, node.name(), node.type());
      const NodeOutput from = resolve(std::string_view(input).substr(control ? 1 : 0), what);
      if (control)
        node.controls.push_back(from.node);
      else
        node.inputs.push_back(from);
    }
}

int NodeGraph::find(std::string_view name) const {
  const auto found = byName_.find(name);
  return found == byName_.end() ? -1 : found->second;
}

NodeOutput NodeGraph::resolve(std::string_view text, const std::string &what) const {
  std::string_view name = text;
  int index = 0;
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    name = text.substr(0, colon);
    const char *end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, index);
    if (error != std::errc() || rest != end || index < 0)
      refuse(source_, what + " is no name of a tensor: expected 'name' or 'name:number'");
  }
  const int node = find(name);
  if (node < 0)
    throw Error(Code::not_found, fmt::format("{}: {} does not exist", source_, what));
  return {node, index};
}

bool NodeGraph::isBackEdge(int from, int to) const {
  const std::string &type = (*this)[from].type(), &target = (*this)[to].type();
  return (type == "NextIteration" || type == "RefNextIteration") &&
         (target == "Merge" || target == "RefMerge");
}

std::vector<int> NodeGraph::order(const std::vector<bool> &leftOut) const {
  std::vector<std::vector<int>> readers(nodes_.size());
  std::vector<int> waitsFor(nodes_.size());
  for (int i = 0; i < size(); ++i) {
    if (leftOut[static_cast<std::size_t>(i)])
      continue;
    const auto wait = [&](int from) {
      if (leftOut[static_cast<std::size_t>(from)])
        return;
      readers[static_cast<std::size_t>(from)].push_back(i);
      ++waitsFor[static_cast<std::size_t>(i)];
    };
    for (const NodeOutput &input : (*this)[i].inputs)
      if (!isBackEdge(input.node, i))
        wait(input.node);
    for (const std::vector<int> *list : {&(*this)[i].controls, &(*this)[i].orders})
      for (int before : *list)
        wait(before);
  }
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (int i = 0; i < size(); ++i)
    if (waitsFor[static_cast<std::size_t>(i)] == 0 && !leftOut[static_cast<std::size_t>(i)])
      ready.push(i);
  std::vector<int> order;
  order.reserve(nodes_.size());
  while (!ready.empty()) {
    const int node = ready.top();
    ready.pop();
    order.push_back(node);
    for (int reader : readers[static_cast<std::size_t>(node)])
      if (--waitsFor[static_cast<std::size_t>(reader)] == 0)
        ready.push(reader);
  }
  if (std::ranges::any_of(waitsFor, [](int count) { return count > 0; }))
    refuse(source_, "nodes wait for each other: " + cycleAmong(waitsFor));
  return order;
}

/// Going back along inputs from a node that waits must at last come to a node for the second time.
std::string NodeGraph::cycleAmong(const std::vector<int> &waiting) const {
  const auto waits = [&](int node) { return waiting[static_cast<std::size_t>(node)] > 0; };
  std::vector<int> way;
  std::vector<bool> met(nodes_.size());
  int node = 0;
  while (!waits(node))
    ++node;
  while (!met[static_cast<std::size_t>(node)]) {
    met[static_cast<std::size_t>(node)] = true;
    way.push_back(node);
    int before = -1;
    for (const NodeOutput &input : (*this)[node].inputs)
      if (waits(input.node) && !isBackEdge(input.node, node))
        before = input.node;
    for (const std::vector<int> *list : {&(*this)[node].controls, &(*this)[node].orders})
      for (int earlier : *list)
        if (waits(earlier))
          before = earlier;
    node = before;
  }
  way.erase(way.begin(), std::ranges::find(way, node));
  // In the direction of the data, and not more of it than can be read.
  std::string text = "'" + (*this)[node].name() + "'";
  constexpr std::size_t kMost = 8;
  std::ranges::reverse(way);
  for (std::size_t i = 0; i < way.size() && i < kMost; ++i)
    text += " -> '" + (*this)[way[i]].name() + "'";
  return way.size() > kMost ? fmt::format("{} -> ... ({} nodes)", text, way.size()) : text;
}

} // namespace graphc::importing
