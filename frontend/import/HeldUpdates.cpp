#include "frontend/import/HeldUpdates.h"

namespace graphc::importing {

namespace {

class HeldUpdate {
public:
  HeldUpdate(NodeContext &c, const std::vector<ImportedVariable> &variables,
             const std::vector<Output> &operands)
      : c_(c), variables_(variables), operands_(operands) {}

  void gradientDescent() { subtract(times(operand(0), operand(1))); }

  void momentum(bool nesterov) {
    const Output lr = operand(0), g = operand(1), factor = operand(2);
    const Output total = set(1, plus(times(factor, held(1)), g));
    subtract(times(lr, nesterov ? plus(g, times(factor, total)) : total));
  }

  void adagrad() {
    const Output lr = operand(0), g = operand(1);
    const Output total = set(1, plus(held(1), times(g, g)));
    subtract(over(times(lr, g), root(total)));
  }

  void rmsProp(bool centered) {
    const Output lr = operand(0), decay = operand(1), factor = operand(2), epsilon = operand(3),
                 g = operand(4);
    const std::size_t square = centered ? 2 : 1;
    Output variance = average(square, times(g, g), decay);
    if (centered) {
      const Output mean = average(1, g, decay);
      variance = minus(variance, times(mean, mean));
    }
    const Output step = over(times(lr, g), root(plus(variance, epsilon)));
    subtract(set(square + 1, plus(times(factor, held(square + 1)), step)));
  }

  void adam() {
    const Output power1 = operand(0), power2 = operand(1), lr = operand(2), beta1 = operand(3),
                 beta2 = operand(4), epsilon = operand(5), g = operand(6);
    const Output rate = over(times(lr, root(rest(power2))), rest(power1));
    const Output m = average(1, g, beta1), v = average(2, times(g, g), beta2);
    subtract(over(times(rate, m), plus(root(v), epsilon)));
  }

private:
  const Output &operand(std::size_t k) const { return operands_.at(k); }
  Output held(std::size_t k) { return recordRead(c_.state(), variables_.at(k), ""); }
  const Output &set(std::size_t k, const Output &value) {
    return (*c_.state().held)[variables_.at(k).op_name] = value;
  }
  void subtract(const Output &step) { set(0, minus(held(0), step)); }

  Output plus(const Output &x, const Output &y) { return c_.helper("add", {x, y}); }
  Output minus(const Output &x, const Output &y) { return c_.helper("subtract", {x, y}); }
  Output times(const Output &x, const Output &y) { return c_.helper("multiply", {x, y}); }
  Output over(const Output &x, const Output &y) { return c_.helper("divide", {x, y}); }
  Output root(const Output &x) { return c_.helper("sqrt", {x}); }
  Output rest(const Output &x) { return minus(c_.scalar(1, x.dtype()), x); }
  /// slot + (x - slot) * (1 - decay)
  Output average(std::size_t k, const Output &x, const Output &decay) {
    const Output before = held(k);
    return set(k, plus(before, times(minus(x, before), rest(decay))));
  }

  NodeContext &c_;
  const std::vector<ImportedVariable> &variables_;
  const std::vector<Output> &operands_;
};

} // namespace

void recordHeldUpdate(NodeContext &context, std::string_view op,
                      const std::vector<ImportedVariable> &variables,
                      const std::vector<Output> &operands, bool use_nesterov) {
  HeldUpdate update(context, variables, operands);
  if (op == "apply_gradient_descent")
    update.gradientDescent();
  else if (op == "apply_momentum")
    update.momentum(use_nesterov);
  else if (op == "apply_adagrad")
    update.adagrad();
  else if (op == "apply_rms_prop" || op == "apply_centered_rms_prop")
    update.rmsProp(op == "apply_centered_rms_prop");
  else if (op == "apply_adam")
    update.adam();
  else
    context.refuseUnknown("an update of some rows of a variable in a loop or branch: expected it "
                          "outside of them");
}

} // namespace graphc::importing
