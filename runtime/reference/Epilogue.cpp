#include "runtime/reference/Epilogue.h"

namespace graphc::reference {

std::vector<Tensor> withEpilogue(const OpCall &call, const Tensor &result) {
  const Attributes none;
  std::vector<Tensor> value = {result};
  if (call.inputs.size() > 2) {
    const Tensor operands[] = {result, call.inputs[2]};
    value = evaluate({"bias_add", none, operands});
  }
  if (!call.attributes.has("activation") || call.attributes.get_string("activation") == "none")
    return value;
  return evaluate({call.attributes.get_string("activation"), none, value});
}

} // namespace graphc::reference
