#include "frontend/VariableGradient.h"

#include "frontend/Recorder.h"

namespace graphc {

Output VariableGradient::dense(Where where) const {
  if (!is_sparse())
    return values_;
  return recordOne(graphOf(values_, "gradient", where), "unsorted_segment_sum", {values_, indices_},
                   {{"num_segments", rows_}}, "UnsortedSegmentSum", where);
}

VariableGradient clip_by_value(const VariableGradient &gradient, const Input &low,
                               const Input &high, std::string_view name, Where where) {
  return gradient.with(clip_by_value(gradient.values(), low, high, name, where));
}

VariableGradient clip_by_norm(const VariableGradient &gradient, const Input &clip_norm,
                              const Axes &axes, std::string_view name, Where where) {
  return gradient.with(clip_by_norm(gradient.values(), clip_norm, axes, name, where));
}

GradientsClippedByGlobalNorm
clip_gradients_by_global_norm(const std::vector<VariableGradient> &gradients,
                              const Input &clip_norm, const Output &use_norm, std::string_view name,
                              Where where) {
  std::vector<Output> values;
  for (const VariableGradient &gradient : gradients)
    values.push_back(gradient.values());
  const ClippedByGlobalNorm clipped = clip_by_global_norm(values, clip_norm, use_norm, name, where);
  GradientsClippedByGlobalNorm result{{}, clipped.global_norm};
  for (std::size_t i = 0; i < gradients.size(); ++i)
    result.gradients.push_back(gradients[i].with(clipped.tensors[i]));
  return result;
}

} // namespace graphc
