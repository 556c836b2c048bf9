// Finds recurrences that a graph spells out step by step: a pure function on a plain graph.
//
// Equal ops of successive steps make a column. That two steps correspond is found by walking from
// one pair of ops (two products with the same weights, the readers of two parts of a sequence) to
// their operands and users in parallel; each op is met once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace graphc {

/// A graph as far as steps are looked for in it; ops in program order.
struct StepGraph {
  struct Source {
    int op = 0; ///< an earlier op
    int result = 0;
    bool operator==(const Source &) const = default;
  };
  struct Op {
    /// Equal for ops that differ in nothing but their operands; negative: is in no step.
    int kind = -1;
    /// Looking for a recurrence may start here.
    bool mayStart = true;
    std::vector<Source> operands;
  };
  std::vector<Op> ops;
};

/// What the operand of a column's ops is, from step to step.
struct StepOperand {
  enum class Role : std::uint8_t {
    captured, ///< the same at every step
    inStep,   ///< what another column computes at this step
    state,    ///< what a column has computed at the step before; at the first step something else
    sequence, ///< something from outside of the steps, another at each
  };
  Role role = Role::captured;
  int column = -1; ///< of `inStep` and `state`
  int result = 0;
};

/// A recurrence spelled out.
struct SpelledSteps {
  int steps = 0;
  /// columns[k][t] is the op of step t; in an order in which a step can be computed.
  std::vector<std::vector<int>> columns;
  std::vector<std::vector<StepOperand>> operands; ///< of each column
  /// Ops after the first one of the columns that must come before all of them, in program order.
  std::vector<int> before;
};

struct StepSearch {
  int minSteps = 4;
  /// Called with each recurrence found; true ends the search.
  std::function<bool(const SpelledSteps &)> accept;
  /// Told of what looks like a recurrence and is none: an op of it, and the reason.
  std::function<void(int op, const std::string &reason)> decline;
};

/// True where a recurrence was accepted. Nearly linear in ops and operands.
bool findSpelledSteps(const StepGraph &graph, const StepSearch &search);

} // namespace graphc
