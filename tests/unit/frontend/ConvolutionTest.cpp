// Convolutions, poolings and the layers around them: names as TensorFlow gives them, types,
// messages.
#include "FrontendTesting.h"

#include "frontend/layers/Convolution.h"
#include "frontend/layers/Pooling.h"
#include "frontend/layers/Regularization.h"

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

namespace {

struct Convolutions : testing::Test {
  gc::Graph g;
  gc::Output image = g.placeholder(gc::float32, {gc::none, 10, 7, 3}, "image");
  gc::Output sequence = g.placeholder(gc::float32, {gc::none, 128, 9}, "sequence");
  gc::Output filter = g.placeholder(gc::float32, {3, 2, 3, 4}, "filter");
  gc::Output filters = g.placeholder(gc::float32, {2, 9, 18}, "filters");

  template <typename Build> std::string messageOf(Build build) {
    return errorFrom(build).message();
  }
};

TEST_F(Convolutions, HaveTensorFlowsNames) {
  EXPECT_EQ(gc::nn::conv2d(image, filter, 1, "SAME").name(), "Conv2D:0");
  EXPECT_EQ(gc::nn::depthwise_conv2d(image, filter, 1, "SAME").name(), "depthwise:0");
  EXPECT_EQ(gc::nn::max_pool(image, 2, 2, "SAME").name(), "MaxPool:0");
  EXPECT_EQ(gc::nn::avg_pool(image, 2, 2, "SAME").name(), "AvgPool:0");
  EXPECT_EQ(gc::nn::max_pool2d(image, 2, 2, "SAME").name(), "MaxPool2d:0");
  EXPECT_EQ(gc::nn::avg_pool2d(image, 2, 2, "SAME").name(), "AvgPool2D:0");
  EXPECT_EQ(gc::nn::conv1d(sequence, filters, 1, "SAME").name(), "conv1d/Squeeze:0");
  EXPECT_EQ(gc::nn::max_pool1d(sequence, 4, 4, "SAME").name(), "MaxPool1d/Squeeze:0");
  EXPECT_EQ(gc::nn::avg_pool1d(sequence, 4, 4, "SAME").name(), "AvgPool1D/Squeeze:0");
  EXPECT_EQ(gc::nn::leaky_relu(image).name(), "LeakyRelu:0");
  EXPECT_EQ(gc::nn::elu(image).name(), "Elu:0");
  EXPECT_EQ(gc::nn::selu(image).name(), "Selu:0");
  EXPECT_EQ(gc::nn::relu6(image).name(), "Relu6:0");
  EXPECT_EQ(g.get_operation_by_name("conv1d").type(), "conv2d");
  EXPECT_EQ(g.get_operation_by_name("conv1d/ExpandDims_1").type(), "expand_dims");
}

TEST_F(Convolutions, SlideAsTheirOptionsSay) {
  EXPECT_EQ(typeOf(gc::nn::conv2d(image, filter, 1, "VALID")), "float32[?,8,6,4]");
  EXPECT_EQ(typeOf(gc::nn::conv2d(image, filter, {2, 3}, "same")), "float32[?,5,3,4]");
  EXPECT_EQ(typeOf(gc::nn::conv2d(image, filter, {1, 2, 3, 1}, "SAME")), "float32[?,5,3,4]");
  EXPECT_EQ(typeOf(gc::nn::conv2d(image, filter, 1, "VALID", {.dilations = {2, 3}})),
            "float32[?,6,4,4]");
  EXPECT_EQ(
      typeOf(gc::nn::conv2d(image, filter, 1, gc::nn::Padding({{0, 0}, {1, 0}, {0, 2}, {0, 0}}))),
      "float32[?,9,8,4]");
  EXPECT_EQ(typeOf(gc::nn::depthwise_conv2d(image, filter, 1, "SAME")), "float32[?,10,7,12]");
  EXPECT_EQ(typeOf(gc::nn::conv1d(sequence, filters, 2, "SAME")), "float32[?,64,18]");
  EXPECT_EQ(typeOf(gc::nn::conv1d(sequence, filters, 1, "VALID", {.dilations = 3})),
            "float32[?,125,18]");
  EXPECT_EQ(typeOf(gc::nn::conv1d(sequence, filters, 1, gc::nn::Padding({{0, 0}, {1, 0}, {0, 0}}))),
            "float32[?,128,18]");
  EXPECT_EQ(typeOf(gc::nn::max_pool1d(sequence, 4, 4, "SAME")), "float32[?,32,9]");
  EXPECT_EQ(typeOf(gc::nn::avg_pool2d(image, {2, 3}, {2, 1}, "VALID")), "float32[?,5,5,3]");
  const gc::Output small = g.placeholder(gc::float32, {gc::none, 5, 4, 4}, "small");
  EXPECT_EQ(typeOf(gc::nn::conv2d_transpose(small, filter, {2, 10, 7, 3}, 2)), "float32[2,10,7,3]");
  EXPECT_EQ(typeOf(gc::nn::conv2d_transpose(small, filter, gc::shape(image), 2)),
            "float32[?,10,7,3]");
}

TEST_F(Convolutions, SayWhatIsWrong) {
  EXPECT_EQ(
      messageOf([&] { gc::nn::conv2d(image, filter, {1, 1, 2}, "SAME"); }),
      "expected strides as one number, [height, width] or [1, height, width, 1], got [1, 1, 2]");
  EXPECT_EQ(messageOf([&] { gc::nn::conv2d(image, filter, 1, "SAME", {.data_format = "NCHW"}); }),
            "expected data_format NHWC, got NCHW");
  EXPECT_EQ(
      messageOf([&] { gc::nn::conv1d(sequence, filters, 1, "SAME", {.data_format = "NCW"}); }),
      "expected data_format NWC, got NCW");
  EXPECT_EQ(messageOf([&] { gc::nn::conv2d(image, filter, 1, gc::nn::Padding({{0, 0}, {1, 1}})); }),
            "expected explicit padding for four axes, none of it along the batch and the channels");
  EXPECT_EQ(messageOf([&] { gc::nn::conv2d(image, filter, 1, "half"); }),
            "conv2d expects padding to be SAME, VALID or EXPLICIT, got HALF");
  EXPECT_EQ(messageOf([&] { gc::nn::max_pool(image, 0, 1, "SAME"); }),
            "max_pool2d expects ksize to be 2 integers of 1 or more, got [0,0]");
  EXPECT_EQ(messageOf([&] { gc::layers::conv1d(image, 3, 2); }),
            "expected inputs of 3 axes and a known number of channels, got [?,10,7,3]");
  EXPECT_EQ(messageOf([&] { gc::layers::dropout(image, {.rate = 1.5}); }),
            "expected a rate in [0, 1), got 1.500000");
  EXPECT_EQ(messageOf([&] { gc::layers::global_max_pooling1d(image); }),
            "expected inputs [batch, length, channels], got " + image.shape().to_string());
  EXPECT_EQ(messageOf([&] { gc::layers::global_average_pooling2d(sequence); }),
            "expected inputs [batch, height, width, channels], got [?,128,9]");
  EXPECT_EQ(messageOf([&] { gc::layers::flatten(g.placeholder(gc::float32)); }),
            "expected inputs of at least one axis, got <unknown>");
  EXPECT_EQ(messageOf([&] {
              gc::layers::batch_normalization(g.placeholder(gc::float32, {4, gc::none}));
            }),
            "expected a known extent of axis 1, got [4,?]");
  EXPECT_EQ(messageOf([&] { gc::layers::batch_normalization(g.placeholder(gc::float32)); }),
            "expected inputs of known rank, got <unknown>");
}

TEST_F(Convolutions, AsLayersHaveTensorFlowsScopes) {
  auto y = gc::layers::conv1d(sequence, 18, 2, {.padding = "same", .activation = gc::nn::relu});
  EXPECT_EQ(y.name(), "conv1d/Relu:0");
  EXPECT_EQ(typeOf(y), "float32[?,128,18]");
  for (const char *name : {"conv1d/Conv1D", "conv1d/Conv1D/ExpandDims",
                           "conv1d/Conv1D/ExpandDims_1", "conv1d/Conv1D/Squeeze", "conv1d/BiasAdd"})
    EXPECT_THAT(opNames(g), Contains(name));
  y = gc::layers::max_pooling1d(y, 4, 4, {.padding = "same"});
  EXPECT_EQ(y.name(), "max_pooling1d/Squeeze:0");
  EXPECT_EQ(typeOf(y), "float32[?,32,18]");
  EXPECT_THAT(opNames(g), Contains("max_pooling1d/MaxPool"));
  EXPECT_EQ(gc::layers::conv1d(y, 36, 2).name(), "conv1d_1/BiasAdd:0");
  EXPECT_EQ(gc::layers::max_pooling1d(y, 4, 4).name(), "max_pooling1d_1/Squeeze:0");
  EXPECT_EQ(gc::layers::average_pooling1d(y, 4, 4).name(), "average_pooling1d/Squeeze:0");
  EXPECT_THAT(variableNames(g), ElementsAre("conv1d/kernel:0", "conv1d/bias:0", "conv1d_1/kernel:0",
                                            "conv1d_1/bias:0"));
}

TEST_F(Convolutions, OfImagesAsLayers) {
  auto y = gc::layers::conv2d(image, 4, {3, 2}, {.use_bias = false, .name = "eyes"});
  EXPECT_EQ(y.name(), "eyes/Conv2D:0");
  EXPECT_EQ(typeOf(y), "float32[?,8,6,4]");
  EXPECT_EQ(gc::layers::max_pooling2d(y, 2, 2).name(), "max_pooling2d/MaxPool:0");
  EXPECT_EQ(gc::layers::average_pooling2d(y, 2, 2).name(), "average_pooling2d/AvgPool:0");
  EXPECT_EQ(typeOf(gc::layers::flatten(y)), "float32[?,192]");
  EXPECT_EQ(typeOf(gc::layers::flatten(g.placeholder(gc::float32, {gc::none, gc::none, 2}))),
            "float32[?,?]");
  EXPECT_EQ(gc::layers::global_max_pooling2d(y).name(), "global_max_pooling2d/Max:0");
  EXPECT_EQ(typeOf(gc::layers::global_average_pooling2d(y, "all")), "float32[?,4]");
  EXPECT_EQ(gc::layers::global_max_pooling1d(sequence).name(), "global_max_pooling1d/Max:0");
  EXPECT_EQ(typeOf(gc::layers::global_average_pooling1d(sequence)), "float32[?,9]");
  EXPECT_THAT(variableNames(g), ElementsAre("eyes/kernel:0"));
  gc::layers::conv2d(image, 4, {3, 2}, {.use_bias = false, .name = "eyes", .reuse = true});
  EXPECT_EQ(g.global_variables().size(), 1u);
}

TEST_F(Convolutions, BatchNormalizationKeepsMovingAverages) {
  auto y = gc::layers::batch_normalization(image, {.training = true});
  EXPECT_EQ(typeOf(y), "float32[?,10,7,3]");
  EXPECT_EQ(y.name(), "batch_normalization/batchnorm/add_1:0");
  EXPECT_THAT(variableNames(g),
              ElementsAre("batch_normalization/gamma:0", "batch_normalization/beta:0",
                          "batch_normalization/moving_mean:0",
                          "batch_normalization/moving_variance:0"));
  EXPECT_EQ(g.trainable_variables().size(), 2u);
  ASSERT_EQ(g.update_ops().size(), 2u);
  EXPECT_EQ(g.update_ops()[0].name(), "batch_normalization/AssignMovingAvg");
  EXPECT_EQ(g.update_ops()[1].name(), "batch_normalization/AssignMovingAvg_1");
  // After training, the averages alone are used, and nothing is updated.
  gc::layers::batch_normalization(sequence, {.axis = 1, .scale = false});
  EXPECT_EQ(g.update_ops().size(), 2u);
  EXPECT_EQ(g.global_variables()[4].name(), "batch_normalization_1/beta:0");
  EXPECT_EQ(g.global_variables()[4].shape(), (gc::Shape{128}));
}

TEST_F(Convolutions, DropoutIsTheIdentityAfterTraining) {
  EXPECT_EQ(gc::layers::dropout(image).name(), "dropout/Identity:0");
  EXPECT_EQ(gc::layers::dropout(image, {.rate = 0.25, .training = true}).name(),
            "dropout_1/dropout/mul:0");
  auto training = g.placeholder(gc::bool_, {}, "training");
  EXPECT_EQ(gc::layers::dropout(image, {.training = training}).name(), "dropout_2/dropout/mul:0");
}

} // namespace
