// Loops, branches and calls whose bodies are functions of the library.
#include <random>

#include <google/protobuf/text_format.h>

#include "runtime/protos/graph_def.pb.h"
#include "tests/unit/import/DamagedImport.h"
#include "tests/unit/import/FunctionText.h"

namespace graphc::test {
namespace {

class Functions : public FunctionsImportTest {
protected:
  std::vector<Tensor> run(const std::vector<Fetches::Fetch> &fetches) {
    Session session(graph);
    return session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, fetches);
  }
  /// d sum(y) / d x at [2, 3].
  std::vector<float> gradient(const std::string &y) {
    const Output dx =
        gradients({graph.get_tensor_by_name(y)}, {graph.get_tensor_by_name("x:0")}).front();
    Session session(graph);
    const Tensor value = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {dx})[0];
    return {value.values<float>().begin(), value.values<float>().end()};
  }
};

std::string vectorX() { return placeholder("x", "dim { size: 2 }"); }

/// i < 3, over (i, y, x).
std::string below(const std::string &name, const std::string &limit = "3") {
  return function(name, {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"x", "DT_FLOAT"}},
                  {{"go", "DT_BOOL", "less:z:0"}},
                  constant("n", "dtype: DT_INT32 tensor_shape {} int_val: " + limit) +
                      node("less", "Less", {"i", "n:output:0"}));
}
/// i + 1, y * x, x.
std::string multiply(const std::string &name) {
  return function(name, {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"x_in", "DT_FLOAT"}},
                  {{"i_out", "DT_INT32", "add:z:0"},
                   {"y_out", "DT_FLOAT", "mul:z:0"},
                   {"x_out", "DT_FLOAT", "x_in"}},
                  integer("one", 1) + node("add", "AddV2", {"i", "one:output:0"}) +
                      node("mul", "Mul", {"y", "x_in"}));
}
std::string loop(const char *type = "StatelessWhile") {
  return vectorX() + integer("zero", 0) +
         node("w", type, {"zero", "x", "x"}, named("cond", "below") + named("body", "multiply")) +
         node("y", "Identity", {"w:1"});
}

TEST_F(Functions, WhileLoops) {
  importText(loop() + below("below") + multiply("multiply"));
  EXPECT_EQ(graph.get_operation_by_name("w").type(), "while");
  EXPECT_EQ(graph.verify(), "");
  const auto out = run({"y:0", "w:0", "w:2"});
  EXPECT_EQ(out[0].values<float>()[1], 81); // 3^4
  EXPECT_EQ(out[1].scalar<std::int32_t>(), 3);
  EXPECT_EQ(out[2].values<float>()[0], 2);
  EXPECT_EQ(gradient("y:0"), (std::vector<float>{32, 108})); // 4 x^3
}

TEST_F(Functions, LoopsAreNodesOfAnyPlace) {
  importText(loop("While") + below("below") + multiply("multiply"), {.prefix = "net"});
  Session session(graph);
  const auto out = session.run({{"net/x", Tensor::of<float>({2}, {2, 3})}}, {"net/y:0"});
  EXPECT_EQ(out[0].values<float>()[0], 16);
}

/// 2 x where s > 0, else x * x.
std::string branches() {
  return function("twice", {{"a", "DT_FLOAT"}}, {{"b", "DT_FLOAT", "add:z:0"}},
                  node("add", "AddV2", {"a", "a"})) +
         function("squared", {{"a", "DT_FLOAT"}}, {{"b", "DT_FLOAT", "square:y:0"}},
                  node("square", "Square", {"a"}));
}
std::string scalarS() {
  return node("s", "Placeholder", {},
              attribute("dtype", "type: DT_INT32") + attribute("shape", "shape {}"));
}

TEST_F(Functions, Branches) {
  importText(vectorX() + scalarS() + integer("zero", 0) +
             node("positive", "Greater", {"s", "zero"}) +
             node("y", "If", {"positive", "x"},
                  named("then_branch", "twice") + named("else_branch", "squared")) +
             branches());
  const Output dx =
      gradients({graph.get_tensor_by_name("y:0")}, {graph.get_tensor_by_name("x:0")}).front();
  Session session(graph);
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  const auto then = session.run({{"x", x}, {"s", Tensor(1)}}, {"y:0", dx.name()});
  EXPECT_EQ(then[0].values<float>()[1], 6);
  EXPECT_EQ(then[1].values<float>()[1], 2);
  const auto otherwise = session.run({{"x", x}, {"s", Tensor(0)}}, {"y:0", dx.name()});
  EXPECT_EQ(otherwise[0].values<float>()[1], 9);
  EXPECT_EQ(otherwise[1].values<float>()[1], 6);
}

TEST_F(Functions, CasesAndTheLastOfThemForAnyOtherIndex) {
  importText(
      vectorX() + scalarS() +
      node("y", "StatelessCase", {"s", "x"},
           attribute("branches", "list { func { name: \"twice\" } func { name: \"squared\" } "
                                 "func { name: \"negative\" } }")) +
      branches() +
      function("negative", {{"a", "DT_FLOAT"}}, {{"b", "DT_FLOAT", "neg:y:0"}},
               node("neg", "Neg", {"a"})));
  Session session(graph);
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  const std::pair<int, float> expected[] = {{0, 6}, {1, 9}, {2, -3}, {7, -3}, {-1, -3}};
  for (const auto &[index, y] : expected)
    EXPECT_EQ(session.run({{"x", x}, {"s", Tensor(index)}}, "y:0")[0].values<float>()[1], y);
}

TEST_F(Functions, CallsByAttributeAndByTypeInsideOfALoop) {
  importText(loop() + below("below") +
             function("multiply", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"x_in", "DT_FLOAT"}},
                      {{"i_out", "DT_INT32", "add:z:0"},
                       {"y_out", "DT_FLOAT", "call:output:0"},
                       {"x_out", "DT_FLOAT", "x_in"}},
                      integer("one", 1) + node("add", "AddV2", {"i", "one:output:0"}) +
                          node("call", "PartitionedCall", {"y", "x_in"}, named("f", "outer"))) +
             function("outer", {{"a", "DT_FLOAT"}, {"b", "DT_FLOAT"}},
                      {{"c", "DT_FLOAT", "product:p:0"}}, node("product", "inner", {"a", "b"})) +
             function("inner", {{"a", "DT_FLOAT"}, {"b", "DT_FLOAT"}},
                      {{"p", "DT_FLOAT", "mul:z:0"}}, node("mul", "Mul", {"a", "b"})) +
             node("once", "StatefulPartitionedCall", {"x", "x"}, named("f", "outer")));
  const auto out = run({"y:0", "once:0"});
  EXPECT_EQ(out[0].values<float>()[1], 81);
  EXPECT_EQ(out[1].values<float>()[1], 9);
  EXPECT_EQ(gradient("y:0"), (std::vector<float>{32, 108}));
}

TEST_F(Functions, LaterOutputsByTheirNames) {
  importText(
      vectorX() + integer("k", 1) +
      node("call", "PartitionedCall", {"x", "k"}, named("f", "largest")) +
      function("largest", {{"a", "DT_FLOAT"}, {"k", "DT_INT32"}},
               {{"where", "DT_INT32", "top:indices:0"}, {"part", "DT_FLOAT", "split:output:1"}},
               integer("axis", 0) + node("top", "TopKV2", {"a", "k"}) +
                   node("split", "Split", {"axis:output:0", "a"}, attribute("num_split", "i: 2"))));
  const auto out = run({"call:0", "call:1"});
  EXPECT_EQ(out[0].values<std::int32_t>()[0], 1);
  EXPECT_EQ(out[1].values<float>()[0], 3);
}

//===--- Variables ----------------------------------------------------------------------------===//

TEST_F(Functions, VariablesAreReadInALoop) {
  importText(loop() + below("below") + resourceVariable() +
             node("r", "While", {"zero", "x", "v"},
                  named("cond", "below_of_v") + named("body", "multiply_by_v")) +
             multiply("multiply") +
             function("below_of_v", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"h", "DT_RESOURCE"}},
                      {{"go", "DT_BOOL", "less:z:0"}},
                      integer("n", 2) + node("less", "Less", {"i", "n:output:0"})) +
             function("multiply_by_v", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"h", "DT_RESOURCE"}},
                      {{"i_out", "DT_INT32", "add:z:0"},
                       {"y_out", "DT_FLOAT", "mul:z:0"},
                       {"h_out", "DT_RESOURCE", "h"}},
                      integer("one", 1) + node("add", "AddV2", {"i", "one:output:0"}) +
                          node("read", "ReadVariableOp", {"h"}) +
                          node("mul", "Mul", {"y", "read:value:0"})));
  Session session(graph);
  session.run("init");
  const auto out = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {"r:1"});
  EXPECT_EQ(out[0].values<float>()[1], 300);
}

/// The variable grows by y; y is its new value then.
std::string growing(const std::string &name) {
  return function(name, {{"y", "DT_FLOAT"}, {"h", "DT_RESOURCE"}},
                  {{"y_out", "DT_FLOAT", "read:value:0"}, {"h_out", "DT_RESOURCE", "h"}},
                  node("grow", "AssignAddVariableOp", {"h", "y"}) +
                      node("read", "ReadVariableOp", {"h", "^grow"}));
}

TEST_F(Functions, VariablesAreAssignedInALoop) {
  importText(vectorX() + resourceVariable() +
             node("w", "While", {"x", "v"}, named("cond", "small") + named("body", "grow")) +
             growing("grow") +
             function("small", {{"y", "DT_FLOAT"}, {"h", "DT_RESOURCE"}},
                      {{"go", "DT_BOOL", "less:z:0"}},
                      integer("axis", 0) + number("limit", "100") +
                          node("sum", "Sum", {"y", "axis:output:0"}) +
                          node("less", "Less", {"sum:output:0", "limit:output:0"})));
  Session session(graph);
  session.run("init");
  // v, y = [10, 10], [2, 3]; [12, 13] twice; [24, 26] twice; [48, 52] twice.
  const auto out = session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, {"w:0"});
  EXPECT_EQ(out[0].values<float>()[1], 52);
  EXPECT_EQ(session.run("now:0")[0].values<float>()[0], 48);
  session.run({{"x", Tensor::of<float>({2}, {1, 2})}}, {"w"});
  EXPECT_EQ(session.run("now:0")[0].values<float>()[0], 49);
}

TEST_F(Functions, VariablesAreAssignedInABranch) {
  importText(vectorX() + scalarS() + resourceVariable() + integer("zero", 0) +
             node("positive", "Greater", {"s", "zero"}) +
             node("y", "If", {"positive", "x", "v"},
                  named("then_branch", "grow") + named("else_branch", "keep")) +
             function("grow", {{"a", "DT_FLOAT"}, {"h", "DT_RESOURCE"}},
                      {{"b", "DT_FLOAT", "read:value:0"}},
                      node("call", "StatefulPartitionedCall", {"a", "h"}, named("f", "inner")) +
                          node("read", "ReadVariableOp", {"h", "^call"})) +
             function("inner", {{"a", "DT_FLOAT"}, {"h", "DT_RESOURCE"}}, {},
                      node("assign", "AssignVariableOp", {"h", "a"})) +
             function("keep", {{"a", "DT_FLOAT"}, {"h", "DT_RESOURCE"}},
                      {{"b", "DT_FLOAT", "read:value:0"}}, node("read", "ReadVariableOp", {"h"})));
  Session session(graph);
  session.run("init");
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  EXPECT_EQ(session.run({{"x", x}, {"s", Tensor(0)}}, "y:0")[0].values<float>()[0], 10);
  EXPECT_EQ(session.run("now:0")[0].values<float>()[0], 10);
  EXPECT_EQ(session.run({{"x", x}, {"s", Tensor(1)}}, "y:0")[0].values<float>()[0], 2);
  EXPECT_EQ(session.run("now:0")[0].values<float>()[1], 3);
}

TEST_F(Functions, CallsBringTheirUpdatesAbout) {
  importText(vectorX() + resourceVariable() +
             node("call", "StatefulPartitionedCall", {"x", "v"}, named("f", "grow")) +
             node("after", "NoOp", {"^call"}) + growing("grow"));
  Session session(graph);
  session.run("init");
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  EXPECT_EQ(session.run({{"x", x}}, "call:0")[0].values<float>()[1], 13);
  session.run({{"x", x}}, {"after"});
  EXPECT_EQ(session.run("now:0")[0].values<float>()[1], 16);
}

TEST_F(Functions, ALoopHasWhatItWaitsForDone) {
  importText(loop() + below("below") + multiply("multiply") + resourceVariable() +
             node("grow", "AssignAddVariableOp", {"v", "x"}) +
             node("late", "StatelessWhile", {"zero", "x", "x", "^grow"},
                  named("cond", "below") + named("body", "multiply")));
  Session session(graph);
  session.run("init");
  EXPECT_EQ(session.run({{"x", Tensor::of<float>({2}, {2, 3})}}, "late:1")[0].values<float>()[1],
            81);
  EXPECT_EQ(session.run("now:0")[0].values<float>()[1], 13);
}

//===--- Errors -------------------------------------------------------------------------------===//

TEST_F(Functions, MissingFunctions) {
  EXPECT_EQ(
      ImportTest::errorOf(withOneLibrary(loop() + below("below"))),
      ": node 'w' (StatelessWhile): attribute 'body' names the function 'multiply', which the "
      "library does not have");
  EXPECT_TRUE(graph.get_operations().empty());
}

TEST_F(Functions, Recursion) {
  EXPECT_EQ(errorOf(vectorX() + node("y", "PartitionedCall", {"x"}, named("f", "f")) +
                    function("f", {{"a", "DT_FLOAT"}}, {{"b", "DT_FLOAT", "c:b:0"}},
                             node("c", "g", {"a"})) +
                    function("g", {{"a", "DT_FLOAT"}}, {{"b", "DT_FLOAT", "c:output:0"}},
                             node("c", "PartitionedCall", {"a"}, named("f", "f")))),
            ": a function calls itself: 'f' -> 'g' -> 'f'");
}

TEST_F(Functions, ArgumentsThatAreListsOfTensors) {
  std::string listed = function("f", {{"a", "DT_FLOAT"}}, {{"b", "DT_FLOAT", "a"}}, "");
  const std::string type = "type: DT_FLOAT";
  listed.replace(listed.find(type), type.size(), "type: DT_FLOAT number_attr: \"N\"");
  EXPECT_EQ(errorOf(vectorX() + node("y", "PartitionedCall", {"x"}, named("f", "f")) + listed),
            ", function 'f': the argument 'a' is a list of tensors");
}

TEST_F(Functions, UnknownOpsInFunctionsAreListed) {
  EXPECT_EQ(errorOf(loop() + below("below") +
                    function("multiply", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"x", "DT_FLOAT"}},
                             {{"i_out", "DT_INT32", "i"},
                              {"y_out", "DT_FLOAT", "odd:y:0"},
                              {"x_out", "DT_FLOAT", "x"}},
                             node("odd", "Bessel", {"y"}))),
            " has op types or dtypes that graphc does not know:\n"
            "  Bessel: 1 node ('odd' in 'multiply'); needs a rule under frontend/import/rules and "
            "ops that compute it");
}

TEST_F(Functions, UpdatesOfRowsInARegionAreListed) {
  EXPECT_EQ(errorOf(vectorX() + resourceVariable() + scalarS() + integer("zero", 0) +
                    node("positive", "Greater", {"s", "zero"}) +
                    node("y", "If", {"positive", "x", "v"},
                         named("then_branch", "descend") + named("else_branch", "descend")) +
                    function("descend", {{"a", "DT_FLOAT"}, {"h", "DT_RESOURCE"}},
                             {{"b", "DT_FLOAT", "a"}},
                             number("rate", "1") + integer("row", 0) +
                                 node("step", "ResourceSparseApplyAdagrad",
                                      {"h", "h", "rate:output:0", "a", "row:output:0"}))),
            " has op types or dtypes that graphc does not know:\n"
            "  ResourceSparseApplyAdagrad in a loop or branch: 1 node ('step' in 'descend'); needs "
            "an update of some rows outside of loops and branches, or of all rows");
}

TEST_F(Functions, BodiesOfOtherTypes) {
  EXPECT_EQ(errorOf(vectorX() + integer("zero", 0) +
                    node("w", "StatelessWhile", {"zero", "x", "x"},
                         named("cond", "below") + named("body", "sum")) +
                    below("below") +
                    function("sum", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"x", "DT_FLOAT"}},
                             {{"i_out", "DT_INT32", "i"},
                              {"y_out", "DT_FLOAT", "sum:output:0"},
                              {"x_out", "DT_FLOAT", "x"}},
                             integer("axis", 0) + node("sum", "Sum", {"y", "axis:output:0"}))),
            ": node 'w' (StatelessWhile): loop variable 1 enters an iteration as float32[2] and "
            "leaves it as float32[]: expected it to keep its dtype and shape");
}

TEST_F(Functions, OtherNumbersOfArgumentsAndResults) {
  EXPECT_EQ(errorOf(vectorX() + node("y", "PartitionedCall", {"x", "x"}, named("f", "squared")) +
                    branches()),
            ", function 'squared': expected 1 argument, got 2");
  EXPECT_EQ(errorOf(vectorX() + integer("zero", 0) +
                    node("w", "StatelessWhile", {"zero", "x", "x"},
                         named("cond", "below") + named("body", "less")) +
                    below("below") +
                    function("less", {{"i", "DT_INT32"}, {"y", "DT_FLOAT"}, {"x", "DT_FLOAT"}},
                             {{"i_out", "DT_INT32", "i"}, {"y_out", "DT_FLOAT", "y"}}, "")),
            ": node 'w' (StatelessWhile): expected 3 loop variables, got 2");
}

TEST_F(Functions, WrongNamesInFunctions) {
  const auto with = [&](const std::string &result, const std::string &input) {
    return errorOf(vectorX() + node("y", "PartitionedCall", {"x"}, named("f", "f")) +
                   function("f", {{"a", "DT_FLOAT"}}, {{"b", "DT_FLOAT", result}},
                            node("n", "Neg", {input.c_str()}) + integer("k", 1) +
                                node("top", "TopKV2", {"a", "k:output:0"})));
  };
  EXPECT_EQ(with("n:y:0", "c"), ", function 'f': input 'c' of node 'n' (Neg) does not exist");
  EXPECT_EQ(with("m:y:0", "a"), ", function 'f': result 'b' ('m:y:0') does not exist");
  EXPECT_EQ(with("top:rest:0", "a"),
            ", function 'f': result 'b' ('top:rest:0'): TopKV2 has no output 'rest'");
  EXPECT_EQ(with("n:y:-1", "a"),
            ", function 'f': result 'b' ('n:y:-1') is no name of a tensor: expected "
            "'node:output:number'");
}

/// Damaged graphs with functions give a graph or an error, and nothing else.
TEST(DamagedFunctions, FlippedBits) {
  proto::GraphDef message;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      withOneLibrary(loop() + below("below") + multiply("multiply") + resourceVariable() +
                     node("call", "StatefulPartitionedCall", {"x", "v"}, named("f", "grow")) +
                     growing("grow")),
      &message));
  const std::string whole = message.SerializeAsString();
  std::mt19937 random(1);
  for (int i = 0; i < 1500; ++i)
    importDamaged(withFlippedBits(whole, random));
}

} // namespace
} // namespace graphc::test
