// Convolutions and poolings against the reference implementation.
#include "runtime/Windows.h"
#include "tests/unit/runtime/PrimitiveTesting.h"

namespace graphc {
namespace {

using Ints = std::vector<std::int64_t>;

struct WindowCase {
  const char *padding;
  Ints strides = {1, 1};
  Ints dilations = {1, 1};
  Ints explicit_paddings = {};
};

void PrintTo(const WindowCase &c, std::ostream *stream) {
  *stream << c.padding << " strides " << c.strides[0] << "," << c.strides[1] << " dilations "
          << c.dilations[0] << "," << c.dilations[1];
}

Attributes graphAttributes(const WindowCase &c) {
  Attributes attributes{{"padding", std::string(c.padding)}, {"strides", c.strides}};
  if (!c.explicit_paddings.empty())
    attributes.set("explicit_paddings", c.explicit_paddings);
  return attributes;
}

Attributes primitiveAttributes(Attributes attributes, const Shape &x,
                               std::array<std::int64_t, 2> sizes) {
  const WindowAxes axes = windowAxes(attributes, {x[1], x[2]}, sizes);
  Attributes parameters;
  for (const char *name : {"strides", "dilations", "ksize"})
    if (attributes.has(name))
      parameters.set(name, attributes.get_ints(name));
  parameters.set("padding_before", Ints{axes[0].before, axes[1].before});
  parameters.set("padding_after", Ints{axes[0].after, axes[1].after});
  return parameters;
}

void expectPrimitive(const std::string &kind, const Attributes &attributes,
                     const std::vector<Tensor> &inputs, const Tensor &wanted) {
  std::vector<PrimitiveOperand> operands;
  for (const Tensor &input : inputs)
    operands.push_back(operandOf(input));
  std::vector<Tensor> got = {Tensor(float32, wanted.shape())};
  const auto primitive = createDnnlPrimitive({kind, operands, {operandOf(got[0])}, attributes, 2});
  EXPECT_FALSE(primitive->implementation().starts_with("ref"))
      << kind << ": " << primitive->implementation();
  runPrimitive(*primitive, inputs, got, 2);
  expectClose(got[0], wanted, 1e-5, kind.c_str());
}

class Convolutions : public testing::TestWithParam<WindowCase> {};

TEST_P(Convolutions, AgreeWithTheReference) {
  const Tensor x = randomTensor({3, 7, 9, 8}, 1);
  const Tensor filter = randomTensor({3, 2, 8, 16}, 2);
  Attributes attributes = graphAttributes(GetParam());
  attributes.set("dilations", GetParam().dilations);
  Attributes parameters = primitiveAttributes(attributes, x.shape(), {3, 2});
  parameters.set("depthwise", false);
  Attributes forward = parameters;
  forward.set("activation", std::string("none"));
  const Tensor y = evaluated("conv2d", {x, filter}, attributes)[0];
  expectPrimitive("convolution", forward, {x, filter}, y);

  const Tensor dy = randomTensor(y.shape(), 3);
  Attributes toInput = attributes;
  toInput.set("input_sizes", x.shape().extents());
  expectPrimitive("convolution_gradient_input", parameters, {filter, dy},
                  evaluated("conv2d_backprop_input", {filter, dy}, toInput)[0]);
  Attributes toFilter = attributes;
  toFilter.set("filter_sizes", filter.shape().extents());
  expectPrimitive("convolution_gradient_filter", parameters, {x, dy},
                  evaluated("conv2d_backprop_filter", {x, dy}, toFilter)[0]);
}

TEST_P(Convolutions, OfSingleChannelsAgreeWithTheReference) {
  const Tensor x = randomTensor({3, 7, 9, 8}, 1);
  for (const std::int64_t multiplier : {1, 2}) {
    const Tensor filter = randomTensor({3, 2, 8, multiplier}, 2);
    Attributes attributes = graphAttributes(GetParam());
    attributes.set("dilations", GetParam().dilations);
    Attributes parameters = primitiveAttributes(attributes, x.shape(), {3, 2});
    parameters.set("depthwise", true);
    Attributes forward = parameters;
    forward.set("activation", std::string("none"));
    const Tensor y = evaluated("depthwise_conv2d", {x, filter}, attributes)[0];
    expectPrimitive("convolution", forward, {x, filter}, y);
    const Tensor dy = randomTensor(y.shape(), 3);
    Attributes toInput = attributes;
    toInput.set("input_sizes", x.shape().extents());
    expectPrimitive("convolution_gradient_input", parameters, {filter, dy},
                    evaluated("depthwise_conv2d_backprop_input", {filter, dy}, toInput)[0]);
    Attributes toFilter = attributes;
    toFilter.set("filter_sizes", filter.shape().extents());
    expectPrimitive("convolution_gradient_filter", parameters, {x, dy},
                    evaluated("depthwise_conv2d_backprop_filter", {x, dy}, toFilter)[0]);
  }
}

TEST(Convolution, AddsABiasAndAppliesTheActivation) {
  const Tensor x = randomTensor({3, 1, 9, 18}, 1);
  const Tensor filter = randomTensor({1, 2, 18, 36}, 2);
  const Tensor bias = randomTensor({36}, 3);
  for (const char *activation : {"none", "relu", "tanh", "sigmoid"}) {
    Attributes attributes = graphAttributes({"SAME"});
    attributes.set("dilations", Ints{1, 1});
    Attributes parameters = primitiveAttributes(attributes, x.shape(), {1, 2});
    attributes.set("activation", std::string(activation));
    parameters.set("activation", std::string(activation));
    parameters.set("depthwise", false);
    expectPrimitive("convolution", parameters, {x, filter, bias},
                    evaluated("fused_conv2d", {x, filter, bias}, attributes)[0]);
  }
}

TEST(Convolution, TakesAFilterThatIsPackedAlready) {
  const Tensor x = randomTensor({3, 1, 9, 16}, 1);
  const Tensor filter = randomTensor({1, 2, 16, 32}, 2);
  Attributes attributes = graphAttributes({"SAME"});
  attributes.set("dilations", Ints{1, 1});
  Attributes parameters = primitiveAttributes(attributes, x.shape(), {1, 2});
  parameters.set("activation", std::string("none"));
  parameters.set("depthwise", false);
  Attributes pack = parameters;
  pack.set("x_extents", x.shape().extents());
  pack.set("y_extents", Ints{3, 1, 9, 32});
  pack.set("bias", false);
  const auto packing =
      createDnnlPrimitive({"convolution_pack", {operandOf(filter)}, {{uint8, {0}, {}}}, pack, 1});
  std::vector<Tensor> packed = {Tensor(uint8, {static_cast<std::int64_t>(packing->opaqueBytes())})};
  runPrimitive(*packing, {filter}, packed);
  parameters.set("filter_extents", filter.shape().extents());
  expectPrimitive("convolution", parameters, {x, packed[0]},
                  evaluated("conv2d", {x, filter}, attributes)[0]);
}

// Rows of all images are taken together there, as long as they are apart.
TEST(Convolution, HasAFilterGradientRowByRow) {
  for (const std::int64_t height : {1, 3})
    for (const std::int64_t stride : {1, 2}) {
      const Tensor x = randomTensor({5, height, 9, 18}, 1);
      const Tensor dy = randomTensor({5, (height + stride - 1) / stride, 9, 36}, 2);
      Attributes attributes = graphAttributes({"SAME", {stride, 1}});
      attributes.set("dilations", Ints{1, 1});
      Attributes parameters = primitiveAttributes(attributes, x.shape(), {1, 2});
      parameters.set("depthwise", false);
      attributes.set("filter_sizes", Ints{1, 2, 18, 36});
      expectPrimitive("convolution_gradient_filter", parameters, {x, dy},
                      evaluated("conv2d_backprop_filter", {x, dy}, attributes)[0]);
    }
}

class Poolings : public testing::TestWithParam<WindowCase> {};

TEST_P(Poolings, AgreeWithTheReference) {
  for (const std::int64_t channels : {16, 18}) {
    // Whole numbers: many elements of a window are equal.
    Tensor x = randomTensor({3, 7, 9, channels}, 1, -4, 4);
    for (std::int64_t i = 0; i < x.num_elements(); ++i)
      x.data<float>()[i] = std::round(x.data<float>()[i]);
    Attributes attributes = graphAttributes(GetParam());
    attributes.set("ksize", Ints{3, 2});
    const Attributes parameters = primitiveAttributes(attributes, x.shape(), {3, 2});
    const Tensor y = evaluated("max_pool2d", {x}, attributes)[0];
    expectPrimitive("max_pooling", parameters, {x}, y);
    expectPrimitive("avg_pooling", parameters, {x}, evaluated("avg_pool2d", {x}, attributes)[0]);

    const Tensor dy = randomTensor(y.shape(), 3);
    expectPrimitive("max_pooling_gradient", parameters, {x, dy},
                    evaluated("max_pool2d_gradient", {x, y, dy}, attributes)[0]);
    attributes.set("input_sizes", x.shape().extents());
    expectPrimitive("avg_pooling_gradient", parameters, {dy},
                    evaluated("avg_pool2d_gradient", {dy}, attributes)[0]);
  }
}

const WindowCase kCases[] = {{"SAME"},
                             {"VALID"},
                             {"SAME", {2, 3}},
                             {"VALID", {3, 2}},
                             {"EXPLICIT", {2, 1}, {1, 1}, {0, 2, 1, 0}}};
const WindowCase kDilated[] = {{"VALID", {1, 1}, {2, 3}}, {"SAME", {1, 1}, {2, 2}}};
INSTANTIATE_TEST_SUITE_P(Windows, Convolutions, testing::ValuesIn(kCases));
INSTANTIATE_TEST_SUITE_P(Dilated, Convolutions, testing::ValuesIn(kDilated));
INSTANTIATE_TEST_SUITE_P(Windows, Poolings, testing::ValuesIn(kCases));

} // namespace
} // namespace graphc
