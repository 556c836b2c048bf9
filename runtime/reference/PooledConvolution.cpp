// Convolutions whose results are pooled at once, by the ops that they are made of.
#include <algorithm>

#include "runtime/Windows.h"
#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

/// A place that lets no gradient pass.
constexpr std::uint8_t kNowhere = 255;

Results pooledConv2d(const OpCall &call) {
  Attributes linear = call.attributes;
  linear.set("activation", std::string("none"));
  const Tensor z = evaluate({"fused_conv2d", linear, call.inputs})[0];
  const Attributes none, pooling = poolingOf(call.attributes);
  const std::vector<Tensor> image{z};
  Tensor y = evaluate({"max_pool2d", pooling, image})[0];
  const bool hasRelu =
      call.attributes.has("activation") && call.attributes.get_string("activation") == "relu";
  const std::vector<std::int64_t> &ksize = pooling.get_ints("ksize");
  const auto [rows, columns] =
      windowAxes(pooling, {z.shape()[1], z.shape()[2]}, {ksize[0], ksize[1]});
  const std::int64_t channels = z.shape()[3];
  Tensor places(uint8, y.shape());
  dispatchFloating(call, z.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T *in = z.data<T>();
    std::uint8_t *place = places.data<std::uint8_t>();
    for (std::int64_t n = 0; n < z.shape()[0]; ++n)
      for (std::int64_t i = 0; i < rows.output; ++i)
        for (std::int64_t j = 0; j < columns.output; ++j)
          for (std::int64_t c = 0; c < channels; ++c, ++place) {
            bool found = false;
            T greatest = 0;
            for (std::int64_t a = 0; a < rows.size; ++a)
              for (std::int64_t b = 0; b < columns.size; ++b) {
                const std::int64_t r = rows.at(i, a), s = columns.at(j, b);
                if (!rows.contains(r) || !columns.contains(s))
                  continue;
                const T value = in[((n * rows.input + r) * columns.input + s) * channels + c];
                if (found && !(value > greatest))
                  continue;
                found = true;
                greatest = value;
                *place = static_cast<std::uint8_t>(a * columns.size + b);
              }
            if (hasRelu && !(greatest > 0))
              *place = kNowhere;
          }
  });
  if (hasRelu) {
    const std::vector<Tensor> operand{y};
    y = evaluate({"relu", none, operand})[0];
  }
  return {y, places};
}

/// The gradient of the convolution's result, of `shape`.
Tensor spreadGradient(const OpCall &call, const Shape &shape, const Tensor &places,
                      const Tensor &dy) {
  const Attributes pooling = poolingOf(call.attributes);
  const std::vector<std::int64_t> &ksize = pooling.get_ints("ksize");
  const auto [rows, columns] = windowAxes(pooling, {shape[1], shape[2]}, {ksize[0], ksize[1]});
  Tensor dz = Tensor::zeros(dy.dtype(), shape);
  dispatchFloating(call, dy.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T *from = dy.data<T>();
    const std::uint8_t *place = places.data<std::uint8_t>();
    for (std::int64_t n = 0; n < shape[0]; ++n)
      for (std::int64_t i = 0; i < rows.output; ++i)
        for (std::int64_t j = 0; j < columns.output; ++j)
          for (std::int64_t c = 0; c < shape[3]; ++c, ++place, ++from) {
            const std::int64_t r = rows.at(i, *place / columns.size),
                               s = columns.at(j, *place % columns.size);
            if (*place != kNowhere && rows.contains(r) && columns.contains(s))
              dz.data<T>()[((n * rows.input + r) * columns.input + s) * shape[3] + c] = *from;
          }
  });
  return dz;
}

Shape resultShape(const OpCall &call, const Shape &x, const Shape &filter) {
  const auto [rows, columns] = windowAxes(call.attributes, {x[1], x[2]}, {filter[0], filter[1]});
  return {x[0], rows.output, columns.output, filter[3]};
}

Results backpropInput(const OpCall &call) {
  const Tensor &filter = call.inputs[0];
  const Shape x(call.attributes.get_ints("input_sizes"));
  const std::vector<Tensor> operands{
      filter,
      spreadGradient(call, resultShape(call, x, filter.shape()), call.inputs[1], call.inputs[2])};
  return evaluate({"conv2d_backprop_input", call.attributes, operands});
}

Results backpropFilter(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const Shape filter(call.attributes.get_ints("filter_sizes"));
  const std::int64_t parts = call.attributes.get_int("parts"), batch = x.shape()[0];
  const Tensor dz =
      spreadGradient(call, resultShape(call, x.shape(), filter), call.inputs[1], call.inputs[2]);
  std::vector<std::int64_t> extents = filter.extents();
  extents.insert(extents.begin(), parts);
  Tensor dfilter = Tensor::zeros(x.dtype(), Shape(extents));
  Tensor dbias = Tensor::zeros(x.dtype(), {parts, filter[3]});
  dispatchFloating(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const auto images = [](const Tensor &tensor, std::int64_t begin, std::int64_t end) {
      std::vector<std::int64_t> part = tensor.shape().extents();
      const std::int64_t size = part[0] > 0 ? tensor.num_elements() / part[0] : 0;
      part[0] = end - begin;
      Tensor copy(tensor.dtype(), Shape(part));
      std::copy_n(tensor.data<T>() + begin * size, copy.num_elements(), copy.data<T>());
      return copy;
    };
    for (std::int64_t p = 0; p < parts; ++p) {
      const std::int64_t begin = batch * p / parts, end = batch * (p + 1) / parts;
      const std::vector<Tensor> operands{images(x, begin, end), images(dz, begin, end)};
      const Tensor sums = evaluate({"conv2d_backprop_filter", call.attributes, operands})[0];
      std::copy_n(sums.data<T>(), sums.num_elements(), dfilter.data<T>() + p * sums.num_elements());
      const Attributes rows{{"axes", std::vector<std::int64_t>{0, 1, 2}}};
      const std::vector<Tensor> gradient{operands[1]};
      const Tensor bias = evaluate({"reduce_sum", rows, gradient})[0];
      std::copy_n(bias.data<T>(), bias.num_elements(), dbias.data<T>() + p * bias.num_elements());
    }
  });
  return {dfilter, dbias};
}

constexpr Entry kOps[] = {
    {"pooled_conv2d", pooledConv2d},
    {"pooled_conv2d_backprop_input", backpropInput},
    {"pooled_conv2d_backprop_filter", backpropFilter},
};

} // namespace

std::span<const Entry> pooledConvolutionOps() { return kOps; }

} // namespace graphc::reference
