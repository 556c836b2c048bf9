#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

using Ints = std::vector<std::int64_t>;

Attributes ints(const std::string &name, Ints values) { return {{name, values}}; }
Attributes axis(std::int64_t value) { return {{"axis", value}}; }

TEST(ShapeOps, SourcesOfNumbers) {
  expectTensor<float>(run("constant", {}, {{"value", vector({1.f, 2.f})}}), {2}, {1, 2});
  expectTensor<std::int32_t>(run("shape", {iota({2, 0, 3})}, {{"dtype", int32}}), {3}, {2, 0, 3});
  expectTensor<std::int64_t>(run("shape", {Tensor(1.f)}, {{"dtype", int64}}), {0}, {});
  expectTensor<std::int64_t>(run("size", {iota({2, 3})}, {{"dtype", int64}}), {}, {6});
  expectTensor<std::int32_t>(run("rank", {iota({2, 3})}), {}, {2});
  expectTensor<std::int32_t>(run("step_index", {}, {}, 7), {}, {7});
}

TEST(ShapeOps, FillTakesItsShapeEitherWay) {
  expectTensor<float>(run("fill", {Tensor(2.f)}, ints("dims", {2, 1})), {2, 1}, {2, 2});
  expectTensor<bool>(run("fill", {Tensor(true), vector({2})}), {2}, {true, true});
  expectTensor<float>(run("fill", {Tensor(2.f)}, ints("dims", {})), {}, {2});
  EXPECT_EQ(errorOf([] { run("fill", {Tensor(2.f), vector({2, -1})}); }),
            "INVALID_ARGUMENT: fill expects extents of at least 0, got -1");
}

TEST(ShapeOps, RangeStopsBeforeItsLimit) {
  expectTensor<std::int32_t>(run("range", {Tensor(3), Tensor(10), Tensor(3)}), {3}, {3, 6, 9});
  expectTensor<std::int32_t>(run("range", {Tensor(3), Tensor(-3), Tensor(-2)}), {3}, {3, 1, -1});
  expectTensor<float>(run("range", {Tensor(0.f), Tensor(1.f), Tensor(.25f)}), {4},
                      {0, .25f, .5f, .75f});
  expectTensor<float>(run("range", {Tensor(1.f), Tensor(1.f), Tensor(1.f)}), {0}, {});
  EXPECT_EQ(errorOf([] { run("range", {Tensor(0), Tensor(1), Tensor(0)}); }),
            "INVALID_ARGUMENT: range expects a delta other than 0, got 0");
  EXPECT_EQ(
      errorOf([] { run("range", {Tensor(5), Tensor(3), Tensor(1)}); }),
      "INVALID_ARGUMENT: range expects start <= limit for this delta, got start 5 and limit 3");
  EXPECT_EQ(
      errorOf([] { run("range", {Tensor(3), Tensor(5), Tensor(-1)}); }),
      "INVALID_ARGUMENT: range expects start >= limit for this delta, got start 3 and limit 5");
}

TEST(ShapeOps, TransposesByPermutation) {
  expectTensor<float>(run("transpose", {iota({2, 3})}, ints("perm", {1, 0})), {3, 2},
                      {0, 3, 1, 4, 2, 5});
  expectTensor<std::int64_t>(run("transpose", {iota({2, 1, 3}, int64)}, ints("perm", {2, 0, 1})),
                             {3, 2, 1}, {0, 3, 1, 4, 2, 5});
  expectTensor<float>(run("transpose", {Tensor(4.f)}, ints("perm", {})), {}, {4});
}

TEST(ShapeOps, ReshapeSharesStorage) {
  const Tensor x = iota({2, 3});
  const Tensor y = run("reshape", {x}, ints("shape", {3, -1}));
  EXPECT_EQ(y.shape(), (Shape{3, 2}));
  EXPECT_EQ(y.raw_data(), x.raw_data());
  EXPECT_EQ(run("reshape", {x, vector({-1})}).shape(), (Shape{6}));
  EXPECT_EQ(run("reshape", {x, vector({std::int64_t{1}, std::int64_t{6}})}).shape(), (Shape{1, 6}));
  EXPECT_EQ(run("reshape", {iota({0, 3})}, ints("shape", {-1, 3})).shape(), (Shape{0, 3}));
  EXPECT_EQ(run("reshape", {iota({1})}, ints("shape", {})).shape(), Shape{});
}

TEST(ShapeOps, ReshapeRefusesOtherCounts) {
  EXPECT_EQ(errorOf([] { run("reshape", {iota({2, 3})}, ints("shape", {4, -1})); }),
            "INVALID_ARGUMENT: reshape expects a shape of 6 elements for [2,3], got [4,?]");
  EXPECT_EQ(errorOf([] { run("reshape", {iota({2, 3})}, ints("shape", {5})); }),
            "INVALID_ARGUMENT: reshape expects a shape of 6 elements for [2,3], got [5]");
  EXPECT_EQ(errorOf([] { run("reshape", {iota({2, 3})}, ints("shape", {-1, -1})); }),
            "INVALID_ARGUMENT: reshape expects extents of at least 0 and at most one -1, got shape "
            "[?,?]");
}

TEST(ShapeOps, AddsAndDropsAxesOfOne) {
  const Tensor x = iota({2, 1, 3, 1});
  EXPECT_EQ(run("expand_dims", {x}, axis(0)).shape(), (Shape{1, 2, 1, 3, 1}));
  EXPECT_EQ(run("expand_dims", {iota({2})}, axis(-1)).shape(), (Shape{2, 1}));
  EXPECT_EQ(run("squeeze", {x}, ints("axes", {})).shape(), (Shape{2, 3}));
  EXPECT_EQ(run("squeeze", {x}, ints("axes", {3})).shape(), (Shape{2, 1, 3}));
  EXPECT_EQ(errorOf([&] { run("squeeze", {x}, ints("axes", {0})); }),
            "INVALID_ARGUMENT: squeeze expects extent 1 at axis 0, got shape [2,1,3,1]");
}

TEST(ShapeOps, ConcatAndSplitAreInverse) {
  const Tensor a = iota({2, 1}), b = Tensor::of(Shape{2, 2}, {10.f, 11.f, 12.f, 13.f});
  const Tensor joined = run("concat", {a, b, iota({2, 0})}, axis(1));
  expectTensor<float>(joined, {2, 3}, {0, 10, 11, 1, 12, 13});
  const auto parts =
      runAll("split", {joined}, {{"axis", std::int64_t{1}}, {"sizes", Ints{1, 2, 0}}});
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_TRUE(parts[0].identical_to(a));
  EXPECT_TRUE(parts[1].identical_to(b));
  EXPECT_EQ(parts[2].shape(), (Shape{2, 0}));
  expectTensor<float>(run("concat", {iota({1, 2}), iota({2, 2})}, axis(0)), {3, 2},
                      {0, 1, 0, 1, 2, 3});
  EXPECT_EQ(errorOf([&] { run("concat", {iota({2, 1}), iota({3, 1})}, axis(1)); }),
            "INVALID_ARGUMENT: concat expects operands that differ along axis 1 only, got [2,1] "
            "and [3,1]");
  EXPECT_EQ(
      errorOf([&] { run("split", {joined}, {{"axis", std::int64_t{1}}, {"sizes", Ints{1, 1}}}); }),
      "INVALID_ARGUMENT: split expects sizes that add up to 3, got [1,1]");
}

TEST(ShapeOps, StackAndUnstackAreInverse) {
  const Tensor a = vector({1.f, 2.f}), b = vector({3.f, 4.f});
  expectTensor<float>(run("stack", {a, b}, axis(0)), {2, 2}, {1, 2, 3, 4});
  const Tensor columns = run("stack", {a, b}, axis(1));
  expectTensor<float>(columns, {2, 2}, {1, 3, 2, 4});
  const auto parts =
      runAll("unstack", {columns}, {{"axis", std::int64_t{1}}, {"num", std::int64_t{2}}});
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_TRUE(parts[0].identical_to(a));
  EXPECT_TRUE(parts[1].identical_to(b));
  expectTensor<float>(run("stack", {Tensor(1.f), Tensor(2.f)}, axis(0)), {2}, {1, 2});
  EXPECT_EQ(errorOf([&] { run("stack", {a, vector({1.f})}, axis(0)); }),
            "INVALID_ARGUMENT: stack expects operands of one shape, got [2] and [1]");
  EXPECT_EQ(errorOf([&] {
              runAll("unstack", {a}, {{"axis", std::int64_t{0}}, {"num", std::int64_t{3}}});
            }),
            "INVALID_ARGUMENT: unstack expects extent 3 at axis 0, got shape [2]");
}

TEST(ShapeOps, TilesAndBroadcasts) {
  expectTensor<float>(run("tile", {iota({2, 2})}, ints("multiples", {2, 1})), {4, 2},
                      {0, 1, 2, 3, 0, 1, 2, 3});
  expectTensor<float>(run("tile", {iota({2, 2}), vector({1, 2})}), {2, 4},
                      {0, 1, 0, 1, 2, 3, 2, 3});
  expectTensor<float>(run("tile", {iota({2})}, ints("multiples", {0})), {0}, {});
  expectTensor<float>(run("broadcast_to", {iota({2, 1})}, ints("shape", {2, 2, 2})), {2, 2, 2},
                      {0, 0, 1, 1, 0, 0, 1, 1});
  expectTensor<bool>(run("broadcast_to", {Tensor(true), vector({2})}), {2}, {true, true});
  EXPECT_EQ(errorOf([] { run("tile", {iota({2})}, ints("multiples", {-1})); }),
            "INVALID_ARGUMENT: tile expects multiples of at least 0, got -1");
  EXPECT_EQ(errorOf([] { run("tile", {iota({2})}, ints("multiples", {1, 1})); }),
            "INVALID_ARGUMENT: tile expects one multiple for each axis of [2], got [1,1]");
  EXPECT_EQ(errorOf([] { run("broadcast_to", {iota({3})}, ints("shape", {2})); }),
            "INVALID_ARGUMENT: broadcast_to expects a shape that [3] broadcasts to, got [2]");
}

TEST(ShapeOps, PadsWithAValue) {
  const Tensor x = iota({1, 2});
  expectTensor<float>(run("pad", {x}, {{"paddings", Ints{1, 0, 0, 2}}, {"value", 9.0}}), {2, 4},
                      {9, 9, 9, 9, 0, 1, 9, 9});
  expectTensor<float>(run("pad", {x, Tensor::of(Shape{2, 2}, {0, 1, 1, 0})}), {2, 3},
                      {0, 0, 1, 0, 0, 0});
  expectTensor<std::int32_t>(
      run("pad", {iota({0}, int32)}, {{"paddings", Ints{1, 1}}, {"value", -3.0}}), {2}, {-3, -3});
  EXPECT_EQ(errorOf([&] { run("pad", {x}, ints("paddings", {0, -1, 0, 0})); }),
            "INVALID_ARGUMENT: pad expects paddings of at least 0, got -1");
  EXPECT_EQ(errorOf([&] { run("pad", {x}, ints("paddings", {0, 1})); }),
            "INVALID_ARGUMENT: pad expects two paddings for each axis of [1,2], got 2 numbers");
}

TEST(ShapeOps, Reverses) {
  expectTensor<float>(run("reverse", {iota({2, 3})}, ints("axes", {1})), {2, 3},
                      {2, 1, 0, 5, 4, 3});
  expectTensor<float>(run("reverse", {iota({2, 3})}, ints("axes", {0, 1})), {2, 3},
                      {5, 4, 3, 2, 1, 0});
  expectTensor<float>(run("reverse", {iota({0, 3})}, ints("axes", {0})), {0, 3}, {});
}

TEST(Indices, GatherAlongAnyAxis) {
  const Tensor x = iota({3, 2});
  expectTensor<float>(run("gather", {x, vector({2, 0, 2})}, axis(0)), {3, 2}, {4, 5, 0, 1, 4, 5});
  expectTensor<float>(
      run("gather", {x, Tensor::of(Shape{1, 2}, {std::int64_t{1}, std::int64_t{1}})}, axis(1)),
      {3, 1, 2}, {1, 1, 3, 3, 5, 5});
  expectTensor<float>(run("gather", {x, Tensor(1)}, axis(0)), {2}, {2, 3});
  expectTensor<bool>(run("gather", {vector({true, false}), vector({1, 0})}, axis(0)), {2},
                     {false, true});
  EXPECT_EQ(errorOf([] { run("gather", {iota({5}), vector({0, 7})}, axis(0)); }),
            "INVALID_ARGUMENT: gather expects indices in [0,5), got 7");
  EXPECT_EQ(errorOf([] { run("gather", {iota({5}), vector({-1})}, axis(0)); }),
            "INVALID_ARGUMENT: gather expects indices in [0,5), got -1");
  EXPECT_EQ(errorOf([] { run("gather", {iota({5}), vector({1.f})}, axis(0)); }),
            "INVALID_ARGUMENT: gather expects int32 or int64 where it reads integers, got float32");
}

TEST(Indices, SegmentSumIsGathersGradient) {
  const Attributes three{{"num_segments", std::int64_t{3}}};
  expectTensor<float>(run("unsorted_segment_sum", {iota({3, 2}), vector({2, 0, 2})}, three), {3, 2},
                      {2, 3, 0, 0, 4, 6});
  expectTensor<float>(
      run("unsorted_segment_sum", {iota({2, 2}), Tensor::of(Shape{2, 2}, {0, 1, 1, -1})}, three),
      {3}, {0, 3, 0});
  expectTensor<std::int32_t>(run("unsorted_segment_sum", {iota({2}, int32), Tensor(1)}, three),
                             {3, 2}, {0, 0, 0, 1, 0, 0});
  EXPECT_EQ(errorOf([&] { run("unsorted_segment_sum", {iota({1}), vector({3})}, three); }),
            "INVALID_ARGUMENT: unsorted_segment_sum expects segment ids below 3, got 3");
}

TEST(Indices, OneHotAlongAnyAxis) {
  const auto attributes = [](std::int64_t a) {
    return Attributes{{"depth", std::int64_t{3}}, {"axis", a}};
  };
  const Tensor indices = vector({2, -1});
  expectTensor<float>(run("one_hot", {indices, Tensor(1.f), Tensor(0.f)}, attributes(-1)), {2, 3},
                      {0, 0, 1, 0, 0, 0});
  expectTensor<std::int32_t>(run("one_hot", {indices, Tensor(5), Tensor(-5)}, attributes(0)),
                             {3, 2}, {-5, -5, -5, -5, 5, -5});
  expectTensor<bool>(run("one_hot", {Tensor(1), Tensor(true), Tensor(false)}, attributes(0)), {3},
                     {false, true, false});
}

} // namespace
} // namespace graphc::reference
