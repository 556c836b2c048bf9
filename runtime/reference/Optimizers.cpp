#include "runtime/reference/Optimizers.h"

#include <cmath>

#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

using Slots = std::map<std::string, Tensor *>;

/// The state that belongs to one element of the variable; formulas compute in double.
template <typename T> class Elements {
public:
  Elements(const OpCall &call, const Slots &slots) : call_(call), slots_(slots) {
    const Tensor &variable = *at("variable");
    count = variable.num_elements();
    const Tensor &gradient_tensor =
        call.inputs[call.name == "apply_momentum" ? 1 : call.inputs.size() - 1];
    if (gradient_tensor.shape() != variable.shape())
      invalid(call, "expects a gradient of the variable's shape " + variable.shape().to_string() +
                        ", got " + gradient_tensor.shape().to_string());
    gradient = gradient_tensor.data<T>();
  }

  T *slot(const std::string &name) const {
    Tensor &tensor = *at(name);
    if (tensor.shape() != at("variable")->shape())
      invalid(call_, "expects " + name + " of the variable's shape " +
                         at("variable")->shape().to_string() + ", got " +
                         tensor.shape().to_string());
    return tensor.data<T>();
  }
  double scalar(std::size_t operand) const {
    return static_cast<double>(call_.inputs[operand].scalar<T>());
  }

  int64_t count;
  const T *gradient;

private:
  Tensor *at(const std::string &name) const {
    auto found = slots_.find(name);
    if (found == slots_.end())
      throw Error(Code::internal, std::string(call_.name) + " has no variable '" + name + "'");
    return found->second;
  }

  const OpCall &call_;
  const Slots &slots_;
};

double square(double x) { return x * x; }

template <typename T> void gradientDescent(const OpCall &, const Elements<T> &e) {
  const double lr = e.scalar(0);
  T *variable = e.slot("variable");
  for (int64_t i = 0; i < e.count; ++i)
    variable[i] = static_cast<T>(variable[i] - lr * e.gradient[i]);
}

template <typename T> void momentum(const OpCall &call, const Elements<T> &e) {
  const double lr = e.scalar(0), momentum = e.scalar(2);
  const bool nesterov = call.attributes.bool_or("use_nesterov", false);
  T *variable = e.slot("variable"), *accumulator = e.slot("accumulator");
  for (int64_t i = 0; i < e.count; ++i) {
    const double g = e.gradient[i], total = momentum * accumulator[i] + g;
    variable[i] = static_cast<T>(variable[i] - lr * (nesterov ? g + momentum * total : total));
    accumulator[i] = static_cast<T>(total);
  }
}

template <typename T> void adagrad(const OpCall &, const Elements<T> &e) {
  const double lr = e.scalar(0);
  T *variable = e.slot("variable"), *accumulator = e.slot("accumulator");
  for (int64_t i = 0; i < e.count; ++i) {
    const double g = e.gradient[i], total = accumulator[i] + square(g);
    variable[i] = static_cast<T>(variable[i] - lr * g / std::sqrt(total));
    accumulator[i] = static_cast<T>(total);
  }
}

template <typename T> void rmsProp(const OpCall &, const Elements<T> &e) {
  const double lr = e.scalar(0), decay = e.scalar(1), momentum = e.scalar(2), epsilon = e.scalar(3);
  T *variable = e.slot("variable"), *mean_square = e.slot("mean_square");
  T *velocity = e.slot("momentum_slot");
  for (int64_t i = 0; i < e.count; ++i) {
    const double g = e.gradient[i];
    const double mean = mean_square[i] + (square(g) - mean_square[i]) * (1 - decay);
    const double step = momentum * velocity[i] + lr * g / std::sqrt(mean + epsilon);
    mean_square[i] = static_cast<T>(mean);
    velocity[i] = static_cast<T>(step);
    variable[i] = static_cast<T>(variable[i] - step);
  }
}

template <typename T> void centeredRmsProp(const OpCall &, const Elements<T> &e) {
  const double lr = e.scalar(0), decay = e.scalar(1), momentum = e.scalar(2), epsilon = e.scalar(3);
  T *variable = e.slot("variable"), *mean_square = e.slot("mean_square");
  T *mean_gradient = e.slot("mean_gradient"), *velocity = e.slot("momentum_slot");
  for (int64_t i = 0; i < e.count; ++i) {
    const double g = e.gradient[i];
    const double mean_of_squares = mean_square[i] + (square(g) - mean_square[i]) * (1 - decay);
    const double mean = mean_gradient[i] + (g - mean_gradient[i]) * (1 - decay);
    const double variance = mean_of_squares - square(mean);
    const double step = momentum * velocity[i] + lr * g / std::sqrt(variance + epsilon);
    mean_square[i] = static_cast<T>(mean_of_squares);
    mean_gradient[i] = static_cast<T>(mean);
    velocity[i] = static_cast<T>(step);
    variable[i] = static_cast<T>(variable[i] - step);
  }
}

/// Kingma and Ba's algorithm in the form at the end of their section 2, with epsilon outside of the
/// root: what the paper calls epsilon hat.
template <typename T> void adam(const OpCall &, const Elements<T> &e) {
  const double beta1_power = e.scalar(0), beta2_power = e.scalar(1), lr = e.scalar(2);
  const double beta1 = e.scalar(3), beta2 = e.scalar(4), epsilon = e.scalar(5);
  const double rate = lr * std::sqrt(1 - beta2_power) / (1 - beta1_power);
  T *variable = e.slot("variable"), *m = e.slot("m"), *v = e.slot("v");
  for (int64_t i = 0; i < e.count; ++i) {
    const double g = e.gradient[i];
    const double first = m[i] + (g - m[i]) * (1 - beta1);
    const double second = v[i] + (square(g) - v[i]) * (1 - beta2);
    variable[i] = static_cast<T>(variable[i] - rate * first / (std::sqrt(second) + epsilon));
    m[i] = static_cast<T>(first);
    v[i] = static_cast<T>(second);
  }
}

template <typename T> using Update = void (*)(const OpCall &, const Elements<T> &);

template <typename T> Update<T> updateNamed(std::string_view name) {
  static const std::map<std::string_view, Update<T>> updates = {
      {"apply_gradient_descent", gradientDescent<T>},
      {"apply_momentum", momentum<T>},
      {"apply_adagrad", adagrad<T>},
      {"apply_rms_prop", rmsProp<T>},
      {"apply_centered_rms_prop", centeredRmsProp<T>},
      {"apply_adam", adam<T>},
  };
  auto found = updates.find(name);
  if (found == updates.end())
    throw Error(Code::unimplemented, "op '" + std::string(name) + "' is no optimizer's update");
  return found->second;
}

} // namespace

void applyOptimizer(const OpCall &call, const Slots &slots) {
  dispatchFloating(call, call.inputs[0].dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Update<T> update = updateNamed<T>(call.name);
    update(call, Elements<T>(call, slots));
  });
}

} // namespace graphc::reference
