// Gradients of convolutions and poolings. A convolution is linear in its input and in its filter:
// the gradients of its gradients are convolutions and gradients of convolutions again.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

using Context = GradientContext;

/// The op's attributes that say how its windows slide.
Attributes windows(Context &c) {
  Attributes attributes;
  for (StringRef name : {"strides", "dilations", "ksize", "explicit_paddings"})
    if (c.op()->hasAttr(name))
      attributes.set(name.str(), c.integers(name));
  attributes.set("padding", c.op()->getAttrOfType<StringAttr>("padding").str());
  return attributes;
}

/// Makes the ops of one kind of convolution with the windows of the op at hand.
class Convolution {
public:
  Convolution(Context &c, StringRef kind) : c_(c), kind_(kind.str()), attributes_(windows(c)) {}

  Value forward(Value x, Value filter) {
    return c_.graph().create(kind_, {x, filter}, attributes_);
  }
  Value inputGradient(Value filter, Value dy, Value x) {
    Attributes attributes = attributes_;
    attributes.set("input_sizes", shapeOf(x));
    return c_.graph().create(kind_ + "_backprop_input", {filter, dy}, attributes);
  }
  Value filterGradient(Value x, Value dy, Value filter) {
    Attributes attributes = attributes_;
    attributes.set("filter_sizes", shapeOf(filter));
    return c_.graph().create(kind_ + "_backprop_filter", {x, dy}, attributes);
  }

private:
  Context &c_;
  std::string kind_;
  Attributes attributes_;
};

void convolution(Context &c, StringRef kind) {
  Convolution conv(c, kind);
  Value x = c.operand(0), filter = c.operand(1);
  if (c.wants(0))
    c.set(0, conv.inputGradient(filter, c.gradient(), x));
  if (c.wants(1))
    c.set(1, conv.filterGradient(x, c.gradient(), filter));
}

void inputGradient(Context &c, StringRef kind) {
  Convolution conv(c, kind);
  Value filter = c.operand(0), dy = c.operand(1);
  if (c.wants(0))
    c.set(0, conv.filterGradient(c.gradient(), dy, filter));
  if (c.wants(1))
    c.set(1, conv.forward(c.gradient(), filter));
}

void filterGradient(Context &c, StringRef kind) {
  Convolution conv(c, kind);
  Value x = c.operand(0), dy = c.operand(1);
  if (c.wants(0))
    c.set(0, conv.inputGradient(c.gradient(), dy, x));
  if (c.wants(1))
    c.set(1, conv.forward(x, c.gradient()));
}

void conv2d(Context &c) { convolution(c, "conv2d"); }
void conv2dInput(Context &c) { inputGradient(c, "conv2d"); }
void conv2dFilter(Context &c) { filterGradient(c, "conv2d"); }
void depthwise(Context &c) { convolution(c, "depthwise_conv2d"); }
void depthwiseInput(Context &c) { inputGradient(c, "depthwise_conv2d"); }
void depthwiseFilter(Context &c) { filterGradient(c, "depthwise_conv2d"); }

void maxPool(Context &c) {
  c.set(0, c.graph().create("max_pool2d_gradient", {c.operand(0), c.result(), c.gradient()},
                            windows(c)));
}
void maxPoolGradient(Context &c) {
  c.set(2, c.graph().create("max_pool2d_gradient_gradient",
                            {c.operand(0), c.operand(1), c.gradient()}, windows(c)));
}
void maxPoolGradientGradient(Context &c) {
  c.set(2, c.graph().create("max_pool2d_gradient", {c.operand(0), c.operand(1), c.gradient()},
                            windows(c)));
}

void avgPool(Context &c) {
  Attributes attributes = windows(c);
  attributes.set("input_sizes", shapeOf(c.operand(0)));
  c.set(0, c.graph().create("avg_pool2d_gradient", {c.gradient()}, attributes));
}
void avgPoolGradient(Context &c) {
  c.set(0, c.graph().create("avg_pool2d", {c.gradient()}, windows(c)));
}

} // namespace

void addConvolutionRules(GradientRules &rules) {
  rules.add("conv2d", conv2d);
  rules.add("conv2d_backprop_input", conv2dInput);
  rules.add("conv2d_backprop_filter", conv2dFilter);
  rules.add("depthwise_conv2d", depthwise);
  rules.add("depthwise_conv2d_backprop_input", depthwiseInput);
  rules.add("depthwise_conv2d_backprop_filter", depthwiseFilter);
  rules.add("max_pool2d", maxPool);
  rules.add("max_pool2d_gradient", maxPoolGradient);
  rules.add("max_pool2d_gradient_gradient", maxPoolGradientGradient);
  rules.add("avg_pool2d", avgPool);
  rules.add("avg_pool2d_gradient", avgPoolGradient);
}

} // namespace graphc
