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

/// Throws Error (invalid_argument) where a node has fewer or more inputs than its type's rule
/// takes; who reads nodes before the rules do may then ask for the inputs that a type has. Types
/// that nothing is known of and calls of functions are passed over.
void checkInputCounts(const NodeGraph &nodes, const FunctionLibrary &functions,
                      const std::string &source);

/// Records the node by its type's rule, its inputs counted before; a type that is the name of a
/// function is a call of it. Errors name file and node.
void recordByRule(ImportState &state, int node);
/// The function's nodes in the place of the node that calls it.
void recordCallOf(NodeContext &context, const std::string &function);

/// What TensorFlow needs to save, restore and check: such nodes are left out.
bool isLeftOut(std::string_view type);

} // namespace graphc::importing
