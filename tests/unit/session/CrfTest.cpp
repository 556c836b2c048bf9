// Conditional random fields against enumeration of all sequences of tags.
#include <algorithm>
#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <graphc/graphc.h>

#include "tests/unit/ErrorTesting.h"

namespace gc = graphc;
using testing::HasSubstr;

namespace {

constexpr std::int64_t kBatch = 5, kSteps = 4, kTags = 3;

gc::Tensor drawn(const gc::Shape &shape, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 1.5);
  gc::Tensor tensor(gc::float64, shape);
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<double>()[i] = normal(random);
  return tensor;
}

/// Scores of a batch with a sequence of every length, from none to all steps.
struct Batch {
  gc::Tensor scores = drawn({kBatch, kSteps, kTags}, 1);
  gc::Tensor transitions = drawn({kTags, kTags}, 2);
  gc::Tensor lengths = gc::Tensor::of<std::int32_t>({kBatch}, {4, 2, 1, 0, 3});
  gc::Tensor tags = gc::Tensor::of<std::int32_t>(
      {kBatch, kSteps}, {0, 2, 1, 1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 1});

  std::int32_t length(std::int64_t b) const { return lengths.data<std::int32_t>()[b]; }
  double score(std::int64_t b, const std::vector<std::int32_t> &path) const {
    double total = 0;
    for (std::size_t t = 0; t < path.size(); ++t) {
      total += scores.data<double>()[(b * kSteps + static_cast<std::int64_t>(t)) * kTags + path[t]];
      if (t > 0)
        total += transitions.data<double>()[path[t - 1] * kTags + path[t]];
    }
    return total;
  }
  std::vector<std::int32_t> given(std::int64_t b) const {
    const std::int32_t *row = tags.data<std::int32_t>() + b * kSteps;
    return {row, row + length(b)};
  }
};

/// What enumeration finds for sequence `b`.
struct Enumerated {
  double log_norm = 0, best_score = 0;
  std::vector<std::int32_t> best;

  Enumerated(const Batch &batch, std::int64_t b) {
    if (batch.length(b) == 0)
      return;
    std::vector<std::int32_t> path(static_cast<std::size_t>(batch.length(b)), 0);
    best_score = -INFINITY;
    double sum = 0;
    for (bool more = true; more;) {
      const double score = batch.score(b, path);
      sum += std::exp(score);
      if (score > best_score) {
        best_score = score;
        best = path;
      }
      more = false;
      for (std::int32_t &tag : path) {
        if (++tag < kTags) {
          more = true;
          break;
        }
        tag = 0;
      }
    }
    log_norm = std::log(sum);
  }
};

struct Field {
  gc::Graph g;
  gc::Output scores = g.placeholder(gc::float64, {gc::none, kSteps, kTags}, "scores");
  gc::Output transitions = g.placeholder(gc::float64, {kTags, kTags}, "transitions");
  gc::Output lengths = g.placeholder(gc::int32, {gc::none}, "lengths");
  gc::Output tags = g.placeholder(gc::int32, {gc::none, kSteps}, "tags");

  std::vector<gc::Feed> feeds(const Batch &b) const {
    return {{scores, b.scores}, {transitions, b.transitions}, {lengths, b.lengths}, {tags, b.tags}};
  }
};

class Crf : public testing::TestWithParam<gc::SessionOptions> {};

TEST_P(Crf, LogLikelihoodIsWhatEnumerationGives) {
  const Batch batch;
  Field f;
  auto result = gc::crf::log_likelihood(f.scores, f.tags, f.lengths, f.transitions);
  EXPECT_EQ(result.transition_params, f.transitions);
  auto norm = gc::crf::log_norm(f.scores, f.lengths, f.transitions);
  auto score = gc::crf::sequence_score(f.scores, f.tags, f.lengths, f.transitions);
  gc::Session session(f.g, GetParam());
  const auto out = session.run(f.feeds(batch), {result.log_likelihood, norm, score});
  for (std::int64_t b = 0; b < kBatch; ++b) {
    const double wanted = Enumerated(batch, b).log_norm, given = batch.score(b, batch.given(b));
    EXPECT_NEAR(out[1].data<double>()[b], wanted, 1e-9) << b;
    EXPECT_NEAR(out[2].data<double>()[b], given, 1e-9) << b;
    EXPECT_NEAR(out[0].data<double>()[b], given - wanted, 1e-9) << b;
  }
}

TEST_P(Crf, DecodingFindsTheBestOfAll) {
  const Batch batch;
  Field f;
  auto [tags, best] = gc::crf::decode(f.scores, f.transitions, f.lengths);
  gc::Session session(f.g, GetParam());
  const auto out = session.run(f.feeds(batch), {tags, best});
  ASSERT_EQ(out[0].shape(), (gc::Shape{kBatch, kSteps}));
  for (std::int64_t b = 0; b < kBatch; ++b) {
    const Enumerated wanted(batch, b);
    std::vector<std::int32_t> padded = wanted.best;
    padded.resize(kSteps, 0);
    const std::int32_t *row = out[0].data<std::int32_t>() + b * kSteps;
    EXPECT_EQ(std::vector<std::int32_t>(row, row + kSteps), padded) << b;
    EXPECT_NEAR(out[1].data<double>()[b], wanted.best_score, 1e-9) << b;
  }
}

/// The first `rows` rows of a tensor.
gc::Tensor firstRows(const gc::Tensor &whole, std::int64_t rows) {
  std::vector<std::int64_t> extents = whole.shape().extents();
  const std::int64_t count = whole.num_elements() / extents[0] * rows;
  extents[0] = rows;
  gc::Tensor part(whole.dtype(), gc::Shape(extents));
  if (whole.dtype() == gc::float64)
    std::copy_n(whole.data<double>(), count, part.data<double>());
  else
    std::copy_n(whole.data<std::int32_t>(), count, part.data<std::int32_t>());
  return part;
}

// Extents that are equal must not be taken for each other.
TEST_P(Crf, AnyBatchSize) {
  const Batch batch;
  Field f;
  auto [tags, best] = gc::crf::decode(f.scores, f.transitions, f.lengths);
  auto result = gc::crf::log_likelihood(f.scores, f.tags, f.lengths, f.transitions);
  auto slope = gc::gradients({result.log_likelihood}, {f.scores})[0];
  gc::Session session(f.g, GetParam());
  for (std::int64_t rows : {std::int64_t{1}, kTags, kSteps}) {
    SCOPED_TRACE(rows);
    const auto out = session.run({{f.scores, firstRows(batch.scores, rows)},
                                  {f.transitions, batch.transitions},
                                  {f.lengths, firstRows(batch.lengths, rows)},
                                  {f.tags, firstRows(batch.tags, rows)}},
                                 {tags, result.log_likelihood, slope});
    for (std::int64_t b = 0; b < rows; ++b) {
      const Enumerated wanted(batch, b);
      EXPECT_NEAR(out[1].data<double>()[b], batch.score(b, batch.given(b)) - wanted.log_norm, 1e-9);
      for (std::size_t t = 0; t < wanted.best.size(); ++t)
        EXPECT_EQ(out[0].data<std::int32_t>()[b * kSteps + static_cast<std::int64_t>(t)],
                  wanted.best[t]);
      // At each step of a sequence, probabilities less the one that was given: they cancel.
      for (std::int64_t t = 0; t < kSteps; ++t) {
        const double *at = out[2].data<double>() + (b * kSteps + t) * kTags;
        EXPECT_NEAR(at[0] + at[1] + at[2], 0, 1e-9);
      }
    }
  }
}

TEST_P(Crf, GradientsAreFiniteDifferences) {
  Batch batch;
  Field f;
  auto result = gc::crf::log_likelihood(f.scores, f.tags, f.lengths, f.transitions);
  auto total = gc::reduce_sum(gc::square(result.log_likelihood)); // each sequence by a weight
  auto gradients = gc::gradients({total}, {f.scores, f.transitions});
  gc::Session session(f.g, GetParam());
  const auto exact = session.run(f.feeds(batch), {gradients[0], gradients[1]});
  const double step = 1e-5;
  gc::Tensor *operands[] = {&batch.scores, &batch.transitions};
  for (std::size_t k = 0; k < 2; ++k) {
    const gc::Tensor before = *operands[k];
    for (std::int64_t i = 0; i < before.num_elements(); ++i) {
      double at[2];
      for (int side = 0; side < 2; ++side) {
        *operands[k] = gc::Tensor::of<double>(
            before.shape(),
            std::vector<double>(before.values<double>().begin(), before.values<double>().end()));
        operands[k]->data<double>()[i] += side == 0 ? -step : step;
        at[side] = session.run(f.feeds(batch), total)[0].scalar<double>();
      }
      EXPECT_NEAR(exact[k].data<double>()[i], (at[1] - at[0]) / (2 * step), 1e-5)
          << "operand " << k << ", element " << i;
    }
    *operands[k] = before;
  }
}

// Forbidden transitions are scored so low that their exponentials vanish.
TEST_P(Crf, ForbiddenTransitionsAreNotTaken) {
  Batch batch;
  for (std::int64_t tag = 0; tag < kTags; ++tag)
    batch.transitions.data<double>()[tag * kTags + 1] = -1e4;
  Field f;
  auto [tags, best] = gc::crf::decode(f.scores, f.transitions, f.lengths);
  auto norm = gc::crf::log_norm(f.scores, f.lengths, f.transitions);
  auto slope = gc::gradients({norm}, {f.transitions})[0];
  gc::Session session(f.g, GetParam());
  const auto out = session.run(f.feeds(batch), {tags, norm, slope});
  for (std::int64_t b = 0; b < kBatch; ++b) {
    for (std::int64_t t = 1; t < kSteps; ++t)
      EXPECT_NE(out[0].data<std::int32_t>()[b * kSteps + t], 1);
    EXPECT_NEAR(out[1].data<double>()[b], Enumerated(batch, b).log_norm, 1e-9);
  }
  for (double derivative : out[2].values<double>())
    EXPECT_TRUE(std::isfinite(derivative));
}

// One step has no transitions; a length beyond the steps is all of them.
TEST_P(Crf, SequencesOfOneStep) {
  gc::Graph g;
  auto scores = g.constant(gc::Tensor::of<float>({2, 1, 3}, {1, 5, 2, 0, 0, 4}));
  auto lengths = g.constant(gc::Tensor::of<std::int32_t>({2}, {1, 7}));
  auto tags = g.constant(gc::Tensor::of<std::int32_t>({2, 1}, {1, 0}));
  auto transitions = gc::zeros(g, {3, 3});
  auto decoded = gc::crf::decode(scores, transitions, lengths);
  auto score = gc::crf::sequence_score(scores, tags, lengths, transitions);
  gc::Session session(g, GetParam());
  const auto out = session.run({decoded.tags, decoded.best_score, score});
  EXPECT_THAT(out[0].values<std::int32_t>(), testing::ElementsAre(1, 2));
  EXPECT_THAT(out[1].values<float>(), testing::ElementsAre(5, 4));
  EXPECT_THAT(out[2].values<float>(), testing::ElementsAre(5, 0));
}

TEST_P(Crf, TrainsItsOwnTransitions) {
  gc::Graph g;
  auto scores = gc::zeros(g, {1, 6, 2});
  auto tags = g.constant(gc::Tensor::of<std::int32_t>({1, 6}, {0, 1, 0, 1, 0, 1}));
  auto lengths = g.constant(gc::Tensor::of<std::int32_t>({1}, {6}));
  auto [likelihood, transitions] = gc::crf::log_likelihood(scores, tags, lengths);
  auto decoded = gc::crf::decode(scores, transitions, lengths);
  auto train = gc::train::GradientDescentOptimizer(0.5f).minimize(-gc::reduce_sum(likelihood));
  gc::Session session(g, GetParam());
  session.run(g.global_variables_initializer());
  EXPECT_EQ(session.variable("transitions").shape(), (gc::Shape{2, 2}));
  for (int step = 0; step < 20; ++step)
    session.run(train);
  EXPECT_GT(session.run(gc::reduce_sum(likelihood))[0].scalar<float>(), -1.5f);
  EXPECT_THAT(session.run(decoded.tags)[0].values<std::int32_t>(),
              testing::AnyOf(testing::ElementsAre(0, 1, 0, 1, 0, 1),
                             testing::ElementsAre(1, 0, 1, 0, 1, 0)));
}

// The number of steps is known when it is fed: all of them, fewer, one.
TEST_P(Crf, AnyNumberOfSteps) {
  const Batch batch;
  gc::Graph g;
  auto scores = g.placeholder(gc::float64, {gc::none, gc::none, kTags}, "scores");
  auto transitions = g.placeholder(gc::float64, {kTags, kTags}, "transitions");
  auto lengths = g.placeholder(gc::int32, {gc::none}, "lengths");
  auto tags = g.placeholder(gc::int32, {gc::none, gc::none}, "tags");
  auto result = gc::crf::log_likelihood(scores, tags, lengths, transitions);
  auto decoded = gc::crf::decode(scores, transitions, lengths);
  auto slope = gc::gradients({result.log_likelihood}, {scores})[0];
  gc::Session session(g, GetParam());
  for (std::int64_t steps : {kSteps, std::int64_t{2}, std::int64_t{1}}) {
    SCOPED_TRACE(steps);
    gc::Tensor fedScores(gc::float64, {kBatch, steps, kTags}), fedTags(gc::int32, {kBatch, steps});
    gc::Tensor fedLengths(gc::int32, {kBatch});
    for (std::int64_t b = 0; b < kBatch; ++b) {
      std::copy_n(batch.scores.data<double>() + b * kSteps * kTags, steps * kTags,
                  fedScores.data<double>() + b * steps * kTags);
      std::copy_n(batch.tags.data<std::int32_t>() + b * kSteps, steps,
                  fedTags.data<std::int32_t>() + b * steps);
      fedLengths.data<std::int32_t>()[b] =
          static_cast<std::int32_t>(std::min<std::int64_t>(batch.length(b), steps));
    }
    Batch cut = batch;
    cut.lengths = fedLengths;
    const auto out = session.run({{scores, fedScores},
                                  {transitions, batch.transitions},
                                  {lengths, fedLengths},
                                  {tags, fedTags}},
                                 {result.log_likelihood, decoded.tags, decoded.best_score, slope});
    ASSERT_EQ(out[1].shape(), (gc::Shape{kBatch, steps}));
    ASSERT_EQ(out[3].shape(), (gc::Shape{kBatch, steps, kTags}));
    for (std::int64_t b = 0; b < kBatch; ++b) {
      const Enumerated wanted(cut, b);
      EXPECT_NEAR(out[0].data<double>()[b], cut.score(b, cut.given(b)) - wanted.log_norm, 1e-9);
      EXPECT_NEAR(out[2].data<double>()[b], wanted.best_score, 1e-9);
      for (std::size_t t = 0; t < wanted.best.size(); ++t)
        EXPECT_EQ(out[1].data<std::int32_t>()[b * steps + static_cast<std::int64_t>(t)],
                  wanted.best[t]);
    }
    for (double derivative : out[3].values<double>())
      EXPECT_TRUE(std::isfinite(derivative));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Forms, Crf,
    testing::Values(gc::SessionOptions{.recurrence = gc::RecurrenceForm::kernel},
                    gc::SessionOptions{.recurrence = gc::RecurrenceForm::unroll},
                    gc::SessionOptions{.backend = gc::Backend::reference}),
    [](const auto &info) {
      return info.param.backend == gc::Backend::reference          ? "reference"
             : info.param.recurrence == gc::RecurrenceForm::kernel ? "kernel"
                                                                   : "unroll";
    });

std::string messageOf(const std::function<void()> &build) {
  return gc::test::errorFrom(build).message();
}

TEST(CrfErrors, SayWhatWasExpected) {
  Field f;
  auto &g = f.g;
  auto integers = g.placeholder(gc::int32, {2, 4, 3});
  auto matrix = g.placeholder(gc::float64, {gc::none, 3});
  auto three = g.placeholder(gc::int32, {3});
  auto fixed = g.placeholder(gc::float64, {2, 4, 3});
  auto wide = g.placeholder(gc::float64, {4, 4});
  EXPECT_EQ(messageOf([&] { gc::crf::log_norm(integers, f.lengths, f.transitions); }),
            "expected scores of float32 or float64, got int32");
  EXPECT_EQ(messageOf([&] { gc::crf::log_likelihood(matrix, f.tags, f.lengths); }),
            "expected scores [batch, steps, tags] of one step or more and known tags, got [?,3]");
  EXPECT_EQ(messageOf([&] { gc::crf::decode(matrix, f.transitions, f.lengths); }),
            "expected scores [batch, steps, tags] of one step or more and known tags, got [?,3]");
  EXPECT_EQ(messageOf([&] { gc::crf::decode(fixed, f.transitions, three); }),
            "expected a length for each sequence of [2,4,3], got [3]");
  EXPECT_EQ(messageOf([&] { gc::crf::decode(fixed, wide, f.lengths); }),
            "expected transition_params float64[3,3], got float64[4,4]");
  EXPECT_EQ(messageOf([&] { gc::crf::sequence_score(fixed, three, f.lengths, f.transitions); }),
            "expected tag_indices [batch, steps] of [2,4,3], got [3]");
  EXPECT_EQ(messageOf([&] { gc::crf::log_norm(fixed, {}, f.transitions); }),
            "an operand is empty: expected a tensor");
}

} // namespace
