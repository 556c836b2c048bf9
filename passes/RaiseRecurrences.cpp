// Writes recurrences as oneDNN's recurrent primitives.
//
// The weights are put together by graph ops, gate by gate, so that what differentiation makes of
// those ops takes the gradients apart again.
#include "passes/CellMatcher.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/RecurrenceFission.h"

#include "ir/GraphBuilder.h"

namespace graphc {

#define GEN_PASS_DEF_RAISERECURRENCESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class PrimitiveWriter {
public:
  PrimitiveWriter(const Recurrence &recurrence, const MatchedCell &cell)
      : recurrence_(recurrence), cell_(cell), opBuilder_(recurrence.op()),
        builder_(opBuilder_, recurrence.op()->getLoc()) {}

  void run() {
    Value x = input();
    SmallVector<Value> operands{x, recurrence_.initialState(cell_.hidden)};
    if (cell_.kind == MatchedCell::lstm)
      operands.push_back(recurrence_.initialState(cell_.cell));
    operands.push_back(weights(true));
    operands.push_back(weights(false));
    operands.push_back(bias());
    Attributes attributes{{"training", false}};
    static constexpr llvm::StringLiteral names[] = {"lstm", "gru", "vanilla_rnn"};
    if (cell_.kind == MatchedCell::vanilla_rnn)
      attributes.set("activation", cell_.activation);
    Operation *made = builder_.createOp(names[cell_.kind], operands, attributes);
    Value outputs = timeReversed(made->getResult(0));
    for (unsigned i = 0; i < recurrence_.numOutputs(); ++i)
      recurrence_.output(i).replaceAllUsesWith(outputs);
    recurrence_.finalState(cell_.hidden).replaceAllUsesWith(made->getResult(1));
    if (cell_.kind == MatchedCell::lstm)
      recurrence_.finalState(cell_.cell).replaceAllUsesWith(made->getResult(2));
    recurrence_.op()->erase();
  }

private:
  Value timeReversed(Value value) {
    if (!recurrence_.reverse())
      return value;
    return builder_.create("reverse", value, {{"axes", std::vector<int64_t>{0}}});
  }

  Value input() {
    SmallVector<Value> parts;
    for (const GateProduct &product : cell_.gates.front().products)
      if (recurrence_.isSlice(product.left))
        parts.push_back(recurrence_.sequence(cast<BlockArgument>(product.left).getArgNumber()));
    Value x = parts.size() == 1 ? parts.front()
                                : builder_.create("concat", parts, {{"axis", int64_t{2}}});
    return timeReversed(x);
  }

  /// A captured value or a constant of the body, in front of the recurrence.
  Value outside(Value value) {
    if (Operation *constant = value.getDefiningOp())
      return opBuilder_.clone(*constant)->getResult(0);
    const unsigned argument = cast<BlockArgument>(value).getArgNumber();
    return recurrence_.op()->getOperand(argument);
  }

  Value slice(Value value, std::vector<int64_t> begin, std::vector<int64_t> size) {
    if (extentsOf(value) == ArrayRef(size))
      return value;
    return builder_.create("slice", value, {{"begin", begin}, {"size", size}});
  }

  Value block(const GateProduct &product) {
    Value weights = outside(product.weights);
    if (!product.transposed)
      return slice(weights, {product.row, product.column}, {product.height, product.width});
    Value part = slice(weights, {product.column, product.row}, {product.width, product.height});
    return builder_.create("transpose", part, {{"perm", std::vector<int64_t>{1, 0}}});
  }

  static Value joined(GraphBuilder &builder, ArrayRef<Value> parts, int64_t axis) {
    return parts.size() == 1 ? parts.front() : builder.create("concat", parts, {{"axis", axis}});
  }

  /// [I, gates * H] of the input or [H, gates * H] of the state.
  Value weights(bool ofInput) {
    SmallVector<Value> columns;
    for (const GateArgument &gate : cell_.gates) {
      SmallVector<Value> rows;
      for (const GateProduct &product : gate.products)
        if (recurrence_.isSlice(product.left) == ofInput)
          rows.push_back(block(product));
      columns.push_back(joined(builder_, rows, 0));
    }
    return joined(builder_, columns, 1);
  }

  Value bias() {
    const int64_t width = extentsOf(recurrence_.initialState(cell_.hidden))[1];
    SmallVector<Value> parts;
    for (const GateArgument &gate : cell_.gates) {
      Value sum;
      for (const GateBias &bias : gate.biases) {
        Value value = outside(bias.value);
        if (bias.width > 0)
          value = slice(value, {bias.begin}, {bias.width});
        sum = sum ? builder_.create("add", {sum, value}) : value;
      }
      if (!sum)
        sum = builder_.constant(Tensor::zeros(float32, Shape{width}));
      if (extentsOf(sum) != ArrayRef<int64_t>{width})
        sum = builder_.create("broadcast_to", sum, {{"shape", std::vector<int64_t>{width}}});
      parts.push_back(sum);
    }
    return joined(builder_, parts, 0);
  }

  const Recurrence &recurrence_;
  const MatchedCell &cell_;
  OpBuilder opBuilder_;
  GraphBuilder builder_;
};

//===--- graph-raise-recurrences --------------------------------------------------------------===//

class RaiseRecurrencesPass : public impl::RaiseRecurrencesPassBase<RaiseRecurrencesPass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    for (Operation *op : findOps(program, "static_rnn")) {
      if (op->getParentOp() != program)
        continue;
      Fission fission = splitRecurrence(op);
      numLayersSplit += fission.numSplit;
      for (Operation *part : fission.parts)
        raise(part);
    }
  }

  void raise(Operation *op) {
    const Recurrence recurrence(op);
    std::string why;
    std::optional<MatchedCell> cell = matchCell(recurrence, why);
    if (!cell) {
      ++numDeclined;
      remarkMissed(op, getArgument(), why);
      return;
    }
    ++numRaised;
    static constexpr llvm::StringLiteral names[] = {"an LSTM", "a GRU", "a vanilla RNN"};
    remarkPassed(op, getArgument(), "recognised as " + names[cell->kind]);
    PrimitiveWriter(recurrence, *cell).run();
  }
};

} // namespace
} // namespace graphc
