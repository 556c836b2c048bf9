// Every kind of op that a body may hold, and every kind of value that it may combine.
#include <gtest/gtest.h>

#include "tests/unit/recurrence/Cells.h"

namespace graphc::recurrence_testing {
namespace {

using Ints = std::vector<std::int64_t>;

/// Outputs only: x is [batch, features], y another, n and m integers, p a bool.
Recurrence outputsOnly(std::int64_t batch, std::int64_t features,
                       std::function<std::vector<mlir::Value>(Cell &, const Arguments &)> body,
                       std::vector<ValueType> captured = {}) {
  Recurrence rnn;
  rnn.steps = 3;
  rnn.sequences = {floats({batch, features}),
                   floats({batch, features}),
                   {int32, {batch, features}},
                   {int32, {batch, features}},
                   {bool_, {batch, features}}};
  rnn.states = {floats({batch, 1})};
  rnn.captured = std::move(captured);
  rnn.body = [body](Cell &c, const Arguments &a) {
    std::vector<mlir::Value> values = body(c, a);
    values.push_back(a.states[0]);
    return values;
  };
  return rnn;
}

void forBatches(const std::function<void(std::int64_t)> &test) {
  for (std::int64_t batch : {1, 4, 19}) {
    SCOPED_TRACE("batch " + std::to_string(batch));
    test(batch);
  }
}

TEST(Bodies, BinaryOps) {
  forBatches([](std::int64_t batch) {
    expectMatchesReference(outputsOnly(batch, 11, [](Cell &c, const Arguments &a) {
      std::vector<mlir::Value> values;
      for (const char *name : {"add", "subtract", "multiply", "divide", "floordiv", "maximum",
                               "minimum", "squared_difference", "less", "less_equal", "greater",
                               "greater_equal", "equal", "not_equal"})
        values.push_back(c.make(name, {a.slices[0], a.slices[1]}));
      values.push_back(c.make("pow", {c.make("abs", a.slices[0]), a.slices[1]}));
      auto divisor = c.add(a.slices[3], c.scalar(-9, int32)); // in [-9, -2]
      for (const char *name : {"add", "subtract", "multiply", "maximum", "minimum", "equal",
                               "squared_difference", "less", "greater_equal"})
        values.push_back(c.make(name, {a.slices[2], a.slices[3]}));
      for (const char *name : {"divide", "floordiv", "floormod"})
        values.push_back(c.make(name, {a.slices[2], divisor}));
      for (const char *name : {"logical_and", "logical_or", "logical_xor", "equal"})
        values.push_back(c.make(name, {a.slices[4], c.make("logical_not", a.slices[4])}));
      return values;
    }));
  });
}

TEST(Bodies, UnaryOps) {
  forBatches([](std::int64_t batch) {
    expectMatchesReference(outputsOnly(batch, 11, [](Cell &c, const Arguments &a) {
      std::vector<mlir::Value> values;
      auto x = c.multiply(a.slices[0], c.scalar(4));
      for (const char *name :
           {"negative", "abs", "sign", "square", "exp", "tanh", "sigmoid", "relu", "softplus",
            "floor", "ceil", "round", "identity", "stop_gradient", "zeros_like", "ones_like"})
        values.push_back(c.make(name, x));
      auto positive = c.add(c.make("abs", a.slices[0]), c.scalar(0.25));
      for (const char *name : {"sqrt", "rsqrt", "reciprocal", "log"})
        values.push_back(c.make(name, positive));
      for (const char *name : {"negative", "abs", "sign", "square", "relu", "floor"})
        values.push_back(c.make(name, c.subtract(a.slices[2], a.slices[3])));
      for (DataType to : {float32, float64, int32, int64, bool_}) {
        values.push_back(c.make("cast", x, {{"dtype", to}}));
        values.push_back(c.make("cast", a.slices[2], {{"dtype", to}}));
        values.push_back(c.make("cast", a.slices[4], {{"dtype", to}}));
      }
      return values;
    }));
  });
}

TEST(Bodies, SelectsClipsAndSums) {
  forBatches([](std::int64_t batch) {
    expectMatchesReference(outputsOnly(batch, 9, [](Cell &c, const Arguments &a) {
      return std::vector{
          c.make("where", {a.slices[4], a.slices[0], a.slices[1]}),
          c.make("where", {a.slices[4], a.slices[0], c.scalar(0)}),
          c.make("clip_by_value", {a.slices[0], c.scalar(-0.5), c.scalar(0.25)}),
          c.make("clip_by_value", {a.slices[2], c.scalar(2, int32), c.scalar(5, int32)}),
          c.make("add_n", {a.slices[0], a.slices[1], a.slices[0]})};
    }));
  });
}

TEST(Bodies, Broadcasts) {
  const std::int64_t f = 10;
  forBatches([=](std::int64_t batch) {
    expectMatchesReference(outputsOnly(
        batch, f,
        [=](Cell &c, const Arguments &a) {
          auto x = a.slices[0];
          auto column = c.make("slice", x, {{"begin", Ints{0, 3}}, {"size", Ints{-1, 1}}});
          auto scalars = c.tanh(c.add(a.captured[0], c.scalar(0.5)));
          auto rows = c.add(a.captured[1], a.captured[2]);
          return std::vector{c.add(x, a.captured[0]),
                             c.add(x, a.captured[1]),
                             c.multiply(x, a.captured[2]),
                             c.multiply(x, column),
                             c.add(x, scalars),
                             c.subtract(rows, x),
                             c.add(x, c.make("broadcast_to", rows, {{"shape", Ints{batch, f}}})),
                             c.make("broadcast_to", column, {{"shape", Ints{batch, f}}}),
                             c.make("fill", scalars, {{"dims", Ints{batch, 2}}}),
                             c.make("fill", c.scalar(3, int32), {{"dims", Ints{4}}})};
        },
        {floats({}), floats({f}), floats({1, f})}));
  });
}

// Captured values that have a row for each window, whole and in part.
TEST(Bodies, CapturedRowsOfWindows) {
  forBatches([](std::int64_t batch) {
    expectMatchesReference(outputsOnly(
        batch, 7,
        [](Cell &c, const Arguments &a) {
          auto parts = c.split(a.captured[0], {7, 2});
          auto column = c.make("expand_dims", a.captured[1], {{"axis", std::int64_t{1}}});
          auto scaled = c.multiply(a.captured[2], c.scalar(2));
          return std::vector{c.add(a.slices[0], parts[0]), c.multiply(a.slices[0], column),
                             c.subtract(scaled, a.slices[1]), parts[1]};
        },
        {floats({batch, 9}), floats({batch}), floats({batch, 7})}));
  });
}

TEST(Bodies, PiecesAndViews) {
  const std::int64_t f = 12;
  forBatches([=](std::int64_t batch) {
    expectMatchesReference(outputsOnly(batch, f, [=](Cell &c, const Arguments &a) {
      auto x = c.tanh(a.slices[0]);
      auto parts = c.split(x, {5, 4, 3});
      auto cube = c.make("reshape", x, {{"shape", Ints{batch, 3, 4}}});
      auto turned = c.make("transpose", cube, {{"perm", Ints{0, 2, 1}}});
      auto middle = c.make("slice", cube, {{"begin", Ints{0, 1, 1}}, {"size", Ints{-1, 2, 2}}});
      auto strided = c.make("strided_slice", x,
                            {{"begin", Ints{0, 10}},
                             {"end", Ints{0, 1}},
                             {"strides", Ints{1, -3}},
                             {"begin_mask", std::int64_t{1}},
                             {"end_mask", std::int64_t{1}},
                             {"ellipsis_mask", std::int64_t{0}},
                             {"new_axis_mask", std::int64_t{0}},
                             {"shrink_axis_mask", std::int64_t{0}}});
      auto one = c.make("strided_slice", x,
                        {{"begin", Ints{0, -2}},
                         {"end", Ints{0, 0}},
                         {"strides", Ints{1, 1}},
                         {"begin_mask", std::int64_t{1}},
                         {"end_mask", std::int64_t{1}},
                         {"ellipsis_mask", std::int64_t{0}},
                         {"new_axis_mask", std::int64_t{0}},
                         {"shrink_axis_mask", std::int64_t{2}}});
      auto reversed = c.make("reverse", x, {{"axes", Ints{1}}});
      auto mixed = c.concat({parts[2], a.slices[1], parts[0], c.make("zeros_like", parts[1])});
      mlir::Operation *unstacked = c.graph().createOp(
          "unstack", cube, {{"axis", std::int64_t{1}}, {"num", std::int64_t{3}}});
      auto stacked =
          c.make("stack", {parts[1], unstacked->getResult(1)}, {{"axis", std::int64_t{1}}});
      auto last = c.make("stack", {parts[1], unstacked->getResult(2)}, {{"axis", std::int64_t{2}}});
      return std::vector{
          parts[1],
          turned,
          middle,
          strided,
          reversed,
          mixed,
          stacked,
          last,
          c.add(mixed, mixed),
          c.make("exp", turned),
          c.add(parts[1], unstacked->getResult(0)),
          c.multiply(one, one),
          c.make("tile", parts[2], {{"multiples", Ints{1, 3}}}),
          c.make("pad", parts[2], {{"paddings", Ints{0, 0, 2, 1}}, {"value", 0.5}}),
          c.make("pad", middle, {{"paddings", Ints{0, 0, 1, 0, 0, 2}}, {"value", 0.0}}),
          c.make("squeeze", c.make("expand_dims", x, {{"axis", std::int64_t{1}}}),
                 {{"axes", Ints{1}}})};
    }));
  });
}

TEST(Bodies, GradientsOfStridedSlices) {
  const auto gradient = [](Cell &c, mlir::Value dy, Ints shape, Ints begin, Ints end, Ints strides,
                           std::int64_t shrink) {
    return c.make("strided_slice_grad", dy,
                  {{"shape", shape},
                   {"begin", begin},
                   {"end", end},
                   {"strides", strides},
                   {"begin_mask", std::int64_t{1}},
                   {"end_mask", std::int64_t{1}},
                   {"ellipsis_mask", std::int64_t{0}},
                   {"new_axis_mask", std::int64_t{0}},
                   {"shrink_axis_mask", shrink}});
  };
  forBatches([=](std::int64_t batch) {
    expectMatchesReference(outputsOnly(batch, 4, [=](Cell &c, const Arguments &a) {
      auto x = c.tanh(a.slices[0]);
      auto one = c.make("reduce_sum", x, {{"axes", Ints{1}}, {"keep_dims", false}});
      return std::vector{gradient(c, x, {batch, 9}, {0, 3}, {0, 7}, {1, 1}, 0),
                         gradient(c, x, {batch, 9}, {0, 1}, {0, 8}, {1, 2}, 0),
                         gradient(c, one, {batch, 5}, {0, -2}, {0, 0}, {1, 1}, 2),
                         gradient(c, x, {batch, 3, 6}, {0, 1, 2}, {0, 2, 6}, {1, 1, 1}, 2)};
    }));
  });
}

TEST(Bodies, Reductions) {
  forBatches([](std::int64_t batch) {
    expectMatchesReference(
        outputsOnly(batch, 12,
                    [=](Cell &c, const Arguments &a) {
                      std::vector<mlir::Value> values;
                      for (const char *name :
                           {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod"})
                        for (bool keep : {false, true})
                          values.push_back(
                              c.make(name, a.slices[0], {{"axes", Ints{1}}, {"keep_dims", keep}}));
                      for (const char *name : {"reduce_sum", "reduce_mean", "reduce_max"})
                        values.push_back(
                            c.make(name, a.slices[2], {{"axes", Ints{1}}, {"keep_dims", false}}));
                      for (const char *name : {"reduce_all", "reduce_any"})
                        values.push_back(
                            c.make(name, a.slices[4], {{"axes", Ints{1}}, {"keep_dims", false}}));
                      auto cube = c.make("reshape", c.make("exp", a.slices[0]),
                                         {{"shape", Ints{batch, 3, 4}}});
                      values.push_back(
                          c.make("reduce_sum", cube, {{"axes", Ints{1}}, {"keep_dims", false}}));
                      values.push_back(
                          c.make("reduce_max", cube, {{"axes", Ints{2}}, {"keep_dims", true}}));
                      values.push_back(
                          c.make("reduce_sum", cube, {{"axes", Ints{1, 2}}, {"keep_dims", false}}));
                      // Layer normalisation: a reduction read back by every feature.
                      auto mean = c.make("reduce_mean", a.slices[0],
                                         {{"axes", Ints{1}}, {"keep_dims", true}});
                      auto centred = c.subtract(a.slices[0], mean);
                      auto variance = c.make("reduce_mean", c.make("square", centred),
                                             {{"axes", Ints{1}}, {"keep_dims", true}});
                      values.push_back(
                          c.multiply(centred, c.make("rsqrt", c.add(variance, c.scalar(1e-3)))));
                      return values;
                    }),
        2e-5);
  });
}

TEST(Bodies, ProductsOfPartsOfWeights) {
  forBatches([](std::int64_t batch) {
    expectMatchesReference(outputsOnly(
        batch, 6,
        [](Cell &c, const Arguments &a) {
          auto x = a.slices[0];
          auto columns = c.split(a.captured[0], {7, 3});
          auto rows =
              c.make("slice", a.captured[1], {{"begin", Ints{2, 0}}, {"size", Ints{6, -1}}});
          auto turned = c.make("transpose", a.captured[2], {{"perm", Ints{1, 0}}});
          return std::vector{c.matmul(x, columns[1]),
                             c.matmul(x, rows),
                             c.matmul(x, a.captured[2], true),
                             c.matmul(x, turned),
                             c.matmul(c.concat({x, a.slices[1]}), a.captured[3]),
                             c.add(c.matmul(x, columns[0]), c.matmul(a.slices[1], columns[0]))};
        },
        {floats({6, 10}), floats({9, 5}), floats({130, 6}), floats({12, 67})}));
  });
}

TEST(Bodies, ConstantsAndSteps) {
  forBatches([](std::int64_t batch) {
    expectMatchesReference(outputsOnly(batch, 4, [=](Cell &c, const Arguments &a) {
      auto step = c.make("step_index", {});
      auto weight = c.make("cast", step, {{"dtype", float32}});
      auto row = c.graph().constant(Tensor::of(Shape{4}, {1.f, -2.f, 0.5f, 8.f}));
      auto matrix =
          c.graph().constant(Tensor::of(Shape{4, 2}, {1.f, 2.f, 3.f, 4.f, 5.f, 6.f, 7.f, 8.f}));
      return std::vector{c.add(c.multiply(a.slices[0], weight), row), c.matmul(a.slices[0], matrix),
                         step, row, c.add(step, c.scalar(1, int32))};
    }));
  });
}

TEST(Bodies, RandomNumbers) {
  forBatches([](std::int64_t batch) {
    expectMatchesReference(outputsOnly(batch, 4,
                                       [=](Cell &c, const Arguments &a) {
                                         return std::vector{
                                             c.random({batch, 1}, 1), c.random({batch, 7}, 2),
                                             c.random({batch, 2, 5}, 2),
                                             c.multiply(c.random({batch, 4}, 5), a.slices[0]),
                                             c.random({batch, 5}, 2, float64)};
                                       }),
                           0);
  });
}

// A sequence without a batch: one scalar, one row for each step.
TEST(Bodies, SequencesWithoutABatch) {
  forBatches([](std::int64_t batch) {
    Recurrence rnn = outputsOnly(batch, 6, [](Cell &c, const Arguments &a) {
      return std::vector{c.multiply(a.slices[0], a.slices[5]), c.add(a.slices[0], a.slices[6]),
                         a.slices[6]};
    });
    rnn.sequences.push_back(floats({}));
    rnn.sequences.push_back(floats({6}));
    expectMatchesReference(rnn);
  });
}

} // namespace
} // namespace graphc::recurrence_testing
