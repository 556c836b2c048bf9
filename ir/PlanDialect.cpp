#include "ir/PlanDialect.h"

#include "ir/Conversion.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace graphc::plan {
namespace {

/// A number without its type.
ParseResult parsePlainInt(OpAsmParser &parser, IntegerAttr &attribute) {
  std::int64_t value = 0;
  if (parser.parseInteger(value))
    return failure();
  attribute = parser.getBuilder().getI64IntegerAttr(value);
  return success();
}

void printPlainInt(OpAsmPrinter &printer, Operation *, IntegerAttr attribute) {
  printer << attribute.getInt();
}

ParseResult parseBufferKindWord(OpAsmParser &parser, BufferKindAttr &attribute) {
  StringRef word;
  const SMLoc place = parser.getCurrentLocation();
  if (parser.parseKeyword(&word))
    return failure();
  std::optional<BufferKind> kind = symbolizeBufferKind(word);
  if (!kind)
    return parser.emitError(place)
           << "expected fed, fetched, temporary, variable, kept or constant, got '" << word << "'";
  attribute = BufferKindAttr::get(parser.getContext(), *kind);
  return success();
}

void printBufferKindWord(OpAsmPrinter &printer, Operation *, BufferKindAttr attribute) {
  printer << stringifyBufferKind(attribute.getValue());
}

} // namespace

std::int64_t bytesOfElement(Type elementType) {
  return static_cast<std::int64_t>(size_of(toDataType(elementType)));
}

std::int64_t bytesOf(MemRefType type) {
  return type.getNumElements() * bytesOfElement(type.getElementType());
}

RankedTensorType tensorTypeOf(MemRefType type) {
  return RankedTensorType::get(type.getShape(), type.getElementType());
}

MemRefType bufferTypeOf(RankedTensorType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

bool isDense(MemRefType type) { return type.getLayout().isIdentity(); }

Place placeOf(Value value) {
  Place place;
  while (auto view = value.getDefiningOp<ViewOp>()) {
    MemRefType type = view.getResult().getType();
    auto [strides, offset] = type.getStridesAndOffset();
    place.offset += offset * bytesOfElement(type.getElementType());
    value = view.getSource();
  }
  place.buffer = value.getDefiningOp<BufferOp>();
  return place;
}

std::optional<CopyShape> copyShape(MemRefType source, MemRefType target) {
  const ArrayRef<std::int64_t> extents = source.getShape();
  auto [sourceStrides, sourceOffset] = source.getStridesAndOffset();
  auto [targetStrides, targetOffset] = target.getStridesAndOffset();
  // The longest run of innermost axes that is dense on both sides is one piece.
  std::int64_t dense = 1;
  std::size_t axis = extents.size();
  for (; axis > 0; --axis) {
    const std::int64_t extent = extents[axis - 1];
    if (extent != 1 && (sourceStrides[axis - 1] != dense || targetStrides[axis - 1] != dense))
      break;
    dense *= extent;
  }
  // The axes outside must step evenly on both sides to be one loop.
  const std::int64_t bytes = bytesOfElement(source.getElementType());
  CopyShape shape;
  shape.rowBytes = dense * bytes;
  for (; axis > 0; --axis) {
    const std::int64_t extent = extents[axis - 1];
    if (extent == 1)
      continue;
    const std::int64_t sourceStep = sourceStrides[axis - 1] * bytes;
    const std::int64_t targetStep = targetStrides[axis - 1] * bytes;
    if (shape.rows == 1) {
      shape.sourceStride = sourceStep;
      shape.targetStride = targetStep;
    } else if (sourceStep != shape.rows * shape.sourceStride ||
               targetStep != shape.rows * shape.targetStride) {
      return std::nullopt;
    }
    shape.rows *= extent;
  }
  return shape;
}

LogicalResult ProgramOp::verify() {
  const auto checkIndex = [](BufferOp buffer, std::size_t count, StringRef what) -> LogicalResult {
    if (!buffer.getIndex())
      return success(); // verified before the ops inside it: the buffer's own verifier refuses this
    const std::int64_t index = *buffer.getIndex();
    if (index < 0 || static_cast<std::size_t>(index) >= count)
      return buffer.emitOpError() << "expected an index below " << count << ", the number of "
                                  << what << ", got " << index;
    return success();
  };
  for (Operation &op : getBody().front()) {
    if (op.getDialect() != (*this)->getDialect())
      return op.emitOpError("is not an op of the plan dialect, as expected inside plan.program");
    if (auto buffer = dyn_cast<BufferOp>(op)) {
      if (buffer.getKind() == BufferKind::fed &&
          failed(checkIndex(buffer, getFeedNames().size(), "feeds")))
        return failure();
      if (buffer.getKind() == BufferKind::fetched &&
          failed(checkIndex(buffer, getFetchNames().size(), "fetches")))
        return failure();
    }
  }
  return success();
}

TypeRange KernelOp::getOutputTypes() {
  return getBody().front().getTerminator()->getOperandTypes();
}

LogicalResult KernelOp::verify() {
  Block &body = getBody().front();
  if (body.empty() || !body.back().hasTrait<OpTrait::IsTerminator>())
    return emitOpError("expected a body that ends in graph.yield");
  const auto isStatic = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape();
  };
  for (Type type : body.getArgumentTypes())
    if (!isStatic(type))
      return emitOpError() << "expected arguments of known extents, got " << type;
  for (Type type : getOutputTypes())
    if (!isStatic(type))
      return emitOpError() << "expected results of known extents, got " << type;
  return success();
}

void BufferOp::build(OpBuilder &builder, OperationState &state, MemRefType type, BufferKind kind) {
  build(builder, state, type, BufferKindAttr::get(builder.getContext(), kind), IntegerAttr{},
        FlatSymbolRefAttr{}, ElementsAttr{}, IntegerAttr{}, DenseI64ArrayAttr{});
}

LogicalResult BufferOp::verify() {
  if (!isDense(getBuffer().getType()))
    return emitOpError("expected a dense row-major buffer; layouts belong to plan.view");
  const StringRef kind = stringifyBufferKind(getKind());
  const bool numbered = getKind() == BufferKind::fed || getKind() == BufferKind::fetched;
  if (numbered != getIndex().has_value())
    return emitOpError() << (numbered ? "expected an index on a " : "expected no index on a ")
                         << kind << " buffer";
  const bool named = getKind() == BufferKind::variable || getKind() == BufferKind::kept;
  if (named != getVariable().has_value())
    return emitOpError() << (named ? "expected a variable on a " : "expected no variable on a ")
                         << kind << " buffer";
  if ((getKind() == BufferKind::constant) != getValue().has_value())
    return emitOpError("expected a value on constant buffers and on no others");
  if (getValue() && getValueAttr().getShapedType() != tensorTypeOf(getBuffer().getType()))
    return emitOpError() << "expected a value of type " << tensorTypeOf(getBuffer().getType())
                         << ", got " << getValueAttr().getShapedType();
  if (getKind() != BufferKind::temporary && (getOffset() || getLifetime()))
    return emitOpError() << "expected no offset and no lifetime on a " << kind << " buffer";
  if (getOffset() && (*getOffset() % 64 != 0 || static_cast<std::int64_t>(*getOffset()) < 0))
    return emitOpError() << "expected an offset that is a multiple of 64, got " << *getOffset();
  if (getLifetime() && (getLifetime()->size() != 2 || (*getLifetime())[0] > (*getLifetime())[1]))
    return emitOpError("expected a lifetime of two steps, the first not after the last");
  return success();
}

LogicalResult ViewOp::verify() {
  MemRefType source = getSource().getType();
  MemRefType result = getResult().getType();
  if (source.getElementType() != result.getElementType())
    return emitOpError() << "expected element type " << source.getElementType() << ", got "
                         << result.getElementType();
  auto [sourceStrides, sourceOffset] = source.getStridesAndOffset();
  llvm::SmallVector<std::int64_t> strides;
  std::int64_t offset = 0;
  if (failed(result.getStridesAndOffset(strides, offset)))
    return emitOpError() << "expected a strided layout, got " << result.getLayout();
  // The furthest element of a view of a dense source must lie inside.
  std::int64_t last = offset;
  for (auto [extent, stride] : llvm::zip_equal(result.getShape(), strides))
    last += (extent - 1) * stride;
  if (isDense(source) && result.getNumElements() > 0 &&
      (offset < 0 || last >= source.getNumElements()))
    return emitOpError() << "expected a part of " << source << ", but element " << last
                         << " of it is named";
  if (!isDense(source))
    return emitOpError() << "expected a dense source, got " << source;
  return success();
}

LogicalResult RunPrimitiveOp::verify() {
  auto create = getPrimitive().getDefiningOp<CreatePrimitiveOp>();
  if (!create)
    return emitOpError("expected a primitive made by plan.create_primitive");
  const auto check = [&](TypeRange wanted, TypeRange got, StringRef what) -> LogicalResult {
    if (wanted.size() != got.size())
      return emitOpError() << "expected " << wanted.size() << ' ' << what << "s, got "
                           << got.size();
    for (auto [number, types] : llvm::enumerate(llvm::zip_equal(wanted, got))) {
      auto [a, b] = types;
      // Offsets are no part of what a primitive is made for.
      auto [aStrides, aOffset] = cast<MemRefType>(a).getStridesAndOffset();
      auto [bStrides, bOffset] = cast<MemRefType>(b).getStridesAndOffset();
      if (cast<MemRefType>(a).getShape() != cast<MemRefType>(b).getShape() ||
          aStrides != bStrides ||
          cast<MemRefType>(a).getElementType() != cast<MemRefType>(b).getElementType()) {
        InFlightDiagnostic error = emitOpError() << "expected " << what << ' ' << number
                                                 << " of type " << a << ", got " << b;
        error.attachNote(create.getLoc()) << "the primitive is made here";
        return error;
      }
    }
    return success();
  };
  FunctionType type = create.getOperandTypes();
  if (failed(check(type.getInputs(), getInputs().getTypes(), "input")) ||
      failed(check(type.getResults(), getOutputs().getTypes(), "output")))
    return failure();
  const std::int64_t needed = create.getScratchpadBytes();
  const std::int64_t given = getScratchpad() ? bytesOf(getScratchpad().getType()) : 0;
  if (given < needed)
    return emitOpError() << "expected a scratchpad of " << needed << " bytes, got " << given;
  for (Value output : getOutputs()) {
    BufferOp buffer = placeOf(output).buffer;
    if (buffer && buffer.getKind() == BufferKind::kept &&
        (getInputs().size() != 1 || getOutputs().size() != 1 ||
         placeOf(getInputs()[0]).buffer.getKind() != BufferKind::variable))
      return emitOpError("expected a kept buffer to be made from one variable and nothing else");
  }
  return success();
}

/// Plain bytes, enough for the value: its layout is between the kernels that share it. Or one value
/// for each of the pieces that a kernel's extent has, which are parts of a sum.
static bool hasOwnLayout(Type value, Type buffer) {
  auto tensor = cast<RankedTensorType>(value);
  auto bytes = cast<MemRefType>(buffer);
  if (bytes.getRank() == tensor.getRank() + 1 && bytes.getLayout().isIdentity() &&
      bytes.getElementType() == tensor.getElementType() &&
      bytes.getShape().drop_front() == tensor.getShape())
    return true;
  return bytes.getRank() == 1 && bytes.getElementType().isUnsignedInteger(8) &&
         tensor.getNumElements() * bytesOfElement(tensor.getElementType()) <=
             bytes.getNumElements();
}

LogicalResult CallKernelOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto kernel = tables.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError() << "expected a plan.kernel named " << getKernelAttr();
  const auto check = [&](TypeRange wanted, TypeRange got, StringRef what) -> LogicalResult {
    if (wanted.size() != got.size())
      return emitOpError() << "expected " << wanted.size() << ' ' << what << "s, got "
                           << got.size();
    for (auto [number, types] : llvm::enumerate(llvm::zip_equal(wanted, got))) {
      auto [a, b] = types;
      if (hasOwnLayout(a, b))
        continue;
      if (a != tensorTypeOf(cast<MemRefType>(b)) || !cast<MemRefType>(b).getLayout().isIdentity()) {
        // Parts of a buffer carry an offset; what they hold must still be dense.
        auto tensor = cast<RankedTensorType>(a);
        auto [strides, offset] = cast<MemRefType>(b).getStridesAndOffset();
        auto [dense, zero] = bufferTypeOf(tensor).getStridesAndOffset();
        if (a == tensorTypeOf(cast<MemRefType>(b)) && strides == dense)
          continue;
        return emitOpError() << "expected " << what << ' ' << number << " of type "
                             << bufferTypeOf(tensor) << ", got " << b;
      }
    }
    return success();
  };
  llvm::SmallVector<Type> read(getInputs().getTypes());
  llvm::append_range(read, getUpdates().getTypes());
  if (failed(check(kernel.getBody().front().getArgumentTypes(), read, "input")))
    return failure();
  for (Value update : getUpdates())
    if (BufferOp buffer = placeOf(update).buffer;
        !buffer || buffer.getKind() != BufferKind::variable)
      return emitOpError("expected variables among the updates");
  return check(kernel.getOutputTypes(), getOutputs().getTypes(), "output");
}

/// The program called `name`, which has as many feeds and fetches as it is given values.
static LogicalResult verifyCallee(Operation *op, SymbolTableCollection &tables,
                                  FlatSymbolRefAttr name, std::size_t feeds, std::size_t fetches) {
  auto program = tables.lookupNearestSymbolFrom<ProgramOp>(op, name);
  if (!program)
    return op->emitOpError() << "expected a plan.program named " << name;
  if (program.getFeedNames().size() != feeds)
    return op->emitOpError() << "expected " << name << " to have " << feeds << " feeds, got "
                             << program.getFeedNames().size();
  if (program.getFetchNames().size() != fetches)
    return op->emitOpError() << "expected " << name << " to have " << fetches << " fetches, got "
                             << program.getFetchNames().size();
  return success();
}

static LogicalResult verifyAlike(Operation *op, ValueRange wanted, ValueRange got, StringRef what) {
  const auto tensors = [](ValueRange values) {
    return llvm::map_to_vector(values, [](Value value) -> Type {
      return tensorTypeOf(cast<MemRefType>(value.getType()));
    });
  };
  if (tensors(wanted) != tensors(got))
    return op->emitOpError() << "expected " << what << " of the types " << wanted.getTypes()
                             << ", got " << got.getTypes();
  return success();
}

LogicalResult RunWhileOp::verifySymbolUses(SymbolTableCollection &tables) {
  const std::size_t variables = getInitial().size(), feeds = variables + getCaptured().size();
  if (failed(verifyCallee(*this, tables, getConditionAttr(), feeds, 1)) ||
      failed(verifyCallee(*this, tables, getBodyAttr(), feeds, variables)) ||
      failed(verifyAlike(*this, getInitial(), getOutputs(), "outputs")))
    return failure();
  return verifyAlike(*this, getInitial(), getSpare(), "spare buffers");
}

LogicalResult RunWhileGradientOp::verifySymbolUses(SymbolTableCollection &tables) {
  const std::size_t variables = getInitial().size(), feeds = variables + getCaptured().size();
  const std::size_t gradients = getGradients().size();
  if (failed(verifyCallee(*this, tables, getConditionAttr(), feeds, 1)) ||
      failed(verifyCallee(*this, tables, getBodyAttr(), feeds, variables)) ||
      failed(verifyCallee(*this, tables, getGradientAttr(), feeds + gradients, gradients)))
    return failure();
  for (std::int64_t number : getKept())
    if (number < 0 || static_cast<std::size_t>(number) >= variables)
      return emitOpError() << "expected kept numbers below " << variables
                           << ", the number of loop variables, got " << number;
  if (failed(verifyAlike(*this, getInitial(), getVariables(), "variables")) ||
      failed(verifyAlike(*this, getInitial(), getSpare(), "spare buffers")) ||
      failed(verifyAlike(*this, getGradients(), getOutputs(), "outputs")))
    return failure();
  return verifyAlike(*this, getGradients(), getSpareOutputs(), "spare outputs");
}

LogicalResult RunCondOp::verifySymbolUses(SymbolTableCollection &tables) {
  const auto pred = cast<MemRefType>(getPred().getType());
  if (pred.getRank() != 0 || !pred.getElementType().isInteger(1))
    return emitOpError() << "expected a scalar bool, got " << pred;
  for (FlatSymbolRefAttr branch : {getThenBranchAttr(), getElseBranchAttr()})
    if (failed(verifyCallee(*this, tables, branch, getCaptured().size(), getOutputs().size())))
      return failure();
  return success();
}

/// `row` is one row of `tensor` along axis 0, both dense, and `index` a scalar integer.
static LogicalResult verifyRow(Operation *op, Value tensor, Value index, Value row) {
  auto whole = cast<MemRefType>(tensor.getType()), part = cast<MemRefType>(row.getType());
  auto place = cast<MemRefType>(index.getType());
  if (whole.getRank() == 0 || whole.getShape().drop_front() != part.getShape() ||
      whole.getElementType() != part.getElementType())
    return op->emitOpError() << "expected a row of " << whole << ", got " << part;
  if (place.getRank() != 0 || !place.getElementType().isSignlessInteger())
    return op->emitOpError() << "expected a scalar index, got " << place;
  for (MemRefType type : {whole, part})
    if (type.getStridesAndOffset().first !=
        MemRefType::get(type.getShape(), type.getElementType()).getStridesAndOffset().first)
      return op->emitOpError() << "expected dense buffers, got " << type;
  return success();
}

LogicalResult ReadRowOp::verify() { return verifyRow(*this, getTensor(), getIndex(), getRow()); }

LogicalResult WriteRowOp::verify() { return verifyRow(*this, getTensor(), getIndex(), getRow()); }

LogicalResult CopyOp::verify() {
  MemRefType source = getSource().getType();
  MemRefType target = getTarget().getType();
  if (source.getShape() != target.getShape() || source.getElementType() != target.getElementType())
    return emitOpError() << "expected buffers of equal extents and element types, got " << source
                         << " and " << target;
  if (!copyShape(source, target))
    return emitOpError() << "expected layouts that differ in one stride at most, got " << source
                         << " and " << target;
  return success();
}

void PlanDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "ir/PlanAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "ir/PlanTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "ir/PlanOps.cpp.inc"
      >();
}

} // namespace graphc::plan

#include "ir/PlanDialect.cpp.inc"
#include "ir/PlanEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "ir/PlanAttributes.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "ir/PlanTypes.cpp.inc"
#define GET_OP_CLASSES
#include "ir/PlanOps.cpp.inc"
