// Optimizers: slots, names, and what they record.
#include "FrontendTesting.h"

using testing::ElementsAre;
namespace train = gc::train;

namespace {

struct Optimizers : testing::Test {
  gc::Graph g;
  gc::Variable w = g.get_variable("w", {4, 3});
  gc::Variable b = g.get_variable("b", {3}, {.initializer = gc::initializers::zeros()});
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  gc::Output loss = gc::reduce_sum(gc::nn::xw_plus_b(x, w, b));

  ~Optimizers() override { EXPECT_EQ(g.verify(), ""); }
  /// The names of the variables that an optimizer added, and of the ops it recorded last.
  std::vector<std::string> slots() const {
    std::vector<std::string> names = variableNames(g);
    return {names.begin() + 2, names.end()};
  }
  std::vector<std::string> lastOps(std::size_t count) const {
    std::vector<std::string> names = opNames(g);
    return {names.end() - static_cast<std::ptrdiff_t>(count), names.end()};
  }
};

TEST_F(Optimizers, GradientDescent) {
  auto op = train::GradientDescentOptimizer(0.1f).minimize(loss);
  EXPECT_THAT(slots(), ElementsAre());
  EXPECT_THAT(lastOps(5),
              ElementsAre("gradients", "GradientDescent/learning_rate",
                          "GradientDescent/update_w/ApplyGradientDescent",
                          "GradientDescent/update_b/ApplyGradientDescent", "GradientDescent"));
  EXPECT_EQ(op.name(), "GradientDescent");
}

TEST_F(Optimizers, Momentum) {
  train::MomentumOptimizer optimizer(0.05, 0.9, {.use_nesterov = true});
  optimizer.minimize(loss, {.name = "train_op"});
  EXPECT_THAT(slots(), ElementsAre("w/Momentum:0", "b/Momentum:0"));
  EXPECT_THAT(lastOps(5), ElementsAre("train_op/learning_rate", "train_op/momentum",
                                      "train_op/update_w/ApplyMomentum",
                                      "train_op/update_b/ApplyMomentum", "train_op"));
  EXPECT_THAT(g.to_mlir(), testing::HasSubstr("use_nesterov = true"));
  EXPECT_EQ(optimizer.get_slot(w, "momentum").name(), "w/Momentum:0");
  EXPECT_FALSE(optimizer.get_slot(w, "nothing"));
}

TEST_F(Optimizers, Adagrad) {
  train::AdagradOptimizer(0.1).minimize(loss);
  EXPECT_THAT(slots(), ElementsAre("w/Adagrad:0", "b/Adagrad:0"));
  EXPECT_EQ(g.global_variables()[2].initial_value().name(), "w/Adagrad/Initializer/Const:0");
  EXPECT_EQ(
      errorFrom([] { train::AdagradOptimizer(0.1, {.initial_accumulator_value = 0}); }).message(),
      "expected a positive initial_accumulator_value, got 0.000000");
}

TEST_F(Optimizers, RmsProp) {
  train::RMSPropOptimizer(0.001).minimize(loss);
  EXPECT_THAT(slots(), ElementsAre("w/RMSProp:0", "w/RMSProp_1:0", "b/RMSProp:0", "b/RMSProp_1:0"));
  EXPECT_EQ(g.global_variables()[2].initial_value().name(), "w/RMSProp/Initializer/ones:0");
  EXPECT_THAT(lastOps(7), ElementsAre("RMSProp/learning_rate", "RMSProp/decay", "RMSProp/momentum",
                                      "RMSProp/epsilon", "RMSProp/update_w/ApplyRMSProp",
                                      "RMSProp/update_b/ApplyRMSProp", "RMSProp"));
}

TEST_F(Optimizers, RmsPropFromWhereItIsTold) {
  train::RMSPropOptimizer(0.001, {.initial_accumulator_value = 0}).minimize(loss);
  EXPECT_EQ(g.global_variables()[2].initial_value().name(), "w/RMSProp/Initializer/Const:0");
  EXPECT_THAT(g.to_mlir(),
              testing::HasSubstr("%w.RMSProp.Initializer.Const.value = graph.constant  "
                                 "{value = dense<0.000000e+00> : tensor<f32>}"));
  EXPECT_EQ(
      errorFrom([] { train::RMSPropOptimizer(0.1, {.initial_accumulator_value = -1}); }).message(),
      "expected an initial_accumulator_value of 0 or more, got -1.000000");
}

TEST_F(Optimizers, CenteredRmsProp) {
  train::RMSPropOptimizer optimizer(0.001, {.momentum = 0.5, .centered = true});
  optimizer.minimize(loss, {.var_list = {b}});
  EXPECT_THAT(slots(), ElementsAre("b/RMSProp:0", "b/RMSProp_1:0", "b/RMSProp_2:0"));
  EXPECT_EQ(optimizer.get_slot(b, "rms").name(), "b/RMSProp:0");
  EXPECT_EQ(optimizer.get_slot(b, "mg").name(), "b/RMSProp_1:0");
  EXPECT_EQ(optimizer.get_slot(b, "momentum").name(), "b/RMSProp_2:0");
}

TEST_F(Optimizers, AdamAdvancesItsPowersLast) {
  auto rate = g.placeholder(gc::float32, {}, "rate");
  train::AdamOptimizer(rate).minimize(loss);
  EXPECT_THAT(slots(), ElementsAre("beta1_power:0", "beta2_power:0", "w/Adam:0", "w/Adam_1:0",
                                   "b/Adam:0", "b/Adam_1:0"));
  EXPECT_THAT(lastOps(10),
              ElementsAre("Adam/beta1", "Adam/beta2", "Adam/epsilon", "Adam/update_w/ApplyAdam",
                          "Adam/update_b/ApplyAdam", "Adam/mul", "Adam/Assign", "Adam/mul_1",
                          "Adam/Assign_1", "Adam"));
  EXPECT_EQ(g.trainable_variables().size(), 2u);
}

TEST_F(Optimizers, CountTheGlobalStep) {
  auto step = g.get_or_create_global_step();
  auto op = train::AdamOptimizer().minimize(loss, {.global_step = step});
  EXPECT_EQ(op.name(), "Adam");
  EXPECT_EQ(op.type(), "assign_add");
  EXPECT_TRUE(g.get_operation_by_name("Adam/update"));
}

TEST_F(Optimizers, KeepSlotsBetweenCalls) {
  train::AdamOptimizer adam(0.1f);
  auto gradients = adam.compute_gradients(loss);
  adam.apply_gradients(gradients);
  const std::size_t variables = g.global_variables().size();
  EXPECT_EQ(adam.apply_gradients(gradients).name(), "Adam_1");
  EXPECT_EQ(g.global_variables().size(), variables);
}

TEST_F(Optimizers, TwoHaveSlotsOfTheirOwn) {
  train::AdamOptimizer(0.1f).minimize(loss, {.var_list = {w}});
  train::AdamOptimizer(0.1f).minimize(loss, {.var_list = {w}});
  EXPECT_THAT(slots(),
              ElementsAre("beta1_power:0", "beta2_power:0", "w/Adam:0", "w/Adam_1:0",
                          "beta1_power_1:0", "beta2_power_1:0", "w/Adam_2:0", "w/Adam_3:0"));
}

TEST_F(Optimizers, LetGradientsBeChanged) {
  train::AdamOptimizer adam(0.1f);
  auto gradients = adam.compute_gradients(loss);
  for (auto &[gradient, variable] : gradients)
    gradient = gc::clip_by_value(gradient, -1.f, 1.f);
  adam.apply_gradients(gradients);
  EXPECT_EQ(g.get_operation_by_name("Adam/update_b/ApplyAdam").inputs()[6].name(),
            "clip_by_value_1:0");
}

TEST_F(Optimizers, CollectTheGradientsOfAllReads) {
  auto more = loss + gc::reduce_sum(b.read_value());
  auto gradients = train::AdamOptimizer().compute_gradients(more, {.var_list = {b}});
  EXPECT_EQ(gradients[0].gradient.values().op().type(), "add_n");
}

TEST_F(Optimizers, UpdateTheRowsThatWereLookedUp) {
  auto table = g.get_variable("table", {10, 4});
  auto ids = g.placeholder(gc::int32, {gc::none, 3}, "ids");
  auto looked_up = gc::reduce_sum(gc::nn::embedding_lookup(table, ids));
  train::RMSPropOptimizer rms_prop(0.1);
  auto gradients = rms_prop.compute_gradients(looked_up, {.var_list = {table}});
  ASSERT_TRUE(gradients[0].gradient.is_sparse());
  EXPECT_EQ(typeOf(gradients[0].gradient.values()), "float32[?,4]");
  EXPECT_EQ(typeOf(gradients[0].gradient.indices()), "int32[?]");
  EXPECT_EQ(typeOf(gradients[0].gradient.dense()), "float32[10,4]");
  gradients[0].gradient = gc::clip_by_value(gradients[0].gradient, -1.f, 1.f);
  EXPECT_TRUE(gradients[0].gradient.is_sparse());
  rms_prop.apply_gradients(gradients);
  auto type = [&](const char *op) { return g.get_operation_by_name(op).type(); };
  EXPECT_EQ(type("RMSProp/update_table/SparseApplyRMSProp"), "sparse_apply_rms_prop");
  train::MomentumOptimizer(0.1, 0.9).minimize(looked_up, {.var_list = {table}});
  EXPECT_EQ(type("Momentum/update_table/SparseApplyMomentum"), "sparse_apply_momentum");
  train::AdagradOptimizer(0.1).minimize(looked_up, {.var_list = {table}});
  EXPECT_EQ(type("Adagrad/update_table/SparseApplyAdagrad"), "sparse_apply_adagrad");
  train::GradientDescentOptimizer(0.1).minimize(looked_up, {.var_list = {table}});
  EXPECT_EQ(type("GradientDescent/update_table/SparseApplyGradientDescent"),
            "sparse_apply_gradient_descent");
  // Adam moves all rows, as tf.train.AdamOptimizer does.
  train::AdamOptimizer(0.1).minimize(looked_up, {.var_list = {table}});
  EXPECT_EQ(type("Adam/update_table/ApplyAdam"), "apply_adam");
}

TEST_F(Optimizers, UpdateAllRowsWhereTheTableIsUsedOtherwiseToo) {
  auto table = g.get_variable("table", {10, 4});
  auto ids = g.placeholder(gc::int32, {gc::none, 3}, "ids");
  auto both = gc::reduce_sum(gc::nn::embedding_lookup(table, ids)) + gc::nn::l2_loss(table);
  auto gradients = train::RMSPropOptimizer(0.1).compute_gradients(both, {.var_list = {table}});
  EXPECT_FALSE(gradients[0].gradient.is_sparse());
  EXPECT_EQ(typeOf(gradients[0].gradient.values()), "float32[10,4]");
}

TEST_F(Optimizers, ConvertTheirHyperparameters) {
  auto v = g.get_variable("v", {2}, {.dtype = gc::float64});
  train::MomentumOptimizer(0.1f, 0.9f).minimize(gc::reduce_sum(v), {.var_list = {v}});
  EXPECT_EQ(g.get_operation_by_name("Momentum/update_v/ApplyMomentum").inputs()[0].dtype(),
            gc::float64);
}

TEST_F(Optimizers, SkipVariablesWithoutGradients) {
  auto unused = g.get_variable("unused", {2});
  train::AdamOptimizer adam;
  auto gradients = adam.compute_gradients(loss);
  ASSERT_EQ(gradients.size(), 3u);
  EXPECT_FALSE(gradients[2].gradient);
  adam.apply_gradients(gradients);
  EXPECT_FALSE(adam.get_slot(unused, "m"));
}

TEST_F(Optimizers, RefuseToTrainNothing) {
  train::AdamOptimizer adam;
  auto constant = gc::reduce_sum(x);
  EXPECT_EQ(errorFrom([&] { adam.minimize(constant); }).message(),
            "no gradients provided for any variable: no gradient of 'Sum_1:0' reaches 'w', 'b'");
  EXPECT_EQ(errorFrom([&] { adam.apply_gradients({{gc::Output(), w}}); }).message(),
            "no gradients provided for any variable: 'w'");
  EXPECT_EQ(errorFrom([&] { adam.apply_gradients({}); }).message(), "no variables provided");
  EXPECT_EQ(errorFrom([&] { adam.apply_gradients({{b.value(), w}}); }).message(),
            "expected a gradient of float32[4,3] for the variable 'w', got float32[3]");
  gc::Graph empty;
  EXPECT_EQ(errorFrom([&] { adam.compute_gradients(empty.placeholder(gc::float32)); }).message(),
            "no variables to optimize");
}

} // namespace
