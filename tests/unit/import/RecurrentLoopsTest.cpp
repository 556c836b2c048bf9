// Loops of dataflow form that are recurrences, and what looks like them and is none.
#include "tests/unit/import/FunctionText.h"

namespace graphc::test {
namespace {

/// What a test makes different about the loop.
struct Different {
  std::string less = node("less", "Less", {"t/Merge", "limit"}); ///< what "cond" reads
  const char *added = "read";                                    ///< to the sum, in the body
  std::string nodes = {};                                        ///< further ones
};

/// A counter, an array that is read and one that is written: s += x[t], out[t] = s * s. `limit`
/// is what the counter is compared with.
std::string loop(const char *limit, const Different &different = {}) {
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
  return text + node("limit", "Enter", {limit}, frame) + different.less +
         node("cond", "LoopCond", {"less"}) + node("t_next", "Add", {"t/Identity", "one"}) +
         node("in_handle", "Enter", {"in"}, frame) + node("in_flow", "Enter", {"scatter"}, frame) +
         node("read", "TensorArrayReadV3", {"in_handle", "t/Identity", "in_flow"}) +
         node("s_next", "Add", {"s/Identity", different.added}) +
         node("square", "Square", {"s_next"}) + node("out_handle", "Enter", {"out"}, frame) +
         node("write", "TensorArrayWriteV3",
              {"out_handle", "t/Identity", "square", "flow/Identity"}) +
         node("all", "TensorArrayGatherV3", {"out", "range", "flow/Exit"}) + different.nodes;
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

/// The handle goes into the loop, where its value is read: one value for all steps.
TEST_F(ImportTest, RecurrencesReadResourceVariablesInside) {
  importText(resourceVariable() +
             loop("steps", {.added = "with_v",
                            .nodes = node("handle", "Enter", {"v"},
                                          attribute("frame_name", "s: \"sum/while/context\"") +
                                              attribute("is_constant", "b: true")) +
                                     node("value", "ReadVariableOp", {"handle"}) +
                                     node("with_v", "Mul", {"read", "value"})}));
  EXPECT_EQ(graph.get_operation_by_name("sum/while").type(), "static_rnn");
  const Output last = graph.get_tensor_by_name("s/Exit:0");
  const Output dv = gradients({last}, {graph.get_tensor_by_name("v/read:0")}).front();
  Session session(graph);
  session.run("init");
  const auto out =
      session.run({{"x", Tensor::of<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})}}, {last, dv});
  EXPECT_EQ(out[0].values<float>()[1], 200); // 10 (2 + 4 + 6 + 8)
  EXPECT_EQ(out[1].values<float>()[1], 20);
}

//===--- What only looks like a recurrence ----------------------------------------------------===//

TEST_F(ImportTest, AConditionWithoutItsSecondInput) {
  EXPECT_EQ(errorOf(loop("steps", {.less = node("almost", "Less", {"t/Merge", "limit"}) +
                                           node("less", "LogicalAnd", {"almost"})})),
            ": node 'less' (LogicalAnd): expected 2 inputs, got 1");
}

/// The shortest of the loops that end with the longest sequence, its greatest length missing.
TEST_F(ImportTest, AGreatestLengthWithoutInputs) {
  EXPECT_EQ(errorOf(loop("least", {.nodes = node("greatest", "Max", {}) +
                                            node("most", "Maximum", {"one", "greatest"}) +
                                            node("least", "Minimum", {"steps", "most"})})),
            ": node 'greatest' (Max): expected 2 inputs, got 0");
}

TEST_F(ImportTest, AnEnterWithoutInputs) {
  EXPECT_EQ(
      errorOf(loop("steps", {.added = "both",
                             .nodes = node("nothing", "Enter", {},
                                           attribute("frame_name", "s: \"sum/while/context\"")) +
                                      node("both", "Add", {"read", "nothing"})})),
      ": node 'nothing' (Enter): expected 1 input, got 0");
}

} // namespace
} // namespace graphc::test
