// Parameters that are an attribute where they are constant, and trailing operands where not.
#pragma once

#include "runtime/reference/OpTable.h"

namespace graphc::reference {

/// The elements of an integer tensor, row-major.
inline std::vector<int64_t> integersOf(const OpCall &call, const Tensor &tensor) {
  if (tensor.dtype() != int32 && tensor.dtype() != int64)
    invalid(call, "expects int32 or int64 where it reads integers, got " +
                      std::string(to_string(tensor.dtype())));
  const Tensor wide = tensor.cast(int64);
  return {wide.values<int64_t>().begin(), wide.values<int64_t>().end()};
}

/// Reads the parameters in their order: each from its attribute, or else from the next operand.
class Parameters {
public:
  Parameters(const OpCall &call, std::size_t first_operand)
      : call_(call), next_operand_(first_operand) {}

  std::vector<int64_t> next(std::string_view name) {
    if (call_.attributes.has(name))
      return call_.attributes.get_ints(name);
    if (next_operand_ >= call_.inputs.size())
      throw Error(Code::internal, std::string(call_.name) +
                                      " has neither an attribute nor an operand '" +
                                      std::string(name) + "'");
    return integersOf(call_, call_.inputs[next_operand_++]);
  }

private:
  const OpCall &call_;
  std::size_t next_operand_;
};

} // namespace graphc::reference
