// Recorded graphs as GraphDefs: with and without their gradients.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/graphc/graphc.h"
#include "runtime/protos/graph_def.pb.h"
#include "tests/unit/ErrorTesting.h"

namespace gc = graphc;
using gc::test::errorFrom;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

namespace {

struct TrainingGraphDef : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 3}, "x");
  std::map<std::string, gc::proto::NodeDef> nodes;

  void read(const std::string &bytes) {
    gc::proto::GraphDef graph;
    ASSERT_TRUE(graph.ParseFromString(bytes));
    nodes.clear();
    for (const gc::proto::NodeDef &node : graph.node())
      EXPECT_TRUE(nodes.emplace(node.name(), node).second) << node.name() << " stands twice";
    for (const auto &[name, node] : nodes)
      for (std::string input : node.input()) {
        input = input.substr(input.starts_with('^'), input.find(':') - input.starts_with('^'));
        ASSERT_TRUE(nodes.contains(input)) << name << " takes " << input;
        // TensorFlow's optimizers lose control edges beside one; it is for fetches alone.
        EXPECT_NE(nodes[input].op(), "IdentityN") << name << " takes " << input;
      }
  }
  std::vector<std::string> inputs(const std::string &name) {
    EXPECT_TRUE(nodes.contains(name)) << "no node " << name;
    return {nodes[name].input().begin(), nodes[name].input().end()};
  }
};

// loss = sum(x w) + |w|^2 / 2: the second term takes w and is no part of its gradient.
TEST_F(TrainingGraphDef, UpdatesComeAfterEverythingThatTakesTheVariable) {
  auto w = g.get_variable("w", {3, 2});
  auto loss = gc::add(gc::reduce_sum(gc::matmul(x, w)), gc::nn::l2_loss(w), "loss");
  gc::train::GradientDescentOptimizer(0.1f).minimize(loss, {.name = "train"});

  read(g.as_graph_def());
  EXPECT_EQ(nodes["w"].op(), "VariableV2");
  EXPECT_THAT(inputs("w/read"), ElementsAre("w"));
  EXPECT_EQ(nodes["w/Assign"].op(), "Assign");
  EXPECT_EQ(inputs("w/Assign")[0], "w");
  EXPECT_THAT(nodes["x"].attr().at("shape").shape().dim(0).size(), -1);
  for (const char *training : {"gradients", "train", "train/update_w/ApplyGradientDescent"})
    EXPECT_FALSE(nodes.contains(training)) << training;
  EXPECT_THAT(nodes["loss"].attr().at("_source_line").s(),
              testing::HasSubstr("TrainingGraphDefTest.cpp:"));

  read(gc::training_graph_def(g, {{x, {5, 3}}}));
  EXPECT_EQ(nodes["x"].attr().at("shape").shape().dim(0).size(), 5);
  EXPECT_EQ(nodes["gradients"].op(), "IdentityN");
  EXPECT_EQ(nodes["train"].op(), "NoOp");
  EXPECT_THAT(inputs("train"), ElementsAre("^train/update_w/ApplyGradientDescent"));
  const std::vector<std::string> update = inputs("train/update_w/ApplyGradientDescent");
  EXPECT_EQ(nodes["train/update_w/ApplyGradientDescent"].op(), "ApplyGradientDescent");
  EXPECT_EQ(update[0], "w");
  EXPECT_THAT(update, Contains("^MatMul"));
  EXPECT_THAT(update, Contains("^L2Loss"));
  // What may need other feeds is not forced to run.
  EXPECT_THAT(inputs("w/Assign"), Not(Contains("^MatMul")));
}

// TensorFlow cuts along the first axis without copying.
TEST_F(TrainingGraphDef, PartsOfAVariableAreItsBuffer) {
  auto w = g.get_variable("w", {6, 2});
  auto product = gc::matmul(x, gc::split(w, 2, 0)[1], {.name = "product"});
  gc::train::GradientDescentOptimizer(0.1f).minimize(gc::reduce_sum(product), {.name = "train"});
  read(gc::training_graph_def(g, {{x, {5, 3}}}));
  EXPECT_THAT(inputs("train/update_w/ApplyGradientDescent"), Contains("^product"));
}

// The gradient of the recurrence takes the kernel for the gradients of its inputs. The kernel's own
// gradient is another of its results.
TEST_F(TrainingGraphDef, AnUpdateWaitsForAllResultsOfALoopThatTakesTheVariable) {
  auto h = gc::layers::dense(x, 4);
  auto [outputs, state] = gc::rnn::static_rnn(gc::rnn::BasicLSTMCell(4), {h, h, h});
  gc::train::GradientDescentOptimizer(0.1f).minimize(gc::reduce_sum(outputs.back()),
                                                     {.name = "train"});
  read(gc::training_graph_def(g, {{x, {2, 3}}}));
  const std::vector<std::string> update =
      inputs("train/update_rnn/basic_lstm_cell/kernel/ApplyGradientDescent");
  ASSERT_EQ(nodes[update[2]].op(), "Identity");
  const std::string gradient = inputs(update[2])[0];
  ASSERT_EQ(nodes[gradient].op(), "Exit");
  const std::string loop = gradient.substr(0, gradient.rfind('/'));
  std::set<std::string> kinds;
  for (const std::string &result : inputs(loop)) {
    kinds.insert(nodes[result].op());
    if (result != gradient) {
      EXPECT_THAT(update, Contains("^" + result));
    }
  }
  EXPECT_THAT(kinds, ElementsAre("Exit", "TensorArrayGatherV3"));
}

TEST_F(TrainingGraphDef, EveryNameOfTheGraphIsANode) {
  auto h = gc::layers::dense(x, 4, {.activation = gc::tanh});
  auto [outputs, state] = gc::rnn::static_rnn(gc::rnn::BasicLSTMCell(4), {h, h, h});
  auto loss = gc::reduce_mean(gc::square(outputs.back()));
  gc::train::AdamOptimizer(0.1f).minimize(loss);
  gc::size(h); // known with the shape of x, and nothing takes it
  read(gc::training_graph_def(g, {{x, {2, 3}}}));
  for (const gc::Operation &op : g.get_operations())
    EXPECT_TRUE(nodes.contains(op.name())) << op.name();
  std::set<std::string> types;
  for (const auto &[name, node] : nodes)
    types.insert(node.op());
  for (const char *type : {"Enter", "Merge", "Switch", "LoopCond", "NextIteration", "Exit",
                           "TensorArrayV3", "TensorArrayReadV3", "TensorArrayWriteV3", "ApplyAdam"})
    EXPECT_TRUE(types.contains(type)) << type;
}

TEST_F(TrainingGraphDef, NeedsShapesThatAreKnownAndFit) {
  auto w = g.get_variable("w", {3, 2});
  auto product = gc::matmul(x, w, {.name = "product"});
  gc::gradients({product}, {w.value()});
  const gc::Error open = errorFrom([&] { gc::training_graph_def(g, {}); });
  EXPECT_EQ(open.code(), gc::Code::invalid_argument);
  EXPECT_EQ(open.message(),
            "gradients need known shapes, 'product:0' is float32[?,2]: give the shapes of "
            "the placeholders that leave it open");
  EXPECT_EQ(errorFrom([&] { gc::training_graph_def(g, {{x, {2, 4}}}); }).message(),
            "placeholder 'x:0' expects a known shape that fits float32[?,3], got float32[2,4]");
  EXPECT_EQ(errorFrom([&] { gc::training_graph_def(g, {{product, {2, 2}}}); }).message(),
            "'product:0' is no placeholder");
}

} // namespace
