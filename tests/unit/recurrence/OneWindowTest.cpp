// What only the form with one window has: vectors along the features, taken out of registers where
// one loop reads what another stored, and weights in whole vectors.
#include <gtest/gtest.h>

#include "runtime/VectorWidth.h"
#include "tests/unit/recurrence/Cells.h"

namespace graphc::recurrence_testing {
namespace {

// From nine steps on weights are copied, up to 64 KB of them row by row, more of them only where
// they are transposed: rows of whole vectors and others, many columns and few, depths without a
// divisor.
TEST(OneWindow, Weights) {
  for (const std::int64_t steps : {2, 9})
    for (const std::int64_t units : {5, 16, 31, 73, 101}) {
      SCOPED_TRACE(std::to_string(steps) + " steps, " + std::to_string(units) + " units");
      expectMatchesReference(lstm(steps, 1, 13, units), 2e-5);
      expectMatchesReference(lstmBackward(steps, 1, 13, units), 2e-5);
    }
  expectMatchesReference(lstm(9, 1, 13, 37, float64), 1e-13);
  expectMatchesReference(lstm(9, 1, 40, 72, float64), 1e-13);
}

// More blocks of columns than are written one after the other.
TEST(OneWindow, ProductOfManyColumns) {
  for (const std::int64_t columns : {900, 3205}) {
    Recurrence rnn;
    rnn.sequences = {floats({1, 7})};
    rnn.states = {floats({1, columns})};
    rnn.captured = {floats({7, columns}), floats({columns})};
    rnn.body = [](Cell &c, const Arguments &a) {
      auto sums = c.biasAdd(c.matmul(a.slices[0], a.captured[0]), a.captured[1]);
      return std::vector{sums, c.tanh(c.add(sums, a.states[0]))};
    };
    expectMatchesReference(rnn);
  }
}

// Parts that begin and end anywhere in the vectors of a product, of a loop's value, of a sequence
// and of a state, next to each other again in another order.
TEST(OneWindow, PartsAcrossVectors) {
  for (const auto &sizes :
       {std::vector<std::int64_t>{5, 20, 1, 9}, {17, 2, 33, 3}, {30, 40, 90, 1}})
    for (const bool computed : {false, true}) {
      std::int64_t all = 0;
      for (const std::int64_t size : sizes)
        all += size;
      SCOPED_TRACE(std::to_string(all) + (computed ? " computed" : " of the product"));
      Recurrence rnn;
      rnn.steps = 4;
      rnn.sequences = {floats({1, all})};
      rnn.states = {floats({1, all})};
      rnn.captured = {floats({all, all}), floats({all})};
      rnn.body = [=](Cell &c, const Arguments &a) {
        auto product = c.matmul(a.states[0], a.captured[0]);
        auto parts = c.split(computed ? c.tanh(c.biasAdd(product, a.captured[1])) : product, sizes);
        auto slices = c.split(a.slices[0], sizes), states = c.split(a.states[0], sizes);
        llvm::SmallVector<mlir::Value> next;
        for (const int i : {2, 0, 3, 1})
          next.push_back(c.add(c.sigmoid(parts[i]), c.multiply(slices[i], states[i])));
        return std::vector{c.concat({parts[3], parts[1]}), next[1], product,
                           c.tanh(c.concat(next))};
      };
      expectMatchesReference(rnn);
    }
}

// Stored are a state's two vectors (four of 256 bits) before the steps, in each, and behind them,
// the output, and the copy of the weights: no gate.
TEST(OneWindow, GatesStayInRegisters) {
  Compiled compiled(lstm(16, 1, 9, 27));
  compiled.compile();
  const std::string &ir = compiled.ir();
  std::size_t stores = 0;
  for (std::size_t at = 0; (at = ir.find("\n  store <", at)) != std::string::npos; ++at)
    ++stores;
  EXPECT_GT(stores, 0u);
  EXPECT_LE(stores, vectorBits() == 512 ? 18u : 39u) << ir;
}

} // namespace
} // namespace graphc::recurrence_testing
