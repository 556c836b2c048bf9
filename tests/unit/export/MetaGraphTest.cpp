// Graphs as MetaGraphDefs: collections, and the nodes of the saver.
#include <gmock/gmock.h>

#include "frontend/graphc/graphc.h"
#include "runtime/protos/meta_graph.pb.h"
#include "tests/unit/files/FolderTesting.h"

namespace gc = graphc;
using testing::ElementsAre;

namespace {

class MetaGraph : public gc::test::FolderTest {
protected:
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 3}, "x");
  gc::Variable w = g.get_variable("w", {3, 2}, {.initializer = gc::initializers::ones()});
  gc::Variable steps = g.variable(0, {.trainable = false, .name = "steps"});
  gc::Output loss = gc::reduce_mean(gc::square(gc::matmul(x, w)), {.name = "loss"});
  gc::Operation train = gc::train::MomentumOptimizer(0.1f, 0.9f).minimize(loss, {.name = "train"});

  gc::proto::MetaGraphDef written(const gc::train::MetaGraphOptions &options = {}) {
    gc::proto::MetaGraphDef meta;
    EXPECT_TRUE(meta.ParseFromString(gc::train::meta_graph_def(g, options)));
    return meta;
  }
  gc::train::MetaGraphOptions training() {
    return {.training = {{{x, {4, 3}}}},
            .collections = {{"train_op", {train}}, {"losses_too", {loss}}}};
  }
  static const gc::proto::NodeDef *find(const gc::proto::MetaGraphDef &meta,
                                        const std::string &name) {
    for (const gc::proto::NodeDef &node : meta.graph_def().node())
      if (node.name() == name)
        return &node;
    return nullptr;
  }
  static std::vector<std::string> variables(const gc::proto::MetaGraphDef &meta,
                                            const std::string &name) {
    std::vector<std::string> lines;
    for (const std::string &bytes : meta.collection_def().at(name).bytes_list().value()) {
      gc::proto::VariableDef def;
      EXPECT_TRUE(def.ParseFromString(bytes));
      lines.push_back(def.variable_name() + " " + def.initializer_name() + " " +
                      def.snapshot_name() + (def.trainable() ? " trained" : ""));
    }
    return lines;
  }
};

TEST_F(MetaGraph, TheSameGraphGivesTheSameBytes) {
  for (int k = 0; k < 8; ++k) // maps in a message have another order each time
    EXPECT_EQ(gc::train::meta_graph_def(g, training()), gc::train::meta_graph_def(g, training()));
  EXPECT_EQ(g.as_graph_def(), g.as_graph_def());
}

TEST_F(MetaGraph, CollectsVariables) {
  const gc::proto::MetaGraphDef meta = written();
  EXPECT_THAT(variables(meta, "trainable_variables"), ElementsAre("w:0 w/Assign w/read:0 trained"));
  EXPECT_THAT(variables(meta, "variables"),
              ElementsAre("w:0 w/Assign w/read:0 trained", "steps:0 steps/Assign steps/read:0",
                          "w/Momentum:0 w/Momentum/Assign w/Momentum/read:0"));
  EXPECT_FALSE(meta.collection_def().contains("local_variables"));
  EXPECT_EQ(find(meta, "train"), nullptr); // needs gradients
}

TEST_F(MetaGraph, CollectsWhatIsGiven) {
  const gc::proto::MetaGraphDef meta = written(training());
  EXPECT_THAT(meta.collection_def().at("train_op").node_list().value(), ElementsAre("train"));
  EXPECT_THAT(meta.collection_def().at("losses_too").node_list().value(), ElementsAre("loss:0"));
  ASSERT_NE(find(meta, "train"), nullptr);
}

TEST_F(MetaGraph, RefusesMembersThatAreNotThere) {
  EXPECT_EQ(
      gc::test::errorFrom([&] { written({.collections = {{"train_op", {train}}}}); }).message(),
      "'train' of the collection 'train_op' is not in the graph as it is written: what needs "
      "gradients is left out where the placeholders' shapes are not given");
}

TEST_F(MetaGraph, HasASaver) {
  const gc::proto::MetaGraphDef meta = written();
  EXPECT_EQ(meta.saver_def().filename_tensor_name(), "save/Const:0");
  EXPECT_EQ(meta.saver_def().save_tensor_name(), "save/control_dependency:0");
  EXPECT_EQ(meta.saver_def().restore_op_name(), "save/restore_all");
  EXPECT_EQ(meta.saver_def().version(), gc::proto::SaverDef::V2);
  ASSERT_NE(find(meta, "save/SaveV2"), nullptr);
  EXPECT_THAT(find(meta, "save/SaveV2")->input(),
              ElementsAre("save/Const", "save/SaveV2/tensor_names", "save/SaveV2/shape_and_slices",
                          "w", "steps", "w/Momentum"));
  EXPECT_THAT(find(meta, "save/SaveV2/tensor_names")->attr().at("value").tensor().string_val(),
              ElementsAre("w", "steps", "w/Momentum"));
  EXPECT_THAT(find(meta, "save/Assign_1")->input(), ElementsAre("steps", "save/RestoreV2:1"));
  EXPECT_THAT(find(meta, "save/restore_all")->input(),
              ElementsAre("^save/Assign", "^save/Assign_1", "^save/Assign_2"));
}

TEST_F(MetaGraph, TheSaversScopeIsFree) {
  auto scope = g.name_scope("save");
  g.no_op("mine");
  EXPECT_EQ(written().saver_def().restore_op_name(), "save_1/restore_all");
}

TEST_F(MetaGraph, ComesBack) {
  gc::train::export_meta_graph(g, folder / "model.meta", training());
  gc::Graph again;
  const gc::ImportedMetaGraph imported = gc::import_meta_graph(again, folder / "model.meta");
  EXPECT_THAT(imported.collections.at("train_op"), ElementsAre("train"));
  ASSERT_EQ(again.trainable_variables().size(), 1u);
  EXPECT_EQ(again.trainable_variables()[0].op_name(), "w");
  EXPECT_EQ(again.global_variables().size(), 3u);

  const std::vector<gc::Feed> feeds{
      {"x:0", gc::Tensor::of<float>({4, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3})}};
  const auto trained = [&](gc::Graph &graph, const gc::Variable &variable) {
    gc::Session session(graph);
    session.run(graph.global_variables_initializer());
    session.run({variable.op_name() + "/Assign"});
    std::vector<gc::Tensor> out = session.run(feeds, {"train", "loss:0"});
    return std::pair(out[1].scalar<float>(), session.run(feeds, "loss:0")[0].scalar<float>());
  };
  EXPECT_EQ(trained(again, again.trainable_variables()[0]), trained(g, w));
}

// One row is taken twice, and updated by the sum of its gradients.
TEST_F(MetaGraph, UpdatesOfRowsComeBack) {
  gc::Graph rows, again;
  auto table = rows.get_variable("table", {4, 2}, {.initializer = gc::initializers::ones()});
  auto looked = gc::nn::embedding_lookup(table, rows.placeholder(gc::int32, {3}, "ids"));
  gc::train::AdagradOptimizer(0.5f).minimize(gc::reduce_sum(gc::square(looked)), {.name = "train"});
  gc::train::export_meta_graph(rows, folder / "rows.meta", {.training = {{}}});
  gc::import_meta_graph(again, folder / "rows.meta");
  const auto trained = [](gc::Graph &graph) {
    gc::Session session(graph);
    session.run(graph.global_variables_initializer());
    session.run({{"ids:0", gc::Tensor::of<std::int32_t>({3}, {2, 0, 2})}}, {"train"});
    const gc::Tensor table = session.run("table:0")[0];
    return std::vector<float>(table.values<float>().begin(), table.values<float>().end());
  };
  const std::vector<float> expected = trained(rows);
  EXPECT_NE(expected[4], expected[0]);
  EXPECT_EQ(expected[2], 1);
  EXPECT_EQ(trained(again), expected);
}

TEST_F(MetaGraph, IsNotWrittenWhereItCannotBe) {
  EXPECT_EQ(gc::test::errorFrom([&] {
              gc::train::export_meta_graph(g, folder / "none" / "model.meta");
            }).code(),
            gc::Code::invalid_argument);
}

} // namespace
