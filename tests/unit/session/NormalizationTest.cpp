// Normalizations that are found in their small ops compute what the small ops do, gradients and
// moving averages included.
#include <cmath>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;

namespace {

struct Program {
  gc::Graph g;
  gc::Output x;
  std::vector<gc::Output> fetches;
};

struct Ran {
  std::vector<gc::Tensor> values;
  std::string steps; ///< of the plan
};

gc::Tensor numbers(const gc::Shape &shape) {
  gc::Tensor tensor(gc::float32, shape);
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<float>()[i] = static_cast<float>(i * i % 101) / 25.f - 1;
  return tensor;
}

Ran runWith(Program &program, gc::SessionOptions options) {
  options.log_device_placement = true;
  gc::Session session(program.g, options);
  session.run(program.g.global_variables_initializer());
  // Not the ones and zeros that they begin with.
  for (const gc::Variable &variable : program.g.trainable_variables()) {
    const std::string name = variable.name().substr(0, variable.name().find(':'));
    gc::Tensor value = session.variable(name);
    for (std::int64_t i = 0; i < value.num_elements(); ++i)
      value.data<float>()[i] += static_cast<float>(i % 7) / 7.f - .3f;
    session.set_variable(name, value);
  }
  std::vector<gc::Fetches::Fetch> fetches(program.fetches.begin(), program.fetches.end());
  testing::internal::CaptureStderr();
  Ran result;
  result.values =
      session.run({{program.x, numbers(program.x.shape())}}, gc::Fetches(std::move(fetches)));
  result.steps = testing::internal::GetCapturedStderr();
  return result;
}

/// Steps that oneDNN runs.
int primitives(const Ran &run) {
  int count = 0;
  const std::string mark = ": oneDNN ";
  for (std::size_t at = run.steps.find(mark); at != std::string::npos;
       at = run.steps.find(mark, at + 1))
    ++count;
  return count;
}

const gc::SessionOptions kSmallOps{.disabled_passes = {"graph-fuse-normalization"}};

/// y of x and a loss of it that no element is left out of, then the gradients by x and all weights.
void train(Program &program, const gc::Shape &shape,
           const std::function<gc::Output(const gc::Output &)> &normalized) {
  program.x = program.g.placeholder(gc::float32, shape, "x");
  const gc::Output y = normalized(program.x);
  // A product, which takes in nothing of what its operands are.
  const std::vector<std::int64_t> row{1, -1}, column{-1, 1};
  const gc::Output loss =
      gc::reduce_sum(gc::matmul(gc::reshape(y, row), gc::reshape(gc::sin(program.x), column)));
  program.fetches = {y, loss};
  std::vector<gc::Output> xs{program.x};
  for (const gc::Variable &variable : program.g.trainable_variables())
    xs.push_back(variable.value());
  for (const gc::Output &gradient : gc::gradients({loss}, xs))
    program.fetches.push_back(gradient);
}

void expectSame(const Program &program, const Ran &got, const Ran &want) {
  ASSERT_EQ(got.values.size(), want.values.size());
  for (std::size_t i = 0; i < want.values.size(); ++i) {
    SCOPED_TRACE(program.fetches[i].name());
    ASSERT_EQ(got.values[i].shape(), want.values[i].shape());
    float largest = 1;
    for (float value : want.values[i].values<float>())
      largest = std::max(largest, std::abs(value));
    for (std::int64_t j = 0; j < want.values[i].num_elements(); ++j)
      ASSERT_NEAR(got.values[i].data<float>()[j], want.values[i].data<float>()[j], 2e-5 * largest)
          << j;
  }
}

/// Two primitives, forwards and backwards, against the small ops.
void expectSameFused(Program &program) {
  const Ran fused = runWith(program, {}), small = runWith(program, kSmallOps);
  EXPECT_EQ(primitives(fused), primitives(small) + 2) << fused.steps << "---\n" << small.steps;
  expectSame(program, fused, small);
}

void expectFusedLayers(const gc::Shape &shape, const gc::layers::LayerNormOptions &options) {
  Program program;
  train(program, shape, [&](const gc::Output &x) { return gc::layers::layer_norm(x, options); });
  expectSameFused(program);
}

TEST(LayerNormalization, IsThePrimitive) {
  expectFusedLayers({40, 32}, {});
  expectFusedLayers({6, 5, 48}, {.begin_norm_axis = -1});
  expectFusedLayers({40, 32}, {.center = false, .scale = false, .epsilon = .1});
}

// As by default: over all axes but the first, weights along the last.
TEST(LayerNormalization, OfWholeSamplesIsThePrimitive) { expectFusedLayers({6, 4, 24}, {}); }

TEST(LayerNormalization, OfChannelsThatFillNoCacheLinesStaysInItsLoops) {
  Program program;
  train(program, {40, 24}, [&](const gc::Output &x) { return gc::layers::layer_norm(x); });
  EXPECT_EQ(runWith(program, {}).steps, runWith(program, kSmallOps).steps);
}

TEST(LayerNormalization, DifferentiatedTwiceStopsWhereTensorFlowStops) {
  Program program;
  program.x = program.g.placeholder(gc::float32, {5, 8}, "x");
  const gc::Output y = gc::layers::layer_norm(program.x, {.epsilon = .1});
  const gc::Output dx = gc::gradients({gc::reduce_sum(gc::square(y) * y)}, {program.x})[0];
  const gc::Output second = gc::gradients({gc::reduce_sum(gc::square(dx))}, {program.x})[0];
  program.fetches = {y, dx, second};
  const Ran run = runWith(program, {}), small = runWith(program, kSmallOps);
  EXPECT_EQ(run.steps, small.steps);
  expectSame(program, run, small);
}

TEST(BatchNormalization, InTrainingIsThePrimitive) {
  Program program;
  train(program, {64, 64, 32}, [](const gc::Output &x) {
    return gc::layers::batch_normalization(x, {.training = true, .name = "bn"});
  });
  const std::vector<gc::Operation> updates = program.g.update_ops();
  expectSameFused(program);
  // The moving averages take the moments that the primitive gives.
  std::vector<gc::Tensor> averages;
  for (const bool fused : {true, false}) {
    gc::SessionOptions options;
    if (!fused)
      options = kSmallOps;
    gc::Session session(program.g, options);
    session.run(program.g.global_variables_initializer());
    std::vector<gc::Fetches::Fetch> fetches{program.fetches[1], program.fetches[2]};
    fetches.insert(fetches.end(), updates.begin(), updates.end());
    session.run({{program.x, numbers(program.x.shape())}}, gc::Fetches(std::move(fetches)));
    averages.push_back(session.variable("bn/moving_mean"));
    averages.push_back(session.variable("bn/moving_variance"));
  }
  for (int moment : {0, 1})
    for (std::int64_t i = 0; i < 32; ++i) {
      EXPECT_NE(averages[moment].data<float>()[i], moment) << "the update did not run";
      EXPECT_NEAR(averages[moment].data<float>()[i], averages[moment + 2].data<float>()[i], 1e-6);
    }
}

TEST(BatchNormalization, OfFewElementsStaysInItsLoops) {
  Program program;
  train(program, {16, 8},
        [](const gc::Output &x) { return gc::layers::batch_normalization(x, {.training = true}); });
  EXPECT_EQ(runWith(program, {}).steps, runWith(program, kSmallOps).steps);
}

TEST(BatchNormalization, StaysInTheLoopOfWhatFollows) {
  Program program;
  train(program, {64, 64, 32}, [](const gc::Output &x) {
    return gc::relu(gc::layers::batch_normalization(x, {.training = true}));
  });
  EXPECT_EQ(runWith(program, {}).steps, runWith(program, kSmallOps).steps);
}

} // namespace
