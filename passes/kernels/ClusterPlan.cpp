// Decides whether a body can be a kernel and which loop nests compute it.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "mlir/IR/Matchers.h"
#include "passes/kernels/ClusterKernel.h"
#include "passes/kernels/ElementEmitter.h"
#include "passes/kernels/RandomRows.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace graphc {
namespace {

constexpr std::size_t kMostPieces = 32;
constexpr std::int64_t kMostConstantBytes = 1 << 16;
/// A piece of work worth a thread: about 10 microseconds, at 0.1 to 0.2 ns for an addition that is
/// vectorised.
constexpr double kGrainCost = 60000;
/// With fewer rows than this, threads share the columns of a reduction instead.
constexpr std::int64_t kFewRows = 8;

std::string nameOf(Operation *op) { return op->getName().stripDialect().str(); }

bool isStatic(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape();
}

Type elementOf(Value value) { return cast<RankedTensorType>(value.getType()).getElementType(); }

/// The operands that the op has once its static parameters are attributes.
unsigned staticOperands(StringRef name) {
  return llvm::StringSwitch<unsigned>(name)
      .Cases({"reshape", "slice", "strided_slice", "tile", "pad", "broadcast_to", "fill"}, 1)
      .Case("random_uniform", 0)
      .Default(~0u);
}

/// All elements of a constant fulfil the condition.
template <typename Condition> bool constantWith(Value value, Condition condition) {
  DenseElementsAttr elements;
  return matchPattern(value, m_Constant(&elements)) &&
         llvm::all_of(elements.getValues<APInt>(), condition);
}

std::string whyNotOp(Operation *op) {
  const std::string name = nameOf(op);
  for (const Value value : llvm::concat<Value>(SmallVector<Value>(op->getOperands()),
                                               SmallVector<Value>(op->getResults())))
    if (!isStatic(value))
      return "an extent of " + name + " is unknown";
  if (updatesVariable(op))
    return "";
  if (name == "unsorted_segment_sum") {
    const bool isOutput = llvm::all_of(
        op->getUsers(), [](Operation *user) { return user->hasTrait<OpTrait::IsTerminator>(); });
    return isOutput ? "" : "unsorted_segment_sum has no kernel with its users";
  }
  if (!findRule(op))
    return name + " has no kernel";
  if (op->getNumOperands() > staticOperands(name))
    return name + " has a parameter that is not constant";
  if (name == "divide" || name == "floordiv" || name == "floormod" || name == "pow") {
    if (isa<FloatType>(elementOf(op->getOperand(0))))
      return "";
    if (name == "pow")
      return "pow of integers has no kernel";
    const bool safe = constantWith(op->getOperand(1), [](const APInt &y) { return !y.isZero(); });
    return safe ? "" : name + " of integers has no kernel unless its divisor is constant";
  }
  if (name == "gather") {
    const Extents from = extentsOf(op->getOperand(0));
    const std::int64_t extent = from[axisAttribute(op, static_cast<std::int64_t>(from.size()), 0)];
    const bool safe = constantWith(op->getOperand(1), [&](const APInt &index) {
      return !index.isNegative() && index.slt(extent);
    });
    return safe ? "" : "gather has no kernel unless its indices are constant";
  }
  if ((name == "concat" || name == "stack") && op->getNumOperands() > kMostPieces)
    return name + " of more than " + std::to_string(kMostPieces) + " tensors has no kernel";
  if (name == "constant") {
    auto value = op->getAttrOfType<DenseElementsAttr>("value");
    if (!value)
      return "a constant is not held in the program";
    const std::int64_t bytes = value.getNumElements() * elementBytes(value.getElementType());
    if (!value.isSplat() && bytes > kMostConstantBytes)
      return "a constant of " + std::to_string(bytes) + " bytes is too large for a kernel";
  }
  if (name == "argmax" || name == "argmin") {
    const Extents from = extentsOf(op->getOperand(0));
    if (from[axisAttribute(op, static_cast<std::int64_t>(from.size()), 0)] == 0)
      return name + " of no elements has no kernel";
  }
  return "";
}

/// A reduction whose results lie side by side in memory while their operands are rows apart.
bool reducesColumns(Operation *op) {
  if (!op || !isReduction(op) || op->getNumResults() != 1)
    return false;
  const StringRef name = op->getName().stripDialect();
  if (name == "argmax" || name == "argmin")
    return false;
  if (name == "reduce_mean" && isa<IntegerType>(elementOf(op->getOperand(0))))
    return false;
  const Extents from = extentsOf(op->getOperand(0));
  bool afterReduced = false;
  const SmallVector<bool> reduced = reducedAxes(op);
  for (std::size_t d = 0; d < from.size(); ++d) {
    if (from[d] == 1)
      continue;
    if (!reduced[d] && afterReduced)
      return true;
    afterReduced |= reduced[d];
  }
  return false;
}

bool gathersElements(Operation *op) {
  return isReduction(op) || op->getName().stripDialect().contains("softmax");
}

/// The ops of the body that `values` are computed by.
SetVector<Operation *> slice(ArrayRef<Value> values) {
  SetVector<Operation *> ops;
  SmallVector<Value> work(values);
  while (!work.empty()) {
    Operation *op = work.pop_back_val().getDefiningOp();
    if (op && ops.insert(op))
      work.append(op->operand_begin(), op->operand_end());
  }
  return ops;
}

double elementsOf(Value value) { return static_cast<double>(productOf(extentsOf(value))); }

double costOf(ArrayRef<Value> values) {
  double cost = 1;
  SmallPtrSet<Value, 16> inputs;
  for (Operation *op : slice(values)) {
    const OpRule *rule = findRule(op);
    double elements = 1;
    for (const Value result : op->getResults())
      elements = std::max(elements, elementsOf(result));
    if (gathersElements(op))
      elements = std::max(elements, elementsOf(op->getOperand(0)));
    cost += (rule ? rule->cost : 1) * elements;
    for (const Value operand : op->getOperands())
      if (isa<BlockArgument>(operand) && inputs.insert(operand).second)
        cost += std::min(elementsOf(operand), elements);
  }
  for (const Value value : values)
    cost += elementsOf(value);
  return cost;
}

SmallVector<std::int64_t> withoutOnes(Extents extents) {
  SmallVector<std::int64_t> result;
  llvm::copy_if(extents, std::back_inserter(result), [](std::int64_t e) { return e != 1; });
  return result;
}

bool isPrefix(Extents a, Extents b) { return a.size() <= b.size() && b.take_front(a.size()) == a; }

SmallVector<Value> valuesOf(ArrayRef<KernelOutput> outputs) {
  SmallVector<Value> values;
  for (const KernelOutput &output : outputs)
    values.push_back(output.value);
  return values;
}

/// The loops that a softmax or reduction inside the nest runs over come last, so that its result
/// can be computed once for all of them.
SmallVector<unsigned> orderOf(const LoopDomain &domain, ArrayRef<std::int64_t> shape,
                              ArrayRef<Value> roots) {
  SmallVector<unsigned> order(domain.loops().size());
  std::iota(order.begin(), order.end(), 0);
  for (const Value root : roots)
    if (withoutOnes(extentsOf(root)) != shape)
      return order;
  for (Operation *op : slice(roots)) {
    if (!gathersElements(op) || withoutOnes(extentsOf(op->getOperand(0))) != shape)
      continue;
    const Extents from = extentsOf(op->getOperand(0));
    SmallVector<bool> inner(from.size(), false);
    if (isReduction(op))
      inner = reducedAxes(op);
    else
      inner[axisAttribute(op, static_cast<std::int64_t>(from.size()), -1)] = true;
    SmallVector<bool> isInner(order.size(), false);
    unsigned axis = 0;
    for (const LoopDomain::AxisGroup &group : domain.groupsOf(from)) {
      bool any = false;
      for (unsigned d = axis; d < axis + group.axes; ++d)
        any |= inner[d];
      for (unsigned loop = group.firstLoop; loop < group.lastLoop; ++loop)
        isInner[loop] = isInner[loop] || any;
      axis += group.axes;
    }
    std::stable_partition(order.begin(), order.end(),
                          [&](unsigned loop) { return !isInner[loop]; });
    break;
  }
  return order;
}

KernelNest elementsNest(ArrayRef<KernelOutput> outputs, Extents shape) {
  const SmallVector<Value> roots = valuesOf(outputs);
  KernelNest nest(KernelNest::elements, nullptr, LoopDomain(shape, {}, roots));
  nest.outputs.assign(outputs.begin(), outputs.end());
  nest.order = orderOf(nest.domain, shape, roots);
  if (!nest.order.empty())
    nest.parallelLoop = nest.order.front();
  nest.cost = costOf(roots);
  nest.gathers = llvm::any_of(slice(roots), gathersElements);
  return nest;
}

/// Loops of kind 0 are around, those of kind 1 are reduced over, those of kind 2 run along the rows
/// that are accumulated into.
void shareRows(KernelNest &nest) {
  std::int64_t rows = 1;
  std::optional<unsigned> firstRow, firstColumn;
  for (unsigned i = 0; i < nest.domain.loops().size(); ++i) {
    const LoopDomain::Loop &loop = nest.domain.loops()[i];
    if (loop.kind == 0) {
      rows *= loop.extent;
      firstRow = firstRow ? firstRow : i;
    } else if (loop.kind == 2) {
      firstColumn = firstColumn ? firstColumn : i;
    }
  }
  nest.parallelLoop = rows >= kFewRows || !firstColumn ? firstRow : firstColumn;
}

KernelNest columnsNest(Operation *op, const KernelOutput &output) {
  const Value x = op->getOperand(0);
  const Extents from = extentsOf(x);
  const SmallVector<bool> reduced = reducedAxes(op);
  std::size_t lastReduced = 0;
  for (std::size_t d = 0; d < from.size(); ++d)
    if (reduced[d] && from[d] != 1)
      lastReduced = d;
  SmallVector<unsigned> kinds;
  for (std::size_t d = 0; d < from.size(); ++d)
    kinds.push_back(reduced[d] ? 1 : d < lastReduced ? 0 : 2);
  KernelNest nest(KernelNest::columns, op, LoopDomain(from, kinds, {x}));
  nest.outputs = {output};
  shareRows(nest);
  nest.cost = costOf({output.value}) + 2 * elementsOf(x);
  return nest;
}

KernelNest scatterNest(Operation *op, const KernelOutput &output) {
  const Value data = op->getOperand(0);
  SmallVector<unsigned> kinds(extentsOf(data).size(), 2);
  std::fill_n(kinds.begin(), extentsOf(op->getOperand(1)).size(), 1);
  KernelNest nest(KernelNest::scatter, op, LoopDomain(extentsOf(data), kinds, {data}));
  nest.outputs = {output};
  shareRows(nest);
  nest.cost = costOf({output.value}) + 3 * elementsOf(data);
  return nest;
}

std::int64_t numStateArguments(Block &body) {
  std::int64_t count = 0;
  for (Operation &op : body)
    count += numStateBuffers(&op);
  return count;
}

} // namespace

std::string whyNoClusterKernel(Block &body) {
  if (!body.mightHaveTerminator())
    return "the body has no terminator";
  for (const BlockArgument argument : body.getArguments())
    if (!isStatic(argument))
      return "an extent of an input is unknown";
  for (Operation &op : body.without_terminator())
    if (std::string why = whyNotOp(&op); !why.empty())
      return why;
  std::int64_t state = static_cast<std::int64_t>(body.getNumArguments()) - numStateArguments(body);
  if (state < 0)
    return "the body lacks block arguments for its variables";
  for (Operation &op : body.without_terminator()) {
    for (unsigned i = 0; i < numStateBuffers(&op); ++i, ++state)
      if (body.getArgument(static_cast<unsigned>(state)).getType() != updateOperand(&op).getType())
        return nameOf(&op) + " has block arguments of another type than its variables";
    if (updatesVariable(&op))
      for (Operation *user : op.getUsers())
        if (!user->hasTrait<OpTrait::IsTerminator>())
          return nameOf(&op) + " has no kernel with its users";
  }
  return "";
}

ClusterPlan planCluster(Block &body) {
  ClusterPlan plan;
  const unsigned numInputs = body.getNumArguments();
  llvm::MapVector<Value, KernelOutput> outputs;
  for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
    KernelOutput &output = outputs[value];
    output.value = value;
    output.buffers.push_back(numInputs + static_cast<unsigned>(i));
  }

  // Updates in the order of their ops.
  std::int64_t state = numInputs - numStateArguments(body);
  for (Operation &op : body.without_terminator()) {
    if (!updatesVariable(&op))
      continue;
    const Value operand = updateOperand(&op);
    KernelNest nest(KernelNest::update, &op, LoopDomain(extentsOf(operand), {}, {operand}));
    if (op.getNumResults() == 1 && outputs.count(op.getResult(0))) {
      nest.outputs.push_back(outputs[op.getResult(0)]);
      outputs.erase(op.getResult(0));
    }
    nest.order.resize(nest.domain.loops().size());
    std::iota(nest.order.begin(), nest.order.end(), 0);
    if (!nest.order.empty())
      nest.parallelLoop = 0;
    nest.firstState = state;
    state += numStateBuffers(&op);
    nest.cost = costOf({operand}) + 10 * elementsOf(operand);
    nest.gathers = llvm::any_of(slice({operand}), gathersElements);
    if (productOf(extentsOf(operand)) > 0)
      plan.nests.push_back(std::move(nest));
  }

  // Values of one shape share a nest; what a row of a larger one needs anyway joins it.
  SmallVector<std::pair<SmallVector<std::int64_t>, SmallVector<KernelOutput>>> groups;
  for (auto &[value, output] : outputs) {
    if (productOf(extentsOf(value)) == 0)
      continue;
    Operation *op = value.getDefiningOp();
    if (reducesColumns(op) && elementsOf(op->getOperand(0)) > 0) {
      plan.nests.push_back(columnsNest(op, output));
    } else if (op && op->getName().stripDialect() == "unsorted_segment_sum") {
      plan.nests.push_back(scatterNest(op, output));
    } else {
      const SmallVector<std::int64_t> shape = withoutOnes(extentsOf(value));
      auto group = llvm::find_if(groups, [&](const auto &g) { return g.first == shape; });
      if (group == groups.end())
        group = groups.insert(groups.end(), {shape, {}});
      group->second.push_back(output);
    }
  }
  llvm::stable_sort(groups,
                    [](const auto &a, const auto &b) { return a.first.size() > b.first.size(); });
  for (std::size_t i = groups.size(); i-- > 1;) {
    const auto &[shape, values] = groups[i];
    if (shape.empty() || llvm::none_of(slice(valuesOf(values)), gathersElements))
      continue;
    for (std::size_t j = 0; j < i; ++j)
      if (isPrefix(shape, groups[j].first)) {
        groups[j].second.append(values.begin(), values.end());
        groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      }
  }
  for (const auto &[shape, values] : groups)
    plan.nests.push_back(elementsNest(values, shape));

  std::int64_t scratch = 0;
  for (Operation &op : body.without_terminator())
    if (const std::int64_t bytes = randomRowBytes(&op)) {
      plan.scratch[&op] = scratch;
      scratch += bytes;
    }

  // One extent for all: a step of each nest weighs as much as it costs.
  double least = std::numeric_limits<double>::infinity(), total = 0;
  for (KernelNest &nest : plan.nests) {
    nest.extent = nest.parallelLoop ? nest.domain.loops()[*nest.parallelLoop].extent : 1;
    least = std::min(least, nest.cost / static_cast<double>(nest.extent));
    total += nest.cost;
  }
  std::int64_t extent = 0;
  for (KernelNest &nest : plan.nests) {
    const double step = nest.cost / static_cast<double>(nest.extent);
    nest.weight =
        plan.nests.size() == 1 ? 1 : std::max<std::int64_t>(1, std::llround(step / least));
    nest.offset = extent;
    extent += nest.extent * nest.weight;
  }
  plan.shape.extent = std::max<std::int64_t>(1, extent);
  const double perUnit = std::max(total, 1.0) / static_cast<double>(plan.shape.extent);
  plan.shape.grain =
      std::clamp<std::int64_t>(std::llround(std::ceil(kGrainCost / perUnit)), 1, plan.shape.extent);
  plan.shape.scratchBytes = scratch;
  return plan;
}

} // namespace graphc
