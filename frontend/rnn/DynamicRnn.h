// Running cells over sequences whose number of steps, batch and lengths are known when they are
// fed.
#pragma once

#include <optional>

#include "frontend/rnn/RNNCell.h"

namespace graphc::rnn {

struct DynamicRnnOptions {
  /// int32 or int64 [batch]: from its length on, a sequence's outputs are zero and its state stays.
  Output sequence_length = {};
  /// Default: the cell's zeros.
  std::optional<State> initial_state = {};
  /// Of the zeros; default: the inputs'.
  std::optional<DataType> dtype = {};
  /// Inputs and outputs are [time, batch, ...] in place of [batch, time, ...].
  bool time_major = false;
  /// The variable scope.
  std::string scope = "rnn";
};

struct DynamicRnnResult {
  Output outputs; ///< [batch, time, output_size], or [time, batch, output_size]
  State state;    ///< after the last step of each sequence
};

/// Runs `cell` over `inputs` [batch, time, depth]; batch and time may be unknown, depth not. One
/// recurrence, compiled for the extents that are fed. Throws Error (invalid_argument) for inputs
/// without a rank of three or more or a depth, for lengths that are not [batch], and for a cell
/// whose state changes its type.
DynamicRnnResult dynamic_rnn(const RNNCell &cell, const Output &inputs,
                             const DynamicRnnOptions &options = {}, Where where = Where::current());

/// What a forward and a backward cell give.
template <typename T> struct BothDirections {
  T fw;
  T bw;
};

struct BidirectionalOptions {
  Output sequence_length = {};
  std::optional<State> initial_state_fw = {};
  std::optional<State> initial_state_bw = {};
  std::optional<DataType> dtype = {};
  bool time_major = false;
  std::string scope = "bidirectional_rnn";
};

struct BidirectionalResult {
  /// As dynamic_rnn's. outputs.bw at a step is what the backward cell made of that step and those
  /// after it.
  BothDirections<Output> outputs;
  BothDirections<State> states;
};

/// `cell_fw` from the first step to the last, `cell_bw` from each sequence's last step to the
/// first; their variables stand under `bidirectional_rnn/fw` and `/bw`.
BidirectionalResult bidirectional_dynamic_rnn(const RNNCell &cell_fw, const RNNCell &cell_bw,
                                              const Output &inputs,
                                              const BidirectionalOptions &options = {},
                                              Where where = Where::current());

/// How Bidirectional joins the outputs of the two directions.
enum class MergeMode { concat, sum, mul, ave };

struct BidirectionalHelperOptions {
  MergeMode merge_mode = MergeMode::concat;
  /// False: only what has seen the whole sequence, [batch, features]: the last output forward and
  /// the first backward.
  bool return_sequences = true;
  Output sequence_length = {};
  std::string scope = "bidirectional_rnn";
};

/// Keras's Bidirectional around a cell for each direction: inputs [batch, time, depth] ->
/// [batch, time, features]; features is the sum of both output sizes for `concat`, else their
/// common size.
Output Bidirectional(const RNNCell &cell_fw, const RNNCell &cell_bw, const Output &inputs,
                     const BidirectionalHelperOptions &options = {},
                     Where where = Where::current());

} // namespace graphc::rnn
