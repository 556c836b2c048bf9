// TensorFlow's cells (tensorflow/python/ops/rnn_cell_impl.py): formulas, variables and names.
#pragma once

#include <optional>

#include "frontend/layers/Layers.h"
#include "frontend/ops/NeuralNetwork.h"
#include "frontend/rnn/RNNCell.h"

namespace graphc::rnn {

/// A cell whose scope is that of a plain layer.
class LayerRNNCell : public RNNCell {
protected:
  using RNNCell::RNNCell;
  CellOutput invoke(const Output &inputs, const State &state, Where where) const override;
};

struct BasicRNNCellOptions {
  Activation activation = graphc::tanh;
  std::string name = {};
};
/// h' = activation([x, h] kernel + bias); variables kernel [n + units, units], bias [units].
class BasicRNNCell : public LayerRNNCell {
public:
  explicit BasicRNNCell(std::int64_t num_units, BasicRNNCellOptions options = {});
  StateSize state_size() const override { return num_units_; }
  std::int64_t output_size() const override { return num_units_; }

protected:
  CellOutput call(const Output &inputs, const State &state, Where where) const override;

private:
  std::int64_t num_units_;
  BasicRNNCellOptions options_;
};

struct BasicLSTMCellOptions {
  /// Added to the forget gate when it runs; it is not in the variable.
  double forget_bias = 1;
  Activation activation = graphc::tanh;
  std::string name = {};
};
/// [i, j, f, o] = [x, h] kernel + bias; c' = c sigmoid(f + forget_bias) + sigmoid(i) activation(j);
/// h' = activation(c') sigmoid(o). Variables kernel [n + units, 4 units], bias [4 units].
class BasicLSTMCell : public LayerRNNCell {
public:
  explicit BasicLSTMCell(std::int64_t num_units, BasicLSTMCellOptions options = {});
  StateSize state_size() const override { return StateSize::lstm(num_units_, num_units_); }
  std::int64_t output_size() const override { return num_units_; }

protected:
  CellOutput call(const Output &inputs, const State &state, Where where) const override;

private:
  std::int64_t num_units_;
  BasicLSTMCellOptions options_;
};

struct LSTMCellOptions {
  /// Diagonal weights from c to the gates: w_f_diag, w_i_diag and w_o_diag, each [units].
  bool use_peepholes = false;
  /// c' is clipped to [-cell_clip, cell_clip].
  std::optional<double> cell_clip = {};
  Initializer initializer = {};
  /// h' is projected to this many by the variable projection/kernel.
  std::optional<std::int64_t> num_proj = {};
  std::optional<double> proj_clip = {};
  double forget_bias = 1;
  Activation activation = graphc::tanh;
  std::string name = {};
};
/// BasicLSTMCell with peepholes, clipping and a projection (Sak et al., Interspeech 2014).
class LSTMCell : public LayerRNNCell {
public:
  explicit LSTMCell(std::int64_t num_units, LSTMCellOptions options = {});
  StateSize state_size() const override { return StateSize::lstm(num_units_, output_size()); }
  std::int64_t output_size() const override { return options_.num_proj.value_or(num_units_); }

protected:
  CellOutput call(const Output &inputs, const State &state, Where where) const override;

private:
  std::int64_t num_units_;
  LSTMCellOptions options_;
};

struct GRUCellOptions {
  Activation activation = graphc::tanh;
  Initializer kernel_initializer = {};
  Initializer bias_initializer = {}; ///< default: ones for the gates, zeros for the candidate
  std::string name = {};
  /// Keras's GRU: the reset gate acts on the product, see below.
  bool reset_after = false;
  Initializer recurrent_initializer = {}; ///< with reset_after; default: orthogonal
  /// [batch, units], or what broadcasts to it: multiplies h where kernels meet it, and not where it
  /// is kept. With nn::dropout of ones, made outside of the recurrence, it is Keras's
  /// recurrent_dropout: a mask for each sequence, the same at all steps.
  Output recurrent_mask = {};
};
/// [r, u] = sigmoid([x, h] gates/kernel + gates/bias);
/// c = activation([x, r h] candidate/kernel + candidate/bias); h' = u h + (1 - u) c.
///
/// With `reset_after`, as tf.keras.layers.GRU: variables kernel [n, 3 units], recurrent_kernel
/// [units, 3 units] and bias [2, 3 units], columns in the order z, r, c, so that Keras's weights
/// fit as they are; zeros are the default for bias. a = x kernel + bias[0]; b = h recurrent_kernel
/// + bias[1]; z = sigmoid(a_z + b_z); r = sigmoid(a_r + b_r); c = activation(a_c + r b_c); h' = z h
/// + (1 - z) c.
class GRUCell : public LayerRNNCell {
public:
  explicit GRUCell(std::int64_t num_units, GRUCellOptions options = {});
  StateSize state_size() const override { return num_units_; }
  std::int64_t output_size() const override { return num_units_; }

protected:
  CellOutput call(const Output &inputs, const State &state, Where where) const override;

private:
  Output masked(const Output &h, Where where) const;
  Output resetAfter(const Output &inputs, const Output &h, std::int64_t depth, Where where) const;

  std::int64_t num_units_;
  GRUCellOptions options_;
};

struct DropoutWrapperOptions {
  /// Numbers in (0, 1] or scalar tensors.
  Input input_keep_prob = 1.0;
  Input output_keep_prob = 1.0;
  Input state_keep_prob = 1.0;
  std::optional<std::int64_t> seed = {};
};
/// A cell with dropout on its inputs, its output and its new state (an LSTM's c excepted).
class DropoutWrapper : public RNNCell {
public:
  explicit DropoutWrapper(Cell cell, DropoutWrapperOptions options = {});
  StateSize state_size() const override { return cell_->state_size(); }
  std::int64_t output_size() const override { return cell_->output_size(); }

protected:
  CellOutput call(const Output &inputs, const State &state, Where where) const override;
  CellOutput invoke(const Output &inputs, const State &state, Where where) const override;
  State makeZeroState(Graph &graph, const Output &batch, std::int64_t knownBatch, DataType dtype,
                      Where where) const override;

private:
  Cell cell_;
  DropoutWrapperOptions options_;
};

/// Cells one above the other: each takes the output of the one below. Variables stand under
/// `multi_rnn_cell/cell_<k>`; the state is the tuple of the cells' states.
class MultiRNNCell : public RNNCell {
public:
  /// Throws Error (invalid_argument) without cells.
  explicit MultiRNNCell(std::vector<Cell> cells);
  StateSize state_size() const override;
  std::int64_t output_size() const override { return cells_.back()->output_size(); }

protected:
  CellOutput call(const Output &inputs, const State &state, Where where) const override;
  State makeZeroState(Graph &graph, const Output &batch, std::int64_t knownBatch, DataType dtype,
                      Where where) const override;

private:
  std::vector<Cell> cells_;
};

} // namespace graphc::rnn
