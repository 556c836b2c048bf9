// The gradient of a variable: a tensor, or the rows that were looked up.
#pragma once

#include <vector>

#include "frontend/Output.h"
#include "frontend/ops/Math.h"

namespace graphc {

/// A tensor of the variable's shape, or, where the loss depends on the variable only through
/// gather along axis 0 (nn::embedding_lookup), TensorFlow's IndexedSlices: `values` [n, ...], the
/// gradient of each row that was looked up, and `indices` [n], which rows these are. A row may come
/// more than once; its gradient is then the sum. Optimizers update the rows met and no others.
///
/// Where a tensor is wanted it becomes one: ops of all kinds take it. Assigned a tensor, it is one.
class VariableGradient {
public:
  /// No gradient: TensorFlow's None.
  VariableGradient() = default;
  VariableGradient(const Output &tensor) : values_(tensor) {} // NOLINT: a tensor is a gradient
  /// `rows`: the variable's first extent.
  VariableGradient(const Output &values, const Output &indices, std::int64_t rows)
      : values_(values), indices_(indices), rows_(rows) {}

  explicit operator bool() const { return static_cast<bool>(values_); }
  bool is_sparse() const { return static_cast<bool>(indices_); }
  /// The tensor itself where it is not sparse.
  const Output &values() const { return values_; }
  const Output &indices() const { return indices_; }
  std::int64_t rows() const { return rows_; }
  bool is_poisoned() const { return values_.is_poisoned(); }
  DataType dtype() const { return values_.dtype(); }

  /// One tensor of the variable's shape: unsorted_segment_sum(values, indices).
  Output dense(Where where = Where::current()) const;
  operator Output() const { return dense(); } // NOLINT: IndexedSlices convert
  /// The same rows with other values.
  VariableGradient with(const Output &values) const {
    return is_sparse() ? VariableGradient(values, indices_, rows_) : VariableGradient(values);
  }

private:
  Output values_;
  Output indices_;
  std::int64_t rows_ = 0;
};

/// Clipping, of sparse gradients by their values, as TensorFlow does: rows that come more than once
/// are clipped, and count for a norm, each by itself.
VariableGradient clip_by_value(const VariableGradient &gradient, const Input &low,
                               const Input &high, std::string_view name = {},
                               Where where = Where::current());
VariableGradient clip_by_norm(const VariableGradient &gradient, const Input &clip_norm,
                              const Axes &axes = {}, std::string_view name = {},
                              Where where = Where::current());

struct GradientsClippedByGlobalNorm {
  std::vector<VariableGradient> gradients;
  Output global_norm;
};
GradientsClippedByGlobalNorm
clip_gradients_by_global_norm(const std::vector<VariableGradient> &gradients,
                              const Input &clip_norm, const Output &use_norm = {},
                              std::string_view name = {}, Where where = Where::current());
/// Under TensorFlow's name. A template, so that a list in braces is one of tensors.
template <typename T>
  requires std::is_same_v<T, VariableGradient>
GradientsClippedByGlobalNorm
clip_by_global_norm(const std::vector<T> &gradients, const Input &clip_norm,
                    const Output &use_norm = {}, std::string_view name = {},
                    Where where = Where::current()) {
  return clip_gradients_by_global_norm(gradients, clip_norm, use_norm, name, where);
}

} // namespace graphc
