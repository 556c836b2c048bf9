// The table of the importer: for each op type of TensorFlow how it is recorded. For graphc itself.
#pragma once

#include <string_view>
#include <unordered_map>

#include "frontend/import/NodeContext.h"

namespace graphc::importing {

/// Records what the node computes and says what its outputs are.
using ImportFunction = std::function<void(NodeContext &)>;

struct ImportRule {
  int least_inputs = 0;
  int most_inputs = 0; ///< -1: any number
  ImportFunction function;
};

using ImportRules = std::unordered_map<std::string_view, ImportRule>;

/// All op types.
const ImportRules &importRules();

// The families, each in its file under rules/.
void addConvolutionRules(ImportRules &rules);
void addElementwiseRules(ImportRules &rules);
void addFunctionRules(ImportRules &rules);
void addIndexingRules(ImportRules &rules);
void addMatmulRules(ImportRules &rules);
void addNnRules(ImportRules &rules);
void addOptimizerRules(ImportRules &rules);
void addRandomRules(ImportRules &rules);
void addReductionRules(ImportRules &rules);
void addShapeArithmeticRules(ImportRules &rules);
void addShapeRules(ImportRules &rules);
void addStateRules(ImportRules &rules);
void addSummaryRules(ImportRules &rules);
void addTensorListRules(ImportRules &rules);

/// Records the node by its type's rule, its inputs counted; a type that is the name of a function
/// is a call of it. Errors name file and node.
void recordByRule(ImportState &state, int node);
/// The function's nodes in the place of the node that calls it.
void recordCallOf(NodeContext &context, const std::string &function);

/// What TensorFlow needs to save, restore and check: such nodes are left out.
bool isLeftOut(std::string_view type);

} // namespace graphc::importing
