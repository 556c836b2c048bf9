// The order of the statements is TensorFlow's: it decides the names.
#include "frontend/rnn/Cells.h"

#include "frontend/Initializers.h"
#include "frontend/layers/LayerScope.h"
#include "frontend/ops/Array.h"

namespace graphc::rnn {

CellOutput LayerRNNCell::invoke(const Output &inputs, const State &state, Where where) const {
  Graph &graph = graphOf(inputs, "cell", where);
  LayerCall scopes(graph, layer(graph));
  return call(inputs, state, where);
}

/// The number of input features; an error and nothing where it is unknown.
static std::optional<std::int64_t> depthOf(const Output &inputs, Where where) {
  const Shape shape = inputs.shape();
  if (!inputs.is_poisoned() && shape.has_rank() && shape.rank() == 2 && shape[1] >= 0)
    return shape[1];
  if (!inputs.is_poisoned())
    fail(inputs.graph(), Code::invalid_argument,
         "expected inputs [batch, depth] of known depth, got " + shape.to_string(), "concat",
         where);
  return std::nullopt;
}

static CellOutput poisoned(const Output &inputs, const State &state) {
  const Output none = Output::from_opaque(inputs.graph(), nullptr);
  return {none, state.map([&](const Output &) { return none; })};
}

/// A state that a cell can take: `parts` tensors (0: one, not in a tuple).
static bool fits(const Output &inputs, const State &state, std::size_t parts, Where where) {
  const bool right = parts == 0 ? state.is_leaf() : !state.is_leaf() && state.size() == parts;
  if (right)
    return true;
  fail(inputs.graph(), Code::invalid_argument,
       "expected a state of " + (parts == 0 ? "one tensor" : std::to_string(parts) + " parts") +
           ", got " +
           (state.is_leaf() ? "one tensor" : "a tuple of " + std::to_string(state.size())),
       "state", where);
  return false;
}

static Output variable(const Output &inputs, std::string_view name, const Shape &shape,
                       const Initializer &initializer, Where where) {
  return inputs.graph().get_variable(name, shape,
                                     {.initializer = initializer, .dtype = inputs.dtype()}, where);
}

/// [x, h] kernel + bias.
static Output affine(const Output &inputs, const Output &h, const Output &kernel,
                     const Output &bias, Where where) {
  const Output both = concat({inputs, h}, 1, {}, where);
  const Output product = matmul(both, kernel, {}, where);
  return nn::bias_add(product, bias, {}, where);
}

//===--- BasicRNNCell -------------------------------------------------------------------------===//

BasicRNNCell::BasicRNNCell(std::int64_t num_units, BasicRNNCellOptions options)
    : LayerRNNCell(options.name), num_units_(num_units), options_(std::move(options)) {}

CellOutput BasicRNNCell::call(const Output &inputs, const State &state, Where where) const {
  const std::optional<std::int64_t> depth = depthOf(inputs, where);
  if (!depth || !fits(inputs, state, 0, where))
    return poisoned(inputs, state);
  const Output kernel = variable(inputs, "kernel", {*depth + num_units_, num_units_}, {}, where);
  const Output bias = variable(inputs, "bias", {num_units_}, initializers::zeros(), where);
  const Output output = options_.activation(affine(inputs, state, kernel, bias, where), where);
  return {output, output};
}

//===--- BasicLSTMCell ------------------------------------------------------------------------===//

BasicLSTMCell::BasicLSTMCell(std::int64_t num_units, BasicLSTMCellOptions options)
    : LayerRNNCell(options.name), num_units_(num_units), options_(std::move(options)) {}

CellOutput BasicLSTMCell::call(const Output &inputs, const State &state, Where where) const {
  const std::optional<std::int64_t> depth = depthOf(inputs, where);
  if (!depth || !fits(inputs, state, 2, where))
    return poisoned(inputs, state);
  Graph &graph = inputs.graph();
  const Output kernel =
      variable(inputs, "kernel", {*depth + num_units_, 4 * num_units_}, {}, where);
  const Output bias = variable(inputs, "bias", {4 * num_units_}, initializers::zeros(), where);
  graph.unique_name("Const"); // TensorFlow's axis of the split
  const Output gates = affine(inputs, state.h(), kernel, bias, where);
  const std::vector<Output> ijfo = split(gates, 4, 1, {}, where);
  const Output forget_bias = toOutput(graph, options_.forget_bias, inputs.dtype(), "Const", where);
  const Output f = sigmoid(add(ijfo[2], forget_bias, {}, where), {}, where);
  const Output kept = multiply(state.c(), f, {}, where);
  const Output i = sigmoid(ijfo[0], {}, where);
  const Output j = options_.activation(ijfo[1], where);
  const Output written = multiply(i, j, {}, where);
  const Output c = add(kept, written, {}, where);
  const Output shown = options_.activation(c, where);
  const Output o = sigmoid(ijfo[3], {}, where);
  const Output h = multiply(shown, o, {}, where);
  return {h, State::lstm(c, h)};
}

//===--- LSTMCell -----------------------------------------------------------------------------===//

LSTMCell::LSTMCell(std::int64_t num_units, LSTMCellOptions options)
    : LayerRNNCell(options.name), num_units_(num_units), options_(std::move(options)) {}

CellOutput LSTMCell::call(const Output &inputs, const State &state, Where where) const {
  const std::optional<std::int64_t> depth = depthOf(inputs, where);
  if (!depth || !fits(inputs, state, 2, where))
    return poisoned(inputs, state);
  const Initializer &initializer = options_.initializer;
  const Output kernel =
      variable(inputs, "kernel", {*depth + output_size(), 4 * num_units_}, initializer, where);
  const Output bias = variable(inputs, "bias", {4 * num_units_}, initializers::zeros(), where);
  Output w_f;
  Output w_i;
  Output w_o;
  if (options_.use_peepholes) {
    w_f = variable(inputs, "w_f_diag", {num_units_}, initializer, where);
    w_i = variable(inputs, "w_i_diag", {num_units_}, initializer, where);
    w_o = variable(inputs, "w_o_diag", {num_units_}, initializer, where);
  }
  Output projection;
  if (options_.num_proj)
    projection =
        variable(inputs, "projection/kernel", {num_units_, *options_.num_proj}, initializer, where);
  auto peep = [&](const Output &gate, const Output &weights, const Output &c) {
    if (!weights)
      return gate;
    const Output seen = multiply(weights, c, "mul", where);
    return add(gate, seen, "add", where);
  };
  auto clip = [&](const Output &x, const std::optional<double> &limit) {
    return limit ? clip_by_value(x, -*limit, *limit, {}, where) : x;
  };
  const Output c_before = state.c();
  const Output gates = affine(inputs, state.h(), kernel, bias, where);
  const std::vector<Output> ijfo = split(gates, 4, 1, {}, where);
  const Output forgetting = add(ijfo[2], options_.forget_bias, "add", where);
  const Output f = sigmoid(peep(forgetting, w_f, c_before), {}, where);
  const Output kept = multiply(f, c_before, "mul", where);
  const Output i = sigmoid(peep(ijfo[0], w_i, c_before), {}, where);
  const Output j = options_.activation(ijfo[1], where);
  const Output written = multiply(i, j, "mul", where);
  const Output c = clip(add(kept, written, "add", where), options_.cell_clip);
  const Output o = sigmoid(peep(ijfo[3], w_o, c), {}, where);
  const Output shown = options_.activation(c, where);
  Output m = multiply(o, shown, "mul", where);
  if (projection)
    m = clip(matmul(m, projection, {}, where), options_.proj_clip);
  return {m, State::lstm(c, m)};
}

//===--- GRUCell ------------------------------------------------------------------------------===//

GRUCell::GRUCell(std::int64_t num_units, GRUCellOptions options)
    : LayerRNNCell(options.name), num_units_(num_units), options_(std::move(options)) {}

CellOutput GRUCell::call(const Output &inputs, const State &state, Where where) const {
  const std::optional<std::int64_t> depth = depthOf(inputs, where);
  if (!depth || !fits(inputs, state, 0, where))
    return poisoned(inputs, state);
  if (options_.reset_after) {
    const Output h = resetAfter(inputs, state, *depth, where);
    return {h, h};
  }
  const Initializer &kernels = options_.kernel_initializer;
  const Initializer &biases = options_.bias_initializer;
  const std::int64_t rows = *depth + num_units_;
  const Output gate_kernel =
      variable(inputs, "gates/kernel", {rows, 2 * num_units_}, kernels, where);
  const Output gate_bias = variable(inputs, "gates/bias", {2 * num_units_},
                                    biases ? biases : initializers::constant(1.0), where);
  const Output kernel = variable(inputs, "candidate/kernel", {rows, num_units_}, kernels, where);
  const Output bias = variable(inputs, "candidate/bias", {num_units_},
                               biases ? biases : initializers::zeros(), where);
  const Output h = state;
  const Output seen = masked(h, where);
  const Output gates = sigmoid(affine(inputs, seen, gate_kernel, gate_bias, where), {}, where);
  const std::vector<Output> ru = split(gates, 2, 1, {}, where);
  const Output remembered = multiply(ru[0], seen, "mul", where);
  const Output c = options_.activation(affine(inputs, remembered, kernel, bias, where), where);
  const Output kept = multiply(ru[1], h, "mul", where);
  const Output rest = subtract(1.0, ru[1], "sub", where);
  const Output written = multiply(rest, c, "mul", where);
  const Output h_new = add(kept, written, "add", where);
  return {h_new, h_new};
}

Output GRUCell::masked(const Output &h, Where where) const {
  const Output &mask = options_.recurrent_mask;
  return mask ? multiply(h, mask, "mul", where) : h;
}

Output GRUCell::resetAfter(const Output &inputs, const Output &h, std::int64_t depth,
                           Where where) const {
  const Output kernel =
      variable(inputs, "kernel", {depth, 3 * num_units_}, options_.kernel_initializer, where);
  const Output recurrent = variable(inputs, "recurrent_kernel", {num_units_, 3 * num_units_},
                                    options_.recurrent_initializer ? options_.recurrent_initializer
                                                                   : initializers::orthogonal(),
                                    where);
  const Output bias = variable(
      inputs, "bias", {2, 3 * num_units_},
      options_.bias_initializer ? options_.bias_initializer : initializers::zeros(), where);
  const std::vector<Output> biases = unstack(bias, 2, 0, {}, where);
  const std::vector<Output> a =
      split(nn::bias_add(matmul(inputs, kernel, {}, where), biases[0], {}, where), 3, 1, {}, where);
  const std::vector<Output> b =
      split(nn::bias_add(matmul(masked(h, where), recurrent, {}, where), biases[1], {}, where), 3,
            1, {}, where);
  const Output z = sigmoid(add(a[0], b[0], {}, where), {}, where);
  const Output r = sigmoid(add(a[1], b[1], {}, where), {}, where);
  const Output c =
      options_.activation(add(a[2], multiply(r, b[2], "mul", where), {}, where), where);
  const Output kept = multiply(z, h, "mul", where);
  const Output rest = subtract(1.0, z, "sub", where);
  return add(kept, multiply(rest, c, "mul", where), {}, where);
}

//===--- DropoutWrapper -----------------------------------------------------------------------===//

DropoutWrapper::DropoutWrapper(Cell cell, DropoutWrapperOptions options)
    : cell_(std::move(cell)), options_(std::move(options)) {
  for (const Input *keep :
       {&options_.input_keep_prob, &options_.output_keep_prob, &options_.state_keep_prob})
    if (const double *number = keep->is_number() ? std::get_if<double>(&keep->number()) : nullptr;
        number && !(*number > 0 && *number <= 1))
      throw Error(Code::invalid_argument,
                  "expected a keep probability in (0, 1], got " + std::to_string(*number), "",
                  keep->where());
}

/// A seed of its own for each thing dropped (FNV-1a over the seed and a salt, 31 bits), as
/// TensorFlow derives one from each.
static std::optional<std::int64_t> saltedSeed(std::optional<std::int64_t> seed,
                                              std::string_view salt) {
  if (!seed)
    return std::nullopt;
  std::uint32_t hash = 2166136261u;
  for (char c : std::to_string(*seed) + std::string(salt))
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash & 0x7fffffffu;
}

/// nn::dropout leaves the tensor as it is where keep is the number 1, without taking a name.
static Output dropped(const Output &x, const Input &keep, std::optional<std::int64_t> seed,
                      Where where) {
  const double *number = keep.is_number() ? std::get_if<double>(&keep.number()) : nullptr;
  return number && *number == 1 ? x : nn::dropout(x, keep, {.seed = seed}, where);
}

CellOutput DropoutWrapper::invoke(const Output &inputs, const State &state, Where where) const {
  return call(inputs, state, where);
}

CellOutput DropoutWrapper::call(const Output &inputs, const State &state, Where where) const {
  const Output x =
      dropped(inputs, options_.input_keep_prob, saltedSeed(options_.seed, "input"), where);
  CellOutput result = cell_->invoke(x, state, where);
  int part = 0;
  auto dropState = [&](const State &before, auto &&self) -> State {
    if (before.is_leaf())
      return dropped(before, options_.state_keep_prob,
                     saltedSeed(options_.seed, "state" + std::to_string(part++)), where);
    if (before.is_lstm())
      return State::lstm(before.c(), self(before[1], self));
    std::vector<State> parts;
    for (std::size_t i = 0; i < before.size(); ++i)
      parts.push_back(self(before[i], self));
    return State::tuple(std::move(parts));
  };
  result.state = dropState(result.state, dropState);
  result.output =
      dropped(result.output, options_.output_keep_prob, saltedSeed(options_.seed, "output"), where);
  return result;
}

State DropoutWrapper::makeZeroState(Graph &graph, const Output &batch, std::int64_t knownBatch,
                                    DataType dtype, Where where) const {
  OpScope scope(graph, "DropoutWrapperZeroState", "DropoutWrapperZeroState");
  return cell_->makeZeroState(graph, batch, knownBatch, dtype, where);
}

//===--- MultiRNNCell -------------------------------------------------------------------------===//

MultiRNNCell::MultiRNNCell(std::vector<Cell> cells) : cells_(std::move(cells)) {
  if (cells_.empty())
    throw Error(Code::invalid_argument, "a MultiRNNCell expects at least one cell, got none");
}

StateSize MultiRNNCell::state_size() const {
  std::vector<StateSize> sizes;
  for (const Cell &cell : cells_)
    sizes.push_back(cell->state_size());
  return StateSize::tuple(std::move(sizes));
}

CellOutput MultiRNNCell::call(const Output &inputs, const State &state, Where where) const {
  if (!fits(inputs, state, cells_.size(), where))
    return poisoned(inputs, state);
  Graph &graph = inputs.graph();
  Output x = inputs;
  std::vector<State> states;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    VariableScopeGuard scope(graph, "cell_" + std::to_string(i), {});
    CellOutput result = cells_[i]->invoke(x, state[i], where);
    x = result.output;
    states.push_back(result.state);
  }
  return {x, State::tuple(std::move(states))};
}

State MultiRNNCell::makeZeroState(Graph &graph, const Output &batch, std::int64_t knownBatch,
                                  DataType dtype, Where where) const {
  OpScope scope(graph, "MultiRNNCellZeroState", "MultiRNNCellZeroState");
  std::vector<State> states;
  for (const Cell &cell : cells_)
    states.push_back(cell->makeZeroState(graph, batch, knownBatch, dtype, where));
  return State::tuple(std::move(states));
}

} // namespace graphc::rnn
