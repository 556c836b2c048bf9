// Bodies that no kernel can be made of, and the reasons given.
#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

using Ints = std::vector<std::int64_t>;

std::string whyNot(const std::vector<ValueType> &inputs, const Body &body) {
  return Cluster(inputs, body).whyNot();
}

Body op(const std::string &name, Attributes attributes = {}) {
  return [name, attributes](GraphBuilder &g, const Values &x) -> Values {
    return {g.createOp(name, x, attributes)->getResult(0)};
  };
}

TEST(KernelRefusals, OpsWithoutRules) {
  EXPECT_EQ(whyNot({{float32, {4, 4}}}, op("qr", {{"full_matrices", false}})), "qr has no kernel");
  EXPECT_EQ(whyNot({{float32, {4, 4}}, {float32, {4, 4}}}, op("matmul")), "matmul has no kernel");
  EXPECT_EQ(whyNot({}, op("random_normal", {{"shape", Ints{3}}, {"dtype", float32}})),
            "random_normal has no kernel");
}

TEST(KernelRefusals, UnknownExtents) {
  EXPECT_EQ(whyNot({{float32, {none, 4}}}, op("tanh")), "an extent of an input is unknown");
}

TEST(KernelRefusals, IntegersThatMayFail) {
  for (const char *name : {"divide", "floordiv", "floormod"})
    EXPECT_EQ(whyNot({{int32, {4}}, {int32, {4}}}, op(name)),
              std::string(name) + " of integers has no kernel unless its divisor is constant");
  EXPECT_EQ(whyNot({{int32, {4}}, {int32, {4}}}, op("pow")), "pow of integers has no kernel");
  EXPECT_EQ(whyNot({{float32, {4, 3}}, {int32, {4}}}, op("gather", {{"axis", std::int64_t{0}}})),
            "gather has no kernel unless its indices are constant");
  const auto gatherBeyond = [](GraphBuilder &g, const Values &x) -> Values {
    return {g.create("gather", {x[0], g.constant(Tensor::of<std::int32_t>({1}, {4}))},
                     {{"axis", std::int64_t{0}}})};
  };
  EXPECT_EQ(whyNot({{float32, {4, 3}}}, gatherBeyond),
            "gather has no kernel unless its indices are constant");
}

TEST(KernelRefusals, ParametersThatAreOperands) {
  EXPECT_EQ(whyNot({{float32, {4, 3}}},
                   [](GraphBuilder &g, const Values &x) -> Values {
                     return {g.create("reshape",
                                      {x[0], g.constant(Tensor::of<std::int32_t>({1}, {12}))})};
                   }),
            "reshape has a parameter that is not constant");
}

TEST(KernelRefusals, TooManyPieces) {
  std::vector<ValueType> inputs(33, {float32, {4}});
  EXPECT_EQ(whyNot(inputs, op("stack", {{"axis", std::int64_t{0}}})),
            "stack of more than 32 tensors has no kernel");
}

TEST(KernelRefusals, LargeConstants) {
  EXPECT_EQ(whyNot({{float32, {100, 200}}},
                   [](GraphBuilder &g, const Values &x) -> Values {
                     return {g.create("add", {x[0], g.constant(sample(float32, {100, 200}))})};
                   }),
            "a constant of 80000 bytes is too large for a kernel");
  EXPECT_EQ(whyNot({{float32, {100, 200}}},
                   [](GraphBuilder &g, const Values &x) -> Values {
                     return {
                         g.create("add", {x[0], g.constant(Tensor::zeros(float32, {100, 200}))})};
                   }),
            "");
}

TEST(KernelRefusals, UsersOfScatteredSums) {
  EXPECT_EQ(whyNot({{float32, {4}}, {int32, {4}}},
                   [](GraphBuilder &g, const Values &x) -> Values {
                     return {g.create("tanh", {g.create("unsorted_segment_sum", x,
                                                        {{"num_segments", std::int64_t{2}}})})};
                   }),
            "unsorted_segment_sum has no kernel with its users");
}

} // namespace
} // namespace graphc::kernel_testing
