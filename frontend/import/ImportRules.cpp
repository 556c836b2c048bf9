#include "frontend/import/ImportRules.h"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "frontend/import/FunctionLibrary.h"

namespace graphc::importing {

const ImportRules &importRules() {
  static const ImportRules *rules = [] {
    auto *table = new ImportRules;
    addConvolutionRules(*table);
    addElementwiseRules(*table);
    addFunctionRules(*table);
    addIndexingRules(*table);
    addMatmulRules(*table);
    addNnRules(*table);
    addOptimizerRules(*table);
    addRandomRules(*table);
    addReductionRules(*table);
    addShapeArithmeticRules(*table);
    addShapeRules(*table);
    addStateRules(*table);
    addSummaryRules(*table);
    addTensorListRules(*table);
    return table;
  }();
  return *rules;
}

namespace {

struct InputCount {
  int least = 0;
  int most = 0; ///< -1: any number
};

/// Of types that have no rule of their own, since they are recorded with the loop or branch that
/// they belong to.
const std::unordered_map<std::string_view, InputCount> &frameInputs() {
  static const std::unordered_map<std::string_view, InputCount> counts = [] {
    std::unordered_map<std::string_view, InputCount> table{
        {"Enter", {1, 1}},         {"Exit", {1, 1}},   {"LoopCond", {1, 1}},
        {"NextIteration", {1, 1}}, {"Switch", {2, 2}}, {"Merge", {1, -1}}};
    for (const char *reference :
         {"RefEnter", "RefExit", "RefNextIteration", "RefSwitch", "RefMerge"})
      table[reference] = table.at(std::string_view(reference).substr(3));
    return table;
  }();
  return counts;
}

std::optional<InputCount> inputCountOf(std::string_view type) {
  if (const auto rule = importRules().find(type); rule != importRules().end())
    return InputCount{rule->second.least_inputs, rule->second.most_inputs};
  if (const auto frame = frameInputs().find(type); frame != frameInputs().end())
    return frame->second;
  return std::nullopt;
}

} // namespace

void checkInputCounts(const NodeGraph &nodes, const FunctionLibrary &functions,
                      const std::string &source) {
  for (int i = 0; i < nodes.size(); ++i) {
    const Node &node = nodes[i];
    const std::optional<InputCount> count = inputCountOf(node.type());
    if (!count || functions.contains(node.type()))
      continue;
    const auto [least, most] = *count;
    const int given = static_cast<int>(node.inputs.size());
    if (given >= least && (most < 0 || given <= most))
      continue;
    const std::string wanted = most < 0        ? fmt::format("at least {}", least)
                               : least == most ? fmt::format("{}", least)
                                               : fmt::format("{} to {}", least, most);
    throw Error(Code::invalid_argument,
                fmt::format("{}: node '{}' ({}): expected {} input{}, got {}", source, node.name(),
                            node.type(), wanted, (most < 0 ? least : most) == 1 ? "" : "s", given));
  }
}

void recordByRule(ImportState &state, int index) {
  const Node &node = state.nodes[index];
  NodeContext context(state, index);
  try {
    if (state.functions && state.functions->contains(node.type())) {
      recordCallOf(context, node.type());
    } else {
      importRules().at(node.type()).function(context);
    }
    state.graph.check();
  } catch (const Error &error) {
    // Ops of the frontend do not know of the file.
    if (error.message().starts_with(state.source))
      throw;
    throw Error(error.code(), fmt::format("{}: node '{}' ({}): {}", state.source, node.name(),
                                          node.type(), error.message()));
  }
}

bool isLeftOut(std::string_view type) {
  static constexpr auto types = std::to_array<std::string_view>(
      {"Assert", "IsVariableInitialized", "MergeV2Checkpoints", "Print", "PrintV2", "Restore",
       "RestoreSlice", "RestoreV2", "Save", "SaveSlices", "SaveV2", "ShardedFilename",
       "StringFormat", "StringJoin", "VarIsInitializedOp"});
  return std::ranges::find(types, type) != types.end();
}

} // namespace graphc::importing
