// Sums of products over named or numbered axes, recorded as transposes, reshapes and one matrix
// product for each pair of tensors.
#pragma once

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc {

/// The axes that `tensordot` sums over: the last `count` of a and the first `count` of b, or a list
/// for each, paired in order.
struct ContractedAxes {
  ContractedAxes(std::int64_t count) : count(count) {} // NOLINT: a number is a count
  ContractedAxes(int count) : count(count) {}          // NOLINT
  ContractedAxes(std::vector<std::int64_t> a, std::vector<std::int64_t> b)
      : a(std::move(a)), b(std::move(b)) {}

  std::int64_t count = -1; ///< negative where the lists are given
  std::vector<std::int64_t> a = {};
  std::vector<std::int64_t> b = {};
};
/// sum over the paired axes of a[...] * b[...]: the other axes of a, then those of b. Ranks must be
/// known.
Output tensordot(const Output &a, const Output &b, const ContractedAxes &axes,
                 std::string_view name = {}, Where where = Where::current());

/// Einstein's summation: `einsum("bij,bjk->bik", {a, b})`. A letter for each axis of each tensor;
/// letters that do not stand after the arrow are summed over. Without an arrow, the letters that
/// occur once remain, in alphabetical order. "..." stands for the axes of a tensor, as many as
/// there are, that have no letter: `einsum("...ij,jk->...ik", {a, w})`; counted from the last, they
/// broadcast, and without an arrow they come first. Tensors are taken from left to right; ranks
/// must be known, and no letter occurs twice in one tensor.
Output einsum(std::string_view equation, const std::vector<Output> &inputs,
              std::string_view name = {}, Where where = Where::current());

} // namespace graphc
