#include "ir/GradientFlow.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

using namespace mlir;

namespace {

constexpr GradientFlow flows = GradientFlow::flows;
constexpr GradientFlow stops = GradientFlow::stops;
constexpr GradientFlow unknown = GradientFlow::unknown;

/// Bits of the operands named, for `GradientFlowRow::operands`.
constexpr uint64_t only(std::initializer_list<int> operands) {
  uint64_t bits = 0;
  for (int operand : operands)
    bits |= uint64_t{1} << operand;
  return bits;
}

// Which ops stop gradients follows TensorFlow's registrations: floor, ceil, round and the
// comparisons have none; sign has one that is zero.
constexpr GradientFlowRow kTable[] = {
    {"add", flows},
    {"subtract", flows},
    {"multiply", flows},
    {"divide", flows},
    {"maximum", flows},
    {"minimum", flows},
    {"pow", flows},
    {"squared_difference", flows},
    {"floormod", flows},
    {"floordiv", stops},

    {"equal", stops},
    {"not_equal", stops},
    {"less", stops},
    {"less_equal", stops},
    {"greater", stops},
    {"greater_equal", stops},
    {"logical_and", stops},
    {"logical_or", stops},
    {"logical_xor", stops},
    {"logical_not", stops},

    {"negative", flows},
    {"abs", flows},
    {"sign", flows},
    {"square", flows},
    {"sqrt", flows},
    {"rsqrt", flows},
    {"reciprocal", flows},
    {"exp", flows},
    {"log", flows},
    {"expm1", flows},
    {"log1p", flows},
    {"sin", flows},
    {"cos", flows},
    {"erf", flows},
    {"tanh", flows},
    {"sigmoid", flows},
    {"relu", flows},
    {"softplus", flows},
    {"relu6", flows},
    {"elu", flows},
    {"selu", flows},
    {"leaky_relu", flows},
    {"floor", stops},
    {"ceil", stops},
    {"round", stops},
    {"identity", flows},
    {"stop_gradient", stops},
    {"zeros_like", stops},
    {"ones_like", stops},
    {"cast", flows},

    {"where", flows, only({1, 2})},
    {"clip_by_value", flows},
    {"add_n", flows},
    {"bias_add", flows},
    {"l2_loss", flows},

    {"matmul", flows},
    {"fused_matmul", unknown},

    {"conv2d", flows},
    {"conv2d_backprop_input", flows, only({0, 1})},
    {"conv2d_backprop_filter", flows, only({0, 1})},
    {"depthwise_conv2d", flows},
    {"depthwise_conv2d_backprop_input", flows, only({0, 1})},
    {"depthwise_conv2d_backprop_filter", flows, only({0, 1})},
    {"fused_conv2d", unknown},
    {"pooled_conv2d", unknown},
    {"pooled_conv2d_backprop_input", unknown},
    {"pooled_conv2d_backprop_filter", unknown},
    {"max_pool2d", flows},
    // Which element is the greatest does not change with x, but where it jumps.
    {"max_pool2d_gradient", flows, only({2})},
    {"max_pool2d_gradient_gradient", flows, only({2})},
    {"avg_pool2d", flows},
    {"avg_pool2d_gradient", flows, only({0})},

    {"transpose", flows},
    {"reshape", flows, only({0})},
    {"expand_dims", flows},
    {"squeeze", flows},
    {"concat", flows},
    {"split", flows},
    {"stack", flows},
    {"unstack", flows},
    {"slice", flows, only({0})},
    {"strided_slice", flows, only({0})},
    {"strided_slice_grad", flows, only({0})},
    {"tile", flows, only({0})},
    {"pad", flows, only({0})},
    {"broadcast_to", flows, only({0})},
    {"reverse", flows},
    {"gather", flows, only({0})},
    {"unsorted_segment_sum", flows, only({0})},
    {"one_hot", stops},
    {"cumsum", flows},
    {"reverse_sequence", flows, only({0})},
    {"top_k", flows},
    {"in_top_k", stops},
    {"gather_nd", flows, only({0})},
    {"scatter_nd", flows, only({1})},
    {"update_row", flows, only({0, 2})},
    {"shape", stops},
    {"size", stops},
    {"rank", stops},
    {"fill", flows, only({0})},
    {"range", stops},
    {"constant", stops},

    {"reduce_sum", flows},
    {"reduce_mean", flows},
    {"reduce_max", flows},
    {"reduce_min", flows},
    {"reduce_prod", flows},
    {"reduce_all", stops},
    {"reduce_any", stops},
    {"argmax", stops},
    {"argmin", stops},

    {"softmax", flows},
    {"log_softmax", flows},
    {"layer_normalization", flows},
    {"layer_normalization_gradient", flows},
    {"batch_normalization", flows},
    {"batch_normalization_gradient", flows},
    {"softmax_cross_entropy_with_logits", flows},
    {"sparse_softmax_cross_entropy_with_logits", flows, only({0})},

    {"random_uniform", stops},
    {"random_normal", stops},
    {"truncated_normal", stops},
    {"random_uniform_int", stops},

    {"qr", unknown},

    {"scalar_summary", stops},
    {"histogram_summary", stops},
    {"merge_summary", stops},

    {"read_variable", stops},
    {"assign", stops},
    {"assign_add", stops},
    {"assign_sub", stops},
    {"placeholder", stops},
    {"feed", stops},
    {"no_op", stops},
    {"step_index", stops},
    // A request is expanded before any later one is looked at; the frontend asks about it earlier,
    // and the gradient of a gradient may need any of its operands.
    {"gradients", flows},

    {"static_rnn", flows},
    {"while", flows},
    {"while_gradient", flows},
    {"cond", flows},
    {"cluster", unknown},
    {"lstm", flows},
    {"gru", flows},
    {"vanilla_rnn", flows},
    {"lstm_gradient", unknown},
    {"gru_gradient", unknown},
    {"vanilla_rnn_gradient", unknown},
};

const GradientFlowRow *findRow(StringRef name) {
  static const auto *rows = [] {
    auto *map = new llvm::StringMap<const GradientFlowRow *>();
    for (const GradientFlowRow &row : kTable)
      map->try_emplace(row.name, &row);
    return map;
  }();
  auto found = rows->find(name);
  return found == rows->end() ? nullptr : found->second;
}

StringRef shortName(Operation *op) {
  StringRef name = op->getName().getStringRef();
  name.consume_front("graph.");
  return name;
}

const GradientFlowRow *findRow(Operation *op) { return findRow(shortName(op)); }

bool isRecurrence(Operation *op) { return op->getName().getStringRef() == "graph.static_rnn"; }

/// Where the operands of a recurrence stand in its body and its results.
struct RecurrencePorts {
  Block &body;
  unsigned sequences, states, outputs;

  explicit RecurrencePorts(Operation *op) : body(op->getRegion(0).front()) {
    auto sizes = op->getAttrOfType<DenseI32ArrayAttr>("operandSegmentSizes").asArrayRef();
    sequences = static_cast<unsigned>(sizes[0]);
    states = static_cast<unsigned>(sizes[1]);
    outputs = op->getNumResults() - states;
  }
  Value yielded(unsigned result) const { return body.getTerminator()->getOperand(result); }
  Value stateArgument(unsigned state) const { return body.getArgument(sequences + state); }
};

/// Adds to `operands` those whose arguments in `body` are reached; `first` is the operand of
/// argument 0.
void addReachedOperands(Block &body, const DenseSet<Value> &reached, unsigned first,
                        llvm::BitVector &operands) {
  for (BlockArgument argument : body.getArguments())
    if (reached.contains(argument) && carriesGradient(argument))
      operands.set(first + argument.getArgNumber());
}

// A state that is reached makes its value after the step reached too, so the walk is repeated
// until the set of reached states stands still.
llvm::BitVector recurrenceFlowInto(Operation *op, unsigned result,
                                   const CustomGradientOps &custom) {
  const RecurrencePorts ports(op);
  DenseSet<Value> reached;
  reached.insert(ports.yielded(result));
  for (bool grown = true; grown;) {
    grown = false;
    propagateReach(ports.body, reached, custom);
    for (unsigned state = 0; state < ports.states; ++state)
      if (reached.contains(ports.stateArgument(state)))
        grown |= reached.insert(ports.yielded(ports.outputs + state)).second;
  }
  llvm::BitVector operands(op->getNumOperands());
  addReachedOperands(ports.body, reached, 0, operands);
  return operands;
}

// Loop variables as states; the loop may also not run at all.
llvm::BitVector whileFlowInto(Operation *op, unsigned result, const CustomGradientOps &custom) {
  Block &body = op->getRegion(1).front();
  Operation *yield = body.getTerminator();
  DenseSet<Value> reached;
  reached.insert(body.getArgument(result));
  for (bool grown = true; grown;) {
    grown = false;
    for (unsigned variable = 0; variable < op->getNumResults(); ++variable)
      if (reached.contains(body.getArgument(variable)))
        grown |= reached.insert(yield->getOperand(variable)).second;
    propagateReach(body, reached, custom);
  }
  llvm::BitVector operands(op->getNumOperands());
  addReachedOperands(body, reached, 0, operands);
  return operands;
}

llvm::BitVector condFlowInto(Operation *op, unsigned result, const CustomGradientOps &custom) {
  llvm::BitVector operands(op->getNumOperands());
  for (Region &branch : op->getRegions()) {
    DenseSet<Value> reached;
    reached.insert(branch.front().getTerminator()->getOperand(result));
    propagateReach(branch.front(), reached, custom);
    addReachedOperands(branch.front(), reached, 1, operands);
  }
  return operands;
}

} // namespace

ArrayRef<GradientFlowRow> gradientFlowTable() { return kTable; }

GradientFlow gradientFlow(StringRef opName) {
  const GradientFlowRow *row = findRow(opName);
  return row ? row->flow : GradientFlow::unknown;
}

bool carriesGradient(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

llvm::BitVector gradientFlowInto(Operation *op, unsigned result, const CustomGradientOps &custom) {
  llvm::BitVector operands(op->getNumOperands());
  if (!carriesGradient(op->getResult(result)))
    return operands;
  const GradientFlowRow *row = custom.contains(shortName(op)) ? nullptr : findRow(op);
  if (row && row->flow == GradientFlow::stops)
    return operands;
  if (row && isRecurrence(op))
    return recurrenceFlowInto(op, result, custom);
  if (row && shortName(op) == "while")
    return whileFlowInto(op, result, custom);
  if (row && shortName(op) == "cond")
    return condFlowInto(op, result, custom);
  const uint64_t mask = row ? row->operands : ~uint64_t{0};
  for (unsigned i = 0; i < operands.size(); ++i)
    if ((mask >> std::min(i, 63u) & 1) && carriesGradient(op->getOperand(i)))
      operands.set(i);
  return operands;
}

void propagateActivity(Block &block, Operation *end, DenseSet<Value> &active,
                       const CustomGradientOps &custom) {
  for (Operation &op : block) {
    if (&op == end)
      return;
    if (llvm::none_of(op.getOperands(), [&](Value operand) { return active.contains(operand); }))
      continue;
    for (OpResult result : op.getResults()) {
      const llvm::BitVector flow = gradientFlowInto(&op, result.getResultNumber(), custom);
      if (llvm::any_of(flow.set_bits(),
                       [&](unsigned operand) { return active.contains(op.getOperand(operand)); }))
        active.insert(result);
    }
  }
}

void propagateReach(Block &block, DenseSet<Value> &reached, const CustomGradientOps &custom) {
  for (Operation &op : llvm::reverse(block))
    for (OpResult result : op.getResults())
      if (reached.contains(result)) {
        const llvm::BitVector flow = gradientFlowInto(&op, result.getResultNumber(), custom);
        for (unsigned operand : flow.set_bits())
          reached.insert(op.getOperand(operand));
      }
}

SmallVector<bool> gradientsReach(ValueRange ys, ValueRange xs, const CustomGradientOps &custom) {
  DenseSet<Value> reached(ys.begin(), ys.end());
  SmallVector<Value> pending(ys.begin(), ys.end());
  while (!pending.empty()) {
    auto result = dyn_cast<OpResult>(pending.pop_back_val());
    if (!result)
      continue;
    Operation *op = result.getOwner();
    const llvm::BitVector flow = gradientFlowInto(op, result.getResultNumber(), custom);
    for (unsigned operand : flow.set_bits())
      if (reached.insert(op->getOperand(operand)).second)
        pending.push_back(op->getOperand(operand));
  }
  return llvm::map_to_vector(xs, [&](Value x) { return reached.contains(x); });
}

bool gradientReaches(ValueRange ys, Value x, const CustomGradientOps &custom) {
  return gradientsReach(ys, x, custom).front();
}

} // namespace graphc
