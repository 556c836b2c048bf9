// Ops along an order, and addresses of several indices.
#include "GradientCase.h"

namespace graphc::test {

using namespace mlir;
using Ints = std::vector<std::int64_t>;
using Int = std::int64_t;

static Tensor ints(Shape shape, const std::vector<std::int32_t> &values) {
  return Tensor::of<std::int32_t>(std::move(shape), values);
}

/// Makes a linear op's case one whose gradient depends on the inputs; of its first result only.
static Case squared(Case c) {
  c.build = [build = c.build](GraphBuilder &graph, ArrayRef<Value> in) {
    return Values{graph.create("square", {build(graph, in).front()})};
  };
  return c;
}

std::vector<Case> orderCases() {
  std::vector<Case> cases;
  auto add = [&](Case c) { cases.push_back(squared(std::move(c))); };
  for (bool exclusive : {false, true})
    for (bool reverse : {false, true})
      add(opCase(std::string(exclusive ? "exclusive" : "inclusive") + (reverse ? "_reverse" : ""),
                 "cumsum", {{{2, 3, 2}}},
                 {{"axis", Int{1}}, {"exclusive", exclusive}, {"reverse", reverse}}));
  add(opCase("batch_first", "reverse_sequence", {{{3, 4, 2}}, {{3}, 0, 0, ints({3}, {0, 2, 4})}},
             {{"seq_axis", Int{1}}, {"batch_axis", Int{0}}}));
  add(opCase("batch_last", "reverse_sequence", {{{4, 2}}, {{2}, 0, 0, ints({2}, {3, 1})}},
             {{"seq_axis", Int{0}}, {"batch_axis", Int{-1}}}));
  add(opCase("rows", "top_k", {{{2, 3, 5}}}, {{"k", Int{2}}, {"sorted", true}}));
  add(opCase("all", "top_k", {{{4}}}, {{"k", Int{4}}, {"sorted", true}}));
  // An address twice, others never.
  const Input elements{{3, 2}, 0, 0, ints({3, 2}, {1, 0, 0, 2, 1, 0})};
  const Input slices{{2, 1}, 0, 0, ints({2, 1}, {1, 1})};
  add(opCase("elements", "gather_nd", {{{2, 3}}, elements}));
  add(opCase("slices", "gather_nd", {{{2, 3}}, slices}));
  add(opCase("elements", "scatter_nd", {elements, {{3}}}, {{"shape", Ints{2, 3}}}));
  add(opCase("slices", "scatter_nd", {slices, {{2, 3}}}, {{"shape", Ints{2, 3}}}));
  const Input place{{}, 0, 0, Tensor(std::int32_t{1})};
  add(opCase("rows", "update_row", {{{3, 2}}, place, {{2}}}));
  add(opCase("elements", "update_row", {{{4}}, {{}, 0, 0, Tensor(std::int64_t{3})}, {{}}}));
  return cases;
}

} // namespace graphc::test
