// Table-driven tests of the shape functions: an op, its operands, and what comes out.
#pragma once

#include <ostream>
#include <vector>

#include <gtest/gtest.h>

#include "ir/ShapeFunctions.h"

namespace graphc {

struct ShapeCase {
  std::string op;
  std::string operands; ///< "float32[?,27] int32[]"; an unknown rank is "float32<unknown>"
  Attributes attributes;
  std::string expected; ///< result types in that form, or the error message
  /// Values of operands that are known; an empty tensor where one is not.
  std::vector<Tensor> values = {};
};

std::ostream &operator<<(std::ostream &stream, const ShapeCase &shapeCase);

using ints = std::vector<std::int64_t>;

/// One case each; a family of ops instantiates it with its table.
class ShapeFunction : public testing::TestWithParam<ShapeCase> {};

} // namespace graphc
