#include "passes/ScalarProduct.h"

#include <limits>

#include "passes/GraphOps.h"
#include "llvm/ADT/STLExtras.h"

namespace graphc {

using namespace mlir;

std::optional<double> constantScalar(Value value) {
  const std::optional<Tensor> constant = constantValue(value);
  if (!constant || constant->shape().rank() != 0 ||
      (constant->dtype() != float32 && constant->dtype() != float64))
    return std::nullopt;
  return constant->cast(float64).scalar<double>();
}

MakeScalar given(Value value) {
  return [value](GraphBuilder &) { return value; };
}

MakeScalar number(double value, Value like) {
  return [=](GraphBuilder &graph) { return graph.scalarLike(value, like); };
}

MakeScalar complementOf(Value value) {
  if (Operation *op = definedBy(value, "subtract"); op && constantScalar(op->getOperand(0)) == 1)
    return given(op->getOperand(1));
  if (const std::optional<double> known = constantScalar(value))
    return number(1 - *known, value);
  return [value](GraphBuilder &graph) {
    return graph.create("subtract", {graph.scalarLike(1, value), value});
  };
}

bool addUpToOne(Value a, Value b) {
  for (auto [rest, part] : {std::pair(a, b), std::pair(b, a)})
    if (Operation *op = definedBy(rest, "subtract");
        op && op->getOperand(1) == part && constantScalar(op->getOperand(0)) == 1)
      return true;
  const std::optional<double> x = constantScalar(a), y = constantScalar(b);
  const double rounding = cast<TensorType>(a.getType()).getElementType().isF32()
                              ? std::numeric_limits<float>::epsilon()
                              : std::numeric_limits<double>::epsilon();
  return x && y && std::abs(*x + *y - 1) <= rounding;
}

bool Product::isScalar() const {
  return llvm::all_of(llvm::concat<const Value>(above, below, roots_above, roots_below),
                      [](Value factor) { return rankOf(factor) == 0; });
}

void Product::divide(const Product &other) {
  negative ^= other.negative;
  above.append(other.below);
  below.append(other.above);
  roots_above.append(other.roots_below);
  roots_below.append(other.roots_above);
}

Value Product::make(GraphBuilder &graph, Value like) const {
  const auto multiplied = [&](SmallVector<Value> factors, ArrayRef<Value> roots) -> Value {
    for (Value root : roots)
      factors.push_back(graph.create("sqrt", {root}));
    Value product;
    for (Value factor : factors)
      product = product ? graph.create("multiply", {product, factor}) : factor;
    return product;
  };
  Value product = multiplied(above, roots_above);
  if (!product)
    product = graph.scalarLike(1, like);
  if (Value divisor = multiplied(below, roots_below))
    product = graph.create("divide", {product, divisor});
  return negative ? graph.create("negative", {product}) : product;
}

Value take(SmallVectorImpl<Value> &values, llvm::function_ref<bool(Value)> is) {
  auto found = llvm::find_if(values, is);
  if (found == values.end())
    return {};
  Value value = *found;
  values.erase(found);
  return value;
}

} // namespace graphc
