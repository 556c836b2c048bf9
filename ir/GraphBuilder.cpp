#include "ir/GraphBuilder.h"

#include "ir/Conversion.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/TypeUtilities.h"

namespace graphc {

using namespace mlir;

std::optional<Tensor> constantValue(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || op->getName().getStringRef() != "graph.constant")
    return std::nullopt;
  return toTensor(cast<ElementsAttr>(op->getAttr("value")));
}

InferredTypes inferTypes(StringRef name, ValueRange operands, const Attributes &attributes) {
  std::vector<ValueType> types;
  std::vector<std::optional<Tensor>> constants;
  for (Value operand : operands) {
    types.push_back(toValueType(operand.getType()));
    // Shapes and the like are small; large constants say nothing about types.
    auto tensor = dyn_cast<RankedTensorType>(operand.getType());
    const bool small =
        tensor && tensor.getRank() <= 2 && tensor.hasStaticShape() && tensor.getNumElements() <= 64;
    constants.push_back(small ? constantValue(operand) : std::nullopt);
  }
  std::vector<const Tensor *> values;
  for (const std::optional<Tensor> &constant : constants)
    values.push_back(constant ? &*constant : nullptr);
  return inferTypes(
      OpSignature{std::string_view(name.data(), name.size()), types, attributes, values});
}

Operation *GraphBuilder::createOp(StringRef name, ValueRange operands,
                                  const Attributes &attributes) {
  InferredTypes inferred = inferTypes(name, operands, attributes);
  SmallVector<Type> results;
  for (const ValueType &type : inferred.results)
    results.push_back(toMlirType(builder_.getContext(), type));
  if (!inferred.ok()) {
    failed_ = true;
    emitError(location_) << inferred.error;
    results.push_back(UnrankedTensorType::get(toMlirType(builder_.getContext(), float32)));
  }
  return createOp(name, results, operands, attributes);
}

Value GraphBuilder::create(StringRef name, ValueRange operands, const Attributes &attributes) {
  return createOp(name, operands, attributes)->getResult(0);
}

Operation *GraphBuilder::createOp(StringRef name, TypeRange results, ValueRange operands,
                                  const Attributes &attributes) {
  OperationState state(location_, ("graph." + name).str());
  state.addTypes(results);
  state.addOperands(operands);
  for (const auto &[key, value] : attributes.entries())
    state.addAttribute(key, toMlirAttribute(builder_.getContext(), value));
  return builder_.create(state);
}

Value GraphBuilder::constant(const Tensor &value) {
  Type type = toMlirType(builder_.getContext(), ValueType{value.dtype(), value.shape()});
  return createOp("constant", TypeRange(type), {}, {{"value", value}})->getResult(0);
}

Value GraphBuilder::scalar(double value, DataType dtype) {
  return constant(Tensor(value).cast(dtype));
}

Value GraphBuilder::scalarLike(double value, Value like) {
  return scalar(value, toDataType(getElementTypeOrSelf(like.getType())));
}

} // namespace graphc
