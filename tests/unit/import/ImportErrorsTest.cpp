// Graphs that are refused, and the words for it.
#include "tests/unit/import/GraphText.h"

namespace graphc::test {
namespace {

TEST_F(ImportTest, UnknownOpsAreListedOnce) {
  EXPECT_EQ(
      errorOf(placeholder("x", "") + node("a", "DecodeJpeg", {"x"}) +
              node("b", "DecodeJpeg", {"x"}) + node("c", "DecodeJpeg", {"x"}) +
              node("d", "DecodeJpeg", {"x"}) + node("e", "Bessel", {"x"}) +
              node("f", "Placeholder", {}, attribute("dtype", "type: DT_HALF"))),
      " has op types or dtypes that graphc does not know:\n"
      "  Bessel: 1 node ('e'); needs a rule under frontend/import/rules and ops that compute it\n"
      "  DecodeJpeg: 4 nodes ('a', 'b', 'c', ...); needs reading files: feed what they hold\n"
      "  Placeholder of half: 1 node ('f'); needs another dtype: float32, float64, int32, int64, "
      "bool or uint8");
  EXPECT_TRUE(graph.get_operations().empty()); // nothing was recorded
}

TEST_F(ImportTest, WrongNames) {
  EXPECT_EQ(errorOf(placeholder("x", "") + placeholder("x", "")), ": two nodes are called 'x'");
  EXPECT_EQ(errorOf("node { op: \"NoOp\" }"), ": node number 0 (NoOp) has no name");
  EXPECT_EQ(errorOf(node("a:0", "NoOp", {})),
            ": node 'a:0' has a name with ':', '^' or a space in it");
  graph.placeholder(float32, {}, "x");
  EXPECT_EQ(errorOf(placeholder("x", "")),
            ": the graph has an op called 'x' already: import it under another prefix");
}

TEST_F(ImportTest, WrongInputs) {
  EXPECT_EQ(errorOf(node("y", "Neg", {"x"})), ": input 'x' of node 'y' (Neg) does not exist");
  EXPECT_EQ(errorOf(placeholder("x", "") + node("y", "Neg", {"x:-1"})),
            ": input 'x:-1' of node 'y' (Neg) is no name of a tensor: expected 'name' or "
            "'name:number'");
  EXPECT_EQ(errorOf(placeholder("x", "") + node("y", "Neg", {"^x", "x"})),
            ": node 'y' (Neg) has the input 'x' behind a control input");
  EXPECT_EQ(errorOf(placeholder("x1", "") + node("y1", "Neg", {"x1", "x1"})),
            ": node 'y1' (Neg): expected 1 input, got 2");
}

TEST_F(ImportTest, OutputsThatANodeDoesNotHave) {
  EXPECT_EQ(errorOf(placeholder("x", "") + node("y", "Neg", {"x:1"})),
            ": node 'y' (Neg): input 0 is output 1 of node 'x' (Placeholder), which has 1");
}

TEST_F(ImportTest, CyclesWithoutALoop) {
  EXPECT_EQ(errorOf(node("a", "Neg", {"c"}) + node("b", "Neg", {"a"}) + node("c", "Neg", {"b"})),
            ": nodes wait for each other: 'a' -> 'b' -> 'c' -> 'a'");
}

TEST_F(ImportTest, WrongAttributes) {
  EXPECT_EQ(errorOf(placeholder("x", "") +
                    node("y", "MatMul", {"x", "x"}, attribute("transpose_a", "i: 1"))),
            ": node 'y' (MatMul): attribute 'transpose_a': expected a bool, got an integer");
}

TEST_F(ImportTest, MissingAttributes) {
  EXPECT_EQ(errorOf(node("x", "Placeholder", {})),
            ": node 'x' (Placeholder): attribute 'dtype' is missing");
}

TEST_F(ImportTest, AttributesThatContradictTheInputs) {
  EXPECT_EQ(
      errorOf(placeholder("x", "") + node("y", "Neg", {"x"}, attribute("T", "type: DT_INT32"))),
      ": node 'y' (Neg): attribute 'T' is int32, input 0 is float32");
}

TEST_F(ImportTest, ContentThatDoesNotFitItsShape) {
  EXPECT_EQ(
      errorOf(constant("c", "dtype: DT_FLOAT tensor_shape { dim { size: 3 } } "
                            "tensor_content: \"abcd\"")),
      ": node 'c' (Const): attribute 'value': a tensor float32[3] has 12 bytes, its content 4");
}

TEST_F(ImportTest, MoreElementsThanTheShapeHas) {
  EXPECT_EQ(
      errorOf(constant("c", "dtype: DT_INT32 tensor_shape { dim { size: 1 } } int_val: 1 "
                            "int_val: 2")),
      ": node 'c' (Const): attribute 'value': a tensor of shape [1] has 1 elements, 2 are given");
}

TEST_F(ImportTest, AbsurdSizes) {
  EXPECT_EQ(errorOf(constant("c", "dtype: DT_FLOAT tensor_shape { dim { size: 9999999999999 } "
                                  "dim { size: 9999999999999 } }")),
            ": node 'c' (Const): attribute 'value': a shape of more than 1099511627776 elements");
}

TEST_F(ImportTest, NegativeExtents) {
  EXPECT_EQ(errorOf(placeholder("c", "dim { size: -7 }")),
            ": node 'c' (Placeholder): attribute 'shape': a shape with the extent -7");
}

TEST_F(ImportTest, WhatMustBeKnown) {
  EXPECT_EQ(
      errorOf(placeholder("x", "dim { size: 2 }") +
              node("axis", "Placeholder", {},
                   attribute("dtype", "type: DT_INT32") + attribute("shape", "shape {}")) +
              node("y", "Sum", {"x", "axis"})),
      ": node 'y' (Sum): the axes (input 1) must be known while the graph is imported, but is "
      "computed from what is fed");
}

TEST_F(ImportTest, ShapesThatDoNotFit) {
  EXPECT_EQ(errorOf(placeholder("a", "dim { size: 2 } dim { size: 3 }") +
                    node("y", "MatMul", {"a", "a"})),
            ": node 'y' (MatMul): matmul expects the inner extents to agree, got float32[2,3] and "
            "float32[2,3]");
}

TEST_F(ImportTest, InputsAreCountedBeforeLoopsAreLookedFor) {
  const std::string frame = attribute("frame_name", "s: \"loop\"");
  const auto loopWith = [&](const std::string &enter, const std::string &cond) {
    return constant("one", "dtype: DT_INT32 tensor_shape {} int_val: 1") + enter +
           node("merge", "Merge", {"enter", "next"}) + node("less", "Less", {"merge", "enter"}) +
           cond + node("switch", "Switch", {"merge", "cond"}) +
           node("next", "NextIteration", {"switch:1"}) + node("exit", "Exit", {"switch"});
  };
  const std::string cond = node("cond", "LoopCond", {"less"});
  EXPECT_EQ(errorOf(loopWith(node("enter", "Enter", {}, frame), cond)),
            ": node 'enter' (Enter): expected 1 input, got 0");
  EXPECT_EQ(errorOf(loopWith(node("enter", "Enter", {"one"}, frame), node("cond", "LoopCond", {}))),
            ": node 'cond' (LoopCond): expected 1 input, got 0");
  EXPECT_EQ(errorOf(node("merge", "RefMerge", {})),
            ": node 'merge' (RefMerge): expected at least 1 input, got 0");
}

TEST_F(ImportTest, UpdatesThatDoNotFitTheirVariable) {
  const std::string variable =
      attribute("dtype", "type: DT_FLOAT") + attribute("shape", "shape { dim { size: 2 } }");
  EXPECT_EQ(errorOf(node("v", "VariableV2", {}, variable) + placeholder("by", "dim { size: 3 }") +
                    constant("rate", "dtype: DT_FLOAT tensor_shape {} float_val: 0.5") +
                    node("train", "ApplyGradientDescent", {"v", "rate", "by"})),
            ": train: 'graph.apply_gradient_descent' op expects a value of the variable's type "
            "float32[2], got float32[3]");
  EXPECT_TRUE(graph.get_operations().empty());
}

TEST_F(ImportTest, TextThatIsNoGraph) {
  EXPECT_EQ(errorOf("node { name: }"),
            " is no text of a GraphDef: line 1, column 14: Expected string, got: }");
}

TEST_F(ImportTest, FilesThatAreNotThere) {
  EXPECT_EQ(errorFrom([&] { import_graph_def(graph, in("none.pb")); }).message(),
            "cannot open '" + in("none.pb") + "'");
}

TEST_F(ImportTest, BytesThatAreNoGraph) {
  EXPECT_EQ(errorFrom([&] { import_graph_def(graph, GraphSource::bytes("no graph")); }).message(),
            "the graph is no serialized GraphDef, or a damaged one: 8 bytes");
}

TEST_F(ImportTest, ReturnElementsThatAreNotThere) {
  EXPECT_EQ(errorOf(placeholder("x", ""), {.return_elements = {"y"}}),
            ": the element 'y' to return does not exist");
}

} // namespace
} // namespace graphc::test
