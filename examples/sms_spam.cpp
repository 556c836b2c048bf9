// Is a text message spam? A plain recurrent cell over its first 25 words.
#include <algorithm>
#include <numeric>
#include <random>

#include <graphc/graphc.h>

#include "examples/data/SmsData.h"
#include "examples/training/DataFolder.h"

namespace graphc::examples {
namespace gc = graphc;

constexpr std::int64_t kLength = 25;

static ProgramGraph build(gc::Graph &g, const Sizes &sizes) {
  auto words = g.placeholder(gc::int32, {gc::none, kLength}, "x_data");
  auto spam = g.placeholder(gc::int32, {gc::none}, "y_output");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto embedding_mat = g.get_variable("embedding_mat", {sizes.at("vocabulary"), 50},
                                      {.initializer = gc::initializers::random_uniform(-1.0, 1.0)});
  auto embedded = gc::nn::embedding_lookup(embedding_mat, words); // [b, 25, 50]
  auto [outputs, state] = gc::rnn::dynamic_rnn(gc::rnn::BasicRNNCell(10), embedded);
  auto output = gc::transpose(gc::nn::dropout(outputs, keep), {1, 0, 2}); // [25, b, 10]
  auto last = gc::gather(output, kLength - 1);

  auto weight = g.get_variable("weight", {10, 2},
                               {.initializer = gc::initializers::truncated_normal(0.0, 0.1)});
  auto bias = g.get_variable("bias", {2}, {.initializer = gc::initializers::constant(0.1)});
  auto logits_out = gc::nn::softmax(gc::matmul(last, weight) + bias, -1, "logits_out");
  // As the program is usually written, the cross entropy is that of the softmax's softmax.
  auto loss = gc::reduce_mean(
      gc::nn::sparse_softmax_cross_entropy_with_logits({.labels = spam, .logits = logits_out}),
      {.name = "loss"});
  auto train = gc::train::RMSPropOptimizer(lr).minimize(loss, {.name = "train"});
  return {{inputs(words), labels(spam), keepProbability(keep), learningRate(lr)},
          logits_out,
          loss,
          train};
}

/// Three quarters in random order to train on, a tenth of them kept to validate, the rest to test.
static Data split(const std::vector<Message> &messages) {
  const NumberedMessages numbered = numberWords(messages, kLength, /*rare=*/10);
  const Dataset all = rowsOf({numbered.words, numbered.spam});
  std::vector<std::int64_t> order(static_cast<std::size_t>(all.size));
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 random(3);
  std::ranges::shuffle(order, random);
  const Dataset shuffled = selectRows(all, order);
  const std::int64_t count = all.size * 3 / 4, kept = count / 10;
  return {.train = rowRange(shuffled, 0, count - kept),
          .validation = rowRange(shuffled, count - kept, kept),
          .test = rowRange(shuffled, count, all.size - count),
          .source = {},
          .sizes = {{"vocabulary", numbered.vocabulary}}};
}

static Data load(const RunOptions &options) {
  return loadData(
      options,
      {.name = "sms-spam",
       .contents = "text messages",
       .origin = "The real data, the \"SMS Spam Collection\", is published by the UCI Machine "
                 "Learning\nRepository as data set 228 (DOI 10.24432/C5CC84)."},
      [](const std::filesystem::path &folder) { return split(readSmsData(folder)); },
      [] { return split(syntheticSmsData(/*seed=*/228)); });
}

static std::unique_ptr<Metric> accuracy() {
  static constexpr std::string_view kClasses[] = {"ham", "spam"};
  return std::make_unique<Accuracy>(kClasses, "messages");
}

Program smsSpam() {
  return {.name = "sms-spam",
          .summary = "spam among text messages by an embedding and a plain recurrent cell",
          .build = build,
          .training = {.epochs = 60,
                       .batch = 250,
                       .learning_rate = 4e-3,
                       .keep = 0.8,
                       .schedule = cosineRate},
          .load = load,
          .metric = accuracy,
          .target = 0.96,
          .typical_sizes = {{"vocabulary", 933}}};
}

} // namespace graphc::examples
