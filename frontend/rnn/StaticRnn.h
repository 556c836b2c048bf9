// Running a cell over a fixed number of time steps.
#pragma once

#include <optional>

#include "frontend/rnn/RNNCell.h"

namespace graphc::rnn {

struct StaticRnnOptions {
  /// Default: the cell's zeros.
  std::optional<State> initial_state = {};
  /// Of the zeros; default: the inputs'.
  std::optional<DataType> dtype = {};
  /// int32 or int64 [batch]: from its length on, a sequence's outputs are zero and its state stays.
  Output sequence_length = {};
  /// The variable scope.
  std::string scope = "rnn";
};

struct StaticRnnResult {
  std::vector<Output> outputs; ///< one [batch, output_size] for each step
  State state;                 ///< after the last step
};

/// Runs `cell` over `inputs`, one [batch, n] for each step, n known. Recorded as one recurrence
/// whose body is the cell's math, however many steps there are. Throws Error (invalid_argument)
/// without inputs, for inputs of different shapes, and for a cell whose state changes its type.
StaticRnnResult static_rnn(const RNNCell &cell, const std::vector<Output> &inputs,
                           const StaticRnnOptions &options = {}, Where where = Where::current());

} // namespace graphc::rnn
