// Contractions, running sums, sequences and layer_norm as they come out of a session.
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

namespace {

/// 1, 2, 3, ... in row-major order.
gc::Tensor counting(const gc::Shape &shape) {
  gc::Tensor tensor(gc::float32, shape);
  std::iota(tensor.data<float>(), tensor.data<float>() + tensor.num_elements(), 1.f);
  return tensor;
}

class Ops : public testing::TestWithParam<gc::Backend> {
protected:
  /// A placeholder that knows nothing of the extents of what is fed.
  gc::Output fed(const gc::Tensor &value) {
    auto x = g.placeholder(value.dtype(), gc::Shape(std::vector<std::int64_t>(
                                              static_cast<std::size_t>(value.shape().rank()), -1)));
    feeds.emplace_back(x, value);
    return x;
  }
  gc::Tensor run(const gc::Output &x) {
    gc::Session session(g, {.backend = GetParam()});
    session.run(g.global_variables_initializer());
    return session.run(feeds, x)[0];
  }
  std::vector<float> floats(const gc::Output &x) {
    const gc::Tensor tensor = run(x);
    return {tensor.values<float>().begin(), tensor.values<float>().end()};
  }
  gc::Graph g;
  std::vector<gc::Feed> feeds;
};

/// einsum by its definition, over extents of at most 4 for each letter.
std::vector<float> summed(const std::string &a_letters, const gc::Tensor &a,
                          const std::string &b_letters, const gc::Tensor &b, const std::string &out,
                          std::map<char, std::int64_t> extents) {
  std::string all = out;
  for (char c : a_letters + b_letters)
    if (all.find(c) == std::string::npos)
      all += c;
  std::int64_t size = 1, total = 1;
  for (char c : out)
    size *= extents[c];
  for (char c : all)
    total *= extents[c];
  std::vector<float> result(static_cast<std::size_t>(size), 0);
  for (std::int64_t i = 0; i < total; ++i) {
    std::map<char, std::int64_t> index;
    std::int64_t rest = i;
    for (auto c = all.rbegin(); c != all.rend(); ++c) {
      index[*c] = rest % extents[*c];
      rest /= extents[*c];
    }
    const auto offset = [&](const std::string &letters) {
      std::int64_t at = 0;
      for (char c : letters)
        at = at * extents[c] + index[c];
      return at;
    };
    result[static_cast<std::size_t>(offset(out))] +=
        a.data<float>()[offset(a_letters)] * b.data<float>()[offset(b_letters)];
  }
  return result;
}

TEST_P(Ops, EinsumOfTwo) {
  std::map<char, std::int64_t> extents{{'a', 2}, {'b', 3}, {'c', 4}, {'d', 2}, {'e', 3}};
  const auto tensorOf = [&](const std::string &letters) {
    std::vector<std::int64_t> shape;
    for (char c : letters)
      shape.push_back(extents[c]);
    return counting(gc::Shape(shape));
  };
  for (const auto &[a, b, out] : std::vector<std::array<std::string, 3>>{{"ab", "bc", "ac"},
                                                                         {"ab", "bc", "ca"},
                                                                         {"abc", "acd", "abd"},
                                                                         {"abc", "dc", "abd"},
                                                                         {"abc", "bcd", "ad"},
                                                                         {"ab", "cd", "cabd"},
                                                                         {"abc", "abc", ""},
                                                                         {"abc", "ab", "ab"},
                                                                         {"abcd", "aced", "abe"},
                                                                         {"a", "a", "a"},
                                                                         {"a", "b", "ba"},
                                                                         {"abc", "cb", "a"},
                                                                         {"ab", "acde", "ace"}}) {
    SCOPED_TRACE(a + "," + b + "->" + out);
    const gc::Tensor x = tensorOf(a), y = tensorOf(b);
    feeds.clear();
    std::vector<std::int64_t> shape;
    for (char c : out)
      shape.push_back(extents[c]);
    const std::string equation = a + "," + b + "->" + out;
    const gc::Tensor got = run(gc::einsum(equation, {fed(x), fed(y)}));
    EXPECT_EQ(got.shape(), gc::Shape(shape));
    EXPECT_THAT(got.values<float>(), Pointwise(FloatNear(1e-3f), summed(a, x, b, y, out, extents)));
  }
}

TEST_P(Ops, EinsumOfOneAndOfThree) {
  const gc::Tensor x = counting({2, 3});
  EXPECT_THAT(floats(gc::einsum("ij->ji", {fed(x)})), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(floats(gc::einsum("ij->j", {fed(x)})), ElementsAre(5, 7, 9));
  EXPECT_THAT(floats(gc::einsum("ji", {fed(x)})), ElementsAre(1, 4, 2, 5, 3, 6)) << "i before j";
  EXPECT_THAT(
      floats(gc::einsum("ij, jk, k -> i", {fed(x), fed(counting({3, 2})), fed(counting({2}))})),
      ElementsAre(78, 177)); // [22 28; 49 64] times [1 2]
}

TEST_P(Ops, EinsumWithAnEllipsis) {
  const gc::Tensor x = counting({2, 2, 3}), w = counting({3, 2});
  // Rows [1 2 3], [4 5 6], ... times [1 2; 3 4; 5 6].
  const auto product = ElementsAre(22, 28, 49, 64, 76, 100, 103, 136);
  const gc::Tensor linear = run(gc::einsum("...j,jk->...k", {fed(x), fed(w)}));
  EXPECT_EQ(linear.shape(), (gc::Shape{2, 2, 2}));
  EXPECT_THAT(linear.values<float>(), product);
  EXPECT_THAT(floats(gc::einsum("...ij, jk", {fed(x), fed(w)})), product) << "... stands first";
  EXPECT_THAT(floats(gc::einsum("j...,ij->i...", {fed(w), fed(counting({1, 3}))})),
              ElementsAre(22, 28));
  // It may cover nothing, and sums too.
  EXPECT_THAT(floats(gc::einsum("...ij->...ji", {fed(w)})), ElementsAre(1, 3, 5, 2, 4, 6));
  EXPECT_THAT(floats(gc::einsum("...j->...", {fed(x)})), ElementsAre(6, 15, 24, 33));
}

TEST_P(Ops, EinsumBroadcastsWhatAnEllipsisCovers) {
  const gc::Tensor x = counting({2, 1, 2}), y = counting({3, 2});
  feeds.clear();
  auto a = g.placeholder(gc::float32, {gc::none, 1, 2}), b = fed(y);
  feeds.emplace_back(a, x);
  // [1 2] and [3 4] times [1 2], [3 4], [5 6].
  const gc::Tensor got = run(gc::einsum("...c,...c->...", {a, b}));
  EXPECT_EQ(got.shape(), (gc::Shape{2, 3}));
  EXPECT_THAT(got.values<float>(), ElementsAre(5, 11, 17, 11, 25, 39));
}

TEST_P(Ops, TensordotPairsAxes) {
  const auto a = fed(counting({2, 3, 4})), b = fed(counting({4, 3, 2}));
  EXPECT_EQ(run(gc::tensordot(a, b, 1)).shape(), (gc::Shape{2, 3, 3, 2}));
  EXPECT_THAT(
      floats(gc::tensordot(a, b, {{1, 2}, {1, 0}})),
      Pointwise(FloatNear(1e-3f), summed("abc", counting({2, 3, 4}), "cbd", counting({4, 3, 2}),
                                         "ad", {{'a', 2}, {'b', 3}, {'c', 4}, {'d', 2}})));
  EXPECT_EQ(run(gc::tensordot(a, b, 0)).shape(), (gc::Shape{2, 3, 4, 4, 3, 2}));
  EXPECT_FLOAT_EQ(floats(gc::tensordot(a, a, 3))[0], 24.f * 25 * 49 / 6);
}

TEST_P(Ops, ContractionsHaveGradients) {
  const auto a = fed(counting({2, 3})), b = fed(counting({4, 3}));
  auto y = gc::einsum("ij,kj->ik", {a, b});
  EXPECT_THAT(floats(gc::gradients({y}, {a})[0]), ElementsAre(22, 26, 30, 22, 26, 30));
  EXPECT_THAT(floats(gc::gradients({gc::tensordot(a, b, {{1}, {1}})}, {b})[0]),
              ElementsAre(5, 7, 9, 5, 7, 9, 5, 7, 9, 5, 7, 9));
}

TEST_P(Ops, AlongAnOrder) {
  const auto x = fed(gc::Tensor::of<float>({2, 3}, {3, 1, 2, 4, 6, 5}));
  EXPECT_THAT(floats(gc::cumsum(x, 1)), ElementsAre(3, 4, 6, 4, 10, 15));
  EXPECT_THAT(floats(gc::cumsum(x, 1, {.exclusive = true, .reverse = true})),
              ElementsAre(3, 2, 0, 11, 5, 0));
  const auto top = gc::nn::top_k(x, 2);
  EXPECT_THAT(floats(top.values), ElementsAre(3, 2, 6, 5));
  EXPECT_THAT(run(top.indices).values<std::int32_t>(), ElementsAre(0, 2, 1, 2));
  EXPECT_THAT(floats(gc::gradients({top.values * 2.f}, {x})[0]), ElementsAre(2, 0, 2, 0, 2, 2));
  const auto targets = fed(gc::Tensor::of<std::int32_t>({2}, {2, 0}));
  EXPECT_THAT(run(gc::nn::in_top_k(x, targets, 2)).values<bool>(), ElementsAre(true, false));
}

TEST_P(Ops, Sequences) {
  const auto x = fed(counting({2, 3}));
  const auto lengths = fed(gc::Tensor::of<std::int32_t>({2}, {2, 3}));
  EXPECT_THAT(floats(gc::reverse_sequence(x, lengths, 1)), ElementsAre(2, 1, 3, 6, 5, 4));
  EXPECT_THAT(run(gc::sequence_mask(lengths, 3)).values<bool>(),
              ElementsAre(true, true, false, true, true, true));
  // As long as another tensor is.
  const auto steps = gc::strided_slice(gc::shape(x), {1}, {2}, {1}, {.shrink_axis_mask = 1});
  EXPECT_THAT(floats(gc::sequence_mask(lengths, steps, gc::float32)),
              ElementsAre(1, 1, 0, 1, 1, 1));
}

TEST_P(Ops, Addresses) {
  const auto x = fed(counting({2, 3}));
  const auto places = fed(gc::Tensor::of<std::int32_t>({2, 2}, {0, 2, 1, 0}));
  EXPECT_THAT(floats(gc::gather_nd(x, places)), ElementsAre(3, 4));
  EXPECT_THAT(floats(gc::scatter_nd(places, gc::Tensor::of<float>({2}, {5, 7}), {2, 3})),
              ElementsAre(0, 0, 5, 7, 0, 0));
  EXPECT_THAT(floats(gc::scatter_nd(places, gc::Tensor::of<float>({2}, {5, 7}), gc::shape(x))),
              ElementsAre(0, 0, 5, 7, 0, 0));
  EXPECT_THAT(floats(gc::gradients({gc::square(gc::gather_nd(x, places))}, {x})[0]),
              ElementsAre(0, 0, 6, 8, 0, 0));
}

TEST_P(Ops, WhatIsNoNumber) {
  const auto x = fed(gc::Tensor::of<float>({4}, {1, INFINITY, -INFINITY, NAN}));
  EXPECT_THAT(run(gc::is_finite(x)).values<bool>(), ElementsAre(true, false, false, false));
  EXPECT_THAT(run(gc::is_inf(x)).values<bool>(), ElementsAre(false, true, true, false));
  EXPECT_THAT(run(gc::is_nan(x)).values<bool>(), ElementsAre(false, false, false, true));
  const auto y = fed(gc::Tensor::of<float>({3}, {6, 1, 0})),
             z = fed(gc::Tensor::of<float>({3}, {2, 0, 0}));
  EXPECT_THAT(floats(gc::div_no_nan(y, z)), ElementsAre(3, 0, 0));
  EXPECT_THAT(floats(gc::gradients({gc::div_no_nan(y, z)}, {z})[0]), ElementsAre(-1.5f, 0, 0));
}

TEST_P(Ops, LogSumExpStaysFinite) {
  const auto x = fed(gc::Tensor::of<float>({2, 2}, {1000, 1000, -INFINITY, -INFINITY}));
  EXPECT_THAT(floats(gc::reduce_logsumexp(x, 1)),
              ElementsAre(testing::FloatEq(1000 + std::log(2.f)), -INFINITY));
  const auto y = fed(gc::Tensor::of<float>({2}, {0, std::log(3.f)}));
  EXPECT_NEAR(floats(gc::reduce_logsumexp(y))[0], std::log(4.), 1e-6);
  EXPECT_EQ(run(gc::reduce_logsumexp(x, 1, true)).shape(), (gc::Shape{2, 1}));
  EXPECT_THAT(floats(gc::gradients({gc::reduce_logsumexp(y)}, {y})[0]),
              ElementsAre(FloatNear(0.25f, 1e-6f), FloatNear(0.75f, 1e-6f)));
}

TEST_P(Ops, LayerNorm) {
  auto x = g.placeholder(gc::float32, {gc::none, 2, 2}, "x");
  feeds.emplace_back(x, gc::Tensor::of<float>({2, 2, 2}, {1, 3, 5, 7, 0, 0, 4, 4}));
  const float a = 1 / std::sqrt(5.f); // deviations -3, -1, 1, 3 with variance 5
  EXPECT_THAT(floats(gc::layers::layer_norm(x)),
              Pointwise(FloatNear(1e-5f), {-3 * a, -a, a, 3 * a, -1.f, -1.f, 1.f, 1.f}));
  // Over the last axis alone: equal elements have no deviation.
  EXPECT_THAT(floats(gc::layers::layer_norm(x, {.begin_norm_axis = 2})),
              Pointwise(FloatNear(1e-5f), {-1.f, 1.f, -1.f, 1.f, 0.f, 0.f, 0.f, 0.f}));
}

INSTANTIATE_TEST_SUITE_P(Backends, Ops,
                         testing::Values(gc::Backend::compiled, gc::Backend::reference));

} // namespace
