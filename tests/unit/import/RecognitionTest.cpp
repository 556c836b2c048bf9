// Gradients that were spelled out, recognised; others are refused.
#include "tests/unit/import/GraphText.h"

namespace graphc::test {
namespace {

/// loss = sum(x * w), and the seed of its gradients.
std::string loss() {
  return placeholder("x", "dim { size: 3 }") + placeholder("w", "dim { size: 3 }") +
         constant("axis", "dtype: DT_INT32 tensor_shape { dim { size: 1 } } int_val: 0") +
         node("mul", "Mul", {"x", "w"}) + node("loss", "Sum", {"mul", "axis"}) +
         constant("gradients/Shape", "dtype: DT_INT32 tensor_shape { dim {} }") +
         constant("gradients/grad_ys_0/Const", "dtype: DT_FLOAT tensor_shape {} float_val: 1") +
         node("gradients/grad_ys_0", "Fill", {"gradients/Shape", "gradients/grad_ys_0/Const"});
}

// What TensorFlow computes inside is of types that nobody knows: it must not matter.
TEST_F(ImportTest, SpelledOutGradientsBecomeARequest) {
  importText(
      loss() + node("gradients/loss_grad/Tile", "Strange", {"gradients/grad_ys_0"}) +
      node("gradients/mul_grad/Mul", "Strange", {"gradients/loss_grad/Tile", "w"}) +
      node("gradients/mul_grad/Mul_1", "Strange", {"gradients/loss_grad/Tile", "x"}) +
      node("gradients/mul_grad/tuple/control_dependency", "Identity", {"gradients/mul_grad/Mul"}) +
      node("gradients/mul_grad/tuple/control_dependency_1", "Identity",
           {"gradients/mul_grad/Mul_1"}) +
      node("of_w", "Neg", {"gradients/mul_grad/tuple/control_dependency_1"}));
  Session session(graph);
  const auto out = session.run(
      {{"x", Tensor::of<float>({3}, {1, 2, 3})}, {"w", Tensor::of<float>({3}, {4, 5, 6})}},
      {"of_w:0", "gradients/mul_grad/tuple/control_dependency_1:0"});
  EXPECT_EQ(out[0].values<float>()[2], -3); // d loss / d w = x
  EXPECT_EQ(out[1].values<float>()[1], 2);
}

TEST_F(ImportTest, GradientsThatCannotBeReadStayNodes) {
  // What leaves the section is the gradient by nothing that could be named.
  EXPECT_EQ(
      errorOf(loss() + node("gradients/loss_grad/Tile", "Strange", {"gradients/grad_ys_0"}) +
              node("gradients/other/Mul", "Strange", {"gradients/loss_grad/Tile", "w"}) +
              node("y", "Neg", {"gradients/other/Mul"})),
      " has op types or dtypes that graphc does not know:\n"
      "  Strange: 2 nodes ('gradients/loss_grad/Tile', 'gradients/other/Mul'); needs a rule under "
      "frontend/import/rules and ops that compute it");
}

/// Each sum has the one before twice: to look at every way through them would take for ever.
TEST_F(ImportTest, SumsOfSumsInASectionAreMetOnce) {
  std::string text =
      loss() + node("gradients/loss_grad/Tile", "Strange", {"gradients/grad_ys_0"}) +
      node("gradients/mul_grad/tuple/control_dependency", "Identity", {"gradients/loss_grad/Tile"});
  std::string last = "gradients/mul_grad/tuple/control_dependency";
  for (int i = 0; i < 60; ++i) {
    const std::string sum = "gradients/AddN_" + std::to_string(i);
    text += node(sum, "AddN", {last.c_str(), last.c_str()});
    last = sum;
  }
  importText(text + node("y", "Neg", {last.c_str()}));
  Session session(graph);
  const auto out = session.run(
      {{"x", Tensor::of<float>({3}, {1, 2, 3})}, {"w", Tensor::of<float>({3}, {4, 5, 6})}}, "y:0");
  EXPECT_EQ(out[0].values<float>()[1], -5); // one gradient, d loss / d x = w
}

} // namespace
} // namespace graphc::test
