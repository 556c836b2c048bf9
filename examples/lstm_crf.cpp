// Parts of speech: a bidirectional LSTM over embeddings of words and of their endings scores the
// tags of each word, a conditional random field scores which tag follows which. The same net
// without the field is trained beside it.
#include <fmt/format.h>
#include <graphc/graphc.h>

#include "examples/data/TaggedSentences.h"
#include "examples/training/Training.h"

namespace graphc::examples {
namespace gc = graphc;

Program lstmCrf();

static constexpr std::int64_t kTags = kPartsOfSpeech.size();
/// Of the accuracy, to the field.
static constexpr double kMostLost = 0.002;

/// Scores [batch, steps, tags] of words and suffixes [batch, steps].
static gc::Output scoresOf(gc::Graph &g, const gc::Output &words, const gc::Output &suffixes,
                           const gc::Output &lengths, const gc::Output &keep, const Sizes &sizes) {
  auto word_table = g.get_variable("word_embedding", {sizes.find("words")->second, 64},
                                   {.initializer = gc::initializers::random_uniform(-0.5, 0.5)});
  auto suffix_table = g.get_variable("suffix_embedding", {sizes.find("suffixes")->second, 32},
                                     {.initializer = gc::initializers::random_uniform(-0.5, 0.5)});
  auto x = gc::concat({gc::nn::embedding_lookup(word_table, words),
                       gc::nn::embedding_lookup(suffix_table, suffixes)},
                      -1);
  x = gc::transpose(gc::nn::dropout(x, keep), {1, 0, 2}); // [step, batch, features]

  auto layer = [&](const gc::Output &sequence, const char *scope) {
    gc::rnn::LSTMCell cell(64);
    auto run = gc::rnn::static_rnn(cell, gc::unstack(sequence),
                                   {.sequence_length = lengths, .scope = scope});
    return gc::stack(run.outputs);
  };
  // Each sentence from its own last word.
  auto reversed = [&](const gc::Output &sequence) {
    return gc::reverse_sequence(sequence, lengths, /*seq_axis=*/0, /*batch_axis=*/1);
  };
  auto forward = layer(x, "forward");
  auto backward = reversed(layer(reversed(x), "backward"));
  auto h = gc::nn::dropout(gc::concat({forward, backward}, -1), keep);
  return gc::transpose(gc::layers::dense(h, kTags, {.name = "scores"}), {1, 0, 2});
}

static ProgramGraph build(gc::Graph &g, const Sizes &sizes, bool crf) {
  auto words = g.placeholder(gc::int32, {gc::none, kSentenceSteps}, "words");
  auto suffixes = g.placeholder(gc::int32, {gc::none, kSentenceSteps}, "suffixes");
  auto lengths = g.placeholder(gc::int32, {gc::none}, "lengths");
  auto tags = g.placeholder(gc::int32, {gc::none, kSentenceSteps}, "tags");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto scores = scoresOf(g, words, suffixes, lengths, keep, sizes);
  gc::Output predictions, loss; // a mean over sentences of sums over words, in both
  if (crf) {
    auto [likelihood, transitions] = gc::crf::log_likelihood(scores, tags, lengths);
    loss = gc::reduce_mean(-likelihood);
    predictions = gc::crf::decode(scores, transitions, lengths).tags;
  } else {
    auto inside = gc::sequence_mask(lengths, kSentenceSteps, gc::float32);
    auto losses =
        gc::nn::sparse_softmax_cross_entropy_with_logits({.labels = tags, .logits = scores});
    loss = gc::reduce_mean(gc::reduce_sum(losses * inside, 1));
    predictions = gc::cast(gc::argmax(scores, 2), gc::int32);
  }
  gc::train::AdamOptimizer adam(lr);
  auto train = adam.minimize(loss);
  return {{inputs(words), inputs(suffixes), inputs(lengths), labels(tags), keepProbability(keep),
           learningRate(lr)},
          predictions,
          loss,
          train};
}

static ProgramGraph buildWithField(gc::Graph &g, const Sizes &sizes) {
  return build(g, sizes, /*crf=*/true);
}
static ProgramGraph buildWithoutField(gc::Graph &g, const Sizes &sizes) {
  return build(g, sizes, /*crf=*/false);
}

namespace {

/// The share of words, within the sentences' lengths, that got their tag.
class TagAccuracy : public Metric {
public:
  void add(const Tensor &predictions, const std::vector<Tensor> &rows) override {
    for (std::int64_t row = 0; row < predictions.shape()[0]; ++row)
      for (std::int64_t t = 0; t < rows[2].data<std::int32_t>()[row]; ++t) {
        const std::int64_t at = row * kSentenceSteps + t;
        report_.add(rows[3].data<std::int32_t>()[at], predictions.data<std::int32_t>()[at]);
      }
  }
  std::string name() const override { return "accuracy"; }
  double value() const override { return report_.accuracy(); }
  bool higher_is_better() const override { return true; }
  std::string report() const override { return report_.toString(); }

private:
  ClassificationReport report_{kPartsOfSpeech, "words"};
};

} // namespace

static std::unique_ptr<Metric> tagAccuracy() { return std::make_unique<TagAccuracy>(); }

static void compareWithoutField(Trainer &trainer, const Data &data, Outcome &outcome) {
  Program without = lstmCrf();
  without.build = buildWithoutField;
  fmt::print("\nthe same net without the conditional random field:\n");
  Trainer other(without, data, trainer.options());
  other.fit();
  TagAccuracy accuracy;
  other.evaluate(data.test, accuracy);
  fmt::print("tag accuracy on test: with CRF {:.4f}, without {:.4f}\n", outcome.value,
             accuracy.value());
  if (!data.synthetic)
    outcome.conditions.push_back(
        {fmt::format("at most {} below the {:.4f} without the field", kMostLost, accuracy.value()),
         outcome.value >= accuracy.value() - kMostLost});
}

Program lstmCrf() {
  return {.name = "lstm-crf",
          .summary = "UD English EWT parts of speech by a bidirectional LSTM and a CRF",
          .build = buildWithField,
          .training = {.epochs = 4,
                       .batch = 32,
                       .learning_rate = 4e-3,
                       .keep = 0.6,
                       .schedule = cosineRate},
          .load = loadTaggedSentences,
          .metric = tagAccuracy,
          .target = 0.90,
          .typical_sizes = {{"words", 8000}, {"suffixes", 3500}},
          .finish = compareWithoutField};
}

} // namespace graphc::examples
