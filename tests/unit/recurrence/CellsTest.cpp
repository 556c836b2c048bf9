#include <gtest/gtest.h>

#include "tests/unit/recurrence/Cells.h"

namespace graphc::recurrence_testing {
namespace {

TEST(Cells, PlainRnnOfOddSizes) {
  for (std::int64_t batch : {1, 2, 3, 5, 8, 16, 17, 37})
    for (std::int64_t units : {1, 3, 27}) {
      SCOPED_TRACE("batch " + std::to_string(batch) + ", units " + std::to_string(units));
      expectMatchesReference(plainRnn(4, batch, 2, units));
    }
}

TEST(Cells, LstmOfOddSizes) {
  for (std::int64_t batch : {1, 5, 16, 17, 37})
    for (std::int64_t units : {1, 3, 27}) {
      SCOPED_TRACE("batch " + std::to_string(batch) + ", units " + std::to_string(units));
      expectMatchesReference(lstm(5, batch, 3, units));
    }
}

TEST(Cells, LstmOfManySteps) { expectMatchesReference(lstm(128, 20, 9, 27)); }

TEST(Cells, OneStep) { expectMatchesReference(lstm(1, 17, 9, 8)); }

TEST(Cells, LstmInReverse) {
  Recurrence rnn = lstm(6, 18, 4, 7);
  rnn.reverse = true;
  expectMatchesReference(rnn);
}

TEST(Cells, LstmInDouble) {
  for (std::int64_t batch : {1, 7, 19})
    expectMatchesReference(lstm(5, batch, 3, 9, float64), 1e-13);
}

TEST(Cells, Gru) {
  for (std::int64_t batch : {1, 16, 21})
    expectMatchesReference(gru(6, batch, 5, 11));
}

// Weights of more than 64 KB are copied into blocks of columns; 149 columns leave a smaller last
// one.
TEST(Cells, LargeWeights) {
  for (std::int64_t batch : {16, 37}) {
    expectMatchesReference(lstm(9, batch, 40, 72), 2e-5);
    expectMatchesReference(plainRnn(9, batch, 8, 149), 2e-5);
    expectMatchesReference(lstmBackward(9, batch, 40, 72), 2e-5);
  }
  expectMatchesReference(lstm(9, 9, 40, 40, float64), 1e-13);
}

TEST(Cells, TwoLayers) {
  for (std::int64_t batch : {1, 16, 21})
    expectMatchesReference(twoLayers(6, batch, 9, 27, /*dropout=*/false));
}

TEST(Cells, DropoutDrawsTheReferencesNumbers) {
  for (std::int64_t batch : {1, 16, 21})
    expectMatchesReference(twoLayers(6, batch, 9, 27, /*dropout=*/true));
}

TEST(Cells, LstmBackward) {
  for (std::int64_t batch : {1, 16, 21})
    expectMatchesReference(lstmBackward(6, batch, 9, 27));
}

// Of so many windows a tile has two registers for each feature, with AVX-512 too: 1040 windows are
// 32 such tiles and a part of one.
TEST(Cells, ManyWindows) {
  expectMatchesReference(lstm(5, 1040, 3, 27));
  expectMatchesReference(lstm(5, 1040, 3, 9, float64), 1e-13);
  expectMatchesReference(lstm(9, 1040, 40, 72), 2e-5);
  expectMatchesReference(lstmBackward(6, 1040, 9, 27));
  expectMatchesReference(twoLayers(6, 1040, 9, 27, /*dropout=*/true));
}

// LSTMCell's options: peepholes, cell clip, projection, projection clip, a ReLU in place of tanh.
TEST(Cells, PeepholesProjectionAndClip) {
  const std::int64_t inputs = 4, units = 9, projected = 5;
  for (std::int64_t batch : {1, 18}) {
    Recurrence rnn;
    rnn.steps = 5;
    rnn.sequences = {floats({batch, inputs})};
    rnn.states = {floats({batch, units}), floats({batch, projected})};
    rnn.captured = {floats({inputs + projected, 4 * units}),
                    floats({4 * units}),
                    floats({units}),
                    floats({units}),
                    floats({units}),
                    floats({units, projected})};
    rnn.body = [=](Cell &c, const Arguments &a) {
      auto cell = a.states[0];
      auto gates =
          c.biasAdd(c.matmul(c.concat({a.slices[0], a.states[1]}), a.captured[0]), a.captured[1]);
      auto g = c.split(gates, {units, units, units, units});
      auto i = c.sigmoid(c.add(g[0], c.multiply(a.captured[2], cell)));
      auto f = c.sigmoid(c.add(c.add(g[2], c.scalar(1)), c.multiply(a.captured[3], cell)));
      auto next = c.add(c.multiply(f, cell), c.multiply(i, c.make("relu", g[1])));
      next = c.make("clip_by_value", {next, c.scalar(-0.5), c.scalar(0.5)});
      auto o = c.sigmoid(c.add(g[3], c.multiply(a.captured[4], next)));
      auto m = c.matmul(c.multiply(o, c.tanh(next)), a.captured[5]);
      m = c.make("clip_by_value", {m, c.scalar(-0.25), c.scalar(0.25)});
      return std::vector{m, next, m};
    };
    expectMatchesReference(rnn);
  }
}

// static_rnn with sequence_length: past its end a window keeps its state and gives zeros.
TEST(Cells, SequenceLengthsAsAState) {
  const std::int64_t units = 6;
  for (std::int64_t batch : {1, 20}) {
    Recurrence rnn = lstm(7, batch, 3, units);
    rnn.states.push_back({int32, {batch}});
    rnn.body = [=](Cell &c, const Arguments &a) {
      auto [cell, h] =
          lstmStep(c, a.slices[0], a.states[0], a.states[1], a.captured[0], a.captured[1], units);
      auto running = c.make("less", {c.make("step_index", {}), a.states[2]});
      auto column = c.make("expand_dims", running, {{"axis", std::int64_t{1}}});
      const auto keep = [&](mlir::Value x, mlir::Value old) {
        return c.make("where", {column, x, old});
      };
      return std::vector{keep(h, c.make("zeros_like", h)), keep(cell, a.states[0]),
                         keep(h, a.states[1]), a.states[2]};
    };
    expectMatchesReference(rnn);
  }
}

// The same with the lengths captured, as they are in a backward body.
TEST(Cells, SequenceLengthsCaptured) {
  const std::int64_t units = 6;
  for (std::int64_t batch : {1, 6, 20}) {
    Recurrence rnn = lstm(7, batch, 3, units);
    rnn.captured.push_back({int32, {batch}});
    rnn.body = [=](Cell &c, const Arguments &a) {
      auto [cell, h] =
          lstmStep(c, a.slices[0], a.states[0], a.states[1], a.captured[0], a.captured[1], units);
      auto running = c.make("less", {c.make("step_index", {}), a.captured[2]});
      auto column = c.make("expand_dims", running, {{"axis", std::int64_t{1}}});
      return std::vector{c.make("where", {column, h, c.make("zeros_like", h)}),
                         c.make("where", {column, cell, a.states[0]}),
                         c.make("where", {column, h, a.states[1]})};
    };
    expectMatchesReference(rnn);
  }
}

// After fused gates and hoisted input projections: the input arrives as gate sums, the product with
// bias and activation is one op.
TEST(Cells, FusedProducts) {
  for (const char *activation : {"none", "relu", "tanh", "sigmoid"})
    for (std::int64_t batch : {1, 19}) {
      Recurrence rnn = plainRnn(4, batch, 5, 13);
      rnn.body = [=](Cell &c, const Arguments &a) {
        auto h = c.make("fused_matmul",
                        {c.concat({a.slices[0], a.states[0]}), a.captured[0], a.captured[1]},
                        {{"transpose_a", false},
                         {"transpose_b", false},
                         {"activation", std::string(activation)}});
        auto bounded = c.make("clip_by_value", {h, c.scalar(-1), c.scalar(1)});
        return std::vector{h, bounded};
      };
      expectMatchesReference(rnn);
    }
}

} // namespace
} // namespace graphc::recurrence_testing
