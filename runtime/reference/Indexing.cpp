// Ops that follow an order along an axis, or an address made of several indices.
#include "runtime/reference/Indexing.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "runtime/reference/OpTable.h"
#include "runtime/reference/Parameters.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

Results cumsum(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const AxisSplit split(x.shape(),
                        resolveAxis(call.attributes.int_or("axis", 0), x.shape().rank()));
  const bool exclusive = call.attributes.bool_or("exclusive", false);
  const bool reverse = call.attributes.bool_or("reverse", false);
  Tensor y(x.dtype(), x.shape());
  dispatchNumeric(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using A = Accumulator<T>;
    for (int64_t outer = 0; outer < split.outer; ++outer)
      for (int64_t inner = 0; inner < split.inner; ++inner) {
        A total{0};
        for (int64_t step = 0; step < split.extent; ++step) {
          const int64_t i = reverse ? split.extent - 1 - step : step;
          const int64_t at = (outer * split.extent + i) * split.inner + inner;
          const A before = total;
          total += static_cast<A>(x.data<T>()[at]);
          y.data<T>()[at] = static_cast<T>(exclusive ? before : total);
        }
      }
  });
  return {y};
}

Results reverseSequence(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const Shape &shape = x.shape();
  const int64_t sequence = resolveAxis(call.attributes.get_int("seq_axis"), shape.rank());
  const int64_t batch = resolveAxis(call.attributes.int_or("batch_axis", 0), shape.rank());
  const std::vector<int64_t> lengths = integersOf(call, call.inputs[1]);
  const std::vector<int64_t> strides = rowMajorStrides(shape);
  // All but the two axes, which are walked here.
  std::vector<int64_t> rest = shape.extents();
  rest[sequence] = rest[batch] = 1;
  Tensor y(x.dtype(), shape);
  for (int64_t b = 0; b < shape[batch]; ++b) {
    if (lengths[b] < 0 || lengths[b] > shape[sequence])
      invalid(call, "expects lengths in [0," + std::to_string(shape[sequence]) + "], got " +
                        std::to_string(lengths[b]));
    for (int64_t t = 0; t < shape[sequence]; ++t) {
      const int64_t from = t < lengths[b] ? lengths[b] - 1 - t : t;
      const View source{b * strides[batch] + from * strides[sequence], strides};
      const View target{b * strides[batch] + t * strides[sequence], strides};
      place(pick(x, Shape(rest), source), y, target);
    }
  }
  return {y};
}

Results topK(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const int64_t k = call.attributes.get_int("k");
  const int64_t length = x.shape()[x.shape().rank() - 1];
  std::vector<int64_t> extents = x.shape().extents();
  extents.back() = k;
  Tensor values(x.dtype(), Shape(extents)), indices(int32, Shape(extents));
  std::vector<std::int32_t> order(static_cast<std::size_t>(length));
  dispatchNumeric(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (int64_t row = 0; row * k < values.num_elements(); ++row) {
      const T *line = x.data<T>() + row * length;
      const auto larger = [line](std::int32_t a, std::int32_t b) {
        const bool aIsNan = line[a] != line[a], bIsNan = line[b] != line[b];
        if (aIsNan != bIsNan)
          return bIsNan;
        return line[a] > line[b] || (!(line[a] < line[b]) && a < b);
      };
      std::iota(order.begin(), order.end(), 0);
      std::partial_sort(order.begin(), order.begin() + k, order.end(), larger);
      for (int64_t i = 0; i < k; ++i) {
        indices.data<std::int32_t>()[row * k + i] = order[i];
        values.data<T>()[row * k + i] = line[order[i]];
      }
    }
  });
  return {values, indices};
}

Results inTopK(const OpCall &call) {
  const Tensor &predictions = call.inputs[0];
  const int64_t classes = predictions.shape()[1], k = call.attributes.get_int("k");
  const std::vector<int64_t> targets = integersOf(call, call.inputs[1]);
  Tensor y(bool_, call.inputs[1].shape());
  dispatchFloating(call, predictions.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (std::size_t row = 0; row < targets.size(); ++row) {
      const T *line = predictions.data<T>() + static_cast<int64_t>(row) * classes;
      const bool valid = targets[row] >= 0 && targets[row] < classes &&
                         std::all_of(line, line + classes, [](T p) { return std::isfinite(p); });
      y.data<bool>()[row] = valid && std::count_if(line, line + classes,
                                                   [&](T p) { return p > line[targets[row]]; }) < k;
    }
  });
  return {y};
}

/// The addresses in the last axis of `indices`, as offsets of slices in a tensor of `shape`.
std::vector<int64_t> sliceOffsets(const OpCall &call, const Tensor &indices, const Shape &shape) {
  const int64_t length = indices.shape()[indices.shape().rank() - 1];
  const std::vector<int64_t> strides = rowMajorStrides(shape), all = integersOf(call, indices);
  int64_t rows = 1;
  for (int64_t axis = 0; axis + 1 < indices.shape().rank(); ++axis)
    rows *= indices.shape()[axis];
  std::vector<int64_t> offsets(static_cast<std::size_t>(rows), 0);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t axis = 0; axis < length; ++axis) {
      const int64_t index = all[row * length + axis];
      if (index < 0 || index >= shape[axis])
        invalid(call, "expects indices in [0," + std::to_string(shape[axis]) + ") for axis " +
                          std::to_string(axis) + ", got " + std::to_string(index));
      offsets[row] += index * strides[axis];
    }
  return offsets;
}

/// The elements of a slice, where an address takes the first `length` axes.
int64_t sliceSize(const Shape &shape, int64_t length) {
  int64_t size = 1;
  for (int64_t axis = length; axis < shape.rank(); ++axis)
    size *= shape[axis];
  return size;
}

Results gatherNd(const OpCall &call) {
  const Tensor &params = call.inputs[0], &indices = call.inputs[1];
  const int64_t length = indices.shape()[indices.shape().rank() - 1];
  std::vector<int64_t> extents(indices.shape().extents().begin(),
                               indices.shape().extents().end() - 1);
  extents.insert(extents.end(), params.shape().extents().begin() + length,
                 params.shape().extents().end());
  Tensor y(params.dtype(), Shape(extents));
  const int64_t size = sliceSize(params.shape(), length);
  dispatch(params.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T *out = y.data<T>();
    for (int64_t offset : sliceOffsets(call, indices, params.shape()))
      out = std::copy_n(params.data<T>() + offset, size, out);
  });
  return {y};
}

Results scatterNd(const OpCall &call) {
  const Tensor &indices = call.inputs[0], &updates = call.inputs[1];
  const Shape shape(Parameters(call, 2).next("shape"));
  const int64_t length = indices.shape()[indices.shape().rank() - 1];
  Tensor y(updates.dtype(), shape);
  const int64_t size = sliceSize(shape, length);
  dispatchNumeric(call, updates.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using A = Accumulator<T>;
    std::vector<A> totals(static_cast<std::size_t>(shape.num_elements()), A{0});
    const T *in = updates.data<T>();
    for (int64_t offset : sliceOffsets(call, indices, shape))
      for (int64_t i = 0; i < size; ++i)
        totals[offset + i] += static_cast<A>(*in++);
    std::transform(totals.begin(), totals.end(), y.data<T>(),
                   [](A total) { return static_cast<T>(total); });
  });
  return {y};
}

Results updateRow(const OpCall &call) {
  const Tensor &x = call.inputs[0], &row = call.inputs[2];
  const int64_t index = integersOf(call, call.inputs[1]).front();
  if (index < 0 || index >= x.shape()[0])
    invalid(call, "expects an index in [0," + std::to_string(x.shape()[0]) + "), got " +
                      std::to_string(index));
  Tensor y = x.clone();
  Tensor replaced = y.rows(index, index + 1);
  if (row.num_bytes() > 0)
    std::memcpy(replaced.raw_data(), row.raw_data(), row.num_bytes());
  return {y};
}

constexpr Entry kOps[] = {
    {"cumsum", cumsum},        {"reverse_sequence", reverseSequence},
    {"top_k", topK},           {"in_top_k", inTopK},
    {"gather_nd", gatherNd},   {"scatter_nd", scatterNd},
    {"update_row", updateRow},
};

} // namespace

std::span<const Entry> indexingOps() { return kOps; }

} // namespace graphc::reference
