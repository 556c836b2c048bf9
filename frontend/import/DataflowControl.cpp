#include "frontend/import/DataflowControl.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace graphc::importing {

namespace {

bool isSwitch(const Node &node) { return node.type() == "Switch" || node.type() == "RefSwitch"; }
bool isMerge(const Node &node) { return node.type() == "Merge" || node.type() == "RefMerge"; }
bool isEnter(const Node &node) { return node.type() == "Enter" || node.type() == "RefEnter"; }
bool isExit(const Node &node) { return node.type() == "Exit" || node.type() == "RefExit"; }
bool isNext(const Node &node) {
  return node.type() == "NextIteration" || node.type() == "RefNextIteration";
}

std::string frameOf(const Node &enter) {
  const auto found = enter.def->attr().find("frame_name");
  return found == enter.def->attr().end() ? std::string() : found->second.s();
}

/// "a/b" of "a/b/c", or "a" itself.
std::string scopeOf(const std::string &name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(0, slash);
}

using Readers = std::vector<std::vector<int>>;

/// All nodes that are in the way of a node: its inputs and what only comes before it.
std::vector<int> sourcesOf(const Node &node) {
  std::vector<int> sources;
  for (const NodeOutput &from : node.inputs)
    sources.push_back(from.node);
  sources.insert(sources.end(), node.controls.begin(), node.controls.end());
  sources.insert(sources.end(), node.orders.begin(), node.orders.end());
  return sources;
}

void sortOnce(std::vector<int> &list) {
  std::ranges::sort(list);
  list.erase(std::ranges::unique(list).begin(), list.end());
}

/// Those of `candidates` that come after one of `first`, directly or through others of them; the
/// rest is computed outside, the same at all times.
template <typename Sources>
std::vector<int> dependentOn(const std::unordered_set<int> &first,
                             const std::vector<int> &candidates, const Sources &sources) {
  std::unordered_map<int, std::vector<int>> readers;
  for (int node : candidates)
    for (int source : sources(node))
      readers[source].push_back(node);
  std::vector<int> open(first.begin(), first.end()), dependent;
  std::unordered_set<int> met;
  while (!open.empty()) {
    const int source = open.back();
    open.pop_back();
    if (const auto found = readers.find(source); found != readers.end())
      for (int node : found->second)
        if (met.insert(node).second) {
          dependent.push_back(node);
          open.push_back(node);
        }
  }
  sortOnce(dependent);
  return dependent;
}

/// What the nodes inside, and the ends, have from outside.
void collectBefore(const NodeGraph &nodes, const std::vector<bool> &leftOut,
                   DataflowControl &control) {
  sortOnce(control.inside);
  sortOnce(control.ends);
  const auto isInside = [&](int node) {
    return std::ranges::binary_search(control.inside, node) ||
           std::ranges::binary_search(control.ends, node);
  };
  for (const std::vector<int> *list : {&control.inside, &control.ends})
    for (int node : *list)
      for (int source : sourcesOf(nodes[node]))
        if (!isInside(source) && !leftOut[static_cast<std::size_t>(source)])
          control.before.push_back(source);
  sortOnce(control.before);
}

/// Where some of a loop or branch stands inside of another, all of it does, ends that nobody reads
/// too.
void nest(std::vector<DataflowControl *> controls) {
  std::ranges::stable_sort(controls, {}, [](const DataflowControl *c) { return c->inside.size(); });
  for (std::size_t k = 0; k < controls.size(); ++k)
    for (std::size_t m = k + 1; m < controls.size(); ++m) {
      const DataflowControl &inner = *controls[k];
      DataflowControl &outer = *controls[m];
      const auto isInside = [&](int node) {
        return std::ranges::binary_search(outer.inside, node);
      };
      if (std::ranges::none_of(inner.inside, isInside))
        continue;
      for (const std::vector<int> *list : {&inner.inside, &inner.ends})
        outer.inside.insert(outer.inside.end(), list->begin(), list->end());
      outer.before.insert(outer.before.end(), inner.before.begin(), inner.before.end());
      sortOnce(outer.inside);
      sortOnce(outer.before);
      std::erase_if(outer.before, isInside);
    }
}

//===--- Loops --------------------------------------------------------------------------------===//

class LoopFinder {
public:
  LoopFinder(const NodeGraph &nodes, const std::vector<bool> &leftOut, const Readers &readers,
             int loopCond)
      : nodes_(nodes), leftOut_(leftOut), readers_(readers) {
    loop_.loopCond = loopCond;
  }

  std::optional<DataflowLoop> find() {
    if (!findRings() || nodes_[loop_.loopCond].inputs.size() != 1)
      return std::nullopt;
    std::vector<int> ends;
    for (const LoopVariable &variable : loop_.variables) {
      ends.push_back(variable.updated.node);
      if (variable.exit >= 0)
        loop_.ends.push_back(variable.exit);
    }
    loop_.conditionNodes = walk({nodes_[loop_.loopCond].inputs[0].node});
    loop_.bodyNodes = walk(ends);
    if (loop_.ends.empty())
      return std::nullopt;
    for (const LoopVariable &v : loop_.variables)
      loop_.inside.insert(loop_.inside.end(), {v.entrance, v.merge, v.branch, v.next});
    sortOnce(loop_.captured);
    for (const std::vector<int> *list : {&loop_.captured, &loop_.conditionNodes, &loop_.bodyNodes})
      loop_.inside.insert(loop_.inside.end(), list->begin(), list->end());
    loop_.inside.push_back(loop_.loopCond);
    loop_.name = scopeOf(frame_.empty() ? nodes_[loop_.loopCond].name() : frame_);
    collectBefore(nodes_, leftOut_, loop_);
    return std::move(loop_);
  }

private:
  bool findRings() {
    for (int branch : readers_[static_cast<std::size_t>(loop_.loopCond)]) {
      const Node &node = nodes_[branch];
      if (!isSwitch(node) || node.inputs.size() != 2 || node.inputs[1].node != loop_.loopCond)
        return false;
      LoopVariable variable;
      variable.branch = branch;
      variable.merge = node.inputs[0].node;
      const Node &merge = nodes_[variable.merge];
      if (!isMerge(merge) || merge.inputs.size() != 2)
        return false;
      variable.entrance = merge.inputs[0].node;
      variable.next = merge.inputs[1].node;
      const Node &entrance = nodes_[variable.entrance], &next = nodes_[variable.next];
      if (!isEnter(entrance) || !isNext(next) || entrance.inputs.size() != 1 ||
          next.inputs.size() != 1)
        return false;
      variable.initial = entrance.inputs[0];
      variable.updated = next.inputs[0];
      for (int reader : readers_[static_cast<std::size_t>(branch)])
        if (isExit(nodes_[reader]))
          variable.exit = reader;
      frame_ = frameOf(entrance);
      rings_.insert({variable.entrance, variable.merge, variable.branch, variable.next});
      loop_.variables.push_back(variable);
    }
    std::ranges::sort(loop_.variables, {}, &LoopVariable::branch);
    return !loop_.variables.empty();
  }

  /// Backwards to the rings and to what comes from outside.
  std::vector<int> walk(std::vector<int> open) {
    std::vector<int> met;
    std::unordered_set<int> seen;
    while (!open.empty()) {
      const int index = open.back();
      open.pop_back();
      const Node &node = nodes_[index];
      if (leftOut_[static_cast<std::size_t>(index)] || rings_.contains(index) ||
          index == loop_.loopCond || !seen.insert(index).second)
        continue;
      if (isEnter(node) && frameOf(node) == frame_) {
        loop_.captured.push_back(index);
        continue;
      }
      met.push_back(index);
      const std::vector<int> sources = sourcesOf(node);
      open.insert(open.end(), sources.begin(), sources.end());
    }
    // A loop inside may begin with what is the same at all times; it begins anew each time.
    std::unordered_set<int> first = rings_;
    first.insert(loop_.captured.begin(), loop_.captured.end());
    std::vector<int> inside;
    for (int node : met)
      if (isEnter(nodes_[node]) && first.insert(node).second)
        inside.push_back(node);
    const std::vector<int> dependent =
        dependentOn(first, met, [&](int node) { return sourcesOf(nodes_[node]); });
    inside.insert(inside.end(), dependent.begin(), dependent.end());
    sortOnce(inside);
    return inside;
  }

  const NodeGraph &nodes_;
  const std::vector<bool> &leftOut_;
  const Readers &readers_;
  std::string frame_;
  std::unordered_set<int> rings_;
  DataflowLoop loop_;
};

//===--- Branches -----------------------------------------------------------------------------===//

class BranchFinder {
public:
  BranchFinder(const NodeGraph &nodes, const std::vector<bool> &leftOut,
               const std::vector<DataflowLoop> &loops)
      : nodes_(nodes), leftOut_(leftOut) {
    for (const DataflowLoop &loop : loops)
      for (int end : loop.ends)
        loopOf_[end] = &loop;
  }

  std::vector<DataflowBranches> find() {
    for (int i = 0; i < nodes_.size(); ++i)
      if (!leftOut_[static_cast<std::size_t>(i)])
        mergeAt(i);
    // What has nothing from outside but the predicate comes last: it joins those with its pivot.
    std::map<std::pair<int, int>, DataflowBranches> byPred;
    for (const bool withData : {true, false})
      for (auto &[merge, found] : merges_)
        if (found && found->hasData == withData)
          join(byPred, merge, *found);
    std::vector<DataflowBranches> branches;
    for (auto &[pred, all] : byPred) {
      for (std::vector<int> *list : {&all.switches, &all.falseNodes, &all.trueNodes}) {
        sortOnce(*list);
        all.inside.insert(all.inside.end(), list->begin(), list->end());
      }
      all.name = scopeOf(nodes_[all.ends.front()].name());
      collectBefore(nodes_, leftOut_, all);
      branches.push_back(std::move(all));
    }
    return branches;
  }

private:
  /// One Merge node with what lies before it.
  struct Merged {
    NodeOutput pred;      ///< of the Switches of data, which no other tf.cond has
    bool hasData = false; ///< whether there are others than Switches of the predicate itself
    std::vector<int> switches;
    std::vector<int> sides[2];  ///< false, true
    std::vector<int> inner;     ///< nodes of loops and branches inside
    std::vector<int> externals; ///< where to go on behind it
  };

  static void join(std::map<std::pair<int, int>, DataflowBranches> &byPred, int merge,
                   const Merged &merged) {
    std::pair<int, int> key{merged.pred.node, merged.pred.index};
    if (!merged.hasData) {
      key = {merged.switches.front(), -1};
      for (const auto &[pred, branches] : byPred)
        if (std::ranges::find(branches.switches, merged.switches.front()) !=
            branches.switches.end())
          key = pred;
    }
    DataflowBranches &all = byPred[key];
    all.pred = merged.pred;
    all.ends.push_back(merge);
    const auto add = [](std::vector<int> &to, const std::vector<int> &from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    add(all.switches, merged.switches);
    add(all.falseNodes, merged.sides[0]);
    add(all.trueNodes, merged.sides[1]);
    add(all.inside, merged.inner);
  }

  bool isLoopRing(const Node &merge) const {
    return std::ranges::any_of(merge.inputs,
                               [&](const NodeOutput &from) { return isNext(nodes_[from.node]); });
  }

  const Merged *mergeAt(int index) {
    const Node &node = nodes_[index];
    if (!isMerge(node) || node.inputs.size() != 2 || isLoopRing(node))
      return nullptr;
    if (const auto known = merges_.find(index); known != merges_.end())
      return known->second ? &*known->second : nullptr;
    merges_[index] = std::nullopt; // while it is looked at
    constexpr int kDeepest = 200;
    if (depth_ >= kDeepest)
      return nullptr;
    ++depth_;
    std::optional<Merged> found = read(node);
    --depth_;
    std::optional<Merged> &kept = merges_[index];
    kept = std::move(found);
    return kept ? &*kept : nullptr;
  }

  std::optional<Merged> read(const Node &merge) {
    Merged merged;
    for (int side : {0, 1})
      if (!walk(merge.inputs[static_cast<std::size_t>(side)], side, merged))
        return std::nullopt;
    if (merged.pred.node < 0)
      return std::nullopt;
    Merged unused;
    for (std::vector<int> &side : merged.sides)
      side = dependentOn({merged.switches.begin(), merged.switches.end()}, side,
                         [&](int node) { return *sourcesBehind(node, unused); });
    std::vector<int> both;
    std::ranges::set_intersection(merged.sides[0], merged.sides[1], std::back_inserter(both));
    if (!both.empty())
      return std::nullopt;
    sortOnce(merged.inner);
    sortOnce(merged.switches);
    merged.externals.push_back(merged.pred.node);
    for (int branch : merged.switches)
      merged.externals.push_back(nodes_[branch].inputs[0].node);
    return merged;
  }

  /// Where to go on from a node, which an inner loop or branch may end with; nothing for ends of
  /// such that are not understood.
  std::optional<std::vector<int>> sourcesBehind(int index, Merged &merged) {
    const Node &node = nodes_[index];
    if (const auto loop = loopOf_.find(index); loop != loopOf_.end()) {
      merged.inner.insert(merged.inner.end(), loop->second->inside.begin(),
                          loop->second->inside.end());
      return loop->second->before;
    }
    if (!isMerge(node))
      return sourcesOf(node);
    const Merged *inner = mergeAt(index);
    if (!inner)
      return std::nullopt;
    for (const std::vector<int> *list :
         {&inner->switches, &inner->sides[0], &inner->sides[1], &inner->inner})
      merged.inner.insert(merged.inner.end(), list->begin(), list->end());
    return inner->externals;
  }

  /// Whether it is the value of a loop around, the same in both branches.
  bool isOfLoopAround(const Node &node) const {
    if (isSwitch(node) && node.inputs.size() == 2)
      return nodes_[node.inputs[1].node].type() == "LoopCond";
    return isEnter(node) || isNext(node) || node.type() == "LoopCond" ||
           (isMerge(node) && isLoopRing(node));
  }

  NodeOutput behindCopies(NodeOutput value) const {
    while (nodes_[value.node].type() == "Identity" && nodes_[value.node].inputs.size() == 1)
      value = nodes_[value.node].inputs[0];
    return value;
  }

  bool walk(NodeOutput start, int side, Merged &merged) {
    std::unordered_set<int> seen;
    std::vector<int> open;
    const auto takeSwitch = [&](NodeOutput value) {
      const Node &node = nodes_[value.node];
      if (node.inputs.size() != 2 || value.index != side)
        return false;
      const NodeOutput pred = node.inputs[1];
      if (merged.pred.node >= 0 && !(behindCopies(pred) == behindCopies(merged.pred)))
        return false;
      const bool isData = !(behindCopies(node.inputs[0]) == behindCopies(pred));
      if (merged.pred.node < 0 || (isData && !merged.hasData))
        merged.pred = pred;
      merged.hasData |= isData;
      merged.switches.push_back(value.node);
      return true;
    };
    const auto take = [&](NodeOutput value) {
      const Node &node = nodes_[value.node];
      if (isSwitch(node) && !isOfLoopAround(node))
        return takeSwitch(value);
      open.push_back(value.node);
      return true;
    };
    if (!take(start))
      return false;
    while (!open.empty()) {
      const int index = open.back();
      open.pop_back();
      const Node &node = nodes_[index];
      if (leftOut_[static_cast<std::size_t>(index)] || isOfLoopAround(node) ||
          !seen.insert(index).second)
        continue;
      const std::optional<std::vector<int>> sources = sourcesBehind(index, merged);
      if (!sources)
        return false;
      merged.sides[side].push_back(index);
      const bool isEnd = isMerge(node) || loopOf_.contains(index);
      for (const NodeOutput &from : isEnd ? std::vector<NodeOutput>() : node.inputs)
        if (!take(from))
          return false;
      for (int source : *sources)
        if (!isSwitch(nodes_[source])) {
          open.push_back(source);
        } else if (isEnd && !isOfLoopAround(nodes_[source])) {
          // An inner loop or branch has it from the side that it stands in.
          if (!takeSwitch({source, side}))
            return false;
        }
    }
    return true;
  }

  const NodeGraph &nodes_;
  const std::vector<bool> &leftOut_;
  std::unordered_map<int, const DataflowLoop *> loopOf_; ///< by end
  std::map<int, std::optional<Merged>> merges_;
  int depth_ = 0; ///< of branches in branches
};

} // namespace

DataflowControls findDataflowControls(const NodeGraph &nodes, const std::vector<bool> &leftOut) {
  Readers readers(static_cast<std::size_t>(nodes.size()));
  bool any = false;
  for (int i = 0; i < nodes.size(); ++i) {
    if (leftOut[static_cast<std::size_t>(i)])
      continue;
    any |= isMerge(nodes[i]);
    for (const NodeOutput &from : nodes[i].inputs)
      readers[static_cast<std::size_t>(from.node)].push_back(i);
  }
  DataflowControls found;
  if (!any)
    return found;
  for (int i = 0; i < nodes.size(); ++i)
    if (nodes[i].type() == "LoopCond" && !leftOut[static_cast<std::size_t>(i)])
      if (std::optional<DataflowLoop> loop = LoopFinder(nodes, leftOut, readers, i).find())
        found.loops.push_back(std::move(*loop));
  found.branches = BranchFinder(nodes, leftOut, found.loops).find();
  std::vector<DataflowControl *> all;
  for (DataflowLoop &loop : found.loops)
    all.push_back(&loop);
  for (DataflowBranches &branches : found.branches)
    all.push_back(&branches);
  nest(std::move(all));
  return found;
}

} // namespace graphc::importing
