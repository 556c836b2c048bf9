// Training with a batch of one: sums over the batch are then only changes of shape.
#include <functional>

#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;

namespace {

constexpr std::int64_t kSteps = 9, kInputs = 5, kUnits = 7;

using MakeCell = std::function<std::shared_ptr<gc::rnn::RNNCell>()>;

/// The loss, and its gradients by the input and all variables.
std::vector<gc::Tensor> lossAndGradients(const MakeCell &make, gc::Backend backend) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none, kSteps, kInputs}, "x");
  auto outputs = gc::rnn::static_rnn(*make(), gc::unstack(x, kSteps, 1)).outputs;
  auto loss = gc::reduce_mean(gc::square(outputs.back())) + gc::reduce_mean(outputs.front());
  std::vector<gc::Output> xs{x};
  for (const gc::Variable &variable : g.trainable_variables())
    xs.push_back(variable.value());
  std::vector<gc::Fetches::Fetch> fetches{loss};
  for (const gc::Output &gradient : gc::gradients({loss}, xs))
    fetches.emplace_back(gradient);
  gc::SessionOptions options;
  options.seed = 5;
  options.backend = backend;
  gc::Session session(g, options);
  session.run(g.global_variables_initializer());
  gc::Tensor window(gc::float32, {1, kSteps, kInputs});
  for (std::int64_t i = 0; i < window.num_elements(); ++i)
    window.data<float>()[i] = static_cast<float>(i % 11) / 5.f - 1.f;
  return session.run({{x, window}}, gc::Fetches(std::move(fetches)));
}

void expectAsReference(const MakeCell &make) {
  const auto compiled = lossAndGradients(make, gc::Backend::compiled);
  const auto reference = lossAndGradients(make, gc::Backend::reference);
  ASSERT_EQ(compiled.size(), reference.size());
  for (std::size_t k = 0; k < compiled.size(); ++k) {
    ASSERT_EQ(compiled[k].shape(), reference[k].shape());
    for (std::int64_t i = 0; i < compiled[k].num_elements(); ++i)
      ASSERT_NEAR(compiled[k].data<float>()[i], reference[k].data<float>()[i], 1e-5)
          << "fetch " << k << ", element " << i;
  }
}

TEST(OneWindow, TrainsAnLstm) {
  expectAsReference([] { return std::make_shared<gc::rnn::BasicLSTMCell>(kUnits); });
}

TEST(OneWindow, TrainsAGru) {
  expectAsReference([] { return std::make_shared<gc::rnn::GRUCell>(kUnits); });
}

TEST(OneWindow, TrainsTwoLayers) {
  expectAsReference([] {
    return std::make_shared<gc::rnn::MultiRNNCell>(gc::rnn::MultiRNNCell(
        {gc::rnn::BasicLSTMCell(kUnits), gc::rnn::BasicLSTMCell(kUnits)}));
  });
}

} // namespace
