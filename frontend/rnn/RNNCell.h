// The interface of cells: one step of a recurrence, as graph ops.
#pragma once

#include <memory>
#include <string>

#include "frontend/Graph.h"
#include "frontend/rnn/State.h"

namespace graphc {
struct LayerState;
}

namespace graphc::rnn {

struct CellOutput {
  Output output; ///< [batch, output_size]
  State state;
};

/// One step: (inputs [batch, n], state) -> (output, new state). A cell of one's own derives from
/// it and writes the math of call() in graph ops, its weights by get_variable of the inputs' graph;
/// it then gets the compilation that BasicLSTMCell gets.
///
/// Copies of a cell are the same cell, as two references are in Python: they share the variables.
/// Variables are named under the scope of the first call and found again in later calls.
class RNNCell {
public:
  virtual ~RNNCell();

  /// The extents of the state, [batch] left out.
  virtual StateSize state_size() const = 0;
  virtual std::int64_t output_size() const = 0;

  /// One step, in the scopes that TensorFlow would open.
  CellOutput operator()(const Output &inputs, const State &state,
                        Where where = Where::current()) const {
    return invoke(inputs, state, where);
  }

  /// Zeros of state_size() for a batch given as a scalar int32 tensor, or as a number.
  State zero_state(Graph &graph, const Input &batch_size, DataType dtype,
                   Where where = Where::current()) const;
  State zero_state(const Output &batch_size, DataType dtype, Where where = Where::current()) const;

protected:
  /// `name` of the layer; by default the class's name in snake case.
  explicit RNNCell(std::string name = {});

  /// The math of one step. Called inside the cell's scopes.
  virtual CellOutput call(const Output &inputs, const State &state, Where where) const = 0;

  /// Opens the scopes and calls call().
  virtual CellOutput invoke(const Output &inputs, const State &state, Where where) const;
  virtual State makeZeroState(Graph &graph, const Output &batch, std::int64_t knownBatch,
                              DataType dtype, Where where) const;
  /// The layer's state for a graph, begun afresh for another one than before.
  LayerState &layer(Graph &graph) const;
  /// "BasicLSTMCell".
  std::string class_name() const;

  friend class Cell;
  friend class MultiRNNCell;
  friend class DropoutWrapper;

private:
  std::string name_;
  std::shared_ptr<LayerState> layer_;
};

/// Any cell, held as a value.
class Cell {
public:
  template <typename T>
    requires std::is_base_of_v<RNNCell, T>
  Cell(T cell) : cell_(std::make_shared<T>(std::move(cell))) {} // NOLINT: any cell is a Cell
  const RNNCell &operator*() const { return *cell_; }
  const RNNCell *operator->() const { return cell_.get(); }

private:
  std::shared_ptr<const RNNCell> cell_;
};

} // namespace graphc::rnn
