#include <limits>

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NeuralNetwork.h"
#include "frontend/ops/Reductions.h"

namespace graphc {

static bool isScalar(const Output &x) {
  return x && !x.is_poisoned() && x.shape().has_rank() && x.shape().rank() == 0;
}

Output clip_by_value(const Output &x, const Input &low, const Input &high, std::string_view name,
                     Where where) {
  Graph &graph = graphOf(x, "clip_by_value", where);
  OpScope scope(graph, name, "clip_by_value");
  Output upper;
  {
    // TensorFlow's is a Minimum and then a Maximum with the op's own name.
    OpScope minimum(graph, "Minimum", "Minimum");
    upper = toOutput(graph, high, x.dtype(), "y", where);
  }
  const Output lower = toOutput(graph, low, x.dtype(), "y", where);
  if (isScalar(lower) && isScalar(upper))
    return recordOne(graph, "clip_by_value", {x, lower, upper}, {}, scope.name(), where);
  return maximum(minimum(x, upper, "Minimum", where), lower, scope.name(), where);
}

Output clip_by_norm(const Output &x, const Input &clip_norm, const Axes &axes,
                    std::string_view name, Where where) {
  Graph &graph = graphOf(x, "clip_by_norm", where);
  OpScope scope(graph, name, "clip_by_norm");
  const Output limit = toOutput(graph, clip_norm, x.dtype(), "clip_norm", where);
  const Output squares = reduce_sum(multiply(x, x, "mul", where), axes, true, {}, where);
  const Output positive = greater(squares, 0, "Greater", where);
  // Where all elements are zero, the square root's gradient would be infinite.
  const Output safe =
      graphc::where(positive, squares, ones_like(squares, {}, where), "Select", where);
  const Output norm = graphc::where(positive, sqrt(safe, {}, where), squares, "Select", where);
  const Output scaled = multiply(x, limit, "mul", where);
  return identity(divide(scaled, maximum(norm, limit, {}, where), "truediv", where), scope.name(),
                  where);
}

Output global_norm(const std::vector<Output> &tensors, std::string_view name, Where where) {
  Graph &graph = graphOf(tensors, "global_norm", where);
  OpScope scope(graph, name, "global_norm");
  std::vector<Output> halves;
  for (const Output &tensor : tensors)
    if (tensor)
      halves.push_back(nn::l2_loss(tensor, {}, where));
  const Output half = reduce_sum(stack(halves, 0, {}, where), Axes(), false, {}, where);
  const Output two = toOutput(graph, 2, half.dtype(), "Const", where);
  return sqrt(multiply(half, two, "mul", where), "global_norm", where);
}

ClippedByGlobalNorm clip_by_global_norm(const std::vector<Output> &tensors, const Input &clip_norm,
                                        const Output &use_norm, std::string_view name,
                                        Where where) {
  Graph &graph = graphOf(tensors, "clip_by_global_norm", where);
  const Output norm = use_norm ? use_norm : global_norm(tensors, name, where);
  ClippedByGlobalNorm result{.tensors = {}, .global_norm = norm};
  OpScope scope(graph, name, "clip_by_global_norm");
  const Output limit = toOutput(graph, clip_norm, norm.dtype(), "clip_norm", where);
  const Output inverse = divide(1.0, norm, "truediv", where);
  const Output one = toOutput(graph, 1.0, norm.dtype(), "Const", where);
  const Output least = minimum(inverse, divide(one, limit, "truediv", where), {}, where);
  const Output finite = multiply(limit, least, "mul", where);
  // Nothing where the norm is finite; NaN otherwise.
  const Output scale = add(finite, subtract(norm, norm, "sub", where), "add", where);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (!tensors[i]) {
      result.tensors.emplace_back();
      continue;
    }
    const Output scaled = multiply(tensors[i], scale, "mul", where);
    result.tensors.push_back(identity(scaled, scope.name() + "_" + std::to_string(i), where));
  }
  return result;
}

} // namespace graphc
