// An import that fails in the midst of its nodes leaves the graph as it was.
#include "tests/unit/import/GraphText.h"

namespace graphc::test {
namespace {

const std::string kScalar = "dtype: DT_FLOAT tensor_shape {} float_val: 0.5";
const std::string kVariable = attribute("dtype", "type: DT_FLOAT") + attribute("shape", "shape {}");

/// A variable that is trained, a random op, and an alias ("mean" is found by a node's name).
std::string goodNodes() {
  return placeholder("x", "dim { size: 2 }") + constant("rate", kScalar) +
         node("v", "VariableV2", {}, kVariable) + node("v/Assign", "Assign", {"v", "rate"}) +
         node("v/read", "Identity", {"v"}) +
         constant("shape", "dtype: DT_INT32 tensor_shape { dim { size: 1 } } int_val: 2") +
         node("noise", "RandomUniform", {"shape"}, attribute("dtype", "type: DT_FLOAT")) +
         node("noisy", "Add", {"x", "noise"}) + node("scaled", "Mul", {"noisy", "v/read"}) +
         node("train", "ApplyGradientDescent", {"v", "rate", "v/read"});
}
std::string wrongNode() { return node("wrong", "MatMul", {"scaled", "scaled"}); }

const char *const kWhy =
    ": node 'wrong' (MatMul): matmul expects a to have rank 2 or more, got float32[2]";

/// All that a user sees of a graph.
struct Seen {
  explicit Seen(const Graph &graph)
      : mlir(graph.to_mlir()), variables(graph.global_variables().size()),
        trainable(graph.trainable_variables().size()), ops(graph.get_operations().size()) {}
  bool operator==(const Seen &) const = default;
  std::string mlir;
  std::size_t variables, trainable, ops;
};

TEST_F(ImportTest, WhatFailsLeavesAnEmptyGraphEmpty) {
  const Seen before(graph);
  EXPECT_EQ(errorOf(goodNodes() + wrongNode()), kWhy);
  EXPECT_TRUE(Seen(graph) == before) << graph.to_mlir();
  EXPECT_EQ(graph.verify(), "");
}

TEST_F(ImportTest, WhatFailsLeavesNoNames) {
  EXPECT_EQ(errorOf(goodNodes() + wrongNode()), kWhy);
  EXPECT_EQ(errorFrom([&] { graph.get_operation_by_name("scaled"); }).message(),
            "the name 'scaled' refers to an operation that is not in the graph");
  EXPECT_EQ(graph.unique_name("x"), "x");
  EXPECT_EQ(graph.get_variable("v", Shape{}).name(),
            "v:0"); // and no variable of that name is found
}

TEST_F(ImportTest, WhatFailsLeavesEarlierOpsAlone) {
  const Output mine = graph.placeholder(float32, {2}, "mine");
  const Variable w = graph.variable(3.f, {.name = "w"});
  const Output product = multiply(mine, w.value(), "product");
  const Seen before(graph);
  EXPECT_EQ(errorOf(goodNodes() + wrongNode(), {.input_map = {{"x", product}}}), kWhy);
  EXPECT_TRUE(Seen(graph) == before) << graph.to_mlir();

  Session session(graph);
  session.run(graph.global_variables_initializer());
  const auto out = session.run({{mine, Tensor::of<float>({2}, {1, 2})}}, product);
  EXPECT_EQ(out[0].values<float>()[1], 6);
}

TEST_F(ImportTest, WhatFailedCanBeImportedOnceItIsRight) {
  EXPECT_EQ(errorOf(goodNodes() + wrongNode()), kWhy);
  importText(goodNodes() + node("total", "Neg", {"v/read"}));
  EXPECT_EQ(graph.global_variables().size(), 1u);
  EXPECT_EQ(graph.verify(), "");
  Session session(graph);
  session.run(graph.global_variables_initializer());
  EXPECT_EQ(session.run("total:0")[0].scalar<float>(), -0.5f);
  session.run("train");
  EXPECT_EQ(session.variable("v").scalar<float>(), 0.25f);
}

TEST_F(ImportTest, ElementsThatAreNotThereLeaveNothing) {
  const Seen before(graph);
  EXPECT_EQ(errorOf(goodNodes(), {.return_elements = {"x:3"}}),
            ": the element 'x:3' to return: node 'x' (Placeholder) has 1 output");
  EXPECT_TRUE(Seen(graph) == before) << graph.to_mlir();
}

TEST_F(ImportTest, WhatFailsInABodyLeavesTheBody) {
  const Output start = graph.constant(Tensor(1.f));
  while_loop([&](const std::vector<Output> &state) { return less(state[0], 10.f); },
             [&](const std::vector<Output> &state) {
               EXPECT_EQ(errorOf(placeholder("x", "") + node("y", "Neg", {"x", "x"})),
                         ": node 'y' (Neg): expected 1 input, got 2");
               return std::vector<Output>{add(state[0], 1.f)};
             },
             {start});
  EXPECT_EQ(graph.verify(), "");
}

TEST(FailedImports, KeptErrorsAreTakenBack) {
  Graph graph(Graph::Options{.deferred_errors = true});
  const std::string name = (std::filesystem::path(testing::TempDir()) / "kept.pbtxt").string();
  writeText(name, goodNodes() + wrongNode());
  EXPECT_EQ(errorFrom([&] { import_graph_def(graph, name); }).message(), "'" + name + "'" + kWhy);
  EXPECT_FALSE(graph.error());
  EXPECT_TRUE(graph.get_operations().empty());
  std::filesystem::remove(name);
}

} // namespace
} // namespace graphc::test
