// softmax and cross entropies against the reference.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

constexpr Tolerance kTolerance = {3e-6, 1e-6};

TEST(NnKernels, SoftmaxAlongEveryAxis) {
  for (const char *name : {"softmax", "log_softmax"})
    for (const DataType dtype : {float32, float64})
      for (const std::int64_t axis : {-1, 0, 1, 2}) {
        SCOPED_TRACE(std::string(name) + " along " + std::to_string(axis));
        expectAsReference(
            [&](GraphBuilder &g, const Values &x) -> Values {
              return {g.create(name, x, {{"axis", axis}})};
            },
            {sample(dtype, {5, 9, 6})}, kTolerance);
      }
}

TEST(NnKernels, SoftmaxDoesNotOverflow) {
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        return {g.create("softmax", x, {{"axis", std::int64_t{-1}}})};
      },
      {Tensor::of<float>({3, 3}, {1e4f, 1e4f, -1e30f, 0, 100, 200, -1e38f, -1e38f, -1e38f})},
      kTolerance);
}

Body crossEntropy(const std::string &name) {
  return [name](GraphBuilder &g, const Values &x) -> Values {
    mlir::Operation *op = g.createOp(name, x);
    return {op->getResult(0), op->getResult(1)};
  };
}

TEST(NnKernels, CrossEntropyWithLogits) {
  for (const DataType dtype : {float32, float64})
    for (const Shape &shape :
         {Shape{600, 6}, Shape{1, 6}, Shape{7, 1}, Shape{3, 4, 33}, Shape{5}}) {
      SCOPED_TRACE(shape.to_string());
      expectAsReference(crossEntropy("softmax_cross_entropy_with_logits"),
                        {sample(dtype, shape), sample(dtype, shape, 2)}, {1e-5, 1e-4});
    }
}

TEST(NnKernels, CrossEntropyFusedWithItsUsers) {
  // The loss of a training step and the gradient of its mean.
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value one = g.scalarLike(1, x[1]), zero = g.scalarLike(0, x[1]);
        const mlir::Value labels = g.create(
            "one_hot", {x[0], one, zero}, {{"depth", std::int64_t{6}}, {"axis", std::int64_t{-1}}});
        const mlir::Value logits = g.create("bias_add", {x[1], x[2]});
        mlir::Operation *op = g.createOp("softmax_cross_entropy_with_logits", {logits, labels});
        const mlir::Value scaled =
            g.create("multiply", {op->getResult(1), g.scalarLike(1. / 50, x[1])});
        return {op->getResult(0), scaled, logits};
      },
      {Tensor::of<std::int32_t>({5}, {0, 5, 2, 3, 3}), sample(float32, {5, 6}),
       sample(float32, {6}, 2)},
      {1e-5, 1e-5});
}

TEST(NnKernels, SparseCrossEntropyWithLogits) {
  for (const DataType labels : {int32, int64})
    expectAsReference(
        crossEntropy("sparse_softmax_cross_entropy_with_logits"),
        {sample(float32, {5, 6}), Tensor::of<std::int32_t>({5}, {0, 5, 2, 3, 3}).cast(labels)},
        kTolerance);
}

TEST(NnKernels, LabelsBeyondTheClassesGiveNan) {
  Cluster cluster({{float32, {3, 4}}, {int32, {3}}},
                  crossEntropy("sparse_softmax_cross_entropy_with_logits"));
  const auto results =
      cluster.run({sample(float32, {3, 4}), Tensor::of<std::int32_t>({3}, {4, 1, -1})});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_TRUE(std::isnan(results[0].data<float>()[0]));
  EXPECT_FALSE(std::isnan(results[0].data<float>()[1]));
  EXPECT_TRUE(std::isnan(results[0].data<float>()[2]));
  EXPECT_TRUE(std::isnan(results[1].data<float>()[0]));
  EXPECT_FALSE(std::isnan(results[1].data<float>()[5]));
}

TEST(NnKernels, RowsAreComputedOnce) {
  // Loss and gradient share a nest: the extent is the batch, not the batch twice.
  Cluster cluster({{float32, {600, 6}}, {float32, {600, 6}}},
                  crossEntropy("softmax_cross_entropy_with_logits"));
  EXPECT_EQ(cluster.shape().extent, 600);
}

} // namespace
} // namespace graphc::kernel_testing
