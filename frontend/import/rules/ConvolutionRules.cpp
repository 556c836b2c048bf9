// Convolutions and poolings, in both orders of the axes, and their gradients.
#include <fmt/format.h>

#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

using Extents = std::vector<std::int64_t>;

/// The attributes that say how windows slide, and the order of the image's axes.
class Windows {
public:
  explicit Windows(NodeContext &c) : c_(c), format_(c.word("data_format", "NHWC")) {
    if (format_ != "NHWC" && format_ != "NCHW")
      c.refuseUnknown("attribute 'data_format': expected NHWC or NCHW, got " + format_);
    addPair("strides", "strides", {});
    const std::string padding = c.word("padding");
    attributes_.set("padding", padding);
    if (padding != "EXPLICIT")
      return;
    const Extents given = c.integers("explicit_paddings");
    const std::size_t h = 2 * heightAxis();
    if (given.size() != 8)
      c.refuse(
          fmt::format("attribute 'explicit_paddings': expected 8 numbers, got {}", given.size()));
    for (std::size_t i = 0; i < 8; ++i)
      if ((i < h || i > h + 3) && given[i] != 0)
        c.refuse("attribute 'explicit_paddings': expected none along the batch and the channels");
    attributes_.set("explicit_paddings",
                    Extents(given.begin() + static_cast<std::ptrdiff_t>(h),
                            given.begin() + static_cast<std::ptrdiff_t>(h) + 4));
  }

  Windows &withDilations() {
    addPair("dilations", "dilations", Extents{1, 1, 1, 1});
    return *this;
  }
  Windows &withSizes() {
    addPair("ksize", "ksize", {});
    return *this;
  }
  Windows &withSizes(const Extents &ksize, const Extents &strides) {
    setPair("ksize", ksize);
    setPair("strides", strides);
    return *this;
  }
  void set(const std::string &name, AttributeValue value) {
    attributes_.set(name, std::move(value));
  }
  const Attributes &attributes() const { return attributes_; }

  bool channelsLast() const { return format_ == "NHWC"; }
  std::size_t heightAxis() const { return channelsLast() ? 1 : 2; }

  /// The image with its channels last.
  Output inward(const Output &image) const {
    return channelsLast() ? image
                          : c_.helper("transpose", {image}, {{"perm", Extents{0, 2, 3, 1}}});
  }
  /// Records the op on images with their channels last, and gives its result in the node's order.
  Output record(std::string_view op, const std::vector<Output> &operands) const {
    if (channelsLast())
      return c_.record(op, operands, attributes_);
    return c_.record("transpose", {c_.helper(op, operands, attributes_)},
                     {{"perm", Extents{0, 3, 1, 2}}});
  }
  /// The extents of an image with its channels last: an attribute, or one more operand.
  void addSizes(const char *attribute, int input, std::vector<Output> &operands) {
    const Dims sizes = c_.dims(input);
    const Extents order{0, 2, 3, 1};
    if (!sizes.is_output()) {
      Extents extents = sizes.extents();
      if (extents.size() != 4)
        c_.refuse(fmt::format("input {}: expected four extents, got {}", input, extents.size()));
      if (!channelsLast())
        extents = {extents[0], extents[2], extents[3], extents[1]};
      attributes_.set(attribute, extents);
      return;
    }
    operands.push_back(channelsLast()
                           ? sizes.output()
                           : c_.helper("gather", {sizes.output(), c_.vector(order, int32)},
                                       {{"axis", std::int64_t{0}}}));
  }

private:
  void addPair(const char *attribute, const char *name, std::optional<Extents> otherwise) {
    if (c_.has(attribute) || otherwise)
      setPair(name, c_.integers(attribute, otherwise));
  }
  void setPair(const char *name, const Extents &given) {
    if (given.size() != 4)
      c_.refuse(fmt::format("attribute '{}': expected 4 numbers, got {}", name, given.size()));
    const std::size_t h = heightAxis();
    for (std::size_t axis = 0; axis < 4; ++axis)
      if (axis != h && axis != h + 1 && given[axis] != 1)
        c_.refuseUnknown(fmt::format("attribute '{}': expected 1 along the batch and the channels, "
                                     "got [{}]",
                                     name, fmt::join(given, ", ")));
    attributes_.set(name, Extents{given[h], given[h + 1]});
  }

  NodeContext &c_;
  std::string format_;
  Attributes attributes_;
};

ImportRule convolution(const char *op) {
  return {2, 2, [op](NodeContext &c) {
            const Windows windows = Windows(c).withDilations();
            c.result(windows.record(op, {windows.inward(c.input(0)), c.input(1)}));
          }};
}

/// input_sizes, filter, dy
ImportRule inputGradient(const char *op) {
  return {3, 3, [op](NodeContext &c) {
            Windows windows = Windows(c).withDilations();
            std::vector<Output> operands{c.input(1), windows.inward(c.input(2))};
            windows.addSizes("input_sizes", 0, operands);
            c.result(windows.record(op, operands));
          }};
}

/// x, filter_sizes, dy; a filter has no order of axes to be changed.
ImportRule filterGradient(const char *op) {
  return {3, 3, [op](NodeContext &c) {
            Windows windows = Windows(c).withDilations();
            std::vector<Output> operands{windows.inward(c.input(0)), windows.inward(c.input(2))};
            const Dims sizes = c.dims(1);
            if (sizes.is_output())
              operands.push_back(sizes.output());
            else
              windows.set("filter_sizes", sizes.extents());
            c.result(c.record(op, operands, windows.attributes()));
          }};
}

ImportRule pooling(const char *op) {
  return {1, 1, [op](NodeContext &c) {
            const Windows windows = Windows(c).withSizes();
            c.result(windows.record(op, {windows.inward(c.input(0))}));
          }};
}

/// Sizes and strides are inputs.
void maxPoolV2(NodeContext &c) {
  Windows windows(c);
  windows.withSizes(c.knownIntegers(1, "ksize"), c.knownIntegers(2, "strides"));
  c.result(windows.record("max_pool2d", {windows.inward(c.input(0))}));
}

void maxPoolGradient(NodeContext &c) {
  const Windows windows = Windows(c).withSizes();
  c.result(
      windows.record("max_pool2d_gradient", {windows.inward(c.input(0)), windows.inward(c.input(1)),
                                             windows.inward(c.input(2))}));
}

void avgPoolGradient(NodeContext &c) {
  Windows windows = Windows(c).withSizes();
  std::vector<Output> operands{windows.inward(c.input(1))};
  windows.addSizes("input_sizes", 0, operands);
  c.result(windows.record("avg_pool2d_gradient", operands));
}

} // namespace

void addConvolutionRules(ImportRules &rules) {
  rules["Conv2D"] = convolution("conv2d");
  rules["DepthwiseConv2dNative"] = convolution("depthwise_conv2d");
  rules["Conv2DBackpropInput"] = inputGradient("conv2d_backprop_input");
  rules["DepthwiseConv2dNativeBackpropInput"] = inputGradient("depthwise_conv2d_backprop_input");
  rules["Conv2DBackpropFilter"] = filterGradient("conv2d_backprop_filter");
  rules["DepthwiseConv2dNativeBackpropFilter"] = filterGradient("depthwise_conv2d_backprop_filter");
  rules["MaxPool"] = pooling("max_pool2d");
  rules["MaxPoolV2"] = {3, 3, maxPoolV2};
  rules["AvgPool"] = pooling("avg_pool2d");
  rules["MaxPoolGrad"] = {3, 3, maxPoolGradient};
  rules["AvgPoolGrad"] = {2, 2, avgPoolGradient};
}

} // namespace graphc::importing
