// Loops and branches.
#include "GradientCase.h"

namespace graphc::test {

using namespace mlir;
using In = ArrayRef<Value>;

namespace {

Value number(GraphBuilder &g, std::int32_t value) { return g.constant(Tensor(value)); }

/// Loops count in their first variable, up to `steps`.
RegionBuilder below(std::int32_t steps) {
  return
      [=](GraphBuilder &g, In in) { return Values{g.create("less", {in[0], number(g, steps)})}; };
}
Value next(GraphBuilder &g, Value counter) { return g.create("add", {counter, number(g, 1)}); }

/// A case of a loop with a counter, of the inputs as loop variables but the last `numCaptured`.
Case loop(std::string name, std::vector<Input> inputs, std::size_t numCaptured, std::int32_t steps,
          const RegionBuilder &body) {
  return {std::move(name), std::move(inputs), [=](GraphBuilder &g, In in) {
            Values variables{number(g, 0)};
            llvm::append_range(variables, in.drop_back(numCaptured));
            return whileLoop(g, variables, in.take_back(numCaptured), below(steps), body);
          }};
}

Values multiplyAndSquash(GraphBuilder &g, In in) {
  return {next(g, in[0]), g.create("tanh", {g.create("multiply", {in[1], in[2]})})};
}

/// A random op's numbers [2, 3].
Value drawn(GraphBuilder &g) {
  return g
      .createOp("random_uniform", {},
                {{"shape", std::vector<std::int64_t>{2, 3}},
                 {"dtype", float64},
                 {"seed", std::int64_t{0}},
                 {"seed2", std::int64_t{0}},
                 {"stream", std::int64_t{2}}})
      ->getResult(0);
}

} // namespace

std::vector<Case> controlFlowCases() {
  std::vector<Case> cases;
  cases.push_back(loop("while_with_a_counter", {{{2, 2}}, {{2, 2}}}, 1, 4, multiplyAndSquash));
  cases.push_back(loop("while_never_entered", {{{2}}, {{2}}}, 1, 0, multiplyAndSquash));
  // The two variables change places, and one is multiplied on its way.
  cases.push_back(loop("while_of_exchanged_variables", {{{3}}, {{3}}, {{3}}}, 1, 5,
                       [](GraphBuilder &g, In in) -> Values {
                         return {next(g, in[0]), in[2], g.create("multiply", {in[1], in[3]})};
                       }));
  // A matrix that is captured: its gradient is a sum over iterations.
  cases.push_back(
      loop("while_of_products", {{{2, 3}}, {{3, 3}}}, 1, 3, [](GraphBuilder &g, In in) -> Values {
        Value product =
            g.create("matmul", {in[1], in[2]}, {{"transpose_a", false}, {"transpose_b", false}});
        return {next(g, in[0]), g.create("sigmoid", {product})};
      }));
  // The gradient has to draw what the loop has drawn, in each iteration something else.
  cases.push_back(
      loop("while_with_random_numbers", {{{2, 3}}}, 0, 4, [](GraphBuilder &g, In in) -> Values {
        return {next(g, in[0]), g.create("tanh", {g.create("add", {in[1], drawn(g)})})};
      }));
  cases.push_back(loop(
      "while_in_while_with_random_numbers", {{{2, 3}}}, 0, 3, [](GraphBuilder &g, In in) -> Values {
        Values inner =
            whileLoop(g, {number(g, 0), in[1]}, {}, below(2), [](GraphBuilder &g, In in) -> Values {
              return {next(g, in[0]), g.create("multiply", {in[1], drawn(g)})};
            });
        return {next(g, in[0]), g.create("tanh", {inner[1]})};
      }));
  // How often it runs depends on the values.
  cases.push_back(
      {"while_until_large", {{{2}, 0.2, 0.4}, {{2}, 1.2, 1.5}}, [](GraphBuilder &g, In in) {
         return whileLoop(
             g, in.take_front(1), in.drop_front(1),
             [](GraphBuilder &g, In in) -> Values {
               Value sum =
                   g.create("reduce_sum", {in[0]}, {{"axes", std::vector<std::int64_t>{0}}});
               return {g.create("less", {sum, g.scalarLike(3, sum)})};
             },
             [](GraphBuilder &g, In in) -> Values {
               return {g.create("multiply", {in[0], in[1]})};
             });
       }});
  // Rows that a loop writes, each made from one that it reads.
  cases.push_back(loop(
      "while_over_rows", {{{4, 2}}, {{2}}, {{4, 2}}}, 1, 4, [](GraphBuilder &g, In in) -> Values {
        Value row = g.create("gather", {in[3], in[0]}, {{"axis", std::int64_t{0}}});
        Value state = g.create("tanh", {g.create("add", {row, in[2]})});
        return {next(g, in[0]), g.create("update_row", {in[1], in[0], state}), state};
      }));
  cases.push_back(
      loop("while_in_while", {{{2}}, {{2}}}, 1, 3, [](GraphBuilder &g, In in) -> Values {
        Values inner = whileLoop(g, {number(g, 0), in[1]}, {in[2]}, below(2), multiplyAndSquash);
        return {next(g, in[0]), g.create("add", {inner[1], in[2]})};
      }));
  cases.push_back(loop("cond_in_while", {{{2}}, {{2}}}, 1, 4, [](GraphBuilder &g, In in) -> Values {
    Value early = g.create("less", {in[0], number(g, 2)});
    Values chosen = branch(
        g, early, {in[1], in[2]},
        [](GraphBuilder &g, In in) -> Values { return {g.create("multiply", {in[0], in[1]})}; },
        [](GraphBuilder &g, In in) -> Values { return {g.create("exp", {in[0]})}; });
    return {next(g, in[0]), chosen[0]};
  }));
  // Not what differentiating a loop makes, but anything that is linear in the last two.
  cases.push_back(
      {"while_gradient_by_hand", {{{2}}, {{2}}, {{2}}, {{2}}}, [](GraphBuilder &g, In in) {
         return whileGradient(g, {number(g, 0), in[0]}, {in[1]}, in.drop_front(2), below(3),
                              multiplyAndSquash, [](GraphBuilder &g, In in) -> Values {
                                Value product = g.create("multiply", {in[1], in[3]});
                                Value moved = g.create("add", {in[4], product});
                                return {g.create("multiply", {product, in[2]}), moved};
                              });
       }});
  for (bool holds : {true, false})
    cases.push_back({holds ? "cond_that_holds" : "cond_that_does_not",
                     {{{}, 0, 0, Tensor(holds)}, {{2, 2}}, {{2, 2}}, {{2, 2}}},
                     [](GraphBuilder &g, In in) {
                       return branch(
                           g, in[0], in.drop_front(),
                           [](GraphBuilder &g, In in) -> Values {
                             return {g.create("multiply", {in[0], in[1]}), in[2]};
                           },
                           [](GraphBuilder &g, In in) -> Values {
                             return {g.create("tanh", {in[0]}),
                                     g.create("multiply", {in[2], in[2]})};
                           });
                     }});
  return cases;
}

} // namespace graphc::test
