// Variable names and shapes, slots included, against those that TensorFlow recorded for whole
// programs: $GRAPHC_PROGRAMS or ../shared/programs beside the source tree.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include <nlohmann/json.hpp>

#include "FrontendTesting.h"

namespace rnn = gc::rnn;

namespace {

std::filesystem::path programFolder() {
  if (const char *folder = std::getenv("GRAPHC_PROGRAMS"))
    return folder;
  return std::filesystem::path(__FILE__).parent_path() / "../../../../shared/programs";
}

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

/// The variables of `program` as TensorFlow recorded them; nothing where the folder is missing.
std::optional<Shapes> recordedVariables(const std::string &program) {
  std::ifstream file(programFolder() / program / "program.json");
  if (!file)
    return std::nullopt;
  return nlohmann::json::parse(file).at("variables").get<Shapes>();
}

Shapes variablesOf(const gc::Graph &g) {
  Shapes shapes;
  for (const gc::Variable &variable : g.global_variables())
    shapes[variable.name()] = variable.shape().extents();
  return shapes;
}

void buildHarLstm(gc::Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "inputs");
  auto h = gc::layers::dense(gc::reshape(gc::transpose(x, {1, 0, 2}), {-1, 9}), 27);
  auto layer = [] {
    return rnn::DropoutWrapper(rnn::BasicLSTMCell(27), {.output_keep_prob = 0.5});
  };
  auto [outputs, state] =
      rnn::static_rnn(rnn::MultiRNNCell({layer(), layer()}), gc::split(h, 128, 0));
  auto logits = gc::layers::dense(outputs.back(), 6, {.name = "logits_dense"});
  gc::train::AdamOptimizer(5e-3).minimize(gc::reduce_mean(logits));
}

void buildHarLstmL2(gc::Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "x");
  auto w_hidden = g.variable(gc::random_normal(g, {9, 32}), {.name = "w_hidden"});
  auto w_out = g.variable(gc::random_normal(g, {32, 6}), {.name = "w_out"});
  auto b_hidden = g.variable(gc::random_normal(g, {32}), {.name = "b_hidden"});
  auto b_out = g.variable(gc::random_normal(g, {6}), {.name = "b_out"});
  auto h = gc::nn::relu(gc::matmul(gc::reshape(gc::transpose(x, {1, 0, 2}), {-1, 9}), w_hidden) +
                        b_hidden);
  rnn::MultiRNNCell cell({rnn::BasicLSTMCell(32), rnn::BasicLSTMCell(32)});
  auto [outputs, state] = rnn::static_rnn(cell, gc::split(h, 128, 0));
  gc::train::AdamOptimizer(2.5e-3).minimize(
      gc::reduce_mean(gc::matmul(outputs.back(), w_out) + b_out));
}

void buildIntervalLstm(gc::Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 10, 1}, "intervals");
  rnn::MultiRNNCell cell({rnn::LSTMCell(8, {.activation = gc::nn::relu, .name = "lstm0"}),
                          rnn::LSTMCell(8, {.activation = gc::nn::relu, .name = "lstm1"})});
  auto [outputs, state] = rnn::static_rnn(cell, gc::unstack(x, {}, 1));
  auto h = gc::layers::dense(
      outputs.back(), 8, {.activation = [](const gc::Output &y) { return gc::nn::softmax(y); }});
  gc::train::RMSPropOptimizer(1e-3).minimize(gc::reduce_mean(gc::layers::dense(h, 5)));
}

void buildSmsSpam(gc::Graph &g) {
  auto ids = g.placeholder(gc::int32, {gc::none, 25}, "x_data");
  auto embedding = g.variable(gc::random_uniform(g, {933, 50}, -1, 1), {.name = "embedding_mat"});
  auto [outputs, state] = rnn::static_rnn(
      rnn::BasicRNNCell(10), gc::unstack(gc::nn::embedding_lookup(embedding, ids), {}, 1));
  auto weight = g.variable(gc::truncated_normal(g, {10, 2}), {.name = "weight"});
  auto bias = g.variable(gc::constant(g, gc::Tensor::of<float>({2}, {.1f, .1f})), {.name = "bias"});
  gc::train::RMSPropOptimizer(1e-3).minimize(
      gc::reduce_mean(gc::matmul(outputs.back(), weight) + bias));
}

void buildAirline(gc::Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 5, 1}, "x");
  auto w = g.variable(gc::random_normal(g, {10, 1}), {.name = "W_out"});
  auto b = g.variable(gc::random_normal(g, {1}), {.name = "b_out"});
  auto [outputs, state] = rnn::static_rnn(rnn::BasicLSTMCell(10), gc::unstack(x, {}, 1));
  gc::train::AdamOptimizer(3e-3).minimize(gc::reduce_mean(gc::matmul(outputs.back(), w) + b));
}

void buildSentiment(gc::Graph &g) {
  auto ids = g.placeholder(gc::int32, {gc::none, 8}, "input");
  auto lengths = g.placeholder(gc::int32, {gc::none}, "lengths");
  gc::Output words;
  {
    auto scope = g.name_scope("embedding_layer");
    auto embeddings = g.get_variable("embeddings", {300, 75});
    words = gc::nn::embedding_lookup(embeddings, ids);
  }
  rnn::StaticRnnResult result;
  {
    auto scope = g.variable_scope("rnn_layer");
    rnn::DropoutWrapper cell(rnn::LSTMCell(75), {.input_keep_prob = 0.5, .output_keep_prob = 0.5});
    result = rnn::static_rnn(cell, gc::unstack(words, {}, 1), {.sequence_length = lengths});
  }
  auto w = g.get_variable("w", {75, 2});
  auto b = g.get_variable("b", {2});
  gc::train::RMSPropOptimizer(1e-2).minimize(
      gc::reduce_mean(gc::matmul(result.outputs.back(), w) + b));
}

void buildPeepholeProjection(gc::Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 6, 5}, "x");
  std::vector<gc::Output> steps = gc::unstack(x, {}, 1);
  std::vector<gc::Output> both;
  {
    auto scope = g.variable_scope("bidirectional_rnn");
    for (const char *direction : {"fw", "bw"}) {
      rnn::LSTMCell cell(11, {.use_peepholes = true, .cell_clip = 3.0, .num_proj = 7});
      both.push_back(rnn::static_rnn(cell, steps, {.scope = direction}).outputs.back());
    }
  }
  auto logits = gc::layers::dense(gc::concat(both, 1), 4, {.name = "logits"});
  gc::train::MomentumOptimizer(0.05, 0.9).minimize(gc::reduce_mean(logits));
}

void buildGru(gc::Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 4, 32}, "x");
  auto [outputs, state] = rnn::static_rnn(rnn::GRUCell(32), gc::unstack(x, {}, 1));
  gc::train::RMSPropOptimizer(1e-3).minimize(gc::reduce_mean(gc::layers::dense(outputs.back(), 1)));
}

struct Program {
  const char *name;
  void (*build)(gc::Graph &g);
  /// Variables that the program has beyond those built here begin so.
  const char *except = nullptr;
};

class ProgramVariables : public testing::TestWithParam<Program> {};

TEST_P(ProgramVariables, AreTensorFlows) {
  std::optional<Shapes> recorded = recordedVariables(GetParam().name);
  if (!recorded)
    GTEST_SKIP() << "no recorded program '" << GetParam().name << "' in " << programFolder()
                 << "; set GRAPHC_PROGRAMS";
  if (GetParam().except)
    std::erase_if(*recorded,
                  [](const auto &entry) { return entry.first.starts_with(GetParam().except); });
  gc::Graph g;
  GetParam().build(g);
  EXPECT_EQ(variablesOf(g), *recorded);
  EXPECT_EQ(g.verify(), "");
}

INSTANTIATE_TEST_SUITE_P(
    Recorded, ProgramVariables,
    testing::Values(Program{"har_lstm", buildHarLstm}, Program{"har_lstm_l2", buildHarLstmL2},
                    Program{"interval_lstm", buildIntervalLstm}, Program{"sms_spam", buildSmsSpam},
                    Program{"airline", buildAirline}, Program{"sentiment", buildSentiment},
                    Program{"peephole_projection", buildPeepholeProjection},
                    Program{"jena_conv_gru", buildGru, "conv1d"}),
    [](const auto &info) { return std::string(info.param.name); });

} // namespace
