// Values are matched by what computes them, whatever the order of commutative operands and however
// the argument of a gate is written: one product of a concatenation, two products, a bias in parts.
#include "passes/CellMatcher.h"

#include "passes/GraphOps.h"
#include "passes/RecurrenceMotion.h"

namespace graphc {

using namespace mlir;

namespace {

class CellMatcher {
public:
  CellMatcher(const Recurrence &recurrence, std::string &why)
      : recurrence_(recurrence), dependence_(recurrence.op()), why_(why) {}

  std::optional<MatchedCell> match();

private:
  std::optional<MatchedCell> matchLstm();
  std::optional<MatchedCell> matchGru();
  std::optional<MatchedCell> matchVanilla();

  std::nullopt_t decline(const Twine &why) {
    why_ = why.str();
    return std::nullopt;
  }
  bool flatten(Value value, int64_t column, int64_t width, GateArgument &argument);
  bool flattenProduct(Operation *product, int64_t column, int64_t width, GateArgument &argument);
  std::optional<GateArgument> gate(Value value, StringRef activation);
  bool checkProducts(const MatchedCell &cell, Value recurrent, ArrayRef<unsigned> gates);

  const Recurrence &recurrence_;
  BodyDependence dependence_;
  std::string &why_;
};

/// The operands of a commutative op, first as they are, then exchanged, until `accept` takes them.
template <typename Accept> bool eitherOrder(Value value, StringRef name, Accept accept) {
  Operation *op = definedBy(value, name);
  return op && op->getNumOperands() == 2 &&
         (accept(op->getOperand(0), op->getOperand(1)) ||
          accept(op->getOperand(1), op->getOperand(0)));
}

bool CellMatcher::flattenProduct(Operation *product, int64_t column, int64_t width,
                                 GateArgument &argument) {
  Value left = product->getOperand(0), weights = product->getOperand(1);
  if (flagAttribute(product, "transpose_a") || rankOf(left) != 2 || rankOf(weights) != 2 ||
      dependence_.of(weights) != BodyDependence::invariant)
    return false;
  const bool transposed = flagAttribute(product, "transpose_b");
  int64_t row = 0;
  auto add = [&](Value part) {
    const int64_t height = extentsOf(part)[1];
    argument.products.push_back({part, weights, transposed, row, height, column, width});
    row += height;
  };
  Operation *concat = definedBy(left, "concat");
  if (concat && intAttribute(concat, "axis") == 1)
    llvm::for_each(concat->getOperands(), add);
  else
    add(left);
  return true;
}

/// Where `value` is some columns of another matrix: that matrix, with the first of them added to
/// `column`. Null otherwise.
Value columnsOf(Value value, int64_t &column) {
  if (Operation *split = definedBy(value, "split"); split && intAttribute(split, "axis") == 1) {
    for (int64_t size :
         intsAttribute(split, "sizes").take_front(cast<OpResult>(value).getResultNumber()))
      column += size;
    return split->getOperand(0);
  }
  Operation *slice = definedBy(value, "slice");
  if (!slice || rankOf(value) != 2 || extentsOf(slice->getOperand(0))[0] != extentsOf(value)[0])
    return {};
  column += intsAttribute(slice, "begin")[1];
  return slice->getOperand(0);
}

bool CellMatcher::flatten(Value value, int64_t column, int64_t width, GateArgument &argument) {
  if (dependence_.of(value) == BodyDependence::invariant) {
    const bool isScalar = rankOf(value) == 0;
    if (!isScalar && rankOf(value) != 1)
      return false;
    const bool isSplat = isScalar || extentsOf(value)[0] == 1;
    argument.biases.push_back({value, isSplat ? 0 : column, isSplat ? int64_t{0} : width});
    return true;
  }
  Operation *op = value.getDefiningOp();
  if (!op || rankOf(value) != 2)
    return false;
  StringRef name = graphName(op);
  if (name == "matmul")
    return flattenProduct(op, column, width, argument);
  if (name == "add" || name == "bias_add")
    return flatten(op->getOperand(0), column, width, argument) &&
           flatten(op->getOperand(1), column, width, argument);
  Value whole = columnsOf(value, column);
  return whole && flatten(whole, column, width, argument);
}

std::optional<GateArgument> CellMatcher::gate(Value value, StringRef activation) {
  if (rankOf(value) != 2)
    return std::nullopt;
  const int64_t width = extentsOf(value)[1];
  int64_t column = 0;
  while (Value whole = columnsOf(value, column))
    value = whole;
  Operation *op = definedBy(value, activation);
  GateArgument argument;
  if (!op || !flatten(op->getOperand(0), column, width, argument))
    return std::nullopt;
  return argument;
}

// The gates have the same left operands: slices of sequences, and `recurrent` once.
bool CellMatcher::checkProducts(const MatchedCell &cell, Value recurrent,
                                ArrayRef<unsigned> gates) {
  SmallVector<Value> first;
  for (const GateProduct &product : cell.gates.front().products)
    if (recurrence_.isSlice(product.left))
      first.push_back(product.left);
  if (first.empty()) {
    why_ = "its input is in no product of the body";
    return false;
  }
  for (unsigned i : gates) {
    SmallVector<Value> inputs;
    unsigned recurrents = 0;
    for (const GateProduct &product : cell.gates[i].products) {
      if (recurrence_.isSlice(product.left)) {
        inputs.push_back(product.left);
      } else if (product.left == recurrent) {
        ++recurrents;
      } else {
        why_ = "a gate multiplies what is neither the input nor the state";
        return false;
      }
    }
    if (inputs != first || recurrents != 1) {
      why_ = "its gates do not all multiply the input and the state once each";
      return false;
    }
  }
  return true;
}

std::optional<MatchedCell> CellMatcher::matchLstm() {
  for (unsigned hidden : {0u, 1u}) {
    const unsigned memory = 1 - hidden;
    MatchedCell cell;
    cell.kind = MatchedCell::lstm;
    cell.hidden = hidden;
    cell.cell = memory;
    Value oldMemory = recurrence_.stateArgument(memory), newMemory = recurrence_.newState(memory);
    std::optional<GateArgument> i, f, g, o;
    const bool output =
        eitherOrder(recurrence_.newState(hidden), "multiply", [&](Value a, Value b) {
          Operation *tanh = definedBy(b, "tanh");
          return tanh && tanh->getOperand(0) == newMemory && (o = gate(a, "sigmoid"));
        });
    if (!output)
      continue;
    const bool sum = eitherOrder(newMemory, "add", [&](Value kept, Value added) {
      return eitherOrder(kept, "multiply",
                         [&](Value state, Value forget) {
                           return state == oldMemory && (f = gate(forget, "sigmoid"));
                         }) &&
             eitherOrder(added, "multiply", [&](Value input, Value candidate) {
               return (i = gate(input, "sigmoid")) && (g = gate(candidate, "tanh"));
             });
    });
    if (!sum)
      return decline("its memory is not sigmoid(f) * c + sigmoid(i) * tanh(j)");
    cell.gates = {*i, *f, *g, *o};
    if (!checkProducts(cell, recurrence_.stateArgument(hidden), {0, 1, 2, 3}))
      return std::nullopt;
    return cell;
  }
  return decline("its output is not sigmoid(o) * tanh(c)");
}

bool isOne(Value value) {
  Operation *op = definedBy(value, "constant");
  auto elements = op ? dyn_cast<DenseElementsAttr>(op->getAttr("value")) : DenseElementsAttr();
  return elements && elements.isSplat() && isa<FloatType>(elements.getElementType()) &&
         elements.getSplatValue<APFloat>().isExactlyValue(1.0);
}

std::optional<MatchedCell> CellMatcher::matchGru() {
  Value state = recurrence_.stateArgument(0);
  MatchedCell cell;
  cell.kind = MatchedCell::gru;
  std::optional<GateArgument> update, reset, candidate;
  Value resetState;
  const bool sum = eitherOrder(recurrence_.newState(0), "add", [&](Value kept, Value added) {
    Value gateValue;
    return eitherOrder(kept, "multiply",
                       [&](Value u, Value h) {
                         gateValue = u;
                         return h == state && (update = gate(u, "sigmoid"));
                       }) &&
           eitherOrder(added, "multiply", [&](Value rest, Value c) {
             Operation *subtract = definedBy(rest, "subtract");
             return subtract && isOne(subtract->getOperand(0)) &&
                    subtract->getOperand(1) == gateValue && (candidate = gate(c, "tanh"));
           });
  });
  if (!sum)
    return decline("its state is not u * h + (1 - u) * tanh(c)");
  for (const GateProduct &product : candidate->products)
    if (!recurrence_.isSlice(product.left))
      resetState = product.left;
  const bool resets = resetState && eitherOrder(resetState, "multiply", [&](Value r, Value h) {
                        return h == state && (reset = gate(r, "sigmoid"));
                      });
  if (!resets)
    return decline("its candidate does not multiply r * h");
  cell.gates = {*update, *reset, *candidate};
  if (!checkProducts(cell, state, {0, 1}) || !checkProducts(cell, resetState, {2}))
    return std::nullopt;
  return cell;
}

std::optional<MatchedCell> CellMatcher::matchVanilla() {
  for (StringRef activation : {"tanh", "relu"}) {
    std::optional<GateArgument> argument = gate(recurrence_.newState(0), activation);
    if (!argument)
      continue;
    MatchedCell cell;
    cell.kind = MatchedCell::vanilla_rnn;
    cell.activation = activation.str();
    cell.gates = {*argument};
    if (!checkProducts(cell, recurrence_.stateArgument(0), {0}))
      return std::nullopt;
    return cell;
  }
  return decline("its state is no activation of x W + h U + b");
}

std::optional<MatchedCell> CellMatcher::match() {
  const unsigned states = recurrence_.numStates();
  if (states == 0 || states > 2)
    return decline("it has " + Twine(states) + " states, oneDNN's cells have one or two");
  for (unsigned i = 0; i < states; ++i) {
    auto type = cast<RankedTensorType>(recurrence_.initialState(i).getType());
    if (!type.getElementType().isF32())
      return decline("oneDNN's recurrent primitives compute in float32 only");
    if (type.getRank() != 2 || type != recurrence_.initialState(0).getType())
      return decline("its states are not matrices of one shape");
  }
  std::optional<MatchedCell> cell;
  if (states == 2)
    cell = matchLstm();
  else if (definedBy(recurrence_.newState(0), "add"))
    cell = matchGru();
  else
    cell = matchVanilla();
  if (!cell)
    return std::nullopt;
  for (unsigned i = 0; i < recurrence_.numOutputs(); ++i)
    if (recurrence_.yieldedOutput(i) != recurrence_.newState(cell->hidden))
      return decline("a value other than its output is used at every step");
  return cell;
}

} // namespace

std::optional<MatchedCell> matchCell(const Recurrence &recurrence, std::string &why) {
  return CellMatcher(recurrence, why).match();
}

} // namespace graphc
