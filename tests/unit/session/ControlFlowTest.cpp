// Loops and branches as they run: compiled and by the reference, with gradients, random numbers,
// errors, and from many threads.
#include <atomic>
#include <cmath>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;
using Outputs = std::vector<gc::Output>;

namespace {

gc::Tensor vector(std::vector<float> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return gc::Tensor::of(gc::Shape{count}, values);
}
gc::Tensor number(std::int32_t value) { return gc::Tensor(value); }

class ControlFlow : public testing::TestWithParam<gc::Backend> {
protected:
  gc::SessionOptions options() const { return {.seed = 7, .backend = GetParam()}; }
  gc::Graph g;
  gc::Output n = g.placeholder(gc::int32, {}, "n");
  gc::Output x = g.placeholder(gc::float32, {gc::none}, "x");
  gc::Output zero = g.constant(number(0));

  Outputs upTo(const gc::Output &limit, const gc::LoopBody &body, std::vector<gc::Input> variables,
               const gc::WhileLoopOptions &options = {}) {
    return gc::while_loop([&](const Outputs &v) { return gc::less(v[0], limit); }, body, variables,
                          options);
  }
};

// An even and an odd number of iterations end in different buffers, none at all in the initial
// ones.
TEST_P(ControlFlow, ALoopRunsAsOftenAsItsConditionSays) {
  const auto w = gc::ones(g, {2}) * 2.f;
  const auto out =
      upTo(n, [&](const Outputs &v) { return Outputs{v[0] + 1, v[1] * w + 1.f}; }, {0, x});
  gc::Session session(g, options());
  const auto run = [&](std::int32_t limit) {
    return session.run({{n, number(limit)}, {x, vector({1, 2})}}, {out[0], out[1]});
  };
  EXPECT_THAT(run(0)[1].values<float>(), ElementsAre(1, 2));
  EXPECT_THAT(run(1)[1].values<float>(), ElementsAre(3, 5));
  EXPECT_THAT(run(2)[1].values<float>(), ElementsAre(7, 11));
  EXPECT_THAT(run(3)[1].values<float>(), ElementsAre(15, 23));
  EXPECT_EQ(run(3)[0].scalar<std::int32_t>(), 3);
  EXPECT_EQ(run(-5)[0].scalar<std::int32_t>(), 0);
}

TEST_P(ControlFlow, VariablesChangePlaces) {
  const auto out = upTo(n, [](const Outputs &v) { return Outputs{v[0] + 1, v[2], v[1]}; },
                        {0, x, gc::negative(x)});
  gc::Session session(g, options());
  EXPECT_THAT(session.run({{n, number(3)}, {x, vector({1, 2})}}, {out[1]})[0].values<float>(),
              ElementsAre(-1, -2));
}

TEST_P(ControlFlow, IterationsAreLimited) {
  const auto forever = gc::while_loop([](const Outputs &v) { return gc::greater(v[0], -1.f); },
                                      [](const Outputs &v) { return Outputs{v[0] + 1.f}; },
                                      {gc::reduce_sum(x)}, {.maximum_iterations = 5});
  const auto fed = upTo(n, [](const Outputs &v) { return Outputs{v[0] + 1}; }, {zero},
                        {.maximum_iterations = n - 2});
  gc::Session session(g, options());
  EXPECT_EQ(session.run({{x, vector({1})}}, {forever[0]})[0].scalar<float>(), 6);
  EXPECT_EQ(session.run({{n, number(7)}}, {fed[0]})[0].scalar<std::int32_t>(), 5);
}

TEST_P(ControlFlow, OneBranchRuns) {
  const auto p = g.placeholder(gc::bool_, {}, "p");
  const auto out = gc::cond(
      p, [&] { return Outputs{x + 1.f, x}; },
      [&] {
        // Row 9 of x exists only where the other branch is taken.
        return Outputs{x * gc::gather(x, 9), gc::negative(x)};
      });
  gc::Session session(g, options());
  const auto run = [&](bool pred) {
    return session.run({{p, gc::Tensor(pred)}, {x, vector({1, 2})}}, {out[0], out[1]});
  };
  EXPECT_THAT(run(true)[0].values<float>(), ElementsAre(2, 3));
  EXPECT_THAT(run(true)[1].values<float>(), ElementsAre(1, 2));
  try {
    run(false);
    FAIL() << "row 9 was read";
  } catch (const gc::Error &error) {
    EXPECT_EQ(error.message(), "gather expects indices in [0,2), got 9");
    EXPECT_EQ(error.op_name(), "cond/GatherV2");
  }
}

TEST_P(ControlFlow, LoopsAndBranchesNest) {
  // The sum of i * j over j < i < n, subtracted where i is odd.
  const auto out = upTo(
      n,
      [&](const Outputs &v) {
        const auto inner = gc::while_loop(
            [&](const Outputs &u) { return gc::less(u[0], v[0]); },
            [&](const Outputs &u) { return Outputs{u[0] + 1, u[1] + u[0] * v[0]}; }, {zero, 0});
        const auto odd = gc::equal(gc::floormod(v[0], 2), 1);
        const auto sum =
            gc::cond(odd, [&] { return v[1] - inner[1]; }, [&] { return v[1] + inner[1]; });
        return Outputs{v[0] + 1, sum};
      },
      {zero, 0});
  gc::Session session(g, options());
  // i = 2: 2 * 1; i = 3: -(3 * 1 + 3 * 2); i = 4: 4 * (1 + 2 + 3)
  EXPECT_EQ(session.run({{n, number(5)}}, {out[1]})[0].scalar<std::int32_t>(), 2 - 9 + 24);
}

TEST_P(ControlFlow, GradientsGoBackThroughTheIterations) {
  const auto w = g.get_variable("w", gc::Shape{2}, {.initializer = gc::initializers::constant(.5)});
  const auto out = upTo(n, [&](const Outputs &v) { return Outputs{v[0] + 1, v[1] * w}; }, {0, x});
  const auto gradients = gc::gradients({gc::reduce_sum(out[1])}, {x, w.value()});
  gc::Session session(g, options());
  session.run(g.global_variables_initializer());
  for (const std::int32_t steps : {4, 0, 1, 3}) {
    const auto d =
        session.run({{n, number(steps)}, {x, vector({1, 2})}}, {gradients[0], gradients[1]});
    const float power = std::pow(.5f, static_cast<float>(steps));
    // d/dx x w^n = w^n, d/dw x w^n = n x w^(n - 1)
    EXPECT_THAT(d[0].values<float>(), ElementsAre(power, power));
    const float factor = static_cast<float>(steps) * power * 2;
    EXPECT_THAT(d[1].values<float>(), ElementsAre(factor, 2 * factor));
  }
}

// With y = x w^n: d2y / dw2 = n (n - 1) x w^(n - 2) and d2y / dw dx = n w^(n - 1).
TEST_P(ControlFlow, GradientsOfGradientsGoThroughTheIterationsBothWays) {
  const auto w = g.get_variable("w", gc::Shape{2}, {.initializer = gc::initializers::constant(.5)});
  const auto out = upTo(n, [&](const Outputs &v) { return Outputs{v[0] + 1, v[1] * w}; }, {0, x});
  const auto first = gc::gradients({gc::reduce_sum(out[1])}, {w.value()});
  const auto second = gc::gradients({gc::reduce_sum(first[0])}, {x, w.value()});
  gc::Session session(g, options());
  session.run(g.global_variables_initializer());
  for (const std::int32_t steps : {4, 0, 1, 2}) {
    const auto d = session.run({{n, number(steps)}, {x, vector({1, 2})}}, {second[0], second[1]});
    const auto count = static_cast<float>(steps);
    const float mixed = count * std::pow(.5f, count - 1);
    EXPECT_THAT(d[0].values<float>(), ElementsAre(mixed, mixed)) << steps;
    const float twice = count * (count - 1) * std::pow(.5f, count - 2);
    EXPECT_THAT(d[1].values<float>(), ElementsAre(twice, 2 * twice)) << steps;
  }
}

TEST_P(ControlFlow, GradientsTakeTheBranchThatWasTaken) {
  const auto p = g.placeholder(gc::bool_, {}, "p");
  const auto y = gc::cond(p, [&] { return x * x; }, [&] { return x * 3.f; });
  const auto dx = gc::gradients({gc::reduce_sum(y)}, {x})[0];
  const auto dx2 = gc::gradients({gc::reduce_sum(dx)}, {x})[0];
  gc::Session session(g, options());
  const auto run = [&](bool pred, const gc::Output &what) {
    return session.run({{p, gc::Tensor(pred)}, {x, vector({1, 2})}}, {what})[0];
  };
  EXPECT_THAT(run(true, dx).values<float>(), ElementsAre(2, 4));
  EXPECT_THAT(run(false, dx).values<float>(), ElementsAre(3, 3));
  EXPECT_THAT(run(true, dx2).values<float>(), ElementsAre(2, 2));
  EXPECT_THAT(run(false, dx2).values<float>(), ElementsAre(0, 0));
}

TEST_P(ControlFlow, RandomNumbersDifferByIterationAndNotInTheGradient) {
  const auto out = upTo(n,
                        [&](const Outputs &v) {
                          const auto drawn = gc::random_uniform(g, {2});
                          return Outputs{v[0] + 1, v[1] * drawn, drawn};
                        },
                        {0, x, gc::zeros(g, {2})});
  const auto dx = gc::gradients({gc::reduce_sum(out[1])}, {x})[0];
  gc::Session session(g, options());
  const auto run = [&](std::int32_t steps) {
    return session.run({{n, number(steps)}, {x, vector({1, 1})}}, {out[1], dx, out[2]});
  };
  const auto first = run(3);
  // x is ones, so that the products and their gradients are the same numbers.
  EXPECT_THAT(first[0].values<float>(), Pointwise(FloatNear(1e-6f), first[1].values<float>()));
  EXPECT_GT(first[0].data<float>()[0], 0);
  const float last = first[2].data<float>()[0];
  EXPECT_GT(std::abs(first[0].data<float>()[0] - last * last * last), 1e-6f);
  // Another run draws others; a session of the same seed draws the same.
  EXPECT_NE(run(3)[0].data<float>()[0], first[0].data<float>()[0]);
  gc::Session again(g, options());
  EXPECT_EQ(
      again.run({{n, number(3)}, {x, vector({1, 1})}}, {out[1], dx, out[2]})[0].data<float>()[0],
      first[0].data<float>()[0]);
}

// A loop of TensorFlow's dynamic_rnn: rows read and written at the counter. With a number of steps
// that is fed it is a loop, with a constant one a recurrence.
TEST_P(ControlFlow, RowsAreReadAndWritten) {
  const auto xs = g.placeholder(gc::float32, {4, 2, 3}, "xs");
  const auto w = g.placeholder(gc::float32, {3, 3}, "w");
  const auto rnn = [&](const gc::Output &steps) {
    return upTo(steps,
                [&](const Outputs &v) {
                  const auto h = gc::tanh(gc::matmul(v[2], w) + gc::gather(xs, v[0]));
                  return Outputs{v[0] + 1, gc::update_row(v[1], v[0], h), h};
                },
                {0, gc::zeros(g, {4, 2, 3}), gc::zeros(g, {2, 3})});
  };
  const Outputs loop = rnn(n), scan = rnn(g.constant(number(4)));
  Outputs fetches;
  for (const Outputs &form : {loop, scan}) {
    const auto loss = gc::reduce_sum(gc::square(form[1])) + gc::reduce_sum(form[2]);
    const auto gradients = gc::gradients({loss}, {xs, w});
    fetches.insert(fetches.end(), {form[1], gradients[0], gradients[1]});
  }
  std::vector<float> a(24), b(9);
  for (std::size_t i = 0; i < a.size(); ++i)
    a[i] = .1f * static_cast<float>(i % 7) - .3f;
  for (std::size_t i = 0; i < b.size(); ++i)
    b[i] = .2f * static_cast<float>(i % 4) - .3f;
  gc::Session session(g, options());
  const auto out =
      session.run({{n, number(4)},
                   {xs, gc::Tensor::of<float>({4, 2, 3}, a)},
                   {w, gc::Tensor::of<float>({3, 3}, b)}},
                  {fetches[0], fetches[1], fetches[2], fetches[3], fetches[4], fetches[5]});
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_THAT(out[i].values<float>(), Pointwise(FloatNear(1e-5f), out[i + 3].values<float>()));
  EXPECT_NE(out[0].data<float>()[23], 0);
  EXPECT_NE(out[2].data<float>()[0], 0);
}

TEST_P(ControlFlow, SayWhatIsWrongInsideAndLeaveVariablesAlone) {
  const auto v = g.get_variable("v", gc::Shape{2}, {.initializer = gc::initializers::ones()});
  const auto out =
      upTo(n, [&](const Outputs &u) { return Outputs{u[0] + 1, gc::update_row(u[1], u[0], 5.f)}; },
           {0, v});
  const auto assigned = v.assign(out[1]);
  gc::Session session(g, options());
  session.run(g.global_variables_initializer());
  try {
    session.run({{n, number(3)}}, {assigned});
    FAIL() << "row 2 was written";
  } catch (const gc::Error &error) {
    EXPECT_EQ(error.message(), "update_row expects an index in [0,2), got 2");
    EXPECT_EQ(error.op_name(), "while/UpdateRow");
  }
  EXPECT_THAT(session.variable("v").values<float>(), ElementsAre(1, 1));
  session.run({{n, number(2)}}, {assigned});
  EXPECT_THAT(session.variable("v").values<float>(), ElementsAre(5, 5));
}

TEST_P(ControlFlow, ALoopVariableThatChangesItsShapeIsAnErrorOnceItIsFed) {
  const auto y = g.placeholder(gc::float32, {gc::none}, "y");
  const auto out = upTo(n, [&](const Outputs &v) { return Outputs{v[0] + 1, y * 2.f}; }, {0, x});
  gc::Session session(g, options());
  try {
    session.run({{n, number(1)}, {x, vector({1})}, {y, vector({1, 2})}}, {out[1]});
    FAIL() << "no error";
  } catch (const gc::Error &error) {
    EXPECT_EQ(error.message(), "loop variable 1 of 'while' is float32[1] before an iteration and "
                               "float32[2] after it, expected to keep its shape");
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, ControlFlow,
                         testing::Values(gc::Backend::compiled, gc::Backend::reference),
                         [](const auto &info) {
                           return info.param == gc::Backend::compiled ? "compiled" : "reference";
                         });

TEST(ControlFlowThreads, EightThreadsLoopInOneSession) {
  gc::Graph g;
  const auto n = g.placeholder(gc::int32, {}, "n");
  const auto x = g.placeholder(gc::float32, {gc::none}, "x");
  const auto out =
      gc::while_loop([&](const Outputs &v) { return gc::less(v[0], n); },
                     [](const Outputs &v) { return Outputs{v[0] + 1, v[1] * 2.f}; }, {0, x});
  const auto dx = gc::gradients({gc::reduce_sum(out[1])}, {x})[0];
  gc::Session session(g, {.intra_op_parallelism_threads = 1});
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::int32_t t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      const float expected = std::pow(2.f, static_cast<float>(t));
      for (int i = 0; i < 20; ++i) {
        const auto result = session.run({{n, number(t)}, {x, vector({1, 3})}}, {out[1], dx});
        wrong +=
            result[0].data<float>()[1] != 3 * expected || result[1].data<float>()[0] != expected;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

} // namespace
