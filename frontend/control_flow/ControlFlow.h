// Loops and branches inside of a graph: TensorFlow 1's while_loop and cond.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frontend/Output.h"

namespace graphc {

/// Records the condition of a loop over its variables: one scalar bool.
using LoopCondition = std::function<Output(const std::vector<Output> &loop_vars)>;
/// Records one iteration: the new loop variables, of the types of the old ones.
using LoopBody = std::function<std::vector<Output>(const std::vector<Output> &loop_vars)>;

struct WhileLoopOptions {
  /// No more iterations than this: a number, or a scalar int32 or int64 tensor.
  std::optional<Input> maximum_iterations = {};
  std::string name = {};
};

/// The values of the loop variables after `body` has been applied to them as long as `cond` holds,
/// at first to `loop_vars`. Both functions are called once, while the graph is built; tensors from
/// outside that they use have the same value in every iteration. Variables may be read inside, not
/// assigned. A loop variable keeps its dtype and shape; extents that are unknown while the graph is
/// built are compared once they are fed. A random op inside draws anew in every iteration. The
/// gradient keeps the loop variables of every iteration and goes back through them.
/// Errors: invalid_argument, for no loop variables, a condition that is no scalar bool, a body that
/// gives another number or other types of loop variables.
std::vector<Output> while_loop(const LoopCondition &cond, const LoopBody &body,
                               const std::vector<Input> &loop_vars,
                               const WhileLoopOptions &options = {},
                               Where where = Where::current());

struct CondOptions {
  std::string name = {};
};

/// What `true_fn` records where the scalar bool `pred` holds, otherwise what `false_fn` does. Both
/// functions are called once, while the graph is built; only the ops of one of them run. They give
/// equally many tensors of equal dtypes and shapes. Variables may be read inside, not assigned.
/// Errors: invalid_argument, for a pred that is no scalar bool and for branches that differ.
std::vector<Output> cond(const Input &pred, const std::function<std::vector<Output>()> &true_fn,
                         const std::function<std::vector<Output>()> &false_fn,
                         const CondOptions &options = {}, Where where = Where::current());
/// The same for branches of one tensor.
Output cond(const Input &pred, const std::function<Output()> &true_fn,
            const std::function<Output()> &false_fn, const CondOptions &options = {},
            Where where = Where::current());

} // namespace graphc
