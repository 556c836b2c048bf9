// Time from one event to the next: from three intervals, in which bin the fourth will be.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include <fmt/format.h>
#include <graphc/graphc.h>

#include "examples/data/TextFile.h"
#include "examples/training/DataFolder.h"
#include "examples/training/Training.h"
#include "runtime/NpyFile.h"

namespace graphc::examples {
namespace gc = graphc;

constexpr std::int64_t kWindow = 3, kBins = 5, kUnits = 8;

static ProgramGraph build(gc::Graph &g, const Sizes &) {
  auto intervals = g.placeholder(gc::float32, {gc::none, kWindow, 1}, "intervals");
  auto bins = g.placeholder(gc::float32, {gc::none, kBins}, "bins");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto layer = [&](const char *name) {
    return gc::rnn::DropoutWrapper(
        gc::rnn::LSTMCell(kUnits, {.activation = gc::nn::relu, .name = name}),
        {.output_keep_prob = keep});
  };
  gc::rnn::MultiRNNCell cell({layer("lstm0"), layer("lstm1")});
  auto [outputs, state] = gc::rnn::static_rnn(cell, gc::unstack(intervals, kWindow, 1));
  auto hidden = gc::nn::softmax(gc::layers::dense(outputs.back(), kUnits));
  auto p = gc::nn::softmax(gc::layers::dense(hidden, kBins), -1, "p");
  auto mse = gc::reduce_mean(gc::square(p - bins), {.name = "mse"});
  auto train = gc::train::RMSPropOptimizer(lr).minimize(mse, {.name = "train"});
  return {
      {inputs(intervals), labels(bins), keepProbability(keep), learningRate(lr)}, p, mse, train};
}

/// Windows of intervals, as shares of the longest, and the bin of the next one: bins hold as many
/// intervals each.
static Data split(const std::vector<double> &intervals) {
  const auto count = static_cast<std::int64_t>(intervals.size()) - kWindow;
  if (count < 10)
    throw Error(Code::data_loss, fmt::format("expected {} intervals or more, got {}", kWindow + 10,
                                             intervals.size()));
  std::vector<double> sorted = intervals;
  std::ranges::sort(sorted);
  auto binOf = [&](double interval) {
    std::int64_t bin = 0;
    while (bin + 1 < kBins &&
           interval >= sorted[sorted.size() * static_cast<std::size_t>(bin + 1) / kBins])
      ++bin;
    return bin;
  };
  Tensor windows(float32, {count, kWindow, 1}), bins(int64, {count});
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t k = 0; k < kWindow; ++k)
      windows.data<float>()[i * kWindow + k] =
          static_cast<float>(intervals[static_cast<std::size_t>(i + k)] / sorted.back());
    bins.data<std::int64_t>()[i] = binOf(intervals[static_cast<std::size_t>(i + kWindow)]);
  }
  const Dataset all = rowsOf({windows, oneHot(bins, kBins)});
  const std::int64_t trained = count * 4 / 5;
  const Dataset test = rowRange(all, trained, count - trained);
  return {.train = rowRange(all, 0, trained), .validation = test, .test = test, .source = {}};
}

/// A rhythm of five intervals with noise.
static std::vector<double> syntheticIntervals() {
  std::mt19937_64 random(5);
  std::normal_distribution<double> noise;
  constexpr double kRhythm[] = {1, 4, 2, 8, 5};
  std::vector<double> intervals;
  for (int i = 0; i < 2000; ++i)
    intervals.push_back(kRhythm[i % 5] * std::exp(0.08 * noise(random)));
  return intervals;
}

static Data load(const RunOptions &options) {
  return loadData(
      options,
      {.name = "intervals",
       .contents = "intervals between events",
       .origin =
           "Data of your own is a file intervals.csv: a header line, then one interval a line."},
      [](const std::filesystem::path &folder) {
        return split(readCsvColumn(folder / "intervals.csv", 0));
      },
      [] { return split(syntheticIntervals()); });
}

/// The architecture as JSON, each weight beside it as an array.
static void save(Trainer &trainer) {
  const std::filesystem::path path = trainer.outputFolder() / "interval-lstm.json";
  const std::filesystem::path weights = trainer.outputFolder() / "interval-lstm-weights";
  std::filesystem::create_directories(weights);
  std::string entries;
  for (const Variable &variable : trainer.graph().trainable_variables()) {
    std::string file = variable.op_name() + ".npy";
    std::ranges::replace(file, '/', '.');
    write_npy(weights / file, trainer.session().variable(variable.op_name()));
    entries += fmt::format("{}\n    \"{}\": \"{}/{}\"", entries.empty() ? "" : ",",
                           variable.op_name(), weights.filename().string(), file);
  }
  std::ofstream file(path);
  file << fmt::format(R"({{
  "inputs": {{"intervals": [null, {0}, 1]}},
  "layers": [
    {{"class": "LSTM", "name": "lstm0", "units": {1}, "activation": "relu", "dropout": 0.2}},
    {{"class": "LSTM", "name": "lstm1", "units": {1}, "activation": "relu", "dropout": 0.2}},
    {{"class": "Dense", "name": "dense", "units": {1}, "activation": "softmax"}},
    {{"class": "Dense", "name": "dense_1", "units": {2}, "activation": "softmax"}}
  ],
  "loss": "mean_squared_error",
  "weights": {{{3}
  }}
}}
)",
                      kWindow, kUnits, kBins, entries);
  if (!file)
    throw Error(Code::not_found, fmt::format("cannot write '{}'", path.string()));
  fmt::print("architecture: {}, weights: {}\n", path.string(), weights.string());
}

static void showPrediction(Trainer &trainer, const Data &data, Outcome &outcome) {
  const std::vector<Tensor> row = data.test.batch(std::vector<std::int64_t>{0});
  const Tensor p = trainer.predict({row[0]});
  fmt::print("after intervals {:.3f} the next is in\n", fmt::join(row[0].values<float>(), ", "));
  for (std::int64_t bin = 0; bin < kBins; ++bin)
    fmt::print("  bin {} with probability {:.3f}{}\n", bin, p.data<float>()[bin],
               row[1].data<float>()[bin] == 1 ? "  (it was)" : "");
  save(trainer);
  const double first = trainer.history().front().train.loss;
  const double last = trainer.history().back().train.loss;
  outcome = {.metric = "training loss",
             .value = last,
             .higher_is_better = false,
             .synthetic = outcome.synthetic,
             .conditions = {{fmt::format("below the first epoch's {:.4g}", first), last < first}}};
}

static std::unique_ptr<Metric> accuracy() {
  static constexpr std::string_view kClasses[] = {"bin 0", "bin 1", "bin 2", "bin 3", "bin 4"};
  return std::make_unique<Accuracy>(kClasses, "windows");
}

Program intervalLstm() {
  return {.name = "interval-lstm",
          .summary = "the next interval's bin by two LSTM layers with relu and dropout",
          .build = build,
          .training = {.epochs = 60, .batch = 20, .learning_rate = 1e-3, .keep = 0.8},
          .load = load,
          .metric = accuracy,
          .finish = showPrediction};
}

} // namespace graphc::examples
