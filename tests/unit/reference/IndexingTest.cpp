#include "tests/unit/reference/ReferenceTesting.h"

#include <cmath>

namespace graphc::reference {
namespace {

using Ints = std::vector<std::int64_t>;
constexpr float nan = NAN;

TEST(Indexing, RunningSums) {
  const Tensor x = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto sums = [&](std::int64_t axis, bool exclusive, bool reverse) {
    return run("cumsum", {x}, {{"axis", axis}, {"exclusive", exclusive}, {"reverse", reverse}});
  };
  expectTensor<float>(sums(1, false, false), {2, 3}, {1, 3, 6, 4, 9, 15});
  expectTensor<float>(sums(-1, true, false), {2, 3}, {0, 1, 3, 0, 4, 9});
  expectTensor<float>(sums(1, false, true), {2, 3}, {6, 5, 3, 15, 11, 6});
  expectTensor<float>(sums(1, true, true), {2, 3}, {5, 3, 0, 11, 6, 0});
  expectTensor<float>(sums(0, false, false), {2, 3}, {1, 2, 3, 5, 7, 9});
  expectTensor<std::int32_t>(run("cumsum", {vector({2147483647, 1})}), {2},
                             {2147483647, -2147483647 - 1});
}

TEST(Indexing, ReversesTheBeginningOfEachSequence) {
  const Attributes axes{{"seq_axis", std::int64_t{1}}, {"batch_axis", std::int64_t{0}}};
  expectTensor<float>(run("reverse_sequence", {iota({3, 4}), vector({0, 3, 4})}, axes), {3, 4},
                      {0, 1, 2, 3, 6, 5, 4, 7, 11, 10, 9, 8});
  // The sequence first, and more behind the batch.
  expectTensor<float>(run("reverse_sequence",
                          {iota({3, 2, 2}), Tensor::of<std::int64_t>({2}, {2, 3})},
                          {{"seq_axis", std::int64_t{0}}, {"batch_axis", std::int64_t{1}}}),
                      {3, 2, 2}, {4, 5, 10, 11, 0, 1, 6, 7, 8, 9, 2, 3});
  EXPECT_EQ(errorOf([&] { run("reverse_sequence", {iota({1, 4}), vector({5})}, axes); }),
            "INVALID_ARGUMENT: reverse_sequence expects lengths in [0,4], got 5");
}

TEST(Indexing, TheLargestInDescendingOrder) {
  const Tensor x = Tensor::of<float>({2, 4}, {1, 7, 7, 3, nan, -1, 2, -5});
  const std::vector<Tensor> both = runAll("top_k", {x}, {{"k", std::int64_t{3}}});
  expectTensor<float>(both[0], {2, 3}, {7, 7, 3, 2, -1, -5});
  expectTensor<std::int32_t>(both[1], {2, 3}, {1, 2, 3, 2, 1, 3});
  expectTensor<float>(runAll("top_k", {x}, {{"k", std::int64_t{4}}})[0], {2, 4},
                      {7, 7, 3, 1, 2, -1, -5, nan});
  expectTensor<float>(runAll("top_k", {x}, {{"k", std::int64_t{0}}})[0], {2, 0}, {});
}

TEST(Indexing, TargetsAmongTheLargest) {
  const Tensor p = Tensor::of<float>(
      {5, 3}, {.1f, .2f, .7f, .5f, .5f, 0, .1f, .2f, .7f, .1f, nan, .2f, 1, 2, 3});
  expectTensor<bool>(run("in_top_k", {p, vector({1, 1, 0, 0, 3})}, {{"k", std::int64_t{2}}}), {5},
                     {true, true, false, false, false});
  expectTensor<bool>(run("in_top_k", {p, vector({2, 1, 1, 2, -1})}, {{"k", std::int64_t{1}}}), {5},
                     {true, true, false, false, false});
}

TEST(Indexing, GathersAndScattersByAddresses) {
  const Tensor addresses = Tensor::of<std::int32_t>({3, 2}, {1, 0, 0, 2, 1, 0});
  expectTensor<float>(run("gather_nd", {iota({2, 3}), addresses}), {3}, {3, 2, 3});
  expectTensor<float>(run("gather_nd", {iota({2, 3}), Tensor::of<std::int64_t>({1, 1}, {1})}),
                      {1, 3}, {3, 4, 5});
  expectTensor<float>(
      run("scatter_nd", {addresses, vector({1.f, 2.f, 4.f})}, {{"shape", Ints{2, 3}}}), {2, 3},
      {0, 0, 2, 5, 0, 0});
  expectTensor<float>(run("scatter_nd", {Tensor::of<std::int32_t>({2, 1}, {2, 0}),
                                         Tensor::of<float>({2, 2}, {1, 2, 3, 4}), vector({3, 2})}),
                      {3, 2}, {3, 4, 0, 0, 1, 2});
  const auto outside = [](std::int32_t index) {
    return errorOf(
        [&] { run("gather_nd", {iota({2, 3}), Tensor::of<std::int32_t>({1, 2}, {1, index})}); });
  };
  EXPECT_EQ(outside(3), "INVALID_ARGUMENT: gather_nd expects indices in [0,3) for axis 1, got 3");
  EXPECT_EQ(outside(-1), "INVALID_ARGUMENT: gather_nd expects indices in [0,3) for axis 1, got -1");
}

TEST(Indexing, ReplacesARow) {
  const Tensor x = iota({3, 2});
  expectTensor<float>(run("update_row", {x, Tensor(std::int32_t{1}), vector({8.f, 9.f})}), {3, 2},
                      {0, 1, 8, 9, 4, 5});
  // x itself is as it was.
  expectTensor<float>(run("update_row", {x, Tensor(std::int64_t{2}), vector({8.f, 9.f})}), {3, 2},
                      {0, 1, 2, 3, 8, 9});
  expectTensor<float>(run("update_row", {iota({3}), Tensor(std::int32_t{0}), Tensor(7.f)}), {3},
                      {7, 1, 2});
  const auto outside = [&](std::int32_t index) {
    return errorOf([&] { run("update_row", {x, Tensor(index), vector({8.f, 9.f})}); });
  };
  EXPECT_EQ(outside(3), "INVALID_ARGUMENT: update_row expects an index in [0,3), got 3");
  EXPECT_EQ(outside(-1), "INVALID_ARGUMENT: update_row expects an index in [0,3), got -1");
}

} // namespace
} // namespace graphc::reference
