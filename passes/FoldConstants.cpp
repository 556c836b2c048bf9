// Computes what depends on constants only, by the reference kernels.
//
// One walk in program order folds whole chains, since operands come before their uses.
#include "passes/GraphOps.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"
#include "runtime/Status.h"
#include "runtime/reference/Reference.h"

namespace graphc {

#define GEN_PASS_DEF_FOLDCONSTANTSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// Zeros and ones need no value of their operand.
bool isFilled(Operation *op) {
  return (isGraphOp(op, "zeros_like") || isGraphOp(op, "ones_like")) &&
         isStatic(op->getResult(0).getType());
}

bool isFoldable(Operation *op) {
  StringRef name = graphName(op);
  if (!isPlain(op) || name == "constant" || isGradientTarget(op) || op->getNumResults() == 0 ||
      op->getNumOperands() == 0 ||
      !reference::hasReference(std::string_view(name.data(), name.size())))
    return false;
  if (isFilled(op))
    return true;
  return llvm::all_of(op->getOperands(),
                      [](Value operand) {
                        Operation *constant = definedBy(operand, "constant");
                        return constant && !isGradientTarget(constant);
                      }) &&
         llvm::all_of(op->getResultTypes(), [](Type type) { return isStatic(type); });
}

//===--- graph-fold-constants -----------------------------------------------------------------===//

class FoldConstantsPass : public impl::FoldConstantsPassBase<FoldConstantsPass> {
public:
  using FoldConstantsPassBase::FoldConstantsPassBase;

private:
  void runOnOperation() override {
    const WalkResult result = getOperation()->walk([&](Operation *op) {
      if (!isFoldable(op))
        return WalkResult::advance();
      int64_t bytes = 0;
      for (Type type : op->getResultTypes())
        bytes += bytesOf(type);
      if (bytes > maxBytes) {
        ++numTooLarge;
        remarkMissed(op, getArgument(),
                     "result of " + Twine(bytes) + " bytes, the limit is " + Twine(maxBytes));
        return WalkResult::advance();
      }
      return fold(op);
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }

  WalkResult fold(Operation *op) {
    StringRef name = graphName(op);
    std::vector<Tensor> inputs, results;
    for (Value operand : op->getOperands()) {
      ValueType type = toValueType(operand.getType());
      inputs.push_back(isFilled(op) ? Tensor::zeros(type.dtype, type.shape)
                                    : *constantValue(operand));
    }
    const Attributes attributes = attributesOf(op);
    try {
      results = reference::evaluate(
          {std::string_view(name.data(), name.size()), attributes, inputs, GraphcRunContext{}, 0});
    } catch (const Error &error) {
      op->emitError() << error.message();
      return WalkResult::interrupt();
    }
    remarkPassed(op, getArgument(), name + " of constants computed");
    OpBuilder opBuilder(op);
    GraphBuilder builder(opBuilder, op->getLoc());
    for (auto [result, value] : llvm::zip(op->getResults(), results))
      if (!result.use_empty())
        result.replaceAllUsesWith(builder.constant(value));
    op->erase();
    ++numFolded;
    return WalkResult::skip();
  }
};

} // namespace
} // namespace graphc
