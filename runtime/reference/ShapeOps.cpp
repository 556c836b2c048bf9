// Ops that move elements or make them from shapes and indices.
#include <algorithm>
#include <cmath>

#include "runtime/reference/Indexing.h"
#include "runtime/reference/OpTable.h"
#include "runtime/reference/Parameters.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

std::vector<int64_t> extentsOf(const Tensor &x) { return x.shape().extents(); }

Results constant(const OpCall &call) { return {call.attributes.get_tensor("value")}; }

Tensor integerScalar(const OpCall &call, int64_t value) {
  return Tensor(value).cast(call.attributes.has("dtype") ? call.attributes.get_dtype("dtype")
                                                         : int32);
}

Results shapeOf(const OpCall &call) {
  const Shape &shape = call.inputs[0].shape();
  const DataType dtype = call.attributes.has("dtype") ? call.attributes.get_dtype("dtype") : int32;
  return {Tensor::of(Shape{shape.rank()}, shape.extents()).cast(dtype)};
}

Results fill(const OpCall &call) {
  const Tensor &value = call.inputs[0];
  const std::vector<int64_t> dims = Parameters(call, 1).next("dims");
  for (int64_t extent : dims)
    if (extent < 0)
      invalid(call, "expects extents of at least 0, got " + std::to_string(extent));
  const Shape shape(dims);
  return {pick(value.reshaped({}), shape, broadcastView({}, shape))};
}

Results range(const OpCall &call) {
  return dispatchNumeric(call, call.inputs[0].dtype(), [&](auto zero) -> Results {
    using T = decltype(zero);
    const T start = call.inputs[0].scalar<T>(), limit = call.inputs[1].scalar<T>();
    const T delta = call.inputs[2].scalar<T>();
    if (delta == 0)
      invalid(call, "expects a delta other than 0, got 0");
    if (delta > 0 ? start > limit : start < limit)
      invalid(call, std::string("expects ") + (delta > 0 ? "start <= limit" : "start >= limit") +
                        " for this delta, got start " + std::to_string(start) + " and limit " +
                        std::to_string(limit));
    int64_t count;
    if constexpr (std::is_floating_point_v<T>) {
      count = static_cast<int64_t>(std::ceil(std::fabs(
          (static_cast<double>(limit) - static_cast<double>(start)) / static_cast<double>(delta))));
    } else {
      const std::uint64_t from = static_cast<std::uint64_t>(start),
                          to = static_cast<std::uint64_t>(limit);
      const std::uint64_t by = static_cast<std::uint64_t>(delta);
      const std::uint64_t distance = delta > 0 ? to - from : from - to;
      const std::uint64_t stride = delta > 0 ? by : 0 - by;
      count = static_cast<int64_t>(distance / stride + (distance % stride != 0));
    }
    Tensor y(data_type_of<T>, Shape{count});
    using A = Accumulator<T>;
    for (int64_t i = 0; i < count; ++i)
      y.data<T>()[i] =
          static_cast<T>(static_cast<A>(start) + static_cast<A>(i) * static_cast<A>(delta));
    return {y};
  });
}

Results transpose(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const std::vector<int64_t> &perm = call.attributes.get_ints("perm");
  const std::vector<int64_t> strides = rowMajorStrides(x.shape());
  std::vector<int64_t> extents;
  View view;
  for (int64_t axis : perm) {
    extents.push_back(x.shape()[resolveAxis(axis, x.shape().rank())]);
    view.strides.push_back(strides[resolveAxis(axis, x.shape().rank())]);
  }
  return {pick(x, Shape(extents), view)};
}

Results reshape(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  std::vector<int64_t> extents = Parameters(call, 1).next("shape");
  const Shape wanted(extents);
  int64_t known = 1, unknown = -1;
  for (int64_t axis = 0; axis < wanted.rank(); ++axis) {
    if (extents[axis] >= 0)
      known *= extents[axis];
    else if (extents[axis] == -1 && unknown < 0)
      unknown = axis;
    else
      invalid(call,
              "expects extents of at least 0 and at most one -1, got shape " + wanted.to_string());
  }
  if (unknown >= 0 && known > 0 && x.num_elements() % known == 0)
    extents[unknown] = x.num_elements() / known;
  else if (unknown >= 0 && known == 0 && x.num_elements() == 0)
    extents[unknown] = 0;
  const Shape shape(extents);
  if (!shape.is_fully_known() || shape.num_elements() != x.num_elements())
    invalid(call, "expects a shape of " + std::to_string(x.num_elements()) + " elements for " +
                      x.shape().to_string() + ", got " + wanted.to_string());
  return {x.reshaped(shape)};
}

Results expandDims(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  std::vector<int64_t> extents = extentsOf(x);
  extents.insert(
      extents.begin() + resolveAxis(call.attributes.get_int("axis"), x.shape().rank() + 1), 1);
  return {x.reshaped(Shape(extents))};
}

Results squeeze(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  std::vector<int64_t> axes;
  if (call.attributes.has("axes"))
    axes = call.attributes.get_ints("axes");
  std::vector<bool> goes(static_cast<std::size_t>(x.shape().rank()), false);
  for (int64_t axis : axes)
    goes.at(static_cast<std::size_t>(resolveAxis(axis, x.shape().rank()))) = true;
  std::vector<int64_t> extents;
  for (int64_t axis = 0; axis < x.shape().rank(); ++axis) {
    if (goes[axis] && x.shape()[axis] != 1)
      invalid(call, "expects extent 1 at axis " + std::to_string(axis) + ", got shape " +
                        x.shape().to_string());
    if (axes.empty() ? x.shape()[axis] != 1 : !goes[axis])
      extents.push_back(x.shape()[axis]);
  }
  return {x.reshaped(Shape(extents))};
}

/// Joins tensors that differ at most along `axis`.
Tensor joined(const OpCall &call, std::span<const Tensor> parts, int64_t axis) {
  std::vector<int64_t> extents = extentsOf(parts[0]);
  extents[axis] = 0;
  for (const Tensor &part : parts) {
    std::vector<int64_t> fitting = extents;
    if (part.shape().rank() == parts[0].shape().rank())
      fitting[axis] = part.shape()[axis];
    if (Shape(fitting) != part.shape())
      invalid(call, "expects operands that differ along axis " + std::to_string(axis) +
                        " only, got " + parts[0].shape().to_string() + " and " +
                        part.shape().to_string());
    extents[axis] += part.shape()[axis];
  }
  Tensor y(parts[0].dtype(), Shape(extents));
  View view{0, rowMajorStrides(y.shape())};
  for (const Tensor &part : parts) {
    place(part, y, view);
    view.start += part.shape()[axis] * view.strides[axis];
  }
  return y;
}

Results concat(const OpCall &call) {
  return {joined(call, call.inputs,
                 resolveAxis(call.attributes.get_int("axis"), call.inputs[0].shape().rank()))};
}

Results stack(const OpCall &call) {
  const int64_t axis =
      resolveAxis(call.attributes.get_int("axis"), call.inputs[0].shape().rank() + 1);
  std::vector<Tensor> parts;
  for (const Tensor &x : call.inputs) {
    if (x.shape() != call.inputs[0].shape())
      invalid(call, "expects operands of one shape, got " + call.inputs[0].shape().to_string() +
                        " and " + x.shape().to_string());
    std::vector<int64_t> extents = extentsOf(x);
    extents.insert(extents.begin() + axis, 1);
    parts.push_back(x.reshaped(Shape(extents)));
  }
  return {joined(call, parts, axis)};
}

/// Cuts x along `axis` into parts of the given extents.
Results cut(const Tensor &x, int64_t axis, const std::vector<int64_t> &sizes) {
  View view{0, rowMajorStrides(x.shape())};
  Results parts;
  for (int64_t size : sizes) {
    std::vector<int64_t> extents = extentsOf(x);
    extents[axis] = size;
    parts.push_back(pick(x, Shape(extents), view));
    view.start += size * view.strides[axis];
  }
  return parts;
}

Results split(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const int64_t axis = resolveAxis(call.attributes.get_int("axis"), x.shape().rank());
  const std::vector<int64_t> &sizes = call.attributes.get_ints("sizes");
  int64_t total = 0;
  for (int64_t size : sizes)
    total += size;
  if (total != x.shape()[axis])
    invalid(call, "expects sizes that add up to " + std::to_string(x.shape()[axis]) + ", got " +
                      Shape(sizes).to_string());
  return cut(x, axis, sizes);
}

Results unstack(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const int64_t axis = resolveAxis(call.attributes.get_int("axis"), x.shape().rank());
  const int64_t num = call.attributes.int_or("num", x.shape()[axis]);
  if (num != x.shape()[axis])
    invalid(call, "expects extent " + std::to_string(num) + " at axis " + std::to_string(axis) +
                      ", got shape " + x.shape().to_string());
  Results parts = cut(x, axis, std::vector<int64_t>(static_cast<std::size_t>(num), 1));
  std::vector<int64_t> extents = extentsOf(x);
  extents.erase(extents.begin() + axis);
  for (Tensor &part : parts)
    part = part.reshaped(Shape(extents));
  return parts;
}

/// Along every axis the result's index is (repeat, place), so that repeats have stride zero.
Results tile(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const std::vector<int64_t> multiples = Parameters(call, 1).next("multiples");
  if (static_cast<int64_t>(multiples.size()) != x.shape().rank())
    invalid(call, "expects one multiple for each axis of " + x.shape().to_string() + ", got " +
                      Shape(multiples).to_string());
  const std::vector<int64_t> strides = rowMajorStrides(x.shape());
  std::vector<int64_t> repeated, extents;
  View view;
  for (int64_t axis = 0; axis < x.shape().rank(); ++axis) {
    if (multiples[axis] < 0)
      invalid(call, "expects multiples of at least 0, got " + std::to_string(multiples[axis]));
    repeated.insert(repeated.end(), {multiples[axis], x.shape()[axis]});
    view.strides.insert(view.strides.end(), {0, strides[axis]});
    extents.push_back(multiples[axis] * x.shape()[axis]);
  }
  return {pick(x, Shape(repeated), view).reshaped(Shape(extents))};
}

Results pad(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const std::vector<int64_t> paddings = Parameters(call, 1).next("paddings");
  if (static_cast<int64_t>(paddings.size()) != 2 * x.shape().rank())
    invalid(call, "expects two paddings for each axis of " + x.shape().to_string() + ", got " +
                      std::to_string(paddings.size()) + " numbers");
  std::vector<int64_t> extents = extentsOf(x);
  for (int64_t axis = 0; axis < x.shape().rank(); ++axis)
    for (int64_t padding : {paddings[2 * axis], paddings[2 * axis + 1]}) {
      if (padding < 0)
        invalid(call, "expects paddings of at least 0, got " + std::to_string(padding));
      extents[axis] += padding;
    }
  Tensor y(x.dtype(), Shape(extents));
  const double value = call.attributes.has("value") ? call.attributes.get_double("value") : 0;
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(y.data<T>(), y.num_elements(), static_cast<T>(value));
  });
  View view{0, rowMajorStrides(y.shape())};
  for (int64_t axis = 0; axis < x.shape().rank(); ++axis)
    view.start += paddings[2 * axis] * view.strides[axis];
  place(x, y, view);
  return {y};
}

Results broadcastTo(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  const Shape shape(Parameters(call, 1).next("shape"));
  if (Shape::broadcast(x.shape(), shape) != shape)
    invalid(call, "expects a shape that " + x.shape().to_string() + " broadcasts to, got " +
                      shape.to_string());
  return {pick(x, shape, broadcastView(x.shape(), shape))};
}

Results reverse(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  View view{0, rowMajorStrides(x.shape())};
  for (int64_t axis : call.attributes.get_ints("axes")) {
    int64_t &stride = view.strides[resolveAxis(axis, x.shape().rank())];
    view.start += (x.shape()[resolveAxis(axis, x.shape().rank())] - 1) * stride;
    stride = -stride;
  }
  return {pick(x, x.shape(), view)};
}

// ---- indices ----

Results gather(const OpCall &call) {
  const Tensor &params = call.inputs[0], &indices = call.inputs[1];
  const int64_t axis = resolveAxis(call.attributes.int_or("axis", 0), params.shape().rank());
  const AxisSplit split(params.shape(), axis);
  const std::vector<int64_t> rows = integersOf(call, indices);
  for (int64_t row : rows)
    if (row < 0 || row >= split.extent)
      invalid(call, "expects indices in [0," + std::to_string(split.extent) + "), got " +
                        std::to_string(row));
  std::vector<int64_t> extents = extentsOf(params);
  extents.erase(extents.begin() + axis);
  extents.insert(extents.begin() + axis, indices.shape().extents().begin(),
                 indices.shape().extents().end());
  Tensor y(params.dtype(), Shape(extents));
  const std::size_t block = static_cast<std::size_t>(split.inner) * size_of(params.dtype());
  const char *in = static_cast<const char *>(params.raw_data());
  char *out = static_cast<char *>(y.raw_data());
  for (int64_t outer = 0; outer < split.outer; ++outer)
    for (int64_t row : rows) {
      std::memcpy(out, in + static_cast<std::size_t>(outer * split.extent + row) * block, block);
      out += block;
    }
  return {y};
}

/// Rows of a negative segment are dropped, as TensorFlow does.
Results unsortedSegmentSum(const OpCall &call) {
  const Tensor &data = call.inputs[0];
  const std::vector<int64_t> segments = integersOf(call, call.inputs[1]);
  const Shape &ids = call.inputs[1].shape();
  const int64_t count = call.attributes.get_int("num_segments");
  std::vector<int64_t> extents(data.shape().extents().begin() + ids.rank(),
                               data.shape().extents().end());
  const int64_t length = Shape(extents).num_elements();
  extents.insert(extents.begin(), count);
  Tensor y(data.dtype(), Shape(extents));
  dispatchNumeric(call, data.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using A = Accumulator<T>;
    std::vector<A> totals(static_cast<std::size_t>(y.num_elements()), A{0});
    const T *in = data.data<T>();
    for (int64_t segment : segments) {
      if (segment >= count)
        invalid(call, "expects segment ids below " + std::to_string(count) + ", got " +
                          std::to_string(segment));
      if (segment >= 0)
        for (int64_t i = 0; i < length; ++i)
          totals[segment * length + i] += static_cast<A>(in[i]);
      in += length;
    }
    std::transform(totals.begin(), totals.end(), y.data<T>(),
                   [](A a) { return static_cast<T>(a); });
  });
  return {y};
}

/// An index outside of [0, depth) gives a row of `off`.
Results oneHot(const OpCall &call) {
  const Tensor &indices = call.inputs[0];
  const int64_t depth = call.attributes.get_int("depth");
  const int64_t axis = resolveAxis(call.attributes.int_or("axis", -1), indices.shape().rank() + 1);
  std::vector<int64_t> extents = extentsOf(indices);
  extents.insert(extents.begin() + axis, depth);
  Tensor y(call.inputs[1].dtype(), Shape(extents));
  const AxisSplit split(y.shape(), axis);
  const Tensor wide = indices.cast(int64);
  dispatch(y.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T on = call.inputs[1].scalar<T>(), off = call.inputs[2].scalar<T>();
    T *out = y.data<T>();
    for (int64_t outer = 0; outer < split.outer; ++outer)
      for (int64_t i = 0; i < depth; ++i)
        for (int64_t inner = 0; inner < split.inner; ++inner)
          *out++ = wide.data<int64_t>()[outer * split.inner + inner] == i ? on : off;
  });
  return {y};
}

constexpr Entry kOps[] = {
    {"constant", constant},
    {"shape", shapeOf},
    {"size",
     [](const OpCall &call) -> Results {
       return {integerScalar(call, call.inputs[0].num_elements())};
     }},
    {"rank",
     [](const OpCall &call) -> Results {
       return {integerScalar(call, call.inputs[0].shape().rank())};
     }},
    {"step_index",
     [](const OpCall &call) -> Results { return {Tensor(static_cast<std::int32_t>(call.step))}; }},
    {"fill", fill},
    {"range", range},
    {"transpose", transpose},
    {"reshape", reshape},
    {"expand_dims", expandDims},
    {"squeeze", squeeze},
    {"concat", concat},
    {"stack", stack},
    {"split", split},
    {"unstack", unstack},
    {"tile", tile},
    {"pad", pad},
    {"broadcast_to", broadcastTo},
    {"reverse", reverse},
    {"gather", gather},
    {"unsorted_segment_sum", unsortedSegmentSum},
    {"one_hot", oneHot},
};

} // namespace

std::span<const Entry> shapeOps() { return kOps; }

} // namespace graphc::reference
