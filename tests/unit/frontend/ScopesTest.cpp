// Name scopes and variable scopes, against TensorFlow 1.15.
#include "FrontendTesting.h"

namespace {

struct Scopes : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");

  std::string variableName() { return g.get_variable("v", {2}).name(); }
};

TEST_F(Scopes, OfTheSameNameAreMadeUnique) {
  for (const char *expected : {"a/Tanh:0", "a_1/Tanh:0", "a_2/Tanh:0"}) {
    auto scope = g.name_scope("a");
    EXPECT_EQ(gc::tanh(x).name(), expected);
  }
}

TEST_F(Scopes, ReopenWithATrailingSlash) {
  {
    auto scope = g.name_scope("a");
    EXPECT_EQ(scope.name(), "a/");
    auto inner = g.name_scope("b");
    EXPECT_EQ(inner.name(), "a/b/");
  }
  {
    auto scope = g.name_scope("a/");
    EXPECT_EQ(gc::tanh(x).name(), "a/Tanh:0");
  }
  auto scope = g.name_scope("a/b/");
  EXPECT_EQ(gc::tanh(x).name(), "a/b/Tanh:0");
  {
    auto root = g.name_scope("");
    EXPECT_EQ(gc::tanh(x).name(), "Tanh:0");
  }
  EXPECT_EQ(gc::tanh(x).name(), "a/b/Tanh_1:0");
}

TEST_F(Scopes, ShareNamesWithOps) {
  EXPECT_EQ(gc::add(x, x, "a").name(), "a:0");
  auto scope = g.name_scope("a");
  EXPECT_EQ(scope.name(), "a_1/");
}

TEST_F(Scopes, DoNotPrefixVariables) {
  auto scope = g.name_scope("a");
  EXPECT_EQ(variableName(), "v:0");
  EXPECT_EQ(g.variable(1.f, {.name = "w"}).name(), "a/w:0"); // but tf.Variable they do
}

TEST_F(Scopes, OfVariablesOpenANameScope) {
  auto scope = g.variable_scope("a");
  EXPECT_EQ(variableName(), "a/v:0");
  EXPECT_EQ(gc::tanh(x).name(), "a/Tanh:0");
}

TEST_F(Scopes, OfVariablesOpenAFreshNameScopeEachTime) {
  {
    auto scope = g.variable_scope("a");
  }
  auto scope = g.variable_scope("a");
  EXPECT_EQ(variableName(), "a/v:0");
  EXPECT_EQ(gc::tanh(x).name(), "a_1/Tanh:0");
}

TEST_F(Scopes, NestAndRepeatAsInTensorFlow) {
  auto outer = g.variable_scope("outer");
  for (const char *expected : {"outer/inner/v:0", "outer/inner_1/v:0", "outer/inner_2/v:0"}) {
    auto scope = g.variable_scope("", {.default_name = "inner"});
    EXPECT_EQ(variableName(), expected);
  }
}

TEST_F(Scopes, BeginCountingAfreshWhenReopened) {
  {
    auto outer = g.variable_scope("outer");
    auto inner = g.variable_scope("", {.default_name = "inner"});
    EXPECT_EQ(variableName(), "outer/inner/v:0");
  }
  auto outer = g.variable_scope("outer", {.reuse = true});
  auto inner = g.variable_scope("", {.default_name = "inner"});
  EXPECT_EQ(variableName(), "outer/inner/v:0");
}

TEST_F(Scopes, CanBeEnteredAgainAsValues) {
  gc::VariableScope kept;
  {
    auto scope = g.variable_scope("a");
    kept = scope.scope();
  }
  EXPECT_EQ(kept.name, "a");
  EXPECT_EQ(kept.original_name_scope, "a/");
  auto other = g.variable_scope("other");
  {
    auto scope = g.variable_scope(kept);
    EXPECT_EQ(variableName(), "a/v:0");
    EXPECT_EQ(gc::tanh(x).name(), "other/a/Tanh:0");
  }
  auto scope = g.variable_scope(kept, {.reuse = true, .auxiliary_name_scope = false});
  EXPECT_EQ(variableName(), "a/v:0");
  EXPECT_EQ(gc::tanh(x).name(), "other/Tanh:0");
}

TEST_F(Scopes, PassOnReuseInitializerAndDtype) {
  auto outer =
      g.variable_scope("a", {.initializer = gc::initializers::ones(), .dtype = gc::float64});
  {
    auto inner = g.variable_scope("b");
    auto v = g.get_variable("v", {2});
    EXPECT_EQ(v.dtype(), gc::float64);
    EXPECT_EQ(v.initial_value().name(), "a/b/v/Initializer/ones:0");
  }
  outer.reuse_variables();
  auto inner = g.variable_scope("b");
  EXPECT_EQ(variableName(), "a/b/v:0");
  EXPECT_EQ(g.global_variables().size(), 1u);
}

TEST_F(Scopes, OfControlDependenciesMarkTheOpsInside) {
  auto v = g.get_variable("v", {2});
  auto update = v.assign_add(gc::zeros(g, {2}));
  gc::Output after;
  {
    auto dependencies = g.control_dependencies({update, x});
    after = v.read_value();
    g.get_variable("w", {2}); // made without them
  }
  const std::string text = g.to_mlir();
  EXPECT_NE(text.find("control_inputs = [\"AssignAdd\", \"x\"]"), std::string::npos);
  EXPECT_EQ(text.find("control_inputs", text.find("control_inputs") + 1), std::string::npos);
}

} // namespace
