// Convolutions, poolings and the layers around them, run: compiled as by the reference kernels.
#include <cmath>

#include <gmock/gmock.h>
#include <graphc/graphc.h>
#include <gtest/gtest.h>

namespace gc = graphc;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

namespace {

gc::Tensor wave(gc::DataType dtype, const gc::Shape &shape) {
  gc::Tensor tensor(gc::float64, shape);
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<double>()[i] = std::sin(0.7 * static_cast<double>(i * i % 97));
  return tensor.cast(dtype);
}

/// Runs the function of an image and a filter, and its gradients, by both backends.
void expectBackendsAgree(gc::DataType dtype,
                         const std::function<gc::Output(gc::Output, gc::Output)> &function) {
  gc::Graph g;
  auto image = g.placeholder(dtype, {gc::none, gc::none, 9, 3}, "image");
  auto filter = g.placeholder(dtype, {3, 2, 3, 4}, "filter");
  auto y = function(image, filter);
  auto gradients = gc::gradients({gc::reduce_sum(gc::square(y))}, {image, filter});
  std::vector<std::vector<gc::Tensor>> results;
  for (gc::Backend backend : {gc::Backend::compiled, gc::Backend::reference}) {
    gc::Session session(g, {.backend = backend});
    results.push_back(
        session.run({{image, wave(dtype, {4, 7, 9, 3})}, {filter, wave(dtype, {3, 2, 3, 4})}},
                    {y, gradients[0], gradients[1]}));
  }
  for (std::size_t k = 0; k < 3; ++k) {
    ASSERT_EQ(results[0][k].shape(), results[1][k].shape());
    const gc::Tensor ours = results[0][k].cast(gc::float32),
                     theirs = results[1][k].cast(gc::float32);
    EXPECT_THAT(ours.values<float>(), Pointwise(FloatNear(2e-4f), theirs.values<float>()));
  }
}

TEST(CompiledConvolutions, AgreeWithTheReference) {
  for (gc::DataType dtype : {gc::float32, gc::float64}) {
    expectBackendsAgree(dtype, [](auto x, auto w) { return gc::nn::conv2d(x, w, 1, "SAME"); });
    expectBackendsAgree(dtype,
                        [](auto x, auto w) { return gc::nn::conv2d(x, w, {2, 3}, "VALID"); });
    expectBackendsAgree(dtype, [](auto x, auto w) {
      return gc::nn::conv2d(x, w, 1, "VALID", {.dilations = {2, 3}});
    });
    expectBackendsAgree(dtype, [](auto x, auto w) {
      return gc::nn::conv2d(x, w, 2, gc::nn::Padding({{0, 0}, {0, 2}, {1, 0}, {0, 0}}));
    });
    expectBackendsAgree(dtype, [](auto x, auto w) {
      return gc::nn::depthwise_conv2d(x, w, 1, "SAME", {.dilations = 2});
    });
    expectBackendsAgree(dtype, [](auto x, auto w) {
      auto y = gc::nn::relu(gc::nn::conv2d(x, w, 1, "SAME"));
      return gc::nn::avg_pool(gc::nn::max_pool(y, {2, 3}, {2, 3}, "SAME"), 2, 1, "VALID");
    });
    expectBackendsAgree(dtype, [](auto x, auto w) {
      return gc::nn::conv2d_transpose(gc::nn::conv2d(x, w, 2, "SAME"), w, gc::shape(x), 2, "SAME");
    });
  }
}

// One kernel forward and one for each gradient in float32, small ops in float64.
TEST(CompiledConvolutions, AgreeWithTheReferenceWhereTheyArePooled) {
  for (gc::DataType dtype : {gc::float32, gc::float64}) {
    expectBackendsAgree(dtype, [](auto x, auto w) {
      return gc::nn::relu(gc::nn::max_pool(gc::nn::conv2d(x, w, 1, "SAME"), 2, 2, "VALID"));
    });
    expectBackendsAgree(dtype, [](auto x, auto w) {
      auto y =
          gc::nn::bias_add(gc::nn::conv2d(x, w, {1, 2}, "VALID"), gc::reduce_sum(w, {0, 1, 2}));
      return gc::nn::max_pool(gc::nn::relu(y), {3, 2}, {3, 2}, "SAME");
    });
    expectBackendsAgree(dtype, [](auto x, auto w) {
      auto y = gc::nn::max_pool(gc::nn::conv2d(x, w, 1, "SAME", {.dilations = {1, 2}}), {1, 4},
                                {2, 4}, "SAME");
      return gc::nn::relu(y) + y; // which is needed beside the activation
    });
  }
}

// oneDNN's own relu would make zeros of them.
TEST(CompiledConvolutions, KeepNaNThroughBiasAndRelu) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none, 8, 1}, "x");
  auto y = gc::layers::conv1d(x, 4, 1, {.activation = gc::nn::relu});
  gc::Session session(g);
  session.run(g.global_variables_initializer());
  gc::Tensor input = wave(gc::float32, {1, 8, 1});
  input.data<float>()[1] = std::nanf("");
  const gc::Tensor out = session.run({{x, input}}, y)[0];
  for (std::int64_t i = 0; i < out.num_elements(); ++i)
    EXPECT_EQ(std::isnan(out.data<float>()[i]), i / 4 == 1) << "element " << i;
}

TEST(GlobalPooling, TakesEachChannelOverAllThatIsFed) {
  gc::Graph g;
  const auto sequence = g.placeholder(gc::float32, {gc::none, gc::none, 2});
  const auto image = g.placeholder(gc::float32, {gc::none, gc::none, gc::none, 2});
  const auto mean = gc::layers::global_average_pooling2d(image);
  const std::vector<gc::Output> fetches = {
      gc::layers::global_max_pooling1d(sequence), gc::layers::global_average_pooling1d(sequence),
      gc::layers::global_max_pooling2d(image), mean, gc::gradients({mean}, {image})[0]};
  const auto steps = gc::Tensor::of<float>({1, 3, 2}, {1, 7, 5, -2, 3, 0});
  const auto pixels = gc::Tensor::of<float>({1, 2, 2, 2}, {1, 10, 2, 20, 3, 30, 6, 60});
  gc::Session session(g);
  std::vector<std::vector<float>> out;
  for (const gc::Output &fetch : fetches) {
    const auto result = session.run({{sequence, steps}, {image, pixels}}, {fetch});
    const auto values = result[0].values<float>();
    out.emplace_back(values.begin(), values.end());
  }
  EXPECT_THAT(out[0], ElementsAre(5, 7));
  EXPECT_THAT(out[1], ElementsAre(FloatNear(3, 1e-6f), FloatNear(5.f / 3, 1e-6f)));
  EXPECT_THAT(out[2], ElementsAre(6, 60));
  EXPECT_THAT(out[3], ElementsAre(3, 30));
  EXPECT_THAT(out[4], testing::Each(0.25f));
}

TEST(BatchNormalization, UsesTheBatchInTrainingAndTheAveragesAfterIt) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none, 2}, "x");
  auto training = g.placeholder(gc::bool_, {}, "training");
  auto y = gc::layers::batch_normalization(
      x, {.momentum = 0.5, .epsilon = 0, .training = training, .name = "bn"});
  auto update = g.group({g.update_ops()[0], g.update_ops()[1]});
  gc::Session session(g);
  session.run(g.global_variables_initializer());
  const gc::Tensor batch = gc::Tensor::of<float>({2, 2}, {1, 10, 3, 30});
  // Mean 2 and 20, variance 1 and 100.
  EXPECT_THAT(session.run({{x, batch}, {training, true}}, {y, update})[0].values<float>(),
              Pointwise(FloatNear(1e-6f), {-1, -1, 1, 1}));
  EXPECT_THAT(session.variable("bn/moving_mean").values<float>(), ElementsAre(1, 10));
  EXPECT_THAT(session.variable("bn/moving_variance").values<float>(), ElementsAre(1, 50.5));
  EXPECT_THAT(session.run({{x, batch}, {training, false}}, {y, update})[0].values<float>(),
              Pointwise(FloatNear(1e-5f), {0.f, 0.f, 2.f, 20 / std::sqrt(50.5f)}));
  EXPECT_THAT(session.variable("bn/moving_mean").values<float>(), ElementsAre(1, 10));
}

TEST(BatchNormalization, OfImagesKeepsTheUnbiasedVariance) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none, 1, 2, 1}, "x");
  auto y = gc::layers::batch_normalization(
      x, {.momentum = 0.5, .epsilon = 0, .training = true, .name = "bn"});
  gc::Session session(g);
  session.run(g.global_variables_initializer());
  const std::vector<gc::Tensor> out =
      session.run({{x, gc::Tensor::of<float>({1, 1, 2, 1}, {1, 3})}}, {y, g.update_ops()[1]});
  EXPECT_THAT(out[0].values<float>(), Pointwise(FloatNear(1e-6f), {-1, 1}));
  EXPECT_THAT(session.variable("bn/moving_variance").values<float>(), ElementsAre(1.5));
}

TEST(DropoutLayer, FollowsTheFedFlag) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none}, "x");
  auto training = g.placeholder(gc::bool_, {}, "training");
  auto y = gc::layers::dropout(x, {.rate = 0.25, .seed = 3, .training = training});
  gc::Session session(g);
  const gc::Tensor input = wave(gc::float32, {1000});
  const gc::Tensor kept = session.run({{x, input}, {training, false}}, y)[0];
  EXPECT_TRUE(kept.identical_to(input));
  const gc::Tensor dropped = session.run({{x, input}, {training, true}}, y)[0];
  std::int64_t zeros = 0;
  for (std::int64_t i = 0; i < 1000; ++i) {
    const float value = dropped.data<float>()[i];
    zeros += value == 0 && input.data<float>()[i] != 0;
    if (value != 0) {
      EXPECT_FLOAT_EQ(value, input.data<float>()[i] / 0.75f);
    }
  }
  EXPECT_NEAR(static_cast<double>(zeros), 250, 60);
}

} // namespace
