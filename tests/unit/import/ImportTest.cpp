// What importing a graph records: names, variables, both generations of ops, options.
#include "frontend/import/ImportRules.h"
#include "tests/unit/import/GraphText.h"

namespace graphc::test {
namespace {

TEST_F(ImportTest, KeepsNamesAndComputes) {
  importText(
      placeholder("in/x", "dim { size: -1 } dim { size: 2 }") +
      constant("w", "dtype: DT_FLOAT tensor_shape { dim { size: 2 } dim { size: 1 } } float_val: 2 "
                    "float_val: 3") +
      node("scope/MatMul", "MatMul", {"in/x", "w"}) + node("y", "Softsign", {"scope/MatMul:0"}));
  EXPECT_EQ(graph.get_operation_by_name("scope/MatMul").type(), "matmul");
  Session session(graph);
  const auto out =
      session.run({{"in/x", Tensor::of<float>({1, 2}, {1, 1})}}, {"scope/MatMul:0", "y:0"});
  EXPECT_EQ(out[0].values<float>()[0], 5);
  EXPECT_FLOAT_EQ(out[1].values<float>()[0], 5.f / 6);
}

TEST_F(ImportTest, TakesNodesInAnyOrder) {
  importText(node("y", "Neg", {"x"}) + placeholder("x", ""));
  Session session(graph);
  EXPECT_EQ(session.run({{"x", Tensor(2.f)}}, "y:0")[0].scalar<float>(), -2);
}

TEST_F(ImportTest, PrefixInputMapAndReturnElements) {
  const Output mine = graph.placeholder(float32, {3}, "mine");
  const auto elements =
      importText(placeholder("x", "dim { size: 3 }") + node("y", "Square", {"x"}),
                 {.prefix = "net", .input_map = {{"x", mine}}, .return_elements = {"y:0", "y"}});
  ASSERT_EQ(elements.size(), 2u);
  EXPECT_EQ(elements[0].tensor.name(), "net/y:0");
  EXPECT_FALSE(elements[1].tensor);
  EXPECT_EQ(elements[1].operation.name(), "net/y");
  Session session(graph);
  const auto out = session.run({{mine, Tensor::of<float>({3}, {1, 2, 3})}}, elements[0].tensor);
  EXPECT_EQ(out[0].values<float>()[2], 9);
}

TEST_F(ImportTest, ConstantsThatRulesMakeDoNotTakeNodesNames) {
  // Cosh makes helpers called "Const", "exp" and so on under its name.
  importText(placeholder("x", "") + node("y", "Cosh", {"x"}) + node("y/exp", "Neg", {"x"}));
  Session session(graph);
  const auto out = session.run({{"x", Tensor(1.f)}}, {"y:0", "y/exp:0"});
  EXPECT_NEAR(out[0].scalar<float>(), 1.5430806f, 1e-6);
  EXPECT_EQ(out[1].scalar<float>(), -1);
}

/// v = 10; v -= 0.5 * (v * x), by the ops of either generation.
void expectTraining(Graph &graph) {
  Session session(graph);
  session.run("v/Assign");
  EXPECT_EQ(session.run("v/read:0")[0].scalar<float>(), 10);
  const auto out = session.run({{"x", Tensor(1.f)}}, {"v/read:0", "train"});
  EXPECT_EQ(out[0].scalar<float>(), 10);
  EXPECT_EQ(session.variable("v").scalar<float>(), 5);
}

std::string rest() {
  return placeholder("x", "") + constant("start", "dtype: DT_FLOAT tensor_shape {} float_val: 10") +
         constant("rate", "dtype: DT_FLOAT tensor_shape {} float_val: 0.5") +
         node("gradient", "Mul", {"v/read", "x"});
}
const std::string kVariable = attribute("dtype", "type: DT_FLOAT") + attribute("shape", "shape {}");

TEST_F(ImportTest, ReferenceVariables) {
  importText(rest() + node("v", "VariableV2", {}, kVariable) +
             node("v/Assign", "Assign", {"v", "start"}) + node("v/read", "Identity", {"v"}) +
             node("train", "ApplyGradientDescent", {"v", "rate", "gradient"}));
  ASSERT_EQ(graph.global_variables().size(), 1u);
  EXPECT_EQ(graph.global_variables()[0].name(), "v:0");
  EXPECT_EQ(graph.verify(), "");
  expectTraining(graph);
}

TEST_F(ImportTest, ResourceVariables) {
  importText(rest() + node("v", "VarHandleOp", {}, kVariable) +
             node("v/Assign", "AssignVariableOp", {"v", "start"}) +
             node("v/read", "ReadVariableOp", {"v"}) +
             node("train", "ResourceApplyGradientDescent", {"v", "rate", "gradient"}));
  expectTraining(graph);
}

TEST_F(ImportTest, LeavesOutWhatSavesAndRestores) {
  importText(node("v", "VariableV2", {}, kVariable) +
             constant("save/Const", "dtype: DT_STRING "
                                    "tensor_shape {} string_val: \"model\"") +
             constant("save/names", "dtype: DT_STRING tensor_shape {} string_val: \"v\"") +
             node("save/SaveV2", "SaveV2", {"save/Const", "save/names", "save/names", "v"}) +
             node("save/RestoreV2", "RestoreV2", {"save/Const", "save/names", "save/names"}) +
             node("save/Assign", "Assign", {"v", "save/RestoreV2"}) +
             node("save/restore_all", "NoOp", {"^save/Assign"}));
  EXPECT_THROW(graph.get_operation_by_name("save/restore_all"), Error);
  EXPECT_EQ(graph.global_variables().size(), 1u);
}

TEST_F(ImportTest, FilledConstantsStaySmall) {
  importText(constant(
      "zeros", "dtype: DT_FLOAT tensor_shape { dim { size: 1048576 } dim { size: 65536 } }"));
  EXPECT_EQ(graph.get_operation_by_name("zeros").type(), "fill");
}

TEST_F(ImportTest, SeveralOutputsByTheirNumbers) {
  importText(placeholder("x", "dim { size: 4 }") +
             constant("axis", "dtype: DT_INT32 tensor_shape {} int_val: 0") +
             node("split", "Split", {"axis", "x"}, attribute("num_split", "i: 2")) +
             node("y", "Sub", {"split:1", "split"}));
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({4}, {1, 2, 10, 20})}}, "y:0");
  EXPECT_EQ(out[0].values<float>()[1], 18);
}

TEST(ImportingTensorFlow, ThePageNamesEveryOpType) {
  const std::string page =
      readText(std::filesystem::path(GRAPHC_SOURCE_DIR) / "docs" / "ImportingTensorFlow.md");
  for (const auto &[type, rule] : importing::importRules()) {
    const std::string name(type);
    EXPECT_TRUE(page.find(" " + name + ",") != std::string::npos ||
                page.find(" " + name + " |") != std::string::npos)
        << name;
  }
}

} // namespace
} // namespace graphc::test
