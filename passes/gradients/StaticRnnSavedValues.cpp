// What a forward recurrence saves for its gradient: the values that are dear to compute again
// become sequences, further outputs of it.
#include "passes/gradients/Differentiator.h"
#include "passes/gradients/StaticRnnGradient.h"
#include "llvm/ADT/SetVector.h"

namespace graphc {

using namespace mlir;

namespace {

/// The value to save in the place of a product: sums of the product need it only to be computed
/// themselves, so the end of a chain of them stands for all.
Value worthSaving(Value product) {
  while (product.hasOneUse()) {
    Operation *user = *product.user_begin();
    if (!(isGraphOp(user, "add") || isGraphOp(user, "subtract") || isGraphOp(user, "add_n") ||
          isGraphOp(user, "bias_add")) ||
        user->getResult(0).getType() != product.getType())
      break;
    product = user->getResult(0);
  }
  return product;
}

/// The activations that alone use a value, through sums and parts of it; empty where something else
/// does.
SmallVector<Value> activationsOf(Value value) {
  static constexpr llvm::StringLiteral activations[] = {"tanh", "sigmoid", "exp"};
  static constexpr llvm::StringLiteral cheap[] = {"add",      "subtract", "multiply",   "bias_add",
                                                  "split",    "slice",    "unstack",    "reshape",
                                                  "identity", "squeeze",  "expand_dims"};
  llvm::SetVector<Value> found;
  SmallVector<Value> worklist{value};
  while (!worklist.empty())
    for (Operation *user : worklist.pop_back_val().getUsers()) {
      if (llvm::is_contained(activations, graphName(user)))
        found.insert(user->getResult(0));
      else if (llvm::is_contained(cheap, graphName(user)))
        llvm::append_range(worklist, user->getResults());
      else
        return {};
    }
  return found.takeVector();
}

} // namespace

void StaticRnnGradient::useSavedProducts() {
  DenseSet<Value> saved;
  for (Operation &op : forward_.body()) {
    if (!isGraphOp(&op, "matmul"))
      continue;
    Value value = worthSaving(op.getResult(0));
    if (!saved.insert(value).second)
      continue;
    Value copy = copies_.lookup(value);
    copy.replaceAllUsesWith(addPort(Port::sequence, value.getType(), {}, value));
  }
}

// What a product is only wanted for, a cell's gates, is saved in its place where that takes no more
// memory: then nothing dear is computed twice.
void StaticRnnGradient::saveActivations() {
  DenseMap<Value, Value> originals;
  for (Operation &op : forward_.body().without_terminator())
    for (Value result : op.getResults())
      originals[copies_.lookup(result)] = result;
  eraseDeadOps();
  for (unsigned i = 0, count = static_cast<unsigned>(ports_.size()); i < count; ++i) {
    Value product = ports_[i].saved, argument = ports_[i].argument;
    if (!product || !product.getDefiningOp() || argument.use_empty())
      continue;
    const SmallVector<Value> activations = activationsOf(argument);
    int64_t bytes = 0;
    for (Value value : activations)
      bytes +=
          originals.contains(value) ? bytesOf(value.getType()) : bytesOf(product.getType()) + 1;
    if (activations.empty() || bytes > bytesOf(product.getType()))
      continue;
    for (Value value : activations)
      value.replaceAllUsesWith(addPort(Port::sequence, value.getType(), {}, originals[value]));
    eraseDeadOps();
  }
}

void StaticRnnGradient::saveForward() {
  SmallVector<Port *> ports;
  SmallVector<Value> values;
  for (Port &port : ports_) {
    if (!port.saved)
      continue;
    std::optional<unsigned> state = forwardState(port);
    const bool inBody = !port.argument.use_empty();
    // What is only wanted outside is had from the outputs there.
    if (!inBody && !(port.needed && !(state && outputOfState(*state))))
      continue;
    ports.push_back(&port);
    bool isOutput = false;
    for (unsigned i = 0; i < forward_.numOutputs() && !isOutput; ++i)
      isOutput = forward_.yieldedOutput(i) == port.saved;
    if (!isOutput)
      values.push_back(port.saved);
  }
  if (!values.empty()) {
    SmallVector<Value> before(forward_.op()->getResults());
    const unsigned outputs = forward_.numOutputs();
    const auto added = static_cast<unsigned>(values.size());
    forward_.addOutputs(values);
    SmallVector<Value> after;
    for (unsigned i = 0; i < before.size(); ++i)
      after.push_back(forward_.op()->getResult(i < outputs ? i : i + added));
    context_.differentiator().replaced(before, after);
    // The gradients that this rule was given may be such results themselves.
    for (Port &port : ports_)
      if (auto found = llvm::find(before, port.outer); port.outer && found != before.end())
        port.outer = after[static_cast<size_t>(found - before.begin())];
  }
  for (Port *port : ports)
    for (unsigned i = 0; i < forward_.numOutputs(); ++i)
      if (forward_.yieldedOutput(i) == port->saved)
        port->outer = forward_.output(i);
}

} // namespace graphc
