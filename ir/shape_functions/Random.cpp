// Shapes of random numbers.
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

std::vector<ValueType> randomFloats(const Inference &op) {
  return {{op.floatingDtype("dtype"), op.shapeFrom("shape", 0)}};
}

std::vector<ValueType> randomIntegers(const Inference &op) {
  op.requireIndex(0, "minval");
  op.requireDtype(1, "maxval", op.dtype(0));
  op.requireScalar(0, "minval");
  op.requireScalar(1, "maxval");
  if (op.attributes().has("dtype"))
    op.require(op.attributes().get_dtype("dtype") == op.dtype(0),
               "dtype to be that of minval and maxval",
               to_string(op.attributes().get_dtype("dtype")));
  return {{op.dtype(0), op.shapeFrom("shape", 2)}};
}

constexpr ShapeRule rules[] = {
    {"random_uniform", 0, 1, randomFloats},
    {"random_normal", 0, 1, randomFloats},
    {"truncated_normal", 0, 1, randomFloats},
    {"random_uniform_int", 2, 3, randomIntegers},
};

} // namespace

std::span<const ShapeRule> randomRules() { return rules; }

} // namespace graphc::shapes
