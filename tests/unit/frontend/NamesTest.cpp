// Op names, against what TensorFlow 1.15's Python makes.
#include "FrontendTesting.h"

#include "frontend/Scopes.h"
#include "frontend/ops/Transcendental.h"

using testing::ElementsAre;

namespace {

TEST(UniqueName, CountsUpAndIgnoresCase) {
  gc::NameTable names;
  EXPECT_EQ(names.unique_name("a"), "a");
  EXPECT_EQ(names.unique_name("a"), "a_1");
  EXPECT_EQ(names.unique_name("A"), "A_2");
  EXPECT_EQ(names.unique_name("a_1"), "a_1_1");
  EXPECT_EQ(names.unique_name("b_1"), "b_1");
  EXPECT_EQ(names.unique_name("b"), "b");
  EXPECT_EQ(names.unique_name("b"), "b_2");
}

TEST(UniqueName, CanBeAskedWithoutBeingTaken) {
  gc::NameTable names;
  EXPECT_EQ(names.unique_name("a", false), "a");
  EXPECT_EQ(names.unique_name("a"), "a");
  EXPECT_EQ(names.unique_name("a", false), "a_1");
  EXPECT_EQ(names.unique_name("a", false), "a_1");
}

struct Names : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  gc::Output y = g.placeholder(gc::float32, {gc::none, 4}, "y");
};

TEST_F(Names, OfFunctionsAndOperatorsDiffer) {
  EXPECT_EQ(gc::add(x, y).name(), "Add:0");
  EXPECT_EQ((x + y).name(), "add_1:0"); // "Add" and "add" collide
  EXPECT_EQ(gc::multiply(x, y).name(), "Mul:0");
  EXPECT_EQ((x * y).name(), "mul_1:0");
  EXPECT_EQ((x - y).name(), "sub:0");
  EXPECT_EQ(gc::subtract(x, y).name(), "Sub_1:0");
  EXPECT_EQ((x / y).name(), "truediv:0");
  EXPECT_EQ((x % y).name(), "mod:0");
  EXPECT_EQ((-x).name(), "Neg:0");
  EXPECT_EQ((x < y).name(), "Less:0");
  EXPECT_EQ(gc::floordiv(x, y).name(), "floordiv:0");
  EXPECT_EQ(gc::floormod(x, y).name(), "FloorMod:0");
}

TEST_F(Names, OfNumbersStandUnderTheOp) {
  EXPECT_EQ((x * 2.f).op().inputs()[1].name(), "mul/y:0");
  EXPECT_EQ((2.f * x).op().inputs()[0].name(), "mul_1/x:0");
  EXPECT_EQ((1 - x).op().inputs()[0].name(), "sub/x:0");
  EXPECT_EQ(gc::maximum(x, 0.f).op().inputs()[1].name(), "Maximum/y:0");
  EXPECT_EQ(gc::pow(x, 2.f).op().inputs()[1].name(), "Pow/y:0");
}

TEST_F(Names, OfUnaryOps) {
  EXPECT_EQ(gc::abs(x).name(), "Abs:0");
  EXPECT_EQ(gc::square(x).name(), "Square:0");
  EXPECT_EQ(gc::rsqrt(x).name(), "Rsqrt:0");
  EXPECT_EQ(gc::nn::relu(x).name(), "Relu:0");
  EXPECT_EQ(gc::softplus(x).name(), "Softplus:0");
  EXPECT_EQ(gc::nn::softsign(x).name(), "Softsign:0");
  EXPECT_EQ(gc::expm1(x).name(), "Expm1:0");
  EXPECT_EQ(gc::log1p(x).name(), "Log1p:0");
  EXPECT_EQ(gc::sin(x).name(), "Sin:0");
  EXPECT_EQ(gc::cos(x).name(), "Cos:0");
  EXPECT_EQ(gc::tan(x).name(), "Tan:0");
  EXPECT_EQ(gc::erf(x).name(), "Erf:0");
  EXPECT_EQ(gc::cast(x, gc::int32).name(), "Cast:0");
  EXPECT_EQ(gc::identity(x, "pred").name(), "pred:0");
  EXPECT_EQ(gc::stop_gradient(x).name(), "StopGradient:0");
}

TEST_F(Names, OfReductionsTakeTheAxesConstant) {
  EXPECT_EQ(gc::reduce_mean(x).name(), "Mean:0");
  EXPECT_EQ(gc::reduce_sum(x, 1).name(), "Sum:0");
  EXPECT_EQ(g.constant(1.f).name(), "Const_1:0"); // the first was Mean's list of axes
  EXPECT_EQ(gc::argmax(x, 1).name(), "ArgMax:0");
  EXPECT_EQ(gc::reduce_mean(x, {.name = "cost"}).name(), "cost:0");
}

TEST_F(Names, OfShapeOps) {
  EXPECT_EQ(gc::transpose(x, {1, 0}).name(), "transpose:0");
  EXPECT_EQ(gc::reshape(x, {-1, 2}).name(), "Reshape:0");
  EXPECT_EQ(gc::expand_dims(x, -1).name(), "ExpandDims:0");
  EXPECT_EQ(gc::concat({x, y}, 1).name(), "concat:0");
  EXPECT_EQ(gc::split(x, 2, 1)[1].name(), "split:1");
  EXPECT_EQ(gc::split(x, {1, 3}, 1)[0].name(), "split_1:0");
  EXPECT_EQ(g.constant(1.f).name(), "Const_1:0"); // the first was the sizes
  EXPECT_EQ(gc::stack({x, y}).name(), "stack:0");
  EXPECT_EQ(gc::unstack(x, {}, 1)[3].name(), "unstack:3");
  EXPECT_EQ(gc::slice(x, {0, 1}, {-1, 2}).name(), "Slice:0");
  EXPECT_EQ(gc::strided_slice(x, {0, 0}, {1, 4}).name(), "StridedSlice:0");
  EXPECT_EQ(gc::gather(x, g.constant(0)).name(), "GatherV2:0");
  EXPECT_EQ(gc::one_hot(g.constant(0), 3).name(), "one_hot:0");
  EXPECT_EQ(gc::shape(x).name(), "Shape:0");
  EXPECT_EQ(gc::zeros(g, {2}).name(), "zeros:0");
  EXPECT_EQ(gc::fill(g, {2}, 1.f).name(), "Fill:0");
  EXPECT_EQ(gc::range(g, 3).name(), "range:0");
  EXPECT_EQ(gc::tile(x, {1, 2}).name(), "Tile:0");
  EXPECT_EQ(gc::pad(x, {{0, 0}, {1, 1}}).name(), "Pad:0");
}

TEST_F(Names, OfNeuralNetworkOps) {
  auto w = g.placeholder(gc::float32, {4, 3}, "w");
  auto b = g.placeholder(gc::float32, {3}, "b");
  auto labels = g.placeholder(gc::int32, {gc::none}, "labels");
  auto logits = gc::nn::xw_plus_b(x, w, b);
  EXPECT_EQ(logits.name(), "xw_plus_b:0");
  EXPECT_EQ(logits.op().inputs()[0].name(), "xw_plus_b/MatMul:0");
  EXPECT_EQ(gc::nn::softmax(logits).name(), "Softmax:0");
  EXPECT_EQ(gc::nn::l2_loss(logits).name(), "L2Loss:0");
  EXPECT_EQ(
      gc::nn::sparse_softmax_cross_entropy_with_logits({.labels = labels, .logits = logits}).name(),
      "SparseSoftmaxCrossEntropyWithLogits/SparseSoftmaxCrossEntropyWithLogits:0");
  EXPECT_EQ(gc::nn::sigmoid_cross_entropy_with_logits({.labels = logits, .logits = logits}).name(),
            "logistic_loss:0");
  EXPECT_EQ(gc::nn::moments(x, 0).variance.name(), "moments/Squeeze_1:0");
  EXPECT_EQ(gc::nn::embedding_lookup(w, labels).name(), "embedding_lookup/Identity:0");
  auto kept = gc::nn::dropout(x, 0.5f);
  EXPECT_EQ(kept.name(), "dropout/mul:0");
  EXPECT_EQ(gc::nn::dropout(x, 1.f), x);
}

TEST_F(Names, OfTheCrossEntropyAreTensorFlowsToo) {
  auto loss = gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = x});
  EXPECT_EQ(g.get_tensor_by_name("softmax_cross_entropy_with_logits_sg/Reshape_2:0"), loss);
  EXPECT_EQ(gc::nn::softmax_cross_entropy_with_logits_v2({.labels = y, .logits = x}).name(),
            "softmax_cross_entropy_with_logits:0");
}

TEST_F(Names, OfClipping) {
  auto clipped = gc::clip_by_value(x, -1.f, 1.f);
  EXPECT_EQ(clipped.name(), "clip_by_value:0");
  EXPECT_EQ(clipped.op().type(), "clip_by_value");
  EXPECT_EQ(clipped.op().inputs()[1].name(), "clip_by_value/y:0");
  EXPECT_EQ(clipped.op().inputs()[2].name(), "clip_by_value/Minimum/y:0");
  auto all = gc::clip_by_global_norm({x, gc::Output(), y}, 5.f);
  EXPECT_EQ(all.global_norm.name(), "global_norm/global_norm:0");
  EXPECT_EQ(all.tensors[0].name(), "clip_by_global_norm/clip_by_global_norm/_0:0");
  EXPECT_FALSE(all.tensors[1]);
  EXPECT_EQ(all.tensors[2].name(), "clip_by_global_norm/clip_by_global_norm/_2:0");
  EXPECT_EQ(gc::clip_by_norm(x, 1.f).name(), "clip_by_norm:0");
}

TEST_F(Names, OfRandomOps) {
  EXPECT_EQ(gc::random_uniform(g, {3}).name(), "random_uniform:0");
  auto scaled = gc::random_uniform(g, {3}, -1.f, 1.f);
  EXPECT_EQ(scaled.name(), "random_uniform_1:0");
  EXPECT_EQ(g.get_operation_by_name("random_uniform_1/RandomUniform").type(), "random_uniform");
  EXPECT_EQ(gc::random_normal(g, {3}).name(), "random_normal:0");
  EXPECT_EQ(g.get_operation_by_name("random_normal/RandomStandardNormal").type(), "random_normal");
  EXPECT_EQ(gc::truncated_normal(g, {3}).name(), "truncated_normal:0");
}

TEST_F(Names, GivenByTheUserAreMadeUnique) {
  EXPECT_EQ(gc::add(x, y, "sum").name(), "sum:0");
  EXPECT_EQ(gc::add(x, y, "sum").name(), "sum_1:0");
  EXPECT_EQ(g.placeholder(gc::float32).name(), "Placeholder:0");
  EXPECT_EQ(g.placeholder(gc::float32).name(), "Placeholder_1:0");
}

TEST_F(Names, OfGroupsAndNothing) {
  auto a = g.no_op();
  auto b = g.no_op();
  EXPECT_EQ(b.name(), "NoOp_1");
  EXPECT_EQ(g.group({a, b}).name(), "group_deps");
  EXPECT_EQ(gc::group({a, x}, "both").name(), "both");
  EXPECT_EQ(g.global_variables_initializer().name(), "init");
  EXPECT_EQ(g.global_variables_initializer().name(), "init_1");
}

TEST_F(Names, LeadBackToTensorsAndOps) {
  auto sum = gc::add(x, y, "sum");
  EXPECT_EQ(g.get_tensor_by_name("sum:0"), sum);
  EXPECT_EQ(g.get_operation_by_name("sum"), sum.op());
  auto v = g.get_variable("v", {2});
  EXPECT_EQ(g.get_tensor_by_name("v:0"), v.value());
  EXPECT_EQ(g.get_operation_by_name("v").type(), "variable");
  EXPECT_EQ(sum.index(), 0);
  EXPECT_THAT(sum.op().inputs(), ElementsAre(x, y));
}

} // namespace
