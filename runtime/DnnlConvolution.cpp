// Convolutions and their gradients. Images stay [batch, height, width, channels], so that nothing
// is reordered between two of them; filters are brought into the layout that oneDNN likes best.
#include "runtime/DnnlStages.h"

#include "runtime/Status.h"

namespace graphc::dnnl_detail {
namespace {

using Desc = dnnl::memory::desc;
using Dims = dnnl::memory::dims;

/// A filter as oneDNN's dimensions: [outputs, channels, height, width], or, where every channel is
/// convolved by itself, [channels, multiplier, 1, height, width].
class Filter {
public:
  Filter(const Dims &extents, bool depthwise) {
    const std::int64_t height = extents[0], width = extents[1], channels = extents[2],
                       last = extents[3];
    const std::int64_t column = channels * last, row = width * column;
    dims_ =
        depthwise ? Dims{channels, last, 1, height, width} : Dims{last, channels, height, width};
    strides_ = depthwise ? Dims{last, 1, 1, row, column} : Dims{1, last, row, column};
  }

  Desc plain() const { return {dims_, dnnl::memory::data_type::f32, strides_}; }
  Desc any() const { return {dims_, dnnl::memory::data_type::f32, dnnl::memory::format_tag::any}; }

private:
  Dims dims_;
  Dims strides_;
};

/// What the primitive descriptions of one convolution are made of.
struct Convolution {
  Convolution(const PrimitiveSpec &spec, const Dims &x, const Dims &filter, const Dims &y)
      : x(describeImage(x)), y(describeImage(y)),
        filter(filter, spec.attributes.get_bool("depthwise")),
        strides(spec.attributes.get_ints("strides")),
        dilations(spec.attributes.get_ints("dilations")),
        paddingBefore(spec.attributes.get_ints("padding_before")),
        paddingAfter(spec.attributes.get_ints("padding_after")) {
    // oneDNN counts the elements that are skipped.
    for (std::int64_t &dilation : dilations)
      --dilation;
  }

  dnnl::convolution_forward::primitive_desc forward(bool biased,
                                                    const std::string &activation) const {
    constexpr auto kind = dnnl::prop_kind::forward_training;
    constexpr auto algorithm = dnnl::algorithm::convolution_direct;
    const dnnl::primitive_attr attributes = withActivation(activation);
    if (!biased)
      return {engine(),  kind,          algorithm,    x,         filter.any(), y, strides,
              dilations, paddingBefore, paddingAfter, attributes};
    return {engine(),  kind,          algorithm,    x,         filter.any(), bias(), y, strides,
            dilations, paddingBefore, paddingAfter, attributes};
  }

  Desc bias() const {
    return {{y.get_dims()[1]}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::x};
  }

  Desc x, y;
  Filter filter;
  Dims strides, dilations, paddingBefore, paddingAfter;
};

/// True where a filter of one row slides over every row by itself, as in a conv1d.
bool isRowByRow(const PrimitiveSpec &spec, const Dims &filter) {
  return filter[0] == 1 && spec.attributes.get_ints("strides")[0] == 1 &&
         spec.attributes.get_ints("padding_before")[0] == 0 &&
         spec.attributes.get_ints("padding_after")[0] == 0;
}

/// The rows of all images as the rows of one.
Dims oneImage(const Dims &extents) { return {1, extents[0] * extents[1], extents[2], extents[3]}; }

} // namespace

Desc describeImage(const Dims &extents) {
  const std::int64_t height = extents[1], width = extents[2], channels = extents[3];
  return {{extents[0], channels, height, width},
          dnnl::memory::data_type::f32,
          Dims{height * width * channels, 1, width * channels, channels}};
}

Made makeConvolution(const PrimitiveSpec &spec) {
  const bool packed = spec.attributes.has("filter_extents");
  const Dims &extents =
      packed ? spec.attributes.get_ints("filter_extents") : spec.inputs[1].extents;
  const Convolution conv(spec, spec.inputs[0].extents, extents, spec.outputs[0].extents);
  const bool biased = spec.inputs.size() > 2;
  const auto description = conv.forward(biased, spec.attributes.get_string("activation"));
  auto made = std::make_shared<StagedPrimitive>(spec.inputs.size(), 1);
  made->setImplementation(description);
  Argument filter{DNNL_ARG_WEIGHTS, packed ? description.weights_desc() : conv.filter.plain(),
                  made->input(1), 0};
  filter = made->inLayout(filter, description.weights_desc());
  std::vector<Argument> arguments = {{DNNL_ARG_SRC, conv.x, made->input(0), 0},
                                     filter,
                                     {DNNL_ARG_DST, conv.y, made->output(0, spec), 0}};
  if (biased)
    arguments.push_back({DNNL_ARG_BIAS, conv.bias(), made->input(2), 0});
  made->add(dnnl::convolution_forward(description), description, std::move(arguments));
  return made;
}

Made makeConvolutionPack(const PrimitiveSpec &spec) {
  const Convolution conv(spec, spec.attributes.get_ints("x_extents"), spec.inputs[0].extents,
                         spec.attributes.get_ints("y_extents"));
  const auto description =
      conv.forward(spec.attributes.get_bool("bias"), spec.attributes.get_string("activation"));
  auto made = std::make_shared<StagedPrimitive>(1, 1);
  const Desc wanted = description.weights_desc();
  made->setImplementation(description);
  made->setOpaqueBytes(wanted.get_size());
  made->setChangesLayout(wanted != conv.filter.plain());
  made->addReorder({0, conv.filter.plain(), made->input(0), 0},
                   {0, wanted, made->output(0, spec), 0});
  return made;
}

Made makeConvolutionInputGradient(const PrimitiveSpec &spec) {
  const Convolution conv(spec, spec.outputs[0].extents, spec.inputs[0].extents,
                         spec.inputs[1].extents);
  const auto hint = conv.forward(false, "none");
  const dnnl::convolution_backward_data::primitive_desc description(
      engine(), dnnl::algorithm::convolution_direct, conv.x, conv.filter.any(), conv.y,
      conv.strides, conv.dilations, conv.paddingBefore, conv.paddingAfter, hint, userScratchpad());
  auto made = std::make_shared<StagedPrimitive>(2, 1);
  made->setImplementation(description);
  const Argument filter = made->inLayout({DNNL_ARG_WEIGHTS, conv.filter.plain(), made->input(0), 0},
                                         description.weights_desc());
  made->add(dnnl::convolution_backward_data(description), description,
            {{DNNL_ARG_DIFF_DST, conv.y, made->input(1), 0},
             filter,
             {DNNL_ARG_DIFF_SRC, conv.x, made->output(0, spec), 0}});
  return made;
}

Made makeConvolutionFilterGradient(const PrimitiveSpec &spec) {
  Dims x = spec.inputs[0].extents, y = spec.inputs[1].extents;
  // oneDNN starts anew with every image, which costs more than a short row's products.
  if (isRowByRow(spec, spec.outputs[0].extents)) {
    x = oneImage(x);
    y = oneImage(y);
  }
  const Convolution conv(spec, x, spec.outputs[0].extents, y);
  const auto hint = conv.forward(false, "none");
  const dnnl::convolution_backward_weights::primitive_desc description(
      engine(), dnnl::algorithm::convolution_direct, conv.x, conv.filter.any(), conv.y,
      conv.strides, conv.dilations, conv.paddingBefore, conv.paddingAfter, hint, userScratchpad());
  auto made = std::make_shared<StagedPrimitive>(2, 1);
  made->setImplementation(description);
  const Argument output{DNNL_ARG_DIFF_WEIGHTS, conv.filter.plain(), made->output(0, spec), 0};
  Argument written = output;
  const Desc wanted = description.diff_weights_desc();
  if (wanted != output.layout)
    written = {DNNL_ARG_DIFF_WEIGHTS, wanted, kScratchpad, made->reserve(wanted.get_size())};
  made->add(dnnl::convolution_backward_weights(description), description,
            {{DNNL_ARG_SRC, conv.x, made->input(0), 0},
             {DNNL_ARG_DIFF_DST, conv.y, made->input(1), 0},
             written});
  if (wanted != output.layout)
    made->addReorder(written, output);
  return made;
}

} // namespace graphc::dnnl_detail
