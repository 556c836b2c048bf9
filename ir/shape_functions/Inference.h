// What the shape functions are written with: the op's operands and attributes, checks that fail in
// one style ("matmul expects the inner extents to agree, got float32[2,3] and float32[4,5]"), and
// the tables that the families contribute to inferTypes().
#pragma once

#include <limits>
#include <optional>

#include <fmt/format.h>

#include "ir/ShapeFunctions.h"

namespace graphc::shapes {

/// Thrown by a shape function, caught by inferTypes(), which gives the message back as a value.
struct Refusal {
  std::string message;
};

using Extents = std::vector<std::int64_t>;

/// Integers that are given with the op or by a vector operand: as much as is known of them.
struct IntegerList {
  std::optional<Extents> values;
  std::optional<std::int64_t> count; ///< always there with values
};

class Inference {
public:
  explicit Inference(const OpSignature &signature) : signature_(signature) {}

  std::string_view name() const { return signature_.name; }
  std::size_t numOperands() const { return signature_.operands.size(); }
  const ValueType &operand(std::size_t index) const { return signature_.operands[index]; }
  const Shape &shape(std::size_t index) const { return operand(index).shape; }
  DataType dtype(std::size_t index) const { return operand(index).dtype; }
  const Attributes &attributes() const { return signature_.attributes; }
  const Tensor *value(std::size_t index) const { return signature_.value(index); }
  /// The types of all operands: "float32[3], int32[] and bool[3]".
  std::string operandsText() const;

  /// "<op> expects <expected>, got <got>".
  [[noreturn]] void refuse(std::string_view expected, std::string_view got) const;
  void require(bool holds, std::string_view expected, std::string_view got) const {
    if (!holds)
      refuse(expected, got);
  }

  // Checks of one operand, which messages call `name`.
  void requireFloating(std::size_t index, std::string_view name) const;
  void requireNumeric(std::size_t index, std::string_view name) const;
  void requireInteger(std::size_t index, std::string_view name) const;
  /// int32 or int64.
  void requireIndex(std::size_t index, std::string_view name) const;
  void requireBool(std::size_t index, std::string_view name) const;
  void requireDtype(std::size_t index, std::string_view name, DataType dtype) const;
  void requireRank(std::size_t index, std::string_view name, std::int64_t rank) const;
  void requireRankAtLeast(std::size_t index, std::string_view name, std::int64_t rank) const;
  void requireScalar(std::size_t index, std::string_view name) const;
  /// The operands from `first` on have one dtype.
  void requireOneDtype(std::size_t first = 0) const;

  /// The attribute as a dtype of float or of index type.
  DataType floatingDtype(std::string_view attribute) const;
  DataType indexDtype(std::string_view attribute) const;
  /// An attribute that counts: 0 or more.
  std::int64_t extent(std::string_view attribute) const;
  /// Attribute `attribute` as an axis of `type`, counted from the front; `type` has a rank.
  /// `newAxes` widens the range for an axis that is to be inserted.
  std::int64_t axis(std::string_view attribute, const ValueType &type,
                    std::int64_t newAxes = 0) const;
  /// Several of them, without repetition, in ascending order.
  Extents axes(std::string_view attribute, const ValueType &type) const;
  /// The list that is attribute `attribute` or operand number `index`, exactly one of the two.
  IntegerList integers(std::string_view attribute, std::size_t index) const;
  /// A shape given that way, all extents 0 or more.
  Shape shapeFrom(std::string_view attribute, std::size_t index) const;

private:
  Extents readVector(std::size_t index) const;
  const OpSignature &signature_;
};

using ShapeFunction = std::vector<ValueType> (*)(const Inference &);

inline constexpr std::size_t anyNumber = static_cast<std::size_t>(-1);

struct ShapeRule {
  std::string_view name;
  std::size_t minOperands;
  std::size_t maxOperands;
  ShapeFunction function;
};

std::span<const ShapeRule> controlRules();
std::span<const ShapeRule> convolutionRules();
std::span<const ShapeRule> elementwiseRules();
std::span<const ShapeRule> indexingRules();
std::span<const ShapeRule> matmulRules();
std::span<const ShapeRule> nnRules();
std::span<const ShapeRule> partRules();
std::span<const ShapeRule> randomRules();
std::span<const ShapeRule> recurrenceRules();
std::span<const ShapeRule> reductionRules();
std::span<const ShapeRule> shapeRules();
std::span<const ShapeRule> sparseRules();
std::span<const ShapeRule> stateRules();
std::span<const ShapeRule> summaryRules();

/// A shape of `rank` unknown extents.
Shape unknownExtents(std::int64_t rank);
/// The sum and the product; unknown where either is. One too large for its type becomes the largest
/// number, which inferTypes() refuses.
inline std::int64_t addExtents(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return a < 0 || b < 0 ? none : a > most - b ? most : a + b;
}
inline std::int64_t multiplyExtents(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return a < 0 || b < 0 ? none : b > 0 && a > most / b ? most : a * b;
}

} // namespace graphc::shapes
