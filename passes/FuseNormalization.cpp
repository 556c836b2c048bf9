// Layer and batch normalization out of their small ops.
//
// The fused op stands where the variance did, so that what reads the moments finds them; gamma and
// beta are moved there where they come later. The moments it gives take the place of the small
// ops'.
#include "passes/GraphOps.h"
#include "passes/NormalizationMatcher.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"
#include "ir/Locations.h"
#include "llvm/Support/FormatVariadic.h"

namespace graphc {

#define GEN_PASS_DEF_FUSENORMALIZATIONPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

using Extents = std::vector<std::int64_t>;

std::string quoted(Location location) { return "'" + opName(location).str() + "'"; }

/// Why the loops that the small ops are fused to are faster than oneDNN's primitives, by what
/// benchmarks/NormalizationBenchmarks.cpp measures (docs/Normalization.md); empty where they are
/// not. Where there is a gradient the primitives of layers win by it. Otherwise a small tensor is
/// done before a primitive has begun, rows may be so short that beginning one is most of the work,
/// and what it gains is lost where the loops take in what follows. Sums by channel want channels
/// that fill cache lines: each thread has its own sums, one behind the other's, and threads that
/// write to the same line wait for each other. That of batches falls to narrower vectors, too.
std::string whyLoops(const MatchedNormalization &norm, bool trained) {
  constexpr std::int64_t lanes = 16, shortRow = 12, smallTensor = 64 * 1024;
  const std::int64_t channels = norm.channels(), elements = norm.rows() * channels;
  const bool trainedLayers = !norm.ofBatches && trained;
  const bool sumsByChannel = norm.ofBatches || trained;
  if ((sumsByChannel ? channels % lanes != 0 : channels < shortRow) ||
      (!trainedLayers && elements < smallTensor))
    return llvm::formatv("the fused loops of the small ops are faster for {0} rows of {1} channels",
                         norm.rows(), channels)
        .str();
  if (!trainedLayers)
    for (Operation *user : norm.y->getUsers())
      if (isElementwiseOp(user))
        return "the fused loops of the small ops take in " + quoted(user->getLoc()) +
               ", which follows";
  return {};
}

std::int64_t elementsOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getNumElements();
}

bool isBefore(Value value, Operation *place) {
  Operation *maker = value.getDefiningOp();
  return !maker || maker->getBlock() != place->getBlock() || maker->isBeforeInBlock(place);
}

/// Whether `op`, or what is in its regions, names the variable otherwise than to read it.
bool writes(Operation *op, Attribute variable) {
  return op
      ->walk([&](Operation *inner) {
        const bool names = llvm::any_of(inner->getAttrDictionary(), [&](NamedAttribute attribute) {
          return attribute.getValue() == variable;
        });
        return names && !isGraphOp(inner, "read_variable") ? WalkResult::interrupt()
                                                           : WalkResult::advance();
      })
      .wasInterrupted();
}

using OpSet = llvm::SmallSetVector<Operation *, 4>;

/// Collects what has to move in front of `place` for `value` to be there; false where something
/// cannot.
bool collectMoved(Value value, Operation *place, OpSet &ops) {
  if (isBefore(value, place))
    return true;
  Operation *op = value.getDefiningOp();
  const bool reads = isGraphOp(op, "read_variable");
  if (!reads && !isRename(op) && !isGraphOp(op, "constant") && !isGraphOp(op, "feed"))
    return false;
  if (reads)
    for (Operation *between = place; between != op; between = between->getNextNode())
      if (writes(between, op->getAttr("variable")))
        return false;
  ops.insert(op);
  return llvm::all_of(op->getOperands(),
                      [&](Value operand) { return collectMoved(operand, place, ops); });
}

/// True where the gradient of a gradient is asked for anywhere in the program.
bool differentiatesTwice(Operation *program) {
  DenseSet<Operation *> seen;
  SmallVector<Operation *> pending;
  for (Operation *request : findOps(program, "gradients"))
    for (Value operand : request->getOperands())
      if (Operation *maker = operand.getDefiningOp())
        pending.push_back(maker);
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (!seen.insert(op).second)
      continue;
    if (isGraphOp(op, "gradients"))
      return true;
    for (Value operand : op->getOperands())
      if (Operation *maker = operand.getDefiningOp())
        pending.push_back(maker);
  }
  return false;
}

//===--- graph-fuse-normalization -------------------------------------------------------------===//

class FuseNormalizationPass : public impl::FuseNormalizationPassBase<FuseNormalizationPass> {
public:
  using FuseNormalizationPassBase::FuseNormalizationPassBase;

private:
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    trained_ = !findOps(program, "gradients").empty();
    twice_ = differentiatesTwice(program);
    for (StringRef name : {"rsqrt", "sqrt"})
      for (Operation *root : findOps(program, name))
        if (isStatic(root->getResult(0).getType()))
          visit(root);
  }

  void visit(Operation *root) {
    std::string why;
    const std::optional<MatchedNormalization> found = matchNormalization(root, why);
    OpSet moved;
    if (found)
      why = whyNot(*found, moved);
    if (why.empty() && !found)
      return;
    if (!why.empty()) {
      ++numDeclined;
      return remarkMissed(found ? found->y : root, getArgument(), why);
    }
    fuse(*found, moved);
  }

  std::string whyNot(const MatchedNormalization &norm, OpSet &moved) const;
  void fuse(const MatchedNormalization &norm, const OpSet &moved);

  bool trained_ = false; ///< gradients are asked for
  bool twice_ = false;   ///< and gradients of these
};

std::string FuseNormalizationPass::whyNot(const MatchedNormalization &norm, OpSet &moved) const {
  if (!isProgramBlock(norm.y->getBlock()))
    return "it is in the body of a recurrence, whose kernel computes it";
  const ValueType type = toValueType(norm.x.getType());
  if (type.dtype != float32)
    return "expected float32, got " + type.to_string();
  if (type.shape.num_elements() == 0)
    return "it has no elements";
  if (!(norm.epsilon >= 0))
    return "expected an epsilon of 0 or more, got " + llvm::formatv("{0}", norm.epsilon).str();
  if (twice_ && norm.stopsGradient)
    return "a gradient is differentiated again, which stop_gradient of the mean takes part in";
  SmallVector<Operation *> all(norm.inner.begin(), norm.inner.end());
  all.append({norm.mean, norm.variance, norm.y});
  for (Operation *op : all) {
    if (isGradientTarget(op))
      return "a gradient by " + quoted(op->getLoc()) + " is asked for";
    // What is small may be computed beside it.
    const Value result = op->getResult(0);
    if (!norm.inner.contains(op) || elementsOf(result) < type.shape.num_elements())
      continue;
    for (Operation *user : result.getUsers())
      if (user != norm.y && user != norm.variance && !norm.inner.contains(user))
        return quoted(op->getLoc()) + " in the middle of it is used by " + quoted(user->getLoc());
  }
  if (!bool{always})
    if (std::string why = whyLoops(norm, trained_); !why.empty())
      return why;
  for (Value parameter : {norm.gamma.value, norm.beta.value})
    if (parameter && !collectMoved(parameter, norm.variance, moved))
      return quoted(parameter.getLoc()) + " is computed after the variance";
  return {};
}

void FuseNormalizationPass::fuse(const MatchedNormalization &norm, const OpSet &moved) {
  Operation *place = norm.variance;
  SmallVector<Operation *> inOrder(moved.begin(), moved.end());
  llvm::sort(inOrder, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  for (Operation *op : inOrder)
    op->moveBefore(place);
  OpBuilder opBuilder(place);
  GraphBuilder builder(opBuilder, norm.y->getLoc());
  const auto reshaped = [&](Value value, ArrayRef<std::int64_t> extents) {
    if (extentsOf(value) == extents)
      return value;
    return builder.create("reshape", value, {{"shape", extents.vec()}});
  };
  const ArrayRef<std::int64_t> extents = extentsOf(norm.x);
  const Extents channels{norm.channels()};
  const auto parameter = [&](const MatchedNormalization::Parameter &given, float otherwise) {
    if (!given.value)
      return builder.constant(
          Tensor::of(Shape(channels),
                     std::vector<float>(static_cast<std::size_t>(norm.channels()), otherwise)));
    Value whole = given.value;
    if (elementsOf(whole) != norm.channels())
      whole = builder.create("broadcast_to", whole,
                             {{"shape", Extents(given.extents.begin(), given.extents.end())}});
    return reshaped(whole, channels);
  };
  Extents shape = extents.drop_back(norm.channelAxes).vec();
  if (norm.ofBatches && norm.channelAxes > 1)
    shape = {norm.rows()};
  shape.push_back(norm.channels());
  Operation *fused =
      builder.createOp(norm.ofBatches ? "batch_normalization" : "layer_normalization",
                       {reshaped(norm.x, shape), parameter(norm.gamma, 1), parameter(norm.beta, 0)},
                       {{"epsilon", norm.epsilon}});
  SmallVector<Operation *> dead(norm.inner.begin(), norm.inner.end());
  const auto replace = [&](Operation *op, Value result) {
    builder.setLocation(op->getLoc());
    Value old = op->getResult(0), by = reshaped(result, extentsOf(old));
    old.replaceUsesWithIf(by, [&](OpOperand &use) {
      Operation *user = place->getBlock()->findAncestorOpInBlock(*use.getOwner());
      return by.getDefiningOp()->isBeforeInBlock(user);
    });
    dead.push_back(op);
    if (by != result)
      dead.push_back(by.getDefiningOp());
  };
  replace(norm.y, fused->getResult(0));
  replace(norm.mean, fused->getResult(1));
  replace(norm.variance, fused->getResult(2));
  // What nothing needs any more goes, users first.
  llvm::sort(dead, [](Operation *a, Operation *b) { return b->isBeforeInBlock(a); });
  for (Operation *op : dead)
    if (op->use_empty())
      op->erase();
  ++(norm.ofBatches ? numBatches : numLayers);
  remarkPassed(fused, getArgument(),
               llvm::formatv("{0} rows of {1} channels, a mean for each {2}", norm.rows(),
                             norm.channels(), norm.ofBatches ? "channel" : "row")
                   .str());
}

} // namespace
} // namespace graphc
