// Python's index expressions, as far as shapes are concerned.
#pragma once

#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

/// The bounds as far as they are known, and the masks of the op's attributes.
struct StridedBounds {
  IntegerList begin, end, strides;
};

/// The shape that `x` has after the op's slicing. Refuses in the op's name what does not fit.
Shape stridedSliceShape(const Inference &op, const ValueType &x, const StridedBounds &bounds);

} // namespace graphc::shapes
