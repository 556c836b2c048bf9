// Layer and batch normalization, and their gradients.
#include <cmath>

#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;
using Sums = std::vector<double>;

/// x as [rows, channels], of which either each row or each channel has its own mean.
class Groups {
public:
  Groups(const OpCall &call, const Shape &x)
      : ofChannels_(call.name.starts_with("batch")), channels_(x[x.rank() - 1]),
        rows_(channels_ == 0 ? 0 : x.num_elements() / channels_) {}

  std::size_t channels() const { return static_cast<std::size_t>(channels_); }
  std::size_t count() const { return static_cast<std::size_t>(ofChannels_ ? channels_ : rows_); }
  double elementsOfEach() const { return static_cast<double>(ofChannels_ ? rows_ : channels_); }
  /// Of the shape of x.
  Shape shape(const Shape &x) const {
    return ofChannels_ ? Shape{channels_}
                       : Shape(std::vector<int64_t>(x.extents().begin(), x.extents().end() - 1));
  }

  /// Calls `visit(element, channel, group)` for every element.
  template <typename Function> void forEach(Function &&visit) const {
    for (int64_t row = 0; row < rows_; ++row)
      for (int64_t channel = 0; channel < channels_; ++channel)
        visit(row * channels_ + channel, channel, ofChannels_ ? channel : row);
  }

  /// The mean of `value(element, channel, group)` over each group.
  template <typename Function> Sums means(Function &&value) const {
    Sums sums(count(), 0);
    forEach([&](int64_t element, int64_t channel, int64_t group) {
      sums[group] += value(element, channel, group);
    });
    for (double &sum : sums)
      sum /= elementsOfEach();
    return sums;
  }

private:
  bool ofChannels_;
  int64_t channels_, rows_;
};

template <typename T> Tensor rounded(const Sums &values, const Shape &shape) {
  Tensor tensor(data_type_of<T>, shape);
  for (std::size_t i = 0; i < values.size(); ++i)
    tensor.data<T>()[i] = static_cast<T>(values[i]);
  return tensor;
}

Results normalization(const OpCall &call) {
  const Shape &shape = call.inputs[0].shape();
  const Groups groups(call, shape);
  const double epsilon = call.attributes.get_double("epsilon");
  return dispatchFloating(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    const T *x = call.inputs[0].data<T>(), *gamma = call.inputs[1].data<T>(),
            *beta = call.inputs[2].data<T>();
    const Sums mean = groups.means([&](int64_t i, int64_t, int64_t) { return double{x[i]}; });
    const Sums variance = groups.means([&](int64_t i, int64_t, int64_t group) {
      const double centered = x[i] - mean[group];
      return centered * centered;
    });
    Tensor y(call.inputs[0].dtype(), shape);
    groups.forEach([&](int64_t i, int64_t channel, int64_t group) {
      y.data<T>()[i] = static_cast<T>(gamma[channel] * (x[i] - mean[group]) /
                                          std::sqrt(variance[group] + epsilon) +
                                      beta[channel]);
    });
    return {y, rounded<T>(mean, groups.shape(shape)), rounded<T>(variance, groups.shape(shape))};
  });
}

// dx = s (g - M(g) - x' M(g x')) with g = gamma dy, x' = (x - mean) s, s = 1 / sqrt(variance +
// epsilon), M the mean over a group.
Results normalizationGradient(const OpCall &call) {
  const Shape &shape = call.inputs[0].shape();
  const Groups groups(call, shape);
  const double epsilon = call.attributes.get_double("epsilon");
  return dispatchFloating(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    const T *x = call.inputs[0].data<T>(), *gamma = call.inputs[1].data<T>(),
            *mean = call.inputs[2].data<T>(), *variance = call.inputs[3].data<T>(),
            *dy = call.inputs[4].data<T>();
    const auto slope = [&](int64_t group) { return 1 / std::sqrt(variance[group] + epsilon); };
    const auto normalized = [&](int64_t i, int64_t group) {
      return (double{x[i]} - mean[group]) * slope(group);
    };
    const auto scaled = [&](int64_t i, int64_t channel) { return double{gamma[channel]} * dy[i]; };
    const Sums mean_g =
        groups.means([&](int64_t i, int64_t channel, int64_t) { return scaled(i, channel); });
    const Sums mean_gx = groups.means([&](int64_t i, int64_t channel, int64_t group) {
      return scaled(i, channel) * normalized(i, group);
    });
    Tensor dx(call.inputs[0].dtype(), shape);
    Sums dgamma(groups.channels(), 0), dbeta(groups.channels(), 0);
    groups.forEach([&](int64_t i, int64_t channel, int64_t group) {
      const double along = normalized(i, group);
      dx.data<T>()[i] = static_cast<T>(
          slope(group) * (scaled(i, channel) - mean_g[group] - along * mean_gx[group]));
      dgamma[channel] += dy[i] * along;
      dbeta[channel] += dy[i];
    });
    const Shape &channels = call.inputs[1].shape();
    return {dx, rounded<T>(dgamma, channels), rounded<T>(dbeta, channels)};
  });
}

constexpr Entry kOps[] = {
    {"layer_normalization", normalization},
    {"layer_normalization_gradient", normalizationGradient},
    {"batch_normalization", normalization},
    {"batch_normalization_gradient", normalizationGradient},
};

} // namespace

std::span<const Entry> normalizationOps() { return kOps; }

} // namespace graphc::reference
