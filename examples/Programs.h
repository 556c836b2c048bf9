// The built-in programs, by name: ordinary graph programs that `graphc run` trains and
// `graphc dump` shows. A program's file holds its graph, its usual settings and where its data
// comes from; the loop over epochs and batches is examples/training/.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <graphc/graphc.h>

#include "examples/training/Dataset.h"
#include "examples/training/Metric.h"

namespace graphc::examples {

class Trainer;

/// What `graphc run PROGRAM` can be told; a program's own defaults stand where nothing is given.
struct RunOptions {
  std::string data = {}; ///< a folder; empty: $GRAPHC_DATA, else synthetic data
  /// `data` is the folder of several programs: synthetic data for one that has none there.
  bool shared_data = false;
  std::string column = {}; ///< of a table, to forecast
  std::optional<std::int64_t> epochs = {};
  std::optional<std::int64_t> batch = {};
  std::optional<double> learning_rate = {};
  std::optional<double> keep = {};
  std::uint64_t seed = 1;
  SessionOptions session = {};
  std::string restore = {}; ///< a checkpoint to go on from
  std::string save = {};    ///< where to save the trained net
  std::string report = {};  ///< a page to write
  std::string record = {};  ///< a folder: take two steps and write all that went in and came out
  std::string output = "."; ///< a folder for the files that programs write
  bool quick = false;       ///< one epoch of a few batches, to see that everything works
  bool memory = false;      ///< print the program's peak memory at the end
  bool compare = false;     ///< run one training step by the reference kernels too and compare
};

/// A placeholder and what is fed to it.
struct FedTensor {
  enum class Value {
    rows,          ///< the next tensor of the data set's batch
    keep,          ///< the share that dropout keeps; 1 in evaluation
    learning_rate, ///< of the schedule
    training,      ///< true in training, false in evaluation
  };
  Output tensor;
  Value value = Value::rows;
  /// Does only training need it, or the loss, as labels?
  bool training_only = false;
  /// Stands for unknown extents other than the batch's where `graphc dump` needs one.
  std::int64_t typical_extent = 1;

  /// The shape that is fed for a batch of the given size.
  Shape shape(std::int64_t batch) const;
};

inline FedTensor inputs(const Output &tensor, std::int64_t typical_extent = 1) {
  return {tensor, FedTensor::Value::rows, false, typical_extent};
}
inline FedTensor labels(const Output &tensor, std::int64_t typical_extent = 1) {
  return {tensor, FedTensor::Value::rows, true, typical_extent};
}
inline FedTensor keepProbability(const Output &tensor) { return {tensor, FedTensor::Value::keep}; }
inline FedTensor learningRate(const Output &tensor) {
  return {tensor, FedTensor::Value::learning_rate, true};
}
inline FedTensor isTraining(const Output &tensor) { return {tensor, FedTensor::Value::training}; }

/// The ends of a program's graph.
struct ProgramGraph {
  /// Those of rows in the order of the data set's tensors.
  std::vector<FedTensor> feeds;
  Output predictions; ///< what the metric judges, [batch, ...]
  Output loss;
  Operation train;
};

/// Extents of the graph that follow from the data, as "vocabulary".
using Sizes = std::map<std::string, std::int64_t, std::less<>>;

/// What labels were before they were normalised: label * deviation + mean.
struct LabelUnits {
  std::string name = {};
  double mean = 0;
  double deviation = 1;
};

struct Data {
  Dataset train;
  Dataset validation = {}; ///< may be empty
  Dataset test;
  std::string source; ///< where it came from, in words for the user
  Sizes sizes = {};
  LabelUnits labels = {};
  bool synthetic = false;
};

/// The share of the learning rate that is used in `epoch`, counted from 0, of `epochs`.
using Schedule = double (*)(std::int64_t epoch, std::int64_t epochs);
double constantRate(std::int64_t epoch, std::int64_t epochs);
/// Half a cosine from 1 down to nearly nothing: the last epochs settle.
double cosineRate(std::int64_t epoch, std::int64_t epochs);

/// How a program is usually trained.
struct Training {
  std::int64_t epochs;
  std::int64_t batch;       ///< 0: all training rows in one step
  double learning_rate = 0; ///< 0: a constant of the graph
  double keep = 1;
  Schedule schedule = constantRate;
  /// The share of the epochs, from the last one back, whose ends' weights are averaged to give the
  /// trained net; 0: the weights of the last step.
  double averaged = 0;
  /// Steps between validations; 0: one after each epoch.
  std::int64_t validate_every = 0;
  /// Training stops once so many validations in a row did not lower the validation loss; 0: never.
  std::int64_t patience = 0;
};

/// Something else than a number to reach that training must come to.
struct Condition {
  std::string text; ///< "below the first epoch's 0.16"
  bool met = false;
};

/// What training came to, beside what it should.
struct Outcome {
  std::string metric; ///< "accuracy"
  double value = 0;
  std::optional<double> target = {};
  bool higher_is_better = true;
  bool synthetic = false;
  std::vector<Condition> conditions = {};

  /// Target, where there is one, and conditions.
  bool reached() const;
};

struct Program {
  std::string_view name;
  std::string_view summary;
  ProgramGraph (*build)(Graph &graph, const Sizes &sizes);
  Training training;
  /// Reads the data that the options name, or makes some.
  Data (*load)(const RunOptions &options);
  std::unique_ptr<Metric> (*metric)();
  /// For the metric over the test rows, on real data and with the usual settings.
  std::optional<double> target = {};
  /// The seconds in which it must get there on two cores, reading the data included.
  std::optional<double> most_seconds = {};
  /// The sizes of the real data, for graphs that are only looked at.
  Sizes typical_sizes = {};
  /// The column that it forecasts, of tables that have many; empty where it reads none.
  std::string_view column = {};
  /// What else there is to show or to write once the net is trained and tested.
  void (*finish)(Trainer &trainer, const Data &data, Outcome &outcome) = nullptr;
};

const std::vector<Program> &programs();
/// Throws Error (not_found) that lists the names there are.
const Program &findProgram(std::string_view name);

} // namespace graphc::examples
