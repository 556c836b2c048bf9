#include "frontend/import/ImportRules.h"

#include <array>

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

void recordByRule(ImportState &state, int index) {
  const Node &node = state.nodes[index];
  NodeContext context(state, index);
  try {
    if (state.functions && state.functions->contains(node.type())) {
      recordCallOf(context, node.type());
    } else {
      const ImportRule &rule = importRules().at(node.type());
      context.expectInputs(rule.least_inputs, rule.most_inputs);
      rule.function(context);
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
