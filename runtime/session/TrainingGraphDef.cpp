#include "runtime/session/TrainingGraphDef.h"

#include <numeric>

#include "frontend/GraphModule.h"
#include "frontend/export/ModuleGraphDef.h"
#include "ir/Conversion.h"
#include "ir/GraphBuilder.h"
#include "ir/GraphDialect.h"
#include "ir/Locations.h"
#include "mlir/Pass/PassManager.h"
#include "passes/GraphOps.h"
#include "passes/InsertGradients.h"
#include "passes/Passes.h"
#include "runtime/session/Compiler.h"

namespace graphc {

using mlir::ModuleOp;

static std::string text(DataType dtype, const Shape &shape) {
  return ValueType{dtype, shape}.to_string();
}

static mlir::Operation *findOp(mlir::Block &program, llvm::StringRef name) {
  for (mlir::Operation &op : program)
    if (opName(op.getLoc()) == name)
      return &op;
  return nullptr;
}

static void setShapes(mlir::Block &program,
                      const std::vector<std::pair<Output, Shape>> &placeholders) {
  for (const auto &[tensor, shape] : placeholders) {
    mlir::Operation *op = findOp(program, tensor.op().name());
    if (!isGraphOp(op, "placeholder"))
      throw Error(Code::invalid_argument, "'" + tensor.name() + "' is no placeholder");
    if (!shape.is_fully_known() || !tensor.shape().is_compatible_with(shape))
      throw Error(Code::invalid_argument,
                  "placeholder '" + tensor.name() + "' expects a known shape that fits " +
                      text(tensor.dtype(), tensor.shape()) + ", got " + text(tensor.dtype(), shape),
                  tensor.op().name(), sourceLine(op->getLoc()));
    mlir::MLIRContext *context = op->getContext();
    op->getResult(0).setType(toMlirType(context, ValueType{tensor.dtype(), shape}));
    op->setAttr("shape", mlir::DenseI64ArrayAttr::get(context, shape.extents()));
    op->removeAttr("unknown_rank");
  }
}

/// A request's results are gone once it is spelled out. Each gets an op of its own, which stays.
static graphdef::Beside::Alias keepResults(mlir::Operation *request) {
  graphdef::Beside::Alias alias;
  alias.name = opName(request->getLoc()).str();
  mlir::OpBuilder builder(request->getContext());
  builder.setInsertionPointAfter(request);
  const auto firstX = static_cast<unsigned>(intAttribute(request, "num_ys"));
  for (mlir::OpResult result : request->getResults()) {
    const llvm::StringRef of =
        opName(request->getOperand(firstX + result.getResultNumber()).getLoc());
    GraphBuilder graph(builder, makeLocation(request->getContext(), alias.name + "/" + of.str(),
                                             sourceLine(request->getLoc())));
    mlir::Value kept = graph.create("identity", {result});
    result.replaceAllUsesExcept(kept, kept.getDefiningOp());
    alias.values.push_back(kept);
  }
  return alias;
}

static void requireKnownShapes(mlir::Operation *request) {
  for (mlir::Value operand : request->getOperands())
    if (!isStatic(operand.getType()))
      throw Error(Code::invalid_argument,
                  "gradients need known shapes, '" + tensorName(operand) + "' is " +
                      toValueType(operand.getType()).to_string() +
                      ": give the shapes of the placeholders that leave it open",
                  opName(request->getLoc()).str(), sourceLine(request->getLoc()));
}

/// How many outputs and states the program's recurrences have, by name: what their gradients need
/// of them becomes outputs too, between the two.
static llvm::StringMap<std::pair<unsigned, unsigned>> recordedResults(mlir::Block &program) {
  llvm::StringMap<std::pair<unsigned, unsigned>> results;
  for (auto rnn : program.getOps<graph::StaticRnnOp>())
    results[opName(rnn.getLoc())] = {rnn.getNumResults() -
                                         static_cast<unsigned>(rnn.getInitialStates().size()),
                                     static_cast<unsigned>(rnn.getInitialStates().size())};
  return results;
}

/// A tensor that passes may make again, by name.
struct Named {
  std::string op;
  unsigned result;
};

std::string training_graph_def(const Graph &graph,
                               const std::vector<std::pair<Output, Shape>> &placeholders) {
  graph.check();
  std::lock_guard guard(graph.module().mutex());
  mlir::OwningOpRef<ModuleOp> module(graph.module().module().clone());
  mlir::Block &program = findProgram(*module)->getRegion(0).front();
  setShapes(program, placeholders);
  {
    mlir::PassManager shapes(module->getContext(), ModuleOp::getOperationName());
    shapes.addPass(createMarkGradientTargetsPass());
    shapes.addPass(createInferShapesPass());
    shapes.addPass(createAbsorbConstantOperandsPass());
    runPasses(*module, shapes, Code::invalid_argument);
  }
  graphdef::Beside beside;
  std::vector<Named> losses;
  for (mlir::Operation *request : findOps(*module, "gradients")) {
    requireKnownShapes(request);
    for (mlir::Value y : request->getOperands().take_front(
             static_cast<std::size_t>(intAttribute(request, "num_ys"))))
      losses.push_back({opName(y.getLoc()).str(), llvm::cast<mlir::OpResult>(y).getResultNumber()});
    beside.aliases.push_back(keepResults(request));
  }
  {
    const auto recorded = recordedResults(program);
    mlir::PassManager gradients(module->getContext(), ModuleOp::getOperationName());
    gradients.addPass(createInsertGradientsPass(customGradients(graph)));
    runPasses(*module, gradients, Code::unimplemented);
    for (const auto &entry : recorded) {
      mlir::Operation *rnn = findOp(program, entry.first());
      const auto [outputs, states] = entry.second;
      std::vector<unsigned> &results = beside.recorded[rnn];
      results.resize(outputs + states);
      std::iota(results.begin(), results.begin() + outputs, 0u);
      std::iota(results.begin() + outputs, results.end(), rnn->getNumResults() - states);
    }
  }
  for (const Named &loss : losses)
    if (mlir::Operation *op = findOp(program, loss.op))
      beside.losses.push_back(op->getResult(loss.result));
  return graphdef::module_graph_def(*module, beside);
}

} // namespace graphc
