// Poolings and their gradients, on images [batch, height, width, channels].
#include "runtime/Windows.h"
#include "runtime/reference/OpTable.h"
#include "runtime/reference/Parameters.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

struct Pooling {
  Pooling(const OpCall &call, const Shape &x)
      : axes(windowAxes(call.attributes, {x[1], x[2]}, sizesOf(call))), batch(x[0]),
        channels(x[3]) {}

  static std::array<int64_t, 2> sizesOf(const OpCall &call) {
    const std::vector<int64_t> &ksize = call.attributes.get_ints("ksize");
    return {ksize[0], ksize[1]};
  }

  Shape outputShape() const { return {batch, axes[0].output, axes[1].output, channels}; }

  /// Calls `visit(y, elements)` for every window with its place in the output and the places of its
  /// elements in the input, row by row.
  template <typename Function> void forEachWindow(Function visit) const {
    const auto &[rows, columns] = axes;
    std::vector<int64_t> elements;
    int64_t y = 0;
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t i = 0; i < rows.output; ++i)
        for (int64_t j = 0; j < columns.output; ++j)
          for (int64_t c = 0; c < channels; ++c) {
            elements.clear();
            for (int64_t a = 0; a < rows.size; ++a)
              for (int64_t b = 0; b < columns.size; ++b) {
                const int64_t r = rows.at(i, a), s = columns.at(j, b);
                if (rows.contains(r) && columns.contains(s))
                  elements.push_back(((n * rows.input + r) * columns.input + s) * channels + c);
              }
            visit(y++, elements);
          }
  }

  WindowAxes axes;
  int64_t batch, channels;
};

/// The place of the greatest element, the first of equal ones.
template <typename T> int64_t greatest(const T *x, const std::vector<int64_t> &elements) {
  int64_t found = elements.front();
  for (int64_t element : elements)
    if (x[element] > x[found])
      found = element;
  return found;
}

Results maxPool2d(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const Pooling pool(call, x.shape());
  Tensor y(x.dtype(), pool.outputShape());
  dispatchNumeric(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    pool.forEachWindow([&, in = x.data<T>(), out = y.data<T>()](int64_t at, const auto &elements) {
      out[at] = in[greatest(in, elements)];
    });
  });
  return {y};
}

Results maxPool2dGradient(const OpCall &call) {
  const Tensor &x = call.inputs[0], &dy = call.inputs[2];
  const Pooling pool(call, x.shape());
  Tensor dx = Tensor::zeros(x.dtype(), x.shape());
  dispatchFloating(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    pool.forEachWindow([&, in = x.data<T>(), gradient = dy.data<T>(),
                        out = dx.data<T>()](int64_t at, const auto &elements) {
      out[greatest(in, elements)] += gradient[at];
    });
  });
  return {dx};
}

Results maxPool2dGradientGradient(const OpCall &call) {
  const Tensor &x = call.inputs[0], &g = call.inputs[2];
  const Pooling pool(call, x.shape());
  Tensor dz(x.dtype(), pool.outputShape());
  dispatchFloating(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    pool.forEachWindow([&, in = x.data<T>(), gradient = g.data<T>(),
                        out = dz.data<T>()](int64_t at, const auto &elements) {
      out[at] = gradient[greatest(in, elements)];
    });
  });
  return {dz};
}

Results avgPool2d(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const Pooling pool(call, x.shape());
  Tensor y(x.dtype(), pool.outputShape());
  dispatchFloating(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    pool.forEachWindow([&, in = x.data<T>(), out = y.data<T>()](int64_t at, const auto &elements) {
      double total = 0;
      for (int64_t element : elements)
        total += static_cast<double>(in[element]);
      out[at] = static_cast<T>(total / static_cast<double>(elements.size()));
    });
  });
  return {y};
}

Results avgPool2dGradient(const OpCall &call) {
  const Tensor &dy = call.inputs[0];
  const Shape x(Parameters(call, 1).next("input_sizes"));
  const Pooling pool(call, x);
  if (dy.shape() != pool.outputShape())
    invalid(call, "expects dy of shape " + pool.outputShape().to_string() + ", got " +
                      dy.shape().to_string());
  Tensor dx = Tensor::zeros(dy.dtype(), x);
  dispatchFloating(call, dy.dtype(), [&](auto zero) {
    using T = decltype(zero);
    pool.forEachWindow(
        [&, gradient = dy.data<T>(), out = dx.data<T>()](int64_t at, const auto &elements) {
          for (int64_t element : elements)
            out[element] += gradient[at] / static_cast<T>(elements.size());
        });
  });
  return {dx};
}

constexpr Entry kOps[] = {
    {"max_pool2d", maxPool2d},
    {"max_pool2d_gradient", maxPool2dGradient},
    {"max_pool2d_gradient_gradient", maxPool2dGradientGradient},
    {"avg_pool2d", avgPool2d},
    {"avg_pool2d_gradient", avgPool2dGradient},
};

} // namespace

std::span<const Entry> poolingOps() { return kOps; }

} // namespace graphc::reference
