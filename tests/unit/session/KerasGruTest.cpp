// GRUCell with reset_after against numbers worked out by hand from Keras's formula: columns z, r,
// c; bias[0] with the inputs' product, bias[1] with the state's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;
using testing::FloatNear;
using testing::Pointwise;

namespace {

class KerasGru : public testing::TestWithParam<gc::SessionOptions> {
protected:
  /// The outputs of one unit over the inputs 1 and -1, for each of two sequences alike.
  gc::Tensor outputs(const gc::Output &mask = {}) {
    auto of = [](const gc::Tensor &values) {
      return [values](gc::Graph &graph, const gc::Shape &, gc::DataType) {
        return graph.constant(values);
      };
    };
    gc::rnn::GRUCell cell(
        1, {.kernel_initializer = of(gc::Tensor::of<float>({1, 3}, {0.5f, -0.25f, 1.f})),
            .bias_initializer =
                of(gc::Tensor::of<float>({2, 3}, {0.1f, 0.2f, -0.3f, 0.f, 0.4f, 0.7f})),
            .reset_after = true,
            .recurrent_initializer = of(gc::Tensor::of<float>({1, 3}, {2.f, -1.f, 0.5f})),
            .recurrent_mask = mask});
    auto x = g.placeholder(gc::float32, {gc::none, gc::none, 1}, "x");
    auto result = gc::rnn::dynamic_rnn(cell, x);
    gc::Session session(g, GetParam());
    session.run(g.global_variables_initializer());
    return session.run({{x, gc::Tensor::of<float>({2, 2, 1}, {1, -1, 1, -1})}}, result.outputs)[0];
  }
  gc::Graph g;
};

// Step 1, x = 1, h = 0: a = (0.6, -0.05, 0.7), b = (0, 0.4, 0.7); z = sigmoid(0.6) = 0.6456563,
// r = sigmoid(0.35) = 0.5866176, c = tanh(0.7 + r * 0.7) = 0.8042858, h = (1 - z) c = 0.2849936.
// Step 2, x = -1: a = (-0.4, 0.45, -1.3), b = (2 h, 0.4 - h, 0.7 + h / 2) = (0.5699872, 0.1150064,
// 0.8424968); z = sigmoid(0.1699872) = 0.5423948, r = sigmoid(0.5650064) = 0.6376101,
// c = tanh(-1.3 + r * 0.8424968) = -0.6427324, h = z * 0.2849936 + (1 - z) c = -0.1395387.
TEST_P(KerasGru, ResetsAfterTheProduct) {
  EXPECT_THAT(outputs().values<float>(),
              Pointwise(FloatNear(1e-6f), {0.2849936f, -0.1395387f, 0.2849936f, -0.1395387f}));
}

// The mask is there for the kernel and not where h is kept. For 2, step 2 has b = (4 h, 0.4 - 2 h,
// 0.7 + h) = (1.1399744, -0.1699872, 0.9849936); z = sigmoid(0.7399744) = 0.6769903, r =
// sigmoid(0.2800128) = 0.5695494, c = tanh(-1.3 + r * 0.9849936) = -0.6285391, h = z * 0.2849936 +
// (1 - z) c = -0.0100864. For 0, b = bias[1] = (0, 0.4, 0.7): z = sigmoid(-0.4) = 0.4013123,
// r = sigmoid(0.85) = 0.7005671, c = tanh(-1.3 + r * 0.7) = -0.6693712, h = -0.2863728.
TEST_P(KerasGru, MasksTheStateOfEachSequence) {
  auto mask = g.constant(gc::Tensor::of<float>({2, 1}, {2, 0}));
  EXPECT_THAT(outputs(mask).values<float>(),
              Pointwise(FloatNear(1e-6f), {0.2849936f, -0.0100864f, 0.2849936f, -0.2863728f}));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, KerasGru,
    testing::Values(gc::SessionOptions{.recurrence = gc::RecurrenceForm::kernel},
                    gc::SessionOptions{.recurrence = gc::RecurrenceForm::unroll},
                    gc::SessionOptions{.backend = gc::Backend::reference}));

} // namespace
