// Optimizers' updates in loops and branches: there they are formulas, here compared with the ops.
#include <map>

#include "runtime/reference/Optimizers.h"
#include "tests/unit/import/FunctionText.h"
#include "tests/unit/import/LoopText.h"

namespace graphc::test {
namespace {

struct Optimizer {
  std::string type; ///< TensorFlow's, without "Resource"
  std::string op;
  std::vector<std::string> slots; ///< attributes of the op, in the order of TensorFlow's inputs
  std::vector<double> scalars;    ///< operands but the gradient, in the order of the op's
  std::vector<int> inputs;        ///< TensorFlow's order of the operands, the gradient's as -1
  std::string attributes = {};
};

const Optimizer kOptimizers[] = {
    {"ApplyGradientDescent", "apply_gradient_descent", {}, {.1}, {0, -1}},
    {"ApplyMomentum", "apply_momentum", {"accumulator"}, {.1, .9}, {0, -1, 1}},
    {"ApplyMomentum",
     "apply_momentum",
     {"accumulator"},
     {.1, .9},
     {0, -1, 1},
     attribute("use_nesterov", "b: true")},
    {"ApplyAdagrad", "apply_adagrad", {"accumulator"}, {.1}, {0, -1}},
    {"ApplyRMSProp",
     "apply_rms_prop",
     {"mean_square", "momentum_slot"},
     {.1, .9, .5, .01},
     {0, 1, 2, 3, -1}},
    {"ApplyCenteredRMSProp",
     "apply_centered_rms_prop",
     {"mean_gradient", "mean_square", "momentum_slot"},
     {.1, .9, .5, .01},
     {0, 1, 2, 3, -1}},
    {"ApplyAdam", "apply_adam", {"m", "v"}, {.81, .998, .1, .9, .999, .01}, {0, 1, 2, 3, 4, 5, -1}},
};

std::string variableText(const std::string &name, const std::string &value) {
  const std::string shape = "dim { size: 2 }", first = name + "_first", init = name + "_init";
  return node(name, "VarHandleOp", {},
              attribute("dtype", "type: DT_FLOAT") +
                  attribute("shape", "shape { " + shape + " }")) +
         constant(first, "dtype: DT_FLOAT tensor_shape { " + shape + " } float_val: " + value) +
         node(init, "AssignVariableOp", {name.c_str(), first.c_str()}) +
         node(name + "_now", "ReadVariableOp", {name.c_str()});
}

std::string input(const std::string &name) { return " input: \"" + name + "\""; }

/// Two iterations of a loop whose body updates the variable w and its slots by the gradient w * x.
std::string training(const Optimizer &optimizer) {
  std::string text = placeholder("x", "dim { size: 2 }") + variableText("w", "2");
  LoopText loop("l", "l/less");
  loop.variable("i", "zero", "l/next").constant("two", "two").constant("one", "one");
  loop.constant("x", "x").constant("w", "w");
  std::string inputs = input("l/w"), inits = " input: \"^w_init\"";
  for (const std::string &slot : optimizer.slots) {
    text += variableText(slot, slot == "m" || slot == "mean_gradient" ? ".1" : "3");
    loop.constant(slot, slot);
    inputs += input("l/" + slot);
    inits += " input: \"^" + slot + "_init\"";
  }
  for (int k : optimizer.inputs) {
    const std::string name = k < 0 ? "gradient" : "scalar" + std::to_string(k);
    inputs += input("l/" + name);
    if (k < 0)
      continue;
    text += number(name, std::to_string(optimizer.scalars[static_cast<std::size_t>(k)]));
    loop.constant(name, name);
  }
  loop += node("l/less", "Less", {"l/i/Merge", "l/two"}) +
          node("l/value", "ReadVariableOp", {"l/w"}, input("^l/i/Identity")) +
          node("l/gradient", "Mul", {"l/value", "l/x"}) +
          "node { name: \"l/update\" op: \"Resource" + optimizer.type + "\"" + inputs + " " +
          optimizer.attributes + " }\n" +
          node("l/next", "Add", {"l/i/Identity", "l/one", "^l/update"});
  return text + integer("zero", 0) + integer("one", 1) + integer("two", 2) + loop.text() +
         "node { name: \"start\" op: \"NoOp\"" + inits + " }\n";
}

using RegionUpdates = ImportTest;

TEST_F(RegionUpdates, AreThoseOfTheOps) {
  int number = 0;
  for (const Optimizer &optimizer : kOptimizers) {
    SCOPED_TRACE(optimizer.op);
    const ImportOptions options{.prefix = "case" + std::to_string(number++)};
    importText(training(optimizer), options);
    const std::string p = options.prefix + "/";
    Session session(graph);
    session.run(p + "start");
    const Tensor x = Tensor::of<float>({2}, {.5, -1.5});
    EXPECT_EQ(session.run({{p + "x", x}}, p + "l/i/Exit:0")[0].scalar<std::int32_t>(), 2);

    std::map<std::string, Tensor> expected{{"variable", Tensor::of<double>({2}, {2, 2})}};
    std::map<std::string, Tensor *> state{{"variable", &expected["variable"]}};
    Attributes attributes{{"use_nesterov", !optimizer.attributes.empty()}};
    for (const std::string &slot : optimizer.slots) {
      const double first = slot == "m" || slot == "mean_gradient" ? .1 : 3;
      expected[slot] = Tensor::of<double>({2}, {first, first});
      state[slot] = &expected[slot];
    }
    for (int iteration = 0; iteration < 2; ++iteration) {
      const auto w = expected["variable"].values<double>();
      std::vector<Tensor> operands;
      for (int k : optimizer.inputs)
        operands.push_back(k < 0 ? Tensor::of<double>({2}, {w[0] * .5, w[1] * -1.5})
                                 : Tensor(optimizer.scalars[static_cast<std::size_t>(k)]));
      reference::applyOptimizer({optimizer.op, attributes, operands}, state);
    }
    for (const auto &[slot, want] : expected) {
      SCOPED_TRACE(slot);
      const auto got = session.run(p + (slot == "variable" ? "w" : slot) + "_now:0")[0];
      for (std::size_t i : {0u, 1u})
        EXPECT_NEAR(got.values<float>()[i], want.values<double>()[i], 1e-5);
    }
  }
}

/// A branch that descends, and one that does not.
TEST_F(RegionUpdates, OnlyInTheBranchThatIsTaken) {
  importText(placeholder("x", "dim { size: 2 }") + variableText("w", "2") +
             node("yes", "Placeholder", {},
                  attribute("dtype", "type: DT_BOOL") + attribute("shape", "shape {}")) +
             number("rate", "0.5") + node("c/w", "Switch", {"w", "yes"}) +
             node("c/x", "Switch", {"x", "yes"}) + node("c/rate", "Switch", {"rate", "yes"}) +
             node("c/step", "ResourceApplyGradientDescent", {"c/w:1", "c/rate:1", "c/x:1"}) +
             node("c/t", "Identity", {"c/x:1", "^c/step"}) + node("c/f", "Neg", {"c/x"}) +
             node("c/Merge", "Merge", {"c/f", "c/t"}));
  Session session(graph);
  session.run("w_init");
  const Tensor x = Tensor::of<float>({2}, {2, 3});
  session.run({{"x", x}, {"yes", Tensor(false)}}, "c/Merge:0");
  EXPECT_EQ(session.run("w_now:0")[0].values<float>()[1], 2);
  session.run({{"x", x}, {"yes", Tensor(true)}}, "c/Merge:0");
  EXPECT_EQ(session.run("w_now:0")[0].values<float>()[1], .5);
}

} // namespace
} // namespace graphc::test
