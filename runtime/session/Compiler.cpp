#include "runtime/session/Compiler.h"

#include <optional>

#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "ir/PlanDialect.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "passes/GraphOps.h"
#include "runtime/Status.h"
#include "runtime/session/JitEngine.h"
#include "runtime/session/ProgramBuilder.h"

namespace graphc {

using namespace mlir;

void setEndpoints(ModuleOp module, const CompileRequest &request) {
  Builder builder(module.getContext());
  SmallVector<Attribute> feedNames, feedTypes, fetchNames;
  for (const CompileRequest::FedTensor &feed : request.feeds) {
    feedNames.push_back(builder.getStringAttr(feed.name));
    feedTypes.push_back(TypeAttr::get(toMlirType(module.getContext(), feed.type)));
  }
  for (const std::string &fetch : request.fetches)
    fetchNames.push_back(builder.getStringAttr(fetch));
  Operation *program = findProgram(module);
  program->setAttr("feed_names", builder.getArrayAttr(feedNames));
  program->setAttr("feed_types", builder.getArrayAttr(feedTypes));
  program->setAttr("fetch_names", builder.getArrayAttr(fetchNames));
}

namespace {

/// Keeps the first error that passes report while it lives, in place of printing it.
class ErrorCollector {
public:
  explicit ErrorCollector(MLIRContext *context)
      : handler_(context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
            return failure(); // remarks and warnings go where they always go
          if (error_)
            return success();
          std::string message = diagnostic.str();
          for (Diagnostic &note : diagnostic.getNotes())
            message += "; " + note.str();
          // "'graph.matmul' op expects": the op's user name follows the message anyway.
          if (size_t at = message.find("' op ");
              message.starts_with("'graph.") && at != std::string::npos)
            message.erase(0, at + 5);
          error_.emplace(Code::invalid_argument, message, opName(diagnostic.getLocation()).str(),
                         sourceLine(diagnostic.getLocation()));
          return success();
        }) {
    context->printOpOnDiagnostic(false); // names and lines say which op it is
  }

  /// What to throw after a failure; later stages fail for reasons that are not the user's.
  Error take(Code code) const {
    if (!error_)
      return Error(Code::internal, "a pass failed without saying why");
    return Error(code, error_->message(), error_->op_name(), error_->where());
  }

private:
  std::optional<Error> error_;
  ScopedDiagnosticHandler handler_;
};

} // namespace

void runPasses(ModuleOp module, PassManager &manager, Code code) {
  ErrorCollector errors(module.getContext());
  if (mlir::failed(manager.run(module)))
    throw errors.take(code);
}

/// What an error in a stage means to the user.
static Code codeOf(StringRef stage) {
  if (stage == "recorded" || stage == "pruned" || stage == "shaped")
    return Code::invalid_argument;
  if (stage == "differentiated" || stage == "planned")
    return Code::unimplemented;
  return Code::internal;
}

/// The stage that a module has reached: stamped on it, so that a dump can be taken up again.
static constexpr StringLiteral kStage = "graph.stage";

static StringRef stageOf(ModuleOp module) {
  auto stage = module->getAttrOfType<StringAttr>(kStage);
  return stage ? stage.getValue() : StringRef("recorded");
}

void runPipeline(ModuleOp module, const CompileOptions &options, const PipelineEnd &end) {
  {
    // Says what is wrong with the options before anything runs.
    PassManager whole(module.getContext(), ModuleOp::getOperationName());
    buildPipeline(whole, options, end);
  }
  std::optional<unsigned> reached = stageIndex(stageOf(module));
  if (!reached)
    throw Error(Code::invalid_argument,
                "the module says it is of an unknown stage '" + stageOf(module).str() + "'");
  for (const Stage &stage : stages().drop_front(*reached + 1)) {
    if (*stageIndex(stage.name) > *stageIndex(end.stage))
      return;
    PassManager manager(module.getContext(), ModuleOp::getOperationName());
    // Every stage ends in a verifier of its own; op by op verification between passes is for tests.
    manager.enableVerifier(false);
    const bool stopsHere = buildStage(manager, stage, options, end.pass);
    runPasses(module, manager, codeOf(stage.name));
    if (stopsHere)
      return;
    module->setAttr(kStage, StringAttr::get(module.getContext(), stage.name));
  }
}

std::shared_ptr<const Program> compileProgram(ModuleOp module, const CompileOptions &options) {
  runPipeline(module, options, {.stage = "compiled"});
  std::shared_ptr<JitEngine> engine = JitEngine::compile(module);
  for (auto plan : module.getOps<plan::ProgramOp>())
    return buildProgram(
        plan, [&](std::string_view name) { return engine->find(std::string(name)); }, engine);
  throw Error(Code::internal, "the compiled module has no plan");
}

std::string optimizedKernels(ModuleOp module) {
  return JitEngine::compile(module, {.keepIr = true})->optimizedIr();
}

} // namespace graphc
