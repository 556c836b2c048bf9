#include "GradientCase.h"

#include "passes/GraphOps.h"
#include "passes/kernels/RecurrenceTiling.h"

namespace graphc::test {

using namespace mlir;
using Ints = std::vector<std::int64_t>;
using Int = std::int64_t;
using In = ArrayRef<Value>;

namespace {

/// Ops as they are written in cells.
struct Cell {
  GraphBuilder &g;

  Value operator()(const char *op, ValueRange operands, const Attributes &attributes = {}) {
    return g.create(op, operands, attributes);
  }
  Value matmul(Value a, Value b, bool transposeB = false) {
    return g.create("matmul", {a, b}, {{"transpose_a", false}, {"transpose_b", transposeB}});
  }
  Value concat(ValueRange parts) { return g.create("concat", parts, {{"axis", Int{1}}}); }
  Value number(double value, Value like) { return g.scalarLike(value, like); }
  Values split(Value x, Int parts) {
    const Int size = extentsOf(x)[1] / parts;
    return Values(
        g.createOp("split", {x},
                   {{"axis", Int{1}}, {"sizes", Ints(static_cast<std::size_t>(parts), size)}})
            ->getResults());
  }
};

constexpr Int T = 3, B = 2, I = 2, H = 3;

/// TensorFlow's LSTM on gates that are already summed: i, j, f, o.
Step lstmStep(Cell cell, Value gates, Value c) {
  Values parts = cell.split(gates, 4);
  Value forget = cell("sigmoid", {cell("add", {parts[2], cell.number(1, c)})});
  Value added = cell("multiply", {cell("sigmoid", {parts[0]}), cell("tanh", {parts[1]})});
  Value newC = cell("add", {cell("multiply", {c, forget}), added});
  Value h = cell("multiply", {cell("tanh", {newC}), cell("sigmoid", {parts[3]})});
  return {{h}, {newC, h}};
}

Step lstm(GraphBuilder &g, In x, In states, In captured) {
  Cell cell{g};
  Value product = cell.matmul(cell.concat({x[0], states[1]}), captured[0]);
  return lstmStep(cell, cell("bias_add", {product, captured[1]}), states[0]);
}

/// One whose input projection is made outside.
Step lstmOnProjection(GraphBuilder &g, In x, In states, In captured) {
  Cell cell{g};
  Value sum = cell("add", {cell.matmul(states[1], captured[0]), x[0]});
  return lstmStep(cell, sum, states[0]);
}

Step vanilla(GraphBuilder &g, In x, In states, In captured) {
  Cell cell{g};
  Value sum = cell("add", {cell.matmul(x[0], captured[0]), cell.matmul(states[0], captured[1])});
  Value h = cell("tanh", {cell("bias_add", {sum, captured[2]})});
  return {{h}, {h}};
}

Step gru(GraphBuilder &g, In x, In states, In captured) {
  Cell cell{g};
  Value h = states[0];
  Value gates =
      cell("sigmoid",
           {cell("bias_add", {cell.matmul(cell.concat({x[0], h}), captured[0]), captured[1]})});
  Values ru = cell.split(gates, 2);
  Value reset = cell("multiply", {ru[0], h});
  Value candidate =
      cell("tanh",
           {cell("bias_add", {cell.matmul(cell.concat({x[0], reset}), captured[2]), captured[3]})});
  Value kept = cell("multiply", {ru[1], h});
  Value rest = cell("subtract", {cell.number(1, h), ru[1]});
  Value newH = cell("add", {kept, cell("multiply", {rest, candidate})});
  return {{newH}, {newH}};
}

/// All results of a recurrence over `counts` sequences, states and captured values.
Case recurrence(std::string name, std::array<unsigned, 3> counts, std::vector<Input> inputs,
                StepBuilder step, bool reverse = false, Int steps = T) {
  return {"static_rnn_" + name, std::move(inputs), [=](GraphBuilder &g, In in) {
            return staticRnn(g, in.take_front(counts[0]), in.slice(counts[0], counts[1]),
                             in.slice(counts[0] + counts[1], counts[2]), steps, reverse, step);
          }};
}

/// The same, with a choice of the results.
Case choose(Case c, std::vector<unsigned> results, const char *label) {
  c.name += label;
  c.build = [build = c.build, results](GraphBuilder &g, In in) {
    Values all = build(g, in), chosen;
    for (unsigned i : results)
      chosen.push_back(all[i]);
    return chosen;
  };
  return c;
}

void addCells(std::vector<Case> &cases) {
  const Input x{{T, B, I}}, state{{B, H}};
  for (bool reverse : {false, true}) {
    const std::string label = reverse ? "_reverse" : "";
    cases.push_back(recurrence("vanilla" + label, {1, 1, 3}, {x, state, {{I, H}}, {{H, H}}, {{H}}},
                               vanilla, reverse));
    cases.push_back(recurrence("lstm" + label, {1, 2, 2},
                               {x, state, state, {{I + H, 4 * H}}, {{4 * H}}}, lstm, reverse));
    cases.push_back(recurrence("gru" + label, {1, 1, 4},
                               {x, state, {{I + H, 2 * H}}, {{2 * H}}, {{I + H, H}}, {{H}}}, gru,
                               reverse));
    cases.push_back(recurrence("lstm_on_projection" + label, {1, 2, 1},
                               {{{T, B, 4 * H}}, state, state, {{H, 4 * H}}}, lstmOnProjection,
                               reverse));
  }
  Case whole = recurrence("lstm", {1, 2, 2}, {x, state, state, {{I + H, 4 * H}}, {{4 * H}}}, lstm);
  cases.push_back(choose(whole, {0}, "_outputs_only"));
  cases.push_back(choose(whole, {1}, "_final_c_only"));
  cases.push_back(choose(whole, {2}, "_final_h_only"));
  Case last = whole;
  last.name += "_last_output_only";
  last.build = [build = whole.build](GraphBuilder &g, In in) -> Values {
    Value outputs = build(g, in)[0];
    Operation *steps = g.createOp("unstack", {outputs}, {{"axis", Int{0}}, {"num", T}});
    return {steps->getResult(T - 1)};
  };
  cases.push_back(last);
  Case both = last;
  both.name += "_and_state";
  both.build = [build = whole.build](GraphBuilder &g, In in) -> Values {
    Values results = build(g, in);
    Operation *steps = g.createOp("unstack", {results[0]}, {{"axis", Int{0}}, {"num", T}});
    return {steps->getResult(T - 1), results[2]};
  };
  cases.push_back(both);
  Case first = recurrence("gru_reverse", {1, 1, 4},
                          {x, state, {{I + H, 2 * H}}, {{2 * H}}, {{I + H, H}}, {{H}}}, gru, true);
  for (unsigned step : {0u, 2u}) {
    Case one = first;
    one.name += "_output_of_step_" + std::to_string(step);
    one.build = [build = first.build, step](GraphBuilder &g, In in) -> Values {
      Operation *steps = g.createOp("unstack", {build(g, in)[0]}, {{"axis", Int{0}}, {"num", T}});
      return {steps->getResult(step)};
    };
    cases.push_back(one);
  }
  cases.push_back(recurrence("one_step", {1, 1, 3}, {{{1, B, I}}, state, {{I, H}}, {{H, H}}, {{H}}},
                             vanilla, false, 1));
  cases.push_back(recurrence("batch_of_one", {1, 1, 3},
                             {{{5, 1, 1}}, {{1, 1}}, {{1, 1}}, {{1, 1}}, {{1}}}, vanilla, false,
                             5));
  // States from constants take no gradient, those from the first layer hand theirs on.
  cases.push_back(
      {"static_rnn_two_layers",
       {x, {{I + H, 4 * H}}, {{4 * H}}, {{H + H, 4 * H}}, {{4 * H}}},
       [](GraphBuilder &g, In in) {
         Value zero = g.create("fill", {g.scalar(0, float64)}, {{"dims", Ints{B, H}}});
         Values first = staticRnn(g, in[0], {zero, zero}, {in[1], in[2]}, T, false, lstm);
         return staticRnn(g, first[0], {first[1], zero}, {in[3], in[4]}, T, false, lstm);
       }});
}

/// Weights that enter a cell in ways that no product over all steps stands for, or only after a
/// look.
void addWeightUses(std::vector<Case> &cases) {
  const Input x{{T, B, I}}, state{{B, H}};
  cases.push_back(recurrence("transposed_weights", {1, 1, 2}, {x, state, {{H, I}}, {{H, I + H}}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               Value a = cell.matmul(x[0], w[0], true);
                               Value b = cell.matmul(cell.concat({x[0], s[0]}), w[1], true);
                               Value h = cell("tanh", {cell("add", {a, b})});
                               return {{h}, {h}};
                             }));
  cases.push_back(recurrence("transposed_state_weights", {1, 1, 1}, {{{T, B, H}}, state, {{H, H}}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               Value h = cell("tanh",
                                              {cell("add", {cell.matmul(s[0], w[0], true), x[0]})});
                               return {{h}, {h}};
                             }));
  cases.push_back(recurrence("product_from_the_left", {0, 1, 1}, {{{H, B}}, {{H, H}}},
                             [](GraphBuilder &g, In, In s, In w) -> Step {
                               Cell cell{g};
                               Value h = cell("tanh", {cell.matmul(w[0], s[0])});
                               return {{h}, {h}};
                             }));
  cases.push_back(recurrence("peepholes", {1, 1, 3}, {{{T, B, H}}, state, {{H}}, {{}}, {{1, H}}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               Value a = cell("multiply", {s[0], w[0]});
                               Value b = cell("multiply", {x[0], w[1]});
                               Value c = cell("add_n", {a, b, a});
                               Value h = cell("tanh", {cell("subtract", {c, w[2]})});
                               return {{b}, {h}};
                             }));
  cases.push_back(recurrence("powers_of_weights", {1, 1, 2},
                             {{{T, B, H}}, state, {{H, H}}, {{B, H}, 0.5, 1}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               Value square = cell.matmul(w[0], cell("tanh", {w[0]}));
                               Value h = cell("add", {cell.matmul(s[0], square), x[0]});
                               Value scaled = cell("tanh", {cell("multiply", {h, w[1]})});
                               return {{cell("add", {scaled, w[1]})}, {scaled}};
                             }));
  cases.push_back(recurrence("sliced_weights", {1, 1, 1}, {x, state, {{I + H, H + 1}}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               auto rows = [&](Int begin, Int size) {
                                 return cell("slice", {w[0]},
                                             {{"begin", Ints{begin, 1}}, {"size", Ints{size, H}}});
                               };
                               Value a = cell.matmul(x[0], rows(0, I));
                               Value b = cell.matmul(s[0], cell("negative", {rows(I, H)}));
                               Value h = cell("sigmoid", {cell("subtract", {a, b})});
                               return {{h}, {h}};
                             }));
  cases.push_back(recurrence("scaled_weights", {1, 1, 2}, {x, state, {{I, H}}, {{}, 0.5, 1}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               Value scaled = cell("divide", {w[0], w[1]});
                               Value h =
                                   cell("tanh", {cell("add", {cell.matmul(x[0], scaled), s[0]})});
                               return {{h}, {h}};
                             }));
  Tensor ids = Tensor::of<std::int32_t>({T, B}, {0, 2, 2, 1, 3, 0});
  cases.push_back(recurrence("embedding", {1, 1, 1}, {{{T, B}, 0, 0, ids}, state, {{4, H}}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               Value row = cell("gather", {w[0], x[0]}, {{"axis", Int{0}}});
                               Value h = cell("tanh", {cell("multiply", {row, s[0]})});
                               return {{h}, {h}};
                             }));
  cases.push_back(recurrence("chained_products", {1, 1, 2},
                             {{{T, B, H}}, state, {{H, H}}, {{H, H}}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               Value a = cell.matmul(cell("add", {x[0], s[0]}), w[0]);
                               Value b = cell.matmul(a, w[1]);
                               Value h = cell("tanh", {cell("multiply", {a, b})});
                               return {{a, h}, {h}};
                             }));
}

/// States that are handed on, exchanged, kept, or lead nowhere.
void addStates(std::vector<Case> &cases) {
  const Input x{{T, B, H}}, state{{B, H}};
  cases.push_back(recurrence("exchanged_states", {1, 3, 1}, {x, state, state, state, {{H}}},
                             [](GraphBuilder &g, In x, In s, In w) -> Step {
                               Cell cell{g};
                               Value a = cell("tanh", {cell("multiply", {s[0], w[0]})});
                               return {{cell("add", {s[2], x[0]})}, {s[1], s[2], a}};
                             }));
  cases.push_back(choose(cases.back(), {1}, "_first_final_only"));
  cases.push_back(recurrence("input_becomes_state", {1, 1, 0}, {x, state},
                             [](GraphBuilder &g, In x, In s, In) -> Step {
                               Cell cell{g};
                               return {{cell("multiply", {x[0], s[0]}), x[0]}, {x[0]}};
                             }));
  cases.push_back(recurrence(
      "no_input", {0, 1, 1}, {state, {{H, H}}},
      [](GraphBuilder &g, In, In s, In w) -> Step {
        Cell cell{g};
        Value h = cell("tanh", {cell.matmul(s[0], w[0])});
        return {{h}, {h}};
      },
      false, 4));
  cases.push_back(recurrence("no_state", {1, 0, 2}, {{{T, B, I}}, {{I, H}}, {{H}}},
                             [](GraphBuilder &g, In x, In, In w) -> Step {
                               Cell cell{g};
                               Value y = cell("bias_add", {cell.matmul(x[0], w[0]), w[1]});
                               return {{y, cell("exp", {w[1]})}, {}};
                             }));
  // After a row's length its state stays and its outputs are zero.
  Tensor lengths = Tensor::of<std::int32_t>({B}, {1, 3});
  auto masked = [](GraphBuilder &g, In x, In s, In w) -> Step {
    Cell cell{g};
    Value step = g.create("step_index", {});
    Value running = cell("expand_dims", {cell("less", {step, s[1]})}, {{"axis", Int{1}}});
    Value h = cell("tanh", {cell("add", {cell.matmul(s[0], w[0]), x[0]})});
    Value output = cell("where", {running, h, cell.number(0, h)});
    return {{output}, {cell("where", {running, h, s[0]}), s[1]}};
  };
  cases.push_back(recurrence("sequence_lengths", {1, 2, 1},
                             {x, state, {{B}, 0, 0, lengths}, {{H, H}}}, masked));
  cases.push_back(recurrence("sequence_lengths_reverse", {1, 2, 1},
                             {x, state, {{B}, 0, 0, lengths}, {{H, H}}}, masked, true));
  // TensorFlow's dropout: x / keep * floor(keep + uniform), drawn anew at every step.
  const Input keep{{}, 0, 0, Tensor(0.6), false};
  auto dropout = [](GraphBuilder &g, In x, In s, In w) -> Step {
    Cell cell{g};
    Value h = cell("tanh", {cell("add", {cell.matmul(s[0], w[0]), x[0]})});
    Value uniform = g.create("random_uniform", {},
                             {{"shape", Ints{B, H}},
                              {"dtype", float64},
                              {"seed", Int{5}},
                              {"seed2", Int{9}},
                              {"stream", Int{0}}});
    Value mask = cell("floor", {cell("add", {uniform, w[1]})});
    Value dropped = cell("multiply", {cell("divide", {h, w[1]}), mask});
    return {{dropped}, {h}};
  };
  cases.push_back(recurrence("dropout", {1, 1, 2}, {x, state, {{H, H}}, keep}, dropout));
  cases.push_back(
      recurrence("dropout_reverse", {1, 1, 2}, {x, state, {{H, H}}, keep}, dropout, true));
}

/// oneDNN's layers; their own gradients' gradients are not known.
void addPrimitives(std::vector<Case> &cases) {
  struct Layer {
    const char *name;
    Int gates;
    Attributes attributes;
  };
  for (const Layer &layer : {Layer{"lstm", 4, {}}, Layer{"gru", 3, {}},
                             Layer{"vanilla_rnn", 1, {{"activation", std::string("tanh")}}}}) {
    std::vector<Input> inputs{{{T, B, I}}, {{B, H}}};
    if (layer.gates == 4)
      inputs.push_back({{B, H}});
    inputs.insert(inputs.end(),
                  {{{I, layer.gates * H}}, {{H, layer.gates * H}}, {{layer.gates * H}}});
    Case c = opCase("layer", layer.name, inputs, layer.attributes);
    c.twice = false;
    cases.push_back(c);
    c.name += "_last_only";
    c.build = [build = c.build](GraphBuilder &g, In in) -> Values { return {build(g, in)[1]}; };
    cases.push_back(c);
  }
}

/// The cases as they are with weights too large to be summed within the loop.
void addLargeWeights(std::vector<Case> &cases) {
  for (std::size_t i = 0, count = cases.size(); i < count; ++i) {
    Case large = cases[i];
    large.name += "_large_weights";
    large.build = [build = large.build](GraphBuilder &g, In in) {
      Values results = build(g, in);
      for (Operation *op : findOps(g.builder().getBlock()->getParentOp(), "static_rnn"))
        op->setAttr(kCachedWeights, g.builder().getBoolAttr(false));
      return results;
    };
    cases.push_back(std::move(large));
  }
}

} // namespace

std::vector<Case> recurrentCases() {
  std::vector<Case> cases;
  addCells(cases);
  addWeightUses(cases);
  addStates(cases);
  addLargeWeights(cases);
  addPrimitives(cases);
  return cases;
}

} // namespace graphc::test
