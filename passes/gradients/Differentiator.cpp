#include "passes/gradients/Differentiator.h"

#include "ir/Locations.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"

namespace graphc {

using namespace mlir;

Extents GradientContext::integers(StringRef name) const {
  return Extents(intsAttribute(op_, name));
}

Value GradientContext::gradientOrZeros(unsigned index) {
  Value known = gradient(index);
  return known ? known : zeros(result(index).getType());
}

const GradientRules &GradientRules::all() {
  static const GradientRules rules = [] {
    GradientRules made;
    addElementwiseRules(made);
    addMatmulRules(made);
    addShapeRules(made);
    addIndexingRules(made);
    addReductionRules(made);
    addConvolutionRules(made);
    addNnRules(made);
    addNormalizationRules(made);
    addOrderRules(made);
    addRecurrentRules(made);
    addControlFlowRules(made);
    return made;
  }();
  return rules;
}

const GradientRule *GradientRules::find(StringRef opName) const {
  auto found = rules_.find(opName);
  return found == rules_.end() ? nullptr : &found->second;
}

void GradientRules::add(StringRef opName, void (*rule)(GradientContext &)) {
  addFallible(opName, [rule](GradientContext &context) {
    rule(context);
    return success();
  });
}

void GradientRules::addFallible(StringRef opName, GradientRule rule) {
  [[maybe_unused]] bool isNew = rules_.try_emplace(opName, std::move(rule)).second;
  assert(isNew && "an op has one gradient rule");
}

Value Differentiator::gradientOf(Value value, Location location) {
  auto found = terms_.find(value);
  if (found == terms_.end())
    return {};
  if (found->second.size() > 1) {
    GraphBuilder graph(builder_, location);
    Value sum = GradientMath(graph).sum(found->second);
    found->second.assign(1, sum);
  }
  return found->second.front();
}

void Differentiator::replaced(ValueRange from, ValueRange to) {
  IRMapping mapping;
  for (auto [before, after] : llvm::zip_equal(from, to)) {
    mapping.map(before, after);
    auto found = terms_.find(before);
    if (found == terms_.end())
      continue;
    auto terms = std::move(found->second);
    terms_.erase(found);
    terms_[after] = std::move(terms);
  }
  for (auto &entry : terms_)
    for (Value &term : entry.second)
      term = mapping.lookupOrDefault(term);
}

LogicalResult Differentiator::run(Operation *last, const DenseSet<Value> &active) {
  for (Operation *op = last; op;) {
    // A rule may put another op in the place of this one.
    Operation *before = op->getPrevNode();
    if (failed(differentiate(op, active)))
      return failure();
    op = before;
  }
  return success();
}

LogicalResult Differentiator::differentiate(Operation *op, const DenseSet<Value> &active) {
  const bool arrives = llvm::any_of(op->getResults(), [&](Value result) {
    return terms_.contains(result) && carriesGradient(result);
  });
  if (!arrives)
    return success();
  llvm::BitVector wanted(op->getNumOperands());
  for (OpResult result : op->getResults())
    if (terms_.contains(result))
      wanted |= gradientFlowInto(op, result.getResultNumber(), customOps_);
  for (unsigned operand : wanted.set_bits())
    if (!active.contains(op->getOperand(operand)))
      wanted.reset(operand);
  if (wanted.none())
    return success();

  const Location location = derivedLocation(op->getLoc(), "gradients/", "_grad");
  SmallVector<Value> resultGradients;
  for (Value result : op->getResults())
    resultGradients.push_back(gradientOf(result, location));
  GraphBuilder graph(builder_, location);
  GradientContext context(*this, op, graph, resultGradients, wanted);

  StringRef name = graphName(op);
  auto custom = customGradients_.find(std::string_view(name.data(), name.size()));
  if (custom != customGradients_.end()) {
    if (failed(applyCustom(custom->second, context)))
      return failure();
  } else if (const GradientRule *rule = GradientRules::all().find(name)) {
    if (failed((*rule)(context)))
      return failure();
  } else {
    InFlightDiagnostic error = op->emitError() << "no gradient is known for op '"
                                               << opName(op->getLoc()) << "' (" << name << ")";
    for (Value y : ys_)
      error.attachNote(y.getLoc()) << "it is needed for the gradient of '" << tensorName(y) << "'";
    return error;
  }
  if (graph.failed())
    return failure();
  // A recurrence is another op now; its operands are what they were.
  for (unsigned operand : wanted.set_bits())
    if (Value gradient = context.operandGradients()[operand])
      add(context.operand(operand), gradient);
  return success();
}

LogicalResult Differentiator::applyCustom(const CustomGradient &gradient,
                                          GradientContext &context) {
  SmallVector<Value> resultGradients;
  for (unsigned i = 0; i < context.numResults(); ++i)
    resultGradients.push_back(carriesGradient(context.result(i)) ? context.gradientOrZeros(i)
                                                                 : Value());
  SmallVector<Value> operandGradients(context.numOperands());
  if (failed(gradient(context.op(), resultGradients, builder_, operandGradients)))
    return failure();
  for (unsigned i = 0; i < context.numOperands(); ++i) {
    if (!operandGradients[i])
      continue;
    if (operandGradients[i].getType() != context.operand(i).getType())
      return context.op()->emitError()
             << "the custom gradient of '" << graphName(context.op()) << "' gives "
             << toValueType(operandGradients[i].getType()).to_string() << " for operand " << i
             << ", expected " << toValueType(context.operand(i).getType()).to_string();
    context.set(i, operandGradients[i]);
  }
  return success();
}

} // namespace graphc
