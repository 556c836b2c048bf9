// Layer and batch normalization, and their gradients. The channels are the last axis.
#include "runtime/DnnlStages.h"

namespace graphc::dnnl_detail {
namespace {

using Desc = dnnl::memory::desc;
using Dims = dnnl::memory::dims;
using Tag = dnnl::memory::format_tag;

constexpr auto kFloat = dnnl::memory::data_type::f32;
const auto kFlags = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;

std::int64_t productOf(const Dims &extents, std::size_t first, std::size_t end) {
  std::int64_t product = 1;
  for (std::size_t axis = first; axis < end; ++axis)
    product *= extents[axis];
  return product;
}

/// The descriptors of a normalization of `x`.
template <typename ForwardPrimitive, typename BackwardPrimitive> struct Normalization {
  using Forward = ForwardPrimitive;
  using Backward = BackwardPrimitive;

  Normalization(const PrimitiveSpec &spec, Desc layout)
      : data(std::move(layout)), channels({spec.inputs[0].extents.back()}, kFloat, Tag::a),
        epsilon(static_cast<float>(spec.attributes.get_double("epsilon"))) {}

  typename Forward::primitive_desc forward(bool training) const {
    return {engine(),
            training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference,
            data,
            data,
            epsilon,
            kFlags,
            userScratchpad()};
  }
  typename Backward::primitive_desc backward() const {
    return {engine(),      dnnl::prop_kind::backward, data, data, data, epsilon, kFlags,
            forward(true), userScratchpad()};
  }

  Desc data, channels;
  float epsilon;
};

/// Rows of channels, whatever axes they come from.
struct Layers
    : Normalization<dnnl::layer_normalization_forward, dnnl::layer_normalization_backward> {
  explicit Layers(const PrimitiveSpec &spec) : Normalization(spec, rows(spec.inputs[0].extents)) {}

  static Desc rows(const Dims &x) {
    return {{productOf(x, 0, x.size() - 1), x.back()}, kFloat, Tag::ab};
  }
};

/// oneDNN names the channels second, wherever they lie.
struct Batches
    : Normalization<dnnl::batch_normalization_forward, dnnl::batch_normalization_backward> {
  explicit Batches(const PrimitiveSpec &spec)
      : Normalization(spec, images(spec.inputs[0].extents)) {}

  /// Rows of channels are the places of one image: one sample after the other costs more.
  static Desc images(const Dims &x) {
    const std::int64_t samples = x.size() == 2 ? 1 : x.front();
    return {{samples, x.back(), productOf(x, 0, x.size() - 1) / samples}, kFloat, Tag::nwc};
  }
};

template <typename Kind> Made forward(const PrimitiveSpec &spec) {
  const Kind norm(spec);
  const bool training = spec.outputs.size() > 1;
  const auto description = norm.forward(training);
  auto made = std::make_shared<StagedPrimitive>(spec.inputs.size(), spec.outputs.size());
  made->setImplementation(description);
  std::vector<Argument> arguments = {{DNNL_ARG_SRC, norm.data, made->input(0), 0},
                                     {DNNL_ARG_SCALE, norm.channels, made->input(1), 0},
                                     {DNNL_ARG_SHIFT, norm.channels, made->input(2), 0},
                                     {DNNL_ARG_DST, norm.data, made->output(0, spec), 0}};
  if (training) {
    arguments.push_back({DNNL_ARG_MEAN, description.mean_desc(), made->output(1, spec), 0});
    arguments.push_back({DNNL_ARG_VARIANCE, description.variance_desc(), made->output(2, spec), 0});
  }
  made->add(typename Kind::Forward(description), description, std::move(arguments));
  return made;
}

template <typename Kind> Made backward(const PrimitiveSpec &spec) {
  const Kind norm(spec);
  const auto description = norm.backward();
  auto made = std::make_shared<StagedPrimitive>(spec.inputs.size(), spec.outputs.size());
  made->setImplementation(description);
  std::vector<Argument> arguments = {
      {DNNL_ARG_SRC, norm.data, made->input(0), 0},
      {DNNL_ARG_SCALE, norm.channels, made->input(1), 0},
      {DNNL_ARG_MEAN, description.mean_desc(), made->input(2), 0},
      {DNNL_ARG_VARIANCE, description.variance_desc(), made->input(3), 0},
      {DNNL_ARG_DIFF_DST, norm.data, made->input(4), 0},
      {DNNL_ARG_DIFF_SRC, norm.data, made->output(0, spec), 0},
      {DNNL_ARG_DIFF_SCALE, norm.channels, made->output(1, spec), 0},
      {DNNL_ARG_DIFF_SHIFT, norm.channels, made->output(2, spec), 0}};
  // That of layers wants beta among its arguments and does not read it; that of batches refuses it.
  if constexpr (std::is_same_v<Kind, Layers>)
    arguments.push_back({DNNL_ARG_SHIFT, norm.channels, made->input(1), 0});
  made->add(typename Kind::Backward(description), description, std::move(arguments));
  return made;
}

bool isOfLayers(const PrimitiveSpec &spec) { return spec.kind.starts_with("layer"); }

} // namespace

Made makeNormalization(const PrimitiveSpec &spec) {
  return isOfLayers(spec) ? forward<Layers>(spec) : forward<Batches>(spec);
}

Made makeNormalizationGradient(const PrimitiveSpec &spec) {
  return isOfLayers(spec) ? backward<Layers>(spec) : backward<Batches>(spec);
}

} // namespace graphc::dnnl_detail
