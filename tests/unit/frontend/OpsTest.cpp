// What ops record beyond their names: shapes, dtypes, attributes.
#include "FrontendTesting.h"

namespace {

struct Ops : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  gc::Output n = g.placeholder(gc::int32, {3}, "n");

  ~Ops() override { EXPECT_EQ(g.verify(), ""); }
};

TEST_F(Ops, NumbersTakeTheOthersDtype) {
  EXPECT_EQ(typeOf(n + 1), "int32[3]");
  EXPECT_EQ(typeOf(2 * gc::cast(n, gc::float64)), "float64[3]");
  EXPECT_EQ(typeOf(x - 1), "float32[?,4]");
}

TEST_F(Ops, DivisionOfIntegersIsPythons) {
  EXPECT_EQ(typeOf(n / n), "float64[3]");
  EXPECT_EQ(typeOf(gc::div(n, 2)), "int32[3]");
  EXPECT_EQ(typeOf(gc::floordiv(n, 2)), "int32[3]");
}

TEST_F(Ops, ShapesBroadcast) {
  auto column = g.placeholder(gc::float32, {5, 1}, "column");
  EXPECT_EQ(typeOf(column * g.placeholder(gc::float32, {4})), "float32[5,4]");
  EXPECT_EQ(typeOf(gc::where(g.placeholder(gc::bool_, {5, 4}), column, 0.f)), "float32[5,4]");
}

TEST_F(Ops, AVectorOfConditionsPicksRows) {
  auto rows = g.placeholder(gc::bool_, {gc::none});
  EXPECT_EQ(typeOf(gc::where(rows, x, gc::zeros_like(x))), "float32[?,4]");
}

TEST_F(Ops, OfShapes) {
  EXPECT_EQ(typeOf(gc::transpose(x)), "float32[4,?]");
  EXPECT_EQ(typeOf(gc::reshape(x, {2, -1, 2})), "float32[2,?,2]");
  EXPECT_EQ(typeOf(gc::reshape(n, gc::constant(g, gc::Tensor::of<std::int32_t>({2}, {3, 1})))),
            "int32[3,1]");
  EXPECT_EQ(typeOf(gc::expand_dims(x, -1)), "float32[?,4,1]");
  EXPECT_EQ(typeOf(gc::squeeze(gc::expand_dims(x, 1), 1)), "float32[?,4]");
  EXPECT_EQ(typeOf(gc::concat({x, x}, -1)), "float32[?,8]");
  EXPECT_EQ(typeOf(gc::stack({n, n}, -1)), "int32[3,2]");
  EXPECT_EQ(typeOf(gc::split(x, 2, -1)[0]), "float32[?,2]");
  EXPECT_EQ(typeOf(gc::split(x, {1, -1}, 1)[1]), "float32[?,3]");
  EXPECT_EQ(typeOf(gc::split(x, 8, 0)[7]), "float32[?,4]");
  EXPECT_EQ(typeOf(gc::unstack(n)[2]), "int32[]");
  EXPECT_EQ(typeOf(gc::slice(x, {0, 1}, {-1, 2})), "float32[?,2]");
  EXPECT_EQ(typeOf(gc::strided_slice(x, {0, 1}, {0, 3}, {}, {.begin_mask = 1, .end_mask = 1})),
            "float32[?,2]");
  EXPECT_EQ(typeOf(gc::strided_slice(n, {1}, {2}, {1}, {.shrink_axis_mask = 1})), "int32[]");
  EXPECT_EQ(typeOf(gc::tile(n, {2})), "int32[6]");
  EXPECT_EQ(typeOf(gc::pad(n, {{1, 2}})), "int32[6]");
  EXPECT_EQ(typeOf(gc::broadcast_to(n, {2, 3})), "int32[2,3]");
  EXPECT_EQ(typeOf(gc::reverse(x, -1)), "float32[?,4]");
  EXPECT_EQ(typeOf(gc::gather(x, n, -1)), "float32[?,3]");
  EXPECT_EQ(typeOf(gc::one_hot(n, 6)), "float32[3,6]");
  EXPECT_EQ(typeOf(gc::one_hot(n, 6, {.axis = 0, .dtype = gc::float64})), "float64[6,3]");
  EXPECT_EQ(typeOf(gc::shape(x)), "int32[2]");
  EXPECT_EQ(typeOf(gc::size(x, {}, gc::int64)), "int64[]");
  EXPECT_EQ(typeOf(gc::rank(x)), "int32[]");
}

TEST_F(Ops, OfNothing) {
  EXPECT_EQ(typeOf(gc::zeros(g, {2, 3}, gc::int64)), "int64[2,3]");
  EXPECT_EQ(typeOf(gc::ones(g, {50, 30})), "float32[50,30]");
  EXPECT_EQ(gc::ones(g, {50, 30}).op().type(), "fill");
  EXPECT_EQ(gc::ones(g, {5}).op().type(), "constant");
  EXPECT_EQ(typeOf(gc::zeros(g, gc::shape(x))), "float32[?,4]");
  EXPECT_EQ(typeOf(gc::fill(g, {2}, true)), "bool[2]");
  EXPECT_EQ(typeOf(gc::range(g, 2, 10, 3)), "int32[3]");
  EXPECT_EQ(typeOf(gc::range(g, 0.f, 1.f, 0.25f)), "float32[4]");
  EXPECT_EQ(typeOf(gc::ones_like(x)), "float32[?,4]");
}

TEST_F(Ops, KnowTheShapesTheyAreGivenAsTensors) {
  auto column = gc::constant(g, gc::Tensor::of<std::int32_t>({1}, {7}));
  auto batch = gc::slice(gc::shape(x), {0}, {1});
  EXPECT_EQ(typeOf(gc::zeros(g, gc::concat({batch, column}, 0))), "float32[?,7]");
  EXPECT_EQ(typeOf(gc::zeros(g, gc::stack({gc::size(x), g.constant(3)}))), "float32[?,3]");
  EXPECT_EQ(typeOf(gc::reshape(x, g.placeholder(gc::int32, {2}))), "float32[?,?]");
  EXPECT_EQ(typeOf(gc::zeros(g, gc::expand_dims(gc::size(x), 0))), "float32[?]");
  EXPECT_EQ(typeOf(gc::broadcast_to(x, gc::cast(gc::shape(x, {}, gc::int64), gc::int32))),
            "float32[?,4]");
  EXPECT_EQ(typeOf(gc::zeros(g, g.placeholder(gc::int32, {gc::none}))), "float32<unknown>");
}

TEST_F(Ops, OfReductions) {
  EXPECT_EQ(typeOf(gc::reduce_mean(x)), "float32[]");
  EXPECT_EQ(typeOf(gc::reduce_max(x, -1, true)), "float32[?,1]");
  EXPECT_EQ(typeOf(gc::reduce_sum(x, {.axes = 0, .keep_dims = true})), "float32[1,4]");
  EXPECT_EQ(typeOf(gc::reduce_any(gc::greater(x, 0), 0)), "bool[4]");
  EXPECT_EQ(typeOf(gc::reduce_sum(g.placeholder(gc::float32))), "float32[]");
  EXPECT_EQ(typeOf(gc::argmax(x, 1)), "int64[?]");
  EXPECT_EQ(typeOf(gc::argmin(x, 0, {}, gc::int32)), "int32[4]");
}

TEST_F(Ops, OfMatrices) {
  EXPECT_EQ(typeOf(gc::matmul(x, x, {.transpose_b = true})), "float32[?,?]");
  EXPECT_EQ(typeOf(gc::matmul(x, x, {.transpose_a = true})), "float32[4,4]");
}

TEST_F(Ops, OfNeuralNetworks) {
  auto ids = g.placeholder(gc::int64, {gc::none});
  EXPECT_EQ(typeOf(gc::nn::softmax(x, 0)), "float32[?,4]");
  EXPECT_EQ(typeOf(gc::nn::softmax_cross_entropy_with_logits({.labels = x, .logits = x})),
            "float32[?]");
  EXPECT_EQ(typeOf(gc::nn::sparse_softmax_cross_entropy_with_logits({.labels = ids, .logits = x})),
            "float32[?]");
  EXPECT_EQ(typeOf(gc::nn::sigmoid_cross_entropy_with_logits({.labels = x, .logits = x})),
            "float32[?,4]");
  EXPECT_EQ(typeOf(gc::nn::moments(x, {0, 1}).mean), "float32[]");
  EXPECT_EQ(typeOf(gc::nn::l2_loss(x)), "float32[]");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  EXPECT_EQ(typeOf(gc::nn::dropout(x, keep, {.seed = 3})), "float32[?,4]");
  EXPECT_EQ(typeOf(gc::nn::dropout(gc::ones(g, {2, 3}), 0.5, {.noise_shape = {{2, 1}}})),
            "float32[2,3]");
}

TEST_F(Ops, OfRandomNumbers) {
  EXPECT_EQ(typeOf(gc::random_uniform(g, {2, 3}, 0, 10, {.dtype = gc::int32})), "int32[2,3]");
  EXPECT_EQ(typeOf(gc::random_normal(g, gc::shape(x), 0.0, 1.0, {.dtype = gc::float64})),
            "float64[?,4]");
  EXPECT_EQ(typeOf(gc::truncated_normal(g, {7})), "float32[7]");
}

TEST_F(Ops, SeedsFollowTensorFlow) {
  gc::random_uniform(g, {3});
  EXPECT_THAT(g.to_mlir(), testing::Not(testing::HasSubstr("seed"))); // the session's
  EXPECT_THAT(g.to_mlir(), testing::HasSubstr("stream = 1 : i64"));
  gc::random_uniform(g, {3}, 0, 1, {.seed = 7});
  EXPECT_THAT(g.to_mlir(), testing::HasSubstr("seed = 87654321 : i64, seed2 = 7 : i64"));
  g.set_random_seed(5);
  gc::random_uniform(g, {3}, 0, 1, {.seed = 9});
  EXPECT_THAT(g.to_mlir(), testing::HasSubstr("seed = 5 : i64, seed2 = 9 : i64"));
  gc::random_uniform(g, {3});
  EXPECT_THAT(g.to_mlir(), testing::HasSubstr("seed = 5 : i64, seed2 = 5 : i64")); // 5 ops before
}

TEST_F(Ops, RecordTheUsersLine) {
  gc::tanh(x) + 1.f;
  const std::string line = std::to_string(__LINE__ - 1);
  EXPECT_THAT(g.to_mlir(), testing::HasSubstr("loc(\"Tanh\"("));
  EXPECT_THAT(g.to_mlir(), testing::HasSubstr("OpsTest.cpp\":" + line + ":0"));
}

TEST_F(Ops, ConstantsDoNotShareTheCallersMemory) {
  float values[] = {1, 2};
  g.constant(gc::Tensor::borrow<float>({2}, values));
  values[0] = 5;
  EXPECT_THAT(g.to_mlir(), testing::HasSubstr("dense<[1.000000e+00, 2.000000e+00]>"));
}

TEST_F(Ops, DenseTakesMoreThanTwoAxes) {
  auto deep = g.placeholder(gc::float32, {gc::none, 5, 4}, "deep");
  EXPECT_EQ(typeOf(gc::layers::dense(deep, 3)), "float32[?,5,3]");
  auto deeper = g.placeholder(gc::float32, {gc::none, gc::none, 4}, "deeper");
  EXPECT_EQ(typeOf(gc::layers::dense(deeper, 3)), "float32[?,?,3]");
}

TEST_F(Ops, DenseHasOptions) {
  auto y =
      gc::layers::dense(x, 3, {.activation = gc::nn::relu, .use_bias = false, .name = "hidden"});
  EXPECT_EQ(y.name(), "hidden/Relu:0");
  EXPECT_THAT(variableNames(g), testing::ElementsAre("hidden/kernel:0"));
  auto again = gc::layers::dense(x, 3, {.use_bias = false, .name = "hidden", .reuse = true});
  EXPECT_EQ(again.name(), "hidden_1/MatMul:0");
  EXPECT_EQ(g.global_variables().size(), 1u);
  EXPECT_EQ(gc::layers::dense(x, 2).name(), "dense/BiasAdd:0");
  EXPECT_EQ(gc::layers::dense(x, 2).name(), "dense_1/BiasAdd:0");
}

} // namespace
