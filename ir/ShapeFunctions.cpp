#include "ir/ShapeFunctions.h"

#include <unordered_map>

#include "ir/shape_functions/Inference.h"
#include "runtime/Status.h"

namespace graphc {

namespace {

const shapes::ShapeRule *findRule(std::string_view name) {
  static const auto rules = [] {
    std::unordered_map<std::string_view, shapes::ShapeRule> all;
    for (auto family : {
             shapes::controlRules(),
             shapes::convolutionRules(),
             shapes::elementwiseRules(),
             shapes::indexingRules(),
             shapes::matmulRules(),
             shapes::nnRules(),
             shapes::partRules(),
             shapes::randomRules(),
             shapes::recurrenceRules(),
             shapes::reductionRules(),
             shapes::shapeRules(),
             shapes::sparseRules(),
             shapes::stateRules(),
             shapes::summaryRules(),
         })
      for (const shapes::ShapeRule &rule : family)
        all.emplace(rule.name, rule);
    return all;
  }();
  const auto found = rules.find(name);
  return found == rules.end() ? nullptr : &found->second;
}

std::string plural(std::size_t count) {
  return fmt::format("{} operand{}", count, count == 1 ? "" : "s");
}

/// "2 operands", "1 or 2 operands", "1 operand or more".
std::string countText(const shapes::ShapeRule &rule) {
  if (rule.maxOperands == shapes::anyNumber)
    return plural(rule.minOperands) + " or more";
  if (rule.minOperands == rule.maxOperands)
    return plural(rule.minOperands);
  return fmt::format("{} {} {}", rule.minOperands,
                     rule.maxOperands == rule.minOperands + 1 ? "or" : "to",
                     plural(rule.maxOperands));
}

/// More than any processor addresses; below, numbers of elements and bytes do not overflow.
constexpr std::int64_t kMostBytes = std::int64_t{1} << 48;

bool isAddressable(const ValueType &type) {
  std::int64_t bytes = static_cast<std::int64_t>(size_of(type.dtype));
  for (std::int64_t extent : type.shape.extents()) {
    if (extent == 0)
      return true;
    if (extent > 0)
      bytes = shapes::multiplyExtents(bytes, extent);
  }
  return bytes <= kMostBytes;
}

} // namespace

std::string ValueType::to_string() const {
  return std::string(graphc::to_string(dtype)) + shape.to_string();
}

bool hasShapeFunction(std::string_view name) { return findRule(name) != nullptr; }

InferredTypes inferTypes(const OpSignature &signature) {
  InferredTypes inferred;
  const shapes::ShapeRule *rule = findRule(signature.name);
  if (!rule) {
    inferred.error = fmt::format("{} has no shape function", signature.name);
    return inferred;
  }
  const shapes::Inference op(signature);
  // A wrong op is a value here, since callers may be compiler passes, which no exception may cross.
  try {
    op.require(op.numOperands() >= rule->minOperands && op.numOperands() <= rule->maxOperands,
               countText(*rule), std::to_string(op.numOperands()));
    std::vector<ValueType> results = rule->function(op);
    for (const ValueType &result : results)
      op.require(isAddressable(result), fmt::format("results of at most {} bytes", kMostBytes),
                 result.to_string());
    inferred.results = std::move(results);
  } catch (const shapes::Refusal &refusal) {
    inferred.error = refusal.message;
  } catch (const Error &error) {
    // An attribute that is missing or of another kind.
    inferred.error = fmt::format("{} is incomplete: {}", signature.name, error.message());
  } catch (const std::exception &error) {
    // More results than memory.
    inferred.error = fmt::format("{} cannot be typed: {}", signature.name, error.what());
  }
  return inferred;
}

} // namespace graphc
