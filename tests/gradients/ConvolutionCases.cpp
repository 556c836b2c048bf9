#include "GradientCase.h"

namespace graphc::test {

namespace {

using Ints = std::vector<std::int64_t>;

Attributes windows(const char *padding, Ints strides, Ints dilations = {1, 1}) {
  Attributes attributes{
      {"padding", std::string(padding)}, {"strides", strides}, {"dilations", dilations}};
  if (std::string(padding) == "EXPLICIT")
    attributes.set("explicit_paddings", Ints{0, 2, 1, 0});
  return attributes;
}

Attributes pooling(const char *padding, Ints ksize, Ints strides) {
  return {{"padding", std::string(padding)}, {"ksize", ksize}, {"strides", strides}};
}

/// Elements far enough from each other that a small step does not change which is the greatest.
Tensor distinct(const Shape &shape) {
  Tensor tensor(float64, shape);
  const std::int64_t count = shape.num_elements();
  for (std::int64_t i = 0; i < count; ++i)
    tensor.data<double>()[i] = static_cast<double>(i * 37 % 101) / 50 - 1;
  return tensor;
}

} // namespace

std::vector<Case> convolutionCases() {
  std::vector<Case> cases;
  const Input image{{2, 5, 4, 2}};
  for (const char *op : {"conv2d", "depthwise_conv2d"}) {
    const Input filter{{3, 2, 2, 3}};
    cases.push_back(opCase("same", op, {image, filter}, windows("SAME", {1, 1})));
    cases.push_back(opCase("same_strides", op, {image, filter}, windows("SAME", {2, 3})));
    cases.push_back(opCase("valid", op, {image, filter}, windows("VALID", {2, 1})));
    cases.push_back(opCase("dilated", op, {image, filter}, windows("VALID", {1, 1}, {2, 3})));
    cases.push_back(opCase("explicit", op, {image, filter}, windows("EXPLICIT", {2, 2})));
  }
  for (const char *kind : {"conv2d", "depthwise_conv2d"}) {
    const std::string op = kind;
    const std::int64_t outputs = op == "conv2d" ? 3 : 6;
    Attributes toInput = windows("SAME", {2, 1});
    toInput.set("input_sizes", Ints{2, 5, 4, 2});
    cases.push_back(opCase("by_filter_and_dy", op + "_backprop_input",
                           {{{3, 2, 2, 3}}, {{2, 3, 4, outputs}}}, toInput));
    Attributes toFilter = windows("VALID", {1, 1}, {1, 2});
    toFilter.set("filter_sizes", Ints{3, 2, 2, 3});
    cases.push_back(opCase("by_input_and_dy", op + "_backprop_filter",
                           {image, {{2, 3, 2, outputs}}}, toFilter));
  }

  const Shape shape{1, 5, 4, 2};
  const Input x{shape, 0, 0, distinct(shape)};
  for (const char *op : {"max_pool2d", "avg_pool2d"}) {
    cases.push_back(opCase("valid", op, {x}, pooling("VALID", {2, 2}, {2, 2})));
    cases.push_back(opCase("overlapping", op, {x}, pooling("SAME", {3, 2}, {2, 1})));
    cases.push_back(opCase("gaps", op, {x}, pooling("SAME", {1, 2}, {2, 3})));
  }
  // As TensorFlow, by dy alone.
  const Input fixed{shape, 0, 0, distinct(shape), false};
  const Input y{{1, 3, 4, 2}, 0, 0, drawn({1, 3, 4, 2}, -1, 1, 3), false};
  const Attributes overlapping = pooling("SAME", {3, 2}, {2, 1});
  cases.push_back(opCase("by_dy", "max_pool2d_gradient", {fixed, y, {{1, 3, 4, 2}}}, overlapping));
  cases.push_back(opCase("by_g", "max_pool2d_gradient_gradient", {fixed, y, {shape}}, overlapping));
  Attributes average = overlapping;
  average.set("input_sizes", Ints{1, 5, 4, 2});
  cases.push_back(opCase("by_dy", "avg_pool2d_gradient", {{{1, 3, 4, 2}}}, average));
  return cases;
}

} // namespace graphc::test
