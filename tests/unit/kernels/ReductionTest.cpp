// Reductions over every combination of axes, alone and fused with what is before and behind them.
#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

using Ints = std::vector<std::int64_t>;

std::vector<Ints> subsets(std::int64_t rank) {
  std::vector<Ints> all;
  for (std::int64_t mask = 0; mask < 1 << rank; ++mask) {
    Ints axes;
    for (std::int64_t d = 0; d < rank; ++d)
      if (mask >> d & 1)
        axes.push_back(d);
    all.push_back(axes);
  }
  return all;
}

Body reduce(const std::string &name, const Ints &axes, bool keepDims) {
  return [=](GraphBuilder &g, const Values &x) -> Values {
    return {g.create(name, x, {{"axes", axes}, {"keep_dims", keepDims}})};
  };
}

/// Sums of some hundred numbers below 4.
constexpr Tolerance kSum = {1e-5, 1e-4};

class ReductionKernels : public testing::TestWithParam<const char *> {};

TEST_P(ReductionKernels, OverEveryCombinationOfAxes) {
  const std::string name = GetParam();
  const bool logical = name == "reduce_all" || name == "reduce_any";
  for (const Shape &shape : {Shape{3, 4, 5, 7}, Shape{13, 1, 2, 9}, Shape{2, 17, 1, 1}})
    for (const Ints &axes : subsets(4))
      for (const bool keepDims : {false, true}) {
        SCOPED_TRACE(name + " of " + shape.to_string() + " over " + Shape(axes).to_string());
        if (logical) {
          expectAsReference(reduce(name, axes, keepDims), {sample(bool_, shape)});
        } else if (name == "reduce_prod") {
          expectAsReference(reduce(name, axes, keepDims), {sample(float64, shape)},
                            {1e-10, 1e-300});
        } else {
          expectAsReference(reduce(name, axes, keepDims), {sample(float32, shape)}, kSum);
          expectAsReference(reduce(name, axes, keepDims), {sample(int32, shape)});
        }
      }
}

INSTANTIATE_TEST_SUITE_P(All, ReductionKernels,
                         testing::Values("reduce_sum", "reduce_mean", "reduce_max", "reduce_min",
                                         "reduce_prod", "reduce_all", "reduce_any"),
                         [](const auto &info) { return std::string(info.param); });

TEST(ReductionKernels, OtherTypes) {
  for (const char *name : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min"})
    for (const DataType dtype : {float64, int64, uint8})
      for (const Ints &axes : subsets(2))
        expectAsReference(reduce(name, axes, false), {sample(dtype, {33, 10})}, {1e-13, 1e-13});
}

TEST(ReductionKernels, NanWinsInExtremes) {
  for (const char *name : {"reduce_max", "reduce_min"})
    for (const Ints &axes : subsets(2))
      expectAsReference(reduce(name, axes, false), {withSpecialValues(float32, {9, 5})});
}

TEST(ReductionKernels, OverNothing) {
  for (const char *name : {"reduce_sum", "reduce_max", "reduce_min", "reduce_prod"}) {
    expectAsReference(reduce(name, {0}, false), {Tensor(float32, {0, 3})});
    expectAsReference(reduce(name, {0}, false), {Tensor(int32, {0, 3})});
    expectAsReference(reduce(name, {1}, true), {Tensor(float32, {0, 3})});
  }
}

TEST(ReductionKernels, LongSumsOfRowsAndColumns) {
  // 1 to 4 accumulators in vectors, or rows added four at a time: far better than one after the
  // other.
  expectAsReference(reduce("reduce_sum", {0, 1}, false), {sample(float32, {300, 1001})},
                    {1e-5, 2e-2});
  expectAsReference(reduce("reduce_mean", {0}, false), {sample(float32, {1003, 54})}, {1e-5, 1e-5});
  expectAsReference(reduce("reduce_sum", {1}, false), {sample(float32, {30, 1003})}, {1e-5, 1e-3});
}

TEST(ReductionKernels, FusedWithTheirOperands) {
  // A bias gradient beside the gradient that it sums up.
  const Body biasGradient = [](GraphBuilder &g, const Values &x) -> Values {
    const mlir::Value one = g.scalarLike(1, x[0]);
    const mlir::Value dz =
        g.create("multiply", {x[1], g.create("subtract", {one, g.create("square", {x[0]})})});
    return {dz, g.create("reduce_sum", {dz}, {{"axes", Ints{0}}, {"keep_dims", false}})};
  };
  expectAsReference(biasGradient, {sample(float32, {123, 27}), sample(float32, {123, 27}, 2)},
                    {1e-5, 2e-2});
}

TEST(ReductionKernels, ResultsUsedByEveryElement) {
  for (const Ints &axes : subsets(3))
    for (const Shape &shape : {Shape{4, 9, 5}, Shape{6, 1, 33}}) {
      SCOPED_TRACE(Shape(axes).to_string());
      // Normalisation: (x - mean) * rsqrt(variance + epsilon).
      expectAsReference(
          [&](GraphBuilder &g, const Values &x) -> Values {
            const Attributes over = {{"axes", axes}, {"keep_dims", true}};
            const mlir::Value mean = g.create("reduce_mean", x, over);
            const mlir::Value d = g.create("subtract", {x[0], mean});
            const mlir::Value variance = g.create("reduce_mean", {g.create("square", {d})}, over);
            const mlir::Value root =
                g.create("rsqrt", {g.create("add", {variance, g.scalarLike(1e-3, variance)})});
            return {g.create("multiply", {d, root}), variance};
          },
          {sample(float32, shape)}, {2e-5, 2e-5});
    }
}

TEST(ReductionKernels, BehindReshapesAndTransposes) {
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value t = g.create("transpose", x, {{"perm", Ints{2, 0, 1}}});
        const mlir::Value r = g.create("reshape", {t}, {{"shape", Ints{6, -1}}});
        return {g.create("reduce_sum", {t}, {{"axes", Ints{0, 2}}, {"keep_dims", false}}),
                g.create("reduce_max", {r}, {{"axes", Ints{1}}, {"keep_dims", false}}),
                g.create("reduce_sum", {r}, {{"axes", Ints{0}}, {"keep_dims", false}})};
      },
      {sample(float32, {4, 5, 6})}, kSum);
}

TEST(ReductionKernels, ArgmaxAndArgminTakeTheFirst) {
  for (const char *name : {"argmax", "argmin"})
    for (const DataType dtype : {float32, float64, int32, int64, uint8})
      for (std::int64_t axis = 0; axis < 3; ++axis)
        for (const DataType result : {int32, int64}) {
          SCOPED_TRACE(name);
          expectAsReference(
              [&](GraphBuilder &g, const Values &x) -> Values {
                return {g.create(name, x, {{"axis", axis}, {"dtype", result}})};
              },
              {is_floating(dtype) ? withSpecialValues(dtype, {5, 6, 7})
                                  : sample(dtype, {5, 6, 7})});
        }
}

TEST(ReductionKernels, L2Loss) {
  for (const DataType dtype : {float32, float64})
    expectAsReference(
        [](GraphBuilder &g, const Values &x) -> Values { return {g.create("l2_loss", x)}; },
        {sample(dtype, {31, 17})}, {1e-6, 0});
}

} // namespace
} // namespace graphc::kernel_testing
