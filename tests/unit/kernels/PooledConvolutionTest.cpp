// Convolutions that pool their results, and their gradients, against the reference: every way in
// which windows can lie in images, and what does not fill vectors.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "runtime/Windows.h"
#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

using Ints = std::vector<std::int64_t>;

struct Case {
  const char *name;
  Shape x, filter;
  Ints ksize, poolStrides;
  Ints poolPaddings{0, 0, 0, 0};
  const char *padding = "SAME";
  Ints strides{1, 1}, dilations{1, 1}, paddings{};

  Attributes attributes() const {
    Attributes all{{"padding", std::string(padding)}, {"strides", strides},
                   {"dilations", dilations},          {"ksize", ksize},
                   {"pool_strides", poolStrides},     {"pool_paddings", poolPaddings}};
    if (!paddings.empty())
      all.set("explicit_paddings", paddings);
    return all;
  }

  /// Of the pooled result.
  Shape result() const {
    const Attributes all = attributes();
    const WindowAxes z = windowAxes(all, {x[1], x[2]}, {filter[0], filter[1]});
    const WindowAxes y =
        windowAxes(poolingOf(all), {z[0].output, z[1].output}, {ksize[0], ksize[1]});
    return {x[0], y[0].output, y[1].output, filter[3]};
  }
};

const std::vector<Case> kCases{
    {"one row", {5, 1, 128, 9}, {1, 2, 9, 18}, {1, 4}, {1, 4}},
    {"whole vectors", {3, 1, 32, 16}, {1, 2, 16, 32}, {1, 4}, {1, 4}},
    {"several vectors", {3, 1, 8, 36}, {1, 2, 36, 72}, {1, 4}, {1, 4}},
    {"one channel, one output", {3, 1, 9, 1}, {1, 3, 1, 1}, {1, 3}, {1, 3}},
    {"rows and columns", {2, 11, 13, 3}, {3, 3, 3, 5}, {2, 2}, {2, 2}},
    {"one column", {2, 12, 1, 4}, {3, 1, 4, 20}, {3, 1}, {3, 1}},
    // Windows of pooling that reach past the result at both ends.
    {"padded pooling", {2, 7, 9, 3}, {3, 2, 3, 4}, {2, 3}, {2, 3}, {1, 1, 1, 2}},
    {"large windows", {2, 8, 8, 2}, {2, 2, 2, 7}, {4, 4}, {4, 4}},
    {"windows of three by three", {2, 9, 9, 2}, {2, 2, 2, 35}, {3, 3}, {3, 3}},
    {"windows of one", {2, 5, 4, 3}, {2, 2, 3, 4}, {1, 1}, {1, 1}},
    // Rows and columns between windows, and behind the last one, that none looks at.
    {"gaps", {2, 12, 13, 3}, {2, 2, 3, 6}, {2, 2}, {3, 4}, {0, 0, 0, 0}, "VALID"},
    {"valid", {2, 10, 11, 3}, {3, 2, 3, 6}, {2, 2}, {2, 2}, {0, 0, 0, 0}, "VALID"},
    {"strides", {2, 13, 16, 3}, {3, 2, 3, 6}, {2, 2}, {2, 2}, {0, 0, 0, 0}, "SAME", {2, 3}},
    {"strides over a filter",
     {2, 13, 16, 3},
     {1, 2, 3, 6},
     {2, 2},
     {2, 2},
     {0, 0, 0, 0},
     "VALID",
     {3, 3}},
    {"dilations",
     {2, 12, 14, 3},
     {3, 2, 3, 6},
     {2, 2},
     {2, 2},
     {0, 0, 0, 0},
     "SAME",
     {1, 1},
     {2, 3}},
    {"explicit paddings",
     {2, 6, 7, 3},
     {2, 3, 3, 6},
     {2, 2},
     {2, 2},
     {0, 1, 1, 0},
     "EXPLICIT",
     {1, 1},
     {1, 1},
     {3, 0, 1, 4}},
};

Body forward(const Case &c, bool biased, const char *activation) {
  Attributes attributes = c.attributes();
  attributes.set("activation", std::string(activation));
  return [=](GraphBuilder &g, const Values &x) -> Values {
    const Values operands(x.begin(), x.begin() + (biased ? 3 : 2));
    mlir::Operation *op = g.createOp("pooled_conv2d", operands, attributes);
    return {op->getResult(0), op->getResult(1)};
  };
}

/// Places that windows' elements can have, and 255.
Tensor places(const Case &c) {
  const Attributes all = c.attributes();
  const WindowAxes z = windowAxes(all, {c.x[1], c.x[2]}, {c.filter[0], c.filter[1]});
  const auto [rows, columns] =
      windowAxes(poolingOf(all), {z[0].output, z[1].output}, {c.ksize[0], c.ksize[1]});
  Tensor result(uint8, c.result());
  unsigned random = 1;
  std::uint8_t *place = result.data<std::uint8_t>();
  for (std::int64_t n = 0; n < result.num_elements(); ++n) {
    const std::int64_t window = n / c.filter[3];
    const std::int64_t i = window / columns.output % rows.output, j = window % columns.output;
    do {
      random = random * 1664525u + 1013904223u;
      place[n] = static_cast<std::uint8_t>((random >> 16) % (c.ksize[0] * c.ksize[1] + 1));
    } while (place[n] < c.ksize[0] * c.ksize[1] &&
             !(rows.contains(rows.at(i, place[n] / c.ksize[1])) &&
               columns.contains(columns.at(j, place[n] % c.ksize[1]))));
    if (place[n] == c.ksize[0] * c.ksize[1])
      place[n] = 255;
  }
  return result;
}

constexpr Tolerance kTolerance = {1e-5, 2e-5};

TEST(PooledConvolutionKernels, AreAsTheReference) {
  for (const Case &c : kCases) {
    SCOPED_TRACE(c.name);
    const std::vector<Tensor> inputs{sample(float32, c.x), sample(float32, c.filter, 2),
                                     sample(float32, {c.filter[3]}, 3)};
    expectAsReference(forward(c, true, "relu"), inputs, kTolerance);
    expectAsReference(forward(c, true, "none"), inputs, kTolerance);
    expectAsReference(forward(c, false, "relu"), {inputs[0], inputs[1]}, kTolerance);
  }
}

TEST(PooledConvolutionKernels, GiveTheInputItsGradient) {
  for (const Case &c : kCases) {
    SCOPED_TRACE(c.name);
    Attributes attributes = c.attributes();
    attributes.set("input_sizes", c.x.extents());
    expectAsReference(
        [&](GraphBuilder &g, const Values &x) -> Values {
          return {g.create("pooled_conv2d_backprop_input", x, attributes)};
        },
        {sample(float32, c.filter), places(c), sample(float32, c.result(), 2)}, kTolerance);
  }
}

TEST(PooledConvolutionKernels, GiveFilterAndBiasTheirGradients) {
  for (const Case &c : kCases) {
    SCOPED_TRACE(c.name);
    Attributes attributes = c.attributes();
    attributes.set("filter_sizes", c.filter.extents());
    attributes.set("parts", std::int64_t{2});
    expectAsReference(
        [&](GraphBuilder &g, const Values &x) -> Values {
          mlir::Operation *op = g.createOp("pooled_conv2d_backprop_filter", x, attributes);
          return {op->getResult(0), op->getResult(1)};
        },
        {sample(float32, c.x), places(c), sample(float32, c.result(), 2)}, {1e-5, 2e-4});
  }
}

TEST(PooledConvolutionKernels, ManyImagesInPartsOfUnequalSize) {
  Attributes attributes = kCases[2].attributes();
  attributes.set("filter_sizes", Ints{1, 2, 4, 20});
  attributes.set("parts", std::int64_t{7});
  const Case c{"many", {61, 1, 8, 4}, {1, 2, 4, 20}, {1, 4}, {1, 4}};
  expectAsReference(
      [&](GraphBuilder &g, const Values &x) -> Values {
        mlir::Operation *op = g.createOp("pooled_conv2d_backprop_filter", x, attributes);
        return {op->getResult(0), op->getResult(1)};
      },
      {sample(float32, c.x), places(c), sample(float32, c.result(), 2)}, {1e-5, 2e-4});
}

TEST(PooledConvolutionKernels, TakeTheFirstOfEqualElements) {
  const Case c{"constant", {1, 1, 8, 1}, {1, 1, 1, 2}, {1, 4}, {1, 4}};
  Cluster cluster({{float32, c.x}, {float32, c.filter}}, forward(c, false, "none"));
  const Tensor x = Tensor::of(c.x, {1.f, 2.f, 2.f, 0.f, -1.f, -1.f, -1.f, -1.f});
  const std::vector<Tensor> results = cluster.run({x, Tensor::of(c.filter, {1.f, -1.f})});
  const auto y = results[0].values<float>();
  const auto places = results[1].values<std::uint8_t>();
  EXPECT_EQ(std::vector<float>(y.begin(), y.end()), (std::vector<float>{2, 0, -1, 1}));
  EXPECT_EQ(std::vector<int>(places.begin(), places.end()), (std::vector<int>{1, 3, 0, 0}));
}

TEST(PooledConvolutionKernels, KeepInfinitiesAndNaNsWhereTheyAre) {
  const Case c{"padded", {2, 1, 8, 3}, {1, 2, 3, 4}, {1, 4}, {1, 4}, {0, 0, 3, 1}};
  const float infinity = std::numeric_limits<float>::infinity();
  Tensor x = sample(float32, c.x);
  std::fill_n(x.data<float>(), 24, -infinity); // a whole image: places are the first ones that are
  Tensor filter = Tensor::zeros(float32, c.filter);
  std::fill_n(filter.data<float>(), filter.num_elements(), 1.f);
  expectAsReference(forward(c, false, "none"), {x, filter}, kTolerance);

  // No element of dx but those that the window's greatest one was made of.
  Attributes attributes = c.attributes();
  attributes.set("input_sizes", c.x.extents());
  Tensor dy = sample(float32, c.result(), 2);
  dy.data<float>()[4] = infinity;
  dy.data<float>()[9] = std::nanf("");
  expectAsReference(
      [&](GraphBuilder &g, const Values &v) -> Values {
        return {g.create("pooled_conv2d_backprop_input", v, attributes)};
      },
      {filter, places(c), dy}, kTolerance);
  // A NaN passes relu, as in TensorFlow.
  Cluster cluster({{float32, {1, 1, 4, 1}}, {float32, {1, 1, 1, 1}}},
                  forward({"", {1, 1, 4, 1}, {1, 1, 1, 1}, {1, 1}, {1, 1}}, false, "relu"));
  const Tensor y = cluster.run({Tensor::of(Shape{1, 1, 4, 1}, {-1.f, std::nanf(""), 0.f, 2.f}),
                                Tensor::of(Shape{1, 1, 1, 1}, {1.f})})[0];
  EXPECT_EQ(y.data<float>()[0], 0);
  EXPECT_TRUE(std::isnan(y.data<float>()[1]));
  EXPECT_EQ(y.data<float>()[3], 2);
}

TEST(PooledConvolutionKernels, AreForFloat32Alone) {
  const Case &c = kCases[0];
  Cluster cluster({{float64, c.x}, {float64, c.filter}}, forward(c, false, "relu"));
  EXPECT_EQ(cluster.whyNot(), "a pooled convolution has a kernel for float32 only");
}

} // namespace
} // namespace graphc::kernel_testing
