// Monthly airline passengers: from five months the next of each, and then a thousand months on.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numbers>
#include <random>

#include <fmt/format.h>
#include <graphc/graphc.h>

#include "examples/data/TextFile.h"
#include "examples/training/DataFolder.h"
#include "examples/training/Training.h"

namespace graphc::examples {
namespace gc = graphc;

constexpr std::int64_t kWindow = 5, kHidden = 100, kPredicted = 1000;
constexpr std::int64_t kValidated = 12; // months

static ProgramGraph build(gc::Graph &g, const Sizes &) {
  auto x = g.placeholder(gc::float32, {gc::none, kWindow, 1}, "x");
  auto y = g.placeholder(gc::float32, {gc::none, kWindow}, "y");
  auto normal = gc::initializers::random_normal();
  auto w_out = g.get_variable("W_out", {kHidden, 1}, {.initializer = normal});
  auto b_out = g.get_variable("b_out", {1}, {.initializer = normal});

  auto [outputs, state] = gc::rnn::dynamic_rnn(gc::rnn::BasicLSTMCell(kHidden), x);
  auto batch = gc::strided_slice(gc::shape(x), {0}, {1}, {1}, {.shrink_axis_mask = 1});
  auto one = g.constant(gc::Tensor(std::int32_t{1}));
  auto w_repeated = gc::tile(gc::expand_dims(w_out, 0), gc::stack({batch, one, one})); // [b, h, 1]
  auto model = gc::squeeze(gc::matmul(outputs, w_repeated) + b_out, {2}, "model");     // [b, 5]
  auto cost = gc::reduce_mean(gc::square(model - y), {.name = "cost"});
  auto train = gc::train::AdamOptimizer(0.003).minimize(cost, {.name = "train"});
  return {{inputs(x), labels(y)}, model, cost, train};
}

/// Windows of a series and the same windows one month later.
static Dataset windows(const std::vector<float> &series) {
  const auto count = static_cast<std::int64_t>(series.size()) - kWindow;
  if (count < 1)
    throw Error(Code::data_loss, fmt::format("expected a series of more than {} months, got {}",
                                             kWindow, series.size()));
  Tensor x(float32, {count, kWindow, 1}), y(float32, {count, kWindow});
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t k = 0; k < kWindow; ++k) {
      x.data<float>()[i * kWindow + k] = series[static_cast<std::size_t>(i + k)];
      y.data<float>()[i * kWindow + k] = series[static_cast<std::size_t>(i + k + 1)];
    }
  return rowsOf({x, y});
}

/// Normalised; four fifths to train on, of which the last year says when to stop, and the last
/// fifth to test.
static Data split(const std::vector<double> &months) {
  double mean = 0, squares = 0;
  for (double month : months) {
    mean += month / static_cast<double>(months.size());
    squares += month * month / static_cast<double>(months.size());
  }
  std::vector<float> series;
  for (double month : months)
    series.push_back(static_cast<float>((month - mean) / std::sqrt(squares - mean * mean)));
  const auto cut = static_cast<std::ptrdiff_t>(series.size() * 4 / 5);
  const Dataset known = windows({series.begin(), series.begin() + cut});
  const std::int64_t earlier = std::max<std::int64_t>(known.size - kValidated, 1);
  return {.train = rowRange(known, 0, earlier),
          .validation = rowRange(known, earlier, kValidated),
          .test = windows({series.begin() + cut, series.end()}),
          .source = {}};
}

/// As many months of growth, a yearly swing and noise.
static std::vector<double> syntheticMonths() {
  std::mt19937_64 random(1949);
  std::normal_distribution<double> noise;
  std::vector<double> months;
  for (int month = 0; month < 144; ++month)
    months.push_back((110 + 2.5 * month) * (1 + 0.2 * std::sin(2 * std::numbers::pi * month / 12) +
                                            0.02 * noise(random)));
  return months;
}

static Data load(const RunOptions &options) {
  return loadData(
      options,
      {.name = "airline",
       .contents = "passenger numbers",
       .origin = "The real data, \"International airline passengers\", is series G of Box and "
                 "Jenkins, \"Time Series Analysis\"."},
      [](const std::filesystem::path &folder) {
        return split(readCsvColumn(folder / "international-airline-passengers.csv", 1));
      },
      [] { return split(syntheticMonths()); });
}

/// Each predicted month becomes the last of the next window.
static void rollForward(Trainer &trainer, const Data &data, Outcome &) {
  const Dataset &known = data.validation.empty() ? data.train : data.validation;
  std::vector<std::int64_t> last = {known.size - 1};
  Tensor window = known.batch(last).front();
  const std::filesystem::path path = trainer.outputFolder() / "airline-prediction.csv";
  std::ofstream file(path);
  file << "step,prediction\n";
  for (std::int64_t step = 0; step < kPredicted; ++step) {
    const float next = trainer.predict({window}).values<float>().back();
    file << step << ',' << next << '\n';
    window = window.clone();
    std::shift_left(window.data<float>(), window.data<float>() + kWindow, 1);
    window.data<float>()[kWindow - 1] = next;
  }
  if (!file)
    throw Error(Code::not_found, fmt::format("cannot write '{}'", path.string()));
  fmt::print("prediction of {} steps from the end of the training data: {}\n", kPredicted,
             path.string());
}

static std::unique_ptr<Metric> squaredError() {
  return std::make_unique<MeanError>(MeanError::Kind::squared);
}

Program airline() {
  return {.name = "airline",
          .summary = "airline passengers by windows of five months and an LSTM",
          .build = build,
          .training = {.epochs = 2000, .batch = 0, .validate_every = 100, .patience = 3},
          .load = load,
          .metric = squaredError,
          .finish = rollForward};
}

} // namespace graphc::examples
