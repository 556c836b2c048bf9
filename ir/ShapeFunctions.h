// The one place that knows what type an op's results have. Pure functions over plain shapes; the
// frontend, the verifier, the shape pass and the tests all call inferTypes().
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/Attributes.h"

namespace graphc {

struct ValueType {
  DataType dtype = float32;
  Shape shape;
  bool operator==(const ValueType &) const = default;
  std::string to_string() const; ///< "float32[?,6]"
};

struct OpSignature {
  std::string_view name; ///< without the dialect: "matmul"
  std::span<const ValueType> operands;
  const Attributes &attributes;
  /// Operand values that are known already (constants): null where not, or an empty span.
  std::span<const Tensor *const> values = {};

  const Tensor *value(std::size_t operand) const {
    return operand < values.size() ? values[operand] : nullptr;
  }
};

/// Result types, or a message that says what was expected and what came.
struct InferredTypes {
  std::vector<ValueType> results;
  std::string error; ///< empty where inference succeeded

  bool ok() const { return error.empty(); }
};

/// True where inferTypes() knows the op. Reading a variable, feeds and ops with regions get their
/// types elsewhere.
bool hasShapeFunction(std::string_view name);

InferredTypes inferTypes(const OpSignature &signature);

} // namespace graphc
