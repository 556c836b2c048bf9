#include "frontend/import/ImportRules.h"

#include <array>

namespace graphc::importing {

const ImportRules &importRules() {
  static const ImportRules *rules = [] {
    auto *table = new ImportRules;
    addConvolutionRules(*table);
    addElementwiseRules(*table);
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
    return table;
  }();
  return *rules;
}

bool isLeftOut(std::string_view type) {
  static constexpr auto types = std::to_array<std::string_view>(
      {"Assert", "IsVariableInitialized", "MergeV2Checkpoints", "Print", "PrintV2", "Restore",
       "RestoreSlice", "RestoreV2", "Save", "SaveSlices", "SaveV2", "ShardedFilename",
       "StringFormat", "StringJoin", "VarIsInitializedOp"});
  return std::ranges::find(types, type) != types.end();
}

} // namespace graphc::importing
