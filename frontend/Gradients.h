// Gradients of tensors by tensors, and gradients of one's own for op types.
#pragma once

#include <functional>
#include <optional>

#include "frontend/Graph.h"

namespace graphc {

struct GradientsOptions {
  /// Weights of the ys, of their types; default: ones.
  std::vector<Output> grad_ys = {};
  std::string_view name = {};
};
/// For every x the sum over all ys of dy/dx, of x's type; an empty Output where no gradient of a y
/// reaches x, TensorFlow's None. A variable stands for its reads. The ys are float32 or float64.
std::vector<Output> gradients(const std::vector<Output> &ys, const std::vector<Output> &xs,
                              const GradientsOptions &options = {}, Where where = Where::current());

/// A gather along axis 0 of a tensor: its result and its indices.
struct LookUp {
  Output result;
  Output indices;
};
/// For graphc itself: the gathers along axis 0 through which alone gradients of `y` flow to `x`;
/// nothing where they also flow otherwise.
std::optional<std::vector<LookUp>> look_ups(const Output &y, const Output &x);

/// Gives ops of the type `op_type` ("tanh", as Operation::type() says) of this graph a gradient of
/// the user's own: `function(op, gradients)` gets the gradients of the op's results, empty where a
/// result carries none, and returns one Output for each operand, empty where there is none. It runs
/// when the program is compiled, on a graph that holds a copy of the op.
void register_gradient(
    Graph &graph, const std::string &op_type,
    std::function<std::vector<Output>(const Operation &op, const std::vector<Output> &gradients)>
        function);

} // namespace graphc
