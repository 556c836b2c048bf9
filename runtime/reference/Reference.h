// Every op in plain loops, written to be read: what constant folding, tests and
// `graphc run --compare` compute with.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "runtime/Attributes.h"
#include "runtime/KernelAbi.h"
#include "runtime/Tensor.h"

namespace graphc::reference {

struct OpCall {
  std::string_view name; ///< without the dialect: "matmul"
  const Attributes &attributes;
  std::span<const Tensor> inputs;
  GraphcRunContext context{};
  std::int64_t step = 0; ///< the time step, inside the body of a recurrence
};

/// True where evaluate() knows the op. Ops that hold state or regions are not among them.
bool hasReference(std::string_view name);

/// The op's results, freshly allocated (views of an input where the op only renames it).
/// Inputs have the dtypes and shapes that the op's shape function accepts; throws Error where a
/// value (not a type) is wrong, such as an index out of range.
std::vector<Tensor> evaluate(const OpCall &call);

} // namespace graphc::reference
