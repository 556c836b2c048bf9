// Elementwise ops against the reference, over dtypes, shapes that broadcast, and special values.
#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

/// `count` operands in one op without attributes.
Body op(const std::string &name) {
  return [name](GraphBuilder &g, const Values &x) -> Values { return {g.create(name, x)}; };
}

/// What an op computes in float32 may be off by a few units in the last place.
Tolerance approximate(DataType dtype) {
  return dtype == float64 ? Tolerance{1e-14, 0} : Tolerance{5e-7, 1e-44};
}

struct ShapePair {
  Shape x, y;
};
const ShapePair kShapePairs[] = {{{}, {}},
                                 {{1}, {1}},
                                 {{37}, {37}},
                                 {{37}, {}},
                                 {{}, {5, 3}},
                                 {{5, 27}, {27}},
                                 {{5, 1}, {1, 9}},
                                 {{4, 3, 2}, {3, 1}},
                                 {{1, 6}, {5, 1, 6}},
                                 {{0, 3}, {1, 3}},
                                 {{3, 4, 5}, {4, 5}},
                                 {{2, 3, 4, 5}, {2, 1, 4, 1}},
                                 {{2, 33, 7}, {2, 33, 7}}};

TEST(ElementwiseKernels, BinaryOpsBroadcast) {
  for (const char *name :
       {"add", "subtract", "multiply", "maximum", "minimum", "squared_difference"})
    for (const DataType dtype : {float32, float64, int32, int64, uint8})
      for (const auto &[x, y] : kShapePairs) {
        SCOPED_TRACE(std::string(name) + " " + std::string(to_string(dtype)) + x.to_string() +
                     y.to_string());
        expectAsReference(op(name), {sample(dtype, x, 1), sample(dtype, y, 2)});
      }
}

TEST(ElementwiseKernels, BinaryOpsKeepSpecialValues) {
  for (const char *name : {"add", "subtract", "multiply", "divide", "maximum", "minimum",
                           "floordiv", "floormod", "squared_difference"})
    for (const DataType dtype : {float32, float64}) {
      SCOPED_TRACE(name);
      expectAsReference(op(name),
                        {withSpecialValues(dtype, {301}, 1), withSpecialValues(dtype, {301}, 2)});
    }
}

TEST(ElementwiseKernels, ComparisonsGiveBools) {
  for (const char *name :
       {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}) {
    for (const DataType dtype : {float32, float64, int32, int64, uint8}) {
      SCOPED_TRACE(std::string(name) + " " + std::string(to_string(dtype)));
      expectAsReference(op(name), {sample(dtype, {7, 19}, 1), sample(dtype, {19}, 2)});
    }
    expectAsReference(op(name),
                      {withSpecialValues(float32, {200}, 1), withSpecialValues(float32, {200}, 2)});
  }
}

TEST(ElementwiseKernels, LogicalOps) {
  for (const char *name : {"logical_and", "logical_or", "logical_xor", "equal"})
    expectAsReference(op(name), {sample(bool_, {5, 13}, 1), sample(bool_, {5, 1}, 2)});
  expectAsReference(op("logical_not"), {sample(bool_, {77})});
}

TEST(ElementwiseKernels, ExactUnaryOps) {
  for (const char *name : {"negative", "abs", "sign", "square", "relu", "relu6", "identity",
                           "stop_gradient", "zeros_like", "ones_like"})
    for (const DataType dtype : {float32, float64, int32, int64, uint8}) {
      SCOPED_TRACE(std::string(name) + " " + std::string(to_string(dtype)));
      expectAsReference(op(name), {sample(dtype, {3, 45})});
    }
  for (const char *name : {"negative", "abs", "sign", "square", "relu", "relu6", "sqrt",
                           "reciprocal", "floor", "ceil", "round"})
    for (const DataType dtype : {float32, float64}) {
      SCOPED_TRACE(name);
      expectAsReference(op(name), {withSpecialValues(dtype, {500})});
    }
}

TEST(ElementwiseKernels, RoundingLeavesIntegersAlone) {
  for (const char *name : {"floor", "ceil", "round"})
    expectAsReference(op(name), {sample(int32, {9})});
}

TEST(ElementwiseKernels, ApproximatedUnaryOps) {
  for (const char *name : {"rsqrt", "exp", "log", "tanh", "sigmoid", "softplus", "elu", "selu",
                           "expm1", "log1p", "erf", "sin", "cos"})
    for (const DataType dtype : {float32, float64})
      for (const Shape &shape : {Shape{}, Shape{1}, Shape{1001}, Shape{3, 7, 5}}) {
        SCOPED_TRACE(std::string(name) + " " + std::string(to_string(dtype)) + shape.to_string());
        expectAsReference(op(name), {withSpecialValues(dtype, shape)}, approximate(dtype));
      }
}

TEST(ElementwiseKernels, LeakyRelu) {
  for (const DataType dtype : {float32, float64})
    expectAsReference(
        [](GraphBuilder &g, const Values &x) -> Values {
          return {g.create("leaky_relu", {x[0]}, {{"alpha", 0.2}})};
        },
        {withSpecialValues(dtype, {500})}, approximate(dtype));
}

TEST(ElementwiseKernels, PowersOfFloats) {
  for (const DataType dtype : {float32, float64}) {
    expectAsReference(op("pow"),
                      {withSpecialValues(dtype, {900}, 1), withSpecialValues(dtype, {900}, 2)},
                      approximate(dtype));
    for (const double exponent : {2., 1., -1., 3., 0.5, 0.})
      expectAsReference(
          [&](GraphBuilder &g, const Values &x) -> Values {
            return {g.create("pow", {x[0], g.scalarLike(exponent, x[0])})};
          },
          {withSpecialValues(dtype, {200})}, approximate(dtype));
  }
}

TEST(ElementwiseKernels, IntegerDivisionByConstants) {
  for (const char *name : {"divide", "floordiv", "floormod"})
    for (const DataType dtype : {int32, int64, uint8})
      for (const double divisor : {1., 2., 3., 7., -1., -5.}) {
        if (dtype == uint8 && divisor < 0)
          continue;
        SCOPED_TRACE(std::string(name) + " by " + std::to_string(divisor));
        expectAsReference(
            [&](GraphBuilder &g, const Values &x) -> Values {
              return {g.create(name, {x[0], g.scalarLike(divisor, x[0])})};
            },
            {sample(dtype, {100})});
      }
}

TEST(ElementwiseKernels, CastsBetweenAllTypes) {
  const DataType all[] = {float32, float64, int32, int64, bool_, uint8};
  for (const DataType from : all)
    for (const DataType to : all) {
      SCOPED_TRACE(std::string(to_string(from)) + " to " + std::string(to_string(to)));
      const auto cast = [&](GraphBuilder &g, const Values &x) -> Values {
        return {g.create("cast", x, {{"dtype", to}})};
      };
      expectAsReference(cast, {sample(from, {67})});
      if (is_floating(from))
        expectAsReference(cast, {withSpecialValues(from, {300})});
    }
}

TEST(ElementwiseKernels, WhereBroadcasts) {
  expectAsReference(op("where"),
                    {sample(bool_, {5, 9}), sample(float32, {9}, 2), sample(float32, {}, 3)});
  expectAsReference(op("where"),
                    {sample(bool_, {5, 1}), sample(int32, {5, 9}, 2), sample(int32, {1, 9}, 3)});
}

TEST(ElementwiseKernels, ClipAddNBiasAddFill) {
  expectAsReference(op("clip_by_value"),
                    {withSpecialValues(float32, {4, 100}), Tensor(-1.f), Tensor(1.f)});
  expectAsReference(op("add_n"), {sample(float32, {6, 5}, 1)});
  expectAsReference(op("add_n"),
                    {sample(int32, {65}, 1), sample(int32, {65}, 2), sample(int32, {65}, 3)});
  expectAsReference(op("bias_add"), {sample(float32, {4, 3, 27}), sample(float32, {27}, 2)});
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        return {g.create("fill", x, {{"dims", std::vector<std::int64_t>{3, 5}}})};
      },
      {Tensor(2.5f)});
}

TEST(ElementwiseKernels, ChainsAreOneKernelWithSharedParts) {
  const Body lstmGates = [](GraphBuilder &g, const Values &x) -> Values {
    const Values gates = [&] {
      mlir::Operation *split = g.createOp(
          "split", {x[0]},
          {{"axis", std::int64_t{1}}, {"sizes", std::vector<std::int64_t>{27, 27, 27, 27}}});
      return Values(split->result_begin(), split->result_end());
    }();
    const mlir::Value i = g.create("sigmoid", {gates[0]});
    const mlir::Value j = g.create("tanh", {gates[1]});
    const mlir::Value f =
        g.create("sigmoid", {g.create("add", {gates[2], g.scalarLike(1, gates[2])})});
    const mlir::Value o = g.create("sigmoid", {gates[3]});
    const mlir::Value c =
        g.create("add", {g.create("multiply", {x[1], f}), g.create("multiply", {i, j})});
    return {c, g.create("multiply", {g.create("tanh", {c}), o})};
  };
  expectAsReference(lstmGates, {sample(float32, {50, 108}), sample(float32, {50, 27}, 2)},
                    {2e-6, 1e-7});
}

TEST(ElementwiseKernels, OutputsOfSeveralShapes) {
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value sum = g.create("add", {x[0], x[1]});
        return {sum, g.create("square", {x[1]}), x[0], g.create("exp", {x[2]}), sum};
      },
      {sample(float32, {40, 27}), sample(float32, {27}, 2), sample(float32, {}, 3)}, {1e-6, 0});
}

TEST(ElementwiseKernels, FlatLoopsAreVectorised) {
  Cluster cluster({{float32, {600, 27}}, {float32, {600, 27}}}, op("add"));
  EXPECT_EQ(cluster.shape().extent, 600 * 27);
  EXPECT_NE(cluster.ir().find("fadd <"), std::string::npos);
}

} // namespace
} // namespace graphc::kernel_testing
