#include "frontend/summary/Summary.h"

#include "frontend/Recorder.h"
#include "runtime/summary/Summary.h"

namespace graphc::summary {

/// `name` as an op may be called: other characters become "_", leading slashes go.
static std::string cleaned(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('/'), name.size()));
  std::string text(name);
  for (char &c : text)
    if (!std::isalnum(static_cast<unsigned char>(c)) &&
        std::string_view("-/_.").find(c) == std::string_view::npos)
      c = '_';
  return text;
}

static Output recordSummary(std::string_view op, std::string_view name, const Output &value,
                            Where where) {
  Graph &graph = graphOf(value, op, where);
  OpScope scope(graph, cleaned(name), op);
  const std::string tag = scope.name().substr(0, scope.name().size() - 1);
  const Output summary = recordOne(graph, op, {value}, {{"tag", tag}}, scope.name(), where);
  if (!summary.is_poisoned())
    graph.state().summaries.push_back(summary);
  return summary;
}

Output scalar(std::string_view name, const Output &tensor, Where where) {
  return recordSummary("scalar_summary", name, tensor, where);
}

Output histogram(std::string_view name, const Output &values, Where where) {
  return recordSummary("histogram_summary", name, values, where);
}

Output merge(const std::vector<Output> &inputs, std::string_view name, Where where) {
  Graph &graph = graphOf(inputs, "merge_summary", where);
  const std::string clean = cleaned(name);
  OpScope scope(graph, clean, "Merge");
  return record(graph, "merge_summary", inputs, {},
                {.name = nameOr(clean, "MergeSummary"), .where = where})
      .front();
}

Output merge_all(Graph &graph, Where where) {
  const std::vector<Output> &all = graph.state().summaries;
  return all.empty() ? Output() : merge(all, {}, where);
}

Tensor scalar_value(const std::string &tag, float value) { return scalar_summary(tag, value); }

} // namespace graphc::summary
