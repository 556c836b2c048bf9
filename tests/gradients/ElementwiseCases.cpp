#include "GradientCase.h"

namespace graphc::test {

using namespace mlir;

static Tensor bools(Shape shape) {
  Tensor tensor(bool_, shape);
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<bool>()[i] = i % 3 != 1;
  return tensor;
}

std::vector<Case> elementwiseCases() {
  std::vector<Case> cases;
  struct Binary {
    const char *op;
    double lowX, highX, lowY, highY;
  };
  for (const Binary &b : std::initializer_list<Binary>{{"add", -1, 1, -1, 1},
                                                       {"subtract", -1, 1, -1, 1},
                                                       {"multiply", -2, 2, -2, 2},
                                                       {"divide", -2, 2, 0.5, 2},
                                                       {"maximum", -1, 1, -1, 1},
                                                       {"minimum", -1, 1, -1, 1},
                                                       {"pow", 0.5, 2, -2, 2},
                                                       {"squared_difference", -1, 1, -1, 1},
                                                       {"floormod", 5.1, 5.9, 2.1, 2.4}}) {
    auto x = [&](Shape shape) { return Input{shape, b.lowX, b.highX}; };
    auto y = [&](Shape shape) { return Input{shape, b.lowY, b.highY}; };
    cases.push_back(opCase("same_shape", b.op, {x({2, 3}), y({2, 3})}));
    cases.push_back(opCase("scalars", b.op, {x({}), y({})}));
    cases.push_back(opCase("row", b.op, {x({3, 5}), y({5})}));
    cases.push_back(opCase("column_first", b.op, {x({3, 1}), y({3, 4})}));
    cases.push_back(opCase("both_broadcast", b.op, {x({2, 1, 3}), y({4, 1})}));
    cases.push_back(opCase("scalar_first", b.op, {x({}), y({7})}));
  }

  struct Unary {
    const char *op;
    double low, high;
  };
  for (const Unary &u : std::initializer_list<Unary>{
           {"negative", -2, 2}, {"abs", -2, 2},         {"square", -2, 2},  {"sqrt", 0.3, 3},
           {"rsqrt", 0.3, 3},   {"reciprocal", 0.4, 3}, {"exp", -2, 2},     {"log", 0.3, 3},
           {"expm1", -2, 2},    {"log1p", -0.6, 3},     {"sin", -4, 4},     {"cos", -4, 4},
           {"erf", -2, 2},      {"tanh", -2, 2},        {"sigmoid", -3, 3}, {"relu", -2, 2},
           {"softplus", -3, 3}, {"relu6", -3, 9},       {"elu", -2, 2},     {"selu", -2, 2},
           {"identity", -1, 1}, {"l2_loss", -2, 2}}) {
    cases.push_back(opCase("matrix", u.op, {{{3, 5}, u.low, u.high}}));
    cases.push_back(opCase("scalar", u.op, {{{}, u.low, u.high}}));
  }
  cases.push_back(opCase("matrix", "leaky_relu", {{{3, 5}, -2, 2}}, {{"alpha", 0.2}}));
  cases.push_back(opCase("vector", "sign", {{{7}, -2, 2}}));

  // There and back: differences of float32 would say little.
  cases.push_back({"cast_to_same", {{{5}}}, [](GraphBuilder &graph, ArrayRef<Value> in) -> Values {
                     return {graph.create("cast", in, {{"dtype", float64}})};
                   }});

  cases.push_back(
      opCase("same_shape", "where", {{{2, 3}, 0, 0, bools({2, 3})}, {{2, 3}}, {{2, 3}}}));
  cases.push_back(opCase("broadcast", "where", {{{3, 1}, 0, 0, bools({3, 1})}, {{4}}, {{}}}));
  cases.push_back(opCase("inside_and_outside", "clip_by_value",
                         {{{4, 5}, -2, 2}, {{}, -1.1, -0.9}, {{}, 0.9, 1.1}}));
  cases.push_back(opCase("one", "add_n", {{{3}}}));
  cases.push_back(opCase("three", "add_n", {{{2, 3}}, {{2, 3}}, {{2, 3}}}));
  cases.push_back(opCase("matrix", "bias_add", {{{4, 3}}, {{3}}}));
  cases.push_back(opCase("rank_three", "bias_add", {{{2, 4, 3}}, {{3}}}));

  cases.push_back(
      {"multiply_by_itself", {{{4}}}, [](GraphBuilder &graph, ArrayRef<Value> in) -> Values {
         return {graph.create("multiply", {in[0], in[0]})};
       }});
  // Values on several paths, some of them also results.
  cases.push_back(
      {"several_paths", {{{2, 3}}, {{3}}}, [](GraphBuilder &graph, ArrayRef<Value> in) -> Values {
         Value t = graph.create("tanh", {in[0]});
         Value u = graph.create("multiply", {t, in[1]});
         Value v = graph.create("add", {u, t});
         Value w = graph.create("exp", {graph.create("add_n", {u, v, t})});
         return {t, v, w, in[0]};
       }});
  return cases;
}

} // namespace graphc::test
