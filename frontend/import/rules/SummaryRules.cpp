// What TensorBoard shows.
#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

ImportRule summary(const char *op) {
  return {2, 2, [op](NodeContext &c) {
            const Output bytes = c.record(op, {c.input(1)}, {{"tag", c.text(0)}});
            c.graph().state().summaries.push_back(bytes);
            c.result(bytes);
          }};
}

} // namespace

void addSummaryRules(ImportRules &rules) {
  rules["ScalarSummary"] = summary("scalar_summary");
  rules["HistogramSummary"] = summary("histogram_summary");
  rules["MergeSummary"] = {1, -1, [](NodeContext &c) {
                             c.result(c.record("merge_summary", c.inputs(0, c.numInputs())));
                           }};
}

} // namespace graphc::importing
