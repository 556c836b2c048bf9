// From the root of a variance down to the moments of x, then up through products and sums to y.
// What an operand is, is said by where it comes from and by how it is broadcast to x: axes of
// extent one around it do not matter.
#include "passes/NormalizationMatcher.h"

#include "ir/GraphBuilder.h"
#include "passes/GraphOps.h"

namespace graphc {

using namespace mlir;

std::int64_t MatchedNormalization::channels() const {
  std::int64_t product = 1;
  for (std::int64_t extent : extentsOf(x).take_back(channelAxes))
    product *= extent;
  return product;
}

std::int64_t MatchedNormalization::rows() const {
  std::int64_t product = 1;
  for (std::int64_t extent : extentsOf(x).drop_back(channelAxes))
    product *= extent;
  return product;
}

namespace {

class Matcher {
public:
  explicit Matcher(Operation *root) : root_(root) {}

  /// False where `root` is not that of a variance; `why` where it is, and x does not fit.
  bool matchMoments(std::string &why);
  /// Finds y among what uses the root.
  bool matchUses();
  MatchedNormalization found;

private:
  using Ops = SmallVectorImpl<Operation *>;
  using Parameter = MatchedNormalization::Parameter;

  /// A product of the root and perhaps gamma.
  struct Slope {
    Parameter gamma;
    SmallVector<Operation *, 4> ops;
  };
  /// Computed in one shape and broadcast to x in another, of the same elements.
  struct Frame {
    Value given, used;
    bool isRenamed() const { return given != used; }
  };

  Value behindRenames(Value value, Ops *passed = nullptr) const;
  bool isReduced(std::int64_t axis) const { return reduced_[static_cast<std::size_t>(axis)]; }
  bool isMoment(Value value) const;
  bool isMoment(Value value, const Frame &frame) const;
  bool isMean(Value value, const Frame &frame, Ops &ops) const;
  bool isCentered(Value value, Ops &ops) const;
  bool isAlongChannels(Value value, ArrayRef<std::int64_t> shape, std::size_t channelAxes) const;
  bool matchParameter(Value value, double neutral, const Frame &frame, Parameter &parameter) const;
  std::optional<Slope> slopeOf(Value value, const Frame *around = nullptr) const;
  bool chooseAxes(std::string &why);
  bool matchSum(Operation *sum);
  bool matchProduct(Operation *product);
  bool matchStart(Value start, const Slope &slope, Parameter &beta, Ops &ops) const;
  void addTail();
  void accept(Operation *y, const Slope &slope, const Parameter &beta, ArrayRef<Operation *> ops);

  Operation *root_;
  SmallVector<bool> reduced_;                ///< by axis of x
  SmallVector<Operation *, 8> momentsInner_; ///< from x to the root
};

/// Calls `function(a, b)` with the operands of a commutative op in both orders until it is true.
template <typename Function> bool inEitherOrder(Operation *op, Function function) {
  return function(op->getOperand(0), op->getOperand(1)) ||
         function(op->getOperand(1), op->getOperand(0));
}

Value Matcher::behindRenames(Value value, Ops *passed) const {
  for (Operation *op = value.getDefiningOp(); op && isRename(op); op = value.getDefiningOp()) {
    if (passed)
      passed->push_back(op);
    value = op->getOperand(0);
  }
  return value;
}

/// Whether `value`, broadcast to x, has an element of its own for each mean, and no more.
bool Matcher::isMoment(Value value) const {
  const ArrayRef<std::int64_t> x = extentsOf(found.x), own = extentsOf(value);
  if (own.size() > x.size())
    return false;
  for (std::size_t axis = 0; axis < x.size(); ++axis) {
    const bool isChannel = axis + found.channelAxes >= x.size();
    const std::int64_t extent =
        axis + own.size() < x.size() ? 1 : own[axis + own.size() - x.size()];
    if (extent != (isChannel == found.ofBatches ? x[axis] : 1))
      return false;
  }
  return true;
}

bool Matcher::isMoment(Value value, const Frame &frame) const {
  return frame.isRenamed() ? value.getType() == frame.given.getType() && isMoment(frame.used)
                           : isMoment(value);
}

/// The mean of x.
bool Matcher::isMean(Value value, const Frame &frame, Ops &ops) const {
  SmallVector<Operation *, 4> passed;
  if (behindRenames(value, &passed).getDefiningOp() != found.mean || !isMoment(value, frame))
    return false;
  llvm::append_range(ops, passed);
  return true;
}

/// x - mean.
bool Matcher::isCentered(Value value, Ops &ops) const {
  Operation *difference = definedBy(value, "subtract");
  if (!difference || difference->getOperand(0) != found.x)
    return false;
  const Value mean = difference->getOperand(1);
  if (!isMean(mean, {mean, mean}, ops))
    return false;
  ops.push_back(difference);
  return true;
}

//===--- Moments ------------------------------------------------------------------------------===//

SmallVector<std::int64_t> axesOf(Operation *reduction) {
  const std::int64_t rank = rankOf(reduction->getOperand(0));
  SmallVector<std::int64_t> axes;
  if (!reduction->hasAttr("axes"))
    for (std::int64_t axis = 0; axis < rank; ++axis)
      axes.push_back(axis);
  for (std::int64_t axis : intsAttribute(reduction, "axes"))
    axes.push_back(axis < 0 ? axis + rank : axis);
  llvm::sort(axes);
  return axes;
}

/// The axes that matter, of more than one element, are either channels or not; the channels come
/// last.
bool Matcher::chooseAxes(std::string &why) {
  const ArrayRef<std::int64_t> x = extentsOf(found.x);
  const auto rank = static_cast<std::int64_t>(x.size());
  reduced_.assign(x.size(), false);
  for (std::int64_t axis : axesOf(found.mean))
    reduced_[static_cast<std::size_t>(axis)] = true;
  const auto extent = [&](std::int64_t axis) { return x[static_cast<std::size_t>(axis)]; };
  std::int64_t last = rank - 1;
  while (last >= 0 && extent(last) == 1)
    --last;
  const bool matters = last >= 0;
  std::int64_t first = last; // of the channels
  while (matters && first > 0 &&
         (isReduced(first - 1) == isReduced(last) || extent(first - 1) == 1))
    --first;
  while (first < last && extent(first) == 1)
    ++first;
  bool fits = matters;
  for (std::int64_t axis = 0; axis < first; ++axis)
    fits &= isReduced(axis) != isReduced(last) || extent(axis) == 1;
  found.ofBatches = matters && !isReduced(last);
  found.channelAxes = static_cast<unsigned>(rank - first);
  if (!fits || (found.ofBatches && first == 0))
    why = "the mean is over other axes than the last ones or all before them";
  return why.empty();
}

bool Matcher::matchMoments(std::string &why) {
  // variance + epsilon
  Operation *sum = definedBy(root_->getOperand(0), "add");
  if (!sum)
    return false;
  Value variance;
  if (!inEitherOrder(sum, [&](Value moment, Value constant) {
        const std::optional<Tensor> epsilon = constantValue(constant);
        if (!epsilon || epsilon->num_elements() != 1)
          return false;
        found.epsilon = epsilon->cast(float64).scalar<double>();
        variance = moment;
        return true;
      }))
    return false;
  momentsInner_.push_back(sum);
  found.variance = definedBy(behindRenames(variance, &momentsInner_), "reduce_mean");
  if (!found.variance)
    return false;
  // The mean of (x - mean)^2.
  const auto moments = [&](Value x, Value mean) {
    SmallVector<Operation *, 4> passed;
    Value source = behindRenames(mean, &passed);
    if (Operation *stop = definedBy(source, "stop_gradient")) {
      passed.push_back(stop);
      source = behindRenames(stop->getOperand(0), &passed);
    }
    Operation *reduction = definedBy(source, "reduce_mean");
    if (!reduction || reduction->getOperand(0) != x || axesOf(reduction) != axesOf(found.variance))
      return false;
    found.x = x;
    found.mean = reduction;
    found.stopsGradient =
        llvm::any_of(passed, [](Operation *op) { return isGraphOp(op, "stop_gradient"); });
    if (!chooseAxes(why))
      return true;
    llvm::append_range(momentsInner_, passed);
    return isMoment(mean);
  };
  const Value squares = found.variance->getOperand(0);
  Operation *square = squares.getDefiningOp();
  bool matched = false;
  if (isGraphOp(square, "squared_difference")) {
    matched = inEitherOrder(square, moments);
  } else if (isGraphOp(square, "square") ||
             (isGraphOp(square, "multiply") && square->getOperand(0) == square->getOperand(1))) {
    Operation *difference = definedBy(square->getOperand(0), "subtract");
    matched = difference && moments(difference->getOperand(0), difference->getOperand(1));
    if (matched)
      momentsInner_.push_back(difference);
  }
  momentsInner_.push_back(square);
  if (matched && why.empty() && extentsOf(squares) != extentsOf(found.x))
    return false;
  return matched;
}

//===--- From the root to y -------------------------------------------------------------------===//

bool isSplatOf(Value value, double wanted) {
  if (Operation *fill = definedBy(value, "fill"))
    return isSplatOf(fill->getOperand(0), wanted);
  Operation *constant = definedBy(value, "constant");
  auto elements = constant ? dyn_cast<SplatElementsAttr>(constant->getAttr("value")) : nullptr;
  return elements && isa<FloatType>(elements.getElementType()) &&
         elements.getSplatValue<APFloat>().convertToDouble() == wanted;
}

/// Whether `value`, broadcast to `shape`, changes along its last `channelAxes` axes alone.
bool Matcher::isAlongChannels(Value value, ArrayRef<std::int64_t> shape,
                              std::size_t channelAxes) const {
  const ArrayRef<std::int64_t> own = extentsOf(value);
  for (std::size_t axis = 0; axis < own.size(); ++axis) {
    const bool isChannel = own.size() - axis <= channelAxes;
    if (own[axis] != 1 && (!isChannel || own[axis] != shape[axis + shape.size() - own.size()]))
      return false;
  }
  return own.size() <= shape.size();
}

/// Gamma or beta in the op that gives `frame`; the same as none where all its elements are
/// `neutral`.
bool Matcher::matchParameter(Value value, double neutral, const Frame &frame,
                             Parameter &parameter) const {
  parameter = {};
  if (isSplatOf(value, neutral) && isMoment(frame.given, frame))
    return true;
  parameter.value = value;
  if (frame.isRenamed()) {
    parameter.extents = {found.channels()};
    return found.ofBatches && isMoment(value, frame);
  }
  const ArrayRef<std::int64_t> x = extentsOf(found.x);
  parameter.extents.assign(x.end() - found.channelAxes, x.end());
  return isAlongChannels(value, x, found.channelAxes);
}

/// `around` is where the slope stands in another value that is broadcast to x.
std::optional<Matcher::Slope> Matcher::slopeOf(Value value, const Frame *around) const {
  Slope slope;
  const Value given = behindRenames(value, &slope.ops);
  const bool inside = around && around->isRenamed();
  const Frame frame = inside ? *around : Frame{given, value};
  if (given.getDefiningOp() == root_)
    return isMoment(inside ? value : given, frame) ? std::optional(slope) : std::nullopt;
  Operation *product = definedBy(given, "multiply");
  if (!product || !inEitherOrder(product, [&](Value root, Value gamma) {
        SmallVector<Operation *, 4> passed;
        if (behindRenames(root, &passed).getDefiningOp() != root_ || !isMoment(root, frame) ||
            !matchParameter(gamma, 1, frame, slope.gamma))
          return false;
        llvm::append_range(slope.ops, passed);
        return true;
      }))
    return std::nullopt;
  slope.ops.push_back(product);
  return slope;
}

void Matcher::accept(Operation *y, const Slope &slope, const Parameter &beta,
                     ArrayRef<Operation *> ops) {
  found.y = y;
  found.gamma = slope.gamma;
  found.beta = beta;
  found.inner.clear();
  found.inner.insert(momentsInner_.begin(), momentsInner_.end());
  found.inner.insert(root_);
  found.inner.insert(slope.ops.begin(), slope.ops.end());
  found.inner.insert(ops.begin(), ops.end());
}

/// beta - mean * slope, or -(mean * slope), behind changes of shape.
bool Matcher::matchStart(Value start, const Slope &slope, Parameter &beta, Ops &ops) const {
  const Frame frame{behindRenames(start, &ops), start};
  Operation *difference = frame.given.getDefiningOp();
  Value moved;
  if (isGraphOp(difference, "subtract")) {
    moved = difference->getOperand(1);
    if (!matchParameter(difference->getOperand(0), 0, frame, beta))
      return false;
  } else if (isGraphOp(difference, "negative")) {
    moved = difference->getOperand(0);
  } else {
    return false;
  }
  ops.push_back(difference);
  Operation *product = definedBy(moved, "multiply");
  if (!product)
    return false;
  ops.push_back(product);
  return inEitherOrder(product, [&](Value mean, Value factor) {
    const std::optional<Slope> same = slopeOf(factor, &frame);
    if (!same || same->gamma.value != slope.gamma.value || !isMean(mean, frame, ops))
      return false;
    llvm::append_range(ops, same->ops);
    return true;
  });
}

/// x * slope + start.
bool Matcher::matchSum(Operation *sum) {
  const bool matched = inEitherOrder(sum, [&](Value scaled, Value start) {
    Operation *product = definedBy(scaled, "multiply");
    return product && inEitherOrder(product, [&](Value x, Value factor) {
             if (x != found.x)
               return false;
             const std::optional<Slope> slope = slopeOf(factor);
             SmallVector<Operation *> ops{product};
             Parameter beta;
             if (!slope || !matchStart(start, *slope, beta, ops))
               return false;
             accept(sum, *slope, beta, ops);
             return true;
           });
  });
  if (matched && !found.gamma.value && !found.beta.value)
    addTail();
  return matched;
}

/// (x - mean) * slope, or (x - mean) / root; then `* gamma` and `+ beta`.
bool Matcher::matchProduct(Operation *product) {
  const bool divides = isGraphOp(product, "divide");
  const auto match = [&](Value centered, Value factor) {
    const std::optional<Slope> slope = slopeOf(factor);
    SmallVector<Operation *> ops;
    if (!slope || (divides && slope->gamma.value) || !isCentered(centered, ops))
      return false;
    accept(product, *slope, {}, ops);
    return true;
  };
  const bool matched = divides ? match(product->getOperand(0), product->getOperand(1))
                               : inEitherOrder(product, match);
  if (matched)
    addTail();
  return matched;
}

/// What alone uses y and scales or moves it along the channels belongs to it, behind a change of
/// shape that keeps them together.
void Matcher::addTail() {
  const auto next = [&](StringRef name, Parameter &parameter) {
    SmallVector<Operation *, 4> passed;
    Value y = found.y->getResult(0);
    const auto onlyUser = [&] { return y.hasOneUse() ? *y.getUsers().begin() : nullptr; };
    Operation *user = onlyUser();
    for (; user && isRename(user); user = onlyUser()) {
      passed.push_back(user);
      y = user->getResult(0);
    }
    if (!isGraphOp(user, name) || user->getResult(0).getType() != y.getType())
      return;
    const ArrayRef<std::int64_t> shape = extentsOf(y);
    std::size_t channelAxes = 0;
    std::int64_t channels = 1;
    while (channels < found.channels() && channelAxes < shape.size())
      channels *= shape[shape.size() - ++channelAxes];
    const Value other = user->getOperand(user->getOperand(0) == y ? 1 : 0);
    if (channels != found.channels() || other == y || !isAlongChannels(other, shape, channelAxes))
      return;
    parameter.value = other;
    parameter.extents.assign(shape.end() - static_cast<std::ptrdiff_t>(channelAxes), shape.end());
    found.inner.insert(found.y);
    found.inner.insert(passed.begin(), passed.end());
    found.y = user;
  };
  if (!found.gamma.value)
    next("multiply", found.gamma);
  next("add", found.beta);
}

bool Matcher::matchUses() {
  // y is a few ops behind the root.
  llvm::SmallSetVector<Operation *, 16> behind;
  behind.insert(root_);
  constexpr unsigned most = 64;
  for (unsigned i = 0; i < behind.size() && i < most; ++i) {
    Operation *op = behind[i];
    const bool divides = isGraphOp(root_, "sqrt");
    if (!divides && isGraphOp(op, "add") && matchSum(op))
      return true;
    if (isGraphOp(op, divides ? "divide" : "multiply") && matchProduct(op))
      return true;
    if (op == root_ || isRename(op) || isGraphOp(op, "multiply") || isGraphOp(op, "subtract") ||
        isGraphOp(op, "negative"))
      for (Operation *user : op->getUsers())
        behind.insert(user);
  }
  return false;
}

} // namespace

std::optional<MatchedNormalization> matchNormalization(Operation *root, std::string &why) {
  why.clear();
  Matcher matcher(root);
  if (!matcher.matchMoments(why) || !why.empty())
    return std::nullopt;
  if (!matcher.matchUses()) {
    why = "what is made of the variance's root is no x scaled and moved along the channels";
    return std::nullopt;
  }
  return matcher.found;
}

} // namespace graphc
