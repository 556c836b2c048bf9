#include "frontend/Gradients.h"

#include "frontend/GraphModule.h"
#include "frontend/Recorder.h"
#include "ir/GradientFlow.h"

namespace graphc {

using namespace mlir;

static CustomGradientOps customOps(const Graph &graph) {
  CustomGradientOps ops;
  for (const auto &entry : graph.state().gradients)
    ops.insert(entry.first);
  return ops;
}

/// What is wrong with the request; empty where nothing is.
static std::string whyWrong(std::span<const Output> ys, std::span<const Output> xs,
                            std::span<const Output> grad_ys) {
  for (const Output &y : ys)
    if (!is_floating(y.dtype()))
      return "expected floating-point tensors to differentiate, but '" + y.name() + "' is " +
             std::string(to_string(y.dtype()));
  for (const Output &x : xs)
    if (!x)
      return "expected tensors to differentiate by, got an empty one";
  if (!grad_ys.empty() && grad_ys.size() != ys.size())
    return "expected " + std::to_string(ys.size()) + " grad_ys, got " +
           std::to_string(grad_ys.size());
  for (std::size_t i = 0; i < grad_ys.size(); ++i)
    if (grad_ys[i].dtype() != ys[i].dtype() ||
        !grad_ys[i].shape().is_compatible_with(ys[i].shape()))
      return "expected grad_ys " + std::to_string(i) + " of " +
             ValueType{ys[i].dtype(), ys[i].shape()}.to_string() + ", got " +
             ValueType{grad_ys[i].dtype(), grad_ys[i].shape()}.to_string();
  return {};
}

std::vector<Output> gradients(const std::vector<Output> &ys, const std::vector<Output> &xs,
                              const GradientsOptions &options, Where where) {
  Graph &graph = graphOf(ys, "gradients", where);
  OpScope scope(graph, options.name, "gradients");
  const Output none = Output::from_opaque(graph, nullptr);
  std::vector<Output> operands = ys;
  for (const std::vector<Output> *more : {&xs, &options.grad_ys})
    operands.insert(operands.end(), more->begin(), more->end());
  for (const Output &operand : operands)
    if (operand && operand.is_poisoned())
      return std::vector<Output>(xs.size(), none);
  if (std::string wrong = whyWrong(ys, xs, options.grad_ys); !wrong.empty())
    return failMany(xs.size(), graph, Code::invalid_argument, wrong, scope.name(), where);

  llvm::SmallVector<Value> tops;
  llvm::SmallVector<Value> bottoms;
  for (const Output &y : ys)
    tops.push_back(valueOf(y));
  for (const Output &x : xs)
    bottoms.push_back(valueOf(x));
  const llvm::SmallVector<bool> reached = gradientsReach(tops, bottoms, customOps(graph));
  std::vector<Output> wanted;
  std::vector<ValueType> types;
  for (std::size_t i = 0; i < xs.size(); ++i)
    if (reached[i]) {
      wanted.push_back(xs[i]);
      types.push_back({xs[i].dtype(), xs[i].shape()});
    }
  std::vector<Output> result(xs.size());
  if (wanted.empty())
    return result;
  operands = ys;
  operands.insert(operands.end(), wanted.begin(), wanted.end());
  operands.insert(operands.end(), options.grad_ys.begin(), options.grad_ys.end());
  std::vector<Output> made = record(
      graph, "gradients", operands,
      {{"num_ys", static_cast<std::int64_t>(ys.size())},
       {"num_xs", static_cast<std::int64_t>(wanted.size())}},
      {.name = scope.name(), .where = where, .types = std::move(types), .results = wanted.size()});
  std::size_t next = 0;
  for (std::size_t i = 0; i < xs.size(); ++i)
    if (reached[i])
      result[i] = made[next++];
  return result;
}

std::optional<std::vector<LookUp>> look_ups(const Output &y, const Output &x) {
  if (y.is_poisoned() || x.is_poisoned())
    return std::nullopt;
  Graph &graph = y.graph();
  const CustomGradientOps custom = customOps(graph);
  llvm::SmallVector<Value> results;
  for (mlir::Operation *user : valueOf(x).getUsers())
    llvm::append_range(results, user->getResults());
  const llvm::SmallVector<bool> reached = gradientsReach(valueOf(y), results, custom);
  std::vector<LookUp> found;
  for (auto [result, isReached] : llvm::zip_equal(results, reached)) {
    mlir::Operation *user = result.getDefiningOp();
    if (!isReached)
      continue;
    const llvm::BitVector into =
        gradientFlowInto(user, cast<OpResult>(result).getResultNumber(), custom);
    for (OpOperand &operand : user->getOpOperands()) {
      if (operand.get() != valueOf(x) || !into.test(operand.getOperandNumber()))
        continue;
      auto axis = user->getAttrOfType<IntegerAttr>("axis");
      if (user->getName().getStringRef() != "graph.gather" || custom.contains("gather") ||
          (axis && axis.getInt() != 0))
        return std::nullopt;
      found.push_back({outputOf(graph, result), outputOf(graph, user->getOperand(1))});
    }
  }
  return found;
}

void register_gradient(
    Graph &graph, const std::string &op_type,
    std::function<std::vector<Output>(const Operation &op, const std::vector<Output> &gradients)>
        function) {
  if (!function)
    throw Error(Code::invalid_argument, "a gradient for '" + op_type + "' that is no function");
  if (!graph.state().gradients.emplace(op_type, std::move(function)).second)
    throw Error(Code::already_exists, "a gradient for '" + op_type + "' is registered already");
}

} // namespace graphc
