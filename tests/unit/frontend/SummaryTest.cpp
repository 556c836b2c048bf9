// Summary ops as TensorFlow names them; the graph as TensorBoard draws it.
#include "FrontendTesting.h"

#include "frontend/export/GraphDef.h"
#include "frontend/summary/Summary.h"
#include "runtime/protos/graph_def.pb.h"

using testing::ElementsAre;

namespace {

struct Summaries : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");
};

TEST_F(Summaries, AreNamedAsTensorFlowNamesThem) {
  const gc::Output loss = gc::reduce_sum(x);
  EXPECT_EQ(gc::summary::scalar("loss", loss).name(), "loss:0");
  EXPECT_EQ(gc::summary::scalar("loss", loss).name(), "loss_1:0");
  {
    auto scope = g.name_scope("train");
    EXPECT_EQ(gc::summary::histogram("w", x).name(), "train/w:0");
  }
  EXPECT_EQ(gc::summary::scalar("/test loss: 2%", loss).name(), "test_loss__2_:0");
  const gc::Output merged = gc::summary::merge_all(g);
  EXPECT_EQ(merged.name(), "Merge/MergeSummary:0");
  EXPECT_EQ(merged.op().inputs().size(), 4u);
  EXPECT_EQ(gc::summary::merge({merged, merged}, "all").name(), "all/all:0");
  // Merged ones are not merged again.
  EXPECT_EQ(gc::summary::merge_all(g).op().inputs().size(), 4u);
}

TEST_F(Summaries, NoneToMerge) {
  EXPECT_FALSE(gc::summary::merge_all(g));
  EXPECT_EQ(errorFrom([&] { gc::summary::merge({}); }).message(),
            "'merge_summary' expects at least one operand, got none");
}

TEST_F(Summaries, OfWhatHasNone) {
  EXPECT_EQ(errorFrom([&] { gc::summary::scalar("s", gc::reduce_sum(x, 0)); }).message(),
            "scalar_summary expects a value of one element, got float32[4]");
  EXPECT_EQ(errorFrom([&] { gc::summary::histogram("h", gc::Output()); }).message(),
            "an operand of 'histogram_summary' is empty: expected a tensor");
  EXPECT_EQ(errorFrom([&] { gc::summary::histogram("h", gc::equal(x, x)); }).message(),
            "histogram_summary expects values to be numbers, got bool[?,4]");
}

struct GraphDefs : testing::Test {
  const gc::proto::NodeDef &node(const std::string &name) {
    for (const gc::proto::NodeDef &each : graph.node())
      if (each.name() == name)
        return each;
    ADD_FAILURE() << "no node " << name;
    return graph.node(0);
  }
  gc::Graph g;
  gc::proto::GraphDef graph;
};

TEST_F(GraphDefs, HasANodeForEveryOpAndVariable) {
  auto x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  auto y = gc::layers::dense(x, 3);
  auto parts = gc::split(y, 3, 1, "parts");
  auto last = gc::negative(parts[2], "last");
  gc::Operation done;
  {
    auto controls = g.control_dependencies({last});
    done = g.no_op("done");
  }
  ASSERT_TRUE(graph.ParseFromString(gc::graph_def(g)));
  for (const gc::Operation &op : g.get_operations())
    EXPECT_EQ(node(op.name()).name(), op.name());

  EXPECT_EQ(node("x").op(), "Placeholder");
  EXPECT_EQ(node("x").attr().at("dtype").type(), gc::proto::DT_FLOAT);
  const gc::proto::TensorShape &shape = node("x").attr().at("_output_shapes").list().shape(0);
  EXPECT_EQ(shape.dim(0).size(), -1);
  EXPECT_EQ(shape.dim(1).size(), 4);
  EXPECT_EQ(node("dense/kernel").op(), "VariableV2");
  EXPECT_EQ(node("dense/kernel").attr().at("shape").shape().dim_size(), 2);
  EXPECT_EQ(node("dense/kernel/read").op(), "Identity");
  EXPECT_THAT(node("dense/kernel/read").input(), ElementsAre("dense/kernel"));
  EXPECT_EQ(node("dense/MatMul").op(), "MatMul");
  EXPECT_THAT(node("dense/MatMul").input(), ElementsAre("x", "dense/kernel/read"));
  EXPECT_EQ(node("parts").attr().at("_output_shapes").list().shape_size(), 3);
  EXPECT_THAT(node("last").input(), ElementsAre("parts:2"));
  EXPECT_EQ(node("last").op(), "Neg");
  EXPECT_THAT(node("done").input(), ElementsAre("^last"));
}

// Every input is a node that is there, and none comes from the body of nowhere.
TEST_F(GraphDefs, DrawsTheBodiesOfRecurrences) {
  auto x = g.placeholder(gc::float32, {gc::none, 5}, "x");
  auto [outputs, state] = gc::rnn::static_rnn(gc::rnn::BasicLSTMCell(4), {x, x, x});
  gc::train::AdamOptimizer(0.1f).minimize(gc::reduce_sum(outputs.back()));
  ASSERT_TRUE(graph.ParseFromString(gc::graph_def(g)));
  std::set<std::string> names;
  for (const gc::proto::NodeDef &each : graph.node())
    EXPECT_TRUE(names.insert(each.name()).second) << each.name() << " stands twice";
  bool hasCell = false;
  for (const gc::proto::NodeDef &each : graph.node()) {
    hasCell |= each.name().find("basic_lstm_cell/MatMul") != std::string::npos;
    for (std::string input : each.input()) {
      input = input.substr(input.starts_with('^'), input.find(':') - input.starts_with('^'));
      EXPECT_TRUE(names.contains(input)) << each.name() << " takes " << input;
    }
  }
  EXPECT_TRUE(hasCell);
}

} // namespace
