// Every primitive against the reference implementation. Sums of products in float32 have a relative
// error of about length * 2^-24; the tolerances leave room for lengths of a few hundred.
#include "tests/unit/runtime/PrimitiveTesting.h"

#include <cmath>
#include <limits>
#include <thread>

namespace graphc {
namespace {

/// oneDNN's plain loops are slow: nothing that a program runs often may fall to them.
void expectFast(const DnnlPrimitive &primitive) {
  EXPECT_FALSE(primitive.implementation().starts_with("ref")) << primitive.implementation();
}

TEST(DnnlMatmul, TakesTransposesAsStrides) {
  for (const bool transposeA : {false, true}) {
    for (const bool transposeB : {false, true}) {
      const Tensor a = randomTensor(transposeA ? Shape{9, 61} : Shape{61, 9}, 1);
      const Tensor b = randomTensor(transposeB ? Shape{27, 9} : Shape{9, 27}, 2);
      std::vector<Tensor> c = {Tensor(float32, {61, 27})};
      const auto primitive =
          createDnnlPrimitive({"matmul",
                               {transposeA ? transposedOperandOf(a) : operandOf(a),
                                transposeB ? transposedOperandOf(b) : operandOf(b)},
                               {operandOf(c[0])},
                               {{"activation", std::string("none")}},
                               2});
      expectFast(*primitive);
      runPrimitive(*primitive, {a, b}, c, 2);
      expectClose(c[0],
                  evaluated("matmul", {a, b},
                            {{"transpose_a", transposeA}, {"transpose_b", transposeB}})[0],
                  1e-5);
    }
  }
}

TEST(DnnlMatmul, BroadcastsBatches) {
  const Tensor a = randomTensor({5, 1, 4, 3}, 1);
  const Tensor b = randomTensor({1, 2, 3, 6}, 2);
  std::vector<Tensor> c = {Tensor(float32, {5, 2, 4, 6})};
  const auto primitive = createDnnlPrimitive({"matmul",
                                              {operandOf(a), operandOf(b)},
                                              {operandOf(c[0])},
                                              {{"activation", std::string("none")}},
                                              1});
  runPrimitive(*primitive, {a, b}, c);
  expectClose(
      c[0], evaluated("matmul", {a, b}, {{"transpose_a", false}, {"transpose_b", false}})[0], 1e-5);
}

TEST(DnnlMatmul, AddsABiasAndAppliesTheActivation) {
  const Tensor a = randomTensor({61, 9}, 1);
  const Tensor b = randomTensor({9, 27}, 2);
  const Tensor bias = randomTensor({27}, 3);
  for (const char *activation : {"none", "relu", "tanh", "sigmoid"}) {
    std::vector<Tensor> c = {Tensor(float32, {61, 27})};
    const auto primitive =
        createDnnlPrimitive({"matmul",
                             {operandOf(a), operandOf(b), {float32, {1, 27}, {}}},
                             {operandOf(c[0])},
                             {{"activation", std::string(activation)}},
                             1});
    expectFast(*primitive);
    runPrimitive(*primitive, {a, b, bias}, c);
    const Attributes attributes{
        {"transpose_a", false}, {"transpose_b", false}, {"activation", std::string(activation)}};
    expectClose(c[0], evaluated("fused_matmul", {a, b, bias}, attributes)[0], 1e-5, activation);
  }
}

// relu is not among them: oneDNN's gives 0 for NaN, so that LowerToPlan computes it by itself.
TEST(DnnlMatmul, KeepsNaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor a = Tensor::of<float>({1, 2}, {nan, 1});
  const Tensor b = Tensor::of<float>({2, 1}, {1, 1});
  for (const char *activation : {"none", "tanh", "sigmoid"}) {
    std::vector<Tensor> c = {Tensor(float32, {1, 1})};
    const auto primitive = createDnnlPrimitive({"matmul",
                                                {operandOf(a), operandOf(b)},
                                                {operandOf(c[0])},
                                                {{"activation", std::string(activation)}},
                                                1});
    runPrimitive(*primitive, {a, b}, c);
    EXPECT_TRUE(std::isnan(c[0].scalar<float>())) << activation;
  }
}

TEST(DnnlMatmul, TakesPackedWeights) {
  const Tensor a = randomTensor({61, 9}, 1);
  const Tensor b = randomTensor({27, 9}, 2);
  const auto pack = createDnnlPrimitive({"matmul_pack",
                                         {transposedOperandOf(b)},
                                         {{uint8, {0}, {}}},
                                         {{"a_extents", std::vector<std::int64_t>{61, 9}},
                                          {"a_strides", std::vector<std::int64_t>{9, 1}},
                                          {"bias", false},
                                          {"activation", std::string("none")}},
                                         1});
  ASSERT_GE(pack->opaqueBytes(), b.num_bytes());
  std::vector<Tensor> packed = {
      Tensor(uint8, Shape{static_cast<std::int64_t>(pack->opaqueBytes())})};
  runPrimitive(*pack, {b}, packed);
  std::vector<Tensor> c = {Tensor(float32, {61, 27})};
  const auto product = createDnnlPrimitive(
      {"matmul",
       {operandOf(a), operandOf(packed[0])},
       {operandOf(c[0])},
       {{"activation", std::string("none")}, {"b_extents", std::vector<std::int64_t>{9, 27}}},
       1});
  runPrimitive(*product, {a, packed[0]}, c);
  expectClose(c[0], evaluated("matmul", {a, b}, {{"transpose_a", false}, {"transpose_b", true}})[0],
              1e-5);
}

TEST(DnnlSoftmax, MatchesTheReferenceAlongAnyAxis) {
  const Tensor x = randomTensor({7, 6, 5}, 1, -20, 20);
  for (const char *kind : {"softmax", "log_softmax"}) {
    for (const std::int64_t axis : {0, 1, 2}) {
      std::vector<Tensor> y = {Tensor(float32, x.shape())};
      const auto primitive =
          createDnnlPrimitive({kind, {operandOf(x)}, {operandOf(y[0])}, {{"axis", axis}}, 1});
      if (axis == 2)
        expectFast(*primitive);
      runPrimitive(*primitive, {x}, y);
      expectClose(y[0], evaluated(kind, {x}, {{"axis", axis}})[0], 1e-5, kind);
    }
  }
}

TEST(DnnlReduction, MatchesTheReference) {
  const Tensor x = randomTensor({31, 6, 5}, 1);
  for (const char *algorithm : {"sum", "mean", "max", "min"}) {
    for (const std::vector<std::int64_t> &axes :
         {std::vector<std::int64_t>{0}, {2}, {0, 1}, {1, 2}, {0, 1, 2}}) {
      std::vector<std::int64_t> extents = x.shape().extents();
      for (std::int64_t axis : axes)
        extents[static_cast<std::size_t>(axis)] = 1;
      std::vector<Tensor> y = {Tensor(float32, Shape(extents))};
      const auto primitive = createDnnlPrimitive({"reduction",
                                                  {operandOf(x)},
                                                  {operandOf(y[0])},
                                                  {{"algorithm", std::string(algorithm)}},
                                                  1});
      runPrimitive(*primitive, {x}, y);
      expectClose(y[0],
                  evaluated(std::string("reduce_") + algorithm, {x},
                            {{"axes", axes}, {"keep_dims", true}})[0],
                  1e-5, algorithm);
    }
  }
}

TEST(DnnlEltwise, MatchesTheReference) {
  const Tensor x = randomTensor({123}, 1, -6, 6);
  const Tensor positive = randomTensor({123}, 1, 0, 6);
  for (const char *name :
       {"relu", "tanh", "sigmoid", "exp", "log", "sqrt", "square", "abs", "round"}) {
    const std::string_view word = name;
    const Tensor &in = word == "log" || word == "sqrt" ? positive : x;
    std::vector<Tensor> y = {Tensor(float32, x.shape())};
    const auto primitive = createDnnlPrimitive(
        {"eltwise", {operandOf(in)}, {operandOf(y[0])}, {{"algorithm", std::string(name)}}, 1});
    expectFast(*primitive);
    runPrimitive(*primitive, {in}, y);
    expectClose(y[0], evaluated(name, {in})[0], 1e-5, name);
  }
}

// Those that LowerElementwiseToPlan lets oneDNN compute.
TEST(DnnlEltwise, KeepsNaNAndInfinity) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  const Tensor x = Tensor::of<float>({8}, {nan, inf, -inf, 0, -0.f, 1, -1, nan});
  for (const char *name : {"tanh", "sigmoid", "sqrt", "square", "abs"}) {
    std::vector<Tensor> y = {Tensor(float32, x.shape())};
    const auto primitive = createDnnlPrimitive(
        {"eltwise", {operandOf(x)}, {operandOf(y[0])}, {{"algorithm", std::string(name)}}, 1});
    runPrimitive(*primitive, {x}, y);
    const Tensor wanted = evaluated(name, {x})[0];
    for (int i = 0; i < 8; ++i) {
      const float got = y[0].data<float>()[i];
      const float want = wanted.data<float>()[i];
      if (std::isnan(want))
        EXPECT_TRUE(std::isnan(got)) << name << " of element " << i;
      else
        EXPECT_FLOAT_EQ(got, want) << name << " of element " << i;
    }
  }
}

TEST(DnnlBinary, BroadcastsTheSecondOperand) {
  const Tensor x = randomTensor({12, 5, 27}, 1);
  for (const Shape &shape : {Shape{12, 5, 27}, Shape{1, 1, 27}, Shape{1, 1, 1}, Shape{12, 1, 1}}) {
    const Tensor y = randomTensor(shape, 2, 0.5f, 2);
    for (const char *name : {"add", "subtract", "multiply", "divide", "maximum", "minimum"}) {
      std::vector<Tensor> z = {Tensor(float32, x.shape())};
      const auto primitive = createDnnlPrimitive({"binary",
                                                  {operandOf(x), operandOf(y)},
                                                  {operandOf(z[0])},
                                                  {{"algorithm", std::string(name)}},
                                                  1});
      runPrimitive(*primitive, {x, y}, z);
      expectClose(z[0], evaluated(name, {x, y})[0], 1e-6, name);
    }
  }
}

TEST(DnnlReorder, Transposes) {
  const Tensor x = randomTensor({6, 8, 9}, 1);
  // perm [1, 0, 2]: y[i, j, k] = x[j, i, k]
  std::vector<Tensor> y = {Tensor(float32, {8, 6, 9})};
  const auto primitive = createDnnlPrimitive(
      {"reorder", {{float32, {8, 6, 9}, {9, 72, 1}}}, {operandOf(y[0])}, {}, 1});
  expectFast(*primitive);
  runPrimitive(*primitive, {x}, y);
  EXPECT_TRUE(y[0].identical_to(
      evaluated("transpose", {x}, {{"perm", std::vector<std::int64_t>{1, 0, 2}}})[0]));
}

TEST(DnnlPrimitive, RunsOnAnotherThreadThanItsMaker) {
  const Tensor a = randomTensor({61, 9}, 1);
  const Tensor b = randomTensor({9, 27}, 2);
  std::vector<Tensor> c = {Tensor(float32, {61, 27})};
  const auto primitive = createDnnlPrimitive({"matmul",
                                              {operandOf(a), operandOf(b)},
                                              {operandOf(c[0])},
                                              {{"activation", std::string("tanh")}},
                                              1});
  std::thread([&] { runPrimitive(*primitive, {a, b}, c); }).join();
  const Attributes attributes{
      {"transpose_a", false}, {"transpose_b", false}, {"activation", std::string("tanh")}};
  expectClose(c[0], evaluated("fused_matmul", {a, b}, attributes)[0], 1e-5);
}

} // namespace
} // namespace graphc
