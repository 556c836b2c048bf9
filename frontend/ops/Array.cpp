#include "frontend/ops/Array.h"

#include <algorithm>
#include <numeric>

#include "frontend/Recorder.h"

namespace graphc {

/// An attribute where the numbers are known, an operand where they are a tensor.
static void addDims(const Dims &dims, const char *attribute, std::vector<Output> &operands,
                    Attributes &attributes) {
  if (dims.is_output())
    operands.push_back(dims.output());
  else
    attributes.set(attribute, dims.extents());
}

static Output recordWithDims(Graph &graph, std::string_view op, const Output &x, const Dims &dims,
                             const char *attribute, std::string_view name, Where where) {
  std::vector<Output> operands{x};
  Attributes attributes;
  addDims(dims, attribute, operands, attributes);
  return record(graph, op, operands, attributes, {.name = name, .where = where}).front();
}

/// The rank where it is known and the axis can be counted from the front.
static std::optional<std::int64_t> rankOf(const Output &x) {
  if (!x || x.is_poisoned() || !x.shape().has_rank())
    return std::nullopt;
  return x.shape().rank();
}

Output transpose(const Output &x, const Axes &perm, std::string_view name, Where where) {
  Graph &graph = graphOf(x, "transpose", where);
  std::vector<std::int64_t> axes = perm.axes();
  if (perm.all() && !x.is_poisoned()) {
    if (!rankOf(x))
      return fail(graph, Code::invalid_argument,
                  "expected a tensor of known rank to reverse the axes of, got an unknown one",
                  nameOr(name, "transpose"), where);
    axes.resize(static_cast<std::size_t>(*rankOf(x)));
    std::iota(axes.rbegin(), axes.rend(), 0);
  }
  if (std::optional<std::int64_t> rank = rankOf(x))
    for (std::int64_t &axis : axes) {
      std::optional<std::int64_t> front =
          normalizedAxis(graph, axis, *rank, nameOr(name, "transpose"), where);
      if (!front)
        return Output::from_opaque(graph, nullptr);
      axis = *front;
    }
  return recordOne(graph, "transpose", {x}, {{"perm", axes}}, nameOr(name, "transpose"), where);
}

Output reshape(const Output &x, const Dims &shape, std::string_view name, Where where) {
  return recordWithDims(graphOf(x, "reshape", where), "reshape", x, shape, "shape",
                        nameOr(name, "Reshape"), where);
}

Output expand_dims(const Output &x, std::int64_t axis, std::string_view name, Where where) {
  Graph &graph = graphOf(x, "expand_dims", where);
  name = nameOr(name, "ExpandDims");
  if (std::optional<std::int64_t> rank = rankOf(x)) {
    std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank + 1, name, where);
    if (!front)
      return Output::from_opaque(graph, nullptr);
    axis = *front;
  }
  return recordOne(graph, "expand_dims", {x}, {{"axis", axis}}, name, where);
}

/// All of `axes` counted from the front, sorted; nothing after fail().
static std::optional<std::vector<std::int64_t>> sortedAxes(Graph &graph, const Output &x,
                                                           std::vector<std::int64_t> axes,
                                                           std::string_view name, Where where) {
  if (std::optional<std::int64_t> rank = rankOf(x))
    for (std::int64_t &axis : axes) {
      std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank, name, where);
      if (!front)
        return std::nullopt;
      axis = *front;
    }
  std::ranges::sort(axes);
  axes.erase(std::ranges::unique(axes).begin(), axes.end());
  return axes;
}

Output squeeze(const Output &x, const Axes &axes, std::string_view name, Where where) {
  Graph &graph = graphOf(x, "squeeze", where);
  name = nameOr(name, "Squeeze");
  std::optional<std::vector<std::int64_t>> sorted = sortedAxes(graph, x, axes.axes(), name, where);
  if (!sorted)
    return Output::from_opaque(graph, nullptr);
  return recordOne(graph, "squeeze", {x}, {{"axes", *sorted}}, name, where);
}

Output concat(const std::vector<Output> &values, std::int64_t axis, std::string_view name,
              Where where) {
  Graph &graph = graphOf(values, "concat", where);
  name = nameOr(name, "concat");
  for (const Output &value : values)
    if (std::optional<std::int64_t> rank = rankOf(value)) {
      std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank, name, where);
      if (!front)
        return Output::from_opaque(graph, nullptr);
      axis = *front;
      break;
    }
  return record(graph, "concat", values, {{"axis", axis}}, {.name = name, .where = where}).front();
}

static std::vector<Output> recordSplit(Graph &graph, const Output &value, std::int64_t axis,
                                       std::vector<std::int64_t> sizes, std::string_view name,
                                       Where where) {
  const std::size_t count = sizes.size();
  return record(graph, "split", {{value}}, {{"axis", axis}, {"sizes", std::move(sizes)}},
                {.name = name, .where = where, .results = count});
}

std::vector<Output> split(const Output &value, std::int64_t num, std::int64_t axis,
                          std::string_view name, Where where) {
  Graph &graph = graphOf(value, "split", where);
  name = nameOr(name, "split");
  if (num < 1)
    return failMany(1, graph, Code::invalid_argument,
                    "expected a positive number of parts, got " + std::to_string(num), name, where);
  const auto count = static_cast<std::size_t>(num);
  std::int64_t size = -1; // as many as it takes, once the extent is known
  if (std::optional<std::int64_t> rank = rankOf(value)) {
    std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank, name, where);
    if (!front)
      return std::vector<Output>(count, Output::from_opaque(graph, nullptr));
    axis = *front;
    const std::int64_t extent = value.shape()[axis];
    if (extent >= 0 && extent % num != 0)
      return failMany(count, graph, Code::invalid_argument,
                      "expected an extent divisible by " + std::to_string(num) + " along axis " +
                          std::to_string(axis) + ", got " + value.shape().to_string(),
                      name, where);
    if (extent >= 0)
      size = extent / num;
  }
  return recordSplit(graph, value, axis, std::vector<std::int64_t>(count, size), name, where);
}

std::vector<Output> split(const Output &value, const std::vector<std::int64_t> &sizes,
                          std::int64_t axis, std::string_view name, Where where) {
  Graph &graph = graphOf(value, "split", where);
  name = nameOr(name, "split");
  if (sizes.empty())
    return failMany(1, graph, Code::invalid_argument, "expected at least one size, got none", name,
                    where);
  // TensorFlow makes the sizes a constant before it opens the op's scope.
  graph.state().names.unique_name("Const");
  std::vector<std::int64_t> resolved = sizes;
  if (std::optional<std::int64_t> rank = rankOf(value)) {
    std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank, name, where);
    if (!front)
      return std::vector<Output>(sizes.size(), Output::from_opaque(graph, nullptr));
    axis = *front;
    const std::int64_t extent = value.shape()[axis];
    auto rest = std::ranges::find(resolved, -1);
    if (rest != resolved.end() && extent >= 0 && std::ranges::count(resolved, -1) == 1)
      *rest = extent - (std::accumulate(resolved.begin(), resolved.end(), std::int64_t{0}) + 1);
  }
  return recordSplit(graph, value, axis, std::move(resolved), name, where);
}

Output stack(const std::vector<Output> &values, std::int64_t axis, std::string_view name,
             Where where) {
  Graph &graph = graphOf(values, "stack", where);
  name = nameOr(name, "stack");
  if (std::optional<std::int64_t> rank = rankOf(values.front())) {
    std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank + 1, name, where);
    if (!front)
      return Output::from_opaque(graph, nullptr);
    axis = *front;
  }
  return record(graph, "stack", values, {{"axis", axis}}, {.name = name, .where = where}).front();
}

std::vector<Output> unstack(const Output &value, std::optional<std::int64_t> num, std::int64_t axis,
                            std::string_view name, Where where) {
  Graph &graph = graphOf(value, "unstack", where);
  name = nameOr(name, "unstack");
  if (std::optional<std::int64_t> rank = rankOf(value)) {
    std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank, name, where);
    if (!front)
      return {Output::from_opaque(graph, nullptr)};
    axis = *front;
    if (!num && value.shape()[axis] >= 0)
      num = value.shape()[axis];
  }
  if (value.is_poisoned())
    return std::vector<Output>(static_cast<std::size_t>(std::max<std::int64_t>(num.value_or(1), 1)),
                               value);
  if (!num || *num < 1)
    return failMany(1, graph, Code::invalid_argument,
                    "expected a known extent along axis " + std::to_string(axis) +
                        " or a number of parts, got " + value.shape().to_string(),
                    name, where);
  return record(graph, "unstack", {{value}}, {{"axis", axis}, {"num", *num}},
                {.name = name, .where = where, .results = static_cast<std::size_t>(*num)});
}

/// A tensor of the positions, where others of the same op are tensors.
static Output asTensor(Graph &graph, const Dims &dims, DataType dtype, std::string_view name,
                       Where where) {
  if (dims.is_output())
    return dims.output();
  const Shape shape{static_cast<std::int64_t>(dims.extents().size())};
  return graph.constant(Tensor::of(shape, dims.extents()).cast(dtype), name, where);
}

static DataType indexDtype(std::initializer_list<const Dims *> lists) {
  for (const Dims *dims : lists)
    if (dims->is_output())
      return dims->output().dtype();
  return int32;
}

Output slice(const Output &x, const Dims &begin, const Dims &size, std::string_view name,
             Where where) {
  Graph &graph = graphOf(x, "slice", where);
  OpScope scope(graph, name, "Slice");
  if (!begin.is_output() && !size.is_output())
    return recordOne(graph, "slice", {x}, {{"begin", begin.extents()}, {"size", size.extents()}},
                     scope.name(), where);
  const DataType dtype = indexDtype({&begin, &size});
  const Output first = asTensor(graph, begin, dtype, "begin", where);
  const Output count = asTensor(graph, size, dtype, "size", where);
  return recordOne(graph, "slice", {x, first, count}, {}, scope.name(), where);
}

Output strided_slice(const Output &x, const Dims &begin, const Dims &end, const Dims &strides,
                     const StridedSliceOptions &options, Where where) {
  Graph &graph = graphOf(x, "strided_slice", where);
  OpScope scope(graph, options.name, "StridedSlice");
  Attributes attributes{{"begin_mask", options.begin_mask},
                        {"end_mask", options.end_mask},
                        {"ellipsis_mask", options.ellipsis_mask},
                        {"new_axis_mask", options.new_axis_mask},
                        {"shrink_axis_mask", options.shrink_axis_mask}};
  Dims steps = strides;
  if (!steps.is_output() && steps.extents().empty() && !begin.is_output())
    steps = Dims(std::vector<std::int64_t>(begin.extents().size(), 1));
  else if (!steps.is_output() && steps.extents().empty())
    return fail(graph, Code::invalid_argument,
                "expected strides where the begin is a tensor, got none", scope.name(), where);
  if (!begin.is_output() && !end.is_output() && !steps.is_output()) {
    attributes.set("begin", begin.extents());
    attributes.set("end", end.extents());
    attributes.set("strides", steps.extents());
    return recordOne(graph, "strided_slice", {x}, attributes, scope.name(), where);
  }
  const DataType dtype = indexDtype({&begin, &end, &steps});
  const Output b = asTensor(graph, begin, dtype, "begin", where);
  const Output e = asTensor(graph, end, dtype, "end", where);
  const Output s = asTensor(graph, steps, dtype, "strides", where);
  return recordOne(graph, "strided_slice", {x, b, e, s}, attributes, scope.name(), where);
}

Output tile(const Output &x, const Dims &multiples, std::string_view name, Where where) {
  return recordWithDims(graphOf(x, "tile", where), "tile", x, multiples, "multiples",
                        nameOr(name, "Tile"), where);
}

Output pad(const Output &x, const std::vector<std::pair<std::int64_t, std::int64_t>> &paddings,
           double value, std::string_view name, Where where) {
  std::vector<std::int64_t> flat;
  for (const auto &[before, after] : paddings) {
    flat.push_back(before);
    flat.push_back(after);
  }
  return recordOne(graphOf(x, "pad", where), "pad", {x}, {{"paddings", flat}, {"value", value}},
                   nameOr(name, value == 0 ? "Pad" : "PadV2"), where);
}

Output broadcast_to(const Output &x, const Dims &shape, std::string_view name, Where where) {
  return recordWithDims(graphOf(x, "broadcast_to", where), "broadcast_to", x, shape, "shape",
                        nameOr(name, "BroadcastTo"), where);
}

Output reverse(const Output &x, const Axes &axes, std::string_view name, Where where) {
  Graph &graph = graphOf(x, "reverse", where);
  name = nameOr(name, "ReverseV2");
  std::optional<std::vector<std::int64_t>> sorted = sortedAxes(graph, x, axes.axes(), name, where);
  if (!sorted)
    return Output::from_opaque(graph, nullptr);
  return recordOne(graph, "reverse", {x}, {{"axes", *sorted}}, name, where);
}

Output gather(const Output &params, const Input &indices, std::int64_t axis, std::string_view name,
              Where where) {
  Graph &graph = graphOf(params, "gather", where);
  OpScope scope(graph, name, "GatherV2");
  if (std::optional<std::int64_t> rank = rankOf(params)) {
    std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank, scope.name(), where);
    if (!front)
      return Output::from_opaque(graph, nullptr);
    axis = *front;
  }
  const Output positions = toOutput(graph, indices, int32, "indices", where);
  return recordOne(graph, "gather", {params, positions}, {{"axis", axis}}, scope.name(), where);
}

Output one_hot(const Output &indices, std::int64_t depth, const OneHotOptions &options,
               Where where) {
  Graph &graph = graphOf(indices, "one_hot", where);
  OpScope scope(graph, options.name, "one_hot");
  std::int64_t axis = options.axis;
  if (std::optional<std::int64_t> rank = rankOf(indices)) {
    std::optional<std::int64_t> front = normalizedAxis(graph, axis, *rank + 1, scope.name(), where);
    if (!front)
      return Output::from_opaque(graph, nullptr);
    axis = *front;
  }
  DataType dtype = options.dtype;
  for (const Input *value : {&options.off_value, &options.on_value})
    if (!value->is_number())
      dtype = ownDtype(*value);
  const Output on = toOutput(graph, options.on_value, dtype, "Const", where);
  const Output off = toOutput(graph, options.off_value, dtype, "Const", where);
  return recordOne(graph, "one_hot", {indices, on, off}, {{"depth", depth}, {"axis", axis}},
                   scope.name(), where);
}

Output shape(const Output &x, std::string_view name, DataType out_type, Where where) {
  return recordOne(graphOf(x, "shape", where), "shape", {x}, {{"dtype", out_type}},
                   nameOr(name, "Shape"), where);
}

Output size(const Output &x, std::string_view name, DataType out_type, Where where) {
  return recordOne(graphOf(x, "size", where), "size", {x}, {{"dtype", out_type}},
                   nameOr(name, "Size"), where);
}

Output rank(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "rank", where), "rank", {x}, {}, nameOr(name, "Rank"), where);
}

Output constant(Graph &graph, const Tensor &value, std::string_view name, Where where) {
  return graph.constant(value, nameOr(name, "Const"), where);
}

static Output recordFill(Graph &graph, const Dims &dims, const Output &value, std::string_view name,
                         Where where) {
  return recordWithDims(graph, "fill", value, dims, "dims", name, where);
}

Output fill(Graph &graph, const Dims &dims, const Input &value, std::string_view name,
            Where where) {
  OpScope scope(graph, name, "Fill");
  return recordFill(graph, dims, toOutput(graph, value, ownDtype(value), "value", where),
                    scope.name(), where);
}

/// zeros and ones: a constant where it is small, as in TensorFlow, else a fill.
static Output filled(Graph &graph, double value, const Dims &shape, DataType dtype,
                     std::string_view name, std::string_view otherwise, Where where) {
  constexpr std::int64_t kSmall = 1000; // elements
  OpScope scope(graph, name, otherwise);
  const Tensor scalar = dtype == bool_ ? Tensor(value != 0) : Tensor(value).cast(dtype);
  const Shape known(shape.extents());
  if (!shape.is_output() && !known.is_fully_known())
    return fail(graph, Code::invalid_argument,
                "expected a fully known shape, got " + known.to_string(), scope.name(), where);
  if (shape.is_output() || known.num_elements() >= kSmall)
    return recordFill(graph, shape, graph.constant(scalar, "Const", where), scope.name(), where);
  Tensor tensor = Tensor::zeros(dtype, known);
  if (value != 0)
    for (std::int64_t i = 0; i < known.num_elements(); ++i)
      std::memcpy(static_cast<char *>(tensor.raw_data()) +
                      static_cast<std::size_t>(i) * size_of(dtype),
                  scalar.raw_data(), size_of(dtype));
  return graph.constant(tensor, scope.name(), where);
}

Output zeros(Graph &graph, const Dims &shape, DataType dtype, std::string_view name, Where where) {
  return filled(graph, 0, shape, dtype, name, "zeros", where);
}

Output ones(Graph &graph, const Dims &shape, DataType dtype, std::string_view name, Where where) {
  return filled(graph, 1, shape, dtype, name, "ones", where);
}

Output zeros_like(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "zeros_like", where), "zeros_like", {x}, {},
                   nameOr(name, "zeros_like"), where);
}

Output ones_like(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "ones_like", where), "ones_like", {x}, {}, nameOr(name, "ones_like"),
                   where);
}

Output range(Graph &graph, const Input &start, const Input &limit, const Input &delta,
             std::string_view name, Where where) {
  OpScope scope(graph, name, "range");
  DataType dtype = int32;
  for (const Input *input : {&start, &limit, &delta})
    if (input->is_number() && ownDtype(*input) == float32)
      dtype = float32;
  for (const Input *input : {&start, &limit, &delta})
    if (!input->is_number())
      dtype = ownDtype(*input);
  const Output first = toOutput(graph, start, dtype, "start", where);
  const Output last = toOutput(graph, limit, dtype, "limit", where);
  const Output step = toOutput(graph, delta, dtype, "delta", where);
  return recordOne(graph, "range", {first, last, step}, {}, scope.name(), where);
}

Output range(Graph &graph, const Input &limit, std::string_view name, Where where) {
  return range(graph, 0, limit, 1, name, where);
}

} // namespace graphc
