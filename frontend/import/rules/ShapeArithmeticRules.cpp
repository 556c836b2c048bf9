// What TensorFlow's spelled-out gradients compute of shapes, and index sets that follow from them.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "frontend/KnownValues.h"
#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

using Extents = std::vector<std::int64_t>;

/// The shape that input `index` holds, -1 for an extent that follows from what is fed.
Extents shapeHeldBy(NodeContext &c, int index) {
  const Shape shape = knownExtents(c.input(index));
  if (!shape.has_rank())
    c.refuseUnknown(fmt::format("the rank of the shape that input {} holds must be known while the "
                                "graph is imported",
                                index));
  return shape.extents();
}

//===--- Shapes -------------------------------------------------------------------------------===//

/// The axes along which the gradients of two operands that were broadcast are summed. Extents that
/// nothing is known of count as equal: TensorFlow reshapes the sum to the operand's shape, which
/// fails in the run where they are not.
void broadcastGradientArgs(NodeContext &c) {
  const DataType dtype = c.input(0).dtype();
  const Extents shapes[] = {shapeHeldBy(c, 0), shapeHeldBy(c, 1)};
  const std::size_t rank = std::max(shapes[0].size(), shapes[1].size());
  const auto extent = [&](int operand, std::size_t axis) {
    const std::size_t missing = rank - shapes[operand].size();
    return axis < missing ? 1 : shapes[operand][axis - missing];
  };
  Extents axes[2];
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t a = extent(0, axis), b = extent(1, axis);
    if (a >= 0 && b >= 0 && a != b && a != 1 && b != 1)
      c.refuse(fmt::format("the shapes [{}] and [{}] cannot be broadcast",
                           fmt::join(shapes[0], ","), fmt::join(shapes[1], ",")));
    for (int operand : {0, 1})
      if (extent(operand, axis) == 1)
        axes[operand].push_back(static_cast<std::int64_t>(axis));
  }
  c.results({c.vector(axes[0], dtype), c.vector(axes[1], dtype)});
}

/// Where each part of a concatenation begins: zeros, and along the axis the sum of what comes
/// before.
void concatOffset(NodeContext &c) {
  const int count = c.numInputs() - 1;
  const auto rank = static_cast<std::int64_t>(shapeHeldBy(c, 1).size());
  const std::int64_t given = c.knownInteger(0, "axis"), axis = given < 0 ? given + rank : given;
  if (axis < 0 || axis >= rank)
    c.refuse(
        fmt::format("the axis (input 0): expected one in [{}, {}), got {}", -rank, rank, given));
  const DataType dtype = c.input(1).dtype();
  Extents offset(static_cast<std::size_t>(rank), 0), along = offset;
  along[static_cast<std::size_t>(axis)] = 1;
  Output sum; // from where on an extent follows from what is fed
  std::vector<Output> offsets;
  for (int part = 0; part < count; ++part) {
    const Extents shape = shapeHeldBy(c, part + 1);
    if (static_cast<std::int64_t>(shape.size()) != rank)
      c.refuse(fmt::format("input {}: expected {} extents, got {}", part + 1, rank, shape.size()));
    offsets.push_back(sum ? c.helper("multiply", {sum, c.vector(along, dtype)})
                          : c.vector(offset, dtype));
    const std::int64_t extent = shape[static_cast<std::size_t>(axis)];
    if (extent >= 0 && !sum)
      offset[static_cast<std::size_t>(axis)] += extent;
    else
      sum = c.helper("add", {sum ? sum : c.vector(offset, dtype), c.input(part + 1)});
  }
  c.results(offsets);
}

//===--- Index sets ---------------------------------------------------------------------------===//

/// The rows that indices of `indexRank` axes number, one behind another.
Output rowsOf(NodeContext &c, const Output &data, std::int64_t indexRank, int input) {
  const Shape shape = data.shape();
  if (!shape.has_rank() || shape.rank() < indexRank)
    c.refuse(fmt::format("input {}: expected {} axes or more, got {}", input, indexRank,
                         shape.to_string()));
  if (indexRank == 1)
    return data;
  Extents extents(shape.extents().begin() + indexRank, shape.extents().end());
  extents.insert(extents.begin(), indexRank == 0 ? 1 : -1);
  if (std::ranges::count(extents, -1) > 1)
    c.refuseUnknown(fmt::format("input {}: the extents of {} behind axis {} must be known", input,
                                shape.to_string(), indexRank));
  return c.helper("reshape", {data}, {{"shape", extents}});
}

/// All numbers of a tensor of integers that is known while the graph is imported.
Extents allKnown(NodeContext &c, int index, const char *what) {
  const Tensor wide = c.known(index, what).cast(int64);
  return {wide.values<std::int64_t>().begin(), wide.values<std::int64_t>().end()};
}

/// Rows of several tensors, each at its index; the last one where an index is met more than once.
void dynamicStitch(NodeContext &c) {
  const int count = c.numInputs() / 2;
  if (c.numInputs() % 2 != 0)
    c.refuse(fmt::format("expected as many indices as tensors, got {} inputs", c.numInputs()));
  std::vector<Output> rows;
  std::map<std::int64_t, std::int64_t> source; // by index, the row among all
  std::int64_t before = 0;
  for (int k = 0; k < count; ++k) {
    const Extents indices = allKnown(c, k, "the indices");
    for (std::size_t i = 0; i < indices.size(); ++i)
      source[indices[i]] = before + static_cast<std::int64_t>(i);
    before += static_cast<std::int64_t>(indices.size());
    rows.push_back(rowsOf(c, c.input(count + k), c.input(k).shape().rank(), count + k));
  }
  const auto size = static_cast<std::int64_t>(source.size());
  if (size == 0 || source.begin()->first != 0 || source.rbegin()->first != size - 1)
    c.refuse("the indices leave out a number: expected all from 0 on");
  Extents order;
  for (const auto &[index, row] : source)
    order.push_back(row);
  const Output all =
      rows.size() == 1 ? rows[0] : c.helper("concat", rows, {{"axis", std::int64_t{0}}});
  c.result(c.record("gather", {all, c.vector(order, int32)}, {{"axis", std::int64_t{0}}}));
}

void dynamicPartition(NodeContext &c) {
  constexpr std::int64_t kMost = 1 << 20;
  const std::int64_t count = c.integer("num_partitions");
  if (count < 1 || count > kMost)
    c.refuse(fmt::format("attribute 'num_partitions': expected 1 to {}, got {}", kMost, count));
  const Extents partitions = allKnown(c, 1, "the partitions");
  std::vector<Extents> members(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    if (partitions[i] < 0 || partitions[i] >= count)
      c.refuse(fmt::format("the partitions (input 1): expected 0 to {}, got {}", count - 1,
                           partitions[i]));
    members[static_cast<std::size_t>(partitions[i])].push_back(static_cast<std::int64_t>(i));
  }
  const Output rows = rowsOf(c, c.input(0), c.input(1).shape().rank(), 0);
  std::vector<Output> parts;
  for (const Extents &list : members)
    parts.push_back(c.helper("gather", {rows, c.vector(list, int32)}, {{"axis", std::int64_t{0}}}));
  c.results(parts);
}

/// The elements in the order in which they are first met, and for each where it stands in that
/// order.
void unique(NodeContext &c) {
  const Output x = c.input(0);
  const DataType places = c.dtype("out_idx", int32);
  const Extents values = c.knownIntegers(0, "the elements, on which the result's shape depends,");
  Extents distinct, indices;
  std::map<std::int64_t, std::int64_t> place;
  for (std::int64_t value : values) {
    const auto [found, isNew] = place.emplace(value, static_cast<std::int64_t>(distinct.size()));
    if (isNew)
      distinct.push_back(value);
    indices.push_back(found->second);
  }
  c.results({c.vector(distinct, x.dtype()), c.vector(indices, places)});
}

} // namespace

void addShapeArithmeticRules(ImportRules &rules) {
  rules["BroadcastGradientArgs"] = {2, 2, broadcastGradientArgs};
  rules["ConcatOffset"] = {2, -1, concatOffset};
  rules["DynamicPartition"] = {2, 2, dynamicPartition};
  rules["DynamicStitch"] = {2, -1, dynamicStitch};
  rules["ParallelDynamicStitch"] = {2, -1, dynamicStitch};
  rules["Unique"] = {1, 1, unique};
}

} // namespace graphc::importing
