// Gradients of recurrences: of oneDNN's recurrent primitives, and the entry to that of static_rnn.
#include "passes/gradients/GradientRules.h"
#include "passes/gradients/StaticRnnGradient.h"

namespace graphc {

using namespace mlir;

namespace {

/// lstm, gru, vanilla_rnn -> lstm_gradient, ...: operands, results, then the gradients of all
/// results but the workspace; gives the gradients of all operands.
void primitive(GradientContext &c) {
  Operation *op = c.op();
  op->setAttr("training", BoolAttr::get(op->getContext(), true));
  SmallVector<Value> operands(op->getOperands());
  llvm::append_range(operands, op->getResults());
  for (unsigned i = 0; i + 1 < c.numResults(); ++i)
    operands.push_back(c.gradientOrZeros(i));
  Attributes attributes;
  if (auto activation = op->getAttrOfType<StringAttr>("activation"))
    attributes.set("activation", activation.getValue().str());
  Operation *gradient =
      c.graph().createOp((graphName(op) + "_gradient").str(), operands, attributes);
  for (unsigned i = 0; i < c.numOperands(); ++i)
    if (c.wants(i))
      c.set(i, gradient->getResult(i));
}

} // namespace

void addRecurrentRules(GradientRules &rules) {
  rules.addFallible("static_rnn", [](GradientContext &c) { return StaticRnnGradient(c).run(); });
  rules.add("lstm", primitive);
  rules.add("gru", primitive);
  rules.add("vanilla_rnn", primitive);
}

} // namespace graphc
