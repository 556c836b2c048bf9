#include "GradientCase.h"

#include "ir/Conversion.h"
#include "ir/GraphDialect.h"
#include "ir/Locations.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "passes/GraphOps.h"
#include "passes/InsertGradients.h"
#include "passes/Interpreter.h"
#include "passes/Recurrence.h"

namespace graphc::test {

using namespace mlir;

Tensor drawn(const Shape &shape, double low, double high, std::uint64_t seed) {
  Tensor tensor(float64, shape);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double unit = static_cast<double>(state >> 11) * 0x1p-53;
    tensor.data<double>()[i] = low + (high - low) * unit;
  }
  return tensor;
}

std::vector<Tensor> drawInputs(const Case &c) {
  std::vector<Tensor> tensors;
  for (const Input &input : c.inputs)
    tensors.push_back(input.value.empty()
                          ? drawn(input.shape, input.low, input.high, tensors.size() + 1)
                          : input.value);
  return tensors;
}

Case opCase(std::string label, std::string op, std::vector<Input> inputs, Attributes attributes) {
  return {op + "_" + label, std::move(inputs),
          [op, attributes](GraphBuilder &graph, ArrayRef<Value> values) {
            return Values(graph.createOp(op, values, attributes)->getResults());
          }};
}

std::vector<Case> allCases() {
  std::vector<Case> all;
  for (auto cases : {
           controlFlowCases,
           convolutionCases,
           elementwiseCases,
           matmulAndNnCases,
           orderCases,
           recurrentCases,
           reductionCases,
           shapeCases,
       })
    for (Case &c : cases())
      all.push_back(std::move(c));
  return all;
}

Values staticRnn(GraphBuilder &graph, ValueRange sequences, ValueRange states, ValueRange captured,
                 std::int64_t steps, bool reverse, const StepBuilder &build) {
  OpBuilder &builder = graph.builder();
  OperationState state(graph.location(), "graph.static_rnn");
  Block *body = &state.addRegion()->emplaceBlock();
  Values slices, before, fixed;
  for (Value value : sequences)
    slices.push_back(body->addArgument(sliceType(value.getType()), graph.location()));
  for (Value value : states)
    before.push_back(body->addArgument(value.getType(), graph.location()));
  for (Value value : captured)
    fixed.push_back(body->addArgument(value.getType(), graph.location()));

  Step step;
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(body);
    step = build(graph, slices, before, fixed);
    Values yielded(step.outputs);
    yielded.append(step.states);
    graph.createOp("yield", TypeRange(), yielded);
  }
  for (Value output : step.outputs)
    state.addTypes(stackedType(output.getType(), steps));
  for (ValueRange operands : {sequences, states, captured})
    state.addOperands(operands);
  state.addTypes(states.getTypes());
  state.addAttribute("operandSegmentSizes",
                     builder.getDenseI32ArrayAttr({static_cast<int32_t>(sequences.size()),
                                                   static_cast<int32_t>(states.size()),
                                                   static_cast<int32_t>(captured.size())}));
  state.addAttribute("steps", builder.getI64IntegerAttr(steps));
  state.addAttribute("reverse", builder.getBoolAttr(reverse));
  return Values(builder.create(state)->getResults());
}

/// Adds a region to `state` whose arguments have the types of `given`; gives the types it yields.
static llvm::SmallVector<Type> addRegion(GraphBuilder &graph, OperationState &state,
                                         ValueRange given, const RegionBuilder &build) {
  OpBuilder &builder = graph.builder();
  Block *block = &state.addRegion()->emplaceBlock();
  Values arguments;
  for (Value value : given)
    arguments.push_back(block->addArgument(value.getType(), graph.location()));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(block);
  const Values yielded = build(graph, arguments);
  graph.createOp("yield", TypeRange(), yielded);
  return llvm::to_vector(ValueRange(yielded).getTypes());
}

Values whileLoop(GraphBuilder &graph, ValueRange variables, ValueRange captured,
                 const RegionBuilder &cond, const RegionBuilder &body) {
  OperationState state(graph.location(), "graph.while");
  state.addOperands(variables);
  state.addOperands(captured);
  state.addTypes(variables.getTypes());
  state.addAttribute("operandSegmentSizes",
                     graph.builder().getDenseI32ArrayAttr({static_cast<int32_t>(variables.size()),
                                                           static_cast<int32_t>(captured.size())}));
  const Values given(state.operands.begin(), state.operands.end());
  addRegion(graph, state, given, cond);
  addRegion(graph, state, given, body);
  return Values(graph.builder().create(state)->getResults());
}

Values whileGradient(GraphBuilder &graph, ValueRange variables, ValueRange captured,
                     ValueRange gradients, const RegionBuilder &cond, const RegionBuilder &body,
                     const RegionBuilder &gradient) {
  OperationState state(graph.location(), "graph.while_gradient");
  state.addOperands(variables);
  state.addOperands(captured);
  const Values seen(state.operands.begin(), state.operands.end());
  state.addOperands(gradients);
  state.addTypes(gradients.getTypes());
  state.addAttribute("operandSegmentSizes", graph.builder().getDenseI32ArrayAttr(
                                                {static_cast<int32_t>(variables.size()),
                                                 static_cast<int32_t>(captured.size()),
                                                 static_cast<int32_t>(gradients.size())}));
  const Values given(state.operands.begin(), state.operands.end());
  addRegion(graph, state, seen, cond);
  addRegion(graph, state, seen, body);
  addRegion(graph, state, given, gradient);
  return Values(graph.builder().create(state)->getResults());
}

Values branch(GraphBuilder &graph, Value pred, ValueRange captured, const RegionBuilder &thenBranch,
              const RegionBuilder &elseBranch) {
  OperationState state(graph.location(), "graph.cond");
  state.addOperands(pred);
  state.addOperands(captured);
  addRegion(graph, state, captured, thenBranch);
  state.addTypes(addRegion(graph, state, captured, elseBranch));
  return Values(graph.builder().create(state)->getResults());
}

Program::Program() {
  context_.loadDialect<graph::GraphDialect>();
  context_.printOpOnDiagnostic(false);
  context_.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
    auto write = [&](const Diagnostic &d, StringRef kind) {
      diagnostics_ += (kind + d.str() + "\n").str();
    };
    write(diagnostic, "error: ");
    for (const Diagnostic &note : diagnostic.getNotes())
      write(note, "note: ");
  });
  Location location = UnknownLoc::get(&context_);
  module_ = ModuleOp::create(location);
  builder_ = std::make_unique<OpBuilder>(&context_);
  builder_->setInsertionPointToEnd(module_->getBody());
  OperationState program(location, "graph.program");
  program.addAttribute("sym_name", builder_->getStringAttr("main"));
  Block *block = &program.addRegion()->emplaceBlock();
  builder_->create(program);
  builder_->setInsertionPointToEnd(block);
  graph_ =
      std::make_unique<GraphBuilder>(*builder_, makeLocation(&context_, "op", {"test.cpp", 1}));
}

Block &Program::block() { return findProgram(module())->getRegion(0).front(); }

Value Program::addFeed(const Tensor &like) {
  const ValueType type{like.dtype(), like.shape()};
  const std::string name = "feed" + std::to_string(feeds_);
  return graph_
      ->createOp("feed", TypeRange(toMlirType(&context_, type)), {},
                 {{"index", feeds_++}, {"name", name + ":0"}})
      ->getResult(0);
}

Values Program::gradients(ValueRange ys, ValueRange xs, ValueRange weights) {
  Values operands(ys);
  llvm::append_range(operands, xs);
  llvm::append_range(operands, weights);
  return Values(graph_
                    ->createOp("gradients", xs.getTypes(), operands,
                               {{"num_ys", static_cast<std::int64_t>(ys.size())},
                                {"num_xs", static_cast<std::int64_t>(xs.size())}})
                    ->getResults());
}

void Program::fetch(ValueRange values) {
  std::vector<std::int64_t> indices;
  for (std::size_t i = 0; i < values.size(); ++i)
    indices.push_back(static_cast<std::int64_t>(i));
  graph_->createOp("fetch", TypeRange(), values, {{"indices", indices}});
}

LogicalResult Program::insertGradients(CustomGradients customGradients) {
  PassManager manager(&context_);
  manager.addPass(createInsertGradientsPass(std::move(customGradients)));
  return success(succeeded(verify(module())) && succeeded(manager.run(module())));
}

std::vector<Tensor> Program::run(const std::vector<Tensor> &feeds) {
  std::map<std::string, Tensor> variables;
  return Interpreter(variables, GraphcRunContext{7, 3, 0}).runProgram(findProgram(module()), feeds);
}

std::vector<Operation *> Program::ops(StringRef name) {
  std::vector<Operation *> found;
  for (Operation *op : findOps(module(), name))
    found.push_back(op);
  return found;
}

} // namespace graphc::test
