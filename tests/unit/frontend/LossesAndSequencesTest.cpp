// Names, types and messages of ops along an order, contractions, losses, metrics and layer_norm.
#include "FrontendTesting.h"

#include "frontend/layers/LayerNorm.h"
#include "frontend/losses/Losses.h"
#include "frontend/metrics/Metrics.h"
#include "frontend/ops/Contraction.h"
#include "frontend/ops/Indexing.h"

using testing::Contains;
using testing::ElementsAre;

namespace {

struct MoreOps : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  gc::Output n = g.placeholder(gc::int32, {gc::none}, "n");

  template <typename Build> std::string messageOf(Build build) {
    return errorFrom(build).message();
  }
};

TEST_F(MoreOps, HaveTensorFlowsNames) {
  EXPECT_EQ(gc::cumsum(x).name(), "Cumsum:0");
  EXPECT_EQ(gc::reverse_sequence(x, n, 1).name(), "ReverseSequence:0");
  EXPECT_EQ(gc::sequence_mask(n, 5).name(), "SequenceMask/Less:0");
  EXPECT_EQ(gc::sequence_mask(n, 5, gc::float32).name(), "SequenceMask_1/Cast_1:0");
  EXPECT_EQ(gc::gather_nd(x, gc::zeros(g, {3, 2}, gc::int32)).name(), "GatherNd:0");
  EXPECT_EQ(gc::nn::top_k(x, 2).indices.name(), "TopKV2:1");
  EXPECT_EQ(gc::nn::in_top_k(x, n, 2).name(), "in_top_k/InTopKV2:0");
  EXPECT_EQ(gc::tensordot(x, gc::zeros(g, {4, 3}), 1).name(), "Tensordot:0");
  EXPECT_EQ(gc::reduce_logsumexp(x, 1).name(), "ReduceLogSumExp/Add:0");
  EXPECT_EQ(gc::div_no_nan(x, x).name(), "div_no_nan:0");
  EXPECT_EQ(gc::confusion_matrix(n, n, 3).name(), "confusion_matrix:0");
  EXPECT_EQ(g.verify(), "");
}

TEST_F(MoreOps, HaveTypes) {
  EXPECT_EQ(typeOf(gc::cumsum(x, -1)), "float32[?,4]");
  EXPECT_EQ(typeOf(gc::sequence_mask(n, 5)), "bool[?,5]");
  EXPECT_EQ(typeOf(gc::nn::top_k(x, 2).indices), "int32[?,2]");
  EXPECT_EQ(typeOf(gc::scatter_nd(gc::zeros(g, {3, 1}, gc::int32), gc::ones(g, {3}), {8})),
            "float32[8]");
  const auto cube = g.placeholder(gc::float32, {gc::none, gc::none, 4});
  const auto weights = gc::zeros(g, {4, 3});
  EXPECT_EQ(typeOf(gc::tensordot(cube, weights, 1)), "float32[?,?,3]");
  EXPECT_EQ(typeOf(gc::einsum("btd,de->bte", {cube, weights})), "float32[?,?,3]");
  EXPECT_EQ(typeOf(gc::einsum("btd,bsd->bts", {cube, cube})), "float32[?,?,?]");
  EXPECT_EQ(typeOf(gc::einsum("bi,bi->b", {x, x})), "float32[?]");
  EXPECT_EQ(g.verify(), "");
}

TEST_F(MoreOps, SayWhatTheyExpected) {
  EXPECT_EQ(messageOf([&] { gc::cumsum(x, 2); }), "expected an axis in [-2, 2), got 2");
  EXPECT_EQ(messageOf([&] { gc::reverse_sequence(x, n, 0); }),
            "reverse_sequence expects seq_axis and batch_axis to differ, got axis 0 twice");
  EXPECT_EQ(messageOf([&] { gc::nn::top_k(x, 5); }),
            "top_k expects at least k = 5 elements along the last axis, got float32[?,4]");
  const auto w = gc::zeros(g, {3, 4});
  const auto unknown = g.placeholder(gc::float32);
  EXPECT_EQ(messageOf([&] { gc::tensordot(x, w, 3); }),
            "expected at most as many axes as [?,4] and [3,4] have, got 3");
  EXPECT_EQ(messageOf([&] { gc::tensordot(x, w, {{1}, {0, 1}}); }),
            "expected as many axes of a as of b, got 1 and 2");
  EXPECT_EQ(messageOf([&] { gc::tensordot(x, w, 1); }),
            "expected equal extents along axis 1 of [?,4] and axis 0 of [3,4]");
  EXPECT_EQ(messageOf([&] { gc::tensordot(unknown, w, 1); }),
            "expected tensors of known rank, got an unknown one");
  const auto einsum = [&](const char *equation) {
    return messageOf([&] { gc::einsum(equation, {x, w}); });
  };
  EXPECT_EQ(einsum("ij"), "expected subscripts for 2 tensors, got \"ij\"");
  EXPECT_EQ(einsum("i1,jk"), "expected letters, \"...\", commas and one arrow, got \"i1,jk\"");
  EXPECT_EQ(einsum("ii,jk->j"),
            "expected every letter once in a tensor, 'i' stands twice in 'ii', got \"ii,jk->j\"");
  EXPECT_EQ(einsum("ij,kj->iz"), "expected letters of the inputs, each once, after the arrow, 'z' "
                                 "is not, got \"ij,kj->iz\"");
  EXPECT_EQ(einsum("ijk,jk->i"), "expected a letter for each axis of [?,4], got 'ijk'");
  EXPECT_EQ(einsum("i..,jk"), "expected letters, \"...\", commas and one arrow, got \"i..,jk\"");
  EXPECT_EQ(einsum("...i...,jk->jk"), "expected every letter once in a tensor, '...' stands twice "
                                      "in '...i...', got \"...i...,jk->jk\"");
  EXPECT_EQ(einsum("...i,jk->i"), "expected \"...\" after the arrow too, got \"...i,jk->i\"");
  EXPECT_EQ(einsum("...ijk,jk->...i"), "expected a letter for each axis of [?,4], got '...ijk'");
  EXPECT_EQ(einsum("i...,...j->...ij"), "expected axes of \"...\" that broadcast, got 4 and 3");
  EXPECT_EQ(einsum("ij,jk->ik"), "expected one extent for 'j', got 4 and 3");
}

TEST_F(MoreOps, LossesOpenTensorFlowsScopes) {
  const auto y = g.placeholder(gc::float32, {gc::none, 4}, "y");
  EXPECT_EQ(gc::losses::mean_squared_error(y, x).name(), "mean_squared_error/value:0");
  EXPECT_EQ(gc::losses::mean_squared_error(y, x).name(), "mean_squared_error_1/value:0");
  EXPECT_EQ(gc::losses::absolute_difference(y, x).name(), "absolute_difference/value:0");
  EXPECT_EQ(gc::losses::huber_loss(y, x).name(), "huber_loss/value:0");
  EXPECT_EQ(gc::losses::log_loss(y, x, {.scope = "l"}).name(), "l/value:0");
  EXPECT_EQ(gc::losses::hinge_loss(y, x).name(), "hinge_loss/value:0");
  EXPECT_EQ(gc::losses::softmax_cross_entropy(y, x).name(), "softmax_cross_entropy_loss/value:0");
  EXPECT_EQ(gc::losses::sparse_softmax_cross_entropy(n, x).name(),
            "sparse_softmax_cross_entropy_loss/value:0");
  EXPECT_EQ(gc::losses::sigmoid_cross_entropy(y, x).name(), "sigmoid_cross_entropy_loss/value:0");
  EXPECT_EQ(gc::losses::get_losses(g).size(), 9u);
  EXPECT_EQ(gc::losses::get_total_loss(g).name(), "total_loss:0");
  EXPECT_EQ(g.verify(), "");
}

TEST_F(MoreOps, LossesSayWhatTheyExpected) {
  EXPECT_EQ(messageOf([&] { gc::losses::mean_squared_error(gc::zeros(g, {2, 3}), x); }),
            "expected labels of the shape of the predictions, [?,4], got [2,3]");
  EXPECT_EQ(
      messageOf([&] { gc::losses::mean_squared_error(x, x, {.weights = gc::zeros(g, {4})}); }),
      "expected weights that broadcast to the losses, [?,4], got [4]");
  EXPECT_EQ(messageOf([&] { gc::losses::get_total_loss(g); }),
            "expected a graph with losses, got none");
  const auto open = g.placeholder(gc::float32, {2, gc::none});
  EXPECT_EQ(
      messageOf([&] { gc::losses::softmax_cross_entropy(open, open, {.label_smoothing = 0.1}); }),
      "expected logits with a known number of classes to smooth labels over, got [2,?]");
}

TEST_F(MoreOps, MetricsCountInLocalVariables) {
  const auto accuracy = gc::metrics::accuracy(n, n);
  EXPECT_EQ(accuracy.value.name(), "accuracy/value:0");
  EXPECT_EQ(accuracy.update.name(), "accuracy/update_op:0");
  gc::metrics::precision(n, n, {.name = "p"});
  gc::metrics::accuracy(n, n);
  std::vector<std::string> names;
  for (const gc::Variable &variable : g.local_variables())
    names.push_back(variable.op_name());
  EXPECT_THAT(names,
              ElementsAre("accuracy/total", "accuracy/count", "p/true_positives/count",
                          "p/false_positives/count", "accuracy_1/total", "accuracy_1/count"));
  EXPECT_THAT(g.global_variables(), testing::IsEmpty());
  EXPECT_THAT(g.trainable_variables(), testing::IsEmpty());
  EXPECT_EQ(messageOf([&] { gc::metrics::recall(n, gc::zeros(g, {3, 2})); }),
            "expected labels of the shape of the predictions, [3,2], got [?]");
  EXPECT_EQ(g.verify(), "");
}

TEST_F(MoreOps, LayerNormMakesItsVariables) {
  gc::layers::layer_norm(x);
  gc::layers::layer_norm(x, {.scale = false, .scope = "norm"});
  EXPECT_THAT(variableNames(g),
              ElementsAre("LayerNorm/beta:0", "LayerNorm/gamma:0", "norm/beta:0"));
  EXPECT_EQ(messageOf([&] { gc::layers::layer_norm(g.placeholder(gc::float32)); }),
            "expected inputs of known rank, got an unknown one");
  EXPECT_EQ(messageOf([&] { gc::layers::layer_norm(x, {.begin_norm_axis = 2}); }),
            "expected begin_norm_axis and begin_params_axis in [-2, 2) for [?,4], got 2 and -1");
  EXPECT_EQ(messageOf([&] { gc::layers::layer_norm(x, {.begin_params_axis = 0}); }),
            "expected known extents from axis 0 on, got [?,4]");
  EXPECT_EQ(g.verify(), "");
}

} // namespace
