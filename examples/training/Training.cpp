#include "examples/training/Training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <numbers>
#include <numeric>
#include <random>

#include <fmt/format.h>
#include <sys/resource.h>

#include "examples/report/Report.h"
#include "examples/training/BatchReader.h"
#include "examples/training/Progress.h"
#include "examples/training/Recording.h"
#include "examples/training/WeightAverage.h"

namespace graphc::examples {

Shape FedTensor::shape(std::int64_t batch) const {
  std::vector<std::int64_t> extents = tensor.shape().extents();
  for (std::size_t axis = 0; axis < extents.size(); ++axis)
    if (extents[axis] < 0)
      extents[axis] = axis == 0 ? batch : typical_extent;
  return Shape(std::move(extents));
}

double constantRate(std::int64_t, std::int64_t) { return 1; }

double cosineRate(std::int64_t epoch, std::int64_t epochs) {
  return 0.5 * (1.02 + std::cos(std::numbers::pi * static_cast<double>(epoch) /
                                static_cast<double>(epochs)));
}

bool Outcome::reached() const {
  return (!target || (higher_is_better ? value >= *target : value <= *target)) &&
         std::ranges::all_of(conditions, &Condition::met);
}

static void checkPositive(const char *name, double value) {
  if (!(value > 0))
    throw Error(Code::invalid_argument,
                fmt::format("--{} expects a number above 0, got {}", name, value));
}

/// The program's settings with the user's over them.
static Training settingsOf(const Program &program, const RunOptions &options) {
  Training settings = program.training;
  auto refuse = [&](const char *name, const char *what) {
    throw Error(
        Code::invalid_argument,
        fmt::format("--{} has no meaning for {}: its graph has no {}", name, program.name, what));
  };
  if (options.quick)
    settings.epochs = 1;
  if (options.epochs)
    checkPositive("epochs", static_cast<double>(settings.epochs = *options.epochs));
  if (options.batch)
    checkPositive("batch", static_cast<double>(settings.batch = *options.batch));
  if (options.learning_rate) {
    if (settings.learning_rate == 0)
      refuse("learning-rate", "learning rate that is fed");
    checkPositive("learning-rate", settings.learning_rate = *options.learning_rate);
  }
  if (!options.column.empty() && program.column.empty())
    throw Error(Code::invalid_argument,
                fmt::format("--column has no meaning for {}: it forecasts no column of a table",
                            program.name));
  if (options.keep) {
    if (settings.keep == 1)
      refuse("keep", "dropout");
    checkPositive("keep", settings.keep = *options.keep);
    if (settings.keep > 1)
      throw Error(Code::invalid_argument,
                  fmt::format("--keep expects at most 1, got {}", settings.keep));
  }
  return settings;
}

/// Compiled calls of a graph: one training step, one batch judged, one batch predicted.
struct Trainer::Runner {
  Runner(const ProgramGraph &ends, Session &session, double keep) : ends(ends), keep(keep) {
    std::vector<Output> all, without_labels, without_rate;
    for (const FedTensor &feed : ends.feeds) {
      all.push_back(feed.tensor);
      if (feed.value != FedTensor::Value::learning_rate)
        without_rate.push_back(feed.tensor);
      if (!feed.training_only)
        without_labels.push_back(feed.tensor);
    }
    train.emplace(session.prepare(all, {ends.train, ends.loss, ends.predictions}));
    judge.emplace(session.prepare(without_rate, {ends.loss, ends.predictions}));
    predict.emplace(session.prepare(without_labels, {ends.predictions}));
  }

  /// Loss and predictions.
  std::vector<Tensor> step(const std::vector<Tensor> &rows, double rate) const {
    std::vector<Tensor> out = (*train)(feeds(rows, Purpose::train, rate));
    out.erase(out.begin());
    return out;
  }
  std::vector<Tensor> evaluate(const std::vector<Tensor> &rows) const {
    return (*judge)(feeds(rows, Purpose::judge, 0));
  }
  Tensor predictions(const std::vector<Tensor> &rows) const {
    return (*predict)(feeds(rows, Purpose::predict, 0)).front();
  }

private:
  enum class Purpose { train, judge, predict };

  std::vector<Tensor> feeds(const std::vector<Tensor> &rows, Purpose purpose, double rate) const {
    const bool training = purpose == Purpose::train;
    std::vector<Tensor> values;
    std::size_t next = 0;
    for (const FedTensor &feed : ends.feeds) {
      const bool left_out = purpose == Purpose::predict && feed.training_only;
      switch (feed.value) {
      case FedTensor::Value::rows:
        if (left_out)
          break;
        if (next == rows.size())
          throw Error(Code::invalid_argument, fmt::format("expected rows for '{}', got {} tensors",
                                                          feed.tensor.name(), rows.size()));
        values.push_back(rows[next++]);
        break;
      case FedTensor::Value::keep:
        values.emplace_back(training ? static_cast<float>(keep) : 1.f);
        break;
      case FedTensor::Value::learning_rate:
        if (training)
          values.emplace_back(static_cast<float>(rate));
        break;
      case FedTensor::Value::training: values.emplace_back(training); break;
      }
    }
    return values;
  }

  const ProgramGraph &ends;
  double keep;
  std::optional<Callable> train;
  std::optional<Callable> judge;
  std::optional<Callable> predict;
};

/// Batches of an epoch in --quick.
static constexpr std::int64_t kQuickBatches = 4;

static SessionOptions withSeed(const RunOptions &options) {
  SessionOptions session = options.session;
  if (!session.seed)
    session.seed = options.seed;
  return session;
}

Trainer::Trainer(const Program &program, const Data &data, const RunOptions &options)
    : program_(program), options_(options), settings_(settingsOf(program, options)),
      train_(data.train), validation_(data.validation), sizes_(data.sizes) {
  if (settings_.batch > train_.size)
    throw Error(Code::invalid_argument,
                fmt::format("--batch expects at most the {} rows there are, got {}", train_.size,
                            settings_.batch));
  if (settings_.batch == 0)
    settings_.batch = train_.size;
  if (options.quick)
    train_ = rowRange(train_, 0, kQuickBatches * settings_.batch);
  graph_.set_random_seed(static_cast<std::int64_t>(options.seed));
  ends_ = program.build(graph_, sizes_);
  session_ = std::make_unique<Session>(graph_, withSeed(options));
  runner_ = std::make_unique<Runner>(ends_, *session_, settings_.keep);
}

Trainer::~Trainer() = default;

double Trainer::evaluate(const Dataset &rows, Metric &metric) {
  const std::int64_t size = std::max<std::int64_t>(1, std::min(settings_.batch, rows.size));
  const std::int64_t count = options_.quick ? std::min(rows.size, kQuickBatches * size) : rows.size;
  std::vector<std::int64_t> wanted;
  double loss = 0;
  for (std::int64_t begin = 0; begin < count; begin += size) {
    wanted.resize(static_cast<std::size_t>(std::min(size, count - begin)));
    std::iota(wanted.begin(), wanted.end(), begin);
    const std::vector<Tensor> batch = rows.batch(wanted);
    const std::vector<Tensor> out = runner_->evaluate(batch);
    loss += static_cast<double>(out[0].scalar<float>()) * static_cast<double>(wanted.size());
    metric.add(out[1], batch);
  }
  return count == 0 ? 0 : loss / static_cast<double>(count);
}

Tensor Trainer::predict(const std::vector<Tensor> &rows) { return runner_->predictions(rows); }

void Trainer::fit() {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  session_->run(graph_.global_variables_initializer());
  if (!options_.restore.empty())
    train::Saver(graph_).restore(*session_, options_.restore);

  const std::int64_t steps =
      train_.size / settings_.batch; // rows left over come in another epoch's batches
  const auto count = static_cast<std::size_t>(settings_.batch);
  std::vector<std::int64_t> order(static_cast<std::size_t>(train_.size));
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 random(options_.seed);
  Progress progress(settings_.epochs, steps, program_.metric()->name());
  std::size_t peak_bytes = 0, arena_lower_bound = 0;
  std::int64_t taken = 0;

  double loss_sum = 0;
  std::int64_t summed = 0;
  std::unique_ptr<Metric> metric = program_.metric();
  double best = std::numeric_limits<double>::infinity();
  std::int64_t worse = 0;
  // Ends a stretch of training with its figures; false where it is time to stop.
  auto mark = [&] {
    TrainingPoint point{taken,
                        static_cast<double>(taken) / static_cast<double>(steps),
                        {loss_sum / static_cast<double>(summed), metric->value()}};
    loss_sum = 0;
    summed = 0;
    metric = program_.metric();
    if (!validation_.empty()) {
      const std::unique_ptr<Metric> judge = program_.metric();
      const double loss = evaluate(validation_, *judge);
      point.validation = Figures{loss, judge->value()};
      worse = loss < best ? 0 : worse + 1;
      best = std::min(best, loss);
    }
    history_.push_back(point);
    progress.mark(point);
    return settings_.patience == 0 || worse < settings_.patience;
  };

  WeightAverage average(graph_);
  const auto not_averaged = static_cast<std::int64_t>(
      std::floor(static_cast<double>(settings_.epochs) * (1 - settings_.averaged)));
  BatchReader reader(train_);
  bool stop = false;
  for (std::int64_t epoch = 1; epoch <= settings_.epochs && !stop; ++epoch) {
    std::ranges::shuffle(order, random);
    const double rate = settings_.learning_rate * settings_.schedule(epoch - 1, settings_.epochs);
    const auto rowsOfStep = [&](std::int64_t step) {
      return std::span(order).subspan(static_cast<std::size_t>(step) * count, count);
    };
    reader.start(rowsOfStep(0));
    for (std::int64_t step = 0; step < steps && !stop; ++step) {
      const std::vector<Tensor> rows = reader.take();
      if (step + 1 < steps)
        reader.start(rowsOfStep(step + 1));
      const std::vector<Tensor> out = runner_->step(rows, rate);
      const float loss = out[0].scalar<float>();
      if (taken++ == 0) {
        timings_.first_step = seconds();
        fmt::print("recorded, compiled and ran the first step in {:.2f} s\n", timings_.first_step);
        peak_bytes = session_->peak_bytes();
        arena_lower_bound = session_->arena_lower_bound();
      }
      if (!std::isfinite(loss))
        throw Error(
            Code::invalid_argument,
            fmt::format("the loss is {} in epoch {}, step {}: try a smaller --learning-rate", loss,
                        epoch, step + 1));
      loss_sum += loss;
      ++summed;
      metric->add(out[1], rows);
      progress.step(epoch, loss);
      if (settings_.validate_every > 0 && taken % settings_.validate_every == 0)
        stop = !mark();
    }
    if (epoch > not_averaged)
      average.add(*session_);
    if (epoch == settings_.epochs) // what is validated last is the trained net
      average.apply(*session_);
    if (settings_.validate_every == 0)
      stop = !mark();
    progress.epoch(epoch, stop);
  }
  if (summed > 0)
    mark();
  if (stop) // before the last epoch
    average.apply(*session_);
  progress.finish();
  timings_.training = seconds();
  timings_.steps = taken;
  fmt::print("trained {} steps in {:.1f} s\n", taken, timings_.training);
  if (!options_.save.empty())
    fmt::print("saved as {}\n", train::Saver(graph_).save(*session_, options_.save));
  if (options_.memory) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("memory: arena of the training program {:.1f} MB, at least {:.1f} MB by what its "
               "steps need, peak of the process {:.1f} MB\n",
               static_cast<double>(peak_bytes) / 1e6, static_cast<double>(arena_lower_bound) / 1e6,
               static_cast<double>(usage.ru_maxrss) * 1024 / 1e6);
  }
}

bool Trainer::compareWithReference() {
  std::vector<std::vector<Tensor>> results;
  std::vector<std::int64_t> first(static_cast<std::size_t>(settings_.batch));
  std::iota(first.begin(), first.end(), 0);
  const std::vector<Tensor> rows = train_.batch(first);
  for (Backend backend : {Backend::compiled, Backend::reference}) {
    Graph graph;
    graph.set_random_seed(static_cast<std::int64_t>(options_.seed));
    const ProgramGraph ends = program_.build(graph, sizes_);
    SessionOptions session_options = withSeed(options_);
    session_options.backend = backend;
    Session session(graph, session_options);
    session.run(graph.global_variables_initializer());
    results.push_back(Runner(ends, session, settings_.keep).step(rows, settings_.learning_rate));
    for (const Variable &variable : graph.trainable_variables())
      results.back().push_back(session.variable(variable.op_name()));
  }
  double worst = 0;
  for (std::size_t i = 0; i < results[0].size(); ++i) {
    const Tensor ours = results[0][i].cast(float32), theirs = results[1][i].cast(float32);
    float largest = 0;
    double difference = 0;
    for (std::int64_t k = 0; k < ours.num_elements(); ++k) {
      largest = std::max(largest, std::abs(theirs.data<float>()[k]));
      difference =
          std::max(difference,
                   static_cast<double>(std::abs(ours.data<float>()[k] - theirs.data<float>()[k])));
    }
    worst = std::max(worst, difference / std::max(largest, 1e-12f));
  }
  fmt::print("compiled and reference agree within {:.2e} of the largest element "
             "(loss {:.7f} and {:.7f})\n",
             worst, results[0][0].scalar<float>(), results[1][0].scalar<float>());
  return worst < 1e-3;
}

Outcome runProgram(const Program &program, const RunOptions &options) {
  static_cast<void>(settingsOf(program, options)); // wrong options are told before any work is done
  const Data data = program.load(options);
  fmt::print("data: {}; {} rows to train on, {} to test on\n", data.source, data.train.size,
             data.test.size);
  Trainer trainer(program, data, options);
  if (options.compare)
    return {"agreement of compiled and reference", trainer.compareWithReference() ? 1.0 : 0.0, 1.0};
  if (!options.record.empty()) {
    recordSteps(trainer, data.train, settingsOf(program, options).learning_rate, options.record);
    fmt::print("recorded two steps in {}\n", options.record);
    return {"steps recorded", 2};
  }
  trainer.fit();
  const std::unique_ptr<Metric> metric = program.metric();
  const double test_loss = trainer.evaluate(data.test, *metric);
  fmt::print("\ntest:\n{}", metric->report());
  Outcome outcome{metric->name(), metric->value(), program.target, metric->higher_is_better(),
                  data.synthetic};
  if (program.finish)
    program.finish(trainer, data, outcome);
  if (!options.report.empty()) {
    const Report report = makeReport(program, data, trainer, *metric, outcome, test_loss);
    fmt::print("\n{}", toText(report));
    std::ofstream file(options.report);
    file << toHtml(report);
    if (!file.flush())
      throw Error(Code::invalid_argument, "cannot write '" + options.report + "'");
    fmt::print("report: {}\n", options.report);
  }
  return outcome;
}

} // namespace graphc::examples
