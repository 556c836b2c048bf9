// The built-in programs, by name: ordinary graph programs that `graphc run` trains and
// `graphc dump` shows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <graphc/graphc.h>

namespace graphc::examples {

/// What `graphc run PROGRAM` can be told; a program's own defaults stand where nothing is given.
struct RunOptions {
  std::string data = {}; ///< a folder; empty: $GRAPHC_DATA, else synthetic data
  std::optional<std::int64_t> epochs;
  std::optional<std::int64_t> batch;
  std::optional<double> learning_rate;
  std::optional<double> keep;
  std::uint64_t seed = 1;
  SessionOptions session;
  bool memory = false;  ///< print the program's peak memory at the end
  bool compare = false; ///< run one training step by the reference kernels too and compare
};

/// The ends of a program's graph.
struct ProgramGraph {
  struct FedTensor {
    Output tensor;
    /// Its shape for a batch of the given size.
    std::function<Shape(std::int64_t batch)> shape;
    /// Does only training need it?
    bool training_only = false;
  };
  std::vector<FedTensor> feeds;
  Output predictions;
  Output loss;
  Operation train;
};

struct Program {
  std::string_view name;
  std::string_view summary;
  std::int64_t default_batch;
  ProgramGraph (*build)(Graph &graph);
  /// Trains and evaluates; returns the process's exit code.
  int (*run)(const RunOptions &options);
};

const std::vector<Program> &programs();
/// Throws Error (not_found) that lists the names there are.
const Program &findProgram(std::string_view name);

} // namespace graphc::examples
