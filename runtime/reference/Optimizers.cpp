#include "runtime/reference/Optimizers.h"

#include <cmath>
#include <cstring>

#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

using Slots = std::map<std::string, Tensor *>;

/// Which operand of a dense update is the gradient.
std::size_t gradientOperand(std::string_view name, std::size_t operands) {
  return name == "apply_momentum" ? 1 : operands - 1;
}

/// The state that belongs to one element of the variable; formulas compute in double.
template <typename T> class Elements {
public:
  Elements(const OpCall &call, const Slots &slots) : call_(call), slots_(slots) {
    const Tensor &variable = *at("variable");
    count = variable.num_elements();
    const Tensor &gradient_tensor = call.inputs[gradientOperand(call.name, call.inputs.size())];
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
  /// Null where the update goes without.
  T *slotIfAny(const std::string &name) const {
    return slots_.contains(name) ? slot(name) : nullptr;
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
  T *velocity = e.slotIfAny("momentum_slot");
  for (int64_t i = 0; i < e.count; ++i) {
    const double g = e.gradient[i];
    const double mean = mean_square[i] + (square(g) - mean_square[i]) * (1 - decay);
    double step = lr * g / std::sqrt(mean + epsilon);
    mean_square[i] = static_cast<T>(mean);
    if (velocity) {
      step += momentum * velocity[i];
      velocity[i] = static_cast<T>(step);
    }
    variable[i] = static_cast<T>(variable[i] - step);
  }
}

template <typename T> void centeredRmsProp(const OpCall &, const Elements<T> &e) {
  const double lr = e.scalar(0), decay = e.scalar(1), momentum = e.scalar(2), epsilon = e.scalar(3);
  T *variable = e.slot("variable"), *mean_square = e.slot("mean_square");
  T *mean_gradient = e.slot("mean_gradient"), *velocity = e.slotIfAny("momentum_slot");
  for (int64_t i = 0; i < e.count; ++i) {
    const double g = e.gradient[i];
    const double mean_of_squares = mean_square[i] + (square(g) - mean_square[i]) * (1 - decay);
    const double mean = mean_gradient[i] + (g - mean_gradient[i]) * (1 - decay);
    const double variance = mean_of_squares - square(mean);
    double step = lr * g / std::sqrt(variance + epsilon);
    mean_square[i] = static_cast<T>(mean_of_squares);
    mean_gradient[i] = static_cast<T>(mean);
    if (velocity) {
      step += momentum * velocity[i];
      velocity[i] = static_cast<T>(step);
    }
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

template <typename T> const std::map<std::string_view, Update<T>> &updatesByName() {
  static const std::map<std::string_view, Update<T>> updates = {
      {"apply_gradient_descent", gradientDescent<T>},
      {"apply_momentum", momentum<T>},
      {"apply_adagrad", adagrad<T>},
      {"apply_rms_prop", rmsProp<T>},
      {"apply_centered_rms_prop", centeredRmsProp<T>},
      {"apply_adam", adam<T>},
  };
  return updates;
}

constexpr std::string_view kSparse = "sparse_";

/// What the rows named by `indices` are numbered when each is counted once, and the sums of their
/// gradients.
struct MetRows {
  std::vector<int64_t> rows; ///< of the variable, in order of the first mention
  Tensor gradient;           ///< [rows, ...]
};

template <typename T>
MetRows addUpRows(const Tensor &gradient, const Tensor &indices, const Shape &variable) {
  MetRows met;
  std::vector<int64_t> places(static_cast<std::size_t>(variable[0]), -1);
  const std::vector<int64_t> numbers = [&] {
    const Tensor wide = indices.cast(int64);
    return std::vector<int64_t>(wide.values<int64_t>().begin(), wide.values<int64_t>().end());
  }();
  for (int64_t row : numbers)
    if (row >= 0 && row < variable[0] && places[static_cast<std::size_t>(row)] < 0) {
      places[static_cast<std::size_t>(row)] = static_cast<int64_t>(met.rows.size());
      met.rows.push_back(row);
    }
  std::vector<int64_t> extents = variable.extents();
  extents[0] = static_cast<int64_t>(met.rows.size());
  met.gradient = Tensor::zeros(gradient.dtype(), Shape(std::move(extents)));
  const int64_t width = variable[0] == 0 ? 0 : variable.num_elements() / variable[0];
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] < 0 || numbers[i] >= variable[0])
      continue;
    const T *from = gradient.data<T>() + static_cast<int64_t>(i) * width;
    T *to = met.gradient.data<T>() + places[static_cast<std::size_t>(numbers[i])] * width;
    for (int64_t k = 0; k < width; ++k)
      to[k] += from[k];
  }
  return met;
}

/// Copies rows of `whole` to the rows of `some`, which follow one another, or back.
void moveRows(Tensor &whole, Tensor &some, const std::vector<int64_t> &rows, bool back) {
  if (rows.empty())
    return;
  const std::size_t bytes = some.num_bytes() / rows.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    char *in_whole =
        static_cast<char *>(whole.raw_data()) + static_cast<std::size_t>(rows[i]) * bytes;
    char *in_some = static_cast<char *>(some.raw_data()) + i * bytes;
    back ? std::memcpy(in_whole, in_some, bytes) : std::memcpy(in_some, in_whole, bytes);
  }
}

/// The dense update of the rows met, taken out of the variable and its slots and put back.
template <typename T> void applySparse(const OpCall &call, const Slots &slots) {
  const std::string_view name = call.name.substr(kSparse.size());
  std::vector<Tensor> inputs(call.inputs.begin(), call.inputs.end() - 1);
  Tensor &gradient = inputs[gradientOperand(name, inputs.size())];
  MetRows met = addUpRows<T>(gradient, call.inputs.back(), slots.at("variable")->shape());
  gradient = met.gradient;
  std::map<std::string, Tensor> taken;
  Slots rows;
  for (const auto &[slot, whole] : slots) {
    Tensor &some = taken[slot] = Tensor(whole->dtype(), met.gradient.shape());
    moveRows(*whole, some, met.rows, /*back=*/false);
    rows[slot] = &some;
  }
  applyOptimizer({name, call.attributes, inputs, call.context}, rows);
  for (const auto &[slot, whole] : slots)
    moveRows(*whole, taken[slot], met.rows, /*back=*/true);
}

} // namespace

bool isOptimizerUpdate(std::string_view name) {
  if (name.starts_with(kSparse))
    name.remove_prefix(kSparse.size());
  return updatesByName<float>().contains(name);
}

void applyOptimizer(const OpCall &call, const Slots &slots) {
  dispatchFloating(call, call.inputs[0].dtype(), [&](auto zero) {
    using T = decltype(zero);
    if (call.name.starts_with(kSparse))
      return applySparse<T>(call, slots);
    const auto found = updatesByName<T>().find(call.name);
    if (found == updatesByName<T>().end())
      throw Error(Code::unimplemented,
                  "op '" + std::string(call.name) + "' is no optimizer's update");
    found->second(call, Elements<T>(call, slots));
  });
}

} // namespace graphc::reference
