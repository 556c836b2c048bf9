#include "passes/CommonSteps.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace graphc {
namespace {

// Gives each column the step at which it begins. One that is as long as the anchor begins with it;
// a shorter or longer one where what it reads and what reads it is of the same step or of the one
// before, as seen from columns that have their place.
void place(std::vector<StepColumn> &columns, std::size_t anchor, const StepGraph &graph) {
  std::unordered_map<int, std::pair<std::size_t, std::size_t>> where; // op -> column, index
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::size_t i = 0; i < columns[c].ops.size(); ++i)
      where[columns[c].ops[i]] = {c, i};
  // The distance in index between reader and source, seen at the middle of the reader's column.
  struct Edge {
    std::size_t reader, source;
    int distance;
  };
  std::vector<std::vector<Edge>> edges(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::size_t middle = columns[c].ops.size() / 2;
    const auto op = static_cast<std::size_t>(columns[c].ops[middle]);
    for (const StepGraph::Source &source : graph.ops[op].operands)
      if (auto found = where.find(source.op); found != where.end()) {
        const auto [column, index] = found->second;
        const Edge edge{c, column, static_cast<int>(middle) - static_cast<int>(index)};
        edges[c].push_back(edge);
        edges[column].push_back(edge);
      }
  }
  const auto steps = static_cast<int>(columns[anchor].ops.size());
  columns[anchor].placed = true;
  std::vector<std::size_t> queue{anchor};
  for (std::size_t head = 0; head < queue.size(); ++head)
    for (const Edge &reached : edges[queue[head]]) {
      const std::size_t other = reached.reader == queue[head] ? reached.source : reached.reader;
      StepColumn &column = columns[other];
      if (column.placed)
        continue;
      const int missing = steps - static_cast<int>(column.ops.size());
      int best = -1;
      for (int offset = std::min(0, missing); offset <= std::max(0, missing); ++offset) {
        int score = 0;
        for (const Edge &edge : edges[other]) {
          const StepColumn &reader = columns[edge.reader], &source = columns[edge.source];
          if (edge.reader == edge.source || (!reader.placed && edge.reader != other) ||
              (!source.placed && edge.source != other))
            continue;
          const int readerOffset = edge.reader == other ? offset : reader.offset;
          const int sourceOffset = edge.source == other ? offset : source.offset;
          const int delay = edge.distance + readerOffset - sourceOffset;
          score += delay == 0 ? 3 : delay == 1 ? 2 : 0;
        }
        if (score > best) {
          best = score;
          column.offset = offset;
        }
      }
      column.placed = true;
      queue.push_back(other);
    }
}

} // namespace

bool cutToCommonSteps(std::vector<StepColumn> &columns, std::size_t anchor, const StepGraph &graph,
                      int minSteps) {
  place(columns, anchor, graph);
  std::erase_if(columns, [](const StepColumn &column) { return !column.placed; });
  int begin = 0, end = 1 << 30;
  for (const StepColumn &column : columns) {
    begin = std::max(begin, column.offset);
    end = std::min(end, column.end());
  }
  if (end - begin < minSteps)
    return false;
  for (StepColumn &column : columns) {
    column.ops.erase(column.ops.begin() + (end - column.offset), column.ops.end());
    column.ops.erase(column.ops.begin(), column.ops.begin() + (begin - column.offset));
  }
  return true;
}

} // namespace graphc
