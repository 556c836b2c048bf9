#include "runtime/reference/Reference.h"

#include <unordered_map>

#include "runtime/reference/OpTable.h"

namespace graphc::reference {

static const std::unordered_map<std::string_view, Evaluate> &opTable() {
  static const auto table = [] {
    std::unordered_map<std::string_view, Evaluate> all;
    for (std::span<const Entry> family : {
             convolutionOps(),
             elementwiseOps(),
             indexingOps(),
             linalgOps(),
             matmulOps(),
             nnOps(),
             normalizationOps(),
             pooledConvolutionOps(),
             poolingOps(),
             randomOps(),
             recurrentOps(),
             reductionOps(),
             shapeOps(),
             sliceOps(),
             summaryOps(),
         })
      for (const Entry &entry : family)
        all.emplace(entry.name, entry.evaluate);
    return all;
  }();
  return table;
}

bool hasReference(std::string_view name) { return opTable().contains(name); }

std::vector<Tensor> evaluate(const OpCall &call) {
  auto found = opTable().find(call.name);
  if (found == opTable().end())
    throw Error(Code::unimplemented,
                "op '" + std::string(call.name) + "' has no reference implementation");
  return found->second(call);
}

} // namespace graphc::reference
