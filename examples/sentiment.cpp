// What a film review thinks of the film: an LSTM over its first 200 words, its outputs averaged.
#include <algorithm>

#include <graphc/graphc.h>

#include "examples/data/ImdbData.h"
#include "examples/training/DataFolder.h"

namespace graphc::examples {
namespace gc = graphc;

constexpr std::int64_t kWords = 200, kHidden = 75;

static ProgramGraph build(gc::Graph &g, const Sizes &) {
  auto input = g.placeholder(gc::int32, {gc::none, gc::none}, "input");
  auto lengths = g.placeholder(gc::int32, {gc::none}, "lengths");
  auto target = g.placeholder(gc::float32, {gc::none, 2}, "target");
  auto keep = g.placeholder(gc::float32, {}, "dropout_keep_prob");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  gc::Output embedded, outputs, scores, predictions, loss;
  {
    auto scope = g.name_scope("word_embeddings");
    auto embeddings = g.get_variable("embeddings", {kImdbVocabulary, kHidden},
                                     {.initializer = gc::initializers::random_uniform(-1.0, 1.0)});
    embedded = gc::nn::embedding_lookup(embeddings, input);
  }
  {
    auto scope = g.variable_scope("rnn_layer");
    gc::rnn::DropoutWrapper cell(gc::rnn::LSTMCell(kHidden),
                                 {.input_keep_prob = keep, .output_keep_prob = keep, .seed = 42});
    auto initial = cell.zero_state(gc::unstack(gc::shape(input), 2)[0], gc::float32);
    outputs =
        gc::rnn::dynamic_rnn(cell, embedded, {.sequence_length = lengths, .initial_state = initial})
            .outputs;
  }
  {
    auto scope = g.name_scope("final_layer");
    auto w = g.get_variable("w", {kHidden, 2},
                            {.initializer = gc::initializers::truncated_normal(0.0, 0.1)});
    auto b = g.get_variable("b", {2}, {.initializer = gc::initializers::constant(0.1)});
    scores = gc::nn::xw_plus_b(gc::reduce_mean(outputs, 1), w, b, "scores");
    predictions = gc::nn::softmax(scores, -1, "predictions");
  }
  {
    auto scope = g.name_scope("loss");
    loss = gc::reduce_mean(
        gc::nn::softmax_cross_entropy_with_logits({.labels = target, .logits = scores}),
        {.name = "loss"});
  }
  auto train = gc::train::RMSPropOptimizer(lr).minimize(loss, {.name = "train"});
  return {{inputs(input, kWords), inputs(lengths), labels(target), keepProbability(keep),
           learningRate(lr)},
          predictions,
          loss,
          train};
}

/// The first words of each review, zeros behind shorter ones, and how many there are.
static Dataset firstWords(const Reviews &reviews) {
  const std::int64_t count = reviews.size();
  Tensor words = Tensor::zeros(int32, {count, kWords}), lengths(int32, {count});
  const std::int32_t *offsets = reviews.offsets.data<std::int32_t>();
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t length = std::min<std::int64_t>(offsets[k + 1] - offsets[k], kWords);
    std::copy_n(reviews.words.data<std::int32_t>() + offsets[k], length,
                words.data<std::int32_t>() + k * kWords);
    lengths.data<std::int32_t>()[k] = static_cast<std::int32_t>(length);
  }
  return rowsOf({words, lengths, oneHot(reviews.labels, 2)});
}

static Data split(const ImdbData &data) {
  const Dataset train = firstWords(data.train);
  const std::int64_t kept = 1000;
  return {.train = rowRange(train, 0, train.size - kept),
          .validation = rowRange(train, train.size - kept, kept),
          .test = firstWords(data.test),
          .source = {}};
}

static Data load(const RunOptions &options) {
  return loadData(
      options,
      {.name = "imdb",
       .contents = "film reviews",
       .origin = "The real data, the \"Large Movie Review Dataset\", is published at "
                 "ai.stanford.edu/~amaas/data/sentiment."},
      [](const std::filesystem::path &folder) { return split(readImdbData(folder)); },
      [] { return split(syntheticImdbData(/*seed=*/2011)); });
}

static std::unique_ptr<Metric> accuracy() {
  static constexpr std::string_view kClasses[] = {"negative", "positive"};
  return std::make_unique<Accuracy>(kClasses, "reviews");
}

Program sentiment() {
  return {.name = "sentiment",
          .summary = "opinions of film reviews by an embedding and an LSTM with sequence lengths",
          .build = build,
          .training = {.epochs = 3,
                       .batch = 100,
                       .learning_rate = 1e-2,
                       .keep = 0.5,
                       .schedule = cosineRate,
                       .validate_every = 100},
          .load = load,
          .metric = accuracy,
          .target = 0.83};
}

} // namespace graphc::examples
