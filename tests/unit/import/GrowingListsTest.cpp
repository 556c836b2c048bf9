// Lists that become longer, in straight lines and in loops, and lists made of parts of tensors.
#include "tests/unit/import/FunctionText.h"
#include "tests/unit/import/LoopText.h"

namespace graphc::test {
namespace {

using GrowingLists = FunctionsImportTest;

const std::string kFloats = attribute("element_dtype", "type: DT_FLOAT");
std::string unknownShape() { return integer("any", -1); }
std::string vector(const std::string &name, std::initializer_list<int> values) {
  std::string text =
      "dtype: DT_INT32 tensor_shape { dim { size: " + std::to_string(values.size()) + " } }";
  for (int value : values)
    text += " int_val: " + std::to_string(value);
  return constant(name, text);
}
std::string growingArray() {
  return node("out", "TensorArrayV3", {"zero"},
              attribute("dtype", "type: DT_FLOAT") + attribute("dynamic_size", "b: true"));
}
std::string gatherAll(const std::string &flow) {
  return node("size", "TensorArraySizeV3", {"out", flow.c_str()}) +
         node("range", "Range", {"zero", "size", "one"}) +
         node("all", "TensorArrayGatherV3", {"out", "range", flow.c_str()});
}
std::string numbers() { return integer("zero", 0) + integer("one", 1) + integer("two", 2); }

//===--- In a line ----------------------------------------------------------------------------===//

TEST_F(GrowingLists, ArraysWrittenBehindTheirEnd) {
  importText(placeholder("x", "dim { size: 2 }") + numbers() + growingArray() +
             node("third", "TensorArrayWriteV3", {"out", "two", "x", "out:1"}) +
             node("first", "TensorArrayWriteV3", {"out", "zero", "x", "third"}) +
             gatherAll("first"));
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {"all:0", "size:0"});
  EXPECT_EQ(out[0].shape(), Shape({3, 2}));
  EXPECT_EQ(out[0].values<float>()[1], 3);
  EXPECT_EQ(out[0].values<float>()[3], 0);
  EXPECT_EQ(out[0].values<float>()[5], 3);
  EXPECT_EQ(out[1].scalar<std::int32_t>(), 3);
}

TEST_F(GrowingLists, PushedBackWithoutAGreatestLength) {
  importText(placeholder("x", "dim { size: 2 }") + unknownShape() +
             node("list", "EmptyTensorList", {"any", "any"}, kFloats) +
             node("one", "TensorListPushBack", {"list", "x"}) + node("twice", "Add", {"x", "x"}) +
             node("two", "TensorListPushBack", {"one", "twice"}) +
             node("pop", "TensorListPopBack", {"two", "any"}) +
             node("again", "TensorListPushBack", {"pop", "x"}) +
             node("all", "TensorListStack", {"two", "any"}) +
             node("other", "TensorListStack", {"again", "any"}));
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {"all:0", "other:0"});
  EXPECT_EQ(out[0].shape(), Shape({2, 2}));
  EXPECT_EQ(out[0].values<float>()[3], 6);
  EXPECT_EQ(out[1].values<float>()[3], 3);
}

TEST_F(GrowingLists, Resized) {
  importText(placeholder("x", "dim { size: 3 } dim { size: 2 }") + unknownShape() +
             integer("two", 2) + integer("four", 4) +
             node("list", "TensorListFromTensor", {"x", "any"}) +
             node("short", "TensorListResize", {"list", "two"}) +
             node("long", "TensorListResize", {"short", "four"}) +
             node("a", "TensorListStack", {"short", "any"}) +
             node("b", "TensorListStack", {"long", "any"}));
  Session session(graph);
  const auto out =
      session.run({{"x", Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6})}}, {"a:0", "b:0"});
  EXPECT_EQ(out[0].shape(), Shape({2, 2}));
  EXPECT_EQ(out[1].shape(), Shape({4, 2}));
  EXPECT_EQ(out[1].values<float>()[3], 4);
  EXPECT_EQ(out[1].values<float>()[4], 0); // what was cut off does not come back
}

TEST_F(GrowingLists, Scattered) {
  importText(
      placeholder("x", "dim { size: 3 } dim { size: 2 }") + unknownShape() + integer("five", 5) +
      vector("places", {3, 0, 3}) + node("list", "TensorListScatter", {"x", "places", "any"}) +
      node("room", "TensorListScatterV2", {"x", "places", "any", "five"}) +
      node("into", "TensorListScatterIntoExistingList", {"room", "x", "some"}) +
      node("some", "Placeholder", {},
           attribute("dtype", "type: DT_INT32") + attribute("shape", "shape { dim { size: 3 } }")) +
      node("a", "TensorListStack", {"list", "any"}) +
      node("b", "TensorListStack", {"into", "any"}));
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6})},
                                {"some", Tensor::of<std::int32_t>({3}, {1, 4, 1})}},
                               {"a:0", "b:0"});
  const auto rows = [](const Tensor &t) {
    return std::vector<float>(t.values<float>().begin(), t.values<float>().end());
  };
  EXPECT_EQ(rows(out[0]), (std::vector<float>{3, 4, 0, 0, 0, 0, 5, 6})); // the last one stays
  EXPECT_EQ(rows(out[1]), (std::vector<float>{3, 4, 5, 6, 0, 0, 5, 6, 3, 4}));
}

TEST_F(GrowingLists, SplitAndJoined) {
  importText(placeholder("x", "dim { size: 4 } dim { size: 1 }") + unknownShape() +
             vector("halves", {2, 2}) + node("list", "TensorListSplit", {"x", "any", "halves"}) +
             node("item", "TensorListGetItem", {"list", "one", "any"}) + integer("one", 1) +
             node("twice", "TensorListConcatLists", {"list", "list"}, kFloats) +
             node("length", "TensorListLength", {"twice"}) +
             node("joined", "TensorListConcat", {"twice"}, kFloats) + integer("zero", 0) +
             integer("two", 2) +
             node("out", "TensorArrayV3", {"two"}, attribute("dtype", "type: DT_FLOAT")) +
             node("split", "TensorArraySplitV3", {"out", "x", "halves", "out:1"}) +
             node("read", "TensorArrayReadV3", {"out", "zero", "split"}));
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({4, 1}, {1, 2, 3, 4})}},
                               {"item:0", "length:0", "joined:0", "read:0"});
  EXPECT_EQ(out[0].shape(), Shape({2, 1}));
  EXPECT_EQ(out[0].values<float>()[1], 4);
  EXPECT_EQ(out[1].scalar<std::int32_t>(), 4);
  EXPECT_EQ(out[2].shape(), Shape({8, 1}));
  EXPECT_EQ(out[2].values<float>()[5], 2);
  EXPECT_EQ(out[3].values<float>()[1], 2);
}

//===--- In loops -----------------------------------------------------------------------------===//

/// out[i] = y, y *= x while i < 6 and, where it is only `bounded` by that, sum(y) < 20; i counts by
/// two.
std::string powers(bool bounded) {
  LoopText loop("w", bounded ? "w/both" : "w/less");
  loop.variable("i", "zero", "w/next")
      .variable("y", "x", "w/mul")
      .variable("flow", "out:1", "w/write");
  loop.constant("six", "six").constant("two", "two").constant("x", "x").constant("out", "out");
  if (bounded) {
    loop.constant("axis", "zero").constant("limit", "limit");
    loop += node("w/sum", "Sum", {"w/y/Merge", "w/axis"}) +
            node("w/small", "Less", {"w/sum", "w/limit"}) +
            node("w/both", "LogicalAnd", {"w/less", "w/small"});
  }
  loop += node("w/less", "Less", {"w/i/Merge", "w/six"}) +
          node("w/next", "Add", {"w/i/Identity", "w/two"}) +
          node("w/mul", "Mul", {"w/y/Identity", "w/x"}) +
          node("w/write", "TensorArrayWriteV3",
               {"w/out", "w/i/Identity", "w/y/Identity", "w/flow/Identity"});
  return placeholder("x", "dim { size: 2 }") + numbers() + integer("six", 6) +
         number("limit", "20") + growingArray() + loop.text();
}

/// Rows 0, 2 and 4 are x, x^2 and x^3: the length is counted while the graph is imported.
TEST_F(GrowingLists, ArraysThatALoopFills) {
  importText(powers(false) + gatherAll("w/flow/Exit"));
  EXPECT_EQ(graph.verify(), "");
  const Output all = graph.get_tensor_by_name("all:0");
  EXPECT_EQ(all.shape(), Shape({5, 2}));
  const Output dx = gradients({all}, {graph.get_tensor_by_name("x:0")}).front();
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {all, dx});
  EXPECT_EQ(out[0].values<float>()[2], 0);
  EXPECT_EQ(out[0].values<float>()[5], 9);
  EXPECT_EQ(out[0].values<float>()[9], 27);
  EXPECT_EQ(out[1].values<float>()[1], 1 + 6 + 27);
}

/// There is room for all that the loop could write; how many rows there are then is not known.
TEST_F(GrowingLists, ArraysOfALoopThatMayEndEarlier) {
  importText(powers(true) + integer("last", 2) +
             node("read", "TensorArrayReadV3", {"out", "last", "w/flow/Exit"}) +
             node("size", "TensorArraySizeV3", {"out", "w/flow/Exit"}));
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {"read:0", "size:0"});
  EXPECT_EQ(out[0].values<float>()[1], 9);
  EXPECT_EQ(out[1].scalar<std::int32_t>(), 3); // sums 5, 13, 35
  EXPECT_EQ(errorFrom([&] {
              Graph other;
              const std::string file = in("all.pbtxt");
              writeText(file, powers(true) + gatherAll("w/flow/Exit"));
              import_graph_def(other, file);
            }).message(),
            "'" + in("all.pbtxt") +
                "': node 'all' (TensorArrayGatherV3): how many elements the list of node 'out' has "
                "then is not known while the graph is imported");
}

/// Pushes three times in a loop of functions that starts with one element.
std::string pushing() {
  return placeholder("x", "dim { size: 2 }") + unknownShape() + integer("zero", 0) +
         node("empty", "EmptyTensorList", {"any", "any"}, kFloats) +
         node("one", "TensorListPushBack", {"empty", "x"}) +
         node("w", "StatelessWhile", {"zero", "x", "one"},
              named("cond", "below") + named("body", "step")) +
         function("below", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"list", "DT_VARIANT"}},
                  {{"go", "DT_BOOL", "less:z:0"}},
                  integer("n", 3) + node("less", "Less", {"i", "n:output:0"})) +
         function("step", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"list", "DT_VARIANT"}},
                  {{"i_out", "DT_INT32", "next:z:0"},
                   {"y_out", "DT_FLOAT", "sum:z:0"},
                   {"list_out", "DT_VARIANT", "push:output_handle:0"}},
                  integer("one", 1) + node("next", "AddV2", {"i", "one:output:0"}) +
                      node("sum", "AddV2", {"y", "y"}) +
                      node("push", "TensorListPushBack", {"list", "sum:z:0"}));
}

TEST_F(GrowingLists, PushedBackInALoop) {
  importText(pushing() + node("all", "TensorListStack", {"w:2", "any"}));
  Session session(graph);
  const Tensor all = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, "all:0")[0];
  EXPECT_EQ(all.shape(), Shape({4, 2}));
  EXPECT_EQ(all.values<float>()[1], 3);
  EXPECT_EQ(all.values<float>()[7], 24);
}

/// TensorFlow 2's form of an array that grows: setting an element may make the list longer.
TEST_F(GrowingLists, ElementsSetBehindTheEndInALoop) {
  importText(
      placeholder("x", "dim { size: 2 }") + unknownShape() + integer("zero", 0) +
      node("list", "TensorListReserve", {"any", "zero"}, kFloats) +
      node("w", "StatelessWhile", {"zero", "list", "x"},
           named("cond", "below") + named("body", "step")) +
      node("all", "TensorListStack", {"w:1", "any"}) +
      function("below", {{"i", "DT_INT32"}, {"list", "DT_VARIANT"}, {"x", "DT_FLOAT"}},
               {{"go", "DT_BOOL", "less:z:0"}},
               integer("n", 3) + node("less", "Less", {"i", "n:output:0"})) +
      function("step", {{"i", "DT_INT32"}, {"list", "DT_VARIANT"}, {"x", "DT_FLOAT"}},
               {{"i_out", "DT_INT32", "next:z:0"},
                {"list_out", "DT_VARIANT", "set:output_handle:0"},
                {"x_out", "DT_FLOAT", "x"}},
               integer("one", 1) + node("next", "AddV2", {"i", "one:output:0"}) +
                   node("number", "Cast", {"i"},
                        attribute("SrcT", "type: DT_INT32") + attribute("DstT", "type: DT_FLOAT")) +
                   node("mul", "Mul", {"x", "number:y:0"}) +
                   node("set", "TensorListSetItem", {"list", "i", "mul:z:0"},
                        attribute("resize_if_index_out_of_bounds", "b: true"))));
  Session session(graph);
  const Tensor all = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, "all:0")[0];
  EXPECT_EQ(all.shape(), Shape({3, 2}));
  EXPECT_EQ(all.values<float>()[5], 6);
}

/// Only the sum ends this loop: the array is carried along as nothing, and refused where it is
/// read.
TEST_F(GrowingLists, ArraysOfALoopThatNobodyBounds) {
  std::string text = powers(true);
  const std::string both = node("w/both", "LogicalAnd", {"w/less", "w/small"});
  text.replace(text.find(both), both.size(), node("w/both", "LogicalAnd", {"w/small", "w/small"}));
  const std::string less = node("w/less", "Less", {"w/i/Merge", "w/six"});
  text.erase(text.find(less), less.size());
  const std::size_t six = text.find("node { name: \"w/six\"");
  text.erase(six, text.find('\n', six) + 1 - six);
  importText(text);
  Session session(graph);
  const auto out = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {"w/y/Exit:0"});
  EXPECT_EQ(out[0].values<float>()[1], 27); // sums 5, 13, 35
  const std::string why =
      ": the list of node 'out' has no greatest length: expected its max_num_elements to be given, "
      "or a counter to end the loop that writes it";
  EXPECT_EQ(errorOf(text + node("size", "TensorArraySizeV3", {"out", "w/flow/Exit"})),
            ": node 'size' (TensorArraySizeV3)" + why);
  EXPECT_EQ(errorOf(text + node("read", "TensorArrayReadV3", {"out", "zero", "w/flow/Exit"})),
            ": node 'read' (TensorArrayReadV3)" + why);
}

//===--- What is refused ----------------------------------------------------------------------===//

TEST_F(GrowingLists, UsedWrongly) {
  const std::string start =
      placeholder("x", "dim { size: 3 } dim { size: 2 }") + unknownShape() +
      node("n", "Placeholder", {},
           attribute("dtype", "type: DT_INT32") + attribute("shape", "shape {}")) +
      node("list", "TensorListFromTensor", {"x", "any"});
  EXPECT_EQ(errorOf(start + node("y", "TensorListResize", {"list", "n"})),
            ": node 'y' (TensorListResize): the number of elements (input 1) must be known while "
            "the graph is imported, but is computed from what is fed");
  EXPECT_EQ(errorOf(start + integer("less", -1) + node("y", "TensorListResize", {"list", "less"})),
            ": node 'y' (TensorListResize): the number of elements (input 1): expected 0 or more, "
            "got -1");
  EXPECT_EQ(
      errorOf(start + vector("at", {0, 7, 1}) + integer("five", 5) +
              node("y", "TensorListScatterV2", {"x", "at", "any", "five"})),
      ": node 'y' (TensorListScatterV2): the elements' numbers (input 1): expected numbers in "
      "[0, 5), got 7");
  EXPECT_EQ(
      errorOf(start + vector("at", {0, 1}) +
              node("y", "TensorListScatterIntoExistingList", {"list", "x", "at"})),
      ": node 'y' (TensorListScatterIntoExistingList): expected elements and their numbers of "
      "one known count, got [3,2] and [2]");
  EXPECT_EQ(errorOf(start + vector("parts", {1, 2}) +
                    node("y", "TensorListSplit", {"x", "any", "parts"})),
            ": node 'y' (TensorListSplit): elements of the lengths 1 and 2: expected all of one "
            "length");
  EXPECT_EQ(
      errorOf(start + vector("parts", {2, 2}) +
              node("y", "TensorListSplit", {"x", "any", "parts"})),
      ": node 'y' (TensorListSplit): the elements' lengths (input 2): expected them to add up "
      "to 3, got 2 of 2");
  EXPECT_EQ(errorOf(start +
                    constant("much", "dtype: DT_INT64 tensor_shape {} int64_val: 5000000000") +
                    node("y", "TensorListResize", {"list", "much"})),
            ": node 'y' (TensorListResize): a list of 5000000000 elements: expected no more than "
            "2147483647");
}

} // namespace
} // namespace graphc::test
