#include "GradientCase.h"

namespace graphc::test {

std::vector<Case> matmulAndNnCases() {
  std::vector<Case> cases;
  for (bool a : {false, true})
    for (bool b : {false, true}) {
      const Attributes attributes{{"transpose_a", a}, {"transpose_b", b}};
      const std::string label = std::string(a ? "t" : "n") + (b ? "t" : "n");
      auto left = [&](std::vector<std::int64_t> batch) {
        batch.insert(batch.end(), {a ? 4 : 3, a ? 3 : 4});
        return Input{Shape(batch)};
      };
      auto right = [&](std::vector<std::int64_t> batch) {
        batch.insert(batch.end(), {b ? 5 : 4, b ? 4 : 5});
        return Input{Shape(batch)};
      };
      cases.push_back(opCase("matrices_" + label, "matmul", {left({}), right({})}, attributes));
      cases.push_back(opCase("batch_" + label, "matmul", {left({2}), right({2})}, attributes));
      cases.push_back(
          opCase("batch_by_matrix_" + label, "matmul", {left({2}), right({})}, attributes));
      cases.push_back(
          opCase("matrix_by_batch_" + label, "matmul", {left({}), right({2})}, attributes));
      cases.push_back(
          opCase("broadcast_batch_" + label, "matmul", {left({2, 1}), right({3})}, attributes));
    }

  for (const char *op : {"softmax", "log_softmax"}) {
    cases.push_back(opCase("vector", op, {{{5}, -2, 2}}, {{"axis", std::int64_t{-1}}}));
    cases.push_back(opCase("last", op, {{{2, 3, 4}, -2, 2}}, {{"axis", std::int64_t{2}}}));
    cases.push_back(opCase("middle", op, {{{2, 3, 4}, -2, 2}}, {{"axis", std::int64_t{1}}}));
  }

  // Labels that sum to one: `backprop` is the loss's gradient only then. By labels and by logits
  // separately, since differences by labels leave that set.
  Tensor labels = Tensor::of<double>({2, 3}, {0.2, 0.3, 0.5, 0.6, 0.1, 0.3});
  cases.push_back(opCase("by_logits", "softmax_cross_entropy_with_logits",
                         {{{2, 3}, -2, 2}, {{2, 3}, 0, 0, labels, false}}));
  cases.push_back(opCase("by_labels", "softmax_cross_entropy_with_logits",
                         {{{2, 3}, -2, 2, drawn({2, 3}, -2, 2, 5), false}, {{2, 3}, 0, 1}}));
  cases.push_back(opCase("rows", "sparse_softmax_cross_entropy_with_logits",
                         {{{3, 4}, -2, 2}, {{3}, 0, 0, Tensor::of<std::int32_t>({3}, {2, 0, 3})}}));

  // The moments are results, and operands of the gradient that hang together with nothing.
  for (const char *op : {"layer_normalization", "batch_normalization"}) {
    const Attributes epsilon{{"epsilon", 0.1}};
    const bool layers = std::string(op).starts_with("layer");
    const Input vector{{4}}, variance{layers ? Shape{2, 3} : Shape{4}, 0.5, 1.5};
    const Input x{{2, 3, 4}, -2, 2}, mean{layers ? Shape{2, 3} : Shape{4}};
    cases.push_back(opCase("moments", op, {x, vector, vector}, epsilon));
    cases.push_back(opCase("matrix", op, {{{3, 4}, -2, 2}, vector, vector}, epsilon));
    cases.push_back(opCase("independent", std::string(op) + "_gradient",
                           {x, vector, mean, variance, {{2, 3, 4}}}, epsilon));
  }
  return cases;
}

} // namespace graphc::test
