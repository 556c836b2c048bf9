// What TensorFlow spells gradients out with, node by node, against numbers worked out by hand.
#include "tests/unit/import/GraphText.h"

namespace graphc::test {
namespace {

/// An int32 vector as a constant.
std::string integers(const std::string &name, std::initializer_list<int> values) {
  std::string tensor =
      "dtype: DT_INT32 tensor_shape { dim { size: " + std::to_string(values.size()) + " } }";
  for (int value : values)
    tensor += " int_val: " + std::to_string(value);
  return constant(name, tensor);
}
std::string integer(const std::string &name, int value) {
  return constant(name, "dtype: DT_INT32 tensor_shape {} int_val: " + std::to_string(value));
}
std::string dim(int extent) { return "dim { size: " + std::to_string(extent) + " } "; }

class GradientRules : public ImportTest {
protected:
  using Feeds = std::vector<Feed>;
  /// A tensor of the imported graph, as numbers.
  std::vector<double> run(const std::string &tensor, const Feeds &feeds = {}) {
    Session session(graph);
    const Tensor result = session.run(feeds, tensor)[0].cast(float64);
    return {result.values<double>().begin(), result.values<double>().end()};
  }
  static Tensor floats(const Shape &shape, std::vector<float> values) {
    return Tensor::of<float>(shape, values);
  }
};
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

TEST_F(GradientRules, BroadcastGradientArgs) {
  importText(integers("a", {2, 1, 5}) + integers("b", {3, 5}) +
             node("axes", "BroadcastGradientArgs", {"a", "b"}));
  EXPECT_THAT(run("axes:0"), ElementsAre(1));
  EXPECT_THAT(run("axes:1"), ElementsAre(0));
}

// The gradient of a bias by TensorFlow's own means: the batch is not known, its axis is.
TEST_F(GradientRules, SumsToABroadcastOperand) {
  importText(placeholder("x", dim(-1) + dim(2)) + placeholder("b", dim(2)) +
             placeholder("dy", dim(-1) + dim(2)) + node("sx", "Shape", {"x"}) +
             node("sb", "Shape", {"b"}) + node("args", "BroadcastGradientArgs", {"sx", "sb"}) +
             node("sum_x", "Sum", {"dy", "args"}) + node("sum_b", "Sum", {"dy", "args:1"}) +
             node("dx", "Reshape", {"sum_x", "sx"}) + node("db", "Reshape", {"sum_b", "sb"}));
  const Feeds feeds{{"x:0", Tensor::zeros(float32, {3, 2})},
                    {"b:0", Tensor::zeros(float32, {2})},
                    {"dy:0", floats({3, 2}, {1, 2, 3, 4, 5, 6})}};
  EXPECT_THAT(run("dx:0", feeds), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(run("db:0", feeds), ElementsAre(9, 12));
}

TEST_F(GradientRules, BroadcastGradientArgsOfUnlikeShapes) {
  EXPECT_EQ(
      errorOf(integers("a", {2, 4}) + integers("b", {3, 4}) +
              node("axes", "BroadcastGradientArgs", {"a", "b"})),
      ": node 'axes' (BroadcastGradientArgs): the shapes [2,4] and [3,4] cannot be broadcast");
  EXPECT_EQ(errorOf(placeholder("x", "") +
                    node("p", "Placeholder", {}, attribute("dtype", "type: DT_FLOAT")) +
                    node("sx", "Shape", {"x"}) + node("sp", "Shape", {"p"}) +
                    node("axes", "BroadcastGradientArgs", {"sx", "sp"})),
            ": node 'axes' (BroadcastGradientArgs): the rank of the shape that input 1 holds must "
            "be known while the graph is imported");
}

TEST_F(GradientRules, ConcatOffset) {
  importText(integer("axis", 1) + integers("a", {4, 2, 3}) + integers("b", {4, 5, 3}) +
             integers("c", {4, 1, 3}) + node("offsets", "ConcatOffset", {"axis", "a", "b", "c"}));
  EXPECT_THAT(run("offsets:0"), ElementsAre(0, 0, 0));
  EXPECT_THAT(run("offsets:1"), ElementsAre(0, 2, 0));
  EXPECT_THAT(run("offsets:2"), ElementsAre(0, 7, 0));
}

TEST_F(GradientRules, ConcatOffsetAlongAnExtentThatIsFed) {
  importText(placeholder("x", dim(-1) + dim(2)) + integer("axis", -2) + node("a", "Shape", {"x"}) +
             integers("b", {5, 2}) + integers("c", {1, 2}) +
             node("offsets", "ConcatOffset", {"axis", "a", "b", "c"}));
  const Feeds feeds{{"x:0", Tensor::zeros(float32, {3, 2})}};
  EXPECT_THAT(run("offsets:0", feeds), ElementsAre(0, 0));
  EXPECT_THAT(run("offsets:1", feeds), ElementsAre(3, 0));
  EXPECT_THAT(run("offsets:2", feeds), ElementsAre(8, 0));
}

TEST_F(GradientRules, ConcatOffsetErrors) {
  EXPECT_EQ(errorOf(integer("axis", 2) + integers("a", {4, 2}) + integers("b", {4, 2}) +
                    node("o", "ConcatOffset", {"axis", "a", "b"})),
            ": node 'o' (ConcatOffset): the axis (input 0): expected one in [-2, 2), got 2");
  EXPECT_EQ(errorOf(integer("axis", 0) + integers("a", {4, 2}) + integers("b", {4}) +
                    node("o", "ConcatOffset", {"axis", "a", "b"})),
            ": node 'o' (ConcatOffset): input 2: expected 2 extents, got 1");
}

TEST_F(GradientRules, DynamicStitchOfRows) {
  // [[10, 11], [20, 21]] at 2 and 0, [30, 31] at 1 and, the last to write it, [40, 41] at 0.
  importText(placeholder("x", dim(2) + dim(2)) + placeholder("y", dim(2) + dim(2)) +
             integers("i", {2, 0}) + integers("j", {1, 0}) +
             node("z", "DynamicStitch", {"i", "j", "x", "y"}));
  EXPECT_THAT(run("z:0", {{"x:0", floats({2, 2}, {10, 11, 20, 21})},
                          {"y:0", floats({2, 2}, {30, 31, 40, 41})}}),
              ElementsAre(40, 41, 30, 31, 10, 11));
}

TEST_F(GradientRules, DynamicStitchOfScalarsAndMatrices) {
  importText(placeholder("x", "") + placeholder("y", dim(2) + dim(2)) + integer("i", 4) +
             constant("j", "dtype: DT_INT32 tensor_shape { dim { size: 2 } dim { size: 2 } } "
                           "int_val: 0 int_val: 1 int_val: 2 int_val: 3") +
             node("z", "DynamicStitch", {"i", "j", "x", "y"}));
  EXPECT_THAT(run("z:0", {{"x:0", Tensor(5.f)}, {"y:0", floats({2, 2}, {1, 2, 3, 4})}}),
              ElementsAre(1, 2, 3, 4, 5));
}

/// The gradient of reduce_mean(x, 1) as TensorFlow spells it: shapes by DynamicStitch, with a
/// batch that is not known.
TEST_F(GradientRules, TheGradientOfAMeanSpelledOut) {
  importText(
      placeholder("x", dim(-1) + dim(2)) + placeholder("dy", dim(-1)) +
      node("shape", "Shape", {"x"}) + node("rank", "Size", {"shape"}) + integers("axes", {-1}) +
      integer("zero", 0) + integer("one", 1) + node("added", "Add", {"axes", "rank"}) +
      node("mod", "FloorMod", {"added", "rank"}) + node("axes_shape", "Shape", {"mod"}) +
      node("range", "Range", {"zero", "rank", "one"}) +
      node("ones", "Fill", {"axes_shape", "one"}) +
      node("kept", "DynamicStitch", {"range", "mod", "shape", "ones"}) +
      node("most", "Maximum", {"kept", "one"}) + node("times", "FloorDiv", {"shape", "most"}) +
      node("rows", "Reshape", {"dy", "kept"}) + node("tiled", "Tile", {"rows", "times"}) +
      constant("two", "dtype: DT_FLOAT tensor_shape {} float_val: 2") +
      node("dx", "RealDiv", {"tiled", "two"}));
  EXPECT_EQ(graph.get_tensor_by_name("rows:0").shape(), Shape({-1, 1}));
  EXPECT_THAT(
      run("dx:0", {{"x:0", Tensor::zeros(float32, {3, 2})}, {"dy:0", floats({3}, {2, 4, 6})}}),
      ElementsAre(1, 1, 2, 2, 3, 3));
}

TEST_F(GradientRules, DynamicStitchErrors) {
  EXPECT_EQ(errorOf(placeholder("x", dim(2)) + integers("i", {0, 2}) +
                    node("z", "DynamicStitch", {"i", "x"})),
            ": node 'z' (DynamicStitch): the indices leave out a number: expected all from 0 on");
  EXPECT_EQ(errorOf(placeholder("x", dim(2)) +
                    node("i", "Placeholder", {},
                         attribute("dtype", "type: DT_INT32") +
                             attribute("shape", "shape { dim { size: 2 } }")) +
                    node("z", "DynamicStitch", {"i", "x"})),
            ": node 'z' (DynamicStitch): the indices (input 0) must be known while the graph is "
            "imported, but is computed from what is fed");
  EXPECT_EQ(errorOf(placeholder("x", dim(2)) + integers("i", {0}) +
                    node("z", "DynamicStitch", {"i", "x", "x"})),
            ": node 'z' (DynamicStitch): expected as many indices as tensors, got 3 inputs");
}

TEST_F(GradientRules, DynamicPartition) {
  importText(placeholder("x", dim(4) + dim(2)) + integers("p", {1, 0, 1, 1}) +
             node("parts", "DynamicPartition", {"x", "p"}, attribute("num_partitions", "i: 3")));
  const Feeds feeds{{"x:0", floats({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})}};
  EXPECT_THAT(run("parts:0", feeds), ElementsAre(3, 4));
  EXPECT_THAT(run("parts:1", feeds), ElementsAre(1, 2, 5, 6, 7, 8));
  EXPECT_THAT(run("parts:2", feeds), IsEmpty());
  EXPECT_EQ(errorOf(placeholder("y", dim(1)) + integers("q", {3}) +
                    node("r", "DynamicPartition", {"y", "q"}, attribute("num_partitions", "i: 3"))),
            ": node 'r' (DynamicPartition): the partitions (input 1): expected 0 to 2, got 3");
}

TEST_F(GradientRules, Unique) {
  importText(integers("x", {7, 3, 7, 7, 9, 3}) + node("u", "Unique", {"x"}));
  EXPECT_THAT(run("u:0"), ElementsAre(7, 3, 9));
  EXPECT_THAT(run("u:1"), ElementsAre(0, 1, 0, 0, 2, 1));
  EXPECT_EQ(
      errorOf(node("i", "Placeholder", {},
                   attribute("dtype", "type: DT_INT32") + attribute("shape", "shape { dim {} }")) +
              node("v", "Unique", {"i"})),
      ": node 'v' (Unique): the elements, on which the result's shape depends, (input 0) must "
      "be known while the graph is imported, but is computed from what is fed");
}

TEST_F(GradientRules, SegmentsAndPermutations) {
  importText(placeholder("x", dim(3) + dim(2)) + integers("ids", {1, 0, 1}) + integer("n", 2) +
             node("sums", "UnsortedSegmentSum", {"x", "ids", "n"}) + integers("perm", {2, 0, 1}) +
             node("inverse", "InvertPermutation", {"perm"}));
  EXPECT_THAT(run("sums:0", {{"x:0", floats({3, 2}, {1, 2, 3, 4, 5, 6})}}),
              ElementsAre(3, 4, 6, 8));
  EXPECT_THAT(run("inverse:0"), ElementsAre(1, 2, 0));
}

std::string slice(const char *shape) {
  return integers("begin", {0, -1}) + integers("end", {0, 0}) + integers("strides", {1, 1}) +
         node("dx", "StridedSliceGrad", {shape, "begin", "end", "strides", "dy"},
              attribute("begin_mask", "i: 1") + attribute("end_mask", "i: 1") +
                  attribute("shrink_axis_mask", "i: 2"));
}

// x[:, -1], as one takes a sequence's last step.
TEST_F(GradientRules, StridedSliceGradOfAKnownShape) {
  importText(placeholder("dy", dim(2)) + integers("shape", {2, 3}) + slice("shape"));
  EXPECT_THAT(run("dx:0", {{"dy:0", floats({2}, {5, 6})}}), ElementsAre(0, 0, 5, 0, 0, 6));
}

TEST_F(GradientRules, StridedSliceGradOfAShapeThatIsFed) {
  importText(placeholder("x", dim(-1) + dim(3)) + placeholder("dy", dim(-1)) +
             node("shape", "Shape", {"x"}) + slice("shape"));
  EXPECT_THAT(run("dx:0", {{"x:0", Tensor::zeros(float32, {2, 3})}, {"dy:0", floats({2}, {5, 6})}}),
              ElementsAre(0, 0, 5, 0, 0, 6));
}

// By the ops' own definitions: y or x is what TensorFlow hands on.
TEST_F(GradientRules, ActivationGradients) {
  std::string text = placeholder("a", dim(2)) + placeholder("dy", dim(2));
  const auto add = [&](const char *type, std::initializer_list<const char *> inputs) {
    text += node(type, type, inputs);
  };
  add("SigmoidGrad", {"a", "dy"}); // dy y (1 - y)
  add("TanhGrad", {"a", "dy"});    // dy (1 - y^2)
  add("SqrtGrad", {"a", "dy"});    // dy / (2 y)
  add("RsqrtGrad", {"a", "dy"});   // -dy y^3 / 2
  add("ReluGrad", {"dy", "a"});    // dy where x > 0
  add("Relu6Grad", {"dy", "a"});
  add("SoftplusGrad", {"dy", "a"}); // dy / (1 + exp(-x))
  add("BiasAddGrad", {"matrix"});
  text += placeholder("matrix", dim(2) + dim(2));
  importText(text);
  const Feeds feeds{{"a:0", floats({2}, {0.5f, -2})},
                    {"dy:0", floats({2}, {10, 4})},
                    {"matrix:0", floats({2, 2}, {1, 2, 3, 4})}};
  const auto expect = [&](const char *type, double first, double second) {
    const std::vector<double> found = run(std::string(type) + ":0", feeds);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_NEAR(found[0], first, 1e-5) << type;
    EXPECT_NEAR(found[1], second, 1e-5) << type;
  };
  expect("SigmoidGrad", 2.5, -24);
  expect("TanhGrad", 7.5, -12);
  expect("SqrtGrad", 10, -1);
  expect("RsqrtGrad", -0.625, 16);
  expect("ReluGrad", 10, 0);
  expect("Relu6Grad", 10, 0);
  expect("SoftplusGrad", 6.2245933, 0.4768117);
  expect("BiasAddGrad", 4, 6);
}

TEST_F(GradientRules, WindowsGradients) {
  const std::string strides = attribute("strides", "list { i: 1 i: 2 i: 2 i: 1 }") +
                              attribute("ksize", "list { i: 1 i: 2 i: 2 i: 1 }") +
                              attribute("padding", "s: \"VALID\"");
  const std::string image = dim(1) + dim(2) + dim(2) + dim(1),
                    pixel = dim(1) + dim(1) + dim(1) + dim(1);
  importText(placeholder("x", image) + placeholder("y", pixel) + placeholder("dy", pixel) +
             placeholder("filter", dim(2) + dim(2) + dim(1) + dim(1)) +
             integers("sizes", {1, 2, 2, 1}) + integers("filter_sizes", {2, 2, 1, 1}) +
             node("max", "MaxPoolGrad", {"x", "y", "dy"}, strides) +
             node("mean", "AvgPoolGrad", {"sizes", "dy"}, strides) +
             node("by_image", "Conv2DBackpropInput", {"sizes", "filter", "dy"}, strides) +
             node("by_filter", "Conv2DBackpropFilter", {"x", "filter_sizes", "dy"}, strides));
  const Feeds feeds{{"x:0", floats({1, 2, 2, 1}, {1, 9, 3, 4})},
                    {"y:0", floats({1, 1, 1, 1}, {9})},
                    {"dy:0", floats({1, 1, 1, 1}, {2})},
                    {"filter:0", floats({2, 2, 1, 1}, {1, 2, 3, 4})}};
  EXPECT_THAT(run("max:0", feeds), ElementsAre(0, 2, 0, 0));
  EXPECT_THAT(run("mean:0", feeds), ElementsAre(0.5, 0.5, 0.5, 0.5));
  EXPECT_THAT(run("by_image:0", feeds), ElementsAre(2, 4, 6, 8));
  EXPECT_THAT(run("by_filter:0", feeds), ElementsAre(2, 18, 6, 8));
}

/// Two images of one pixel and one channel, x = 1, 5: mean 3, variance 4, so that with epsilon 0
/// x' / sigma = -1, 1.
class FusedBatchNormGradient : public GradientRules {
protected:
  void importWith(const char *training) {
    importText(placeholder("x", dim(2) + dim(1) + dim(1) + dim(1)) +
               placeholder("dy", dim(2) + dim(1) + dim(1) + dim(1)) + placeholder("scale", dim(1)) +
               placeholder("mean", dim(1)) + placeholder("variance", dim(1)) +
               node("d", "FusedBatchNormGradV3", {"dy", "x", "scale", "mean", "variance", "scale"},
                    attribute("epsilon", "f: 0") +
                        attribute("is_training", std::string("b: ") + training)));
  }
  const Feeds feeds{{"x:0", floats({2, 1, 1, 1}, {1, 5})},
                    {"dy:0", floats({2, 1, 1, 1}, {3, 4})},
                    {"scale:0", floats({1}, {6})},
                    {"mean:0", floats({1}, {3})},
                    {"variance:0", floats({1}, {4})}};
};

TEST_F(FusedBatchNormGradient, Inference) {
  importWith("false");
  EXPECT_THAT(run("d:0", feeds), ElementsAre(9, 12)); // dy scale / sigma
  EXPECT_THAT(run("d:1", feeds), ElementsAre(1));     // -3 + 4
  EXPECT_THAT(run("d:2", feeds), ElementsAre(7));
}

// Of two numbers normalised by their own mean and variance nothing is left to change.
TEST_F(FusedBatchNormGradient, Training) {
  importWith("true");
  const std::vector<double> dx = run("d:0", feeds);
  ASSERT_EQ(dx.size(), 2u);
  EXPECT_NEAR(dx[0], 0, 1e-5);
  EXPECT_NEAR(dx[1], 0, 1e-5);
  EXPECT_THAT(run("d:1", feeds), ElementsAre(1));
}

} // namespace
} // namespace graphc::test
