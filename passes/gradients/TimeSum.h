// Sums over time of values of a backward body, computed after the recurrence instead of in it: a
// weight's gradient, sum over t of a[t]' * g[t], is one product of matrices with T * B rows.
#pragma once

#include <functional>
#include <optional>

#include "passes/gradients/GradientMath.h"

namespace graphc {

/// How the values that a body sees are had from outside of it.
class SequenceSource {
public:
  virtual ~SequenceSource() = default;

  /// Where a value of the body, one for each step, is a stacked sequence [T, ...] outside: its
  /// number. Values that are none yet become outputs of the body.
  virtual unsigned sequenceOf(mlir::Value inBody) = 0;
  /// True for a sequence that exists without a further output.
  virtual bool isSequence(mlir::Value inBody) const = 0;
  /// The value outside of one that is the same at every step; null for others.
  virtual mlir::Value invariant(mlir::Value inBody) const = 0;

  // Once the recurrence is made:
  virtual mlir::Value sequence(GradientMath &math, unsigned number) = 0;
  /// Sequences that are the values *before* each step of a state whose values after each step are
  /// `after`; null `after` for all other sequences.
  struct Shifted {
    mlir::Value after, initial;
    bool reverse = false;
  };
  virtual Shifted shifted(unsigned number) = 0;
};

/// Makes the sum outside, once the recurrence is made.
using TimeSum = std::function<mlir::Value(GradientMath &)>;

/// How to make the sum over time of `value`; nothing where it is better (or only) made in the loop.
std::optional<TimeSum> planTimeSum(SequenceSource &source, mlir::Value value);

} // namespace graphc
