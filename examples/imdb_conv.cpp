// What a film review thinks of the film, by convolutions over its last 500 words.
#include <fmt/format.h>
#include <graphc/graphc.h>

#include "examples/data/ImdbData.h"
#include "examples/training/DataFolder.h"
#include "examples/training/Training.h"

namespace graphc::examples {
namespace gc = graphc;

constexpr std::int64_t kWords = 500;

static ProgramGraph build(gc::Graph &g, const Sizes &) {
  auto words = g.placeholder(gc::int32, {gc::none, kWords}, "words");
  auto liked = g.placeholder(gc::float32, {gc::none, 1}, "liked");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto embedding = g.get_variable("embedding", {kImdbVocabulary, 128},
                                  {.initializer = gc::initializers::random_uniform(-0.05, 0.05)});
  auto h = gc::nn::embedding_lookup(embedding, words);            // [b, 500, 128]
  h = gc::layers::conv1d(h, 32, 7, {.activation = gc::nn::relu}); // [b, 494, 32]
  h = gc::layers::max_pooling1d(h, 5, 5);                         // [b, 98, 32]
  h = gc::layers::conv1d(h, 32, 7, {.activation = gc::nn::relu}); // [b, 92, 32]
  auto logit = gc::layers::dense(gc::reduce_max(h, 1), 1);        // [b, 1]
  auto cost =
      gc::reduce_mean(gc::nn::sigmoid_cross_entropy_with_logits({.labels = liked, .logits = logit}),
                      {.name = "cost"});
  auto train = gc::train::RMSPropOptimizer(lr, {.initial_accumulator_value = 0}) // as in Keras
                   .minimize(cost, {.name = "train"});
  return {{inputs(words), labels(liked), learningRate(lr)},
          gc::sigmoid(logit, "predictions"),
          cost,
          train};
}

static Dataset rows(const Reviews &reviews) {
  return rowsOf(
      {lastWords(reviews, kWords), reviews.labels.cast(gc::float32).reshaped({reviews.size(), 1})});
}

/// As is usual with this data, the last fifth of the training reviews is kept to validate on.
static Data split(const ImdbData &data) {
  const Dataset train = rows(data.train);
  const std::int64_t kept = train.size / 5;
  return {.train = rowRange(train, 0, train.size - kept),
          .validation = rowRange(train, train.size - kept, kept),
          .test = rows(data.test),
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
  static constexpr std::array<std::string_view, 2> kClasses = {"not liked", "liked"};
  return std::make_unique<Accuracy>(kClasses, "reviews");
}

/// The figure that others give for this net is the last one on the validation reviews.
static void finish(Trainer &trainer, const Data &, Outcome &outcome) {
  outcome.metric = "validation accuracy";
  outcome.value = trainer.history().back().validation->metric;
  fmt::print("validation accuracy {:.4f} after the last epoch\n", outcome.value);
}

Program imdbConv() {
  return {.name = "imdb-conv",
          .summary = "IMDB film reviews by convolutions over an embedding of their words",
          .build = build,
          .training = {.epochs = 10, .batch = 128, .learning_rate = 1e-4, .averaged = 0.3},
          .load = load,
          .metric = accuracy,
          .target = 0.85,
          .finish = finish};
}

} // namespace graphc::examples
