// Constants, and elements moved, chosen and put together.
#include <numeric>

#include <fmt/format.h>

#include "frontend/Gradients.h"
#include "frontend/import/ImportRules.h"
#include "frontend/import/TensorMessage.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Reductions.h"

namespace graphc::importing {

namespace {

using Extents = std::vector<std::int64_t>;

//===--- Constants and generators -------------------------------------------------------------===//

void constant(NodeContext &c) {
  const proto::TensorProto &message = c.tensor("value");
  if (message.dtype() == proto::DT_STRING) {
    // A scalar, or a list of which only its readers know what to do.
    c.textResult(message.string_val_size() == 1 ? message.string_val(0) : std::string());
    return;
  }
  try {
    const TensorMessage value = readTensor(message);
    if (c.has("dtype") && c.dtype("dtype") != value.elements.dtype())
      c.refuse(fmt::format("attribute 'dtype' is {}, attribute 'value' is {}",
                           to_string(c.dtype("dtype")), to_string(value.elements.dtype())));
    if (value.filled) {
      NameScope scope(c.graph(), c.state().prefix + c.node().name());
      const Output scalar = c.graph().constant(value.elements, "value", c.where());
      return c.result(c.record("fill", {scalar}, {{"dims", value.filled->extents()}}));
    }
    c.result(c.graph().constant(value.elements, c.exactName(), c.where()));
  } catch (const Error &error) {
    if (error.message().starts_with(c.state().source))
      throw;
    c.refuse("attribute 'value': " + error.message());
  }
}

void placeholder(NodeContext &c) {
  c.result(c.graph().placeholder(c.dtype("dtype"), c.shape("shape"), c.exactName(), c.where()));
}

/// What is not fed is the input: any tensor may be fed.
void placeholderWithDefault(NodeContext &c) {
  const Output otherwise = c.input(0);
  const Shape shape = c.shape("shape");
  // The fed tensor may have another shape than the default.
  if (c.has("shape") && !(shape == otherwise.shape()))
    return c.result(
        graphc::record(
            c.graph(), "identity", {{otherwise}}, {},
            {.name = c.exactName(), .where = c.where(), .types = {{otherwise.dtype(), shape}}})
            .front());
  c.result(c.record("identity", {otherwise}));
}

void fill(NodeContext &c) {
  c.result(graphc::fill(c.graph(), c.dims(0), c.input(1), c.exactName(), c.where()));
}

void range(NodeContext &c) { c.result(c.record("range", c.inputs(0, 3))); }

void linSpace(NodeContext &c) {
  const Tensor start = c.known(0, "start").cast(float64), stop = c.known(1, "stop").cast(float64);
  const std::int64_t count = c.knownInteger(2, "num");
  if (count < 1 || count > (1 << 20))
    c.refuse(fmt::format("num (input 2): expected 1 to {}, got {}", 1 << 20, count));
  const double first = start.scalar<double>(), last = stop.scalar<double>();
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(count == 1 ? first
                                : first + (last - first) * static_cast<double>(i) /
                                              static_cast<double>(count - 1));
  const Tensor tensor = Tensor::of(Shape{count}, values).cast(c.input(0).dtype());
  c.result(c.graph().constant(tensor, c.exactName(), c.where()));
}

void oneHot(NodeContext &c) {
  const Output indices = c.input(0);
  c.result(c.record("one_hot", {indices, c.input(2), c.input(3)},
                    {{"depth", c.knownInteger(1, "depth")},
                     {"axis", c.axis(c.integer("axis", -1), indices, 1)}}));
}

//===--- Questions ----------------------------------------------------------------------------===//

void extentsOf(NodeContext &c) {
  c.result(c.record("shape", {c.input(0)}, {{"dtype", c.dtype("out_type", int32)}}));
}
void shapesOf(NodeContext &c) {
  std::vector<Output> shapes;
  for (const Output &x : c.inputs(0, c.numInputs()))
    shapes.push_back(c.helper("shape", {x}, {{"dtype", c.dtype("out_type", int32)}}));
  c.results(shapes);
}
void size(NodeContext &c) {
  c.result(c.record("size", {c.input(0)}, {{"dtype", c.dtype("out_type", int32)}}));
}
void rank(NodeContext &c) { c.result(c.record("rank", {c.input(0)})); }

//===--- The same elements --------------------------------------------------------------------===//

void reshape(NodeContext &c) {
  c.result(graphc::reshape(c.input(0), c.dims(1), c.exactName(), c.where()));
}
void expandDims(NodeContext &c) {
  const Output x = c.input(0);
  c.result(c.record("expand_dims", {x}, {{"axis", c.axis(c.knownInteger(1, "dim"), x, 1)}}));
}
void squeeze(NodeContext &c) {
  Extents axes = c.integers("squeeze_dims", Extents{});
  if (axes.empty())
    axes = c.integers("axis", Extents{});
  c.result(graphc::squeeze(c.input(0), axes, c.exactName(), c.where()));
}
void transpose(NodeContext &c) {
  c.result(graphc::transpose(c.input(0), c.knownIntegers(1, "perm"), c.exactName(), c.where()));
}
void reverse(NodeContext &c) {
  c.result(graphc::reverse(c.input(0), c.knownIntegers(1, "axis"), c.exactName(), c.where()));
}
void broadcastTo(NodeContext &c) {
  c.result(graphc::broadcast_to(c.input(0), c.dims(1), c.exactName(), c.where()));
}
void tile(NodeContext &c) {
  c.result(graphc::tile(c.input(0), c.dims(1), c.exactName(), c.where()));
}
void invertPermutation(NodeContext &c) {
  // Where each number stands: the ranks of a sorted list, which an argmin would give one by one.
  const std::optional<Tensor> known = c.knownOrNot(0);
  if (!known)
    c.refuseUnknown("input 0 must be known while the graph is imported");
  const Extents perm = c.knownIntegers(0, "x");
  Extents inverse(perm.size(), -1);
  for (std::size_t i = 0; i < perm.size(); ++i) {
    if (perm[i] < 0 || perm[i] >= static_cast<std::int64_t>(perm.size()) ||
        inverse[static_cast<std::size_t>(perm[i])] >= 0)
      c.refuse("input 0 is no permutation");
    inverse[static_cast<std::size_t>(perm[i])] = static_cast<std::int64_t>(i);
  }
  const Tensor tensor = Tensor::of(Shape{static_cast<std::int64_t>(inverse.size())}, inverse);
  c.result(c.graph().constant(tensor.cast(known->dtype()), c.exactName(), c.where()));
}

//===--- Parts and wholes ---------------------------------------------------------------------===//

/// Concat has its axis first, ConcatV2 last.
template <bool first> void concat(NodeContext &c) {
  const int count = c.numInputs() - 1;
  const std::int64_t axis = c.knownInteger(first ? 0 : count, "axis");
  const std::vector<Output> values = first ? c.inputs(1, count + 1) : c.inputs(0, count);
  c.result(graphc::concat(values, axis, c.exactName(), c.where()));
}
void pack(NodeContext &c) {
  c.result(
      graphc::stack(c.inputs(0, c.numInputs()), c.integer("axis", 0), c.exactName(), c.where()));
}
/// The number of outputs, which must not decide how much is allocated.
std::int64_t numOutputs(NodeContext &c, const char *attribute) {
  constexpr std::int64_t kMost = 1 << 20;
  const std::int64_t count = c.integer(attribute);
  if (count < 0 || count > kMost)
    c.refuse(fmt::format("attribute '{}': expected 0 to {}, got {}", attribute, kMost, count));
  return count;
}

void unpack(NodeContext &c) {
  const std::int64_t count = numOutputs(c, "num");
  if (count == 0)
    return c.results({});
  c.results(graphc::unstack(c.input(0), count, c.integer("axis", 0), c.exactName(), c.where()));
}
void split(NodeContext &c) {
  c.results(graphc::split(c.input(1), numOutputs(c, "num_split"), c.knownInteger(0, "axis"),
                          c.exactName(), c.where()));
}
void splitV(NodeContext &c) {
  const Output x = c.input(0);
  Extents sizes = c.knownIntegers(1, "size_splits");
  const std::int64_t axis = c.axis(c.knownInteger(2, "axis"), x);
  // At most one size is left to follow from the others.
  if (std::ranges::count(sizes, -1) == 1 && x.shape().has_rank() && x.shape()[axis] >= 0)
    *std::ranges::find(sizes, -1) =
        x.shape()[axis] - (std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}) + 1);
  c.results(c.recordMany("split", {x}, {{"axis", axis}, {"sizes", sizes}}));
}
void slice(NodeContext &c) {
  c.result(graphc::slice(c.input(0), c.dims(1), c.dims(2), c.exactName(), c.where()));
}

StridedSliceOptions masks(const NodeContext &c, std::string_view name) {
  return {.begin_mask = c.integer("begin_mask", 0),
          .end_mask = c.integer("end_mask", 0),
          .ellipsis_mask = c.integer("ellipsis_mask", 0),
          .new_axis_mask = c.integer("new_axis_mask", 0),
          .shrink_axis_mask = c.integer("shrink_axis_mask", 0),
          .name = name};
}
/// The element of an input [1]; of a scalar that Pack made one of, the scalar.
Output onlyElement(NodeContext &c, int index) {
  const NodeOutput from = c.node().inputs[static_cast<std::size_t>(index)];
  const Node &pack = c.state().nodes[from.node];
  if (pack.type() == "Pack" && pack.inputs.size() == 1)
    if (const auto &made = c.state().values[static_cast<std::size_t>(pack.inputs[0].node)];
        pack.inputs[0].index < static_cast<int>(made.size()))
      return made[static_cast<std::size_t>(pack.inputs[0].index)].tensor;
  return c.helper("reshape", {c.input(index)}, {{"shape", Extents{}}});
}

void stridedSlice(NodeContext &c) {
  const std::string name = c.exactName();
  const Dims begin = c.dims(1), end = c.dims(2), strides = c.dims(3);
  // x[i] with an index that is computed: a row.
  if (begin.is_output() && begin.output().shape() == Shape{1} &&
      c.integer("shrink_axis_mask", 0) == 1 && c.integer("begin_mask", 0) == 0 &&
      c.integer("ellipsis_mask", 0) == 0 && c.integer("new_axis_mask", 0) == 0)
    return c.result(
        c.record("gather", {c.input(0), onlyElement(c, 1)}, {{"axis", std::int64_t{0}}}));
  // x[()] and x[...] by no entry at all: everything.
  if (!begin.is_output() && begin.extents().empty())
    return c.result(c.record("identity", {c.input(0)}));
  c.result(graphc::strided_slice(c.input(0), begin, end, strides, masks(c, name), c.where()));
}
/// Of a slice of a tensor whose shape, or the slice's bounds, follow from what is fed: the gradient
/// of that slice of zeros.
Output gradientOfSlice(NodeContext &c) {
  NameScope scope(c.graph(), c.state().prefix + c.node().name());
  const Output dy = c.input(4);
  const Output zeros =
      graphc::fill(c.graph(), c.dims(0), c.scalar(0, dy.dtype()), "zeros", c.where());
  const Output slice =
      graphc::strided_slice(zeros, c.dims(1), c.dims(2), c.dims(3), masks(c, "slice"), c.where());
  const Output product = c.helper("multiply", {slice, dy});
  const Output sum = graphc::reduce_sum(product, {}, false, "sum", c.where());
  return graphc::gradients({sum}, {zeros}, {.name = "gradients"}, c.where()).front();
}

void stridedSliceGrad(NodeContext &c) {
  for (int i = 0; i < 4; ++i)
    if (!c.knownOrNot(i))
      return c.result(c.record("identity", {gradientOfSlice(c)}));
  c.result(c.record("strided_slice_grad", {c.input(4)},
                    {{"shape", c.knownIntegers(0, "shape")},
                     {"begin", c.knownIntegers(1, "begin")},
                     {"end", c.knownIntegers(2, "end")},
                     {"strides", c.knownIntegers(3, "strides")},
                     {"begin_mask", c.integer("begin_mask", 0)},
                     {"end_mask", c.integer("end_mask", 0)},
                     {"ellipsis_mask", c.integer("ellipsis_mask", 0)},
                     {"new_axis_mask", c.integer("new_axis_mask", 0)},
                     {"shrink_axis_mask", c.integer("shrink_axis_mask", 0)}}));
}

//===--- Margins ------------------------------------------------------------------------------===//

void pad(NodeContext &c) {
  const Output x = c.input(0);
  double value = 0;
  if (c.type() == "PadV2") {
    const Tensor scalar = c.known(2, "constant_values");
    value = scalar.dtype() == bool_ ? scalar.scalar<bool>() : scalar.cast(float64).scalar<double>();
  }
  if (const std::optional<Tensor> paddings = c.knownOrNot(1)) {
    const Tensor wide = paddings->cast(int64);
    const auto values = wide.values<std::int64_t>();
    return c.result(c.record(
        "pad", {x}, {{"paddings", Extents(values.begin(), values.end())}, {"value", value}}));
  }
  c.result(c.record("pad", {x, c.input(1)}, {{"value", value}}));
}

/// What lies beyond an edge is what lies before it, mirrored: parts of the tensor backwards, beside
/// it.
void mirrorPad(NodeContext &c) {
  Output x = c.input(0);
  const std::string mode = c.word("mode");
  if (mode != "REFLECT" && mode != "SYMMETRIC")
    c.refuse("attribute 'mode': expected REFLECT or SYMMETRIC, got " + mode);
  const std::int64_t edge = mode == "REFLECT" ? 1 : 0; // whether the edge itself is left out
  const Tensor known = c.known(1, "paddings").cast(int64);
  if (!x.shape().has_rank() || known.num_elements() != 2 * x.shape().rank())
    c.refuse(fmt::format("paddings (input 1): expected two numbers for each axis of {}, got {}",
                         x.shape().to_string(), known.shape().to_string()));
  const auto rank = static_cast<std::size_t>(x.shape().rank());
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t before = known.data<std::int64_t>()[2 * axis];
    const std::int64_t after = known.data<std::int64_t>()[2 * axis + 1];
    const std::int64_t extent = x.shape()[static_cast<std::int64_t>(axis)];
    if (before < 0 || after < 0 || (extent >= 0 && std::max(before, after) > extent - edge))
      c.refuse(fmt::format("paddings (input 1): axis {} of {} cannot be padded by {} and {}", axis,
                           x.shape().to_string(), before, after));
    const auto mirrored = [&](std::int64_t begin, std::int64_t end) {
      Extents first(rank, 0), last(rank, 0);
      first[axis] = begin;
      last[axis] = end;
      const std::int64_t others = ((std::int64_t{1} << rank) - 1) ^ (std::int64_t{1} << axis);
      const Output part =
          c.helper("strided_slice", {x},
                   {{"begin", first},
                    {"end", last},
                    {"strides", Extents(rank, 1)},
                    {"begin_mask", others},
                    {"end_mask", end == 0 ? others | std::int64_t{1} << axis : others}});
      return c.helper("reverse", {part}, {{"axes", Extents{static_cast<std::int64_t>(axis)}}});
    };
    std::vector<Output> parts;
    if (before > 0)
      parts.push_back(mirrored(edge, edge + before));
    parts.push_back(x);
    if (after > 0)
      parts.push_back(mirrored(-after - edge, -edge));
    if (parts.size() > 1)
      x = c.helper("concat", parts, {{"axis", static_cast<std::int64_t>(axis)}});
  }
  c.result(c.record("identity", {x}));
}

//===--- Copies -------------------------------------------------------------------------------===//

bool isOf(const NodeContext &c, proto::DataType dtype) {
  const auto found = c.node().def->attr().find("T");
  return found != c.node().def->attr().end() && found->second.type() == dtype;
}

/// Of a variable, its value here; of a handle or a list of tensors, the same.
void identity(NodeContext &c) {
  if (const NodeValue given = c.given(0);
      given.list || (given.variable && isOf(c, proto::DT_RESOURCE)))
    return c.give({given});
  if (!c.isVariable(0))
    return c.result(c.record("identity", {c.input(0)}));
  const ImportedVariable variable = c.variable(0);
  const Output value = recordRead(c.state(), variable, c.exactName());
  if (!c.state().held)
    c.state().reads.emplace(variable.op_name, value);
  c.result(value);
}
void identities(NodeContext &c) {
  std::vector<Output> copies;
  for (const Output &x : c.inputs(0, c.numInputs()))
    copies.push_back(c.helper("identity", {x}));
  c.results(copies);
}

} // namespace

void addShapeRules(ImportRules &rules) {
  rules["Const"] = {0, 0, constant};
  rules["Placeholder"] = {0, 0, placeholder};
  rules["PlaceholderV2"] = {0, 0, placeholder};
  rules["PlaceholderWithDefault"] = {1, 1, placeholderWithDefault};
  rules["Fill"] = {2, 2, fill};
  rules["Range"] = {3, 3, range};
  rules["LinSpace"] = {3, 3, linSpace};
  rules["OneHot"] = {4, 4, oneHot};
  rules["Shape"] = {1, 1, extentsOf};
  rules["ShapeN"] = {1, -1, shapesOf};
  rules["Size"] = {1, 1, size};
  rules["Rank"] = {1, 1, rank};
  rules["Reshape"] = {2, 2, reshape};
  rules["ExpandDims"] = {2, 2, expandDims};
  rules["Squeeze"] = {1, 1, squeeze};
  rules["Transpose"] = {2, 2, transpose};
  rules["ConjugateTranspose"] = {2, 2, transpose};
  rules["ReverseV2"] = {2, 2, reverse};
  rules["BroadcastTo"] = {2, 2, broadcastTo};
  rules["Tile"] = {2, 2, tile};
  rules["InvertPermutation"] = {1, 1, invertPermutation};
  rules["Concat"] = {2, -1, concat<true>};
  rules["ConcatV2"] = {2, -1, concat<false>};
  rules["Pack"] = {1, -1, pack};
  rules["Unpack"] = {1, 1, unpack};
  rules["Split"] = {2, 2, split};
  rules["SplitV"] = {3, 3, splitV};
  rules["Slice"] = {3, 3, slice};
  rules["StridedSlice"] = {4, 4, stridedSlice};
  rules["StridedSliceGrad"] = {5, 5, stridedSliceGrad};
  rules["Pad"] = {2, 2, pad};
  rules["PadV2"] = {3, 3, pad};
  rules["MirrorPad"] = {2, 2, mirrorPad};
  rules["Identity"] = {1, 1, identity};
  rules["IdentityN"] = {1, -1, identities};
  rules["Snapshot"] = {1, 1, identity};
  rules["EnsureShape"] = {1, 1,
                          [](NodeContext &c) { c.result(c.record("identity", {c.input(0)})); }};
}

} // namespace graphc::importing
