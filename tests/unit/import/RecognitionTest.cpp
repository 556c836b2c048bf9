// Gradients that were spelled out and loops that are recurrences, recognised; others are refused.
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

/// A counter, an array that is read and one that is written: s += x[t], out[t] = s * s. `limit`
/// is what the counter is compared with.
std::string loop(const char *limit) {
  const std::string frame = attribute("frame_name", "s: \"sum/while/context\"");
  std::string text =
      placeholder("x", "dim { size: -1 } dim { size: 2 }") +
      constant("steps", "dtype: DT_INT32 tensor_shape {} int_val: 4") +
      constant("other", "dtype: DT_INT32 tensor_shape {} int_val: 3") +
      constant("zero", "dtype: DT_INT32 tensor_shape {} int_val: 0") +
      constant("one", "dtype: DT_INT32 tensor_shape {} int_val: 1") +
      constant("start", "dtype: DT_FLOAT tensor_shape { dim { size: 2 } } float_val: 0") +
      node("range", "Range", {"zero", "steps", "one"}) +
      node("in", "TensorArrayV3", {"steps"}, attribute("dtype", "type: DT_FLOAT")) +
      node("out", "TensorArrayV3", {"steps"}, attribute("dtype", "type: DT_FLOAT")) +
      node("scatter", "TensorArrayScatterV3", {"in", "range", "x", "in:1"});
  const auto variable = [&](const char *name, const char *initial, const char *next) {
    const std::string n = name;
    text += node(n + "/Enter", "Enter", {initial}, frame) +
            node(n + "/Merge", "Merge", {(n + "/Enter").c_str(), (n + "/Next").c_str()}) +
            node(n + "/Switch", "Switch", {(n + "/Merge").c_str(), "cond"}) +
            node(n + "/Identity", "Identity", {(n + "/Switch:1").c_str()}) +
            node(n + "/Next", "NextIteration", {next}) +
            node(n + "/Exit", "Exit", {(n + "/Switch").c_str()});
  };
  variable("t", "zero", "t_next");
  variable("s", "start", "s_next");
  variable("flow", "out:1", "write");
  return text + node("limit", "Enter", {limit}, frame) +
         node("less", "Less", {"t/Merge", "limit"}) + node("cond", "LoopCond", {"less"}) +
         node("t_next", "Add", {"t/Identity", "one"}) + node("in_handle", "Enter", {"in"}, frame) +
         node("in_flow", "Enter", {"scatter"}, frame) +
         node("read", "TensorArrayReadV3", {"in_handle", "t/Identity", "in_flow"}) +
         node("s_next", "Add", {"s/Identity", "read"}) + node("square", "Square", {"s_next"}) +
         node("out_handle", "Enter", {"out"}, frame) +
         node("write", "TensorArrayWriteV3",
              {"out_handle", "t/Identity", "square", "flow/Identity"}) +
         node("all", "TensorArrayGatherV3", {"out", "range", "flow/Exit"});
}

TEST_F(ImportTest, LoopsOverStepsBecomeRecurrences) {
  importText(loop("steps"));
  EXPECT_EQ(graph.verify(), "");
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})}},
                               {"all:0", "s/Exit:0", "t/Exit:0"});
  EXPECT_EQ(out[0].shape(), Shape({4, 2}));
  EXPECT_EQ(out[0].values<float>()[2], 16); // (1 + 3)^2
  EXPECT_EQ(out[1].values<float>()[1], 20); // 2 + 4 + 6 + 8
  EXPECT_EQ(out[2].scalar<std::int32_t>(), 4);
}

TEST_F(ImportTest, OtherLoopsStayLoops) {
  importText(loop("other")); // fewer steps than the arrays have
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})}},
                               {"all:0", "s/Exit:0", "t/Exit:0"});
  EXPECT_EQ(out[0].values<float>()[4], 81); // (1 + 3 + 5)^2
  EXPECT_EQ(out[0].values<float>()[6], 0);
  EXPECT_EQ(out[1].values<float>()[1], 12); // 2 + 4 + 6
  EXPECT_EQ(out[2].scalar<std::int32_t>(), 3);
}

} // namespace
} // namespace graphc::test
