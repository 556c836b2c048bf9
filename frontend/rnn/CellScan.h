// A cell over a stacked sequence: what static_rnn and dynamic_rnn record. For graphc itself.
#pragma once

#include <optional>
#include <string>

#include "frontend/Recorder.h"
#include "frontend/rnn/RNNCell.h"

namespace graphc::rnn {

struct CellScan {
  Output sequence;                         ///< [steps, batch, depth, ...]
  std::int64_t steps = none;               ///< none: as many as are fed
  std::optional<State> initial_state = {}; ///< default: the cell's zeros
  std::optional<DataType> dtype = {};      ///< of the zeros; default: the sequence's
  Output lengths = {};                     ///< int32 or int64 [batch], or empty: all have all steps
  bool reverse = false;                    ///< from the last step to the first
  std::string_view op_name;                ///< of the recurrence, made unique: "static_rnn"
  Output batch_of = {}; ///< its first extent is the batch's; default: of the sequence
};

struct CellScanResult {
  Output outputs; ///< [steps, batch, output_size]
  State state;    ///< after the last step
};

/// Records one recurrence whose body is the cell's math, in the open scopes. From its length on, a
/// sequence's outputs are zero and its state stays; in reverse it starts at its own end.
CellScanResult scanCell(Graph &graph, const RNNCell &cell, const CellScan &scan, Where where);

/// What came of wrong operands, in a graph with deferred errors.
CellScanResult poisonedScan(Graph &graph, const RNNCell &cell);

} // namespace graphc::rnn
