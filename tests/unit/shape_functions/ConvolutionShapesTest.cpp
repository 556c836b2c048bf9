#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

static Attributes windows(const char *padding, ints strides = {1, 1}, ints dilations = {1, 1}) {
  return {{"padding", std::string(padding)}, {"strides", strides}, {"dilations", dilations}};
}

static Attributes with(Attributes attributes, const char *name, ints values) {
  attributes.set(name, values);
  return attributes;
}

static Attributes pooling(const char *padding, ints ksize, ints strides) {
  return {{"padding", std::string(padding)}, {"ksize", ksize}, {"strides", strides}};
}

const std::vector<ShapeCase> convolutions{
    {"conv2d", "float32[8,1,128,9] float32[1,2,9,18]", windows("SAME"), "float32[8,1,128,18]"},
    {"conv2d", "float32[?,10,7,3] float32[3,2,3,4]", windows("VALID", {2, 3}), "float32[?,4,2,4]"},
    {"conv2d", "float32[?,10,7,3] float32[3,2,3,4]", windows("SAME", {3, 2}), "float32[?,4,4,4]"},
    {"conv2d", "float32[?,10,7,3] float32[3,2,3,4]", windows("VALID", {1, 1}, {2, 3}),
     "float32[?,6,4,4]"},
    {"conv2d", "float32[?,10,7,3] float32[3,2,3,4]",
     with(windows("EXPLICIT", {2, 2}), "explicit_paddings", {1, 0, 0, 2}), "float32[?,5,4,4]"},
    // What is not known stays unknown, and no more.
    {"conv2d", "float32[?,?,7,?] float32[3,2,3,?]", windows("VALID"), "float32[?,?,6,?]"},
    {"conv2d", "float32<unknown> float32[3,2,3,4]", windows("SAME"), "float32[?,?,?,4]"},
    {"conv2d", "float32[2,5,5,1] float32<unknown>", windows("SAME"), "float32[2,5,5,?]"},
    {"conv2d", "float32[2,2,1,1] float32[3,1,1,1]", windows("VALID", {3, 1}), "float32[2,0,1,1]"},
    {"conv2d", "int32[2,5,5,1] int32[3,3,1,4]", windows("SAME"),
     "conv2d expects input to be float32 or float64, got int32[2,5,5,1]"},
    {"conv2d", "float32[2,5,5] float32[3,3,1,4]", windows("SAME"),
     "conv2d expects input to have rank 4, got float32[2,5,5]"},
    {"conv2d", "float32[2,5,5,1] float32[3,1,4]", windows("SAME"),
     "conv2d expects filter to have rank 4, got float32[3,1,4]"},
    {"conv2d", "float32[2,5,5,2] float32[3,3,1,4]", windows("SAME"),
     "conv2d expects a filter for as many channels as the input has, got float32[2,5,5,2] and "
     "float32[3,3,1,4]"},
    {"conv2d", "float32[2,5,5,1] float32[0,3,1,4]", windows("SAME"),
     "conv2d expects a filter without extents of 0, got float32[2,5,5,1] and float32[0,3,1,4]"},
    {"conv2d", "float32[2,2,5,1] float32[4,3,1,4]", windows("VALID"),
     "conv2d expects windows that fit into the padded input, got windows over 4 elements in 2"},
    {"conv2d", "float32[2,5,5,1] float32[3,3,1,4]", windows("SAME", {1, 0}),
     "conv2d expects strides to be 2 integers of 1 or more, got [1,0]"},
    {"conv2d", "float32[2,5,5,1] float32[3,3,1,4]", windows("SAME", {1, 1}, {1}),
     "conv2d expects dilations to be 2 integers of 1 or more, got [1]"},
    {"conv2d", "float32[2,5,5,1] float32[3,3,1,4]", windows("FULL"),
     "conv2d expects padding to be SAME, VALID or EXPLICIT, got FULL"},
    {"conv2d", "float32[2,5,5,1] float32[3,3,1,4]", windows("EXPLICIT"),
     "conv2d expects explicit_paddings with padding EXPLICIT and not else, got EXPLICIT"},
    {"conv2d", "float32[2,5,5,1] float32[3,3,1,4]",
     with(windows("EXPLICIT"), "explicit_paddings", {1, 1, -1, 1}),
     "conv2d expects explicit_paddings to be 4 integers of 0 or more, got [1,1,-1,1]"},
    {"depthwise_conv2d", "float32[?,10,7,3] float32[3,2,3,4]", windows("SAME"),
     "float32[?,10,7,12]"},
    {"depthwise_conv2d", "float32[?,10,7,?] float32[3,2,3,4]", windows("SAME"),
     "float32[?,10,7,12]"},
    {"fused_conv2d", "float32[?,10,7,3] float32[3,2,3,4] float32[4]", windows("SAME"),
     "float32[?,10,7,4]"},
    {"fused_conv2d", "float32[?,10,7,3] float32[3,2,3,4] float32[5]", windows("SAME"),
     "fused_conv2d expects bias to have 4 elements, got float32[5]"},
};
INSTANTIATE_TEST_SUITE_P(Convolutions, ShapeFunction, testing::ValuesIn(convolutions));

const std::vector<ShapeCase> convolutionGradients{
    {"conv2d_backprop_input", "float32[3,2,3,4] float32[8,4,4,4]",
     with(windows("SAME", {3, 2}), "input_sizes", {8, 10, 7, 3}), "float32[8,10,7,3]"},
    {"conv2d_backprop_input", "float32[3,2,3,4] float32[?,4,4,4] int32[4]", windows("SAME", {3, 2}),
     "float32[?,?,?,?]"},
    {"conv2d_backprop_input",
     "float32[3,2,3,4] float32[?,4,4,4] int32[4]",
     windows("SAME", {3, 2}),
     "float32[8,10,7,3]",
     {{}, {}, Tensor::of<std::int32_t>({4}, {8, 10, 7, 3})}},
    {"conv2d_backprop_input", "float32[3,2,3,4] float32[8,5,4,4]",
     with(windows("SAME", {3, 2}), "input_sizes", {8, 10, 7, 3}),
     "conv2d_backprop_input expects dy of shape [8,4,4,4], got float32[8,5,4,4]"},
    {"conv2d_backprop_input", "float32[3,2,3,4] float32[8,4,4,4]",
     with(windows("SAME", {3, 2}), "input_sizes", {8, 10, 7}),
     "conv2d_backprop_input expects input_sizes to have 4 elements, got [8,10,7]"},
    {"conv2d_backprop_filter", "float32[8,10,7,3] float32[8,4,4,4]",
     with(windows("SAME", {3, 2}), "filter_sizes", {3, 2, 3, 4}), "float32[3,2,3,4]"},
    {"conv2d_backprop_filter", "float32[8,10,7,3] float64[8,4,4,4]",
     with(windows("SAME", {3, 2}), "filter_sizes", {3, 2, 3, 4}),
     "conv2d_backprop_filter expects operands of one dtype, got float32[8,10,7,3] and "
     "float64[8,4,4,4]"},
    {"depthwise_conv2d_backprop_input", "float32[3,2,3,4] float32[8,4,4,12]",
     with(windows("SAME", {3, 2}), "input_sizes", {8, 10, 7, 3}), "float32[8,10,7,3]"},
    {"depthwise_conv2d_backprop_filter", "float32[8,10,7,3] float32[8,4,4,12]",
     with(windows("SAME", {3, 2}), "filter_sizes", {3, 2, 3, 4}), "float32[3,2,3,4]"},
};
INSTANTIATE_TEST_SUITE_P(ConvolutionGradients, ShapeFunction,
                         testing::ValuesIn(convolutionGradients));

const std::vector<ShapeCase> poolings{
    {"max_pool2d", "float32[?,1,128,18]", pooling("SAME", {1, 4}, {1, 4}), "float32[?,1,32,18]"},
    {"max_pool2d", "int32[?,5,5,2]", pooling("VALID", {2, 2}, {2, 2}), "int32[?,2,2,2]"},
    {"avg_pool2d", "float32[?,?,5,2]", pooling("SAME", {3, 3}, {2, 2}), "float32[?,?,3,2]"},
    {"avg_pool2d", "float32<unknown>", pooling("SAME", {3, 3}, {2, 2}), "float32[?,?,?,?]"},
    {"avg_pool2d", "int32[?,5,5,2]", pooling("SAME", {3, 3}, {2, 2}),
     "avg_pool2d expects input to be float32 or float64, got int32[?,5,5,2]"},
    {"max_pool2d", "float32[2,5,5]", pooling("SAME", {3, 3}, {2, 2}),
     "max_pool2d expects input to have rank 4, got float32[2,5,5]"},
    {"max_pool2d", "float32[2,5,5,1]", pooling("SAME", {3, 0}, {2, 2}),
     "max_pool2d expects ksize to be 2 integers of 1 or more, got [3,0]"},
    {"max_pool2d", "float32[2,5,5,1]",
     with(pooling("EXPLICIT", {2, 2}, {2, 2}), "explicit_paddings", {2, 0, 0, 0}),
     "max_pool2d expects less padding than the window has elements, got 2 and 0 for 2"},
    {"max_pool2d_gradient", "float32[?,1,128,18] float32[?,1,32,18] float32[?,1,32,18]",
     pooling("SAME", {1, 4}, {1, 4}), "float32[?,1,128,18]"},
    {"max_pool2d_gradient", "float32[?,1,128,18] float32[?,1,32,18] float32[?,1,31,18]",
     pooling("SAME", {1, 4}, {1, 4}),
     "max_pool2d_gradient expects dy of shape [?,1,32,18], got float32[?,1,31,18]"},
    {"max_pool2d_gradient", "float32[?,1,128,18] float32[?,1,3,18] float32[?,1,32,18]",
     pooling("SAME", {1, 4}, {1, 4}),
     "max_pool2d_gradient expects y of shape [?,1,32,18], got float32[?,1,3,18]"},
    {"max_pool2d_gradient_gradient", "float32[?,1,128,18] float32[?,1,32,18] float32[?,1,128,18]",
     pooling("SAME", {1, 4}, {1, 4}), "float32[?,1,32,18]"},
    {"max_pool2d_gradient_gradient", "float32[?,1,128,18] float32[?,1,32,18] float32[?,1,32,18]",
     pooling("SAME", {1, 4}, {1, 4}),
     "max_pool2d_gradient_gradient expects g of shape [?,1,128,18], got float32[?,1,32,18]"},
    {"avg_pool2d_gradient", "float32[8,1,32,18]",
     with(pooling("SAME", {1, 4}, {1, 4}), "input_sizes", {8, 1, 128, 18}), "float32[8,1,128,18]"},
    {"avg_pool2d_gradient", "float32[8,1,32,18] int32[4]", pooling("SAME", {1, 4}, {1, 4}),
     "float32[?,?,?,?]"},
};
INSTANTIATE_TEST_SUITE_P(Poolings, ShapeFunction, testing::ValuesIn(poolings));

const std::vector<ShapeCase> rectifiers{
    {"relu6", "int32[3]", {}, "int32[3]"},
    {"elu", "float32[?,3]", {}, "float32[?,3]"},
    {"selu", "float64<unknown>", {}, "float64<unknown>"},
    {"leaky_relu", "float32[3]", {{"alpha", 0.2}}, "float32[3]"},
    {"elu", "int32[3]", {}, "elu expects x to be float32 or float64, got int32[3]"},
};
INSTANTIATE_TEST_SUITE_P(Rectifiers, ShapeFunction, testing::ValuesIn(rectifiers));

static Attributes pooled(ints ksize, ints strides, ints paddings = {0, 0, 0, 0},
                         Attributes attributes = windows("SAME")) {
  attributes.set("ksize", ksize);
  attributes.set("pool_strides", strides);
  attributes.set("pool_paddings", paddings);
  return attributes;
}

static Attributes inParts(std::int64_t parts, Attributes attributes) {
  attributes.set("parts", parts);
  return attributes;
}

const std::vector<ShapeCase> pooledConvolutions{
    {"pooled_conv2d", "float32[?,1,128,9] float32[1,2,9,18] float32[18]", pooled({1, 4}, {1, 4}),
     "float32[?,1,32,18] uint8[?,1,32,18]"},
    {"pooled_conv2d", "float64[8,10,7,3] float64[3,2,3,4]", pooled({2, 3}, {3, 3}, {1, 0, 1, 1}),
     "float64[8,4,3,4] uint8[8,4,3,4]"},
    {"pooled_conv2d", "float32<unknown> float32[3,2,3,4]", pooled({2, 3}, {2, 3}),
     "float32[?,?,?,4] uint8[?,?,?,4]"},
    {"pooled_conv2d", "float32[8,10,7,3] float32[3,2,3,4]", pooled({2, 3}, {2, 2}),
     "pooled_conv2d expects pool_strides of ksize or more, got [2,2] for [2,3]"},
    {"pooled_conv2d", "float32[8,20,20,3] float32[3,2,3,4]", pooled({16, 16}, {16, 16}),
     "pooled_conv2d expects windows of 255 elements at most, got 256"},
    {"pooled_conv2d", "float32[8,10,7,3] float32[3,2,3,4]", pooled({2, 2}, {2, 2}, {0, 0, 2, 0}),
     "pooled_conv2d expects less padding than the window has elements, got 2 and 0 for 2"},
    {"pooled_conv2d", "float32[8,10,1,3] float32[3,2,3,4]", pooled({2, 3}, {2, 3}),
     "float32[8,5,0,4] uint8[8,5,0,4]"},
    {"pooled_conv2d", "float32[8,10,7,3] float32[3,2,3,4]",
     [] {
       Attributes attributes = pooled({2, 2}, {2, 2});
       attributes.set("activation", std::string("tanh"));
       return attributes;
     }(),
     "pooled_conv2d expects activation to be none or relu, got tanh"},
    {"pooled_conv2d_backprop_input", "float32[1,2,9,18] uint8[8,1,32,18] float32[8,1,32,18]",
     with(pooled({1, 4}, {1, 4}), "input_sizes", {8, 1, 128, 9}), "float32[8,1,128,9]"},
    {"pooled_conv2d_backprop_input", "float32[1,2,9,18] uint8[8,1,31,18] float32[8,1,32,18]",
     with(pooled({1, 4}, {1, 4}), "input_sizes", {8, 1, 128, 9}),
     "pooled_conv2d_backprop_input expects places of shape [8,1,32,18], got uint8[8,1,31,18]"},
    {"pooled_conv2d_backprop_input", "float32[1,2,9,18] int32[8,1,32,18] float32[8,1,32,18]",
     with(pooled({1, 4}, {1, 4}), "input_sizes", {8, 1, 128, 9}),
     "pooled_conv2d_backprop_input expects places to be uint8, got int32[8,1,32,18]"},
    {"pooled_conv2d_backprop_filter", "float32[8,1,128,9] uint8[8,1,32,18] float32[8,1,32,18]",
     inParts(4, with(pooled({1, 4}, {1, 4}), "filter_sizes", {1, 2, 9, 18})),
     "float32[4,1,2,9,18] float32[4,18]"},
    {"pooled_conv2d_backprop_filter", "float32[8,1,128,9] uint8[8,1,32,18] float32[8,1,30,18]",
     inParts(4, with(pooled({1, 4}, {1, 4}), "filter_sizes", {1, 2, 9, 18})),
     "pooled_conv2d_backprop_filter expects dy of shape [8,1,32,18], got float32[8,1,30,18]"},
    {"pooled_conv2d_backprop_filter", "float32[8,1,128,9] uint8[8,1,32,18] float32[8,1,32,18]",
     inParts(0, with(pooled({1, 4}, {1, 4}), "filter_sizes", {1, 2, 9, 18})),
     "pooled_conv2d_backprop_filter expects parts to be 1 or more, got 0"},
};
INSTANTIATE_TEST_SUITE_P(PooledConvolutions, ShapeFunction, testing::ValuesIn(pooledConvolutions));

} // namespace graphc
