#include "frontend/export/GraphWriter.h"

#include <numeric>

#include "frontend/export/OpNodes.h"
#include "frontend/export/Rules.h"
#include "frontend/export/WriteOrder.h"
#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "mlir/IR/Builders.h"
#include "runtime/Status.h"
#include "runtime/protos/TensorTypes.h"

namespace graphc::graphdef {

using namespace mlir;

/// TensorFlow 1.15's version of its ops.
static constexpr int kProducer = 134;

static StringRef nameOf(mlir::Operation &op) {
  StringRef name = op.getName().getStringRef();
  name.consume_front("graph.");
  return name;
}

static Block &programOf(ModuleOp module) {
  for (mlir::Operation &op : *module.getBody())
    if (nameOf(op) == "program")
      return op.getRegion(0).front();
  throw Error(Code::internal, "the module has no graph.program");
}

static bool isVariable(mlir::Operation &op) { return nameOf(op) == "variable"; }

//===--- Names --------------------------------------------------------------------------------===//

std::string GraphWriter::unique(const std::string &name) {
  std::string candidate = name;
  while (!taken_.try_emplace(candidate, 0).second)
    candidate = name + "_" + std::to_string(++taken_[name]);
  return candidate;
}

void GraphWriter::nameOps(Block &block) {
  for (mlir::Operation &op : block) {
    if (op.hasTrait<OpTrait::IsTerminator>())
      continue;
    const StringRef name = opName(op.getLoc());
    nodeNames_[&op] = unique((name.empty() ? nameOf(op) : name).str());
    byName_.try_emplace(name, &op);
    for (Region &region : op.getRegions())
      for (Block &body : region)
        nameOps(body);
  }
}

//===--- Nodes --------------------------------------------------------------------------------===//

Node GraphWriter::add(const std::string &name, StringRef type,
                      const std::vector<std::string> &inputs,
                      const std::vector<ValueType> &results) {
  proto::NodeDef &def = *graph_.add_node();
  def.set_name(unique(name));
  def.set_op(type.str());
  for (const std::string &input : inputs)
    def.add_input(input);
  // Would run once more than the body, and start a step that nothing else takes part in.
  if (inFrame() && llvm::all_of(inputs, [&](const std::string &in) { return isInvariant(in); }))
    def.add_input("^" + frame().pivot);
  Node node(def);
  std::vector<Shape> shapes;
  for (const ValueType &result : results)
    shapes.push_back(result.shape);
  if (!shapes.empty())
    node.resultShapes(shapes);
  return node;
}

static std::string nodeOf(const std::string &input) { return input.substr(0, input.find(':')); }

static void addControls(Node &node, std::set<std::string> names) {
  for (const std::string &input : node.def().input())
    names.erase(nodeOf(input));
  for (const std::string &name : names)
    node.def().add_input("^" + name);
}

Node GraphWriter::addNamed(mlir::Operation *op, StringRef type,
                           const std::vector<std::string> &inputs,
                           const std::vector<ValueType> &results) {
  const std::string name = nodeName(op);
  taken_.erase(name); // kept for this node
  Node node = add(name, type, inputs, results);
  const SourceLine line = sourceLine(op->getLoc());
  if (!line.file.empty())
    node.text("_source_line", line.file + ":" + std::to_string(line.line));
  addControls(node, controlsOf(op));
  return node;
}

Node GraphWriter::addFor(mlir::Operation *op, StringRef type,
                         const std::vector<std::string> &inputs) {
  std::vector<ValueType> results;
  for (Type result : op->getResultTypes())
    results.push_back(toValueType(result));
  Node node = addNamed(op, type, inputs, results);
  for (OpResult result : op->getResults())
    define(result, node.output(result.getResultNumber()));
  return node;
}

std::string GraphWriter::constant(const std::string &name, const Tensor &value) {
  return add(name, "Const", {}, {{value.dtype(), value.shape()}})
      .type("dtype", value.dtype())
      .tensor("value", value)
      .output();
}

std::string GraphWriter::input(Value value) const {
  auto found = values_.find(value);
  if (found == values_.end())
    throw Error(Code::internal, "a value is used before its node is written",
                opName(value.getLoc()).str(), sourceLine(value.getLoc()));
  return found->second;
}

std::set<std::string> GraphWriter::controlsOf(mlir::Operation *op) const {
  std::set<std::string> names;
  auto waitFor = [&](mlir::Operation *before) {
    auto ends = ends_.find(before);
    if (ends == ends_.end())
      names.insert(nodeName(before));
    else
      names.insert(ends->second.begin(), ends->second.end());
  };
  // What a body waits for, the loop does.
  op->walk([&](mlir::Operation *inner) {
    auto controls = inner->getAttrOfType<ArrayAttr>("control_inputs");
    for (Attribute control : controls ? controls.getValue() : ArrayRef<Attribute>()) {
      const StringRef name = cast<StringAttr>(control).getValue();
      mlir::Operation *target = byName_.lookup(name);
      if (!target)
        names.insert(name.str()); // a variable
      else if (target->getBlock() == op->getBlock())
        waitFor(target);
    }
  });
  if (auto waits = waits_.find(op); waits != waits_.end())
    for (mlir::Operation *before : waits->second)
      if (!leftOut_.contains(before))
        waitFor(before);
  return names;
}

// TensorFlow's optimizers take a control edge for superfluous where data goes the same way through
// an IdentityN, and then let the data pass by the IdentityN. An update that takes one result of a
// loop would no longer wait for the others, so nothing takes its values from this node.
void GraphWriter::addResults(mlir::Operation *op, std::vector<std::string> results) {
  const std::set<std::string> controls = controlsOf(op);
  std::vector<ValueType> types;
  for (auto [result, value] : llvm::zip_equal(op->getResults(), results)) {
    types.push_back(toValueType(result.getType()));
    if (!controls.empty()) {
      Node waiting = add(nodeName(op) + "/result", "Identity", {value}, {types.back()});
      addControls(waiting.type("T", types.back().dtype), controls);
      value = waiting.output();
    }
    define(result, value);
    ends_[op].insert(nodeOf(value));
  }
  std::vector<unsigned> named(results.size());
  std::iota(named.begin(), named.end(), 0u);
  if (auto recorded = recorded_.find(op); recorded != recorded_.end())
    named = recorded->second;
  std::vector<std::string> inputs;
  std::vector<ValueType> namedTypes;
  std::vector<DataType> dtypes;
  for (unsigned result : named) {
    inputs.push_back(results[result]);
    namedTypes.push_back(types[result]);
    dtypes.push_back(types[result].dtype);
  }
  addNamed(op, "IdentityN", inputs, namedTypes).types("T", dtypes);
}

//===--- Frames -------------------------------------------------------------------------------===//

const Frame *GraphWriter::loop() const {
  for (const Frame &frame : llvm::reverse(frames_))
    if (frame.isLoop())
      return &frame;
  return nullptr;
}

std::size_t GraphWriter::depth() const {
  return static_cast<std::size_t>(
      llvm::count_if(frames_, [](const Frame &f) { return f.isLoop(); }));
}

bool GraphWriter::isInvariant(const std::string &input) const {
  const Frame *innermost = loop();
  return innermost && innermost->invariant.contains(input);
}

std::string GraphWriter::enter(const std::string &name, const std::string &outer,
                               proto::DataType dtype, bool invariant) {
  proto::NodeDef &def = *graph_.add_node();
  def.set_name(unique(name));
  def.set_op("Enter");
  def.add_input(outer);
  Node(def)
      .type("T", dtype)
      .text("frame_name", frame().name)
      .flag("is_constant", invariant)
      .integer("parallel_iterations", 32);
  if (invariant)
    frame().invariant.insert(def.name());
  return def.name();
}

std::string GraphWriter::enterOnce(const std::string &name, const std::string &outer,
                                   DataType dtype) {
  std::string &known = frame().entered[outer];
  if (known.empty())
    known = enter(name, outer, to_tensorflow(dtype), /*invariant=*/true);
  return known;
}

//===--- The whole ----------------------------------------------------------------------------===//

// A request for gradients is no op of TensorFlow's; what needs its results cannot be there either.
void GraphWriter::leaveOutWhatNeedsGradients(Block &program) {
  for (mlir::Operation &op : program) {
    bool out = nameOf(op) == "gradients";
    for (Value operand : op.getOperands())
      out |= leftOut_.contains(operand.getDefiningOp());
    if (auto controls = op.getAttrOfType<ArrayAttr>("control_inputs"))
      for (Attribute control : controls)
        out |= leftOut_.contains(byName_.lookup(cast<StringAttr>(control).getValue()));
    if (out)
      leftOut_.insert(&op);
  }
}

void GraphWriter::writeOp(mlir::Operation &op) {
  OpNodes nodes(*this, &op);
  const StringRef name = nameOf(op);
  const Rule *rule = findRule(std::string_view(name.data(), name.size()));
  if (!rule) {
    const std::string_view why = whyWithoutRule(std::string_view(name.data(), name.size()));
    nodes.refuse(why.empty() ? "nobody has written one" : std::string(why));
  }
  rule->write(nodes, StringRef(rule->type.data(), rule->type.size()));
}

// What a rule had written before it gave up goes again.
void GraphWriter::drawOp(mlir::Operation &op) {
  const int nodes = graph_.node_size();
  const auto frames = frames_;
  const auto shared = shared_;
  try {
    writeOp(op);
  } catch (const Error &) {
    graph_.mutable_node()->DeleteSubrange(nodes, graph_.node_size() - nodes);
    frames_ = frames;
    shared_ = shared;
    std::vector<std::string> inputs;
    for (Value operand : op.getOperands())
      inputs.push_back(input(operand));
    addFor(&op, nameOf(op), inputs);
  }
}

void GraphWriter::writeBlock(Block &block) {
  for (mlir::Operation &op : block)
    if (!op.hasTrait<OpTrait::IsTerminator>() && !leftOut_.contains(&op)) {
      if (drawing_)
        drawOp(op);
      else
        writeOp(op);
    }
}

void GraphWriter::addAlias(const Beside::Alias &alias) {
  std::vector<std::string> inputs;
  std::vector<ValueType> results;
  std::vector<DataType> dtypes;
  for (Value value : alias.values) {
    inputs.push_back(input(value));
    results.push_back(toValueType(value.getType()));
    dtypes.push_back(results.back().dtype);
  }
  taken_.erase(alias.name); // kept for this node
  add(alias.name, "IdentityN", inputs, results).types("T", dtypes);
}

proto::GraphDef GraphWriter::write(const Beside &beside) {
  Block &program = programOf(module_);
  for (mlir::Operation &op : *module_.getBody())
    if (isVariable(op))
      taken_.try_emplace(op.getAttrOfType<StringAttr>("sym_name").getValue(), 0);
  // Before ops that passes made in the place of what had the name.
  for (const Beside::Alias &alias : beside.aliases)
    taken_.try_emplace(alias.name, 0);
  nameOps(program);
  drawing_ = beside.drawing;
  recorded_ = beside.recorded;
  if (!drawing_)
    leaveOutWhatNeedsGradients(program);
  waits_ = writeOrder(program, beside.losses);
  for (mlir::Operation &op : *module_.getBody())
    if (isVariable(op)) {
      const ValueType type = toValueType(cast<TypeAttr>(op.getAttr("type")).getValue());
      const std::string name = op.getAttrOfType<StringAttr>("sym_name").getValue().str();
      taken_.erase(name);
      add(name, "VariableV2", {}, {type})
          .type("dtype", type.dtype)
          .shape("shape", type.shape)
          .text("container", "")
          .text("shared_name", "");
    }
  writeBlock(program);
  for (const Beside::Alias &alias : beside.aliases)
    addAlias(alias);
  graph_.mutable_versions()->set_producer(kProducer);
  return std::move(graph_);
}

} // namespace graphc::graphdef
