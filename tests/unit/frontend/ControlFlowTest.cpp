// Names, types and messages of while_loop and cond.
#include "FrontendTesting.h"

#include "frontend/control_flow/ControlFlow.h"
#include "frontend/ops/Indexing.h"

using testing::ElementsAre;
using Outputs = std::vector<gc::Output>;

namespace {

struct ControlFlow : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 3}, "x");
  gc::Output n = g.placeholder(gc::int32, {}, "n");
  gc::Output p = g.placeholder(gc::bool_, {}, "p");

  /// while i < n: i, h = i + 1, tanh(h)
  Outputs loop(const gc::WhileLoopOptions &options = {}) {
    return gc::while_loop([&](const Outputs &v) { return gc::less(v[0], n); },
                          [](const Outputs &v) { return Outputs{v[0] + 1, gc::tanh(v[1])}; },
                          {0, x}, options);
  }
  template <typename Build> std::string messageOf(Build build) {
    return errorFrom(build).message();
  }
};

TEST_F(ControlFlow, HaveTensorFlowsNamesAndTheTypesOfWhatGoesIn) {
  const Outputs results = loop();
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].name(), "while:0");
  EXPECT_EQ(results[1].name(), "while:1");
  EXPECT_EQ(typeOf(results[0]), "int32[]");
  EXPECT_EQ(typeOf(results[1]), "float32[?,3]");
  EXPECT_EQ(g.get_tensor_by_name("while/Tanh:0").name(), "while/Tanh:0");
  EXPECT_EQ(loop()[1].name(), "while_1:1");
  EXPECT_EQ(loop({.name = "again"})[1].name(), "again:1");
  const auto y = gc::cond(p, [&] { return gc::exp(x); }, [&] { return x; });
  EXPECT_EQ(y.name(), "cond:0");
  EXPECT_EQ(typeOf(y), "float32[?,3]");
  EXPECT_EQ(g.get_tensor_by_name("cond/Exp:0").name(), "cond/Exp:0");
  EXPECT_EQ(g.verify(), "");
}

TEST_F(ControlFlow, AreOneOpWhoseOperandsAreWhatTheRegionsUse) {
  const auto w = g.get_variable("w", gc::Shape{3}, {.initializer = gc::initializers::ones()});
  const Outputs results = gc::while_loop(
      [&](const Outputs &v) { return gc::less(v[0], n); },
      [&](const Outputs &v) { return Outputs{v[0] + 1, v[1] * w + w.read_value()}; }, {0, x});
  const auto op = results[0].op();
  EXPECT_EQ(op.type(), "while");
  std::vector<std::string> operands;
  for (const gc::Output &input : op.inputs())
    operands.push_back(input.name());
  EXPECT_THAT(operands, ElementsAre("while/Const:0", "x:0", "n:0", "w/read:0", "while/Identity:0"));
  EXPECT_EQ(g.verify(), "");
}

TEST_F(ControlFlow, CountIterationsWhereTheyAreLimited) {
  const Outputs results = loop({.maximum_iterations = 7});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].name(), "while:1"); // the counter comes first
  EXPECT_EQ(results[1].name(), "while:2");
  EXPECT_EQ(loop({.maximum_iterations = n}).size(), 2u);
  EXPECT_EQ(g.verify(), "");
  EXPECT_EQ(messageOf([&] { loop({.maximum_iterations = x}); }),
            "expected maximum_iterations to be a scalar int32 or int64, got float32[?,3]");
}

TEST_F(ControlFlow, Nest) {
  const Outputs outer =
      gc::while_loop([&](const Outputs &v) { return gc::less(v[0], n); },
                     [&](const Outputs &v) {
                       const Outputs inner = gc::while_loop(
                           [&](const Outputs &u) { return gc::less(u[0], v[0]); },
                           [&](const Outputs &u) {
                             const auto chosen =
                                 gc::cond(p, [&] { return u[1] * x; }, [&] { return u[1] + x; });
                             return Outputs{u[0] + 1, chosen};
                           },
                           {0, v[1]});
                       return Outputs{v[0] + 1, inner[1]};
                     },
                     {0, x});
  EXPECT_EQ(outer[1].name(), "while:1");
  EXPECT_EQ(g.get_tensor_by_name("while/while/cond:0").name(), "while/while/cond:0");
  EXPECT_EQ(g.verify(), "");
}

TEST_F(ControlFlow, RefuseWrongLoops) {
  const auto always = [](const Outputs &v) { return gc::less(v[0], 3.f); };
  const auto same = [](const Outputs &v) { return v; };
  const auto scalar = gc::reduce_sum(x);
  EXPECT_EQ(messageOf([&] { gc::while_loop(always, same, {}); }),
            "'while_loop' expects one loop variable or more, got none");
  EXPECT_EQ(messageOf([&] { gc::while_loop(always, same, {x}); }),
            "expected cond to give one scalar bool, got bool[?,3]");
  EXPECT_EQ(
      messageOf([&] { gc::while_loop([](const Outputs &v) { return v[0]; }, same, {scalar}); }),
      "expected cond to give one scalar bool, got float32[]");
  EXPECT_EQ(messageOf([&] {
              gc::while_loop(always, [](const Outputs &v) { return Outputs{v[0], v[0]}; },
                             {scalar});
            }),
            "expected the body to give 1 loop variables, got 2");
  EXPECT_EQ(messageOf([&] {
              gc::while_loop(always,
                             [](const Outputs &v) { return Outputs{gc::cast(v[0], gc::float64)}; },
                             {scalar});
            }),
            "loop variable 0 enters an iteration as float32[] and leaves it as float64[]: expected "
            "it to keep its dtype and shape");
  EXPECT_EQ(messageOf([&] {
              gc::while_loop(
                  [&](const Outputs &v) { return gc::less(v[0], n); },
                  [](const Outputs &v) { return Outputs{v[0] + 1, gc::concat({v[1], v[1]}, 1)}; },
                  {0, x}, {.name = "growing"});
            }),
            "loop variable 1 enters an iteration as float32[?,3] and leaves it as float32[?,6]: "
            "expected it to keep its dtype and shape");
  EXPECT_EQ(errorFrom([&] { gc::while_loop(always, same, {x}, {.name = "named"}); }).op_name(),
            "named");
}

TEST_F(ControlFlow, RefuseWrongBranches) {
  const auto one = [&] { return x; };
  EXPECT_EQ(messageOf([&] { gc::cond(x, one, one); }),
            "expected pred to be a scalar bool, got float32[?,3]");
  EXPECT_EQ(
      messageOf([&] { gc::cond(p, one, [&] { return gc::cast(x, gc::float64); }); }),
      "expected true_fn and false_fn to give the same dtypes and shapes, got float32[?,3] and "
      "float64[?,3] for tensor 0");
  EXPECT_EQ(
      messageOf([&] { gc::cond(p, [&] { return Outputs{x, x}; }, [&] { return Outputs{x}; }); }),
      "expected true_fn and false_fn to give equally many tensors, got 2 and 1");
  EXPECT_EQ(messageOf([&] { gc::cond(p, [] { return Outputs{}; }, [] { return Outputs{}; }); }),
            "expected true_fn and false_fn to give at least one tensor, got none");
}

TEST_F(ControlFlow, KeepWhatIsInsideInside) {
  gc::Output inside;
  gc::cond(p, [&] { return inside = gc::exp(x); }, [&] { return x; });
  EXPECT_EQ(messageOf([&] { gc::square(inside); }),
            "operand 0, 'cond/Exp:0', is computed inside the body of a recurrence, loop or branch "
            "and is unknown outside of it");
  EXPECT_EQ(
      messageOf([&] { gc::cond(p, [&] { return inside = gc::exp(x); }, [&] { return inside; }); }),
      "result 0, 'cond_1/Exp:0', is computed inside the body of a recurrence, loop or branch "
      "and is unknown outside of it");
}

TEST_F(ControlFlow, ChangeNoVariables) {
  const auto v = g.get_variable("v", gc::Shape{}, {.initializer = gc::initializers::zeros()});
  EXPECT_EQ(
      messageOf([&] { gc::cond(p, [&] { return v.assign_add(1.f); }, [&] { return v.value(); }); }),
      "the variable 'v' cannot be changed inside the body of a recurrence, loop or branch: "
      "give its new value as a result and assign that outside");
}

TEST_F(ControlFlow, AreFollowedByGradients) {
  const Outputs results = loop();
  EXPECT_TRUE(gc::gradients({gc::reduce_sum(results[1])}, {x})[0]);
  const auto y = gc::cond(p, [&] { return gc::floor(x); }, [&] { return gc::ones_like(x); });
  EXPECT_FALSE(gc::gradients({gc::reduce_sum(y)}, {x})[0]);
}

TEST_F(ControlFlow, RowsAreReplacedByValue) {
  const auto row = g.placeholder(gc::float32, {3}, "row");
  const auto y = gc::update_row(x, n, row);
  EXPECT_EQ(y.name(), "UpdateRow:0");
  EXPECT_EQ(typeOf(y), "float32[?,3]");
  EXPECT_EQ(messageOf([&] { gc::update_row(x, n, x); }),
            "update_row expects row to have the extents of x after the first, got float32[?,3], "
            "int32[] and float32[?,3]");
}

} // namespace
