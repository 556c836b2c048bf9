// Pairs of ops of successive steps are linked (`next_`); chains of links are columns.
#include "passes/SpelledSteps.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "passes/CommonSteps.h"

namespace graphc {
namespace {

using Role = StepOperand::Role;
using Source = StepGraph::Source;
using Anchor = std::vector<int>; ///< ops of successive steps, in program order

/// Steps that a column may lack at either end.
constexpr int kMostMissing = 2;

struct Use {
  int op, operand, result;
};

class Finder {
public:
  Finder(const StepGraph &graph, const StepSearch &search) : graph_(graph), search_(search) {
    const std::size_t count = graph.ops.size();
    uses_.resize(count);
    next_.assign(count, -1);
    previous_.assign(count, -1);
    columnOf_.assign(count, -1);
    stepOf_.assign(count, 0);
    for (int op = 0; op < static_cast<int>(count); ++op)
      for (int i = 0; i < static_cast<int>(operands(op).size()); ++i) {
        const Source &source = operands(op)[static_cast<std::size_t>(i)];
        uses_[at(source.op)].push_back({op, i, source.result});
      }
    declined_.assign(count, 0);
    // What keeps the search linear: so many looks at each op, on the average.
    budget_ = 64 * static_cast<std::int64_t>(count) + 4096;
  }

  bool run() {
    return tryAll(partsOfSequences()) || tryAll(readersOfSharedValues()) || tryAll(opsOfOneKind());
  }

private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }
  const std::vector<Source> &operands(int op) const { return graph_.ops[at(op)].operands; }
  int kind(int op) const { return graph_.ops[at(op)].kind; }

  std::vector<Anchor> partsOfSequences() const;
  std::vector<Anchor> readersOfSharedValues() const;
  std::vector<Anchor> opsOfOneKind() const;
  bool tryAll(const std::vector<Anchor> &anchors);
  bool tryAnchor(const Anchor &anchor);

  void align(const Anchor &anchor);
  bool link(int a, int b);
  void linkUsers(int a, int b);
  std::vector<StepColumn> chains(std::size_t steps) const;
  void index(const std::vector<std::vector<int>> &columns);
  std::optional<StepOperand> roleOf(const std::vector<int> &column, std::size_t operand);
  bool settleRoles(SpelledSteps &steps);
  bool makeConvex(SpelledSteps &steps);
  static bool hasState(const SpelledSteps &steps);
  void forget();

  const StepGraph &graph_;
  const StepSearch &search_;
  std::vector<std::vector<Use>> uses_; ///< by op, in program order
  std::vector<int> next_, previous_;   ///< the op of the next and the last step, or -1
  std::vector<int> touched_;           ///< ops with links
  std::vector<std::pair<int, int>> worklist_;
  std::vector<int> columnOf_, stepOf_;
  int deviating_ = -1;         ///< an op that reads no state where the same op of other steps does
  std::vector<char> declined_; ///< ops of recurrences that were found and not accepted
  std::int64_t budget_ = 0;
};

//===--- Where to start -----------------------------------------------------------------------===//

/// The first readers of part 0, 1, ... of ops with many results.
std::vector<Anchor> Finder::partsOfSequences() const {
  std::vector<Anchor> anchors;
  for (std::size_t op = 0; op < uses_.size(); ++op) {
    std::map<std::tuple<int, int, int>, Anchor> groups; // kind, operand, which one of the readers
    std::map<std::tuple<int, int, int>, int> seen;      // result, kind, operand
    int parts = 0;
    for (const Use &use : uses_[op])
      parts = std::max(parts, use.result + 1);
    if (parts < search_.minSteps)
      continue;
    for (const Use &use : uses_[op])
      if (kind(use.op) >= 0) {
        const int ordinal = seen[{use.result, kind(use.op), use.operand}]++;
        groups[{kind(use.op), use.operand, ordinal}].push_back(use.op);
      }
    for (auto &[key, group] : groups)
      anchors.push_back(std::move(group));
  }
  return anchors;
}

/// Ops that differ in one operand alone, above all products with the same weights.
std::vector<Anchor> Finder::readersOfSharedValues() const {
  std::vector<Anchor> anchors;
  for (const std::vector<Use> &uses : uses_) {
    if (static_cast<int>(uses.size()) < search_.minSteps)
      continue;
    std::map<std::tuple<int, int, int>, Anchor> groups; // result, kind, operand
    for (const Use &use : uses)
      if (kind(use.op) >= 0 && operands(use.op).size() > 1)
        groups[{use.result, kind(use.op), use.operand}].push_back(use.op);
    for (auto &[key, group] : groups)
      anchors.push_back(std::move(group));
  }
  return anchors;
}

std::vector<Anchor> Finder::opsOfOneKind() const {
  std::map<int, Anchor> groups;
  for (int op = 0; op < static_cast<int>(graph_.ops.size()); ++op)
    if (kind(op) >= 0)
      groups[kind(op)].push_back(op);
  std::vector<Anchor> anchors;
  for (auto &[key, group] : groups)
    anchors.push_back(std::move(group));
  return anchors;
}

bool Finder::tryAll(const std::vector<Anchor> &anchors) {
  for (const Anchor &anchor : anchors) {
    if (static_cast<int>(anchor.size()) < search_.minSteps || budget_ < 0 ||
        !graph_.ops[at(anchor.front())].mayStart || declined_[at(anchor.front())])
      continue;
    Anchor sorted = anchor;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    if (static_cast<int>(sorted.size()) < search_.minSteps)
      continue;
    const bool found = tryAnchor(sorted);
    forget();
    if (found)
      return true;
  }
  return false;
}

//===--- Which ops correspond -----------------------------------------------------------------===//

void Finder::forget() {
  for (int op : touched_) {
    next_[at(op)] = previous_[at(op)] = -1;
    columnOf_[at(op)] = -1;
  }
  touched_.clear();
}

// Steps follow each other in the program: a recurrence that runs the other way does not take part.
bool Finder::link(int a, int b) {
  if (a >= b || kind(a) != kind(b) || kind(a) < 0 || next_[at(a)] >= 0 || previous_[at(b)] >= 0)
    return false;
  next_[at(a)] = b;
  previous_[at(b)] = a;
  touched_.push_back(a);
  touched_.push_back(b);
  worklist_.emplace_back(a, b);
  return true;
}

/// Users correspond where both values are read in the same manner equally often.
void Finder::linkUsers(int a, int b) {
  using Key = std::tuple<int, int, int>; // result, kind, operand
  const auto keyed = [&](int op) {
    std::vector<std::pair<Key, int>> list;
    for (const Use &use : uses_[at(op)])
      if (kind(use.op) >= 0)
        list.push_back({{use.result, kind(use.op), use.operand}, use.op});
    std::stable_sort(list.begin(), list.end(),
                     [](const auto &x, const auto &y) { return x.first < y.first; });
    budget_ -= static_cast<std::int64_t>(uses_[at(op)].size());
    return list;
  };
  const auto of = keyed(a), with = keyed(b);
  for (std::size_t i = 0, j = 0; i < of.size() && j < with.size();) {
    if (of[i].first != with[j].first) {
      ++(of[i].first < with[j].first ? i : j);
      continue;
    }
    std::size_t endI = i, endJ = j;
    while (endI < of.size() && of[endI].first == of[i].first)
      ++endI;
    while (endJ < with.size() && with[endJ].first == with[j].first)
      ++endJ;
    if (endI - i == endJ - j)
      for (std::size_t k = 0; k < endI - i; ++k)
        link(of[i + k].second, with[j + k].second);
    i = endI;
    j = endJ;
  }
}

void Finder::align(const Anchor &anchor) {
  for (std::size_t i = 0; i + 1 < anchor.size(); ++i)
    link(anchor[i], anchor[i + 1]);
  while (!worklist_.empty()) {
    const auto [a, b] = worklist_.back();
    worklist_.pop_back();
    for (std::size_t i = 0; i < operands(a).size(); ++i) {
      const Source &of = operands(a)[i], &with = operands(b)[i];
      if (of.result == with.result)
        link(of.op, with.op);
    }
    budget_ -= static_cast<std::int64_t>(operands(a).size());
    linkUsers(a, b);
  }
}

/// Chains of about so many steps; the first op's column comes first.
std::vector<StepColumn> Finder::chains(std::size_t steps) const {
  std::vector<StepColumn> columns;
  for (int op : touched_) {
    if (previous_[at(op)] >= 0 || next_[at(op)] < 0)
      continue;
    StepColumn column;
    for (int member = op; member >= 0; member = next_[at(member)])
      column.ops.push_back(member);
    if (column.ops.size() + kMostMissing >= steps && column.ops.size() <= steps + kMostMissing)
      columns.push_back(std::move(column));
  }
  // An op can have been touched by several links.
  std::sort(columns.begin(), columns.end(),
            [](const StepColumn &a, const StepColumn &b) { return a.ops.front() < b.ops.front(); });
  columns.erase(std::unique(columns.begin(), columns.end(),
                            [](const StepColumn &a, const StepColumn &b) {
                              return a.ops.front() == b.ops.front();
                            }),
                columns.end());
  return columns;
}

//===--- What the operands are ----------------------------------------------------------------===//

void Finder::index(const std::vector<std::vector<int>> &columns) {
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::size_t t = 0; t < columns[c].size(); ++t) {
      columnOf_[at(columns[c][t])] = static_cast<int>(c);
      stepOf_[at(columns[c][t])] = static_cast<int>(t);
    }
}

/// Empty where the steps do not agree, or look further back than one step.
std::optional<StepOperand> Finder::roleOf(const std::vector<int> &column, std::size_t operand) {
  const auto source = [&](std::size_t t) -> const Source & { return operands(column[t])[operand]; };
  const std::size_t steps = column.size();
  int readsLast = 0, deviating = -1;
  bool same = true, outside = true, inStep = true, state = columnOf_[at(source(0).op)] < 0;
  const int of = columnOf_[at(source(1).op)], result = source(1).result;
  for (std::size_t t = 0; t < steps; ++t) {
    const int c = columnOf_[at(source(t).op)];
    same &= source(t) == source(0);
    outside &= c < 0;
    const bool alike = c == of && of >= 0 && source(t).result == result;
    inStep &= alike && stepOf_[at(source(t).op)] == static_cast<int>(t);
    if (t == 0)
      continue;
    const bool last = c >= 0 && stepOf_[at(source(t).op)] == static_cast<int>(t) - 1;
    state &= alike && last;
    readsLast += last;
    if (!last && deviating < 0)
      deviating = column[t];
  }
  if (outside)
    return StepOperand{same ? Role::captured : Role::sequence, -1, 0};
  if (inStep)
    return StepOperand{Role::inStep, of, result};
  if (state)
    return StepOperand{Role::state, of, result};
  if (2 * readsLast >= static_cast<int>(steps) && deviating >= 0)
    deviating_ = deviating;
  return std::nullopt;
}

/// Takes out columns whose operands have no role, until all have one.
bool Finder::settleRoles(SpelledSteps &steps) {
  std::vector<std::vector<std::size_t>> readers(steps.columns.size());
  for (std::size_t c = 0; c < steps.columns.size(); ++c)
    for (int op : steps.columns[c])
      for (const Source &source : operands(op))
        if (const int of = columnOf_[at(source.op)];
            of >= 0 && (readers[at(of)].empty() || readers[at(of)].back() != c))
          readers[at(of)].push_back(c);
  std::vector<char> gone(steps.columns.size(), 0);
  std::vector<std::size_t> worklist;
  for (std::size_t c = steps.columns.size(); c-- > 0;)
    worklist.push_back(c);
  steps.operands.assign(steps.columns.size(), {});
  while (!worklist.empty()) {
    const std::size_t c = worklist.back();
    worklist.pop_back();
    if (gone[c])
      continue;
    std::vector<StepOperand> roles;
    for (std::size_t i = 0; i < operands(steps.columns[c][0]).size(); ++i) {
      budget_ -= static_cast<std::int64_t>(steps.columns[c].size());
      if (const std::optional<StepOperand> role = roleOf(steps.columns[c], i))
        roles.push_back(*role);
      else
        gone[c] = 1;
    }
    steps.operands[c] = std::move(roles);
    if (!gone[c])
      continue;
    for (int op : steps.columns[c])
      columnOf_[at(op)] = -1;
    worklist.insert(worklist.end(), readers[c].begin(), readers[c].end());
    if (budget_ < 0)
      return false;
  }
  SpelledSteps kept;
  kept.steps = steps.steps;
  std::vector<int> number(steps.columns.size(), -1);
  for (std::size_t c = 0; c < steps.columns.size(); ++c)
    if (!gone[c]) {
      number[c] = static_cast<int>(kept.columns.size());
      kept.columns.push_back(std::move(steps.columns[c]));
      kept.operands.push_back(std::move(steps.operands[c]));
    }
  for (auto &roles : kept.operands)
    for (StepOperand &role : roles)
      if (role.column >= 0)
        role.column = number[at(role.column)];
  steps = std::move(kept);
  index(steps.columns);
  return !steps.columns.empty();
}

/// Nothing outside may lie between two ops of the recurrence. Takes out columns that read such
/// values; finds the ops that must come before.
bool Finder::makeConvex(SpelledSteps &steps) {
  for (int round = 0; round < 8; ++round) {
    int first = static_cast<int>(graph_.ops.size()), last = 0;
    for (const auto &column : steps.columns) {
      first = std::min(first, column.front());
      last = std::max(last, column.back());
    }
    const std::size_t count = at(last - first + 1);
    budget_ -= static_cast<std::int64_t>(count);
    std::vector<char> after(count, 0), needed(count, 0);
    std::vector<char> bad(steps.columns.size(), 0);
    for (int op = first; op <= last; ++op)
      for (const Source &source : operands(op)) {
        if (source.op < first)
          continue;
        const bool outside = columnOf_[at(source.op)] < 0;
        if (columnOf_[at(op)] < 0)
          after[at(op - first)] |= !outside || after[at(source.op - first)];
        else if (outside && after[at(source.op - first)])
          bad[at(columnOf_[at(op)])] = 1;
      }
    if (std::find(bad.begin(), bad.end(), 1) == bad.end()) {
      for (int op = last; op >= first; --op)
        if (columnOf_[at(op)] >= 0 || needed[at(op - first)])
          for (const Source &source : operands(op))
            if (source.op >= first && columnOf_[at(source.op)] < 0)
              needed[at(source.op - first)] = 1;
      for (int op = first; op <= last; ++op)
        if (needed[at(op - first)])
          steps.before.push_back(op);
      return true;
    }
    SpelledSteps kept;
    kept.steps = steps.steps;
    for (std::size_t c = 0; c < steps.columns.size(); ++c) {
      if (!bad[c]) {
        kept.columns.push_back(std::move(steps.columns[c]));
        continue;
      }
      for (int op : steps.columns[c])
        columnOf_[at(op)] = -1;
    }
    steps = std::move(kept);
    index(steps.columns);
    if (!settleRoles(steps))
      return false;
  }
  return false;
}

bool Finder::hasState(const SpelledSteps &steps) {
  return std::any_of(steps.operands.begin(), steps.operands.end(), [](const auto &roles) {
    return std::any_of(roles.begin(), roles.end(),
                       [](const StepOperand &role) { return role.role == Role::state; });
  });
}

bool Finder::tryAnchor(const Anchor &anchor) {
  align(anchor);
  std::vector<StepColumn> columns = chains(anchor.size());
  const auto ofAnchor = std::find_if(columns.begin(), columns.end(), [&](const StepColumn &column) {
    return std::find(column.ops.begin(), column.ops.end(), anchor.front()) != column.ops.end();
  });
  if (ofAnchor == columns.end() ||
      !cutToCommonSteps(columns, static_cast<std::size_t>(ofAnchor - columns.begin()), graph_,
                        search_.minSteps))
    return false;
  SpelledSteps steps;
  steps.steps = static_cast<int>(columns.front().ops.size());
  for (StepColumn &column : columns)
    steps.columns.push_back(std::move(column.ops));
  std::sort(steps.columns.begin(), steps.columns.end());
  index(steps.columns);
  deviating_ = -1;
  if (!settleRoles(steps) || !hasState(steps)) {
    if (deviating_ >= 0)
      search_.decline(deviating_, "this step is not like the others");
    return false;
  }
  for (const auto &column : steps.columns)
    for (int op : column)
      declined_[at(op)] = 1;
  const int example = steps.columns.front().front();
  if (!makeConvex(steps) || !hasState(steps)) {
    search_.decline(example, "what lies between two of its steps is not alike in all of them");
    return false;
  }
  return search_.accept(steps);
}

} // namespace

bool findSpelledSteps(const StepGraph &graph, const StepSearch &search) {
  return Finder(graph, search).run();
}

} // namespace graphc
