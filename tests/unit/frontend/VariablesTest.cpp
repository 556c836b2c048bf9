// Making, sharing and assigning variables.
#include "FrontendTesting.h"

using testing::ElementsAre;

namespace {

struct Variables : testing::Test {
  gc::Graph g;
};

TEST_F(Variables, HaveTensorFlowsOps) {
  auto v = g.get_variable("v", {9, 27});
  EXPECT_THAT(opNames(g),
              ElementsAre("v/Initializer/random_uniform/min", "v/Initializer/random_uniform/max",
                          "v/Initializer/random_uniform/RandomUniform",
                          "v/Initializer/random_uniform/sub", "v/Initializer/random_uniform/mul",
                          "v/Initializer/random_uniform", "v/Assign", "v/read"));
  EXPECT_EQ(v.name(), "v:0");
  EXPECT_EQ(v.op_name(), "v");
  EXPECT_EQ(v.value().name(), "v/read:0");
  EXPECT_EQ(v.initializer().name(), "v/Assign");
  EXPECT_EQ(v.dtype(), gc::float32);
  EXPECT_EQ(v.shape(), (gc::Shape{9, 27}));
  EXPECT_TRUE(v.trainable());
}

TEST_F(Variables, OfValuesHaveAnInitialValue) {
  auto v = g.variable(0.9f, {.trainable = false, .name = "beta1_power"});
  EXPECT_THAT(opNames(g),
              ElementsAre("beta1_power/initial_value", "beta1_power/Assign", "beta1_power/read"));
  EXPECT_EQ(g.variable(1).dtype(), gc::int32);
  EXPECT_EQ(g.variable(1).name(), "Variable_1:0");
  auto w = g.variable(gc::random_normal(g, {9, 32}), {.name = "w"});
  EXPECT_EQ(w.initial_value().name(), "random_normal:0");
  EXPECT_THAT(g.trainable_variables().size(), 3u);
}

TEST_F(Variables, AreSharedWhereTheScopeReuses) {
  auto first = g.get_variable("v", {2, 3});
  auto scope = g.variable_scope(g.get_variable_scope(), {.reuse = true});
  EXPECT_EQ(g.get_variable("v", {2, 3}), first);
  EXPECT_EQ(g.global_variables().size(), 1u);
}

TEST_F(Variables, AreMadeOrSharedUnderAutoReuse) {
  auto scope = g.variable_scope("a", {.auto_reuse = true});
  auto first = g.get_variable("v", {2});
  EXPECT_EQ(g.get_variable("v", {2}), first);
}

TEST_F(Variables, MadeTwiceAreAnError) {
  g.get_variable("v", {2});
  const gc::Error error = errorFrom([&] { g.get_variable("v", {2}); });
  EXPECT_EQ(error.code(), gc::Code::already_exists);
  EXPECT_EQ(error.op_name(), "v");
  EXPECT_EQ(error.message(),
            "variable 'v' already exists, disallowed; did you mean to set reuse or "
            "auto_reuse in the variable scope?");
}

TEST_F(Variables, ReusedButMissingAreAnError) {
  g.variable(1.f, {.name = "v"}); // not made by get_variable
  auto scope = g.variable_scope(g.get_variable_scope(), {.reuse = true});
  const gc::Error error = errorFrom([&] { g.get_variable("v", {2}); });
  EXPECT_EQ(error.code(), gc::Code::not_found);
  EXPECT_EQ(error.message(),
            "variable 'v' does not exist, or was not made by get_variable; did you "
            "mean to leave reuse out of the variable scope?");
}

TEST_F(Variables, SharedWithAnotherTypeAreAnError) {
  g.get_variable("v", {2});
  auto scope = g.variable_scope(g.get_variable_scope(), {.reuse = true});
  EXPECT_EQ(errorFrom([&] { g.get_variable("v", {3}); }).message(),
            "trying to share variable 'v', but specified shape [3], found shape [2]");
  EXPECT_EQ(errorFrom([&] { g.get_variable("v", {2}, {.dtype = gc::float64}); }).message(),
            "trying to share variable 'v', but specified dtype float64, found dtype float32");
}

TEST_F(Variables, NeedAFullyKnownShape) {
  EXPECT_EQ(errorFrom([&] { g.get_variable("v", {gc::none, 2}); }).message(),
            "the shape of a new variable 'v' must be fully known, got [?,2]");
  EXPECT_EQ(errorFrom([&] { g.get_variable("v", gc::GetVariableOptions{}); }).message(),
            "the shape of a new variable 'v' must be given");
  auto x = g.placeholder(gc::float32, {gc::none}, "x");
  EXPECT_EQ(errorFrom([&] { g.variable(x, {.name = "w"}); }).message(),
            "expected a fully known shape of the initial value, got [?]");
}

TEST_F(Variables, CheckTheirInitialValue) {
  EXPECT_EQ(errorFrom([&] {
              g.get_variable("v", {3}, {.initializer = gc::Tensor::of<float>({2}, {1, 2})});
            }).message(),
            "expected an initial value of shape [3], got [2]");
  EXPECT_EQ(errorFrom([&] {
              g.get_variable("w", {.initializer = gc::Tensor(1.f), .dtype = gc::float64});
            }).message(),
            "expected an initial value of dtype float64, got float32");
}

TEST_F(Variables, AreAssigned) {
  auto v = g.get_variable("v", {2});
  auto two = gc::ones(g, {2});
  EXPECT_EQ(v.assign(two).name(), "Assign:0");
  EXPECT_EQ(gc::assign_add(v, two).name(), "AssignAdd:0");
  EXPECT_EQ(gc::assign_sub(v, two, "down").name(), "down:0");
  EXPECT_EQ(v.read_value().name(), "Identity:0");
  auto count = g.variable(0, {.trainable = false, .name = "count"});
  EXPECT_EQ(count.assign_add(1).op().inputs()[0].name(), "AssignAdd_1/value:0");
  EXPECT_EQ(g.verify(), "");
}

TEST_F(Variables, RefuseValuesOfOtherTypes) {
  auto v = g.get_variable("v", {2});
  const gc::Error error = errorFrom([&] { v.assign(gc::ones(g, {3})); });
  EXPECT_EQ(error.message(), "expected float32[2] for the variable 'v', got float32[3]");
  EXPECT_EQ(error.op_name(), "Assign");
}

TEST_F(Variables, OfIntegersBeginWithZeros) {
  auto v = g.get_variable("v", {2}, {.dtype = gc::int64});
  EXPECT_EQ(v.initial_value().name(), "v/Initializer/zeros:0");
  EXPECT_EQ(v.initial_value().dtype(), gc::int64);
}

TEST_F(Variables, CountSteps) {
  auto step = g.get_or_create_global_step();
  EXPECT_EQ(step.name(), "global_step:0");
  EXPECT_EQ(step.dtype(), gc::int64);
  EXPECT_FALSE(step.trainable());
  EXPECT_EQ(g.get_or_create_global_step(), step);
}

TEST(Initializers, MakeValuesOfTheWantedType) {
  gc::Graph g;
  using namespace gc::initializers;
  const std::vector<gc::Initializer> all{zeros(),
                                         ones(),
                                         constant(0.5f),
                                         random_uniform(-1, 1),
                                         random_normal(),
                                         truncated_normal(),
                                         variance_scaling(2, "fan_out", "untruncated_normal"),
                                         glorot_uniform(),
                                         glorot_normal(),
                                         orthogonal(2.0)};
  int index = 0;
  for (const gc::Initializer &initializer : all)
    for (gc::DataType dtype : {gc::float32, gc::float64}) {
      auto v = g.get_variable("v" + std::to_string(index++), {40, 30},
                              {.initializer = initializer, .dtype = dtype});
      EXPECT_EQ(v.dtype(), dtype);
      EXPECT_EQ(v.shape(), (gc::Shape{40, 30}));
    }
  auto wide = g.get_variable("wide", {3, 2, 30}, {.initializer = orthogonal()});
  EXPECT_EQ(wide.shape(), (gc::Shape{3, 2, 30}));
  EXPECT_EQ(g.verify(), "");
}

TEST(Initializers, RefuseWrongArguments) {
  using namespace gc::initializers;
  EXPECT_EQ(errorFrom([] { variance_scaling(0); }).message(),
            "expected a positive scale, got 0.000000");
  EXPECT_EQ(errorFrom([] { variance_scaling(1, "fan"); }).message(),
            "expected the mode fan_in, fan_out or fan_avg, got 'fan'");
  EXPECT_EQ(errorFrom([] { variance_scaling(1, "fan_in", "gamma"); }).message(),
            "expected the distribution truncated_normal, untruncated_normal or uniform, got "
            "'gamma'");
  gc::Graph g;
  EXPECT_EQ(errorFrom([&] { g.get_variable("v", {3}, {.initializer = orthogonal()}); }).message(),
            "expected at least two extents to make orthogonal, got [3]");
}

} // namespace
