// Between MLIR's types and attributes and graphc's plain ones.
#pragma once

#include "ir/ShapeFunctions.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace graphc {

/// The element type: f32, f64, i32, i64, i1, ui8.
mlir::Type toMlirType(mlir::MLIRContext *context, DataType dtype);
mlir::TensorType toMlirType(mlir::MLIRContext *context, const ValueType &type);

/// True for tensors of graphc's element types.
bool isGraphType(mlir::Type type);
/// Requires isGraphType.
ValueType toValueType(mlir::Type type);
DataType toDataType(mlir::Type elementType);

/// Copies the elements; splats are spread out.
Tensor toTensor(mlir::ElementsAttr elements);
mlir::ElementsAttr toElementsAttr(mlir::MLIRContext *context, const Tensor &tensor);

mlir::Attribute toMlirAttribute(mlir::MLIRContext *context, const AttributeValue &value);
/// Attributes of kinds that graphc does not know are left out.
Attributes toAttributes(mlir::DictionaryAttr dictionary);
/// All attributes of the op, inherent and discardable.
Attributes attributesOf(mlir::Operation *op);

} // namespace graphc
