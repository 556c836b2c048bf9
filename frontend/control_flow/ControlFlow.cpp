#include "frontend/control_flow/ControlFlow.h"

#include <algorithm>

#include "frontend/control_flow/RegionRecorder.h"
#include "frontend/ops/Math.h"

namespace graphc {

namespace {

bool anyPoisoned(std::span<const Output> outputs) {
  return std::ranges::any_of(outputs, &Output::is_poisoned);
}

bool isScalarBool(const Output &output) {
  return output.dtype() == bool_ && output.shape().is_compatible_with(Shape{});
}

/// "float32[2,3]", or "nothing" for an empty output.
std::string describe(const Output &output) {
  return output ? typeOf(output).to_string() : "nothing";
}

bool sameType(const Output &a, const Output &b) {
  return a && b && a.dtype() == b.dtype() && a.shape().is_compatible_with(b.shape());
}

std::vector<Output> poisoned(Graph &graph, std::size_t count) {
  return std::vector<Output>(count, Output::from_opaque(graph, nullptr));
}

Graph &graphOfVariables(const std::vector<Input> &variables, Where where) {
  for (const Input &input : variables)
    if (input.is_output() && input.output())
      return input.output().graph();
  if (variables.empty())
    throw Error(Code::invalid_argument, "'while_loop' expects one loop variable or more, got none",
                "", where);
  return graphOf({&variables.front()}, "while_loop");
}

/// Why `after` are not the loop variables `before` after an iteration; empty where they are.
std::string whyWrongVariables(std::span<const Output> before, std::span<const Output> after,
                              std::size_t first) {
  if (before.size() != after.size())
    return "expected the body to give " + std::to_string(before.size() - first) +
           " loop variables, got " + std::to_string(after.size() - first);
  for (std::size_t i = first; i < before.size(); ++i)
    if (!sameType(before[i], after[i]))
      return "loop variable " + std::to_string(i - first) + " enters an iteration as " +
             describe(before[i]) + " and leaves it as " + describe(after[i]) +
             ": expected it to keep its dtype and shape";
  return {};
}

/// The limit as a tensor, where there is one; poisoned where it is wrong.
Output iterationLimit(Graph &graph, const WhileLoopOptions &options, const std::string &scope,
                      Where where) {
  if (!options.maximum_iterations)
    return {};
  const Input &given = *options.maximum_iterations;
  const Output limit = toOutput(graph, given, ownDtype(given), "maximum_iterations", where);
  if (limit.is_poisoned() || ((limit.dtype() == int32 || limit.dtype() == int64) &&
                              limit.shape().is_compatible_with(Shape{})))
    return limit;
  return fail(graph, Code::invalid_argument,
              "expected maximum_iterations to be a scalar int32 or int64, got " + describe(limit),
              scope, where);
}

std::vector<Output> without(std::vector<Output> values, bool counted) {
  if (counted)
    values.erase(values.begin());
  return values;
}

} // namespace

std::vector<Output> while_loop(const LoopCondition &cond, const LoopBody &body,
                               const std::vector<Input> &loop_vars, const WhileLoopOptions &options,
                               Where where) {
  Graph &graph = graphOfVariables(loop_vars, where);
  const OpScope scope(graph, options.name, "while");
  const std::string name = scope.name().substr(0, scope.name().size() - 1);
  const auto wrong = [&](std::string message) {
    return failMany(loop_vars.size(), graph, Code::invalid_argument, std::move(message),
                    scope.name(), where);
  };

  // A limit is one more loop variable that counts, as in TensorFlow.
  std::vector<Output> initial;
  const Output limit = iterationLimit(graph, options, scope.name(), where);
  const bool counted = static_cast<bool>(limit);
  if (limit.is_poisoned())
    return poisoned(graph, loop_vars.size());
  if (counted)
    initial.push_back(toOutput(graph, 0, limit.dtype(), "iteration_counter", where));
  for (const Input &input : loop_vars)
    initial.push_back(toOutput(graph, input, ownDtype(input), "Const", where));
  if (anyPoisoned(initial))
    return poisoned(graph, loop_vars.size());
  for (std::size_t i = 0; i < initial.size(); ++i)
    if (!initial[i])
      return wrong("loop variable " + std::to_string(i - counted) + " is empty: expected a tensor");
  const std::vector<ValueType> types = typesOf(initial);

  RegionRecorder condition(graph, name, types, where);
  const std::vector<Output> before = condition.arguments();
  Output holds = cond(without(before, counted));
  if (holds.is_poisoned())
    return poisoned(graph, loop_vars.size());
  if (!holds || !isScalarBool(holds))
    return wrong("expected cond to give one scalar bool, got " + describe(holds));
  if (counted)
    holds = logical_and(less(before.front(), limit, {}, where), holds, {}, where);
  if (!condition.close({&holds, 1}))
    return poisoned(graph, loop_vars.size());

  RegionRecorder iteration(graph, name, types, where);
  const std::vector<Output> variables = iteration.arguments();
  std::vector<Output> after = body(without(variables, counted));
  if (anyPoisoned(after))
    return poisoned(graph, loop_vars.size());
  if (counted)
    after.insert(after.begin(), add(variables.front(), 1, {}, where));
  if (std::string why = whyWrongVariables(variables, after, counted); !why.empty())
    return wrong(std::move(why));
  if (!iteration.close(after))
    return poisoned(graph, loop_vars.size());

  return without(
      recordRegionOp(
          graph,
          {.op = "while", .name = name, .where = where, .operands = {initial}, .results = types},
          {&condition, &iteration}),
      counted);
}

std::vector<Output> cond(const Input &pred, const std::function<std::vector<Output>()> &true_fn,
                         const std::function<std::vector<Output>()> &false_fn,
                         const CondOptions &options, Where where) {
  Graph &graph = graphOf({&pred}, "cond");
  const OpScope scope(graph, options.name, "cond");
  const std::string name = scope.name().substr(0, scope.name().size() - 1);
  const auto wrong = [&](std::string message) {
    return failMany(1, graph, Code::invalid_argument, std::move(message), scope.name(), where);
  };
  const Output chosen = toOutput(graph, pred, bool_, "pred", where);
  if (chosen.is_poisoned())
    return poisoned(graph, 1);
  if (!isScalarBool(chosen))
    return wrong("expected pred to be a scalar bool, got " + describe(chosen));

  RegionRecorder then(graph, name, {}, where);
  const std::vector<Output> ifTrue = true_fn();
  if (anyPoisoned(ifTrue))
    return poisoned(graph, ifTrue.size());
  for (const Output &output : ifTrue)
    if (!output)
      return wrong("expected true_fn to give tensors, got an empty one");
  if (!then.close(ifTrue))
    return poisoned(graph, ifTrue.size());

  RegionRecorder otherwise(graph, name, {}, where);
  const std::vector<Output> ifFalse = false_fn();
  if (anyPoisoned(ifFalse))
    return poisoned(graph, ifTrue.size());
  if (ifTrue.size() != ifFalse.size())
    return wrong("expected true_fn and false_fn to give equally many tensors, got " +
                 std::to_string(ifTrue.size()) + " and " + std::to_string(ifFalse.size()));
  std::vector<ValueType> results;
  for (std::size_t i = 0; i < ifTrue.size(); ++i) {
    if (!sameType(ifTrue[i], ifFalse[i]))
      return wrong("expected true_fn and false_fn to give the same dtypes and shapes, got " +
                   describe(ifTrue[i]) + " and " + describe(ifFalse[i]) + " for tensor " +
                   std::to_string(i));
    results.push_back({ifTrue[i].dtype(), *Shape::merge(ifTrue[i].shape(), ifFalse[i].shape())});
  }
  if (results.empty())
    return wrong("expected true_fn and false_fn to give at least one tensor, got none");
  if (!otherwise.close(ifFalse))
    return poisoned(graph, ifTrue.size());

  return recordRegionOp(graph,
                        {.op = "cond",
                         .name = name,
                         .where = where,
                         .operands = {{chosen}},
                         .segmented = false,
                         .results = std::move(results)},
                        {&then, &otherwise});
}

Output cond(const Input &pred, const std::function<Output()> &true_fn,
            const std::function<Output()> &false_fn, const CondOptions &options, Where where) {
  return cond(
             pred, [&] { return std::vector<Output>{true_fn()}; },
             [&] { return std::vector<Output>{false_fn()}; }, options, where)
      .front();
}

} // namespace graphc
