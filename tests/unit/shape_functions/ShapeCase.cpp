#include "tests/unit/shape_functions/ShapeCase.h"

#include <sstream>

namespace graphc {

std::ostream &operator<<(std::ostream &stream, const ShapeCase &shapeCase) {
  return stream << shapeCase.op << "(" << shapeCase.operands << ")";
}

namespace {

ValueType parseType(const std::string &text) {
  const std::size_t bracket = text.find_first_of("[<");
  const std::optional<DataType> dtype = data_type_from_string(text.substr(0, bracket));
  EXPECT_TRUE(dtype) << text;
  ValueType type{dtype.value_or(float32), Shape::unknown_rank()};
  if (text[bracket] == '<')
    return type;
  std::istringstream inside(text.substr(bracket + 1, text.size() - bracket - 2));
  std::vector<std::int64_t> extents;
  for (std::string extent; std::getline(inside, extent, ',');)
    extents.push_back(extent == "?" ? none : std::stoll(extent));
  type.shape = Shape(extents);
  return type;
}

} // namespace

TEST_P(ShapeFunction, gives) {
  const ShapeCase &shapeCase = GetParam();
  std::vector<ValueType> operands;
  std::istringstream types(shapeCase.operands);
  for (std::string type; types >> type;)
    operands.push_back(parseType(type));
  std::vector<const Tensor *> values;
  for (const Tensor &value : shapeCase.values)
    values.push_back(value.empty() ? nullptr : &value);

  ASSERT_TRUE(hasShapeFunction(shapeCase.op));
  const InferredTypes inferred = inferTypes({shapeCase.op, operands, shapeCase.attributes, values});
  std::string got = inferred.error;
  for (const ValueType &type : inferred.results)
    got += (got.empty() ? "" : " ") + type.to_string();
  EXPECT_EQ(got, shapeCase.expected);
}

} // namespace graphc
