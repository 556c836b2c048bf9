// Poolings and their gradients, on images [batch, height, width, channels].
#include "runtime/DnnlStages.h"

namespace graphc::dnnl_detail {
namespace {

using Desc = dnnl::memory::desc;
using Dims = dnnl::memory::dims;

struct Pooling {
  Pooling(const PrimitiveSpec &spec, const Dims &x, const Dims &y)
      : x(describeImage(x)), y(describeImage(y)), strides(spec.attributes.get_ints("strides")),
        sizes(spec.attributes.get_ints("ksize")),
        paddingBefore(spec.attributes.get_ints("padding_before")),
        paddingAfter(spec.attributes.get_ints("padding_after")),
        algorithm(spec.kind.starts_with("max") ? dnnl::algorithm::pooling_max
                                               : dnnl::algorithm::pooling_avg_exclude_padding) {}

  dnnl::pooling_forward::primitive_desc forward(dnnl::prop_kind kind) const {
    return {engine(),      kind,         algorithm,       x, y, strides, sizes, undilated,
            paddingBefore, paddingAfter, userScratchpad()};
  }
  dnnl::pooling_backward::primitive_desc
  backward(const dnnl::pooling_forward::primitive_desc &hint) const {
    return {engine(), algorithm,       x, y, strides, sizes, undilated, paddingBefore, paddingAfter,
            hint,     userScratchpad()};
  }

  Desc x, y;
  Dims strides, sizes, paddingBefore, paddingAfter;
  Dims undilated{0, 0};
  dnnl::algorithm algorithm;
};

} // namespace

Made makePooling(const PrimitiveSpec &spec) {
  const Pooling pool(spec, spec.inputs[0].extents, spec.outputs[0].extents);
  const auto description = pool.forward(dnnl::prop_kind::forward_inference);
  auto made = std::make_shared<StagedPrimitive>(1, 1);
  made->setImplementation(description);
  made->add(dnnl::pooling_forward(description), description,
            {{DNNL_ARG_SRC, pool.x, made->input(0), 0},
             {DNNL_ARG_DST, pool.y, made->output(0, spec), 0}});
  return made;
}

// oneDNN's workspace says which elements were the greatest. The pooling is done again for it, which
// costs less than keeping it does: it would be written and read as memory of its own.
Made makeMaxPoolingGradient(const PrimitiveSpec &spec) {
  const Pooling pool(spec, spec.inputs[0].extents, spec.inputs[1].extents);
  const auto again = pool.forward(dnnl::prop_kind::forward_training);
  const auto description = pool.backward(again);
  const Desc places = again.workspace_desc();
  auto made = std::make_shared<StagedPrimitive>(2, 1);
  made->setImplementation(description);
  const Argument workspace{DNNL_ARG_WORKSPACE, places, kScratchpad,
                           made->reserve(places.get_size())};
  made->add(dnnl::pooling_forward(again), again,
            {{DNNL_ARG_SRC, pool.x, made->input(0), 0},
             {DNNL_ARG_DST, pool.y, kScratchpad, made->reserve(pool.y.get_size())},
             workspace});
  made->add(dnnl::pooling_backward(description), description,
            {{DNNL_ARG_DIFF_DST, pool.y, made->input(1), 0},
             workspace,
             {DNNL_ARG_DIFF_SRC, pool.x, made->output(0, spec), 0}});
  return made;
}

Made makeAvgPoolingGradient(const PrimitiveSpec &spec) {
  const Pooling pool(spec, spec.outputs[0].extents, spec.inputs[0].extents);
  const auto description = pool.backward(pool.forward(dnnl::prop_kind::forward_training));
  auto made = std::make_shared<StagedPrimitive>(1, 1);
  made->setImplementation(description);
  made->add(dnnl::pooling_backward(description), description,
            {{DNNL_ARG_DIFF_DST, pool.y, made->input(0), 0},
             {DNNL_ARG_DIFF_SRC, pool.x, made->output(0, spec), 0}});
  return made;
}

} // namespace graphc::dnnl_detail
