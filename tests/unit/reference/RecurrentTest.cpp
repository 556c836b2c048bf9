#include <cmath>

#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// One step of one unit, so that every gate can be written out. x = 2, h0 = 0.5, c0 = -0.25.
TEST(Lstm, OneStepByHand) {
  const Tensor x = Tensor::of(Shape{1, 1, 1}, {2.}), h0 = Tensor::of(Shape{1, 1}, {.5});
  const Tensor c0 = Tensor::of(Shape{1, 1}, {-.25});
  const auto r =
      runAll("lstm", {x, h0, c0, Tensor::of(Shape{1, 4}, {.1, .2, .3, .4}),
                      Tensor::of(Shape{1, 4}, {1., 2., 3., 4.}), vector({.01, .02, .03, .04})});
  const double i = sigmoid(.2 + .5 + .01), f = sigmoid(.4 + 1 + .02);
  const double candidate = std::tanh(.6 + 1.5 + .03), o = sigmoid(.8 + 2 + .04);
  const double c = f * -.25 + i * candidate, h = o * std::tanh(c);
  expectNear<double>(r[0], {1, 1, 1}, {h}, 1e-15);
  expectNear<double>(r[1], {1, 1}, {h}, 1e-15);
  expectNear<double>(r[2], {1, 1}, {c}, 1e-15);
  expectTensor<std::uint8_t>(r[3], {0}, {});
}

TEST(Gru, OneStepByHand) {
  const auto r = runAll("gru", {Tensor::of(Shape{1, 1, 1}, {2.}), Tensor::of(Shape{1, 1}, {.5}),
                                Tensor::of(Shape{1, 3}, {.1, .2, .3}),
                                Tensor::of(Shape{1, 3}, {1., 2., 3.}), vector({.01, .02, .03})});
  const double u = sigmoid(.2 + .5 + .01), reset = sigmoid(.4 + 1 + .02);
  const double o = std::tanh(.6 + 3 * (reset * .5) + .03), h = u * .5 + (1 - u) * o;
  expectNear<double>(r[0], {1, 1, 1}, {h}, 1e-15);
  expectNear<double>(r[1], {1, 1}, {h}, 1e-15);
  expectTensor<std::uint8_t>(r[2], {0}, {});
}

TEST(VanillaRnn, TwoStepsByHand) {
  const std::vector<Tensor> inputs = {Tensor::of(Shape{2, 1, 1}, {1., -3.}),
                                      Tensor::of(Shape{1, 1}, {2.}), Tensor::of(Shape{1, 1}, {.5}),
                                      Tensor::of(Shape{1, 1}, {.25}), vector({.125})};
  // relu: 0.5 + 0.5 + 0.125 = 1.125, then -1.5 + 0.28125 + 0.125 < 0
  const auto relu = runAll("vanilla_rnn", inputs, {{"activation", std::string("relu")}});
  expectTensor<double>(relu[0], {2, 1, 1}, {1.125, 0});
  expectTensor<double>(relu[1], {1, 1}, {0});
  const double first = std::tanh(1.125), second = std::tanh(-1.5 + .25 * first + .125);
  const auto tanh = runAll("vanilla_rnn", inputs, {{"activation", std::string("tanh")}});
  expectNear<double>(tanh[0], {2, 1, 1}, {first, second}, 1e-15);
  expectTensor<std::uint8_t>(tanh[2], {0}, {});
}

TEST(Recurrent, Float32GivesFloat32) {
  // tanh(0 * 0 + 2 * 0 + 0) = 0, then tanh(1 * 3 + 0 + 0)
  const Tensor zero = Tensor::zeros(float32, {1, 1});
  const auto r = runAll("vanilla_rnn", {iota({2, 1, 1}), zero, Tensor::of(Shape{1, 1}, {3.f}), zero,
                                        Tensor::zeros(float32, {1})});
  expectNear<float>(r[0], {2, 1, 1}, {0, std::tanh(3.f)});
  expectNear<float>(r[1], {1, 1}, {std::tanh(3.f)});
}

TEST(Recurrent, RefusesShapesThatDoNotFit) {
  const Tensor x = iota({2, 1, 1}), h = iota({1, 1});
  EXPECT_EQ(errorOf([&] { runAll("vanilla_rnn", {x, h, iota({1, 2}), iota({2, 2}), iota({2})}); }),
            "INVALID_ARGUMENT: vanilla_rnn expects operand 2 of shape [1,1], got [1,2]");
  EXPECT_EQ(errorOf([&] { runAll("gru", {x, h, iota({1, 3}), iota({1, 3}), iota({4})}); }),
            "INVALID_ARGUMENT: gru expects operand 4 of shape [3], got [4]");
  EXPECT_EQ(errorOf([&] { runAll("lstm", {x, h, h, iota({1, 4}), iota({2, 4}), iota({4})}); }),
            "INVALID_ARGUMENT: lstm expects operand 4 of shape [1,4], got [2,4]");
}

Tensor noise(Shape shape, std::int64_t seed) {
  const Attributes attributes{{"shape", shape.extents()}, {"dtype", float64}, {"seed", seed}};
  const Tensor y = run("random_normal", {}, attributes);
  return run("multiply", {y, Tensor(.7)});
}

double dot(const Tensor &a, const Tensor &b) {
  double total = 0;
  for (std::int64_t i = 0; i < a.num_elements(); ++i)
    total += a.data<double>()[i] * b.data<double>()[i];
  return total;
}

/// Compares `name`_gradient with central differences of the sum of all results, each weighted by
/// fixed noise, by every element of every operand.
void checkGradient(const std::string &name, std::vector<Tensor> inputs,
                   const Attributes &attributes = {}) {
  std::vector<Tensor> results = runAll(name, inputs, attributes);
  const std::size_t differentiable = results.size() - 1; // the workspace is not
  std::vector<Tensor> weights;
  for (std::size_t k = 0; k < differentiable; ++k)
    weights.push_back(noise(results[k].shape(), static_cast<std::int64_t>(100 + k)));
  std::vector<Tensor> operands = inputs;
  operands.insert(operands.end(), results.begin(), results.end());
  operands.insert(operands.end(), weights.begin(), weights.end());
  const std::vector<Tensor> gradients = runAll(name + "_gradient", operands, attributes);
  ASSERT_EQ(gradients.size(), inputs.size());

  const auto loss = [&] {
    const std::vector<Tensor> y = runAll(name, inputs, attributes);
    double total = 0;
    for (std::size_t k = 0; k < differentiable; ++k)
      total += dot(y[k], weights[k]);
    return total;
  };
  constexpr double h = 1e-5;
  for (std::size_t n = 0; n < inputs.size(); ++n) {
    ASSERT_EQ(gradients[n].shape(), inputs[n].shape());
    for (std::int64_t i = 0; i < inputs[n].num_elements(); ++i) {
      double &element = inputs[n].data<double>()[i];
      const double before = element;
      element = before + h;
      const double above = loss();
      element = before - h;
      const double below = loss();
      element = before;
      EXPECT_NEAR(gradients[n].data<double>()[i], (above - below) / (2 * h), 1e-8)
          << name << " operand " << n << " element " << i;
    }
  }
}

constexpr std::int64_t kT = 4, kB = 2, kI = 3, kH = 2;

TEST(Lstm, GradientAgreesWithDifferences) {
  checkGradient("lstm", {noise({kT, kB, kI}, 1), noise({kB, kH}, 2), noise({kB, kH}, 3),
                         noise({kI, 4 * kH}, 4), noise({kH, 4 * kH}, 5), noise({4 * kH}, 6)});
}

TEST(Gru, GradientAgreesWithDifferences) {
  checkGradient("gru", {noise({kT, kB, kI}, 1), noise({kB, kH}, 2), noise({kI, 3 * kH}, 4),
                        noise({kH, 3 * kH}, 5), noise({3 * kH}, 6)});
}

TEST(VanillaRnn, GradientAgreesWithDifferences) {
  for (const char *activation : {"tanh", "relu"})
    checkGradient("vanilla_rnn",
                  {noise({kT, kB, kI}, 1), noise({kB, kH}, 2), noise({kI, kH}, 4),
                   noise({kH, kH}, 5), noise({kH}, 6)},
                  {{"activation", std::string(activation)}});
}

} // namespace
} // namespace graphc::reference
