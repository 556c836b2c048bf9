#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

TEST(Matmul, MultipliesWithAllTransposes) {
  // [0 1 2; 3 4 5] x [0 1; 2 3; 4 5] = [10 13; 28 40]
  const Tensor a = iota({2, 3}), b = iota({3, 2});
  const Tensor a_t = Tensor::of(Shape{3, 2}, {0.f, 3.f, 1.f, 4.f, 2.f, 5.f});
  const Tensor b_t = Tensor::of(Shape{2, 3}, {0.f, 2.f, 4.f, 1.f, 3.f, 5.f});
  expectTensor<float>(run("matmul", {a, b}), {2, 2}, {10, 13, 28, 40});
  expectTensor<float>(run("matmul", {a_t, b}, {{"transpose_a", true}}), {2, 2}, {10, 13, 28, 40});
  expectTensor<float>(run("matmul", {a, b_t}, {{"transpose_b", true}}), {2, 2}, {10, 13, 28, 40});
  expectTensor<float>(run("matmul", {a_t, b_t}, {{"transpose_a", true}, {"transpose_b", true}}),
                      {2, 2}, {10, 13, 28, 40});
}

TEST(Matmul, BroadcastsBatches) {
  // Two a of one row each against one b, then against three.
  const Tensor a = Tensor::of(Shape{2, 1, 2}, {1.f, 2.f, 3.f, 4.f});
  expectTensor<float>(run("matmul", {a, Tensor::of(Shape{2, 1}, {10.f, 1.f})}), {2, 1, 1},
                      {12, 34});
  const Tensor three = Tensor::of(Shape{3, 1, 2, 1}, {1.f, 0.f, 0.f, 1.f, 1.f, 1.f});
  expectTensor<float>(run("matmul", {a, three}), {3, 2, 1, 1}, {1, 3, 2, 4, 3, 7});
  expectTensor<float>(run("matmul", {Tensor::of(Shape{2, 2, 1}, {1.f, 2.f, 3.f, 4.f}),
                                     Tensor::of(Shape{2, 1, 2}, {1.f, 10.f, 100.f, 1000.f})}),
                      {2, 2, 2}, {1, 10, 2, 20, 300, 3000, 400, 4000});
}

TEST(Matmul, MultipliesIntegersAndEmptyMatrices) {
  expectTensor<std::int32_t>(run("matmul", {iota({1, 3}, int32), iota({3, 1}, int32)}), {1, 1},
                             {5});
  expectTensor<float>(run("matmul", {iota({2, 0}), iota({0, 2})}), {2, 2}, {0, 0, 0, 0});
  expectTensor<float>(run("matmul", {iota({0, 3}), iota({3, 2})}), {0, 2}, {});
}

TEST(Matmul, SumsInDouble) {
  expectTensor<float>(run("matmul", {Tensor::of(Shape{1, 3}, {1e8f, 1.f, -1e8f}),
                                     Tensor::of(Shape{3, 1}, {1.f, 1.f, 1.f})}),
                      {1, 1}, {1});
}

TEST(Matmul, RefusesWhatDoesNotFit) {
  EXPECT_EQ(errorOf([] { run("matmul", {iota({2, 3}), iota({2, 3})}); }),
            "INVALID_ARGUMENT: matmul expects equal inner extents, got [2,3] and [2,3]");
  EXPECT_EQ(errorOf([] { run("matmul", {iota({3}), iota({3, 1})}); }),
            "INVALID_ARGUMENT: matmul expects operands of rank 2 or more, got [3] and [3,1]");
  EXPECT_EQ(
      errorOf([] { run("matmul", {iota({2, 1, 1}), iota({3, 1, 1})}); }),
      "INVALID_ARGUMENT: matmul expects leading extents that broadcast, got [2,1,1] and [3,1,1]");
}

// The projection of 600 windows of 128 steps: 224 million multiplications.
TEST(Matmul, MultipliesAWholeProjection) {
  const Tensor ones = run("ones_like", {Tensor(float32, Shape{76800, 27})});
  const Tensor c = run("matmul", {ones, run("ones_like", {Tensor(float32, Shape{27, 108})})});
  EXPECT_EQ(c.shape(), (Shape{76800, 108}));
  EXPECT_EQ(run("reduce_min", {c}).scalar<float>(), 27);
  EXPECT_EQ(run("reduce_max", {c}).scalar<float>(), 27);
}

TEST(FusedMatmul, AddsBiasAndActivates) {
  const Tensor a = Tensor::of(Shape{2, 1}, {1.f, -1.f}), b = Tensor::of(Shape{1, 2}, {1.f, 2.f});
  const Tensor bias = vector({.5f, -3.f});
  expectTensor<float>(run("fused_matmul", {a, b}, {{"activation", std::string("none")}}), {2, 2},
                      {1, 2, -1, -2});
  expectTensor<float>(run("fused_matmul", {a, b, bias}, {{"activation", std::string("none")}}),
                      {2, 2}, {1.5f, -1, -.5f, -5});
  expectTensor<float>(run("fused_matmul", {a, b, bias}, {{"activation", std::string("relu")}}),
                      {2, 2}, {1.5f, 0, 0, 0});
  // tanh(1.5) = 0.905148, tanh(-1) = -0.761594, tanh(-0.5) = -0.462117, tanh(-5) = -0.999909
  expectNear<float>(run("fused_matmul", {a, b, bias}, {{"activation", std::string("tanh")}}),
                    {2, 2}, {.9051483f, -.7615942f, -.4621172f, -.9999092f});
  // sigmoid(1) = 0.731059, sigmoid(2) = 0.880797
  expectNear<float>(run("fused_matmul", {a, b}, {{"activation", std::string("sigmoid")}}), {2, 2},
                    {.7310586f, .8807971f, .2689414f, .1192029f});
}

} // namespace
} // namespace graphc::reference
