// Idea: a step is a product of scalars, of one tensor (the gradient, or a moment) and of one over a
// root. The slots under the root say by their own assignments which optimizer this is, and what its
// gradient is; everything else in the product has to be scalar, and is the learning rate.
#include "passes/UpdateFormulas.h"

#include "passes/GraphOps.h"
#include "passes/ScalarProduct.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace graphc {

using namespace mlir;

namespace {

//===--- Formulas -----------------------------------------------------------------------------===//

/// A variable's assignment as `variable -= by`, or `+=` where negative.
struct Subtracted {
  Value by;
  bool negative;
};
/// As `variable = factor * variable + rest`.
struct Decayed {
  Value factor, rest;
};
/// As `variable = decay * variable + (1 - decay) * product of factors`.
struct Average {
  MakeScalar decay;
  SmallVector<Value> factors;
};
/// What stands under a root: mean_square + epsilon, or mean_square - mean_gradient ^ 2 + epsilon.
struct Variance {
  Operation *meanSquare = nullptr, *meanGradient = nullptr;
  Value epsilon; ///< null: none
};
/// The root of a slot, scaled: scale * sqrt(slot).
struct ScaledRoot {
  Operation *slot = nullptr;
  Product scale;
};

/// rate * gradient / sqrt(variance).
struct ScaledGradient {
  Variance variance;
  Value gradient;
  Product rate;
};

/// Of formulas, in ops: no optimizer's is deeper, and ops that share operands would be met often.
constexpr unsigned kDepth = 8;
constexpr const char *kNoScalarRate = "its learning rate is no scalar";

class UpdateReader {
public:
  UpdateReader(Operation *update, const VariableUses &uses)
      : update_(update), uses_(uses), rank_(rankOf(update->getOperand(0))) {}

  std::optional<UpdateFormula> read();
  std::string takeWhy() { return std::move(why_); }

private:
  bool isScalar(Value value) const { return rankOf(value) == 0; }
  Operation *slotOf(Value value) const {
    Operation *assignment = uses_.assignmentOf(value);
    return assignment == update_ ? nullptr : assignment;
  }
  /// A slot's new value: of the variable's rank.
  bool isSlot(Value value) const { return slotOf(value) && rankOf(value) == rank_; }
  bool isLeaf(Value value) const {
    return value == gradient_ || (rank_ > 0 && isScalar(value)) || slotOf(value);
  }
  Product factorsOf(Value value) const;
  Product factorsWith(Value gradient, Value value);
  void addFactors(Value value, bool divided, Product &product, unsigned depth) const;

  std::optional<Subtracted> subtractedBy(Operation *assignment) const;
  std::optional<Decayed> decayedBy(Operation *assignment) const;
  std::optional<Average> averageOf(Operation *assignment) const;
  std::optional<SmallVector<Value>> withoutComplement(Value value, Value decay,
                                                      unsigned depth = 0) const;
  static Value rootOfSquare(ArrayRef<Value> factors);
  std::optional<std::pair<Value, MakeScalar>> meanOfSquares(Operation *assignment) const;

  bool addTerms(Value value, bool negative, Variance &variance, unsigned depth = 0) const;
  bool isOutsideRoot(Value divisor, Value step);
  std::optional<ScaledGradient> readScaledGradient(const Subtracted &step);

  std::nullopt_t decline(const char *why) {
    why_ = why;
    return std::nullopt;
  }

  std::optional<ScaledRoot> scaledUnder(Value value) const;
  std::optional<ScaledRoot> scaledRoot(Value value) const;
  std::optional<UpdateFormula> readAdam(const Subtracted &step);
  std::optional<UpdateFormula> readRmsProp(const Subtracted &step);
  std::optional<UpdateFormula> readMomentum(const Subtracted &step);
  std::optional<UpdateFormula> rmsProp(const ScaledGradient &step);

  Operation *update_;
  const VariableUses &uses_;
  std::int64_t rank_;
  Value gradient_; ///< of factorsWith()
  std::string why_;
};

void UpdateReader::addFactors(Value value, bool divided, Product &product, unsigned depth) const {
  Operation *op = isLeaf(value) || depth == kDepth ? nullptr : value.getDefiningOp();
  const StringRef name = op ? graphName(op) : StringRef();
  if (name == "multiply" || name == "divide") {
    addFactors(op->getOperand(0), divided, product, depth + 1);
    addFactors(op->getOperand(1), divided != (name == "divide"), product, depth + 1);
  } else if (name == "negative") {
    product.negative = !product.negative;
    addFactors(op->getOperand(0), divided, product, depth + 1);
  } else if (name == "sqrt" || name == "rsqrt") {
    (divided != (name == "rsqrt") ? product.roots_below : product.roots_above)
        .push_back(op->getOperand(0));
  } else {
    (divided ? product.below : product.above).push_back(value);
  }
}

/// With `gradient` as one factor, however it is computed.
Product UpdateReader::factorsWith(Value gradient, Value value) {
  gradient_ = gradient;
  Product product = factorsOf(value);
  gradient_ = {};
  return product;
}

Product UpdateReader::factorsOf(Value value) const {
  Product product;
  addFactors(value, false, product, 0);
  return product;
}

std::optional<Subtracted> UpdateReader::subtractedBy(Operation *assignment) const {
  const Value value = assignment->getOperand(0);
  if (!isGraphOp(assignment, "assign"))
    return Subtracted{value, isGraphOp(assignment, "assign_add")};
  if (Operation *op = definedBy(value, "subtract");
      op && uses_.isBefore(op->getOperand(0), assignment))
    return Subtracted{op->getOperand(1), false};
  if (Operation *op = definedBy(value, "add"))
    for (unsigned i : {0u, 1u})
      if (uses_.isBefore(op->getOperand(i), assignment))
        return Subtracted{op->getOperand(1 - i), true};
  return std::nullopt;
}

std::optional<Decayed> UpdateReader::decayedBy(Operation *assignment) const {
  Operation *sum =
      isGraphOp(assignment, "assign") ? definedBy(assignment->getOperand(0), "add") : nullptr;
  if (!sum)
    return std::nullopt;
  for (unsigned i : {0u, 1u}) {
    Operation *kept = definedBy(sum->getOperand(i), "multiply");
    for (unsigned old : {0u, 1u})
      if (kept && uses_.isBefore(kept->getOperand(old), assignment) &&
          isScalar(kept->getOperand(1 - old)))
        return Decayed{kept->getOperand(1 - old), sum->getOperand(1 - i)};
  }
  return std::nullopt;
}

/// The factors of `value` but for one that is 1 - decay.
std::optional<SmallVector<Value>> UpdateReader::withoutComplement(Value value, Value decay,
                                                                  unsigned depth) const {
  Operation *product = depth < kDepth ? definedBy(value, "multiply") : nullptr;
  if (!product)
    return std::nullopt;
  for (unsigned i : {0u, 1u})
    if (Value factor = product->getOperand(i); isScalar(factor) && addUpToOne(factor, decay))
      return SmallVector<Value>{product->getOperand(1 - i)};
  for (unsigned i : {0u, 1u})
    if (auto factors = withoutComplement(product->getOperand(i), decay, depth + 1)) {
      factors->push_back(product->getOperand(1 - i));
      return factors;
    }
  return std::nullopt;
}

std::optional<Average> UpdateReader::averageOf(Operation *assignment) const {
  if (const std::optional<Decayed> decayed = decayedBy(assignment)) {
    auto factors = withoutComplement(decayed->rest, decayed->factor);
    if (!factors)
      return std::nullopt;
    return Average{given(decayed->factor), std::move(*factors)};
  }
  const std::optional<Subtracted> step = subtractedBy(assignment);
  Operation *product = step ? definedBy(step->by, "multiply") : nullptr;
  for (unsigned i : {0u, 1u}) {
    Operation *difference = product ? definedBy(product->getOperand(i), "subtract") : nullptr;
    if (!difference || !isScalar(product->getOperand(1 - i)))
      continue;
    const unsigned old = step->negative ? 1 : 0;
    if (uses_.isBefore(difference->getOperand(old), assignment))
      return Average{complementOf(product->getOperand(1 - i)), {difference->getOperand(1 - old)}};
  }
  return std::nullopt;
}

/// x where the factors are those of x * x.
Value UpdateReader::rootOfSquare(ArrayRef<Value> factors) {
  if (factors.size() == 2 && factors[0] == factors[1])
    return factors[0];
  if (factors.size() != 1)
    return {};
  if (Operation *op = definedBy(factors[0], "square"))
    return op->getOperand(0);
  if (Operation *op = definedBy(factors[0], "multiply");
      op && op->getOperand(0) == op->getOperand(1))
    return op->getOperand(0);
  if (Operation *op = definedBy(factors[0], "pow"); op && constantScalar(op->getOperand(1)) == 2)
    return op->getOperand(0);
  return {};
}

/// x and the decay where the assignment averages x * x.
std::optional<std::pair<Value, MakeScalar>>
UpdateReader::meanOfSquares(Operation *assignment) const {
  const std::optional<Average> average = averageOf(assignment);
  const Value x = average ? rootOfSquare(average->factors) : Value();
  if (!x)
    return std::nullopt;
  return std::pair(x, average->decay);
}

//===--- Adam ---------------------------------------------------------------------------------===//

/// The root of `value`, which is a slot times scalars.
std::optional<ScaledRoot> UpdateReader::scaledUnder(Value value) const {
  Product square = factorsOf(value);
  const Value slot = take(square.above, [&](Value x) { return isSlot(x); });
  if (!slot || square.negative || !square.roots_above.empty() || !square.roots_below.empty())
    return std::nullopt;
  ScaledRoot root{slotOf(slot), {}};
  root.scale.roots_above = square.above;
  root.scale.roots_below = square.below;
  return root.scale.isScalar() ? std::optional(root) : std::nullopt;
}

/// `value`, which is such a root times scalars.
std::optional<ScaledRoot> UpdateReader::scaledRoot(Value value) const {
  Product factors = factorsOf(value);
  std::optional<ScaledRoot> root;
  take(factors.roots_above, [&](Value x) { return (root = scaledUnder(x)).has_value(); });
  if (!root || factors.negative || !factors.isScalar())
    return std::nullopt;
  factors.roots_above.append(root->scale.roots_above);
  factors.roots_below.append(root->scale.roots_below);
  root->scale = factors;
  return root;
}

std::optional<UpdateFormula> UpdateReader::readAdam(const Subtracted &step) {
  Product rate = factorsOf(step.by);
  rate.negative ^= step.negative;
  std::optional<Average> first;
  const Value moment = take(
      rate.above, [&](Value x) { return isSlot(x) && (first = averageOf(slotOf(x))).has_value(); });
  if (!moment)
    return std::nullopt;
  // The divisor is root + epsilon, or the root alone.
  std::optional<ScaledRoot> root;
  Value epsilon;
  take(rate.below, [&](Value x) {
    Operation *sum = isLeaf(x) ? nullptr : definedBy(x, "add");
    for (unsigned i : {0u, 1u})
      if (sum && !root && isScalar(sum->getOperand(1 - i)) &&
          (root = scaledRoot(sum->getOperand(i))))
        epsilon = sum->getOperand(1 - i);
    return root.has_value();
  });
  if (!root)
    take(rate.roots_below, [&](Value x) { return (root = scaledUnder(x)).has_value(); });
  if (!root)
    return std::nullopt;
  const auto second = meanOfSquares(root->slot);
  if (!second)
    return decline("what stands under the root is no moving average of squares");
  if (first->factors.size() != 1 || first->factors[0] != second->first)
    return decline("its moments are not those of one gradient");
  // m / (r * sqrt(v) + epsilon) = (1 / r) * m / (sqrt(v) + epsilon / r)
  rate.divide(root->scale);
  if (!rate.isScalar())
    return decline(kNoScalarRate);
  const Value like = second->first;
  UpdateFormula formula{"apply_adam", update_, {{"m", slotOf(moment)}, {"v", root->slot}},
                        {},           6,       like};
  const auto made = [like](const Product &product) {
    return [=](GraphBuilder &graph) { return product.make(graph, like); };
  };
  MakeScalar scaled = number(0, like);
  if (epsilon) {
    Product product;
    product.above.push_back(epsilon);
    product.divide(root->scale);
    scaled = made(product);
  }
  formula.scalars = {number(0, like), number(0, like), made(rate),
                     first->decay,    second->second,  scaled};
  return formula;
}

//===--- RMSProp and Adagrad ------------------------------------------------------------------===//

/// Adds up what stands under the root; false where a term has no place in a variance.
bool UpdateReader::addTerms(Value value, bool negative, Variance &variance, unsigned depth) const {
  if (isSlot(value)) {
    if (negative || variance.meanSquare)
      return false;
    variance.meanSquare = slotOf(value);
    return true;
  }
  Operation *op = value.getDefiningOp();
  if (depth < kDepth && !isLeaf(value) && op && (isGraphOp(op, "add") || isGraphOp(op, "subtract")))
    return addTerms(op->getOperand(0), negative, variance, depth + 1) &&
           addTerms(op->getOperand(1), negative != isGraphOp(op, "subtract"), variance, depth + 1);
  if (const Value mean = rootOfSquare({value}); mean && isSlot(mean)) {
    if (!negative || variance.meanGradient)
      return false;
    variance.meanGradient = slotOf(mean);
    return true;
  }
  if (!isScalar(value) || negative || variance.epsilon)
    return false;
  variance.epsilon = value;
  return true;
}

/// Whether `divisor` of the step is sqrt(mean_square) + epsilon, and the step that of RMSProp.
bool UpdateReader::isOutsideRoot(Value divisor, Value step) {
  Operation *sum = definedBy(divisor, "add");
  for (unsigned i : {0u, 1u}) {
    Operation *root = sum ? definedBy(sum->getOperand(i), "sqrt") : nullptr;
    if (!root || !isSlot(root->getOperand(0)))
      continue;
    const auto mean = meanOfSquares(slotOf(root->getOperand(0)));
    return mean && llvm::is_contained(factorsWith(mean->first, step).above, mean->first);
  }
  return false;
}

/// `step` as a scalar times a gradient over the root of what is known of its squares.
std::optional<ScaledGradient> UpdateReader::readScaledGradient(const Subtracted &step) {
  ScaledGradient scaled;
  const Product before = factorsOf(step.by);
  if (llvm::any_of(before.below, [&](Value x) { return isOutsideRoot(x, step.by); }))
    why_ = "its epsilon stands outside of the root";
  const auto under = llvm::find_if(before.roots_below, [&](Value x) {
    scaled.variance = Variance();
    return addTerms(x, false, scaled.variance) && scaled.variance.meanSquare;
  });
  if (under == before.roots_below.end())
    return std::nullopt;
  why_.clear();
  if (const auto mean = meanOfSquares(scaled.variance.meanSquare))
    scaled.gradient = mean->first;
  else if (const auto sum = subtractedBy(scaled.variance.meanSquare); sum && sum->negative)
    scaled.gradient = rootOfSquare({sum->by});
  if (!scaled.gradient)
    return decline("what stands under the root is made of no gradient's squares");
  scaled.rate = factorsWith(scaled.gradient, step.by);
  scaled.rate.negative ^= step.negative;
  take(scaled.rate.roots_below, [&](Value x) { return x == *under; });
  if (!take(scaled.rate.above, [&](Value x) { return x == scaled.gradient; }))
    return decline("the gradient over the root is not the one whose squares stand under it");
  if (!scaled.rate.isScalar())
    return decline(kNoScalarRate);
  return scaled;
}

/// Without a momentum slot; Adagrad where squares are summed.
std::optional<UpdateFormula> UpdateReader::rmsProp(const ScaledGradient &step) {
  const Variance &variance = step.variance;
  const Value like = step.gradient;
  const MakeScalar rate = [=, product = step.rate](GraphBuilder &graph) {
    return product.make(graph, like);
  };
  const auto mean = meanOfSquares(variance.meanSquare);
  if (!mean) {
    if (variance.epsilon || variance.meanGradient)
      return decline("apply_adagrad has nothing but the sum of squares under its root");
    return UpdateFormula{"apply_adagrad", update_, {{"accumulator", variance.meanSquare}},
                         {rate},          1,       like};
  }
  const MakeScalar epsilon = variance.epsilon ? given(variance.epsilon) : number(0, like);
  UpdateFormula formula{"apply_rms_prop",
                        update_,
                        {{"mean_square", variance.meanSquare}},
                        {rate, mean->second, number(0, like), epsilon},
                        4,
                        like};
  if (!variance.meanGradient)
    return formula;
  formula.op = "apply_centered_rms_prop";
  formula.slots.emplace_back("mean_gradient", variance.meanGradient);
  const std::optional<Average> average = averageOf(variance.meanGradient);
  if (!average || average->factors.size() != 1 || average->factors[0] != like)
    return decline("the mean under the root is not that of the gradient");
  return formula;
}

std::optional<UpdateFormula> UpdateReader::readRmsProp(const Subtracted &step) {
  if (Operation *velocity = slotOf(step.by); velocity && isSlot(step.by) && !step.negative) {
    const std::optional<Decayed> decayed = decayedBy(velocity);
    if (!decayed)
      return std::nullopt;
    const auto scaled = readScaledGradient({decayed->rest, false});
    std::optional<UpdateFormula> formula = scaled ? rmsProp(*scaled) : std::nullopt;
    if (!formula || formula->op == "apply_adagrad")
      return std::nullopt;
    formula->slots.emplace_back("momentum_slot", velocity);
    formula->scalars[2] = given(decayed->factor);
    return formula;
  }
  const auto scaled = readScaledGradient(step);
  return scaled ? rmsProp(*scaled) : std::nullopt;
}

std::optional<UpdateFormula> UpdateReader::readMomentum(const Subtracted &step) {
  Product rate = factorsOf(step.by);
  rate.negative ^= step.negative;
  std::optional<Decayed> decayed;
  const Value total = take(rate.above, [&](Value x) {
    return isSlot(x) && (decayed = decayedBy(slotOf(x))).has_value();
  });
  if (!total || !rate.isScalar())
    return std::nullopt;
  const Value gradient = decayed->rest;
  return UpdateFormula{
      "apply_momentum",
      update_,
      {{"accumulator", slotOf(total)}},
      {[=](GraphBuilder &graph) { return rate.make(graph, gradient); }, given(decayed->factor)},
      1,
      gradient};
}

std::optional<UpdateFormula> UpdateReader::read() {
  const std::optional<Subtracted> step = subtractedBy(update_);
  if (!step)
    return std::nullopt;
  std::optional<UpdateFormula> formula = readAdam(*step);
  if (!formula && why_.empty())
    formula = readRmsProp(*step);
  if (!formula && why_.empty())
    formula = readMomentum(*step);
  return formula;
}

} // namespace

std::optional<UpdateFormula> readUpdate(Operation *update, const VariableUses &uses,
                                        std::string &why) {
  UpdateReader reader(update, uses);
  std::optional<UpdateFormula> formula = reader.read();
  why = reader.takeWhy();
  return formula;
}

} // namespace graphc
