// oneDNN's LSTM, GRU and plain RNN over whole sequences, forward and backward, one layer, left to
// right. Weights come as graphc keeps them ([input, gates * hidden], which is oneDNN's ldigo) and
// are reordered into what the primitive asks for (its backward wants ldgoi) inside the call.
#include "runtime/DnnlStages.h"

#include "runtime/Status.h"

namespace graphc::dnnl_detail {
namespace {

using Desc = dnnl::memory::desc;

/// What the operands of one recurrence look like.
struct Cell {
  enum class Kind : std::uint8_t { lstm, gru, vanilla };

  Kind kind = Kind::lstm;
  std::int64_t steps, batch, inputs, hidden, gates;
  dnnl::algorithm activation = dnnl::algorithm::undef;

  explicit Cell(const PrimitiveSpec &spec) {
    if (spec.kind.starts_with("gru")) {
      kind = Kind::gru;
    } else if (spec.kind.starts_with("vanilla_rnn")) {
      kind = Kind::vanilla;
      const std::string &name = spec.attributes.get_string("activation");
      if (name != "tanh" && name != "relu")
        throw Error(Code::internal, "there is no activation '" + name + "' of a vanilla_rnn");
      activation = name == "tanh" ? dnnl::algorithm::eltwise_tanh : dnnl::algorithm::eltwise_relu;
    }
    gates = kind == Kind::lstm ? 4 : kind == Kind::gru ? 3 : 1;
    const std::vector<std::int64_t> &x = spec.inputs[0].extents;
    const std::vector<std::int64_t> &h = spec.inputs[1].extents;
    steps = x.at(0);
    batch = x.at(1);
    inputs = x.at(2);
    hidden = h.at(1);
  }

  bool hasMemory() const { return kind == Kind::lstm; }

  static Desc plain(std::vector<std::int64_t> extents) {
    return describe({float32, std::move(extents), {}});
  }
  Desc sequence() const { return plain({steps, batch, inputs}); }
  Desc outputs() const { return plain({steps, batch, hidden}); }
  Desc state() const { return plain({1, 1, batch, hidden}); }
  Desc bias() const { return plain({1, 1, gates, hidden}); }
  Desc weights(std::int64_t rows) const { return plain({1, 1, rows, gates, hidden}); }
  Desc anyWeights(std::int64_t rows) const {
    return describeAny({1, 1, rows, gates, hidden}, float32);
  }
};

constexpr auto kDirection = dnnl::rnn_direction::unidirectional_left2right;

dnnl::lstm_forward::primitive_desc lstmForward(const Cell &cell, dnnl::prop_kind kind) {
  return {engine(),
          kind,
          kDirection,
          cell.sequence(),
          cell.state(),
          cell.state(),
          cell.anyWeights(cell.inputs),
          cell.anyWeights(cell.hidden),
          cell.bias(),
          cell.outputs(),
          cell.state(),
          cell.state(),
          userScratchpad()};
}

dnnl::gru_forward::primitive_desc gruForward(const Cell &cell, dnnl::prop_kind kind) {
  return {engine(),
          kind,
          kDirection,
          cell.sequence(),
          cell.state(),
          cell.anyWeights(cell.inputs),
          cell.anyWeights(cell.hidden),
          cell.bias(),
          cell.outputs(),
          cell.state(),
          userScratchpad()};
}

dnnl::vanilla_rnn_forward::primitive_desc vanillaForward(const Cell &cell, dnnl::prop_kind kind) {
  return {engine(),
          kind,
          cell.activation,
          kDirection,
          cell.sequence(),
          cell.state(),
          cell.anyWeights(cell.inputs),
          cell.anyWeights(cell.hidden),
          cell.bias(),
          cell.outputs(),
          cell.state(),
          userScratchpad()};
}

/// Arguments of the forward operands, in the order x, h0 [, c0], weights, weights, bias; layouts as
/// `description` has them.
template <typename Description>
std::vector<Argument> forwardInputs(StagedPrimitive &made, const Cell &cell,
                                    const Description &description) {
  std::vector<Argument> arguments;
  int next = 0;
  arguments.push_back({DNNL_ARG_SRC_LAYER, cell.sequence(), next++, 0});
  arguments.push_back({DNNL_ARG_SRC_ITER, cell.state(), next++, 0});
  if (cell.hasMemory())
    arguments.push_back({DNNL_ARG_SRC_ITER_C, cell.state(), next++, 0});
  arguments.push_back(made.inLayout({DNNL_ARG_WEIGHTS_LAYER, cell.weights(cell.inputs), next++, 0},
                                    description.weights_layer_desc()));
  arguments.push_back(made.inLayout({DNNL_ARG_WEIGHTS_ITER, cell.weights(cell.hidden), next++, 0},
                                    description.weights_iter_desc()));
  arguments.push_back({DNNL_ARG_BIAS, cell.bias(), next++, 0});
  return arguments;
}

/// Adds outputs, h [, c] [, workspace], beginning with the call's buffer `next`; returns the number
/// of the buffer after them.
template <typename Description>
int addForwardOutputs(std::vector<Argument> &arguments, const Cell &cell,
                      const Description &description, bool training, int next) {
  arguments.push_back({DNNL_ARG_DST_LAYER, cell.outputs(), next++, 0});
  arguments.push_back({DNNL_ARG_DST_ITER, cell.state(), next++, 0});
  if (cell.hasMemory())
    arguments.push_back({DNNL_ARG_DST_ITER_C, cell.state(), next++, 0});
  if (training)
    arguments.push_back({DNNL_ARG_WORKSPACE, description.workspace_desc(), next++, 0});
  return next;
}

template <typename Primitive, typename Description>
Made forward(const PrimitiveSpec &spec, const Cell &cell, const Description &description,
             bool training) {
  const std::size_t outputs = 2u + (cell.hasMemory() ? 1 : 0) + (training ? 1 : 0);
  auto made = std::make_shared<StagedPrimitive>(spec.inputs.size(), outputs);
  made->setImplementation(description);
  if (training)
    made->setOpaqueBytes(description.workspace_desc().get_size());
  std::vector<Argument> arguments = forwardInputs(*made, cell, description);
  addForwardOutputs(arguments, cell, description, training, static_cast<int>(spec.inputs.size()));
  made->add(Primitive(description), description, std::move(arguments));
  return made;
}

/// The gradient of weights: where the primitive accumulates in a layout of its own, there, with a
/// reorder into the output afterwards.
struct WeightGradient {
  Argument output;
  Argument written;
};

template <typename Primitive, typename Description, typename ForwardDescription>
Made backward(const PrimitiveSpec &spec, const Cell &cell, const Description &description,
              const ForwardDescription &forward_description) {
  auto made = std::make_shared<StagedPrimitive>(spec.inputs.size(), spec.outputs.size());
  made->setImplementation(description);
  std::vector<Argument> arguments = forwardInputs(*made, cell, description);
  int next = addForwardOutputs(arguments, cell, forward_description, /*training=*/true,
                               static_cast<int>(arguments.size()));
  arguments.push_back({DNNL_ARG_DIFF_DST_LAYER, cell.outputs(), next++, 0});
  arguments.push_back({DNNL_ARG_DIFF_DST_ITER, cell.state(), next++, 0});
  if (cell.hasMemory())
    arguments.push_back({DNNL_ARG_DIFF_DST_ITER_C, cell.state(), next++, 0});

  arguments.push_back({DNNL_ARG_DIFF_SRC_LAYER, cell.sequence(), next++, 0});
  arguments.push_back({DNNL_ARG_DIFF_SRC_ITER, cell.state(), next++, 0});
  if (cell.hasMemory())
    arguments.push_back({DNNL_ARG_DIFF_SRC_ITER_C, cell.state(), next++, 0});
  std::vector<WeightGradient> reordered;
  // The primitive adds to weight gradients, so they start at zero.
  const auto addWeightGradient = [&](int name, const Desc &plain, const Desc &wanted) {
    const Argument output{name, plain, next++, 0};
    Argument written = output;
    if (plain != wanted) {
      written = {name, wanted, kScratchpad, made->reserve(wanted.get_size())};
      reordered.push_back({output, written});
    }
    made->zero(written);
    arguments.push_back(written);
  };
  addWeightGradient(DNNL_ARG_DIFF_WEIGHTS_LAYER, cell.weights(cell.inputs),
                    description.diff_weights_layer_desc());
  addWeightGradient(DNNL_ARG_DIFF_WEIGHTS_ITER, cell.weights(cell.hidden),
                    description.diff_weights_iter_desc());
  addWeightGradient(DNNL_ARG_DIFF_BIAS, cell.bias(), cell.bias());
  made->add(Primitive(description), description, std::move(arguments));
  for (const WeightGradient &gradient : reordered)
    made->addReorder(gradient.written, gradient.output);
  return made;
}

} // namespace

Made makeRecurrence(const PrimitiveSpec &spec) {
  const Cell cell(spec);
  const bool training = spec.attributes.get_bool("training");
  const dnnl::prop_kind kind =
      training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  switch (cell.kind) {
  case Cell::Kind::lstm:
    return forward<dnnl::lstm_forward>(spec, cell, lstmForward(cell, kind), training);
  case Cell::Kind::gru:
    return forward<dnnl::gru_forward>(spec, cell, gruForward(cell, kind), training);
  case Cell::Kind::vanilla: break;
  }
  return forward<dnnl::vanilla_rnn_forward>(spec, cell, vanillaForward(cell, kind), training);
}

Made makeRecurrenceGradient(const PrimitiveSpec &spec) {
  const Cell cell(spec);
  const auto kind = dnnl::prop_kind::forward_training;
  const auto back = dnnl::prop_kind::backward;
  const Desc weights_layer = cell.anyWeights(cell.inputs);
  const Desc weights_iter = cell.anyWeights(cell.hidden);
  const Desc x = cell.sequence();
  const Desc y = cell.outputs();
  const Desc s = cell.state();
  const Desc bias = cell.bias();
  switch (cell.kind) {
  case Cell::Kind::lstm: {
    const auto hint = lstmForward(cell, kind);
    const dnnl::lstm_backward::primitive_desc description(
        engine(), back, kDirection, x, s, s, weights_layer, weights_iter, bias, y, s, s, x, s, s,
        weights_layer, weights_iter, bias, y, s, s, hint, userScratchpad());
    return backward<dnnl::lstm_backward>(spec, cell, description, hint);
  }
  case Cell::Kind::gru: {
    const auto hint = gruForward(cell, kind);
    const dnnl::gru_backward::primitive_desc description(
        engine(), back, kDirection, x, s, weights_layer, weights_iter, bias, y, s, x, s,
        weights_layer, weights_iter, bias, y, s, hint, userScratchpad());
    return backward<dnnl::gru_backward>(spec, cell, description, hint);
  }
  case Cell::Kind::vanilla: break;
  }
  const auto hint = vanillaForward(cell, kind);
  const dnnl::vanilla_rnn_backward::primitive_desc description(
      engine(), back, cell.activation, kDirection, x, s, weights_layer, weights_iter, bias, y, s, x,
      s, weights_layer, weights_iter, bias, y, s, hint, userScratchpad());
  return backward<dnnl::vanilla_rnn_backward>(spec, cell, description, hint);
}

} // namespace graphc::dnnl_detail
