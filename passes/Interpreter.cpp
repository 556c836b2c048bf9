#include "passes/Interpreter.h"

#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "mlir/IR/Block.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "passes/Recurrence.h"
#include "runtime/RandomGenerator.h"
#include "runtime/Status.h"
#include "runtime/reference/Optimizers.h"
#include "runtime/reference/Reference.h"
#include "llvm/ADT/DenseMap.h"

#include <algorithm>

namespace graphc {

using namespace mlir;

static StringRef shortName(Operation *op) {
  StringRef name = op->getName().getStringRef();
  name.consume_front("graph.");
  return name;
}

[[noreturn]] static void fail(Operation *op, Code code, const std::string &message) {
  throw Error(code, message, opName(op->getLoc()).str(), sourceLine(op->getLoc()));
}

// Reference kernels make what the shape functions promise; a difference is a defect of one of them.
static void checkResult(Operation *op, unsigned index, const Tensor &result) {
  if (!isGraphType(op->getResult(index).getType()))
    return;
  ValueType promised = toValueType(op->getResult(index).getType());
  if (result.dtype() != promised.dtype || !promised.shape.is_compatible_with(result.shape()))
    fail(op, Code::internal,
         shortName(op).str() + " promises " + promised.to_string() + ", its reference made " +
             ValueType{result.dtype(), result.shape()}.to_string());
}

static bool isTerminator(Operation *op) {
  StringRef name = shortName(op);
  return name == "yield" || name == "fetch";
}

std::vector<Tensor> Interpreter::runProgram(Operation *program, std::span<const Tensor> feeds) {
  feeds_ = feeds;
  placeholders_seen_ = 0;
  return runBlock(program->getRegion(0).front(), {});
}

std::vector<Tensor> Interpreter::runBlock(Block &block, std::span<const Tensor> arguments,
                                          int64_t step) {
  llvm::DenseMap<Value, Tensor> values;
  // Uses within this block that are still to come: a tensor is let go after its last one.
  llvm::DenseMap<Value, unsigned> usesLeft;
  auto define = [&](Value value, const Tensor &tensor) {
    const auto uses = static_cast<unsigned>(std::distance(value.use_begin(), value.use_end()));
    if (uses == 0)
      return;
    values[value] = tensor;
    usesLeft[value] = uses;
  };
  for (BlockArgument argument : block.getArguments())
    define(argument, arguments[argument.getArgNumber()]);

  std::vector<Tensor> results;
  for (Operation &op : block) {
    std::vector<Tensor> inputs;
    for (Value operand : op.getOperands()) {
      auto found = values.find(operand);
      if (found == values.end())
        fail(&op, Code::internal, shortName(&op).str() + " uses a value from outside of its block");
      inputs.push_back(found->second);
    }
    for (Value operand : op.getOperands())
      if (--usesLeft[operand] == 0)
        values.erase(operand);
    if (isTerminator(&op)) {
      results = std::move(inputs);
      continue;
    }
    std::vector<Tensor> outputs = evaluate(&op, inputs, step);
    for (OpResult result : op.getResults()) {
      checkResult(&op, result.getResultNumber(), outputs[result.getResultNumber()]);
      define(result, outputs[result.getResultNumber()]);
    }
  }
  return results;
}

std::vector<Tensor> Interpreter::evaluate(Operation *op, std::span<const Tensor> inputs,
                                          int64_t step) {
  StringRef name = shortName(op);
  if (name == "static_rnn")
    return runRecurrence(op, inputs);
  if (name == "while")
    return runLoop(op, inputs, step, nullptr);
  if (name == "while_gradient")
    return runWhileGradient(op, inputs, step);
  if (name == "cond")
    return runBlock(op->getRegion(inputs[0].scalar<bool>() ? 0 : 1).front(), inputs.subspan(1),
                    step);
  if (name == "cluster")
    return runBlock(op->getRegion(0).front(), inputs, step);
  if (name == "feed" || name == "placeholder") {
    const size_t index = name == "feed"
                             ? static_cast<size_t>(op->getAttrOfType<IntegerAttr>("index").getInt())
                             : placeholders_seen_++;
    if (index >= feeds_.size())
      fail(op, Code::invalid_argument, "no value is fed for this placeholder");
    return {feeds_[index]};
  }
  if (name == "no_op")
    return {};
  if (op->hasAttr("variable"))
    return runStateOp(op, inputs);
  const Attributes attributes = attributesOf(op);
  try {
    return reference::evaluate(
        {std::string_view(name.data(), name.size()), attributes, inputs, context_, step});
  } catch (const Error &error) {
    if (!error.op_name().empty())
      throw;
    fail(op, error.code(), error.message());
  }
}

std::vector<Tensor> Interpreter::runRecurrence(Operation *op, std::span<const Tensor> inputs) {
  auto segments = op->getAttrOfType<DenseI32ArrayAttr>("operandSegmentSizes").asArrayRef();
  const auto sequences = static_cast<size_t>(segments[0]);
  const auto states = static_cast<size_t>(segments[1]);
  const int64_t steps = op->getAttrOfType<IntegerAttr>("steps").getInt();
  const bool reverse = op->getAttrOfType<BoolAttr>("reverse").getValue();
  const int64_t firstStep = Recurrence(op).firstStep();

  std::vector<Tensor> state(inputs.begin() + static_cast<long>(sequences),
                            inputs.begin() + static_cast<long>(sequences + states));
  std::vector<Tensor> outputs;
  for (int64_t i = 0; i < steps; ++i) {
    const int64_t step = reverse ? steps - 1 - i : i;
    std::vector<Tensor> arguments;
    for (size_t s = 0; s < sequences; ++s) {
      std::vector<int64_t> extents = inputs[s].shape().extents();
      extents.erase(extents.begin());
      arguments.push_back(inputs[s].rows(step, step + 1).reshaped(Shape(extents)));
    }
    arguments.insert(arguments.end(), state.begin(), state.end());
    arguments.insert(arguments.end(), inputs.begin() + static_cast<long>(sequences + states),
                     inputs.end());
    std::vector<Tensor> yielded = runBlock(op->getRegion(0).front(), arguments, firstStep + step);
    const size_t outputCount = yielded.size() - states;
    for (size_t k = 0; k < outputCount; ++k) {
      if (outputs.size() == k) {
        std::vector<int64_t> extents = yielded[k].shape().extents();
        extents.insert(extents.begin(), steps);
        outputs.emplace_back(yielded[k].dtype(), Shape(extents));
      }
      Tensor row = outputs[k].rows(step, step + 1);
      std::memcpy(row.raw_data(), yielded[k].raw_data(), yielded[k].num_bytes());
    }
    state.assign(yielded.begin() + static_cast<long>(outputCount), yielded.end());
  }
  outputs.insert(outputs.end(), state.begin(), state.end());
  return outputs;
}

std::vector<Tensor> Interpreter::runIteration(Region &region, std::span<const Tensor> arguments,
                                              size_t iteration, int64_t step) {
  const std::uint64_t run = context_.run_index;
  context_.run_index = runIndexOfIteration(run, iteration);
  std::vector<Tensor> yielded = runBlock(region.front(), arguments, step);
  context_.run_index = run;
  return yielded;
}

std::vector<Tensor> Interpreter::runLoop(Operation *op, std::span<const Tensor> inputs,
                                         int64_t step, std::vector<std::vector<Tensor>> *kept) {
  const auto variables =
      static_cast<std::ptrdiff_t>(op->getRegion(1).front().getTerminator()->getNumOperands());
  const size_t seen = op->getRegion(1).getNumArguments();
  std::vector<Tensor> arguments(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(seen));
  for (size_t iteration = 0;
       runIteration(op->getRegion(0), arguments, iteration, step)[0].scalar<bool>(); ++iteration) {
    if (kept)
      kept->emplace_back(arguments.begin(), arguments.begin() + variables);
    std::ranges::copy(runIteration(op->getRegion(1), arguments, iteration, step),
                      arguments.begin());
  }
  arguments.resize(static_cast<size_t>(variables));
  return arguments;
}

std::vector<Tensor> Interpreter::runWhileGradient(Operation *op, std::span<const Tensor> inputs,
                                                  int64_t step) {
  std::vector<std::vector<Tensor>> kept;
  runLoop(op, inputs, step, &kept);
  const size_t seen = op->getRegion(1).getNumArguments();
  std::vector<Tensor> arguments(inputs.begin(), inputs.end());
  for (size_t iteration = kept.size(); iteration-- > 0;) {
    std::ranges::copy(kept[iteration], arguments.begin());
    std::ranges::copy(runIteration(op->getRegion(2), arguments, iteration, step),
                      arguments.begin() + static_cast<std::ptrdiff_t>(seen));
  }
  return {arguments.begin() + static_cast<std::ptrdiff_t>(seen), arguments.end()};
}

Tensor &Interpreter::variable(Operation *op, StringRef attribute) {
  std::string name = op->getAttrOfType<FlatSymbolRefAttr>(attribute).getValue().str();
  auto found = variables_.find(name);
  if (found == variables_.end())
    fail(op, Code::failed_precondition,
         "variable '" + name + "' is used before it was initialised");
  return found->second;
}

std::vector<Tensor> Interpreter::runStateOp(Operation *op, std::span<const Tensor> inputs) {
  StringRef name = shortName(op);
  if (name == "assign") {
    std::string variableName = op->getAttrOfType<FlatSymbolRefAttr>("variable").getValue().str();
    variables_[variableName] = inputs[0].clone();
    return {inputs[0]};
  }
  if (name == "read_variable")
    return {variable(op, "variable").clone()}; // later assignments must not show in this value
  if (name == "assign_add" || name == "assign_sub") {
    Tensor &target = variable(op, "variable");
    const Tensor operands[] = {target, inputs[0]};
    target = reference::evaluate(
        {name == "assign_add" ? "add" : "subtract", Attributes{}, operands, context_})[0];
    return {target.clone()};
  }
  std::map<std::string, Tensor *> slots;
  for (StringRef slot :
       {"variable", "accumulator", "m", "v", "mean_square", "mean_gradient", "momentum_slot"})
    if (op->hasAttr(slot))
      slots[slot.str()] = &variable(op, slot);
  const Attributes attributes = attributesOf(op);
  reference::applyOptimizer(
      {std::string_view(name.data(), name.size()), attributes, inputs, context_}, slots);
  return {};
}

} // namespace graphc
