// Variables to constants, on graphs written down by hand; refusals with their exact words.
#include "frontend/export/Freeze.h"

#include <google/protobuf/text_format.h>
#include <zlib.h>

#include "runtime/checkpoint/TensorBundle.h"
#include "runtime/protos/meta_graph.pb.h"
#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {
namespace {

const char *const kRefs = R"(
  node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }
  node { name: "w" op: "VariableV2"
    attr { key: "dtype" value { type: DT_FLOAT } }
    attr { key: "shape" value { shape { dim { size: 2 } } } } }
  node { name: "w/initial" op: "Const" }
  node { name: "w/Assign" op: "Assign" input: "w" input: "w/initial" }
  node { name: "w/read" op: "Identity" input: "w" attr { key: "T" value { type: DT_FLOAT } }
    attr { key: "_class" value { list { s: "loc:@w" } } } }
  node { name: "y" op: "Mul" input: "x" input: "w/read" input: "^w/read" }
  node { name: "train" op: "ApplyGradientDescent" input: "w" input: "y" input: "y" }
  node { name: "late" op: "Neg" input: "y" input: "^train" }
  node { name: "lost" op: "Neg" input: "nowhere:1" }
  node { name: "save/SaveV2" op: "SaveV2" input: "w" }
  versions { producer: 27 }
)";

const char *const kResources = R"(
  node { name: "table" op: "VarHandleOp"
    attr { key: "dtype" value { type: DT_FLOAT } }
    attr { key: "shape" value { shape { dim { size: 2 } } } }
    attr { key: "shared_name" value { s: "w" } } }
  node { name: "while/Enter" op: "Enter" input: "table"
    attr { key: "T" value { type: DT_RESOURCE } } attr { key: "frame_name" value { s: "while" } } }
  node { name: "read" op: "ReadVariableOp" input: "while/Enter" input: "^ids"
    attr { key: "dtype" value { type: DT_FLOAT } } }
  node { name: "ids" op: "Placeholder" attr { key: "dtype" value { type: DT_INT32 } } }
  node { name: "rows" op: "ResourceGather" input: "table" input: "ids" input: "^read"
    attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "Tindices" value { type: DT_INT32 } } }
  node { name: "sum" op: "ResourceStridedThing" input: "table" }
)";

proto::GraphDef parse(const char *text) {
  proto::GraphDef graph;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &graph));
  return graph;
}

class Freezing : public FolderTest {
protected:
  void SetUp() override {
    FolderTest::SetUp();
    write_tensor_bundle(in("model"), {{"w", Tensor::of<float>({2}, {3, 4})}});
  }

  /// "name = Op(inputs)" of each node.
  std::vector<std::string> frozen(const char *text, const std::vector<std::string> &fetches) {
    EXPECT_TRUE(graph.ParseFromString(
        freeze_graph_def(parse(text).SerializeAsString(), in("model"), fetches)));
    std::vector<std::string> lines;
    for (const proto::NodeDef &node : graph.node()) {
      lines.push_back(node.name() + " = " + node.op() + "(");
      for (int i = 0; i < node.input_size(); ++i)
        lines.back() += (i ? ", " : "") + node.input(i);
      lines.back() += ")";
    }
    return lines;
  }
  std::string refusal(const char *text, const std::vector<std::string> &fetches) {
    const Error error = errorFrom([&] { frozen(text, fetches); });
    return std::string(to_string(error.code())) + ": " + error.message();
  }
  const proto::AttrValue &attribute(int node, const char *name) {
    return graph.node(node).attr().at(name);
  }

  proto::GraphDef graph;
};

TEST_F(Freezing, RefVariablesBecomeConstants) {
  EXPECT_THAT(frozen(kRefs, {"y:0"}),
              testing::ElementsAre("x = Placeholder()", "w = Const()", "w/read = Identity(w)",
                                   "y = Mul(x, w/read, ^w/read)"));
  const proto::TensorProto &value = attribute(1, "value").tensor();
  EXPECT_EQ(value.dtype(), proto::DT_FLOAT);
  EXPECT_EQ(value.tensor_shape().dim(0).size(), 2);
  float elements[2];
  ASSERT_EQ(value.tensor_content().size(), sizeof(elements));
  std::memcpy(elements, value.tensor_content().data(), sizeof(elements));
  EXPECT_THAT(elements, testing::ElementsAre(3, 4));
  EXPECT_EQ(graph.node(2).attr().count("_class"), 0u);
  EXPECT_EQ(graph.versions().producer(), 27);
}

TEST_F(Freezing, ResourceVariablesBecomeConstantsUnderTheirSharedNames) {
  EXPECT_THAT(frozen(kResources, {"rows"}),
              testing::ElementsAre("table = Const()", "while/Enter = Enter(table)",
                                   "read = Identity(while/Enter, ^ids)", "ids = Placeholder()",
                                   "rows = GatherV2(table, ids, rows/frozen_axis, ^read)",
                                   "rows/frozen_axis = Const()"));
  EXPECT_EQ(attribute(1, "T").type(), proto::DT_FLOAT);
  EXPECT_EQ(attribute(2, "T").type(), proto::DT_FLOAT);
  EXPECT_EQ(attribute(4, "Tparams").type(), proto::DT_FLOAT);
  EXPECT_EQ(attribute(4, "Tindices").type(), proto::DT_INT32);
}

TEST_F(Freezing, SaysWhatCannotBe) {
  EXPECT_EQ(refusal(kRefs, {}),
            "INVALID_ARGUMENT: nothing is fetched: name at least one tensor or op");
  EXPECT_EQ(refusal(kRefs, {"z:0"}), "NOT_FOUND: fetch 'z:0' is not in the graph");
  EXPECT_EQ(
      refusal(kRefs, {"late:0"}),
      "INVALID_ARGUMENT: 'late:0' needs 'train' (ApplyGradientDescent), which changes a variable: "
      "a frozen graph has none");
  EXPECT_EQ(refusal(kRefs, {"lost"}),
            "NOT_FOUND: node 'lost' takes 'nowhere:1', which is not in the graph");
  EXPECT_EQ(refusal(kResources, {"sum"}),
            "UNIMPLEMENTED: 'sum' (ResourceStridedThing) takes a resource variable: expected "
            "ReadVariableOp or ResourceGather");
  write_tensor_bundle(in("model"), {{"w", Tensor::of<float>({3}, {3, 4, 5})}});
  EXPECT_EQ(refusal(kRefs, {"y"}),
            "INVALID_ARGUMENT: variable 'w' expects float32[2], the checkpoint has float32[3]");
  write_tensor_bundle(in("model"), {{"v", Tensor(1.f)}});
  EXPECT_EQ(refusal(kRefs, {"y"}),
            "NOT_FOUND: checkpoint '" + in("model") + "' has no variable 'w'");
  EXPECT_EQ(errorFrom([&] { freeze_graph_def("no graph", in("model"), {"y"}); }).message(),
            "the graph is no serialized GraphDef, or a damaged one: 8 bytes");
}

struct GraphFiles : FolderTest {};

TEST_F(GraphFiles, AreReadInEveryForm) {
  const proto::GraphDef graph = parse(kRefs);
  proto::MetaGraphDef meta;
  *meta.mutable_graph_def() = graph;
  writeText(in("graph.pb"), graph.SerializeAsString());
  writeText(in("graph.pbtxt"), kRefs);
  writeText(in("model.meta"), meta.SerializeAsString());
  gzFile packed = gzopen(in("model.meta.gz").c_str(), "wb");
  const std::string bytes = meta.SerializeAsString();
  gzwrite(packed, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(packed);
  for (const char *name : {"graph.pb", "graph.pbtxt", "model.meta", "model.meta.gz"}) {
    proto::GraphDef read;
    ASSERT_TRUE(read.ParseFromString(read_graph_def(in(name)))) << name;
    EXPECT_EQ(read.DebugString(), graph.DebugString()) << name;
  }
}

TEST_F(GraphFiles, ThatAreNoneAreRefused) {
  EXPECT_EQ(errorFrom([&] { read_graph_def(in("none.pb")); }).message(),
            "cannot open '" + in("none.pb") + "'");
  const std::string bytes = parse(kRefs).SerializeAsString();
  writeText(in("half.pb"), bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(errorFrom([&] { read_graph_def(in("half.pb")); }).message(),
            "'" + in("half.pb") + "' is no serialized GraphDef, or a damaged one: " +
                std::to_string(bytes.size() / 2) + " bytes");
}

} // namespace
} // namespace graphc::test
