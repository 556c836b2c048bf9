// The borders between stages: what each promises to all later ones.
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Stages.h"

#include "ir/Locations.h"
#include "passes/Clustering.h"

namespace graphc {

#define GEN_PASS_DEF_VERIFYSTAGEPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class StageVerifier {
public:
  StageVerifier(StringRef stage, StringRef recurrence)
      : stage_(stage), reached_(stageIndex(stage)), recurrence_(recurrence) {}

  LogicalResult verify(ModuleOp module);

private:
  bool reached(StringRef stage) const { return reached_ >= stageIndex(stage); }
  LogicalResult verifyProgram(Operation *program);
  LogicalResult verifyOp(Operation *op);
  LogicalResult fail(Operation *op, const Twine &what) {
    return op->emitError() << what << " after stage '" << stage_ << "'";
  }

  StringRef stage_;
  std::optional<unsigned> reached_;
  StringRef recurrence_;
};

// Rows of parameters that must be attributes from `shaped` on; their operands come after `keep`.
bool hasDynamicForm(Operation *op) {
  StringRef name = graphName(op);
  unsigned keep = 1;
  if (name == "random_uniform_int" || name == "scatter_nd")
    keep = 2;
  else if (isRandom(op))
    keep = 0;
  else if (name != "reshape" && name != "slice" && name != "strided_slice" && name != "tile" &&
           name != "pad" && name != "broadcast_to" && name != "fill")
    return false;
  return op->getNumOperands() > keep;
}

LogicalResult StageVerifier::verifyOp(Operation *op) {
  StringRef name = graphName(op);
  if (name.empty())
    return success();
  if (reached("pruned")) {
    if (name == "placeholder")
      return fail(op, "placeholder '" + opName(op->getLoc()) + "' is left");
    if (op->hasAttr("control_inputs"))
      return fail(op, "'" + opName(op->getLoc()) + "' has control inputs");
  }
  if (reached("shaped")) {
    for (OpResult result : op->getResults())
      if (!isStatic(result.getType()) && !name.ends_with("lstm") && !name.ends_with("gru") &&
          !name.ends_with("vanilla_rnn"))
        return fail(op, "'" + tensorName(result) + "' has the type " +
                            toValueType(result.getType()).to_string());
    if (hasDynamicForm(op))
      return fail(op,
                  name + " '" + opName(op->getLoc()) + "' has parameters that are not constant");
  }
  if (reached("unrolled") && recurrence_ == "unroll" && name == "static_rnn")
    return fail(op, "recurrence '" + opName(op->getLoc()) + "' is left");
  if (reached("differentiated")) {
    if (name == "gradients")
      return fail(op, "the request for gradients '" + opName(op->getLoc()) + "' is left");
    if (isGradientTarget(op))
      return fail(op, "'" + opName(op->getLoc()) + "' has the mark of a gradient target");
  }
  if (reached("clustered") && isProgramBlock(op->getBlock()) && placeOf(op) == Place::cluster)
    return fail(op, name + " '" + opName(op->getLoc()) + "' is in no cluster");
  return success();
}

LogicalResult StageVerifier::verifyProgram(Operation *program) {
  Block &block = program->getRegion(0).front();
  if (reached("pruned") && block.empty())
    return fail(program, "the program has no fetch");
  if (reached("pruned"))
    for (Operation &op : block)
      if (isGraphOp(&op, "fetch") != (&op == &block.back()))
        return fail(&op, "the program does not end in its only fetch");
  LogicalResult result = success();
  program->walk([&](Operation *op) {
    if (op != program && failed(verifyOp(op)))
      result = failure();
  });
  return result;
}

LogicalResult StageVerifier::verify(ModuleOp module) {
  if (!reached_)
    return emitError(module.getLoc()) << "unknown stage '" << stage_ << "'";
  Operation *program = findProgram(module);
  if (reached("planned") && program)
    return fail(program, "a graph.program is left");
  // Modules of single ops and of variables alone, as tests have them, promise nothing.
  if (!program || !program->hasAttr("fetch_names"))
    return success();
  return verifyProgram(program);
}

//===--- graph-verify-stage -------------------------------------------------------------------===//

class VerifyStagePass : public impl::VerifyStagePassBase<VerifyStagePass> {
public:
  using VerifyStagePassBase::VerifyStagePassBase;

private:
  void runOnOperation() override {
    StageVerifier verifier(stage, recurrence);
    if (failed(verifier.verify(getOperation())))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};

} // namespace
} // namespace graphc
