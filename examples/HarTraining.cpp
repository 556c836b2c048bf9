#include "examples/HarTraining.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <numeric>
#include <random>

#include <fmt/format.h>
#include <sys/resource.h>

#include "examples/data/HarData.h"
#include "examples/training/ClassificationReport.h"
#include "examples/training/Progress.h"

namespace graphc::examples {

ProgramGraph HarGraph::ends() const {
  ProgramGraph graph;
  auto scalar = [](std::int64_t) { return Shape{}; };
  graph.feeds.push_back({inputs, [](std::int64_t batch) { return Shape{batch, kHarSteps, kHarChannels}; }});
  graph.feeds.push_back({labels, [](std::int64_t batch) { return Shape{batch, kHarActivities}; }, true});
  if (keep)
    graph.feeds.push_back({keep, scalar});
  if (learning_rate)
    graph.feeds.push_back({learning_rate, scalar, true});
  graph.predictions = logits;
  graph.loss = loss;
  graph.train = train;
  return graph;
}

namespace {

HarData loadData(const RunOptions &options, bool standardised) {
  std::string folder = options.data;
  if (const char *variable = std::getenv("GRAPHC_DATA"); folder.empty() && variable)
    folder = variable;
  HarData data;
  if (folder.empty()) {
    data = syntheticHarData(/*seed=*/20121);
    fmt::print("No data folder was named (--data DIR or $GRAPHC_DATA), so this trains on built-in\n"
               "SYNTHETIC sensor windows: the figures below say nothing about real people. The real data,\n"
               "\"Human Activity Recognition Using Smartphones\", is published by the UCI Machine Learning\n"
               "Repository as data set 240 (DOI 10.24432/C54S4K).\n");
  } else {
    data = readHarData(folder);
  }
  if (standardised)
    standardise(data);
  fmt::print("data: {}; {} windows to train on, {} to test on\n", data.source, data.train.labels.num_elements(),
             data.test.labels.num_elements());
  return data;
}

/// Rows `order[begin, begin + count)` of the data, labels one-hot.
struct Batch {
  Batch(std::int64_t size)
      : windows(float32, {size, kHarSteps, kHarChannels}), labels(float32, {size, kHarActivities}) {}

  void fill(const LabelledWindows &data, std::span<const std::int64_t> rows) {
    constexpr std::int64_t kWindow = kHarSteps * kHarChannels;
    std::fill_n(labels.data<float>(), labels.num_elements(), 0.f);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::copy_n(data.windows.data<float>() + rows[i] * kWindow, kWindow,
                  windows.data<float>() + static_cast<std::int64_t>(i) * kWindow);
      labels.data<float>()[static_cast<std::int64_t>(i) * kHarActivities +
                           data.labels.data<std::int64_t>()[rows[i]]] = 1.f;
    }
  }

  Tensor windows;
  Tensor labels;
};

class Trainer {
public:
  Trainer(const HarGraph &graph, Session &session) : graph_(graph) {
    std::vector<Output> train_feeds = {graph.inputs, graph.labels};
    std::vector<Output> test_feeds = {graph.inputs};
    if (graph.keep) {
      train_feeds.push_back(graph.keep);
      test_feeds.push_back(graph.keep);
    }
    if (graph.learning_rate)
      train_feeds.push_back(graph.learning_rate);
    train_ = std::make_unique<Callable>(session.prepare(train_feeds, {graph.train, graph.loss, graph.logits}));
    infer_ = std::make_unique<Callable>(session.prepare(test_feeds, {graph.logits}));
  }

  /// One step on a batch; returns loss and logits.
  std::vector<Tensor> step(const Batch &batch, double keep, double learning_rate) {
    std::vector<Tensor> feeds = {batch.windows, batch.labels};
    if (graph_.keep)
      feeds.emplace_back(static_cast<float>(keep));
    if (graph_.learning_rate)
      feeds.emplace_back(static_cast<float>(learning_rate));
    return (*train_)(feeds);
  }

  /// In pieces of `batch` windows, so that evaluation needs no more memory than training; the last
  /// piece is filled up with windows that are not counted.
  ClassificationReport evaluate(const LabelledWindows &data, Batch &batch) {
    ClassificationReport report(kHarActivityNames);
    const std::int64_t size = batch.windows.shape()[0];
    const std::int64_t count = data.labels.num_elements();
    std::vector<std::int64_t> rows(static_cast<std::size_t>(size));
    for (std::int64_t begin = 0; begin < count; begin += size) {
      for (std::int64_t i = 0; i < size; ++i)
        rows[static_cast<std::size_t>(i)] = std::min(begin + i, count - 1);
      batch.fill(data, rows);
      std::vector<Tensor> feeds = {batch.windows};
      if (graph_.keep)
        feeds.emplace_back(1.f);
      const Tensor logits = (*infer_)(feeds)[0];
      for (std::int64_t i = 0; i < std::min(size, count - begin); ++i)
        report.add(data.labels.data<std::int64_t>()[begin + i], largest(logits, i));
    }
    return report;
  }

  static std::int64_t largest(const Tensor &logits, std::int64_t row) {
    const float *begin = logits.data<float>() + row * kHarActivities;
    return std::max_element(begin, begin + kHarActivities) - begin;
  }

private:
  const HarGraph &graph_;
  std::unique_ptr<Callable> train_;
  std::unique_ptr<Callable> infer_;
};

void checkPositive(const char *name, double value) {
  if (!(value > 0))
    throw Error(Code::invalid_argument, fmt::format("--{} expects a number above 0, got {}", name, value));
}

/// Runs the same training step in this session and in one of reference kernels.
int compareWithReference(HarGraph (*build)(Graph &), const RunOptions &options, const Batch &batch, double keep,
                         double learning_rate) {
  std::vector<std::vector<Tensor>> results;
  for (Backend backend : {Backend::compiled, Backend::reference}) {
    Graph graph;
    graph.set_random_seed(options.seed);
    const HarGraph har = build(graph);
    SessionOptions session_options = options.session;
    session_options.backend = backend;
    session_options.seed = options.seed;
    Session session(graph, session_options);
    session.run(graph.global_variables_initializer());
    Trainer trainer(har, session);
    results.push_back(trainer.step(batch, keep, learning_rate));
    for (const Variable &variable : graph.trainable_variables())
      results.back().push_back(session.variable(variable.op_name()));
  }
  double worst = 0;
  for (std::size_t i = 1; i < results[0].size(); ++i) {
    const std::span<const float> ours = results[0][i].values<float>();
    const std::span<const float> theirs = results[1][i].values<float>();
    float largest = 0;
    double difference = 0;
    for (std::size_t k = 0; k < ours.size(); ++k) {
      largest = std::max(largest, std::abs(theirs[k]));
      difference = std::max(difference, static_cast<double>(std::abs(ours[k] - theirs[k])));
    }
    worst = std::max(worst, difference / std::max(largest, 1e-12f));
  }
  fmt::print("compiled and reference agree within {:.2e} of the largest element "
             "(loss {:.7f} and {:.7f})\n",
             worst, results[0][1].scalar<float>(), results[1][1].scalar<float>());
  return worst < 1e-3 ? 0 : 1;
}

} // namespace

int trainHar(HarGraph (*build)(Graph &graph), const HarDefaults &defaults, const RunOptions &options) {
  const std::int64_t epochs = options.epochs.value_or(defaults.epochs);
  const double learning_rate = options.learning_rate.value_or(defaults.learning_rate);
  const double keep = options.keep.value_or(defaults.keep);
  checkPositive("epochs", static_cast<double>(epochs));
  checkPositive("learning-rate", learning_rate);
  checkPositive("keep", keep);
  if (keep > 1)
    throw Error(Code::invalid_argument, fmt::format("--keep expects at most 1, got {}", keep));

  const HarData data = loadData(options, defaults.standardised);
  const std::int64_t windows = data.train.labels.num_elements();
  const std::int64_t batch_size = options.batch.value_or(defaults.batch);
  checkPositive("batch", static_cast<double>(batch_size));
  if (batch_size > windows)
    throw Error(Code::invalid_argument, fmt::format("--batch expects at most the {} windows there are, got {}",
                                                    windows, batch_size));

  std::vector<std::int64_t> order(static_cast<std::size_t>(windows));
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 random(options.seed);
  Batch batch(batch_size);
  const auto count = static_cast<std::size_t>(batch_size);
  if (options.compare) {
    batch.fill(data.train, std::span(order).first(count));
    return compareWithReference(build, options, batch, keep, learning_rate);
  }

  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  Graph graph;
  graph.set_random_seed(options.seed);
  const HarGraph har = build(graph);
  SessionOptions session_options = options.session;
  if (!session_options.seed)
    session_options.seed = options.seed;
  Session session(graph, session_options);
  session.run(graph.global_variables_initializer());
  Trainer trainer(har, session);

  const std::int64_t steps = windows / batch_size; // the windows left over come in another epoch's batches
  Progress progress(epochs, steps);
  std::size_t peak_bytes = 0;
  for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
    std::ranges::shuffle(order, random);
    // Half a cosine from the learning rate down to nearly nothing: the last epochs settle.
    const double rate = learning_rate * 0.5 *
                        (1.02 + std::cos(std::numbers::pi * static_cast<double>(epoch - 1) /
                                         static_cast<double>(epochs)));
    double loss_sum = 0;
    std::int64_t right = 0;
    for (std::int64_t step = 0; step < steps; ++step) {
      batch.fill(data.train, std::span(order).subspan(static_cast<std::size_t>(step) * count, count));
      const std::vector<Tensor> out = trainer.step(batch, keep, rate);
      const float loss = out[1].scalar<float>();
      if (epoch == 1 && step == 0) {
        fmt::print("recorded, compiled and ran the first step in {:.2f} s\n", seconds());
        peak_bytes = session.peak_bytes();
      }
      if (!std::isfinite(loss))
        throw Error(Code::invalid_argument,
                    fmt::format("the loss is {} in epoch {}, step {}: try a smaller --learning-rate", loss, epoch,
                                step + 1));
      loss_sum += loss;
      for (std::int64_t row = 0; row < batch_size; ++row)
        right += batch.labels.data<float>()[row * kHarActivities + Trainer::largest(out[2], row)] == 1.f;
      progress.step(epoch, loss);
    }
    progress.epoch(epoch, static_cast<float>(loss_sum / static_cast<double>(steps)),
                   static_cast<double>(right) / static_cast<double>(steps * batch_size));
  }
  progress.finish();
  fmt::print("trained {} steps in {:.1f} s\n\ntest windows:\n{}", epochs * steps, seconds(),
             trainer.evaluate(data.test, batch).toString());
  if (options.memory) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("memory: arena of the training program {:.1f} MB, peak of the process {:.1f} MB\n",
               static_cast<double>(peak_bytes) / 1e6, static_cast<double>(usage.ru_maxrss) * 1024 / 1e6);
  }
  return 0;
}

} // namespace graphc::examples
