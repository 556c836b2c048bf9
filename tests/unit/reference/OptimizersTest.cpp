#include "runtime/reference/Optimizers.h"

#include <cmath>

#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

void apply(std::string_view name, const std::vector<Tensor> &inputs,
           const std::map<std::string, Tensor *> &slots, const Attributes &attributes = {}) {
  applyOptimizer({name, attributes, inputs, {}, 0}, slots);
}

TEST(Optimizers, GradientDescent) {
  Tensor w = vector({1., 2.});
  apply("apply_gradient_descent", {Tensor(.5), vector({4., -2.})}, {{"variable", &w}});
  expectTensor<double>(w, {2}, {-1, 3});
}

TEST(Optimizers, UpdatesFloat32InPlace) {
  Tensor w = vector({1.f});
  const Tensor alias = w;
  apply("apply_gradient_descent", {Tensor(.5f), vector({4.f})}, {{"variable", &w}});
  expectTensor<float>(alias, {1}, {-1});
}

TEST(Optimizers, Momentum) {
  // accumulator = 0.5 * 2 + 3 = 4; w = 1 - 0.1 * 4; Nesterov: w = 1 - 0.1 * (3 + 0.5 * 4)
  for (bool nesterov : {false, true}) {
    Tensor w = vector({1.}), accumulator = vector({2.});
    apply("apply_momentum", {Tensor(.1), vector({3.}), Tensor(.5)},
          {{"variable", &w}, {"accumulator", &accumulator}}, {{"use_nesterov", nesterov}});
    expectNear<double>(accumulator, {1}, {4}, 1e-15);
    expectNear<double>(w, {1}, {nesterov ? .5 : .6}, 1e-15);
  }
}

TEST(Optimizers, Adagrad) {
  // accumulator = 7 + 9 = 16; w = 1 - 0.1 * 3 / 4
  Tensor w = vector({1.}), accumulator = vector({7.});
  apply("apply_adagrad", {Tensor(.1), vector({3.})},
        {{"variable", &w}, {"accumulator", &accumulator}});
  expectNear<double>(accumulator, {1}, {16}, 1e-15);
  expectNear<double>(w, {1}, {.925}, 1e-15);
}

TEST(Optimizers, RmsPropHasEpsilonInsideTheRoot) {
  // mean_square = 0.9 * 1 + 0.1 * 4 = 1.3; step = 0.5 * 0.2 + 0.1 * 2 / sqrt(1.3 + 0.14) = 0.1 +
  // 0.2 / 1.2
  Tensor w = vector({1.}), mean_square = vector({1.}), momentum = vector({.2});
  apply("apply_rms_prop", {Tensor(.1), Tensor(.9), Tensor(.5), Tensor(.14), vector({2.})},
        {{"variable", &w}, {"mean_square", &mean_square}, {"momentum_slot", &momentum}});
  expectNear<double>(mean_square, {1}, {1.3}, 1e-14);
  expectNear<double>(momentum, {1}, {.1 + .2 / 1.2}, 1e-14);
  expectNear<double>(w, {1}, {.9 - .2 / 1.2}, 1e-14);
}

TEST(Optimizers, RmsPropWithoutASlotHasNoMomentum) {
  // The steps of the test above and of that below, their momentum left out.
  Tensor w = vector({1.}), mean_square = vector({1.}), mean_gradient = vector({1.});
  apply("apply_rms_prop", {Tensor(.1), Tensor(.9), Tensor(.5), Tensor(.14), vector({2.})},
        {{"variable", &w}, {"mean_square", &mean_square}});
  expectNear<double>(mean_square, {1}, {1.3}, 1e-14);
  expectNear<double>(w, {1}, {1 - .2 / 1.2}, 1e-14);
  w = vector({1.}), mean_square = vector({1.});
  apply("apply_centered_rms_prop", {Tensor(.1), Tensor(.5), Tensor(.9), Tensor(.11), vector({2.})},
        {{"variable", &w}, {"mean_square", &mean_square}, {"mean_gradient", &mean_gradient}});
  expectNear<double>(w, {1}, {1 - .2 / .6}, 1e-14);
}

TEST(Optimizers, CenteredRmsPropSubtractsTheMean) {
  // mean_square = 0.5 * 1 + 0.5 * 4 = 2.5; mean_gradient = 0.5 * 1 + 0.5 * 2 = 1.5;
  // step = 0.1 * 2 / sqrt(2.5 - 2.25 + 0.11) = 0.2 / 0.6
  Tensor w = vector({1.}), mean_square = vector({1.}), mean_gradient = vector({1.}),
         momentum = vector({0.});
  apply("apply_centered_rms_prop", {Tensor(.1), Tensor(.5), Tensor(.9), Tensor(.11), vector({2.})},
        {{"variable", &w},
         {"mean_square", &mean_square},
         {"mean_gradient", &mean_gradient},
         {"momentum_slot", &momentum}});
  expectNear<double>(mean_square, {1}, {2.5}, 1e-14);
  expectNear<double>(mean_gradient, {1}, {1.5}, 1e-14);
  expectNear<double>(w, {1}, {1 - .2 / .6}, 1e-14);
}

TEST(Optimizers, AdamHasEpsilonOutsideTheRoot) {
  // First step: m = 0.1 g, v = 0.001 g^2, rate = lr sqrt(0.001) / 0.1, so that without epsilon w
  // moves by lr.
  Tensor w = vector({1.}), m = vector({0.}), v = vector({0.});
  const double epsilon = .5;
  apply("apply_adam",
        {Tensor(.9), Tensor(.999), Tensor(.01), Tensor(.9), Tensor(.999), Tensor(epsilon),
         vector({3.})},
        {{"variable", &w}, {"m", &m}, {"v", &v}});
  expectNear<double>(m, {1}, {.3}, 1e-14);
  expectNear<double>(v, {1}, {.009}, 1e-14);
  expectNear<double>(w, {1}, {1 - .01 * std::sqrt(.001) / .1 * .3 / (std::sqrt(.009) + epsilon)},
                     1e-14);
}

// Rows 2 and 0 are met, row 2 twice; an index outside is passed over.
TEST(Optimizers, SparseFormsUpdateTheRowsMetFromTheSumsOfTheirGradients) {
  const Tensor indices = Tensor::of<std::int32_t>({4}, {2, 0, 2, 7});
  const Tensor gradient = Tensor::of<double>({4, 2}, {1, 2, 3, 4, 5, 6, 100, 100});
  Tensor w = Tensor::of<double>({3, 2}, {1, 1, 2, 2, 3, 3});
  apply("sparse_apply_gradient_descent", {Tensor(.5), gradient, indices}, {{"variable", &w}});
  expectTensor<double>(w, {3, 2}, {-.5, -1, 2, 2, 0, -1});

  // accumulator = 0.5 * 2 + g on rows 0 and 2; row 1 keeps 2 and its weight.
  Tensor v = Tensor::of<double>({3, 2}, {1, 1, 2, 2, 3, 3});
  Tensor accumulator = Tensor::of<double>({3, 2}, {2, 2, 2, 2, 2, 2});
  apply("sparse_apply_momentum", {Tensor(1.), gradient, Tensor(.5), indices},
        {{"variable", &v}, {"accumulator", &accumulator}});
  expectTensor<double>(accumulator, {3, 2}, {4, 5, 2, 2, 7, 9});
  expectTensor<double>(v, {3, 2}, {-3, -4, 2, 2, -4, -6});
}

// Rows 1 and 3 are met: they become what the dense update makes of them, the others stay.
TEST(Optimizers, SparseFormsAgreeWithTheDenseOnesOnTheRowsMet) {
  const Tensor indices = Tensor::of<std::int64_t>({2}, {1, 3});
  const Tensor some = Tensor::of<float>({2, 2}, {1, -2, 3, .5f});
  const Tensor whole = Tensor::of<float>({4, 2}, {0, 0, 1, -2, 0, 0, 3, .5f});
  using Values = std::map<std::string, Tensor>;
  auto update = [](const std::string &name, const std::vector<Tensor> &inputs, Values values) {
    std::map<std::string, Tensor *> slots;
    for (auto &[slot, tensor] : values) {
      tensor = tensor.clone();
      slots[slot] = &tensor;
    }
    apply(name, inputs, slots);
    return values;
  };
  const Tensor ones = Tensor::of<float>({4, 2}, {1, 1, 1, 1, 1, 1, 1, 1});
  const Tensor nines = Tensor::of<float>({4, 2}, {9, 9, 9, 9, 9, 9, 9, 9});
  const std::vector<std::pair<std::string, Values>> optimizers = {
      {"apply_adagrad", {{"variable", ones}, {"accumulator", nines}}},
      {"apply_rms_prop", {{"variable", ones}, {"mean_square", nines}, {"momentum_slot", ones}}},
      {"apply_centered_rms_prop",
       {{"variable", ones},
        {"mean_gradient", ones},
        {"mean_square", nines},
        {"momentum_slot", ones}}}};
  for (const auto &[name, before] : optimizers) {
    std::vector<Tensor> inputs = {Tensor(.1f)};
    if (name != "apply_adagrad")
      inputs.insert(inputs.end(), {Tensor(.9f), Tensor(.5f), Tensor(1e-3f)});
    std::vector<Tensor> rows = inputs;
    inputs.push_back(whole);
    rows.insert(rows.end(), {some, indices});
    const Values dense = update(name, inputs, before);
    for (const auto &[slot, tensor] : update("sparse_" + name, rows, before))
      for (std::int64_t row = 0; row < 4; ++row)
        EXPECT_TRUE(tensor.rows(row, row + 1)
                        .identical_to((row % 2 ? dense : before).at(slot).rows(row, row + 1)))
            << name << " " << slot << " row " << row;
  }
}

TEST(Optimizers, RefuseOtherShapesAndOps) {
  Tensor w = vector({1.f}), accumulator = vector({1.f, 2.f});
  EXPECT_EQ(
      errorOf([&] {
        apply("apply_gradient_descent", {Tensor(1.f), vector({1.f, 2.f})}, {{"variable", &w}});
      }),
      "INVALID_ARGUMENT: apply_gradient_descent expects a gradient of the variable's shape [1], "
      "got [2]");
  EXPECT_EQ(
      errorOf([&] {
        apply("apply_adagrad", {Tensor(1.f), vector({1.f})},
              {{"variable", &w}, {"accumulator", &accumulator}});
      }),
      "INVALID_ARGUMENT: apply_adagrad expects accumulator of the variable's shape [1], got [2]");
  EXPECT_EQ(errorOf([&] { apply("apply_ftrl", {Tensor(1.f), vector({1.f})}, {{"variable", &w}}); }),
            "UNIMPLEMENTED: op 'apply_ftrl' is no optimizer's update");
}

} // namespace
} // namespace graphc::reference
