// Gradients at kinks and where formulas fail, as TensorFlow has them; requests; errors.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "GradientCase.h"
#include "ir/GraphDialect.h"
#include "ir/Locations.h"
#include "passes/GraphOps.h"

namespace graphc::test {
namespace {

using namespace mlir;
using testing::ElementsAre;

Tensor vector(std::vector<double> values) {
  const auto size = static_cast<std::int64_t>(values.size());
  return Tensor::of<double>({size}, values);
}

std::vector<double> elements(const Tensor &tensor) {
  auto values = tensor.values<double>();
  return {values.begin(), values.end()};
}

/// The gradients of the sum of an op's first result by all its operands of float64.
std::vector<std::vector<double>> gradientsOf(std::string op, std::vector<Tensor> operands,
                                             const Attributes &attributes = {}) {
  Program program;
  Values inputs, xs;
  for (const Tensor &operand : operands) {
    inputs.push_back(program.addFeed(operand));
    if (operand.dtype() == float64)
      xs.push_back(inputs.back());
  }
  Value y = program.graph().createOp(op, inputs, attributes)->getResult(0);
  program.fetch(program.gradients(y, xs));
  EXPECT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  std::vector<std::vector<double>> gradients;
  for (const Tensor &gradient : program.run(operands))
    gradients.push_back(elements(gradient));
  return gradients;
}

TEST(CornerCases, ReluIsFlatAtZero) {
  EXPECT_THAT(gradientsOf("relu", {vector({-1, 0, 1})}), ElementsAre(ElementsAre(0, 0, 1)));
}

TEST(CornerCases, AbsIsFlatAtZero) {
  EXPECT_THAT(gradientsOf("abs", {vector({-2, 0, 2})}), ElementsAre(ElementsAre(-1, 0, 1)));
}

TEST(CornerCases, TiesOfMaximumAndMinimumGoToX) {
  EXPECT_THAT(gradientsOf("maximum", {vector({1, 2, 3}), vector({3, 2, 1})}),
              ElementsAre(ElementsAre(0, 1, 1), ElementsAre(1, 0, 0)));
  EXPECT_THAT(gradientsOf("minimum", {vector({1, 2, 3}), vector({3, 2, 1})}),
              ElementsAre(ElementsAre(1, 1, 0), ElementsAre(0, 0, 1)));
}

TEST(CornerCases, TiesOfAReductionShareEqually) {
  const Attributes all{{"axes", std::vector<std::int64_t>{0}}, {"keep_dims", false}};
  EXPECT_THAT(gradientsOf("reduce_max", {vector({3, 1, 3, 2})}, all),
              ElementsAre(ElementsAre(0.5, 0, 0.5, 0)));
  EXPECT_THAT(gradientsOf("reduce_min", {vector({3, 1, 1, 1, 4})}, all),
              ElementsAre(ElementsAre(0, 1. / 3, 1. / 3, 1. / 3, 0)));
}

TEST(CornerCases, ClippingPassesAtBothEnds) {
  EXPECT_THAT(gradientsOf("clip_by_value", {vector({-2, -1, 0, 1, 2}), Tensor(-1.), Tensor(1.)}),
              ElementsAre(ElementsAre(0, 1, 1, 1, 0), ElementsAre(1), ElementsAre(1)));
}

// 0^2, 0^3 and a negative base: log(x) is not asked for there.
TEST(CornerCases, PowerOfZeroAndOfNegatives) {
  EXPECT_THAT(gradientsOf("pow", {vector({0, 0, -2}), vector({2, 3, 2})}),
              ElementsAre(ElementsAre(0, 0, -4), ElementsAre(0, 0, 0)));
}

TEST(CornerCases, ProductWithZeros) {
  const Attributes all{{"axes", std::vector<std::int64_t>{0}}, {"keep_dims", false}};
  EXPECT_THAT(gradientsOf("reduce_prod", {vector({2, 0, 3})}, all),
              ElementsAre(ElementsAre(0, 6, 0)));
  EXPECT_THAT(gradientsOf("reduce_prod", {vector({0, 0, 3})}, all),
              ElementsAre(ElementsAre(0, 0, 0)));
}

TEST(CornerCases, SignHasAGradientOfZero) {
  EXPECT_THAT(gradientsOf("sign", {vector({-1, 0, 1})}), ElementsAre(ElementsAre(0, 0, 0)));
}

TEST(CornerCases, CastsBetweenFloatTypesCastBack) {
  Program program;
  Value x = program.addFeed(Tensor::of<float>({2}, {1, 2}));
  Value wide = program.graph().create("cast", {x}, {{"dtype", float64}});
  Values dx = program.gradients(program.graph().create("square", {wide}), x);
  program.fetch(dx);
  ASSERT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  const Tensor gradient = program.run({Tensor::of<float>({2}, {1.5f, -2})})[0];
  EXPECT_TRUE(gradient.identical_to(Tensor::of<float>({2}, {3, -4})));
}

// Gradients stop at integers: nothing of the rule is called.
TEST(CornerCases, NothingFlowsThroughIntegers) {
  Program program;
  Value x = program.addFeed(vector({1.5, 2.5}));
  Value integers = program.graph().create("cast", {x}, {{"dtype", int32}});
  Value back = program.graph().create("cast", {integers}, {{"dtype", float64}});
  program.fetch(program.gradients(back, x));
  ASSERT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  EXPECT_EQ(elements(program.run({vector({1.5, 2.5})})[0]), std::vector<double>({0, 0}));
}

TEST(Requests, OfSeveralYsAndWeightsAddUp) {
  Program program;
  const std::vector<Tensor> feeds{vector({1, 2}), vector({10, 20}), vector({3, 5})};
  Value x = program.addFeed(feeds[0]), weight = program.addFeed(feeds[1]);
  Value other = program.addFeed(feeds[2]);
  Value square = program.graph().create("square", {x});
  Value scaled = program.graph().create("multiply", {x, other});
  program.fetch(
      program.gradients({square, scaled, x}, {x, square, other}, {weight, other, weight}));
  ASSERT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  const std::vector<Tensor> made = program.run(feeds);
  EXPECT_EQ(elements(made[0]),
            std::vector<double>({2 * 1 * 10 + 3 * 3 + 10, 2 * 2 * 20 + 5 * 5 + 20}));
  EXPECT_EQ(elements(made[1]), std::vector<double>({10, 20}));
  EXPECT_EQ(elements(made[2]), std::vector<double>({1 * 3, 2 * 5}));
}

// What does not lie between the xs and the ys gets no gradient ops.
TEST(Requests, MakeNoOpsForInactiveOperands) {
  Program program;
  Value x = program.addFeed(drawn({2, 3}, -1, 1, 1)), w = program.addFeed(drawn({3, 4}, -1, 1, 2));
  Value y = program.graph().create("matmul", {program.graph().create("exp", {x}), w},
                                   {{"transpose_a", false}, {"transpose_b", false}});
  program.fetch(program.gradients(y, w));
  ASSERT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  EXPECT_EQ(program.ops("matmul").size(), 2u);
  EXPECT_EQ(program.ops("exp").size(), 1u);
  EXPECT_EQ(program.ops("multiply").size(), 0u);
}

TEST(Requests, NameGradientOpsAfterForwardOps) {
  Program program;
  Value x = program.addFeed(vector({1, 2}));
  program.graph().setLocation(makeLocation(x.getContext(), "layer/activation", {"model.cpp", 42}));
  Value y = program.graph().create("tanh", {x});
  program.graph().setLocation(makeLocation(x.getContext(), "loss", {"model.cpp", 43}));
  program.fetch(program.gradients(y, x));
  ASSERT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  Location made = program.ops("square").at(0)->getLoc();
  EXPECT_EQ(opName(made), "gradients/layer/activation_grad");
  EXPECT_EQ(sourceLine(made).file, "model.cpp");
  EXPECT_EQ(sourceLine(made).line, 42u);
}

TEST(CustomGradients, ComeBeforeTheRules) {
  Program program;
  Value x = program.addFeed(vector({1.5, -2.5}));
  program.fetch(program.gradients(program.graph().create("floor", {x}), x));
  // The straight-through estimator.
  CustomGradients custom;
  custom["floor"] = [](Operation *, ValueRange gradients, OpBuilder &,
                       SmallVectorImpl<Value> &operandGradients) {
    operandGradients.assign(1, gradients[0]);
    return success();
  };
  ASSERT_TRUE(succeeded(program.insertGradients(custom))) << program.diagnostics();
  EXPECT_EQ(elements(program.run({vector({1.5, -2.5})})[0]), std::vector<double>({1, 1}));
}

TEST(CustomGradients, WorkInBodiesOfRecurrences) {
  Program program;
  const std::vector<Tensor> feeds{drawn({3, 2}, -1, 1, 1), drawn({2}, -1, 1, 2)};
  Value x = program.addFeed(feeds[0]), s = program.addFeed(feeds[1]);
  Values results = staticRnn(
      program.graph(), x, s, {}, 3, false,
      [](GraphBuilder &g, ArrayRef<Value> in, ArrayRef<Value> state, ArrayRef<Value>) -> Step {
        Value sum = g.create("round", {g.create("add", {in[0], state[0]})});
        return {{}, {sum}};
      });
  program.fetch(program.gradients(results, {x, s}));
  CustomGradients custom;
  custom["round"] = [](Operation *op, ValueRange gradients, OpBuilder &builder,
                       SmallVectorImpl<Value> &operandGradients) {
    GraphBuilder graph(builder, op->getLoc());
    operandGradients.assign(1, graph.create("add", {gradients[0], gradients[0]}));
    return success(!graph.failed());
  };
  ASSERT_TRUE(succeeded(program.insertGradients(custom))) << program.diagnostics();
  const std::vector<Tensor> made = program.run(feeds);
  EXPECT_EQ(elements(made[0]), std::vector<double>({8, 8, 4, 4, 2, 2}));
  EXPECT_EQ(elements(made[1]), std::vector<double>({8, 8}));
}

TEST(CustomGradients, HaveToGiveTheOperandsType) {
  Program program;
  Value x = program.addFeed(vector({1, 2}));
  program.fetch(program.gradients(program.graph().create("floor", {x}), x));
  CustomGradients custom;
  custom["floor"] = [](Operation *, ValueRange gradients, OpBuilder &builder,
                       SmallVectorImpl<Value> &operandGradients) {
    GraphBuilder graph(builder, gradients[0].getLoc());
    operandGradients.assign(
        1, graph.create("expand_dims", {gradients[0]}, {{"axis", std::int64_t{0}}}));
    return success();
  };
  EXPECT_TRUE(failed(program.insertGradients(custom)));
  EXPECT_EQ(program.diagnostics(), "error: the custom gradient of 'floor' gives float64[1,2] for "
                                   "operand 0, expected float64[2]\n");
}

TEST(Errors, NameTheOpWithoutAGradientAndTheLoss) {
  Program program;
  Value x = program.addFeed(drawn({3, 3}, -1, 1, 1));
  program.graph().setLocation(makeLocation(x.getContext(), "decomposition", {"model.cpp", 7}));
  Value q = program.graph().createOp("qr", {x})->getResult(0);
  program.graph().setLocation(makeLocation(x.getContext(), "loss", {"model.cpp", 8}));
  Value loss = program.graph().create("l2_loss", {q});
  program.fetch(program.gradients(loss, x));
  EXPECT_TRUE(failed(program.insertGradients()));
  EXPECT_EQ(program.diagnostics(), "error: no gradient is known for op 'decomposition' (qr)\n"
                                   "note: it is needed for the gradient of 'loss:0'\n");
}

} // namespace
} // namespace graphc::test
