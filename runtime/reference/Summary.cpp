// Serialized summaries.
#include "runtime/summary/Summary.h"

#include <cmath>

#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

std::vector<Tensor> scalarSummary(const OpCall &call) {
  const Tensor value = call.inputs[0].cast(float32);
  return {scalar_summary(call.attributes.get_string("tag"), value.scalar<float>())};
}

std::vector<Tensor> histogramSummary(const OpCall &call) {
  const Tensor values = call.inputs[0].cast(float64);
  const std::string tag = call.attributes.get_string("tag");
  for (double value : values.values<double>())
    if (!std::isfinite(value))
      invalid(call, "of '" + tag + "' expects finite values, got " + std::to_string(value));
  return {histogram_summary(tag, values.values<double>())};
}

std::vector<Tensor> mergeSummary(const OpCall &call) {
  std::vector<std::uint8_t> bytes;
  for (const Tensor &input : call.inputs)
    bytes.insert(bytes.end(), input.values<std::uint8_t>().begin(),
                 input.values<std::uint8_t>().end());
  return {Tensor::of({static_cast<std::int64_t>(bytes.size())}, bytes)};
}

constexpr Entry kEntries[] = {
    {"scalar_summary", scalarSummary},
    {"histogram_summary", histogramSummary},
    {"merge_summary", mergeSummary},
};

} // namespace

std::span<const Entry> summaryOps() { return kEntries; }

} // namespace graphc::reference
