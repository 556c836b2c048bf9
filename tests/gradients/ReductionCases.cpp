#include "GradientCase.h"

namespace graphc::test {

using Ints = std::vector<std::int64_t>;

std::vector<Case> reductionCases() {
  std::vector<Case> cases;
  for (const char *op : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod"})
    for (bool keep : {false, true}) {
      auto add = [&](const std::string &label, Shape shape, const Ints &axes) {
        cases.push_back(opCase(label + (keep ? "_kept" : ""), op, {{shape, 0.5, 2}},
                               {{"axes", axes}, {"keep_dims", keep}}));
      };
      add("rows", {3, 4}, {1});
      add("columns", {3, 4}, {0});
      add("all", {2, 3}, {0, 1});
      add("outer_axes", {2, 3, 4}, {0, 2});
      add("middle", {2, 5, 2}, {1});
      add("no_axes", {3}, {});
      add("one_element", {3, 1}, {1});
    }
  // Where an element is zero, only its own gradient is not; with two zeros of a row, none.
  Tensor zeros = Tensor::of<double>({3, 4}, {1.5, 0, 2, 3, 0, 2, 0, 1, 0.5, 2, 1.5, 0.7});
  cases.push_back(opCase("zeros", "reduce_prod", {{{3, 4}, 0, 0, zeros}},
                         {{"axes", Ints{1}}, {"keep_dims", false}}));
  return cases;
}

} // namespace graphc::test
