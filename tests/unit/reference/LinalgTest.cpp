#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

TEST(Qr, HasLapacksSigns) {
  // First column (3, 4): norm 5, so r00 = -5 and q0 = (-0.6, -0.8); r01 = -(0.6 * 1 + 0.8 * 2) =
  // -2.2. What is left of (1, 2) is (1, 2) + 2.2 * (-0.6, -0.8) = (-0.32, 0.24) = 0.4 * (-0.8,
  // 0.6).
  const std::vector<Tensor> qr = runAll("qr", {Tensor::of(Shape{2, 2}, {3., 1., 4., 2.})});
  expectNear<double>(qr[0], {2, 2}, {-.6, -.8, -.8, .6}, 1e-14);
  expectNear<double>(qr[1], {2, 2}, {-5, -2.2, 0, .4}, 1e-14);
}

TEST(Qr, LeavesATriangleAsItIs) {
  const std::vector<Tensor> qr = runAll("qr", {Tensor::of(Shape{2, 2}, {2.f, 1.f, 0.f, -3.f})});
  expectTensor<float>(qr[0], {2, 2}, {1, 0, 0, 1});
  expectTensor<float>(qr[1], {2, 2}, {2, 1, 0, -3});
}

void expectFactors(const Tensor &x) {
  const std::vector<Tensor> qr = runAll("qr", {x});
  const Tensor product = run("matmul", {qr[0], qr[1]});
  const Tensor gram = run("matmul", {qr[0], qr[0]}, {{"transpose_a", true}});
  ASSERT_EQ(product.shape(), x.shape());
  for (std::int64_t i = 0; i < x.num_elements(); ++i)
    EXPECT_NEAR(product.data<double>()[i], x.data<double>()[i], 1e-12);
  const std::int64_t k = gram.shape()[gram.shape().rank() - 1];
  for (std::int64_t i = 0; i < gram.num_elements(); ++i)
    EXPECT_NEAR(gram.data<double>()[i], i / k % k == i % k ? 1 : 0, 1e-13);
  const std::int64_t n = qr[1].shape()[qr[1].shape().rank() - 1];
  for (std::int64_t i = 0; i < qr[1].num_elements(); ++i) {
    if (i / n % k > i % n) {
      EXPECT_EQ(qr[1].data<double>()[i], 0);
    }
  }
}

TEST(Qr, FactorsTallWideAndBatchedMatrices) {
  const Attributes uniform{
      {"shape", std::vector<std::int64_t>{7, 4}}, {"dtype", float64}, {"seed", std::int64_t{3}}};
  const Tensor x = run("random_uniform", {}, uniform);
  expectFactors(x);
  expectFactors(x.reshaped({4, 7}));
  expectFactors(x.reshaped({2, 7, 2}));
  EXPECT_EQ(runAll("qr", {x})[0].shape(), (Shape{7, 4}));
  EXPECT_EQ(runAll("qr", {x.reshaped({4, 7})})[0].shape(), (Shape{4, 4}));
}

TEST(Qr, RefusesVectors) {
  EXPECT_EQ(errorOf([] { run("qr", {iota({3})}); }),
            "INVALID_ARGUMENT: qr expects an operand of rank 2 or more, got [3]");
}

} // namespace
} // namespace graphc::reference
