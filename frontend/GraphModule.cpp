#include "frontend/GraphModule.h"

#include "frontend/PartialShapes.h"
#include "frontend/Recorder.h"
#include "ir/Conversion.h"
#include "ir/GraphBuilder.h"
#include "ir/GraphDialect.h"
#include "ir/Locations.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

namespace graphc {

using namespace mlir;

GraphModule::GraphModule()
    : ownContext_(std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED)),
      context_(ownContext_.get()) {
  context_->loadDialect<graph::GraphDialect>();
  const Location location = UnknownLoc::get(context_);
  module_ = ModuleOp::create(location);
  OpBuilder builder(context_);
  builder.setInsertionPointToEnd(module_->getBody());
  OperationState state(location, "graph.program");
  state.addAttribute("sym_name", builder.getStringAttr("main"));
  for (llvm::StringRef list : {"feed_names", "feed_types", "fetch_names"})
    state.addAttribute(list, builder.getArrayAttr({}));
  Region *body = state.addRegion();
  body->push_back(new Block);
  program_ = &body->front();
  builder.create(state);
  blocks_.push_back(program_);
}

GraphModule::GraphModule(OpBuilder &builder)
    : context_(builder.getContext()), program_(builder.getInsertionBlock()),
      insertPoint_(builder.saveInsertionPoint()) {
  blocks_.push_back(program_);
}

OpBuilder GraphModule::builder() {
  OpBuilder builder(context_);
  if (insertPoint_ && block() == program_)
    builder.restoreInsertionPoint(*insertPoint_);
  else
    builder.setInsertionPointToEnd(block());
  return builder;
}

Graph::Graph() : Graph(Options{}) {}
Graph::Graph(const Options &options)
    : state_(std::make_unique<GraphState>()), module_(std::make_unique<GraphModule>()) {
  state_->options = options;
}
Graph::Graph(std::unique_ptr<GraphModule> module)
    : state_(std::make_unique<GraphState>()), module_(std::move(module)) {}
Graph::~Graph() = default;

//===--- Recording ----------------------------------------------------------------------------===//

static llvm::StringRef toRef(std::string_view text) { return {text.data(), text.size()}; }

/// Why these operands cannot be an op's; empty where they can.
static std::string whyWrongOperands(Graph &graph, std::span<const Output> operands) {
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const std::string which = "operand " + std::to_string(i);
    if (!operands[i])
      return which + " is empty: expected a tensor";
    if (&operands[i].graph() != &graph)
      return which + ", '" + operands[i].name() + "', belongs to another graph";
    if (!graph.module().isOpen(valueOf(operands[i]).getParentBlock()))
      return which + ", '" + operands[i].name() + "', " + kUnknownOutside.str();
  }
  return {};
}

/// The variable that an op in a body would change; empty where there is none. Bodies run many times
/// or not at all, in an order of their own.
static std::string changedInBody(Graph &graph, std::string_view op, const Attributes &attributes) {
  if (!isRecordingBody(graph) || op == "read_variable")
    return {};
  for (const auto &[name, value] : attributes.entries())
    if (const auto *variable = std::get_if<SymbolName>(&value))
      return variable->name;
  return {};
}

static ArrayAttr controlAttribute(Graph &graph) {
  llvm::SmallVector<Attribute> names;
  for (const std::string &name : graph.state().controls)
    names.push_back(StringAttr::get(&graph.module().context(), name));
  return ArrayAttr::get(&graph.module().context(), names);
}

/// The new op; null after fail(), which `poison` then says.
static mlir::Operation *recordOp(Graph &graph, std::string_view op,
                                 std::span<const Output> operands, const Attributes &attributes,
                                 const RecordOptions &options, bool hasResults) {
  GraphModule &module = graph.module();
  GraphState &state = graph.state();
  for (const Output &operand : operands)
    if (operand.is_poisoned())
      return nullptr;
  std::string name;
  try {
    name = state.names.op_name_for(options.name);
  } catch (const Error &error) {
    fail(graph, error.code(), error.message(), "", options.where);
    return nullptr;
  }
  const std::string exact = name + "/";
  if (std::string wrong = whyWrongOperands(graph, operands); !wrong.empty()) {
    fail(graph, Code::invalid_argument, std::move(wrong), exact, options.where);
    return nullptr;
  }
  if (std::string variable = changedInBody(graph, op, attributes); !variable.empty()) {
    fail(graph, Code::invalid_argument,
         "the variable '" + variable +
             "' cannot be changed inside the body of a recurrence, loop or branch: give its new "
             "value as a result and assign that outside",
         exact, options.where);
    return nullptr;
  }
  llvm::SmallVector<Value> values;
  for (const Output &operand : operands)
    values.push_back(valueOf(operand));
  std::vector<ValueType> types = options.types;
  if (types.empty() && hasResults) {
    InferredTypes inferred = inferTypes(toRef(op), values, attributes);
    if (!inferred.ok()) {
      fail(graph, Code::invalid_argument, inferred.error, exact, options.where);
      return nullptr;
    }
    types = std::move(inferred.results);
    if (Value dims = shapeOperand(toRef(op), values))
      if (std::optional<Shape> more = Shape::merge(types.front().shape, partialShape(dims)))
        types.front().shape = *more;
  }
  llvm::SmallVector<Type> results;
  for (const ValueType &type : types)
    results.push_back(toMlirType(&module.context(), type));
  OpBuilder builder = module.builder();
  GraphBuilder ops(builder, makeLocation(&module.context(), name, options.where));
  mlir::Operation *made = ops.createOp(toRef(op), results, values, attributes);
  if (!state.controls.empty())
    made->setAttr("control_inputs", controlAttribute(graph));
  module.addOp(name, made);
  ++state.ops_recorded;
  return made;
}

std::vector<Output> record(Graph &graph, std::string_view op, std::span<const Output> operands,
                           const Attributes &attributes, const RecordOptions &options) {
  mlir::Operation *made = recordOp(graph, op, operands, attributes, options, true);
  if (!made)
    return std::vector<Output>(options.results, Output::from_opaque(graph, nullptr));
  std::vector<Output> outputs;
  for (Value result : made->getResults())
    outputs.push_back(outputOf(graph, result));
  return outputs;
}

Output recordOne(Graph &graph, std::string_view op, std::initializer_list<Output> operands,
                 const Attributes &attributes, std::string_view name, Where where) {
  return record(graph, op, {operands.begin(), operands.size()}, attributes,
                {.name = name, .where = where})
      .front();
}

Operation recordOperation(Graph &graph, std::string_view op, std::span<const Output> operands,
                          const Attributes &attributes, std::string_view name, Where where) {
  return Operation::from_opaque(
      graph, recordOp(graph, op, operands, attributes, {.name = name, .where = where}, false));
}

Operation recordVariable(Graph &graph, const std::string &opName, const ValueType &type,
                         bool trainable, Where where) {
  GraphModule &module = graph.module();
  if (!module.module()) {
    return failOperation(graph, Code::unimplemented,
                         "a variable cannot be made while gradients are being inserted",
                         opName + "/", where);
  }
  OpBuilder builder(&module.context());
  builder.setInsertionPoint(module.programBlock()->getParentOp());
  OperationState state(makeLocation(&module.context(), opName, where), "graph.variable");
  state.addAttribute("sym_name", builder.getStringAttr(opName));
  state.addAttribute("type", TypeAttr::get(toMlirType(&module.context(), type)));
  state.addAttribute("trainable", builder.getBoolAttr(trainable));
  mlir::Operation *op = builder.create(state);
  module.addOp(opName, op);
  ++graph.state().ops_recorded;
  return Operation::from_opaque(graph, op);
}

void promiseIndependentDraws(Graph &graph) {
  mlir::Operation *program = graph.module().programBlock()->getParentOp();
  program->setAttr(graph::kIndependentDraws, UnitAttr::get(program->getContext()));
}

bool isRecordingBody(const Graph &graph) { return graph.module().blocks().size() > 1; }

OutsideBodies::OutsideBodies(Graph &graph) : graph_(graph) {
  auto &blocks = graph.module().blocks();
  blocks_.assign(blocks.begin(), blocks.end());
  blocks.resize(1);
  controls_ = std::exchange(graph.state().controls, {});
}

OutsideBodies::~OutsideBodies() {
  auto &blocks = graph_.module().blocks();
  blocks.clear();
  for (void *block : blocks_)
    blocks.push_back(static_cast<Block *>(block));
  graph_.state().controls = std::move(controls_);
}

bool isInsideBody(const Output &output) {
  return !output.is_poisoned() &&
         valueOf(output).getParentBlock() != output.graph().module().programBlock();
}

//===--- Handles ------------------------------------------------------------------------------===//

Graph &Output::graph() const {
  if (!graph_)
    throw Error(Code::invalid_argument, "an empty output belongs to no graph");
  return *graph_;
}

std::string Output::name() const { return value_ ? tensorName(valueOf(*this)) : std::string(); }

DataType Output::dtype() const {
  return value_ ? toValueType(valueOf(*this).getType()).dtype : float32;
}

Shape Output::shape() const {
  return value_ ? toValueType(valueOf(*this).getType()).shape : Shape::unknown_rank();
}

Operation Output::op() const {
  mlir::Operation *op = value_ ? valueOf(*this).getDefiningOp() : nullptr;
  return graph_ ? Operation::from_opaque(*graph_, op) : Operation();
}

int Output::index() const {
  if (!value_)
    return 0;
  if (auto result = dyn_cast<OpResult>(valueOf(*this)))
    return static_cast<int>(result.getResultNumber());
  return static_cast<int>(cast<BlockArgument>(valueOf(*this)).getArgNumber());
}

Graph &Operation::graph() const {
  if (!graph_)
    throw Error(Code::invalid_argument, "an empty operation belongs to no graph");
  return *graph_;
}

std::string Operation::name() const {
  return op_ ? opName(operationOf(*this)->getLoc()).str() : std::string();
}

std::string Operation::type() const {
  if (!op_)
    return {};
  llvm::StringRef type = operationOf(*this)->getName().getStringRef();
  type.consume_front("graph.");
  return type.str();
}

int Operation::num_outputs() const {
  return op_ ? static_cast<int>(operationOf(*this)->getNumResults()) : 0;
}

Output Operation::output(int index) const {
  if (is_poisoned())
    return Output::from_opaque(*graph_, nullptr);
  if (index < 0 || index >= num_outputs())
    throw Error(Code::invalid_argument,
                "output " + std::to_string(index) + " of an op with " +
                    std::to_string(num_outputs()) + " outputs",
                name());
  return outputOf(*graph_, operationOf(*this)->getResult(static_cast<unsigned>(index)));
}

std::vector<Output> Operation::outputs() const {
  std::vector<Output> outputs;
  for (int i = 0; i < num_outputs(); ++i)
    outputs.push_back(output(i));
  return outputs;
}

std::vector<Output> Operation::inputs() const {
  std::vector<Output> inputs;
  if (op_)
    for (Value operand : operationOf(*this)->getOperands())
      inputs.push_back(outputOf(*graph_, operand));
  return inputs;
}

//===--- Looking up ---------------------------------------------------------------------------===//

Operation Graph::get_operation_by_name(std::string_view name) const {
  if (name.find(':') != std::string_view::npos)
    throw Error(Code::invalid_argument,
                "the name '" + std::string(name) +
                    "' looks like a tensor's: expected an op's, without ':'");
  mlir::Operation *op = module_->findOp(toRef(name));
  if (!op)
    throw Error(Code::not_found, "the name '" + std::string(name) +
                                     "' refers to an operation that is not in the graph");
  return Operation::from_opaque(const_cast<Graph &>(*this), op);
}

Output Graph::get_tensor_by_name(std::string_view name) const {
  const std::string text(name);
  const std::size_t colon = text.rfind(':');
  const bool number = colon != std::string::npos && colon + 1 < text.size() &&
                      text.find_first_not_of("0123456789", colon + 1) == std::string::npos &&
                      text.size() - colon < 10;
  if (!number)
    throw Error(Code::invalid_argument,
                "the name '" + text + "' is not a tensor's: expected '<op name>:<output index>'");
  const std::string op_name = text.substr(0, colon);
  const int index = std::stoi(text.substr(colon + 1));
  if (auto alias = state_->aliases.find(text); alias != state_->aliases.end())
    return alias->second;
  if (auto variable = state_->variables_by_name.find(op_name);
      variable != state_->variables_by_name.end() && index == 0)
    return variable->second.value();
  mlir::Operation *op = module_->findOp(op_name);
  if (!op)
    throw Error(Code::not_found, "the name '" + text +
                                     "' refers to a tensor that does not exist: "
                                     "the operation '" +
                                     op_name + "' is not in the graph");
  if (index >= static_cast<int>(op->getNumResults()))
    throw Error(Code::not_found, "the name '" + text +
                                     "' refers to a tensor that does not exist: "
                                     "the operation '" +
                                     op_name + "' has " + std::to_string(op->getNumResults()) +
                                     " outputs");
  return outputOf(const_cast<Graph &>(*this), op->getResult(static_cast<unsigned>(index)));
}

std::vector<Operation> Graph::get_operations() const {
  std::vector<Operation> ops;
  for (mlir::Operation &op : *module_->programBlock())
    ops.push_back(Operation::from_opaque(const_cast<Graph &>(*this), &op));
  return ops;
}

std::string Graph::to_mlir() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  flags.enableDebugInfo(true, false);
  module_->module()->print(stream, flags);
  return text;
}

std::string Graph::verify() const {
  std::string problems;
  ScopedDiagnosticHandler handler(&module_->context(), [&](Diagnostic &diagnostic) {
    problems += opName(diagnostic.getLocation()).str() + ": " + diagnostic.str() + "\n";
    return success();
  });
  if (failed(mlir::verify(module_->module())) && problems.empty())
    problems = "invalid";
  return problems;
}

//===--- Custom gradients ---------------------------------------------------------------------===//

static LogicalResult runCustomGradient(const GradientFunction &function, mlir::Operation *op,
                                       ValueRange resultGradients, OpBuilder &builder,
                                       llvm::SmallVectorImpl<Value> &operandGradients) {
  std::string message;
  operandGradients.assign(op->getNumOperands(), Value());
  try {
    // The user's function sees a graph like any other, over the module that the compiler works on.
    Graph graph(std::make_unique<GraphModule>(builder));
    NameScope scope(graph, "gradients/" + opName(op->getLoc()).str() + "_grad");
    std::vector<Output> gradients;
    for (Value gradient : resultGradients)
      gradients.push_back(gradient ? outputOf(graph, gradient) : Output());
    std::vector<Output> made = function(Operation::from_opaque(graph, op), gradients);
    if (made.size() != op->getNumOperands())
      message = "expected " + std::to_string(op->getNumOperands()) + " gradients, got " +
                std::to_string(made.size());
    else
      for (auto [gradient, value] : llvm::zip_equal(made, operandGradients))
        if (gradient)
          value = valueOf(gradient);
  } catch (const std::exception &error) {
    message = error.what();
  }
  if (!message.empty())
    return op->emitOpError("the gradient registered for this op type failed: ") << message;
  return success();
}

std::map<std::string, ModuleGradient, std::less<>> customGradients(const Graph &graph) {
  std::map<std::string, ModuleGradient, std::less<>> gradients;
  for (const auto &[type, function] : graph.state().gradients)
    gradients[type] = [function = function](mlir::Operation *op, ValueRange resultGradients,
                                            OpBuilder &builder,
                                            llvm::SmallVectorImpl<Value> &operandGradients) {
      return runCustomGradient(function, op, resultGradients, builder, operandGradients);
    };
  return gradients;
}

} // namespace graphc
