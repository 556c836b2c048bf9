// Shapes of the recurrent primitives. Extents by letter: T steps, B windows, I channels in, H
// channels of the state.
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

/// The extents that the operands agree on so far.
class Layer {
public:
  Layer(const Inference &op, std::int64_t gates, bool hasCell)
      : op_(op), gates_(gates), numInputs_(hasCell ? 6 : 5), hasCell_(hasCell) {
    op.requireFloating(0, "x");
    // Twice, so that what a later operand knows reaches the earlier ones.
    for (int round = 0; round < 2; ++round) {
      std::size_t next = 0;
      match(next++, "x", {&t_, &b_, &i_});
      match(next++, "h0", {&b_, &h_});
      if (hasCell)
        match(next++, "c0", {&b_, &h_});
      match(next++, "weights_layer", {&i_, &h_}, gates);
      match(next++, "weights_iter", {&h_, &h_}, gates);
      match(next++, "bias", {&h_}, gates);
    }
  }

  std::size_t numInputs() const { return numInputs_; }
  ValueType outputs() const { return {op_.dtype(0), Shape{t_, b_, h_}}; }
  ValueType state() const { return {op_.dtype(0), Shape{b_, h_}}; }

  /// Types of the inputs, as far as all operands together tell.
  std::vector<ValueType> inputs() const {
    const DataType dtype = op_.dtype(0);
    const std::int64_t wide = h_ < 0 ? none : gates_ * h_;
    std::vector<ValueType> types{{dtype, Shape{t_, b_, i_}}, state()};
    if (hasCell_)
      types.push_back(state());
    types.push_back({dtype, Shape{i_, wide}});
    types.push_back({dtype, Shape{h_, wide}});
    types.push_back({dtype, Shape{wide}});
    return types;
  }

  void requireType(std::size_t index, std::string_view name, const ValueType &expected) const {
    const ValueType &got = op_.operand(index);
    op_.require(got.dtype == expected.dtype && got.shape.is_compatible_with(expected.shape),
                fmt::format("{} to be {}", name, expected.to_string()), got.to_string());
  }

private:
  /// Operand `index` has these extents, the last one times `gates`.
  void match(std::size_t index, std::string_view name, const std::vector<std::int64_t *> &extents,
             std::int64_t gates = 1) {
    requireType(index, name, {op_.dtype(0), Shape(scaled(extents, gates))});
    const Shape &got = op_.shape(index);
    if (!got.has_rank())
      return;
    op_.require(got.extents().back() < 0 || got.extents().back() % gates == 0,
                fmt::format("the last extent of {} to be a multiple of {}", name, gates),
                op_.operand(index).to_string());
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
      const std::int64_t extent = got.extents()[axis];
      if (extent >= 0)
        *extents[axis] = axis + 1 == extents.size() ? extent / gates : extent;
    }
    // Where the last extent stands for the same letter as the first ([H, 4H]), they may disagree.
    requireType(index, name, {op_.dtype(0), Shape(scaled(extents, gates))});
  }

  static Extents scaled(const std::vector<std::int64_t *> &extents, std::int64_t gates) {
    Extents result;
    for (std::int64_t *extent : extents)
      result.push_back(*extent);
    if (result.back() >= 0)
      result.back() *= gates;
    return result;
  }

  const Inference &op_;
  std::int64_t gates_;
  std::size_t numInputs_;
  bool hasCell_;
  std::int64_t t_ = none, b_ = none, i_ = none, h_ = none;
};

/// Bytes whose number only the library knows.
ValueType workspace() { return {uint8, Shape{none}}; }

template <std::int64_t gates, bool hasCell> std::vector<ValueType> forward(const Inference &op) {
  const Layer layer(op, gates, hasCell);
  std::vector<ValueType> results{layer.outputs(), layer.state()};
  if (hasCell)
    results.push_back(layer.state());
  results.push_back(workspace());
  return results;
}

/// Operands: the forward op's, its results, the gradients of its results but the workspace.
template <std::int64_t gates, bool hasCell> std::vector<ValueType> backward(const Inference &op) {
  const Layer layer(op, gates, hasCell);
  std::size_t next = layer.numInputs();
  layer.requireType(next++, "outputs", layer.outputs());
  layer.requireType(next++, "h", layer.state());
  if (hasCell)
    layer.requireType(next++, "c", layer.state());
  layer.requireType(next++, "workspace", workspace());
  layer.requireType(next++, "d_outputs", layer.outputs());
  layer.requireType(next++, "d_h", layer.state());
  if (hasCell)
    layer.requireType(next++, "d_c", layer.state());
  return layer.inputs();
}

void requireActivation(const Inference &op) {
  if (!op.attributes().has("activation"))
    return;
  const std::string &activation = op.attributes().get_string("activation");
  op.require(activation == "tanh" || activation == "relu", "activation to be tanh or relu",
             activation);
}

std::vector<ValueType> vanilla(const Inference &op) {
  requireActivation(op);
  return forward<1, false>(op);
}

std::vector<ValueType> vanillaGradient(const Inference &op) {
  requireActivation(op);
  return backward<1, false>(op);
}

std::vector<ValueType> stepIndex(const Inference &) { return {{int32, Shape()}}; }

constexpr ShapeRule rules[] = {
    {"lstm", 6, 6, forward<4, true>}, {"lstm_gradient", 13, 13, backward<4, true>},
    {"gru", 5, 5, forward<3, false>}, {"gru_gradient", 10, 10, backward<3, false>},
    {"vanilla_rnn", 5, 5, vanilla},   {"vanilla_rnn_gradient", 10, 10, vanillaGradient},
    {"step_index", 0, 0, stepIndex},
};

} // namespace

std::span<const ShapeRule> recurrenceRules() { return rules; }

} // namespace graphc::shapes
