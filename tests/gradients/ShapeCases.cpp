#include "GradientCase.h"

namespace graphc::test {

using namespace mlir;
using Ints = std::vector<std::int64_t>;
using Int = std::int64_t;

/// Makes a linear op's case one whose gradient depends on the inputs.
static Case squared(Case c) {
  c.build = [build = c.build](GraphBuilder &graph, ArrayRef<Value> in) {
    Values squares;
    for (Value value : build(graph, in))
      squares.push_back(graph.create("square", {value}));
    return squares;
  };
  return c;
}

static Tensor ints(Shape shape, const std::vector<std::int32_t> &values) {
  return Tensor::of<std::int32_t>(std::move(shape), values);
}

static Attributes strided(Ints begin, Ints end, Ints strides, Int beginMask = 0, Int endMask = 0,
                          Int ellipsis = 0, Int newAxis = 0, Int shrink = 0) {
  return {{"begin", begin},           {"end", end},
          {"strides", strides},       {"begin_mask", beginMask},
          {"end_mask", endMask},      {"ellipsis_mask", ellipsis},
          {"new_axis_mask", newAxis}, {"shrink_axis_mask", shrink}};
}

/// Only some results of an op with many.
static Case someResults(std::string name, std::string op, Input input, Attributes attributes,
                        std::vector<unsigned> used) {
  return {std::move(name),
          {std::move(input)},
          [op, attributes, used](GraphBuilder &graph, ArrayRef<Value> in) {
            Operation *made = graph.createOp(op, in, attributes);
            Values values;
            for (unsigned i : used)
              values.push_back(graph.create("square", {made->getResult(i)}));
            return values;
          }};
}

static void addMovingCases(std::vector<Case> &cases) {
  auto add = [&](Case c) { cases.push_back(squared(std::move(c))); };
  add(opCase("matrix", "transpose", {{{2, 3}}}, {{"perm", Ints{1, 0}}}));
  add(opCase("cycle", "transpose", {{{2, 3, 4}}}, {{"perm", Ints{2, 0, 1}}}));
  add(opCase("to_vector", "reshape", {{{2, 3}}}, {{"shape", Ints{6}}}));
  add(opCase("inferred", "reshape", {{{2, 6}}}, {{"shape", Ints{3, -1, 2}}}));
  add(opCase("front", "expand_dims", {{{3}}}, {{"axis", Int{0}}}));
  add(opCase("back", "expand_dims", {{{3, 2}}}, {{"axis", Int{-1}}}));
  add(opCase("all", "squeeze", {{{1, 3, 1}}}, {{"axes", Ints{}}}));
  add(opCase("one", "squeeze", {{{1, 3, 1}}}, {{"axes", Ints{2}}}));
  add(opCase("one_axis", "reverse", {{{2, 3}}}, {{"axes", Ints{1}}}));
  add(opCase("two_axes", "reverse", {{{2, 3}}}, {{"axes", Ints{0, 1}}}));
}

static void addJoiningCases(std::vector<Case> &cases) {
  auto add = [&](Case c) { cases.push_back(squared(std::move(c))); };
  add(opCase("columns", "concat", {{{2, 3}}, {{2, 1}}, {{2, 2}}}, {{"axis", Int{1}}}));
  add(opCase("rows", "concat", {{{2, 3}}, {{1, 3}}}, {{"axis", Int{0}}}));
  add(opCase("front", "stack", {{{2, 3}}, {{2, 3}}}, {{"axis", Int{0}}}));
  add(opCase("last", "stack", {{{2}}, {{2}}, {{2}}}, {{"axis", Int{1}}}));
  add(opCase("uneven", "split", {{{2, 6}}}, {{"axis", Int{1}}, {"sizes", Ints{1, 3, 2}}}));
  cases.push_back(someResults("split_middle_used", "split", {{2, 6}},
                              {{"axis", Int{1}}, {"sizes", Ints{1, 3, 2}}}, {1}));
  cases.push_back(someResults("split_ends_used", "split", {{6, 2}},
                              {{"axis", Int{0}}, {"sizes", Ints{1, 3, 2}}}, {0, 2}));
  add(opCase("all", "unstack", {{{3, 2}}}, {{"axis", Int{0}}, {"num", Int{3}}}));
  cases.push_back(someResults("unstack_last_used", "unstack", {{4, 2}},
                              {{"axis", Int{0}}, {"num", Int{4}}}, {3}));
  cases.push_back(someResults("unstack_some_used", "unstack", {{2, 4}},
                              {{"axis", Int{1}}, {"num", Int{4}}}, {0, 2}));
}

static void addCuttingCases(std::vector<Case> &cases) {
  auto add = [&](Case c) { cases.push_back(squared(std::move(c))); };
  add(opCase("inside", "slice", {{{3, 5}}}, {{"begin", Ints{1, 2}}, {"size", Ints{2, 2}}}));
  add(opCase("rest", "slice", {{{3, 5}}}, {{"begin", Ints{1, 2}}, {"size", Ints{-1, -1}}}));
  add(opCase("plain", "strided_slice", {{{4, 6}}}, strided({1, 0}, {4, 6}, {2, 3})));
  add(opCase("backward", "strided_slice", {{{5}}}, strided({4}, {0}, {-2})));
  add(opCase("masks", "strided_slice", {{{4, 6}}}, strided({9, 1}, {9, 9}, {1, 2}, 1, 3)));
  add(opCase("shrink", "strided_slice", {{{3, 4}}},
             strided({1, 0}, {2, 4}, {1, 1}, 0, 0, 0, 0, 1)));
  add(opCase("new_axis_and_ellipsis", "strided_slice", {{{2, 3, 4}}},
             strided({0, 0, 1}, {0, 0, 3}, {1, 1, 1}, 0, 0, 2, 1, 0)));
  Attributes gradient = strided({1, 0}, {4, 6}, {2, 3});
  gradient.set("shape", Ints{4, 6});
  add(opCase("plain", "strided_slice_grad", {{{2, 2}}}, gradient));
  add(opCase("both_axes", "tile", {{{2, 3}}}, {{"multiples", Ints{2, 3}}}));
  add(opCase("scalarlike", "tile", {{{1}}}, {{"multiples", Ints{4}}}));
  add(opCase("zeros", "pad", {{{2, 3}}}, {{"paddings", Ints{1, 0, 2, 1}}, {"value", 0.0}}));
  add(opCase("ones", "pad", {{{3}}}, {{"paddings", Ints{0, 2}}, {"value", 1.0}}));
  add(opCase("row", "broadcast_to", {{{3}}}, {{"shape", Ints{2, 4, 3}}}));
  add(opCase("column", "broadcast_to", {{{3, 1}}}, {{"shape", Ints{3, 4}}}));
  add(opCase("scalar", "broadcast_to", {{{}}}, {{"shape", Ints{2, 2}}}));
  add(opCase("matrix", "fill", {{{}}}, {{"dims", Ints{2, 3}}}));
}

static void addIndexingCases(std::vector<Case> &cases) {
  auto add = [&](Case c) { cases.push_back(squared(std::move(c))); };
  // Row 2 twice, row 1 never.
  Input indices{{4}, 0, 0, ints({4}, {2, 0, 2, 3})};
  add(opCase("rows", "gather", {{{4, 3}}, indices}, {{"axis", Int{0}}}));
  add(opCase("columns", "gather", {{{3, 4}}, indices}, {{"axis", Int{1}}}));
  add(opCase("matrix_of_indices", "gather",
             {{{5, 2, 3}}, {{2, 2}, 0, 0, ints({2, 2}, {1, 0, 1, 1})}}, {{"axis", Int{1}}}));
  add(opCase("scalar_index", "gather", {{{3, 2}}, {{}, 0, 0, ints({}, {1})}}, {{"axis", Int{0}}}));
  add(opCase("rows", "unsorted_segment_sum", {{{4, 3}}, indices}, {{"num_segments", Int{5}}}));
  add(opCase("dropped", "unsorted_segment_sum", {{{4, 2}}, {{4}, 0, 0, ints({4}, {1, -1, 0, 1})}},
             {{"num_segments", Int{2}}}));
  add(opCase("matrix_of_ids", "unsorted_segment_sum",
             {{{2, 2, 3}}, {{2, 2}, 0, 0, ints({2, 2}, {0, 1, 1, 2})}},
             {{"num_segments", Int{3}}}));
}

std::vector<Case> shapeCases() {
  std::vector<Case> cases;
  addMovingCases(cases);
  addJoiningCases(cases);
  addCuttingCases(cases);
  addIndexingCases(cases);
  return cases;
}

} // namespace graphc::test
