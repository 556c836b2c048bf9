// Ops that move elements, against the reference.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

using Ints = std::vector<std::int64_t>;

Body op(const std::string &name, Attributes attributes = {}) {
  return [name, attributes](GraphBuilder &g, const Values &x) -> Values {
    mlir::Operation *made = g.createOp(name, x, attributes);
    return Values(made->result_begin(), made->result_end());
  };
}

TEST(MovementKernels, TransposesByEveryPermutation) {
  Ints perm = {0, 1, 2, 3};
  do {
    SCOPED_TRACE(Shape(perm).to_string());
    expectAsReference(op("transpose", {{"perm", perm}}), {sample(float32, {3, 4, 5, 2})});
  } while (std::next_permutation(perm.begin(), perm.end()));
  expectAsReference(op("transpose", {{"perm", Ints{1, 0}}}), {sample(bool_, {7, 33})});
  expectAsReference(op("transpose", {{"perm", Ints{1, 0, 2}}}), {sample(int64, {9, 1, 3})});
}

TEST(MovementKernels, TransposeAndReshapeShareOneNest) {
  // The start of the HAR program: [batch, time, channel] to [time * batch, channel].
  const Body body = [](GraphBuilder &g, const Values &x) -> Values {
    const mlir::Value t = g.create("transpose", x, {{"perm", Ints{1, 0, 2}}});
    const mlir::Value r = g.create("reshape", {t}, {{"shape", Ints{-1, 9}}});
    return {g.create("tanh", {r})};
  };
  expectAsReference(body, {sample(float32, {10, 12, 9})}, {1e-6, 0});
}

TEST(MovementKernels, Reshapes) {
  for (const Ints &to :
       {Ints{24}, Ints{4, 6}, Ints{2, 3, 4}, Ints{1, 24, 1}, Ints{8, 3}, Ints{4, 1, 3, 2}}) {
    SCOPED_TRACE(Shape(to).to_string());
    expectAsReference(op("reshape", {{"shape", to}}), {sample(int32, {6, 4})});
    // A broadcast behind a reshape needs the index of its own axes.
    expectAsReference(
        [&](GraphBuilder &g, const Values &x) -> Values {
          return {g.create("reshape", {g.create("add", {x[0], x[1]})}, {{"shape", to}})};
        },
        {sample(float32, {6, 4}), sample(float32, {4}, 2)});
  }
  expectAsReference(op("expand_dims", {{"axis", std::int64_t{1}}}), {sample(float32, {6, 4})});
  expectAsReference(op("squeeze", {{"axes", Ints{}}}), {sample(float32, {1, 6, 1, 4})});
}

TEST(MovementKernels, ConcatAlongEveryAxis) {
  for (std::int64_t axis = 0; axis < 3; ++axis) {
    SCOPED_TRACE(axis);
    std::vector<Tensor> pieces;
    for (const std::int64_t extent : {2, 1, 5}) {
      Ints shape = {3, 4, 6};
      shape[static_cast<std::size_t>(axis)] = extent;
      pieces.push_back(sample(float32, Shape(shape), static_cast<unsigned>(extent)));
    }
    expectAsReference(op("concat", {{"axis", axis}}), pieces);
    // With more around it: the pieces are computed, the result is used.
    expectAsReference(
        [&](GraphBuilder &g, const Values &x) -> Values {
          const mlir::Value c =
              g.create("concat", {g.create("square", {x[0]}), x[1], g.create("negative", {x[2]})},
                       {{"axis", axis}});
          return {g.create("multiply", {c, c})};
        },
        pieces);
  }
}

TEST(MovementKernels, ConcatBehindATransposeOrASlice) {
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value c = g.create("concat", x, {{"axis", std::int64_t{1}}});
        return {g.create("transpose", {c}, {{"perm", Ints{1, 0}}}),
                g.create("slice", {c}, {{"begin", Ints{1, 2}}, {"size", Ints{3, 5}}}),
                g.create("reverse", {c}, {{"axes", Ints{1}}})};
      },
      {sample(float32, {5, 3}), sample(float32, {5, 6}, 2)});
}

TEST(MovementKernels, StackAndUnstack) {
  for (std::int64_t axis = 0; axis <= 2; ++axis) {
    expectAsReference(
        op("stack", {{"axis", axis}}),
        {sample(float32, {3, 7}, 1), sample(float32, {3, 7}, 2), sample(float32, {3, 7}, 3)});
    if (axis < 2)
      expectAsReference(op("unstack", {{"axis", axis}, {"num", std::int64_t{3}}}),
                        {sample(float32, axis == 0 ? Shape{3, 7} : Shape{7, 3})});
  }
  expectAsReference(op("stack", {{"axis", std::int64_t{0}}}), {Tensor(1.f), Tensor(2.f)});
}

TEST(MovementKernels, SplitAlongEveryAxis) {
  expectAsReference(op("split", {{"axis", std::int64_t{0}}, {"sizes", Ints{1, 3}}}),
                    {sample(float32, {4, 6})});
  expectAsReference(op("split", {{"axis", std::int64_t{1}}, {"sizes", Ints{2, 3, 1}}}),
                    {sample(int32, {4, 6, 3})});
}

TEST(MovementKernels, Slices) {
  expectAsReference(op("slice", {{"begin", Ints{1, 0, 2}}, {"size", Ints{2, -1, 3}}}),
                    {sample(float32, {4, 5, 6})});
  expectAsReference(op("slice", {{"begin", Ints{0, 0}}, {"size", Ints{0, 2}}}),
                    {sample(float32, {4, 5})});
}

Attributes strided(Ints begin, Ints end, Ints strides, std::int64_t beginMask = 0,
                   std::int64_t endMask = 0, std::int64_t ellipsis = 0, std::int64_t newAxis = 0,
                   std::int64_t shrink = 0) {
  return {{"begin", begin},           {"end", end},
          {"strides", strides},       {"begin_mask", beginMask},
          {"end_mask", endMask},      {"ellipsis_mask", ellipsis},
          {"new_axis_mask", newAxis}, {"shrink_axis_mask", shrink}};
}

TEST(MovementKernels, StridedSlicesAndTheirGradients) {
  const Shape shape{7, 5, 6};
  const Attributes cases[] = {
      strided({1, 0, 2}, {6, 5, 6}, {2, 1, 3}),
      strided({-1, 0, 0}, {0, 0, 0}, {-2, 1, 1}, 0, 7),
      strided({0, 0}, {0, 0}, {-1, 1}, 3, 3),
      strided({2, 0, 1}, {3, 5, 9}, {1, 1, 2}, 0, 0, 0, 0, 1),
      strided({0, -1}, {0, 0}, {1, 1}, 0, 0, 1, 0, 2),
      strided({0, 0, 3}, {0, 0, 5}, {1, 1, 1}, 2, 2, 0, 1, 0),
      strided({100}, {-100}, {-3}),
      strided({0, 4}, {0, 4}, {1, 1}, 0, 0, 0, 1, 0),
  };
  for (const Attributes &attributes : cases) {
    const Tensor x = sample(float32, shape);
    expectAsReference(op("strided_slice", attributes), {x});
    Cluster forward({typeOf(x)}, op("strided_slice", attributes));
    const Tensor dy = forward.reference({x}).front();
    Attributes back = attributes;
    back.set("shape", Ints(shape.extents()));
    expectAsReference(op("strided_slice_grad", back), {dy});
  }
}

TEST(MovementKernels, PadTileReverse) {
  for (const double value : {0., -2.5}) {
    expectAsReference(op("pad", {{"paddings", Ints{1, 2, 0, 3}}, {"value", value}}),
                      {sample(float32, {4, 5})});
    expectAsReference(op("pad", {{"paddings", Ints{0, 0, 2, 0, 0, 0}}, {"value", value}}),
                      {sample(float64, {3, 4, 5})});
  }
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value padded =
            g.create("pad", x, {{"paddings", Ints{1, 1, 1, 1}}, {"value", 1.}});
        return {g.create("transpose", {padded}, {{"perm", Ints{1, 0}}})};
      },
      {sample(float32, {4, 5})});
  expectAsReference(op("tile", {{"multiples", Ints{2, 3}}}), {sample(float32, {4, 5})});
  expectAsReference(op("tile", {{"multiples", Ints{4, 1}}}), {sample(int32, {1, 27})});
  expectAsReference(op("reverse", {{"axes", Ints{0, 2}}}), {sample(float32, {4, 5, 6})});
  expectAsReference(op("reverse", {{"axes", Ints{1}}}), {sample(bool_, {3, 70})});
}

TEST(MovementKernels, BroadcastTo) {
  expectAsReference(op("broadcast_to", {{"shape", Ints{3, 4, 5}}}), {sample(float32, {4, 1})});
  expectAsReference(op("broadcast_to", {{"shape", Ints{6}}}), {sample(int64, {})});
}

TEST(MovementKernels, OneHot) {
  for (const std::int64_t axis : {-1, 0, 1})
    for (const DataType dtype : {int32, int64, uint8}) {
      Tensor indices = Tensor::of<std::int32_t>({4}, {0, 3, -1, 7}).cast(dtype);
      if (axis == 1 && dtype == uint8)
        continue;
      expectAsReference(op("one_hot", {{"depth", std::int64_t{6}}, {"axis", axis}}),
                        {indices, Tensor(1.f), Tensor(0.f)});
    }
}

TEST(MovementKernels, GatherWithConstantIndices) {
  for (const std::int64_t axis : {0, 1})
    expectAsReference(
        [&](GraphBuilder &g, const Values &x) -> Values {
          const mlir::Value indices = g.constant(Tensor::of<std::int32_t>({2, 2}, {2, 0, 1, 2}));
          return {g.create("gather", {x[0], indices}, {{"axis", axis}})};
        },
        {sample(float32, {3, 4, 5})});
}

TEST(MovementKernels, UnsortedSegmentSum) {
  const Attributes attributes = {{"num_segments", std::int64_t{4}}};
  expectAsReference(op("unsorted_segment_sum", attributes),
                    {sample(int32, {6, 3, 2}), Tensor::of<std::int32_t>({6}, {0, 3, -1, 0, 2, 3})});
  expectAsReference(
      op("unsorted_segment_sum", attributes),
      {sample(float64, {2, 3, 37}), Tensor::of<std::int64_t>({2, 3}, {1, 1, 0, 3, -5, 1})},
      {1e-15, 1e-15});
  expectAsReference(op("unsorted_segment_sum", attributes),
                    {sample(int64, {5}), Tensor::of<std::int32_t>({5}, {0, 1, 0, 1, 3})});
}

TEST(MovementKernels, ConstantsRangesAndExtents) {
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value table = g.constant(sample(float32, {5, 3}, 9));
        const mlir::Value flags = g.constant(sample(bool_, {3}, 9));
        return {g.create("where", {flags, g.create("add", {x[0], table}), g.scalarLike(-1, x[0])})};
      },
      {sample(float32, {5, 3})});
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value range =
            g.create("range", {g.scalar(2, int32), g.scalar(16, int32), g.scalar(2, int32)});
        return {
            g.create("multiply", {range, x[0]}),
            g.create("range", {g.scalar(1, float32), g.scalar(2, float32), g.scalar(.1, float32)})};
      },
      {sample(int32, {3, 7})});
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        return {g.create("shape", x, {{"dtype", int64}}), g.create("size", x, {{"dtype", int32}}),
                g.create("rank", x)};
      },
      {sample(float32, {3, 7, 2})});
}

} // namespace
} // namespace graphc::kernel_testing
