// Every node has a level such that an edge within a loop keeps the level or raises it, and any
// other edge raises it:
//
//     level(user) >= level(producer) + (the edge can be inside of a loop ? 0 : 1)
//
// Clusters are the connected parts of equal level under edges of the first kind. A way from a
// cluster out and back would have to come back to its level after having left it upwards: there is
// none, so that steps can be ordered. Reductions at the level of their producers feed higher levels
// only.
#include "passes/FusionPlan.h"

#include <algorithm>
#include <numeric>
#include <queue>

namespace graphc {
namespace {

using Role = FusionNode::Role;

bool joinsConsumers(Role role) { return role == Role::entry || role == Role::elementwise; }
bool joinsProducers(Role role) { return role == Role::elementwise || role == Role::reduction; }

class FusionPlanner {
public:
  FusionPlanner(std::span<const FusionNode> nodes, unsigned maxOps)
      : nodes_(nodes), maxOps_(maxOps), count_(static_cast<int>(nodes.size())),
        users_(nodes.size()), levels_(nodes.size(), 0), parents_(nodes.size()),
        stepOf_(nodes.size(), -1) {
    std::iota(parents_.begin(), parents_.end(), 0);
    for (int node = 0; node < count_; ++node)
      for (int input : at(node).inputs)
        users_[index(input)].push_back(node);
  }

  FusionPlan run() {
    findLevels();
    raiseLevels();
    unite();
    cutIntoSteps();
    addReductions();
    order();
    return std::move(plan_);
  }

private:
  static std::size_t index(int node) { return static_cast<std::size_t>(node); }
  const FusionNode &at(int node) const { return nodes_[index(node)]; }
  int &level(int node) { return levels_[index(node)]; }

  bool isFusable(int producer, int user) const {
    const bool joins =
        joinsProducers(at(user).role) || (at(user).role == Role::entry && at(producer).chained);
    return joins && joinsConsumers(at(producer).role) && at(producer).domain == at(user).domain;
  }
  void findLevels();
  void raiseLevels();
  int find(int node);
  void unite();
  void cutIntoSteps();
  void addReductions();
  void order();

  std::span<const FusionNode> nodes_;
  unsigned maxOps_;
  int count_;
  std::vector<std::vector<int>> users_;
  std::vector<int> levels_, parents_, stepOf_;
  std::vector<std::vector<int>> steps_;
  FusionPlan plan_;
};

void FusionPlanner::findLevels() {
  for (int node = 0; node < count_; ++node) {
    for (int input : at(node).inputs)
      level(node) = std::max(level(node), level(input) + (isFusable(input, node) ? 0 : 1));
    for (int before : at(node).after)
      level(node) = std::max(level(node), level(before) + 1);
  }
}

// What comes early but is used in a later loop moves there: a mask of random numbers is drawn where
// it is multiplied.
void FusionPlanner::raiseLevels() {
  for (int node = count_ - 1; node >= 0; --node) {
    if (!joinsConsumers(at(node).role) || users_[index(node)].empty())
      continue;
    int highest = INT32_MAX;
    bool joins = false;
    for (int user : users_[index(node)]) {
      const bool fusable = isFusable(node, user);
      const int bound = level(user) - (fusable ? 0 : 1);
      joins = bound < highest ? fusable : joins || (fusable && bound == highest);
      highest = std::min(highest, bound);
    }
    if (joins)
      level(node) = std::max(level(node), highest);
  }
}

int FusionPlanner::find(int node) {
  while (parents_[index(node)] != node) {
    int &parent = parents_[index(node)];
    parent = parents_[index(parent)];
    node = parent;
  }
  return node;
}

void FusionPlanner::unite() {
  for (int node = 0; node < count_; ++node) {
    if (!joinsConsumers(at(node).role))
      continue;
    for (int input : at(node).inputs)
      if (isFusable(input, node) && level(input) == level(node))
        parents_[index(find(input))] = find(node);
  }
}

// A part that is too large is cut in program order, which keeps all edges between its pieces
// forward.
void FusionPlanner::cutIntoSteps() {
  std::vector<int> open(nodes_.size(), -1);
  for (int node = 0; node < count_; ++node) {
    int &step = open[index(find(node))];
    if (step >= 0 && steps_[index(step)].size() >= maxOps_) {
      step = -1;
      ++plan_.cuts;
    }
    if (step < 0) {
      step = static_cast<int>(steps_.size());
      steps_.emplace_back();
    }
    steps_[index(step)].push_back(node);
    stepOf_[index(node)] = step;
  }
}

void FusionPlanner::addReductions() {
  for (int node = 0; node < count_; ++node) {
    if (at(node).role != Role::reduction)
      continue;
    for (int input : at(node).inputs) {
      const int step = stepOf_[index(input)];
      if (!isFusable(input, node) || level(input) != level(node))
        continue;
      // Only what this reduction alone needs: the loops of a reduction write nothing else.
      std::vector<int> &members = steps_[index(step)];
      const bool alone = std::all_of(members.begin(), members.end(), [&](int member) {
        return at(member).role != Role::reduction &&
               std::all_of(users_[index(member)].begin(), users_[index(member)].end(),
                           [&](int user) { return user == node || stepOf_[index(user)] == step; });
      });
      if (!alone || members.size() >= maxOps_)
        continue;
      steps_[index(stepOf_[index(node)])].clear();
      members.push_back(node);
      stepOf_[index(node)] = step;
      break;
    }
  }
}

// A step comes when its last op came in the program, or as soon after as its inputs are there.
void FusionPlanner::order() {
  std::vector<std::vector<int>> followers(steps_.size());
  std::vector<int> waiting(steps_.size(), 0);
  auto edge = [&](int before, int node) {
    const int from = stepOf_[index(before)], to = stepOf_[index(node)];
    if (from == to)
      return;
    followers[index(from)].push_back(to);
    ++waiting[index(to)];
  };
  for (int node = 0; node < count_; ++node) {
    for (int input : at(node).inputs)
      edge(input, node);
    for (int before : at(node).after)
      edge(before, node);
  }
  using Entry = std::pair<int, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready;
  auto offer = [&](int step) {
    if (!steps_[index(step)].empty() && waiting[index(step)] == 0)
      ready.emplace(*std::max_element(steps_[index(step)].begin(), steps_[index(step)].end()),
                    step);
  };
  for (int step = 0; step < static_cast<int>(steps_.size()); ++step)
    offer(step);
  while (!ready.empty()) {
    const int step = ready.top().second;
    ready.pop();
    plan_.steps.push_back(steps_[index(step)]);
    for (int follower : followers[index(step)])
      if (--waiting[index(follower)] == 0)
        offer(follower);
  }
}

} // namespace

FusionPlan planFusion(std::span<const FusionNode> nodes, unsigned maxOps) {
  return FusionPlanner(nodes, maxOps).run();
}

} // namespace graphc
