#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

using Ints = std::vector<std::int64_t>;

Attributes windows(const char *padding, Ints strides = {1, 1}, Ints dilations = {1, 1}) {
  return {{"padding", std::string(padding)}, {"strides", strides}, {"dilations", dilations}};
}
Attributes pooling(const char *padding, Ints ksize, Ints strides) {
  return {{"padding", std::string(padding)}, {"ksize", ksize}, {"strides", strides}};
}
Attributes with(Attributes attributes, const char *name, Ints values) {
  attributes.set(name, values);
  return attributes;
}

/// One image of one channel.
Tensor image(Shape rows, std::initializer_list<float> values) {
  return Tensor::of(Shape{1, rows[0], rows[1], 1}, values);
}

TEST(Conv2d, SumsProductsOverTheWindow) {
  const Tensor x = image({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Tensor filter = Tensor::of(Shape{2, 2, 1, 1}, {1.f, 10.f, 100.f, 1000.f});
  expectTensor<float>(run("conv2d", {x, filter}, windows("VALID")), {1, 2, 2, 1},
                      {5421, 6532, 8754, 9865});
  // Even windows over odd padding: the zeros stand at the end.
  expectTensor<float>(run("conv2d", {x, filter}, windows("SAME")), {1, 3, 3, 1},
                      {5421, 6532, 603, 8754, 9865, 906, 87, 98, 9});
  expectTensor<float>(run("conv2d", {x, filter}, windows("SAME", {2, 2})), {1, 2, 2, 1},
                      {5421, 603, 87, 9});
  expectTensor<float>(run("conv2d", {x, filter}, windows("VALID", {1, 1}, {2, 2})), {1, 1, 1, 1},
                      {9731});
  expectTensor<float>(run("conv2d", {x, filter},
                          with(windows("EXPLICIT", {2, 2}), "explicit_paddings", {1, 0, 1, 0})),
                      {1, 2, 2, 1}, {1000, 3200, 7040, 9865});
}

TEST(Conv2d, TakesChannelsToOutputs) {
  const Tensor x = Tensor::of(Shape{1, 1, 2, 2}, {1.f, 2.f, 3.f, 4.f});
  const Tensor filter = Tensor::of(Shape{1, 1, 2, 3}, {1.f, 0.f, 1.f, 0.f, 1.f, 10.f});
  expectTensor<float>(run("conv2d", {x, filter}, windows("SAME")), {1, 1, 2, 3},
                      {1, 2, 21, 3, 4, 43});
  expectTensor<float>(run("fused_conv2d", {x, filter, vector({-2.f, 0.f, 1.f})},
                          [] {
                            Attributes a = windows("SAME");
                            a.set("activation", std::string("relu"));
                            return a;
                          }()),
                      {1, 1, 2, 3}, {0, 2, 22, 1, 4, 44});
}

TEST(Conv2d, HasGradientsByInputAndFilter) {
  const Tensor x = image({2, 2}, {1, 2, 3, 4});
  const Tensor filter = Tensor::of(Shape{2, 2, 1, 1}, {1.f, 10.f, 100.f, 1000.f});
  const Tensor dy = image({2, 2}, {1, 2, 3, 4});
  const Attributes same = windows("SAME");
  expectTensor<float>(
      run("conv2d_backprop_input", {filter, dy}, with(same, "input_sizes", {1, 2, 2, 1})),
      {1, 2, 2, 1}, {1, 12, 103, 1234});
  expectTensor<float>(
      run("conv2d_backprop_input", {filter, dy, vector<std::int32_t>({1, 2, 2, 1})}, same),
      {1, 2, 2, 1}, {1, 12, 103, 1234});
  expectTensor<float>(
      run("conv2d_backprop_filter", {x, dy}, with(same, "filter_sizes", {2, 2, 1, 1})),
      {2, 2, 1, 1}, {30, 14, 11, 4});
  EXPECT_EQ(errorOf([&] {
              run("conv2d_backprop_input", {filter, dy, vector<std::int32_t>({1, 3, 2, 1})}, same);
            }),
            "INVALID_ARGUMENT: conv2d_backprop_input expects dy of shape [1,3,2,1], got [1,2,2,1]");
}

TEST(DepthwiseConv2d, KeepsChannelsApart) {
  const Tensor x = Tensor::of(Shape{1, 1, 2, 2}, {1.f, 2.f, 3.f, 4.f});
  // [width 2, channels 2, multiplier 2]
  const Tensor filter = Tensor::of(Shape{1, 2, 2, 2}, {1.f, 2.f, 3.f, 4.f, 5.f, 6.f, 7.f, 8.f});
  expectTensor<float>(run("depthwise_conv2d", {x, filter}, windows("VALID")), {1, 1, 1, 4},
                      {1 * 1 + 3 * 5, 1 * 2 + 3 * 6, 2 * 3 + 4 * 7, 2 * 4 + 4 * 8});
  const Tensor dy = Tensor::of(Shape{1, 1, 1, 4}, {1.f, 10.f, 100.f, 1000.f});
  expectTensor<float>(run("depthwise_conv2d_backprop_input", {filter, dy},
                          with(windows("VALID"), "input_sizes", {1, 1, 2, 2})),
                      {1, 1, 2, 2}, {21, 4300, 65, 8700});
  expectTensor<float>(run("depthwise_conv2d_backprop_filter", {x, dy},
                          with(windows("VALID"), "filter_sizes", {1, 2, 2, 2})),
                      {1, 2, 2, 2}, {1, 10, 200, 2000, 3, 30, 400, 4000});
}

TEST(MaxPool2d, TakesTheGreatestOfEachWindow) {
  const Tensor x = image({3, 3}, {1, 2, 3, 9, 5, 6, 7, 8, 4});
  expectTensor<float>(run("max_pool2d", {x}, pooling("VALID", {2, 2}, {1, 1})), {1, 2, 2, 1},
                      {9, 6, 9, 8});
  expectTensor<float>(run("max_pool2d", {x}, pooling("SAME", {2, 2}, {2, 2})), {1, 2, 2, 1},
                      {9, 6, 8, 4});
  expectTensor<std::int32_t>(run("max_pool2d", {x.cast(int32)}, pooling("SAME", {2, 2}, {2, 2})),
                             {1, 2, 2, 1}, {9, 6, 8, 4});
  // Padding is not zero: it is not there.
  expectTensor<float>(run("max_pool2d", {image({1, 1}, {-3})}, pooling("SAME", {2, 2}, {2, 2})),
                      {1, 1, 1, 1}, {-3});
}

TEST(MaxPool2d, GivesItsGradientToTheFirstOfEqualElements) {
  const Tensor x = image({2, 4}, {1, 5, 2, 2, 5, 5, 0, 2});
  const Tensor y = image({1, 2}, {5, 2});
  const Attributes windows = pooling("VALID", {2, 2}, {2, 2});
  expectTensor<float>(run("max_pool2d_gradient", {x, y, image({1, 2}, {10, 20})}, windows),
                      {1, 2, 4, 1}, {0, 10, 20, 0, 0, 0, 0, 0});
  expectTensor<float>(
      run("max_pool2d_gradient_gradient", {x, y, image({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})}, windows),
      {1, 1, 2, 1}, {2, 3});
  // In two windows at once.
  expectTensor<float>(run("max_pool2d_gradient",
                          {image({1, 3}, {1, 2, 1}), image({1, 2}, {2, 2}), image({1, 2}, {3, 4})},
                          pooling("VALID", {1, 2}, {1, 1})),
                      {1, 1, 3, 1}, {0, 7, 0});
}

TEST(AvgPool2d, LeavesPaddingOutOfTheMean) {
  const Tensor x = image({2, 3}, {1, 2, 3, 4, 5, 6});
  const Attributes same = pooling("SAME", {2, 2}, {2, 2});
  expectTensor<float>(run("avg_pool2d", {x}, same), {1, 1, 2, 1}, {3, 4.5});
  const Tensor dy = image({1, 2}, {4, 2});
  for (const bool given : {true, false}) {
    const Ints sizes{1, 2, 3, 1};
    const Tensor operand = Tensor::of(Shape{4}, sizes);
    const Tensor dx = given ? run("avg_pool2d_gradient", {dy}, with(same, "input_sizes", sizes))
                            : run("avg_pool2d_gradient", {dy, operand}, same);
    expectTensor<float>(dx, {1, 2, 3, 1}, {1, 1, 1, 1, 1, 1});
  }
  EXPECT_EQ(
      errorOf([&] { run("avg_pool2d_gradient", {dy, vector<std::int32_t>({1, 2, 5, 1})}, same); }),
      "INVALID_ARGUMENT: avg_pool2d_gradient expects dy of shape [1,1,3,1], got [1,1,2,1]");
}

TEST(Rectifiers, FollowTheirFormulas) {
  const Tensor x = vector({-2., -0.5, 0., 3., 7.});
  expectTensor<double>(run("relu6", {x}), {5}, {0, 0, 0, 3, 6});
  expectTensor<std::int32_t>(run("relu6", {vector<std::int32_t>({-2, 3, 7})}), {3}, {0, 3, 6});
  expectNear<double>(run("elu", {x}), {5}, {-0.8646647167633873, -0.3934693402873666, 0, 3, 7},
                     1e-15);
  expectNear<double>(
      run("selu", {x}), {5},
      {-1.5201664685956948, -0.6917581878028713, 0, 3.1521029620664414, 7.354906911488363}, 1e-14);
  expectNear<double>(run("leaky_relu", {x}, {{"alpha", 0.2}}), {5}, {-0.4, -0.1, 0, 3, 7}, 1e-15);
}

Attributes pooledRows(Ints poolPaddings = {0, 0, 0, 0}) {
  Attributes all = windows("SAME");
  all.set("ksize", Ints{1, 2});
  all.set("pool_strides", Ints{1, 2});
  all.set("pool_paddings", poolPaddings);
  return all;
}

TEST(PooledConv2d, GivesTheGreatestAndItsPlace) {
  const Tensor x = image({1, 4}, {1, 2, 3, 4});
  const Tensor filter = Tensor::of(Shape{1, 2, 1, 1}, {1.f, 10.f});
  // 21, 32, 43 and 4
  std::vector<Tensor> results = runAll("pooled_conv2d", {x, filter}, pooledRows());
  expectTensor<float>(results[0], {1, 1, 2, 1}, {32, 43});
  expectTensor<std::uint8_t>(results[1], {1, 1, 2, 1}, {1, 0});
  // Padding in front: windows of (-, 21), (32, 43) and (4, -).
  results = runAll("pooled_conv2d", {x, filter}, pooledRows({0, 0, 1, 1}));
  expectTensor<float>(results[0], {1, 1, 3, 1}, {21, 43, 4});
  expectTensor<std::uint8_t>(results[1], {1, 1, 3, 1}, {1, 1, 0});
  // With a bias of -35 the first window has nothing above zero.
  Attributes relu = pooledRows();
  relu.set("activation", std::string("relu"));
  results = runAll("pooled_conv2d", {x, filter, vector({-35.f})}, relu);
  expectTensor<float>(results[0], {1, 1, 2, 1}, {0, 8});
  expectTensor<std::uint8_t>(results[1], {1, 1, 2, 1}, {255, 0});
}

TEST(PooledConv2d, HasGradientsAtThePlacesAlone) {
  const Tensor x = Tensor::of(Shape{2, 1, 4, 1}, {1.f, 2.f, 3.f, 4.f, 5.f, 6.f, 7.f, 8.f});
  const Tensor filter = Tensor::of(Shape{1, 2, 1, 1}, {1.f, 10.f});
  const Tensor places = Tensor::of<std::uint8_t>(Shape{2, 1, 2, 1}, {1, 0, 255, 1});
  const Tensor dy = Tensor::of(Shape{2, 1, 2, 1}, {1.f, 10.f, 100.f, 1000.f});
  // The result's gradient is 0, 1, 10, 0 and 0, 0, 0, 1000.
  expectTensor<float>(run("pooled_conv2d_backprop_input", {filter, places, dy},
                          with(pooledRows(), "input_sizes", {2, 1, 4, 1})),
                      {2, 1, 4, 1}, {0, 1, 20, 100, 0, 0, 0, 1000});
  Attributes byFilter = with(pooledRows(), "filter_sizes", {1, 2, 1, 1});
  byFilter.set("parts", std::int64_t{2});
  std::vector<Tensor> sums = runAll("pooled_conv2d_backprop_filter", {x, places, dy}, byFilter);
  expectTensor<float>(sums[0], {2, 1, 2, 1, 1}, {32, 43, 8000, 0});
  expectTensor<float>(sums[1], {2, 1}, {11, 1000});
  byFilter.set("parts", std::int64_t{1});
  sums = runAll("pooled_conv2d_backprop_filter", {x, places, dy}, byFilter);
  expectTensor<float>(sums[0], {1, 1, 2, 1, 1}, {8032, 43});
  expectTensor<float>(sums[1], {1, 1}, {1011});
}

} // namespace
} // namespace graphc::reference
