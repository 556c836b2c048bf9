// Updates of variables in place, against the reference's formulas.
#include <gtest/gtest.h>

#include "ir/Conversion.h"
#include "runtime/reference/Optimizers.h"
#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

struct Optimizer {
  std::string name;
  std::vector<std::string> state; ///< variable and slots, in the order of the op's attributes
  std::vector<double> scalars;    ///< operands but the gradient
  std::size_t gradient;           ///< its place among the operands
};

const Optimizer kOptimizers[] = {
    {"apply_gradient_descent", {"variable"}, {.1}, 1},
    {"apply_momentum", {"variable", "accumulator"}, {.1, .9}, 1},
    {"apply_adagrad", {"variable", "accumulator"}, {.1}, 1},
    {"apply_rms_prop", {"variable", "mean_square", "momentum_slot"}, {.1, .9, .5, 1e-3}, 4},
    {"apply_centered_rms_prop",
     {"variable", "mean_gradient", "mean_square", "momentum_slot"},
     {.1, .9, .5, 1e-1},
     4},
    {"apply_rms_prop", {"variable", "mean_square"}, {.1, .9, .5, 1e-3}, 4},
    {"apply_centered_rms_prop",
     {"variable", "mean_gradient", "mean_square"},
     {.1, .9, .5, 1e-1},
     4},
    {"apply_adam", {"variable", "m", "v"}, {.81, .998, .01, .9, .999, 1e-8}, 6},
};

Attributes attributesOf(const Optimizer &optimizer, bool nesterov, int number = 0) {
  Attributes attributes;
  for (const std::string &name : optimizer.state)
    attributes.set(name, SymbolName{name + std::to_string(number)});
  if (optimizer.name == "apply_momentum")
    attributes.set("use_nesterov", nesterov);
  return attributes;
}

/// State that an optimizer may have: squares are not below those of means.
Tensor state(const std::string &name, DataType dtype, const Shape &shape, unsigned seed) {
  Tensor tensor = sample(dtype, shape, seed);
  if (name == "variable" || name == "m" || name == "momentum_slot" || name == "mean_gradient")
    return tensor;
  dispatch(dtype, [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
      tensor.data<T>()[i] = tensor.data<T>()[i] * tensor.data<T>()[i] + 20;
  });
  return tensor;
}

void expectUpdate(const Optimizer &optimizer, DataType dtype, const Shape &shape, bool nesterov) {
  SCOPED_TRACE(optimizer.name + " " + shape.to_string());
  std::vector<Tensor> operands;
  for (const double scalar : optimizer.scalars)
    operands.push_back(Tensor(scalar).cast(dtype));
  operands.insert(operands.begin() + static_cast<std::ptrdiff_t>(optimizer.gradient),
                  sample(dtype, shape, 9));
  std::vector<Tensor> inputs = operands;
  std::map<std::string, Tensor> expected;
  std::map<std::string, Tensor *> slots;
  for (const std::string &name : optimizer.state) {
    inputs.push_back(state(name, dtype, shape, static_cast<unsigned>(inputs.size())));
    expected[name] = inputs.back().clone();
    slots[name] = &expected[name];
  }
  std::vector<ValueType> types;
  for (const Tensor &input : inputs)
    types.push_back(typeOf(input));
  const Attributes attributes = attributesOf(optimizer, nesterov);
  Cluster cluster(types, [&](GraphBuilder &g, const Values &x) -> Values {
    g.createOp(optimizer.name, mlir::TypeRange(), mlir::ValueRange(x).take_front(operands.size()),
               attributes);
    return {};
  });
  ASSERT_EQ(cluster.whyNot(), "");
  const std::int64_t extent = cluster.shape().extent;
  cluster.run(inputs,
              extent > 2 ? std::vector<std::int64_t>{1, extent / 2} : std::vector<std::int64_t>{});
  reference::applyOptimizer({optimizer.name, attributes, operands}, slots);
  for (std::size_t i = 0; i < optimizer.state.size(); ++i) {
    SCOPED_TRACE(optimizer.state[i]);
    expectClose(inputs[operands.size() + i], expected[optimizer.state[i]], {1e-5, 1e-6});
  }
}

TEST(UpdateKernels, EveryOptimizer) {
  for (const Optimizer &optimizer : kOptimizers)
    for (const DataType dtype : {float32, float64})
      for (const Shape &shape : {Shape{36, 27}, Shape{5}, Shape{}})
        expectUpdate(optimizer, dtype, shape, false);
  expectUpdate(kOptimizers[1], float32, {33}, true);
}

TEST(UpdateKernels, Assignments) {
  for (const char *name : {"assign", "assign_add", "assign_sub"})
    for (const DataType dtype : {float32, int32, int64}) {
      SCOPED_TRACE(name);
      const Tensor value = sample(dtype, {3, 7}, 1);
      Tensor variable = sample(dtype, {3, 7}, 2);
      Cluster cluster({typeOf(value), typeOf(variable)},
                      [&](GraphBuilder &g, const Values &x) -> Values {
                        return {g.createOp(name, mlir::TypeRange(x[0].getType()), {x[0]},
                                           {{"variable", SymbolName{"v"}}})
                                    ->getResult(0)};
                      });
      Tensor expected = value.clone();
      dispatch(dtype, [&](auto zero) {
        using T = decltype(zero);
        for (std::int64_t i = 0; i < value.num_elements(); ++i) {
          const T old = variable.data<T>()[i], by = value.data<T>()[i];
          expected.data<T>()[i] = std::string(name) == "assign"       ? by
                                  : std::string(name) == "assign_add" ? static_cast<T>(old + by)
                                                                      : static_cast<T>(old - by);
        }
      });
      const std::vector<Tensor> results = cluster.run({value, variable}, {2});
      ASSERT_EQ(results.size(), 1u);
      expectClose(results[0], expected, {});
      expectClose(variable, expected, {});
    }
}

TEST(UpdateKernels, SeveralVariablesInOneKernel) {
  // Gradients clipped, two variables of different shapes updated: one kernel, one extent.
  const Shape shapes[] = {{40, 27}, {27}};
  std::vector<Tensor> inputs = {Tensor(.1f), sample(float32, shapes[0], 1),
                                sample(float32, shapes[1], 2), sample(float32, shapes[0], 3),
                                sample(float32, shapes[1], 4)};
  std::vector<ValueType> types;
  for (const Tensor &input : inputs)
    types.push_back(typeOf(input));
  Cluster cluster(types, [&](GraphBuilder &g, const Values &x) -> Values {
    for (int i = 0; i < 2; ++i) {
      const mlir::Value gradient =
          g.create("clip_by_value", {x[1 + i], g.scalarLike(-1, x[0]), g.scalarLike(1, x[0])});
      g.createOp("apply_gradient_descent", mlir::TypeRange(), {x[0], gradient},
                 {{"variable", SymbolName{"v" + std::to_string(i)}}});
    }
    return {g.create("square", {x[0]})};
  });
  ASSERT_EQ(cluster.whyNot(), "");
  const Tensor before[] = {inputs[3].clone(), inputs[4].clone()};
  const std::int64_t extent = cluster.shape().extent;
  const std::vector<Tensor> results = cluster.run(inputs, {extent / 5, extent / 2, extent - 3});
  EXPECT_FLOAT_EQ(results[0].scalar<float>(), .01f);
  for (int i = 0; i < 2; ++i)
    for (std::int64_t j = 0; j < before[i].num_elements(); ++j) {
      const float gradient = std::clamp(inputs[1 + i].data<float>()[j], -1.f, 1.f);
      ASSERT_NEAR(inputs[3 + i].data<float>()[j], before[i].data<float>()[j] - .1f * gradient,
                  1e-6f)
          << j;
    }
}

TEST(UpdateKernels, NeedBlockArgumentsForTheirVariables) {
  Cluster cluster({{float32, {3}}}, [](GraphBuilder &g, const Values &x) -> Values {
    g.createOp("apply_adagrad", mlir::TypeRange(), {g.scalarLike(1, x[0]), x[0]},
               {{"variable", SymbolName{"v"}}, {"accumulator", SymbolName{"a"}}});
    return {};
  });
  EXPECT_EQ(cluster.whyNot(), "the body lacks block arguments for its variables");
}

} // namespace
} // namespace graphc::kernel_testing
