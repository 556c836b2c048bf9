// Lists of tensors, in straight lines and in loops.
#include "tests/unit/import/FunctionText.h"

namespace graphc::test {
namespace {

using TensorLists = FunctionsImportTest;

std::string unknownShape() { return integer("any", -1); }
const std::string kFloats = attribute("element_dtype", "type: DT_FLOAT");

TEST_F(TensorLists, ListsOfTheRowsOfATensor) {
  importText(
      placeholder("x", "dim { size: 3 } dim { size: 2 }") + unknownShape() + integer("one", 1) +
      node("list", "TensorListFromTensor", {"x", "any"}) +
      node("copy", "Identity", {"list"}, attribute("T", "type: DT_VARIANT")) +
      node("item", "TensorListGetItem", {"copy", "one", "any"}) +
      node("set", "TensorListSetItem", {"list", "one", "item0"}) +
      constant("item0", "dtype: DT_FLOAT tensor_shape { dim { size: 2 } } float_val: 7") +
      node("all", "TensorListStack", {"set", "any"}, kFloats) +
      node("length", "TensorListLength", {"set"}) +
      node("shape", "TensorListElementShape", {"set"}, attribute("shape_type", "type: DT_INT64")) +
      node("joined", "TensorListConcatV2", {"set", "any", "lead"}, kFloats) +
      constant("lead", "dtype: DT_INT64 tensor_shape { dim {} }"));
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6})}},
                               {"item:0", "all:0", "length:0", "shape:0", "joined:0", "joined:1"});
  EXPECT_EQ(out[0].values<float>()[1], 4);
  EXPECT_EQ(out[1].values<float>()[2], 7);
  EXPECT_EQ(out[1].values<float>()[4], 5);
  EXPECT_EQ(out[2].scalar<std::int32_t>(), 3);
  EXPECT_EQ(out[3].values<std::int64_t>()[0], 2);
  EXPECT_EQ(out[4].shape(), Shape({6}));
  EXPECT_EQ(out[5].values<std::int64_t>()[2], 2);
}

TEST_F(TensorLists, ListsThatGrowAndShrink) {
  importText(placeholder("x", "dim { size: 2 }") + placeholder("y", "dim { size: 2 }") +
             unknownShape() + integer("most", 4) +
             node("empty", "EmptyTensorList", {"any", "most"}, kFloats) +
             node("one", "TensorListPushBack", {"empty", "x"}) +
             node("two", "TensorListPushBack", {"one", "y"}) +
             node("pop", "TensorListPopBack", {"two", "any"}) +
             node("all", "TensorListStack", {"two", "any"}) +
             node("rest", "TensorListStack", {"pop", "any"}));
  Session session(graph);
  const auto out =
      session.run({{"x", Tensor::of<float>({2}, {1, 2})}, {"y", Tensor::of<float>({2}, {3, 4})}},
                  {"all:0", "rest:0", "pop:1"});
  EXPECT_EQ(out[0].shape(), Shape({2, 2}));
  EXPECT_EQ(out[0].values<float>()[2], 3);
  EXPECT_EQ(out[1].shape(), Shape({1, 2}));
  EXPECT_EQ(out[2].values<float>()[1], 4);
}

TEST_F(TensorLists, ElementsNeverWrittenAreZeros) {
  importText(placeholder("x", "dim { size: 2 }") + integer("zero", 0) + integer("three", 3) +
             constant("pair", "dtype: DT_INT32 tensor_shape { dim { size: 1 } } int_val: 2") +
             unknownShape() + node("known", "TensorListReserve", {"pair", "three"}, kFloats) +
             node("all", "TensorListStack", {"known", "any"}) +
             node("unknown", "TensorListReserve", {"any", "three"}, kFloats) +
             node("item", "TensorListGetItem", {"unknown", "zero", "pair"}));
  Session session(graph);
  const auto out = session.run({}, {"all:0", "item:0"});
  EXPECT_EQ(out[0].shape(), Shape({3, 2}));
  EXPECT_EQ(out[0].values<float>()[5], 0);
  EXPECT_EQ(out[1].shape(), Shape({2}));
}

/// out[i] = h = tanh(h + x[i]) for i < 4; the elements of `out` are of an unknown shape.
std::string scan(const std::string &extents, const std::string &rows) {
  return placeholder("x", extents) + placeholder("h", rows) + unknownShape() + integer("zero", 0) +
         integer("four", 4) + node("in", "TensorListFromTensor", {"x", "any"}) +
         node("out", "TensorListReserve", {"any", "four"}, kFloats) +
         node("w", "StatelessWhile", {"zero", "h", "out", "in"},
              named("cond", "below") + named("body", "step")) +
         node("all", "TensorListStack", {"w:2", "any"}) +
         function(
             "below",
             {{"i", "DT_INT32"}, {"h", "DT_FLOAT"}, {"out", "DT_VARIANT"}, {"in", "DT_VARIANT"}},
             {{"go", "DT_BOOL", "less:z:0"}},
             integer("n", 4) + node("less", "Less", {"i", "n:output:0"})) +
         function(
             "step",
             {{"i", "DT_INT32"}, {"h", "DT_FLOAT"}, {"out", "DT_VARIANT"}, {"in", "DT_VARIANT"}},
             {{"i_out", "DT_INT32", "next:z:0"},
              {"h_out", "DT_FLOAT", "tanh:y:0"},
              {"out_out", "DT_VARIANT", "set:output_handle:0"},
              {"in_out", "DT_VARIANT", "in"}},
             integer("one", 1) + integer("shape", -1) +
                 node("next", "AddV2", {"i", "one:output:0"}) +
                 node("item", "TensorListGetItem", {"in", "i", "shape:output:0"}) +
                 node("sum", "AddV2", {"h", "item:item:0"}) + node("tanh", "Tanh", {"sum:z:0"}) +
                 node("set", "TensorListSetItem", {"out", "i", "tanh:y:0"}));
}

/// tanh, four times, at x = 0.1, 0.2, 0.3, 0.4 and h = 0.5: the last value and its derivatives.
void expectScan(Graph &graph, const Shape &x, const Shape &h) {
  const Output loss = reduce_sum(graph.get_tensor_by_name("all:0"));
  const auto by =
      gradients({loss}, {graph.get_tensor_by_name("x:0"), graph.get_tensor_by_name("h:0")});
  Session session(graph);
  std::vector<float> xs, hs(static_cast<std::size_t>(h.num_elements()), 0.5f);
  const std::int64_t row = h.num_elements();
  for (std::int64_t i = 0; i < 4 * row; ++i)
    xs.push_back(0.1f * static_cast<float>(i / row + 1));
  const auto out = session.run({{"x", Tensor::of<float>(x, xs)}, {"h", Tensor::of<float>(h, hs)}},
                               {graph.get_tensor_by_name("all:0"), by[0], by[1]});
  double value = 0.5, slope[4], sum = 0;
  for (int t = 0; t < 4; ++t) {
    value = std::tanh(value + 0.1 * (t + 1));
    slope[t] = 1 - value * value;
    EXPECT_NEAR(out[0].values<float>()[static_cast<std::size_t>(t * row)], value, 1e-6);
  }
  for (int t = 3; t >= 0; --t) {
    sum = slope[t] * (1 + sum);
    EXPECT_NEAR(out[1].values<float>()[static_cast<std::size_t>(t * row)], sum, 1e-6);
  }
  EXPECT_NEAR(out[2].values<float>()[0], sum, 1e-6);
}

TEST_F(TensorLists, ListsThatALoopFills) {
  importText(scan("dim { size: 4 } dim { size: 2 }", "dim { size: 2 }"));
  EXPECT_EQ(graph.verify(), "");
  EXPECT_EQ(graph.get_tensor_by_name("all:0").shape(), Shape({4, 2}));
  EXPECT_THROW(graph.get_operation_by_name("w/first/tanh"), Error); // left no trace
  expectScan(graph, {4, 2}, {2});
}

TEST_F(TensorLists, ListsOfElementsWhoseShapeIsFed) {
  importText(scan("dim { size: -1 } dim { size: -1 } dim { size: 2 }",
                  "dim { size: -1 } dim { size: 2 }"));
  EXPECT_EQ(graph.get_tensor_by_name("all:0").shape(), Shape({4, -1, 2}));
  expectScan(graph, {4, 3, 2}, {3, 2});
}

TEST_F(TensorLists, ListsOfALoopThatNobodyBounds) {
  const std::string text =
      placeholder("x", "dim { size: 2 }") + integer("any", -1) + integer("zero", 0) +
      node("list", "EmptyTensorList", {"any", "any"}, kFloats) +
      node("w", "StatelessWhile", {"zero", "x", "list"},
           named("cond", "below") + named("body", "step")) +
      node("y", "Identity", {"w:1"}) +
      function("below", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"list", "DT_VARIANT"}},
               {{"go", "DT_BOOL", "less:z:0"}},
               integer("axis", 0) + number("limit", "50") +
                   node("sum", "Sum", {"y", "axis:output:0"}) +
                   node("less", "Less", {"sum:output:0", "limit:output:0"})) +
      function("step", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"list", "DT_VARIANT"}},
               {{"i_out", "DT_INT32", "next:z:0"},
                {"y_out", "DT_FLOAT", "square:y:0"},
                {"list_out", "DT_VARIANT", "push:output_handle:0"}},
               integer("one", 1) + node("next", "AddV2", {"i", "one:output:0"}) +
                   node("square", "Square", {"y"}) +
                   node("push", "TensorListPushBack", {"list", "y"}));
  importText(text);
  Session session(graph);
  EXPECT_EQ(session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, "y:0")[0].values<float>()[1], 81);
  Graph other;
  const std::string all = in("all.pbtxt");
  writeText(all, withOneLibrary(text + node("all", "TensorListStack", {"w:2", "any"})));
  EXPECT_EQ(
      errorFrom([&] { import_graph_def(other, all); }).message(),
      "'" + all +
          "': node 'all' (TensorListStack): the list of node 'list' has no greatest length: "
          "expected its max_num_elements to be given, or a counter to end the loop that writes it");
}

TEST_F(TensorLists, ListsUsedWrongly) {
  const std::string start = placeholder("x", "dim { size: 2 }") + unknownShape() +
                            integer("zero", 0) + integer("two", 2) + integer("one", 1) +
                            node("list", "TensorListReserve", {"any", "two"}, kFloats);
  EXPECT_EQ(errorOf(start + node("y", "TensorListGetItem", {"list", "zero", "any"})),
            ": node 'y' (TensorListGetItem): the list of node 'list' is read before an element is "
            "written, and its elements' shape <unknown> is not known");
  EXPECT_EQ(errorOf(start + node("y", "TensorListSetItem", {"list", "zero", "one"})),
            ": node 'y' (TensorListSetItem): expected an element of float32 for the list of node "
            "'list', got int32[]");
  EXPECT_EQ(errorOf(start + node("y", "TensorListPushBack", {"list", "x"})),
            ": node 'y' (TensorListPushBack): the list of node 'list' was made with all its "
            "elements: expected one of EmptyTensorList to push an element back");
  EXPECT_EQ(errorOf(start + node("y", "TensorListStack", {"x", "any"})),
            ": node 'y' (TensorListStack): input 0: expected a list of tensors");
  EXPECT_EQ(errorOf(start + node("y", "Neg", {"list"})),
            ": node 'y' (Neg): input 0 is no tensor of numbers");
}

} // namespace
} // namespace graphc::test
