// Normalizations as TensorFlow writes them, found in their small ops.
#include <cmath>

#include "tests/unit/import/GraphText.h"

namespace graphc::test {
namespace {

const std::string kFloat = attribute("T", "type: DT_FLOAT");

std::string shapeOf(std::initializer_list<int> extents) {
  std::string text =
      "dtype: DT_INT32 tensor_shape { dim { size: " + std::to_string(extents.size()) + " } }";
  for (int extent : extents)
    text += " int_val: " + std::to_string(extent);
  return text;
}

/// x, gamma and beta of the shapes that both tests use.
std::string operands() {
  return placeholder("x", "dim { size: 4096 } dim { size: 16 }") +
         placeholder("gamma", "dim { size: 16 }") + placeholder("beta", "dim { size: 16 }");
}

class Normalizations : public ImportTest {
protected:
  /// y of each row, with 0.25 added to the variance; the plan has the primitive.
  void expectLayerNormalization(const std::string &text) {
    importText(operands() + text);
    Session session(graph, {.log_device_placement = true});
    constexpr std::int64_t rows = 4096, channels = 16;
    Tensor x(float32, {rows, channels}), gamma(float32, {channels}), beta(float32, {channels});
    for (std::int64_t i = 0; i < rows * channels; ++i)
      x.data<float>()[i] = static_cast<float>(i * i % 101) / 20.f;
    for (std::int64_t i = 0; i < channels; ++i) {
      gamma.data<float>()[i] = static_cast<float>(i % 5) - 2.f;
      beta.data<float>()[i] = static_cast<float>(i % 3);
    }
    testing::internal::CaptureStderr();
    const Tensor y = session.run({{"x", x}, {"gamma", gamma}, {"beta", beta}}, {"y:0"})[0];
    const std::string steps = testing::internal::GetCapturedStderr();
    EXPECT_EQ(steps.find("y: oneDNN "), 0u) << steps; // the only step
    for (std::int64_t row = 0; row < rows; row += 511) {
      const float *of = x.data<float>() + channels * row;
      float mean = 0, variance = 0;
      for (std::int64_t i = 0; i < channels; ++i)
        mean += of[i] / channels;
      for (std::int64_t i = 0; i < channels; ++i)
        variance += (of[i] - mean) * (of[i] - mean) / channels;
      for (std::int64_t i = 0; i < channels; ++i)
        EXPECT_NEAR(y.data<float>()[channels * row + i],
                    gamma.data<float>()[i] * (of[i] - mean) / std::sqrt(variance + .25f) +
                        beta.data<float>()[i],
                    1e-5);
    }
  }
};

// tf.contrib.layers.layer_norm and tf.keras.layers.LayerNormalization up to TensorFlow 1.15.
TEST_F(Normalizations, OfMomentsAndBatchNormalization) {
  const std::string keep = attribute("keep_dims", "b: true") + kFloat;
  expectLayerNormalization(
      constant("axis", shapeOf({1})) + node("moments/mean", "Mean", {"x", "axis"}, keep) +
      node("moments/StopGradient", "StopGradient", {"moments/mean"}, kFloat) +
      node("moments/SquaredDifference", "SquaredDifference", {"x", "moments/StopGradient"},
           kFloat) +
      node("moments/variance", "Mean", {"moments/SquaredDifference", "axis"}, keep) +
      constant("add/y", "dtype: DT_FLOAT tensor_shape {} float_val: 0.25") +
      node("add", "AddV2", {"moments/variance", "add/y"}, kFloat) +
      node("Rsqrt", "Rsqrt", {"add"}, kFloat) + node("mul", "Mul", {"Rsqrt", "gamma"}, kFloat) +
      node("mul_1", "Mul", {"x", "mul"}, kFloat) +
      node("mul_2", "Mul", {"moments/mean", "mul"}, kFloat) +
      node("sub", "Sub", {"beta", "mul_2"}, kFloat) + node("y", "AddV2", {"mul_1", "sub"}, kFloat));
}

// tf.keras.layers.LayerNormalization since: the rows are the channels of an image.
TEST_F(Normalizations, OfAFusedBatchNorm) {
  expectLayerNormalization(
      constant("image", shapeOf({1, 4096, 16, 1})) + constant("rows", shapeOf({4096})) +
      constant("one", "dtype: DT_FLOAT tensor_shape {} float_val: 1") +
      constant("zero", "dtype: DT_FLOAT tensor_shape {} float_val: 0") +
      node("ones", "Fill", {"rows", "one"}, kFloat) +
      node("zeros", "Fill", {"rows", "zero"}, kFloat) +
      constant("none", "dtype: DT_FLOAT tensor_shape { dim { size: 0 } }") +
      node("Reshape", "Reshape", {"x", "image"}, kFloat) +
      node("FusedBatchNormV3", "FusedBatchNormV3", {"Reshape", "ones", "zeros", "none", "none"},
           kFloat + attribute("U", "type: DT_FLOAT") + attribute("epsilon", "f: 0.25") +
               attribute("is_training", "b: true") + attribute("data_format", "s: \"NCHW\"")) +
      constant("whole", shapeOf({4096, 16})) +
      node("Reshape_1", "Reshape", {"FusedBatchNormV3", "whole"}, kFloat) +
      node("mul_3", "Mul", {"Reshape_1", "gamma"}, kFloat) +
      node("y", "AddV2", {"mul_3", "beta"}, kFloat));
}

} // namespace
} // namespace graphc::test
