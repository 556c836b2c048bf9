#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

using Ints = std::vector<std::int64_t>;

struct Masks {
  std::int64_t begin = 0, end = 0, ellipsis = 0, new_axis = 0, shrink_axis = 0;
};

Attributes strided(Ints begin, Ints end, Ints strides, Masks masks = {}) {
  return {{"begin", begin},
          {"end", end},
          {"strides", strides},
          {"begin_mask", masks.begin},
          {"end_mask", masks.end},
          {"ellipsis_mask", masks.ellipsis},
          {"new_axis_mask", masks.new_axis},
          {"shrink_axis_mask", masks.shrink_axis}};
}

TEST(Slice, TakesBeginAndSize) {
  const Tensor x = iota({3, 4});
  expectTensor<float>(run("slice", {x}, {{"begin", Ints{1, 2}}, {"size", Ints{2, 2}}}), {2, 2},
                      {6, 7, 10, 11});
  expectTensor<float>(run("slice", {x, vector({1, 2}), vector({-1, 1})}), {2, 1}, {6, 10});
  expectTensor<float>(run("slice", {x, vector({2, -1})}, {{"begin", Ints{0, 3}}}), {2, 1}, {3, 7});
  expectTensor<float>(run("slice", {x}, {{"begin", Ints{3, 0}}, {"size", Ints{-1, 4}}}), {0, 4},
                      {});
}

TEST(Slice, RefusesWhatIsOutside) {
  const Tensor x = iota({3, 4});
  EXPECT_EQ(errorOf([&] { run("slice", {x}, {{"begin", Ints{1, 5}}, {"size", Ints{1, 1}}}); }),
            "INVALID_ARGUMENT: slice expects begin in [0,4] at axis 1, got 5");
  EXPECT_EQ(errorOf([&] { run("slice", {x}, {{"begin", Ints{1, 2}}, {"size", Ints{3, 1}}}); }),
            "INVALID_ARGUMENT: slice expects size in [-1,2] at axis 0, got 3");
  EXPECT_EQ(errorOf([&] { run("slice", {x}, {{"begin", Ints{1}}, {"size", Ints{1}}}); }),
            "INVALID_ARGUMENT: slice expects begin and size for each axis of [3,4], got 1 and 1");
}

TEST(StridedSlice, CountsFromBothEnds) {
  const Tensor x = iota({6});
  expectTensor<float>(run("strided_slice", {x}, strided({1}, {5}, {2})), {2}, {1, 3});
  expectTensor<float>(run("strided_slice", {x}, strided({-4}, {-1}, {1})), {3}, {2, 3, 4});
  expectTensor<float>(run("strided_slice", {x}, strided({4}, {1}, {-2})), {2}, {4, 2});
  expectTensor<float>(run("strided_slice", {x}, strided({-1}, {-100}, {-1})), {6},
                      {5, 4, 3, 2, 1, 0});
  expectTensor<float>(run("strided_slice", {x}, strided({2}, {100}, {3})), {2}, {2, 5});
  expectTensor<float>(run("strided_slice", {x}, strided({4}, {2}, {1})), {0}, {});
  expectTensor<float>(run("strided_slice", {x, vector({1}), vector({3}), vector({1})}), {2},
                      {1, 2});
}

TEST(StridedSlice, BeginAndEndMasksMeanTheWholeAxis) {
  const Tensor x = iota({4});
  expectTensor<float>(run("strided_slice", {x}, strided({2}, {3}, {1}, {.begin = 1})), {3},
                      {0, 1, 2});
  expectTensor<float>(run("strided_slice", {x}, strided({2}, {3}, {1}, {.end = 1})), {2}, {2, 3});
  expectTensor<float>(run("strided_slice", {x}, strided({0}, {0}, {-1}, {.begin = 1, .end = 1})),
                      {4}, {3, 2, 1, 0});
  expectTensor<float>(run("strided_slice", {x}, strided({0}, {0}, {-3}, {.begin = 1, .end = 1})),
                      {2}, {3, 0});
}

TEST(StridedSlice, MixesAllMasks) {
  const Tensor x = iota({2, 3, 4});
  // x[1]: the rest of the axes is taken whole.
  expectTensor<float>(
      run("strided_slice", {iota({2, 3})}, strided({1}, {2}, {1}, {.shrink_axis = 1})), {3},
      {3, 4, 5});
  // x[..., -1]
  expectTensor<float>(run("strided_slice", {x},
                          strided({0, -1}, {0, 0}, {1, 1}, {.ellipsis = 1, .shrink_axis = 2})),
                      {2, 3}, {3, 7, 11, 15, 19, 23});
  // x[0, ..., newaxis, 1:3]
  expectTensor<float>(run("strided_slice", {x},
                          strided({0, 0, 0, 1}, {1, 0, 0, 3}, {1, 1, 1, 1},
                                  {.ellipsis = 2, .new_axis = 4, .shrink_axis = 1})),
                      {3, 1, 2}, {1, 2, 5, 6, 9, 10});
  // x[1, ::2, 2]: shrink leaves out two axes around a range.
  expectTensor<float>(
      run("strided_slice", {x},
          strided({1, 0, 2}, {2, 0, 3}, {1, 2, 1}, {.begin = 2, .end = 2, .shrink_axis = 5})),
      {2}, {14, 22});
  // x[newaxis] of a scalar, and an ellipsis that stands for no axis.
  expectTensor<float>(run("strided_slice", {Tensor(3.f)}, strided({0}, {0}, {1}, {.new_axis = 1})),
                      {1}, {3});
  expectTensor<float>(
      run("strided_slice", {iota({2})}, strided({0, 1}, {0, 2}, {1, 1}, {.ellipsis = 1})), {1},
      {1});
  // newaxis wins where an entry has both bits.
  expectTensor<float>(
      run("strided_slice", {iota({2})}, strided({0}, {1}, {1}, {.new_axis = 1, .shrink_axis = 1})),
      {1, 2}, {0, 1});
}

TEST(StridedSlice, RefusesWrongEntries) {
  const Tensor x = iota({2, 3});
  EXPECT_EQ(errorOf([&] { run("strided_slice", {x}, strided({2}, {3}, {1}, {.shrink_axis = 1})); }),
            "INVALID_ARGUMENT: strided_slice expects an index in [-2,2) at axis 0, got 2");
  EXPECT_EQ(
      errorOf([&] { run("strided_slice", {x}, strided({0}, {1}, {-1}, {.shrink_axis = 1})); }),
      "INVALID_ARGUMENT: strided_slice expects stride 1 where an axis is dropped, got -1");
  EXPECT_EQ(errorOf([&] { run("strided_slice", {x}, strided({0}, {1}, {0})); }),
            "INVALID_ARGUMENT: strided_slice expects strides other than 0, got 0");
  EXPECT_EQ(
      errorOf([&] { run("strided_slice", {x}, strided({0, 0}, {1, 0}, {1, 1}, {.ellipsis = 3})); }),
      "INVALID_ARGUMENT: strided_slice expects at most one ellipsis, got more");
  EXPECT_EQ(errorOf([&] { run("strided_slice", {x}, strided({0, 0, 0}, {1, 1, 1}, {1, 1, 1})); }),
            "INVALID_ARGUMENT: strided_slice expects at most 2 entries for shape [2,3], got 3");
  EXPECT_EQ(errorOf([&] { run("strided_slice", {x}, strided({0, 0}, {1}, {1})); }),
            "INVALID_ARGUMENT: strided_slice expects begin, end and strides of one length, got 2, "
            "1 and 1");
}

TEST(StridedSliceGrad, PutsEveryElementWhereItCameFrom) {
  Attributes attributes = strided({0, -1}, {0, -4}, {1, -2}, {.shrink_axis = 1});
  attributes.set("shape", Ints{2, 4});
  // x[0, -1:-4:-2] reads columns 3 and 1 of row 0.
  expectTensor<float>(run("strided_slice_grad", {vector({5.f, 6.f})}, attributes), {2, 4},
                      {0, 6, 0, 5, 0, 0, 0, 0});
  EXPECT_EQ(errorOf([&] { run("strided_slice_grad", {vector({5.f})}, attributes); }),
            "INVALID_ARGUMENT: strided_slice_grad expects a gradient of shape [2], got [1]");
}

} // namespace
} // namespace graphc::reference
