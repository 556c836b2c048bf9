// Expands requests for gradients, one after the other in program order, so that a later request
// finds the ops that an earlier one was expanded into and differentiates them like any others.
#include "passes/InsertGradients.h"

#include "ir/Locations.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/gradients/Differentiator.h"

namespace graphc {

#define GEN_PASS_DEF_INSERTGRADIENTSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// The operands of a graph.gradients by their roles.
struct Request {
  OperandRange ys, xs, weights;

  explicit Request(Operation *op)
      : ys(op->getOperands().take_front(count(op, "num_ys"))),
        xs(op->getOperands().slice(ys.size(), count(op, "num_xs"))),
        weights(op->getOperands().drop_front(ys.size() + xs.size())) {}

  static size_t count(Operation *op, StringRef attribute) {
    return static_cast<size_t>(intAttribute(op, attribute));
  }
};

/// The first value among the operands and results that gradients cannot be written for, since its
/// type is not static.
LogicalResult requireStatic(Operation *request) {
  for (Value operand : request->getOperands())
    if (!isStatic(operand.getType()))
      return request->emitOpError("expected static types, got ")
             << toValueType(operand.getType()).to_string();
  return success();
}

LogicalResult expand(Operation *op, const CustomGradients &customGradients, unsigned &unreached) {
  if (failed(requireStatic(op)))
    return failure();
  const Request request(op);
  OpBuilder builder(op);
  GraphBuilder graph(builder, op->getLoc());
  GradientMath math(graph);
  Differentiator differentiator(builder, customGradients, request.ys);

  Operation *last = op->getPrevNode();
  for (auto [i, y] : llvm::enumerate(request.ys)) {
    Value weight = request.weights.empty() ? math.filled(y.getType(), 1) : request.weights[i];
    differentiator.add(y, weight);
  }
  DenseSet<Value> active(request.xs.begin(), request.xs.end());
  propagateActivity(*op->getBlock(), op, active, differentiator.customOps());
  if (last && failed(differentiator.run(last, active)))
    return failure();

  for (auto [x, result] : llvm::zip_equal(request.xs, op->getResults())) {
    Value gradient =
        differentiator.gradientOf(x, derivedLocation(x.getLoc(), "gradients/", "_grad"));
    if (!gradient) {
      gradient = math.zeros(x.getType());
      ++unreached;
    }
    result.replaceAllUsesWith(gradient);
  }
  op->erase();
  return success(!graph.failed());
}

size_t countOps(Operation *root) {
  size_t count = 0;
  root->walk([&](Operation *) { ++count; });
  return count;
}

//===--- graph-insert-gradients ---------------------------------------------------------------===//

class InsertGradientsPass : public impl::InsertGradientsPassBase<InsertGradientsPass> {
public:
  InsertGradientsPass() = default;
  explicit InsertGradientsPass(CustomGradients customGradients)
      : customGradients_(std::move(customGradients)) {}

private:
  void runOnOperation() override {
    const size_t before = countOps(getOperation());
    for (Operation *op : findOps(getOperation(), "gradients")) {
      unsigned unreached = 0;
      if (failed(expand(op, customGradients_, unreached)))
        return signalPassFailure();
      ++numRequests;
      numUnreached += unreached;
    }
    numOps += countOps(getOperation()) + numRequests - before;
  }

  CustomGradients customGradients_;
};

} // namespace

std::unique_ptr<Pass> createInsertGradientsPass(CustomGradients customGradients) {
  return std::make_unique<InsertGradientsPass>(std::move(customGradients));
}

} // namespace graphc
