// Losses and metrics, with figures worked out by hand.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

namespace {

gc::Tensor matrix(std::int64_t rows, std::int64_t columns, const std::vector<float> &values) {
  return gc::Tensor::of<float>({rows, columns}, values);
}
gc::Tensor vector(const std::vector<float> &values) {
  return gc::Tensor::of<float>({static_cast<std::int64_t>(values.size())}, values);
}

class OnBothBackends : public testing::TestWithParam<gc::Backend> {
protected:
  float scalar(const gc::Output &x) {
    gc::Session session(g, {.seed = 7, .backend = GetParam()});
    return session.run(x)[0].scalar<float>();
  }
  std::vector<float> values(const gc::Output &x) {
    gc::Session session(g, {.seed = 7, .backend = GetParam()});
    const gc::Tensor tensor = session.run(x)[0];
    return {tensor.values<float>().begin(), tensor.values<float>().end()};
  }
  gc::Graph g;
};

class Losses : public OnBothBackends {
protected:
  gc::Output labels = g.constant(matrix(2, 3, {1, 0, 2, -1, 3, 0}));
  gc::Output predictions = g.constant(matrix(2, 3, {1, 2, 0, -2, 3, 4}));
  // differences 0, 2, -2, -1, 0, 4
};

TEST_P(Losses, OfDifferences) {
  EXPECT_FLOAT_EQ(scalar(gc::losses::mean_squared_error(labels, predictions)), 25.f / 6);
  EXPECT_FLOAT_EQ(scalar(gc::losses::absolute_difference(labels, predictions)), 9.f / 6);
  // 0, 1.5, 1.5, 0.5, 0, 3.5
  EXPECT_FLOAT_EQ(scalar(gc::losses::huber_loss(labels, predictions)), 7.f / 6);
  // 0, 2, 2, 0.5, 0, 3 * 4 - 4.5
  EXPECT_FLOAT_EQ(scalar(gc::losses::huber_loss(labels, predictions, {.delta = 3})), 12.f / 6);
}

TEST_P(Losses, WeightsAndReductions) {
  using gc::losses::Reduction;
  const gc::Output rows = g.constant(matrix(2, 1, {2, 0}));
  const auto error = [&](const gc::Input &weights, Reduction reduction) {
    return gc::losses::mean_squared_error(labels, predictions,
                                          {.weights = weights, .reduction = reduction});
  };
  EXPECT_THAT(values(error(rows, Reduction::none)), ElementsAre(0, 8, 8, 0, 0, 0));
  EXPECT_FLOAT_EQ(scalar(error(rows, Reduction::sum)), 16);
  EXPECT_FLOAT_EQ(scalar(error(rows, Reduction::sum_over_batch_size)), 16.f / 6);
  EXPECT_FLOAT_EQ(scalar(error(rows, Reduction::mean)), 16.f / 6);
  EXPECT_FLOAT_EQ(scalar(error(rows, Reduction::sum_by_nonzero_weights)), 16.f / 3);
  EXPECT_FLOAT_EQ(scalar(error(3.0, Reduction::sum_by_nonzero_weights)), 75.f / 6);
  EXPECT_FLOAT_EQ(scalar(error(3, Reduction::mean)), 25.f / 6);
  EXPECT_FLOAT_EQ(scalar(error(0.0, Reduction::sum_by_nonzero_weights)), 0) << "not NaN";
  EXPECT_FLOAT_EQ(scalar(error(0.0, Reduction::mean)), 0) << "not NaN";
}

TEST_P(Losses, OfProbabilitiesAndMargins) {
  const auto yes = g.constant(vector({1, 0})), p = g.constant(vector({0.8f, 0.4f}));
  EXPECT_NEAR(scalar(gc::losses::log_loss(yes, p)), -(std::log(.8) + std::log(.6)) / 2, 1e-5);
  const auto logits = g.constant(vector({0.25f, 2.f}));
  EXPECT_FLOAT_EQ(scalar(gc::losses::hinge_loss(yes, logits)), (0.75f + 3.f) / 2);
}

TEST_P(Losses, OfClasses) {
  const auto logits = g.constant(matrix(2, 3, {1, 2, 3, 0, 0, 0}));
  const double first = std::log(std::exp(-2.) + std::exp(-1.) + 1), second = std::log(3.);
  const auto one_hot = g.constant(matrix(2, 3, {0, 0, 1, 1, 0, 0}));
  const auto classes = g.constant(gc::Tensor::of<std::int32_t>({2}, {2, 0}));
  EXPECT_NEAR(scalar(gc::losses::softmax_cross_entropy(one_hot, logits)), (first + second) / 2,
              1e-6);
  EXPECT_NEAR(scalar(gc::losses::sparse_softmax_cross_entropy(classes, logits)),
              (first + second) / 2, 1e-6);
  // A tenth of the label is spread: the other two logits are 2 and 1 away from the right one.
  EXPECT_NEAR(scalar(gc::losses::softmax_cross_entropy(one_hot, logits, {.label_smoothing = 0.1})),
              (first + 0.1 / 3 * 3 + second) / 2, 1e-6);
  const auto z = g.constant(vector({1, 0})), x = g.constant(vector({2, -1}));
  const double both = std::log1p(std::exp(-2.)) + std::log1p(std::exp(-1.));
  EXPECT_NEAR(scalar(gc::losses::sigmoid_cross_entropy(z, x)), both / 2, 1e-6);
  EXPECT_NEAR(scalar(gc::losses::sigmoid_cross_entropy(z, x, {.label_smoothing = 0.2})),
              (both + 0.1 * 2 + 0.1 * 1) / 2, 1e-6);
}

TEST_P(Losses, AddUp) {
  gc::losses::mean_squared_error(labels, predictions);
  gc::losses::mean_squared_error(labels, predictions, {.reduction = gc::losses::Reduction::none});
  gc::losses::add_loss(gc::constant(g, 1.5f));
  EXPECT_EQ(gc::losses::get_losses(g).size(), 2u);
  EXPECT_FLOAT_EQ(scalar(gc::losses::get_total_loss(g)), 25.f / 6 + 1.5f);
}

TEST_P(Losses, HaveGradientsWithoutWeightToo) {
  auto x = g.constant(matrix(2, 3, {1, 2, 0, -2, 3, 4}));
  auto loss = gc::losses::mean_squared_error(labels, x, {.weights = matrix(2, 1, {0, 0})});
  EXPECT_THAT(values(gc::gradients({loss}, {x})[0]), ElementsAre(0, 0, 0, 0, 0, 0));
  auto some = gc::losses::absolute_difference(labels, x, {.weights = matrix(2, 1, {1, 0})});
  const float third = 1.f / 3;
  EXPECT_THAT(values(gc::gradients({some}, {x})[0]),
              Pointwise(FloatNear(1e-6f), {0.f, third, -third, 0.f, 0.f, 0.f}));
}

class Metrics : public OnBothBackends {
protected:
  /// Values before and updates after each of two batches.
  struct Course {
    std::vector<float> values, updates;
  };
  Course course(const gc::metrics::Metric &metric, const std::vector<std::vector<gc::Feed>> &runs) {
    Course seen;
    gc::Session session(g, {.backend = GetParam()});
    session.run(g.local_variables_initializer());
    for (const auto &feeds : runs) {
      seen.values.push_back(session.run(metric.value)[0].scalar<float>());
      seen.updates.push_back(session.run(feeds, metric.update)[0].scalar<float>());
    }
    return seen;
  }
  gc::Output labels = g.placeholder(gc::int32, {gc::none}, "labels");
  gc::Output guesses = g.placeholder(gc::int32, {gc::none}, "guesses");
  std::vector<std::vector<gc::Feed>> batches() const {
    const auto ints = [](const std::vector<std::int32_t> &v) {
      return gc::Tensor::of<std::int32_t>({static_cast<std::int64_t>(v.size())}, v);
    };
    return {{{labels, ints({1, 0, 1, 1})}, {guesses, ints({1, 0, 0, 0})}},
            {{labels, ints({0, 1})}, {guesses, ints({1, 1})}}};
  }
};

TEST_P(Metrics, CountOverBatches) {
  const Course accuracy = course(gc::metrics::accuracy(labels, guesses), batches());
  EXPECT_THAT(accuracy.values, ElementsAre(0, 0.5f));
  EXPECT_THAT(accuracy.updates, ElementsAre(0.5f, 0.5f));
  // True positives 1 then 2; false positives 0 then 1; false negatives 2 then 2.
  EXPECT_THAT(course(gc::metrics::precision(labels, guesses), batches()).updates,
              ElementsAre(1, FloatNear(2.f / 3, 1e-6f)));
  EXPECT_THAT(course(gc::metrics::recall(labels, guesses), batches()).updates,
              ElementsAre(FloatNear(1.f / 3, 1e-6f), 0.5f));
  EXPECT_THAT(course(gc::metrics::f1(labels, guesses), batches()).updates,
              ElementsAre(0.5f, FloatNear(4.f / 7, 1e-6f)));
  EXPECT_THAT(course(gc::metrics::mean_absolute_error(labels, guesses), batches()).updates,
              ElementsAre(0.5f, 0.5f));
  EXPECT_THAT(course(gc::metrics::mean(guesses), batches()).updates, ElementsAre(0.25f, 0.5f));
  EXPECT_THAT(g.global_variables(), testing::IsEmpty());
  EXPECT_EQ(g.local_variables().size(), 2u + 2 + 2 + 3 + 2 + 2);
}

TEST_P(Metrics, LeaveOutWhatHasNoWeight) {
  const auto half = gc::cast(labels, gc::float32); // only the true ones count
  const Course accuracy =
      course(gc::metrics::accuracy(labels, guesses, {.weights = half}), batches());
  EXPECT_THAT(accuracy.updates, ElementsAre(FloatNear(1.f / 3, 1e-6f), 0.5f));
  EXPECT_THAT(course(gc::metrics::precision(labels, guesses, {.weights = half}), batches()).updates,
              ElementsAre(1, 1));
  EXPECT_THAT(course(gc::metrics::mean(guesses, {.weights = 0}), batches()).updates,
              ElementsAre(0, 0));
}

TEST_P(Metrics, ConfusionMatrices) {
  auto streaming = gc::metrics::confusion_matrix(labels, guesses, 2);
  auto single = gc::confusion_matrix(labels, guesses, 3, {.weights = 2});
  gc::Session session(g, {.backend = GetParam()});
  session.run(g.local_variables_initializer());
  for (const auto &feeds : batches())
    session.run(feeds, streaming.update);
  EXPECT_THAT(session.run(streaming.value)[0].values<std::int64_t>(), ElementsAre(1, 1, 2, 2));
  EXPECT_THAT(session.run(batches()[0], single)[0].values<std::int32_t>(),
              ElementsAre(2, 0, 0, 4, 2, 0, 0, 0, 0));
}

INSTANTIATE_TEST_SUITE_P(Backends, Losses,
                         testing::Values(gc::Backend::compiled, gc::Backend::reference));
INSTANTIATE_TEST_SUITE_P(Backends, Metrics,
                         testing::Values(gc::Backend::compiled, gc::Backend::reference));

} // namespace
