// Sizes of serialized summaries.
#include "runtime/summary/Summary.h"
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

std::vector<ValueType> scalarSummary(const Inference &op) {
  op.requireNumeric(0, "value");
  const Shape &shape = op.shape(0);
  if (shape.is_fully_known())
    op.require(shape.num_elements() == 1, "a value of one element", op.operandsText());
  return {{uint8, Shape{scalar_summary_bytes(op.attributes().get_string("tag"))}}};
}

std::vector<ValueType> histogramSummary(const Inference &op) {
  op.requireNumeric(0, "values");
  const Shape &shape = op.shape(0);
  if (!shape.is_fully_known())
    return {{uint8, Shape{none}}};
  return {{uint8, Shape{histogram_summary_bytes(op.attributes().get_string("tag"),
                                                shape.num_elements())}}};
}

std::vector<ValueType> mergeSummary(const Inference &op) {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < op.numOperands(); ++i) {
    const std::string name = fmt::format("inputs[{}]", i);
    op.requireDtype(i, name, uint8);
    op.requireRank(i, name, 1);
    bytes = addExtents(bytes, op.shape(i).has_rank() ? op.shape(i)[0] : none);
  }
  return {{uint8, Shape{bytes}}};
}

constexpr ShapeRule rules[] = {
    {"scalar_summary", 1, 1, scalarSummary},
    {"histogram_summary", 1, 1, histogramSummary},
    {"merge_summary", 1, anyNumber, mergeSummary},
};

} // namespace

std::span<const ShapeRule> summaryRules() { return rules; }

} // namespace graphc::shapes
