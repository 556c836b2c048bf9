// TensorFlow's summaries are strings, graphc's are vectors of bytes: the same messages.
#include "frontend/export/Rules.h"

namespace graphc::graphdef {

static std::string tagOf(OpNodes &op) {
  Node tag = op.graph().add(op.name() + "/tags", "Const", {}, {{uint8, Shape{}}});
  tag.type("dtype", proto::DT_STRING);
  proto::TensorProto &value = *(*tag.def().mutable_attr())["value"].mutable_tensor();
  value.set_dtype(proto::DT_STRING);
  value.mutable_tensor_shape();
  value.add_string_val(op.attributes().get_string("tag"));
  return tag.output();
}

static void writeSummary(OpNodes &op, llvm::StringRef type) {
  op.main(type, {tagOf(op), op.in(0)}).type("T", op.dtype(0)).resultShapes({Shape{}});
}

static void writeMerge(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).integer("N", op.numInputs()).resultShapes({Shape{}});
}

std::span<const Rule> summaryRules() {
  static constexpr Rule rules[] = {
      {"histogram_summary", "HistogramSummary", writeSummary},
      {"merge_summary", "MergeSummary", writeMerge},
      {"scalar_summary", "ScalarSummary", writeSummary},
  };
  return rules;
}

} // namespace graphc::graphdef
