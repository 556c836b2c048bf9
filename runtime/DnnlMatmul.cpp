// Matrix products, and right-hand matrices in the layout that oneDNN likes best.
#include <functional>
#include <numeric>

#include "runtime/DnnlStages.h"

namespace graphc::dnnl_detail {
namespace {

/// Extents of the product: the leading ones as the longer side has them.
std::vector<std::int64_t> productExtents(const std::vector<std::int64_t> &a,
                                         const std::vector<std::int64_t> &b) {
  std::vector<std::int64_t> extents = a;
  for (std::size_t axis = 0; axis + 2 < extents.size(); ++axis)
    extents[axis] = std::max(a[axis], b[axis]);
  extents.back() = b.back();
  return extents;
}

dnnl::memory::desc biasLayout(std::size_t rank, std::int64_t columns) {
  std::vector<std::int64_t> extents(rank, 1);
  extents.back() = columns;
  return describe({float32, extents, {}});
}

} // namespace

Made makeMatmul(const PrimitiveSpec &spec) {
  auto made = std::make_shared<StagedPrimitive>(spec.inputs.size(), 1);
  const bool packed = spec.attributes.has("b_extents");
  const std::vector<std::int64_t> &columns =
      packed ? spec.attributes.get_ints("b_extents") : spec.inputs[1].extents;
  const dnnl::memory::desc a = describe(spec.inputs[0]);
  const dnnl::memory::desc b = packed ? describeAny(columns, float32) : describe(spec.inputs[1]);
  const dnnl::memory::desc c = describe(spec.outputs[0]);
  const dnnl::primitive_attr attributes = withActivation(spec.attributes.get_string("activation"));
  const bool biased = spec.inputs.size() > 2;
  const dnnl::memory::desc bias =
      biased ? biasLayout(columns.size(), columns.back()) : dnnl::memory::desc();
  const auto description = biased
                               ? dnnl::matmul::primitive_desc(engine(), a, b, bias, c, attributes)
                               : dnnl::matmul::primitive_desc(engine(), a, b, c, attributes);
  made->setImplementation(description);
  std::vector<Argument> arguments = {
      {DNNL_ARG_SRC, a, made->input(0), 0},
      {DNNL_ARG_WEIGHTS, description.weights_desc(), made->input(1), 0},
      {DNNL_ARG_DST, c, made->output(0, spec), 0}};
  if (biased)
    arguments.push_back({DNNL_ARG_BIAS, bias, made->input(2), 0});
  made->add(dnnl::matmul(description), description, std::move(arguments));
  return made;
}

Made makeMatmulPack(const PrimitiveSpec &spec) {
  auto made = std::make_shared<StagedPrimitive>(1, 1);
  const std::vector<std::int64_t> &columns = spec.inputs[0].extents;
  const std::vector<std::int64_t> &rows = spec.attributes.get_ints("a_extents");
  const dnnl::memory::desc a = describe({float32, rows, spec.attributes.get_ints("a_strides")});
  const dnnl::memory::desc c = describe({float32, productExtents(rows, columns), {}});
  const dnnl::primitive_attr attributes = withActivation(spec.attributes.get_string("activation"));
  const dnnl::memory::desc b = describeAny(columns, float32);
  const auto product =
      spec.attributes.get_bool("bias")
          ? dnnl::matmul::primitive_desc(engine(), a, b, biasLayout(columns.size(), columns.back()),
                                         c, attributes)
          : dnnl::matmul::primitive_desc(engine(), a, b, c, attributes);
  const dnnl::memory::desc wanted = product.weights_desc();
  made->setImplementation(product);
  made->setOpaqueBytes(wanted.get_size());
  made->setChangesLayout(wanted != describe(spec.inputs[0]));
  made->addReorder({0, describe(spec.inputs[0]), made->input(0), 0},
                   {0, wanted, made->output(0, spec), 0});
  return made;
}

std::int64_t matmulElements(const PrimitiveSpec &spec) {
  const auto product = [](const std::vector<std::int64_t> &extents) {
    return std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies<>());
  };
  if (spec.kind == "matmul")
    return product(spec.inputs[0].extents) + product(spec.outputs[0].extents);
  const std::vector<std::int64_t> &rows = spec.attributes.get_ints("a_extents");
  return product(rows) + product(productExtents(rows, spec.inputs[0].extents));
}

} // namespace graphc::dnnl_detail
