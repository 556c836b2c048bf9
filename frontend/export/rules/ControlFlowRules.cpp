// Loops and branches in TensorFlow 1's dataflow form, which freezing and every version of
// TensorFlow know.
#include "frontend/export/LoopNodes.h"
#include "frontend/export/Rules.h"
#include "ir/Conversion.h"
#include "ir/GraphDialect.h"
#include "runtime/protos/TensorTypes.h"

namespace graphc::graphdef {

namespace {

const ValueType kScalar{int32, Shape{}};

proto::DataType dtypeOf(mlir::Value value) {
  return to_tensorflow(toValueType(value.getType()).dtype);
}

/// What the body of a region yields.
mlir::OperandRange yielded(mlir::Region &region) {
  return region.front().getTerminator()->getOperands();
}

void writeResults(OpNodes &op, const std::vector<std::string> &results) {
  if (results.empty())
    op.refuse("it has no results");
  op.graph().addResults(op.op(), results);
}

/// A loop that counts its iterations: random ops in it, and its gradient, need their number.
class CountedLoop {
public:
  CountedLoop(OpNodes &op, const std::string &name)
      : op_(op), scope_(op.name() + (name.empty() ? "" : "/" + name)),
        start_(op.graph().constant(scope_ + "/start", Tensor(0))), nodes_(op, scope_) {
    nodes_.variable(start_, proto::DT_INT32);
    op.graph().frame().step = nodes_[0].merge;
  }

  LoopNodes &nodes() { return nodes_; }
  /// The number of the iteration; behind the loop that of all.
  const LoopVariable &counter() const { return nodes_[0]; }

  /// Variables that begin as these values.
  std::vector<std::size_t> variables(mlir::OperandRange values) {
    std::vector<std::size_t> numbers;
    for (mlir::Value value : values)
      numbers.push_back(nodes_.variable(op_.graph().input(value), dtypeOf(value)));
    return numbers;
  }
  /// What is captured, inside, where one of the regions uses it; their arguments for it come after
  /// those for the loop variables.
  std::vector<std::string> entered(mlir::OperandRange captured, std::size_t loopVars,
                                   llvm::ArrayRef<mlir::Region *> regions) {
    std::vector<std::string> inside;
    for (auto [i, value] : llvm::enumerate(captured)) {
      const unsigned argument = static_cast<unsigned>(loopVars + i);
      const bool used = llvm::any_of(regions, [&](mlir::Region *region) {
        return !region->getArgument(argument).use_empty();
      });
      inside.push_back(used ? nodes_.enter(op_.graph().input(value), dtypeOf(value)) : "");
    }
    return inside;
  }
  void condition(const std::string &holds) {
    nodes_.condition(holds);
    op_.graph().frame().step = counter().now;
  }
  /// The counter's next value comes before the others'.
  void finish(std::vector<std::string> next) {
    const std::string one = op_.graph().constant(scope_ + "/add/y", Tensor(1));
    next.insert(next.begin(), node("add", "AddV2", {counter().now, one}).output());
    nodes_.finish(next);
  }
  /// A node of integers.
  Node node(const char *name, llvm::StringRef type, const std::vector<std::string> &inputs,
            DataType result = int32) {
    Node made = op_.graph().add(scope_ + "/" + name, type, inputs, {{result, Shape{}}});
    return made.type("T", int32);
  }
  /// The nodes of a region whose arguments are `arguments`: the values that it yields.
  std::vector<std::string> written(mlir::Region &region,
                                   const std::vector<std::string> &arguments) {
    GraphWriter &graph = op_.graph();
    for (auto [argument, value] : llvm::zip_equal(region.getArguments(), arguments))
      graph.define(argument, value);
    graph.writeBlock(region.front());
    std::vector<std::string> values;
    for (mlir::Value value : yielded(region))
      values.push_back(graph.input(value));
    return values;
  }

private:
  OpNodes &op_;
  std::string scope_, start_;
  LoopNodes nodes_;
};

/// `now` of each variable, or `merge` while the condition is asked, and then what is captured.
std::vector<std::string> arguments(CountedLoop &loop, const std::vector<std::size_t> &variables,
                                   std::string LoopVariable::*when,
                                   const std::vector<std::string> &captured) {
  std::vector<std::string> all;
  for (std::size_t variable : variables)
    all.push_back(loop.nodes()[variable].*when);
  all.insert(all.end(), captured.begin(), captured.end());
  return all;
}

void writeWhile(OpNodes &op, llvm::StringRef) {
  auto loop = mlir::cast<graph::WhileOp>(op.op());
  CountedLoop nodes(op, "");
  const std::vector<std::size_t> variables = nodes.variables(loop.getLoopVars());
  const std::vector<std::string> captured =
      nodes.entered(loop.getCaptured(), variables.size(), {&loop.getCond(), &loop.getBody()});
  nodes.condition(nodes.written(loop.getCond(),
                                arguments(nodes, variables, &LoopVariable::merge, captured))[0]);
  nodes.finish(
      nodes.written(loop.getBody(), arguments(nodes, variables, &LoopVariable::now, captured)));
  std::vector<std::string> results;
  for (std::size_t variable : variables)
    results.push_back(nodes.nodes()[variable].exit);
  writeResults(op, results);
}

/// The loop once more, its variables kept in TensorArrays, and then a loop backward over these.
class GradientOfLoop {
public:
  explicit GradientOfLoop(OpNodes &op)
      : op_(op), loop_(mlir::cast<graph::WhileGradientOp>(op.op())) {}

  void write() {
    const unsigned count = loop_.getLoopVars().size();
    for (unsigned i = 0; i < count; ++i)
      if (!loop_.getGradient().getArgument(i).use_empty())
        kept_.push_back(array(i));
    writeForward();
    writeBackward();
  }

private:
  /// What a loop variable was in each iteration.
  struct Kept {
    unsigned variable;
    ValueType type;
    std::string handle, flow;
  };

  Kept array(unsigned variable) {
    const ValueType type = toValueType(loop_.getLoopVars()[variable].getType());
    const std::string name =
        op_.name() + "/kept" + (variable ? "_" + std::to_string(variable) : "");
    const std::string size = op_.graph().constant(name + "/size", Tensor(0));
    Node node = op_.graph().add(name, "TensorArrayV3", {size}, {});
    node.type("dtype", type.dtype)
        .shape("element_shape", type.shape)
        .flag("dynamic_size", true)
        .flag("clear_after_read", true)
        .flag("identical_element_shapes", true)
        .text("tensor_array_name", name);
    return {variable, type, node.output(0), node.output(1)};
  }

  void writeForward() {
    CountedLoop nodes(op_, "forward");
    const std::vector<std::size_t> variables = nodes.variables(loop_.getLoopVars());
    std::vector<std::size_t> flows;
    for (const Kept &kept : kept_)
      flows.push_back(nodes.nodes().variable(kept.flow, proto::DT_FLOAT));
    const std::vector<std::string> captured =
        nodes.entered(loop_.getCaptured(), variables.size(), {&loop_.getCond(), &loop_.getBody()});
    std::vector<std::string> handles;
    for (const Kept &kept : kept_)
      handles.push_back(nodes.nodes().enter(kept.handle, proto::DT_RESOURCE));
    nodes.condition(nodes.written(loop_.getCond(),
                                  arguments(nodes, variables, &LoopVariable::merge, captured))[0]);
    std::vector<std::string> next =
        nodes.written(loop_.getBody(), arguments(nodes, variables, &LoopVariable::now, captured));
    for (auto [kept, handle, flow] : llvm::zip_equal(kept_, handles, flows))
      next.push_back(
          op_.beside("forward/TensorArrayWriteV3", "TensorArrayWriteV3",
                     {handle, nodes.counter().now, nodes.nodes()[variables[kept.variable]].now,
                      nodes.nodes()[flow].now},
                     {float32, Shape{}})
              .type("T", kept.type.dtype)
              .output());
    nodes.finish(next);
    iterations_ = nodes.counter().exit;
    for (auto [kept, flow] : llvm::zip_equal(kept_, flows))
      kept.flow = nodes.nodes()[flow].exit;
  }

  void writeBackward() {
    CountedLoop nodes(op_, "backward");
    const std::vector<std::size_t> variables = nodes.variables(loop_.getGradients());
    const std::vector<std::string> captured =
        nodes.entered(loop_.getCaptured(), loop_.getLoopVars().size(), {&loop_.getGradient()});
    const std::string iterations = nodes.nodes().enter(iterations_, proto::DT_INT32);
    std::vector<std::pair<std::string, std::string>> arrays;
    for (const Kept &kept : kept_)
      arrays.emplace_back(nodes.nodes().enter(kept.handle, proto::DT_RESOURCE),
                          nodes.nodes().enter(kept.flow, proto::DT_FLOAT));
    nodes.condition(
        nodes.node("Less", "Less", {nodes.counter().merge, iterations}, bool_).output());
    // The last iteration comes first; its random ops draw what they drew in it.
    const std::string one = op_.graph().constant(op_.name() + "/backward/last/y", Tensor(1));
    const std::string last = nodes.node("last", "Sub", {iterations, one}).output();
    const std::string iteration =
        nodes.node("iteration", "Sub", {last, nodes.counter().now}).output();
    op_.graph().frame().step = iteration;

    std::vector<std::string> inputs(loop_.getLoopVars().size());
    for (auto [kept, array] : llvm::zip_equal(kept_, arrays))
      inputs[kept.variable] = op_.beside("backward/TensorArrayReadV3", "TensorArrayReadV3",
                                         {array.first, iteration, array.second}, kept.type)
                                  .type("dtype", kept.type.dtype)
                                  .output();
    inputs.insert(inputs.end(), captured.begin(), captured.end());
    for (std::size_t variable : variables)
      inputs.push_back(nodes.nodes()[variable].now);
    nodes.finish(nodes.written(loop_.getGradient(), inputs));
    std::vector<std::string> results;
    for (std::size_t variable : variables)
      results.push_back(nodes.nodes()[variable].exit);
    writeResults(op_, results);
  }

  OpNodes &op_;
  graph::WhileGradientOp loop_;
  std::vector<Kept> kept_;
  std::string iterations_;
};

void writeWhileGradient(OpNodes &op, llvm::StringRef) { GradientOfLoop(op).write(); }

/// Switch nodes hand each captured value to one of the branches, what the other computes is dead.
void writeCond(OpNodes &op, llvm::StringRef) {
  auto cond = mlir::cast<graph::CondOp>(op.op());
  GraphWriter &graph = op.graph();
  // One of its own, by which the Switch and Merge nodes of a tf.cond are told from those of others.
  const std::string pred =
      op.beside("pred_id", "Identity", {graph.input(cond.getPred())}, {bool_, Shape{}})
          .type("T", bool_)
          .output();
  std::vector<Node> captured;
  for (mlir::Value value : cond.getCaptured()) {
    captured.push_back(graph.add(op.name() + "/Switch", "Switch", {graph.input(value), pred}, {}));
    captured.back().type("T", dtypeOf(value));
  }
  Node sides = op.beside("pred", "Switch", {pred, pred}, {bool_, Shape{}});
  sides.type("T", bool_);
  sides.resultShapes({Shape{}, Shape{}});
  std::vector<std::string> yields[2];
  for (unsigned side : {1u, 0u}) {
    const std::string pivot = op.beside(side ? "switch_t" : "switch_f", "Identity",
                                        {sides.output(side)}, {bool_, Shape{}})
                                  .type("T", bool_)
                                  .output();
    graph.openBranch(pivot);
    mlir::Region &region = side ? cond.getThenBranch() : cond.getElseBranch();
    for (auto [argument, value] : llvm::zip_equal(region.getArguments(), captured))
      graph.define(argument, value.output(side));
    graph.writeBlock(region.front());
    for (mlir::Value value : yielded(region))
      yields[side].push_back(graph.input(value));
    graph.closeFrame();
  }
  std::vector<std::string> results;
  for (unsigned i = 0; i < yields[0].size(); ++i)
    results.push_back(graph.add(op.name() + "/Merge", "Merge", {yields[0][i], yields[1][i]}, {})
                          .type("T", op.resultType(i).dtype)
                          .integer("N", 2)
                          .output());
  writeResults(op, results);
}

} // namespace

std::span<const Rule> controlFlowRules() {
  static constexpr Rule rules[] = {
      {"cond", "Merge", writeCond},
      {"while", "LoopCond", writeWhile},
      {"while_gradient", "LoopCond", writeWhileGradient},
  };
  return rules;
}

} // namespace graphc::graphdef
