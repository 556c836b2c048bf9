// What each op of the graph dialect is in TensorFlow: one short rule an op, by family.
#pragma once

#include <span>
#include <string_view>

#include "frontend/export/OpNodes.h"

namespace graphc::graphdef {

/// Writes the nodes of an op; `type` is the table's.
using Write = void (*)(OpNodes &op, llvm::StringRef type);

struct Rule {
  std::string_view op;   ///< "tanh" of graph.tanh
  std::string_view type; ///< "Tanh"
  Write write;
};

std::span<const Rule> controlFlowRules();
std::span<const Rule> controlRules();
std::span<const Rule> convolutionRules();
std::span<const Rule> elementwiseRules();
std::span<const Rule> indexingRules();
std::span<const Rule> matmulRules();
std::span<const Rule> nnRules();
std::span<const Rule> randomRules();
std::span<const Rule> recurrenceRules();
std::span<const Rule> reductionRules();
std::span<const Rule> shapeRules();
std::span<const Rule> stateRules();
std::span<const Rule> summaryRules();

/// Null where the op has none.
const Rule *findRule(std::string_view op);
/// Why an op has no rule; empty where it has one or nothing is known of it.
std::string_view whyWithoutRule(std::string_view op);

/// The op is one node of the table's type that takes its operands; T is their dtype.
void writePlain(OpNodes &op, llvm::StringRef type);

} // namespace graphc::graphdef
