#include "frontend/export/Rules.h"

#include <map>

namespace graphc::graphdef {

const Rule *findRule(std::string_view op) {
  static const std::map<std::string_view, Rule> all = [] {
    std::map<std::string_view, Rule> rules;
    for (std::span<const Rule> family :
         {controlFlowRules(), controlRules(), convolutionRules(), elementwiseRules(),
          indexingRules(), matmulRules(), nnRules(), randomRules(), recurrenceRules(),
          reductionRules(), shapeRules(), stateRules(), summaryRules()})
      for (const Rule &rule : family)
        rules.emplace(rule.op, rule);
    return rules;
  }();
  const auto found = all.find(op);
  return found == all.end() ? nullptr : &found->second;
}

std::string_view whyWithoutRule(std::string_view op) {
  constexpr std::string_view passes = "passes make it, programs do not record it";
  constexpr std::string_view primitive =
      "it is a primitive of oneDNN's, which the form `primitive` makes of a recurrence";
  constexpr std::string_view part = "it is a part of the op around it";
  static const std::map<std::string_view, std::string_view> reasons = {
      {"batch_normalization", passes},
      {"batch_normalization_gradient", passes},
      {"cluster", passes},
      {"feed", passes},
      {"fetch", passes},
      {"fused_conv2d", passes},
      {"fused_matmul", passes},
      {"gradients", "it is a request; what needs its results is left out, or spelled out first"},
      {"gru", primitive},
      {"gru_gradient", primitive},
      {"layer_normalization", passes},
      {"layer_normalization_gradient", passes},
      {"lstm", primitive},
      {"lstm_gradient", primitive},
      {"pooled_conv2d", passes},
      {"pooled_conv2d_backprop_filter", passes},
      {"pooled_conv2d_backprop_input", passes},
      {"program", "it is the graph itself"},
      {"vanilla_rnn", primitive},
      {"vanilla_rnn_gradient", primitive},
      {"variable", "it is a symbol of the module, written before all ops"},
      {"yield", part},
  };
  const auto found = reasons.find(op);
  return found == reasons.end() ? std::string_view() : found->second;
}

void writePlain(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("T", op.dtype(0));
}

} // namespace graphc::graphdef
