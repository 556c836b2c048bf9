#include "ir/Conversion.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/ErrorHandling.h"

namespace graphc {

using namespace mlir;

mlir::Type toMlirType(MLIRContext *context, DataType dtype) {
  switch (dtype) {
  case DataType::float32: return Float32Type::get(context);
  case DataType::float64: return Float64Type::get(context);
  case DataType::int32: return IntegerType::get(context, 32);
  case DataType::int64: return IntegerType::get(context, 64);
  case DataType::bool_: return IntegerType::get(context, 1);
  case DataType::uint8: break;
  }
  return IntegerType::get(context, 8, IntegerType::Unsigned);
}

static std::optional<DataType> dataTypeOf(Type elementType) {
  if (elementType.isF32())
    return float32;
  if (elementType.isF64())
    return float64;
  if (elementType.isSignlessInteger(32))
    return int32;
  if (elementType.isSignlessInteger(64))
    return int64;
  if (elementType.isSignlessInteger(1))
    return bool_;
  if (elementType.isUnsignedInteger(8))
    return uint8;
  return std::nullopt;
}

TensorType toMlirType(MLIRContext *context, const ValueType &type) {
  Type element = toMlirType(context, type.dtype);
  if (!type.shape.has_rank())
    return UnrankedTensorType::get(element);
  SmallVector<int64_t> extents;
  for (int64_t extent : type.shape.extents())
    extents.push_back(extent < 0 ? ShapedType::kDynamic : extent);
  return RankedTensorType::get(extents, element);
}

bool isGraphType(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return tensor && dataTypeOf(tensor.getElementType()).has_value();
}

DataType toDataType(Type elementType) {
  std::optional<DataType> dtype = dataTypeOf(elementType);
  assert(dtype && "not an element type of graphc");
  return dtype.value_or(float32);
}

ValueType toValueType(Type type) {
  auto tensor = cast<TensorType>(type);
  ValueType result{toDataType(tensor.getElementType()), Shape::unknown_rank()};
  if (!tensor.hasRank())
    return result;
  std::vector<int64_t> extents;
  for (int64_t extent : tensor.getShape())
    extents.push_back(ShapedType::isDynamic(extent) ? none : extent);
  result.shape = Shape(std::move(extents));
  return result;
}

Tensor toTensor(ElementsAttr elements) {
  ValueType type = toValueType(elements.getType());
  Tensor tensor(type.dtype, type.shape);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    ArrayRef<char> bytes = resource.getData();
    std::memcpy(tensor.raw_data(), bytes.data(), std::min(bytes.size(), tensor.num_bytes()));
    return tensor;
  }
  auto dense = cast<DenseElementsAttr>(elements);
  if (type.dtype == bool_) { // MLIR packs booleans into bits
    bool *out = tensor.data<bool>();
    for (bool value : dense.getValues<bool>())
      *out++ = value;
    return tensor;
  }
  ArrayRef<char> raw = dense.getRawData();
  const size_t size = size_of(type.dtype);
  char *out = static_cast<char *>(tensor.raw_data());
  if (!dense.isSplat()) {
    std::memcpy(out, raw.data(), tensor.num_bytes());
    return tensor;
  }
  for (int64_t i = 0; i < tensor.num_elements(); ++i)
    std::memcpy(out + static_cast<size_t>(i) * size, raw.data(), size);
  return tensor;
}

// A splat is stored once: zeros of a large shape cost nothing.
static bool isSplat(const Tensor &tensor) {
  const size_t size = size_of(tensor.dtype());
  const char *data = static_cast<const char *>(tensor.raw_data());
  return tensor.num_elements() > 1 &&
         std::memcmp(data, data + size, tensor.num_bytes() - size) == 0;
}

ElementsAttr toElementsAttr(MLIRContext *context, const Tensor &tensor) {
  auto type =
      cast<RankedTensorType>(toMlirType(context, ValueType{tensor.dtype(), tensor.shape()}));
  if (tensor.dtype() == bool_) {
    ArrayRef<bool> values(tensor.data<bool>(), static_cast<size_t>(tensor.num_elements()));
    return DenseElementsAttr::get(type, values);
  }
  const size_t bytes = isSplat(tensor) ? size_of(tensor.dtype()) : tensor.num_bytes();
  return DenseElementsAttr::getFromRawBuffer(
      type, ArrayRef<char>(static_cast<const char *>(tensor.raw_data()), bytes));
}

namespace {
struct AttributeMaker {
  MLIRContext *context;

  Attribute operator()(bool value) const { return BoolAttr::get(context, value); }
  Attribute operator()(int64_t value) const {
    return IntegerAttr::get(IntegerType::get(context, 64), value);
  }
  Attribute operator()(double value) const {
    return FloatAttr::get(Float64Type::get(context), value);
  }
  Attribute operator()(const std::string &value) const { return StringAttr::get(context, value); }
  Attribute operator()(const std::vector<int64_t> &value) const {
    return DenseI64ArrayAttr::get(context, value);
  }
  Attribute operator()(DataType value) const { return TypeAttr::get(toMlirType(context, value)); }
  Attribute operator()(const Tensor &value) const { return toElementsAttr(context, value); }
  Attribute operator()(const SymbolName &value) const {
    return FlatSymbolRefAttr::get(context, value.name);
  }
};
} // namespace

Attribute toMlirAttribute(MLIRContext *context, const AttributeValue &value) {
  return std::visit(AttributeMaker{context}, value);
}

static std::optional<AttributeValue> toAttributeValue(Attribute attribute) {
  if (auto value = dyn_cast<BoolAttr>(attribute))
    return value.getValue();
  if (auto value = dyn_cast<IntegerAttr>(attribute))
    return value.getInt();
  if (auto value = dyn_cast<FloatAttr>(attribute))
    return value.getValueAsDouble();
  if (auto value = dyn_cast<StringAttr>(attribute))
    return value.getValue().str();
  if (auto value = dyn_cast<DenseI64ArrayAttr>(attribute))
    return std::vector<int64_t>(value.asArrayRef().begin(), value.asArrayRef().end());
  if (auto value = dyn_cast<FlatSymbolRefAttr>(attribute))
    return SymbolName{value.getValue().str()};
  if (auto value = dyn_cast<TypeAttr>(attribute)) {
    if (std::optional<DataType> dtype = dataTypeOf(value.getValue()))
      return *dtype;
    return std::nullopt;
  }
  if (auto value = dyn_cast<ElementsAttr>(attribute))
    if (isGraphType(value.getType()) && isa<DenseElementsAttr, DenseResourceElementsAttr>(value))
      return toTensor(value);
  return std::nullopt;
}

Attributes toAttributes(DictionaryAttr dictionary) {
  Attributes attributes;
  for (NamedAttribute entry : dictionary)
    if (std::optional<AttributeValue> value = toAttributeValue(entry.getValue()))
      attributes.set(entry.getName().str(), std::move(*value));
  return attributes;
}

Attributes attributesOf(Operation *op) { return toAttributes(op->getAttrDictionary()); }

} // namespace graphc
