// The usual cells as recurrences, forward, and the LSTM's backward body as it is derived.
#pragma once

#include "tests/unit/recurrence/RecurrenceTesting.h"

namespace graphc::recurrence_testing {

/// h' = tanh([x, h] W + b)
inline Recurrence plainRnn(std::int64_t steps, std::int64_t batch, std::int64_t inputs,
                           std::int64_t units, DataType dtype = float32) {
  Recurrence rnn;
  rnn.steps = steps;
  rnn.sequences = {{dtype, {batch, inputs}}};
  rnn.states = {{dtype, {batch, units}}};
  rnn.captured = {{dtype, {inputs + units, units}}, {dtype, {units}}};
  rnn.body = [](Cell &c, const Arguments &a) {
    auto h = c.tanh(
        c.biasAdd(c.matmul(c.concat({a.slices[0], a.states[0]}), a.captured[0]), a.captured[1]));
    return std::vector{h, h};
  };
  return rnn;
}

/// TensorFlow's BasicLSTMCell: gates i, j, f, o; `forget` is added to f.
inline std::pair<mlir::Value, mlir::Value> lstmStep(Cell &c, mlir::Value x, mlir::Value cell,
                                                    mlir::Value h, mlir::Value weights,
                                                    mlir::Value bias, std::int64_t units,
                                                    DataType dtype = float32) {
  auto gates = c.biasAdd(c.matmul(c.concat({x, h}), weights), bias);
  auto parts = c.split(gates, {units, units, units, units});
  auto kept = c.multiply(cell, c.sigmoid(c.add(parts[2], c.scalar(1, dtype))));
  auto added = c.multiply(c.sigmoid(parts[0]), c.tanh(parts[1]));
  auto newCell = c.add(kept, added);
  auto newH = c.multiply(c.tanh(newCell), c.sigmoid(parts[3]));
  return {newCell, newH};
}

inline Recurrence lstm(std::int64_t steps, std::int64_t batch, std::int64_t inputs,
                       std::int64_t units, DataType dtype = float32) {
  Recurrence rnn;
  rnn.steps = steps;
  rnn.sequences = {{dtype, {batch, inputs}}};
  rnn.states = {{dtype, {batch, units}}, {dtype, {batch, units}}};
  rnn.captured = {{dtype, {inputs + units, 4 * units}}, {dtype, {4 * units}}};
  rnn.body = [=](Cell &c, const Arguments &a) {
    auto [cell, h] = lstmStep(c, a.slices[0], a.states[0], a.states[1], a.captured[0],
                              a.captured[1], units, dtype);
    return std::vector{h, cell, h};
  };
  return rnn;
}

/// Two layers, each with dropout on its output where `dropout`.
inline Recurrence twoLayers(std::int64_t steps, std::int64_t batch, std::int64_t inputs,
                            std::int64_t units, bool dropout) {
  Recurrence rnn;
  rnn.steps = steps;
  rnn.sequences = {floats({batch, inputs})};
  rnn.states.assign(4, floats({batch, units}));
  rnn.captured = {floats({inputs + units, 4 * units}), floats({4 * units}),
                  floats({2 * units, 4 * units}), floats({4 * units}), floats({})};
  rnn.body = [=](Cell &c, const Arguments &a) {
    const auto drop = [&](mlir::Value x, std::int64_t stream) {
      if (!dropout)
        return x;
      auto keep = c.add(a.captured[4], c.scalar(1.5)); // in [0.5, 2.5)
      auto mask = c.make("floor", c.add(c.random({batch, units}, stream), keep));
      return c.multiply(c.make("divide", {x, keep}), mask);
    };
    auto [c1, h1] =
        lstmStep(c, a.slices[0], a.states[0], a.states[1], a.captured[0], a.captured[1], units);
    auto out1 = drop(h1, 3);
    auto [c2, h2] =
        lstmStep(c, out1, a.states[2], a.states[3], a.captured[2], a.captured[3], units);
    return std::vector{drop(h2, 4), c1, h1, c2, h2};
  };
  return rnn;
}

/// TensorFlow's GRUCell: gates r, u; h' = u h + (1 - u) tanh([x, r h] W + b).
inline Recurrence gru(std::int64_t steps, std::int64_t batch, std::int64_t inputs,
                      std::int64_t units) {
  Recurrence rnn;
  rnn.steps = steps;
  rnn.sequences = {floats({batch, inputs})};
  rnn.states = {floats({batch, units})};
  rnn.captured = {floats({inputs + units, 2 * units}), floats({2 * units}),
                  floats({inputs + units, units}), floats({units})};
  rnn.body = [=](Cell &c, const Arguments &a) {
    auto x = a.slices[0], h = a.states[0];
    auto gates = c.sigmoid(c.biasAdd(c.matmul(c.concat({x, h}), a.captured[0]), a.captured[1]));
    auto parts = c.split(gates, {units, units});
    auto candidate = c.tanh(
        c.biasAdd(c.matmul(c.concat({x, c.multiply(parts[0], h)}), a.captured[2]), a.captured[3]));
    auto next =
        c.add(c.multiply(parts[1], h), c.multiply(c.subtract(c.scalar(1), parts[1]), candidate));
    return std::vector{next, next};
  };
  return rnn;
}

/// The LSTM's backward body: from the saved gates (after their activations), the cells before and
/// after the step and the gradient of the output, the gradients of the gates and of the input.
inline Recurrence lstmBackward(std::int64_t steps, std::int64_t batch, std::int64_t inputs,
                               std::int64_t units) {
  Recurrence rnn;
  rnn.steps = steps;
  rnn.reverse = true;
  rnn.sequences = {floats({batch, 4 * units}), floats({batch, units}), floats({batch, units}),
                   floats({batch, units})};
  rnn.states = {floats({batch, units}), floats({batch, units})};
  rnn.captured = {floats({inputs + units, 4 * units})};
  rnn.body = [=](Cell &c, const Arguments &a) {
    auto gates = c.split(a.slices[0], {units, units, units, units});
    auto before = a.slices[1], after = a.slices[2];
    auto one = c.scalar(1);
    const auto sigmoidSlope = [&](mlir::Value y) { return c.multiply(y, c.subtract(one, y)); };
    const auto tanhSlope = [&](mlir::Value y) { return c.subtract(one, c.make("square", y)); };
    auto dh = c.add(a.slices[3], a.states[1]);
    auto active = c.tanh(after);
    auto dc = c.add(a.states[0], c.multiply(c.multiply(dh, gates[3]), tanhSlope(active)));
    auto di = c.multiply(c.multiply(dc, gates[1]), sigmoidSlope(gates[0]));
    auto dj = c.multiply(c.multiply(dc, gates[0]), tanhSlope(gates[1]));
    auto df = c.multiply(c.multiply(dc, before), sigmoidSlope(gates[2]));
    auto dout = c.multiply(c.multiply(dh, active), sigmoidSlope(gates[3]));
    auto dGates = c.concat({di, dj, df, dout});
    auto dInputs = c.split(c.matmul(dGates, a.captured[0], true), {inputs, units});
    return std::vector{dGates, dInputs[0], c.multiply(dc, gates[2]), dInputs[1]};
  };
  return rnn;
}

} // namespace graphc::recurrence_testing
