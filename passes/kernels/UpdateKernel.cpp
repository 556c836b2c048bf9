// Updates of variables in place: assignments and the steps of optimizers, by TensorFlow's formulas.
#include "passes/kernels/ClusterKernel.h"
#include "passes/kernels/ElementEmitter.h"
#include "passes/kernels/FloatEmitter.h"
#include "passes/kernels/ScalarOps.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace graphc {

unsigned numStateBuffers(Operation *op) {
  const unsigned velocity = op->hasAttr("momentum_slot") ? 1 : 0;
  return llvm::StringSwitch<unsigned>(op->getName().stripDialect())
      .Cases({"assign", "assign_add", "assign_sub", "apply_gradient_descent"}, 1)
      .Cases({"apply_momentum", "apply_adagrad"}, 2)
      .Case("apply_adam", 3)
      .Case("apply_rms_prop", 2 + velocity)
      .Case("apply_centered_rms_prop", 3 + velocity)
      .Default(0);
}

bool updatesVariable(Operation *op) { return numStateBuffers(op) > 0; }

Value updateOperand(Operation *op) {
  const StringRef name = op->getName().stripDialect();
  if (name == "apply_momentum")
    return op->getOperand(1);
  return op->getOperand(op->getNumOperands() - 1);
}

Value emitUpdate(ElementEmitter &emitter, Operation *op, unsigned firstState,
                 ArrayRef<ValuePart> at) {
  KernelFunction &kernel = emitter.kernel();
  const Location loc = op->getLoc();
  const StringRef name = op->getName().stripDialect();
  const Value operand = updateOperand(op);
  const Type type = ElementEmitter::typeOf(operand);
  const ElementIndex index(at.begin(), at.end());
  const Value offset = emitter.offsetOf(index, extentsOf(operand));
  const Value g = emitter.element(operand, index);
  const auto state = [&](unsigned i) { return kernel.load(loc, firstState + i, offset, type); };
  const auto setState = [&](unsigned i, Value value) {
    kernel.store(loc, value, firstState + i, offset);
  };
  if (name.starts_with("assign")) {
    ScalarOps s(emitter.builder(), loc,
                cast<RankedTensorType>(operand.getType()).getElementType().isUnsignedInteger());
    const Value value = name == "assign"       ? g
                        : name == "assign_add" ? s.add(state(0), g)
                                               : s.subtract(state(0), g);
    setState(0, value);
    return value;
  }

  FloatEmitter f(emitter.builder(), loc, type);
  const auto scalar = [&](unsigned i) { return emitter.element(op->getOperand(i), {}); };
  /// What depends on scalars only, once for the whole kernel.
  const auto once = [&](const char *what, auto build) {
    return emitter.once(0, {op, what}, [&]() -> Value { return build(); });
  };
  /// slot + (x - slot) * (1 - decay)
  const auto average = [&](Value slot, Value x, Value rest) {
    return f.multiplyAdd(f.subtract(x, slot), rest, slot);
  };
  if (name == "apply_gradient_descent") {
    const Value value = f.subtract(state(0), f.multiply(scalar(0), g));
    setState(0, value);
    return value;
  }
  if (name == "apply_momentum") {
    const Value lr = scalar(0), momentum = scalar(2);
    const Value total = f.multiplyAdd(momentum, state(1), g);
    const auto nesterov = op->getAttrOfType<BoolAttr>("use_nesterov");
    const Value step = nesterov && nesterov.getValue() ? f.multiplyAdd(momentum, total, g) : total;
    const Value value = f.subtract(state(0), f.multiply(lr, step));
    setState(1, total);
    setState(0, value);
    return value;
  }
  if (name == "apply_adagrad") {
    const Value total = f.multiplyAdd(g, g, state(1));
    const Value value = f.subtract(state(0), f.divide(f.multiply(scalar(0), g), f.sqrt(total)));
    setState(1, total);
    setState(0, value);
    return value;
  }
  if (name == "apply_adam") {
    const Value beta1 = scalar(3), beta2 = scalar(4), epsilon = scalar(5);
    const Value rate = once("rate", [&] {
      return f.divide(f.multiply(scalar(2), f.sqrt(f.subtract(f.constant(1), scalar(1)))),
                      f.subtract(f.constant(1), scalar(0)));
    });
    const Value rest1 = once("1 - beta1", [&] { return f.subtract(f.constant(1), beta1); });
    const Value rest2 = once("1 - beta2", [&] { return f.subtract(f.constant(1), beta2); });
    const Value m = average(state(1), g, rest1);
    const Value v = average(state(2), f.multiply(g, g), rest2);
    const Value value =
        f.subtract(state(0), f.divide(f.multiply(rate, m), f.add(f.sqrt(v), epsilon)));
    setState(1, m);
    setState(2, v);
    setState(0, value);
    return value;
  }
  // RMSProp: (variable, mean_square, velocity), centered: (variable, mean_gradient, mean_square,
  // velocity); without momentum there is no velocity.
  const bool centered = name == "apply_centered_rms_prop";
  const Value lr = scalar(0), decay = scalar(1), momentum = scalar(2), epsilon = scalar(3);
  const Value rest = once("1 - decay", [&] { return f.subtract(f.constant(1), decay); });
  const unsigned squareSlot = centered ? 2 : 1;
  const Value meanSquare = average(state(squareSlot), f.multiply(g, g), rest);
  Value variance = meanSquare;
  if (centered) {
    const Value mean = average(state(1), g, rest);
    variance = f.subtract(meanSquare, f.multiply(mean, mean));
    setState(1, mean);
  }
  Value step = f.divide(f.multiply(lr, g), f.sqrt(f.add(variance, epsilon)));
  if (op->hasAttr("momentum_slot")) {
    step = f.multiplyAdd(momentum, state(squareSlot + 1), step);
    setState(squareSlot + 1, step);
  }
  const Value value = f.subtract(state(0), step);
  setState(squareSlot, meanSquare);
  setState(0, value);
  return value;
}

} // namespace graphc
