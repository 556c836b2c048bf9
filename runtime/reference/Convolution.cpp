// Convolutions and their gradients: images [batch, height, width, channels], filters [height,
// width, channels, outputs], depthwise ones [height, width, channels, multiplier].
#include <algorithm>

#include "runtime/Windows.h"
#include "runtime/reference/Epilogue.h"
#include "runtime/reference/OpTable.h"
#include "runtime/reference/Parameters.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

/// The extents of one convolution and where its elements lie.
struct Convolution {
  Convolution(const OpCall &call, const Shape &x, const Shape &filter, bool depthwise)
      : axes(windowAxes(call.attributes, {x[1], x[2]}, {filter[0], filter[1]})), batch(x[0]),
        channels(filter[2]), last(filter[3]),
        outputs(depthwise ? filter[2] * filter[3] : filter[3]), depthwise(depthwise) {}

  Shape outputShape() const { return {batch, axes[0].output, axes[1].output, outputs}; }

  /// Calls `visit(x, filter, y)` with the places of every product that the convolution sums up,
  /// those of one element of y one after the other.
  template <typename Function> void forEachProduct(Function visit) const {
    const auto &[rows, columns] = axes;
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t i = 0; i < rows.output; ++i)
        for (int64_t j = 0; j < columns.output; ++j)
          for (int64_t k = 0; k < outputs; ++k) {
            const int64_t y = ((n * rows.output + i) * columns.output + j) * outputs + k;
            for (int64_t a = 0; a < rows.size; ++a)
              for (int64_t b = 0; b < columns.size; ++b) {
                const int64_t r = rows.at(i, a), s = columns.at(j, b);
                if (!rows.contains(r) || !columns.contains(s))
                  continue;
                const int64_t x = ((n * rows.input + r) * columns.input + s) * channels;
                const int64_t filter = (a * columns.size + b) * channels * last;
                if (depthwise)
                  visit(x + k / last, filter + k, y);
                else
                  for (int64_t c = 0; c < channels; ++c)
                    visit(x + c, filter + c * last + k, y);
              }
          }
  }

  WindowAxes axes;
  int64_t batch, channels, last, outputs;
  bool depthwise;
};

/// A tensor of `shape` whose elements `accumulate(sums)` adds up in double.
template <typename T, typename Function> Tensor summed(Shape shape, Function accumulate) {
  Tensor result(data_type_of<T>, std::move(shape));
  std::vector<double> sums(static_cast<std::size_t>(result.num_elements()), 0);
  accumulate(sums);
  std::transform(sums.begin(), sums.end(), result.data<T>(),
                 [](double sum) { return static_cast<T>(sum); });
  return result;
}

template <bool depthwise> Results convolution(const OpCall &call) {
  const Tensor &x = call.inputs[0], &filter = call.inputs[1];
  const Convolution conv(call, x.shape(), filter.shape(), depthwise);
  return dispatchFloating(call, x.dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {summed<T>(conv.outputShape(), [&, xs = x.data<T>(), ws = filter.data<T>()](auto &sums) {
      conv.forEachProduct([&](int64_t i, int64_t w, int64_t y) {
        sums[y] += static_cast<double>(xs[i]) * static_cast<double>(ws[w]);
      });
    })};
  });
}

template <bool depthwise> Results backpropInput(const OpCall &call) {
  const Tensor &filter = call.inputs[0], &dy = call.inputs[1];
  const Shape x(Parameters(call, 2).next("input_sizes"));
  const Convolution conv(call, x, filter.shape(), depthwise);
  if (dy.shape() != conv.outputShape())
    invalid(call, "expects dy of shape " + conv.outputShape().to_string() + ", got " +
                      dy.shape().to_string());
  return dispatchFloating(call, dy.dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {summed<T>(x, [&, ws = filter.data<T>(), ds = dy.data<T>()](auto &sums) {
      conv.forEachProduct([&](int64_t i, int64_t w, int64_t y) {
        sums[i] += static_cast<double>(ds[y]) * static_cast<double>(ws[w]);
      });
    })};
  });
}

template <bool depthwise> Results backpropFilter(const OpCall &call) {
  const Tensor &x = call.inputs[0], &dy = call.inputs[1];
  const Shape filter(Parameters(call, 2).next("filter_sizes"));
  const Convolution conv(call, x.shape(), filter, depthwise);
  if (dy.shape() != conv.outputShape())
    invalid(call, "expects dy of shape " + conv.outputShape().to_string() + ", got " +
                      dy.shape().to_string());
  return dispatchFloating(call, dy.dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    return {summed<T>(filter, [&, xs = x.data<T>(), ds = dy.data<T>()](auto &sums) {
      conv.forEachProduct([&](int64_t i, int64_t w, int64_t y) {
        sums[w] += static_cast<double>(ds[y]) * static_cast<double>(xs[i]);
      });
    })};
  });
}

Results fusedConv2d(const OpCall &call) {
  return withEpilogue(call, convolution<false>(call).front());
}

constexpr Entry kOps[] = {
    {"conv2d", convolution<false>},
    {"conv2d_backprop_input", backpropInput<false>},
    {"conv2d_backprop_filter", backpropFilter<false>},
    {"depthwise_conv2d", convolution<true>},
    {"depthwise_conv2d_backprop_input", backpropInput<true>},
    {"depthwise_conv2d_backprop_filter", backpropFilter<true>},
    {"fused_conv2d", fusedConv2d},
};

} // namespace

std::span<const Entry> convolutionOps() { return kOps; }

} // namespace graphc::reference
