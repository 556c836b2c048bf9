#include "passes/kernels/KernelFunction.h"

#include <algorithm>
#include <cstddef>

#include "runtime/KernelAbi.h"

using namespace mlir;

namespace graphc {

Type registerType(Type elementType) {
  if (auto integer = dyn_cast<IntegerType>(elementType))
    return IntegerType::get(elementType.getContext(), integer.getWidth());
  return elementType;
}

Type memoryType(Type elementType) {
  if (elementType.isInteger(1))
    return IntegerType::get(elementType.getContext(), 8);
  return registerType(elementType);
}

std::int64_t elementBytes(Type elementType) {
  return memoryType(elementType).getIntOrFloatBitWidth() / 8;
}

KernelFunction::KernelFunction(StringRef name, unsigned numBuffers, Location loc, ModuleOp module)
    : module_(module), builder_(module.getContext()) {
  MLIRContext *context = module.getContext();
  const Type pointer = LLVM::LLVMPointerType::get(context);
  const Type i64 = builder_.getI64Type();
  const auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context),
                                                {pointer, i64, i64, pointer, pointer});
  builder_.setInsertionPointToEnd(module.getBody());
  function_ = LLVM::LLVMFuncOp::create(builder_, loc, name, type);
  Block *entry = function_.addEntryBlock(builder_);
  builder_.setInsertionPointToStart(entry);
  for (unsigned i = 0; i < numBuffers; ++i) {
    const Value slot = LLVM::GEPOp::create(builder_, loc, pointer, pointer, entry->getArgument(0),
                                           ArrayRef<LLVM::GEPArg>{static_cast<int>(i)},
                                           LLVM::GEPNoWrapFlags::inbounds);
    auto load = LLVM::LoadOp::create(builder_, loc, pointer, slot);
    load.setInvariant(true);
    buffers_.push_back(load);
  }
  lastConstant_ = buffers_.empty() ? nullptr : buffers_.back().getDefiningOp();
  LLVM::ReturnOp::create(builder_, loc, ValueRange{});
  builder_.setInsertionPoint(entry->getTerminator());

  const auto domain = LLVM::AliasScopeDomainAttr::get(context, builder_.getStringAttr(name));
  // LLVM compares the lists of two accesses element by element. Of a kernel with some hundred
  // buffers, as a stack of many steps is, those past the first ones may touch each other.
  constexpr unsigned most = 64;
  const unsigned last = std::min(numBuffers, most);
  SmallVector<Attribute> scopes;
  for (unsigned i = 0; i <= last; ++i)
    scopes.push_back(LLVM::AliasScopeAttr::get(domain));
  for (unsigned i = 0; i <= numBuffers; ++i) {
    const unsigned own = std::min(i, last);
    ownScope_.push_back(builder_.getArrayAttr(scopes[own]));
    SmallVector<Attribute> others(scopes);
    others.erase(others.begin() + own);
    otherScopes_.push_back(builder_.getArrayAttr(others));
  }
}

Value KernelFunction::begin() const {
  return const_cast<LLVM::LLVMFuncOp &>(function_).getArgument(1);
}
Value KernelFunction::end() const {
  return const_cast<LLVM::LLVMFuncOp &>(function_).getArgument(2);
}
Value KernelFunction::scratch() const {
  return const_cast<LLVM::LLVMFuncOp &>(function_).getArgument(3);
}

Value KernelFunction::contextField(std::int64_t byteOffset) {
  OpBuilder::InsertionGuard guard(builder_);
  if (lastConstant_)
    builder_.setInsertionPointAfter(lastConstant_);
  else
    builder_.setInsertionPointToStart(&function_.getBody().front());
  const Location loc = function_.getLoc();
  const Value field = LLVM::GEPOp::create(
      builder_, loc, LLVM::LLVMPointerType::get(module_.getContext()), builder_.getI8Type(),
      function_.getArgument(4), ArrayRef<LLVM::GEPArg>{static_cast<int>(byteOffset)});
  auto load = LLVM::LoadOp::create(builder_, loc, builder_.getI64Type(), field);
  load.setInvariant(true);
  lastConstant_ = load;
  return load;
}

Value KernelFunction::sessionSeed() {
  if (!sessionSeed_)
    sessionSeed_ = contextField(offsetof(GraphcRunContext, session_seed));
  return sessionSeed_;
}

Value KernelFunction::runIndex() {
  if (!runIndex_)
    runIndex_ = contextField(offsetof(GraphcRunContext, run_index));
  return runIndex_;
}

Value KernelFunction::step() {
  if (!step_)
    step_ = contextField(offsetof(GraphcRunContext, step));
  return step_;
}

Value KernelFunction::constant(TypedAttr value) {
  Value &known = constants_[value];
  if (known)
    return known;
  OpBuilder::InsertionGuard guard(builder_);
  if (lastConstant_)
    builder_.setInsertionPointAfter(lastConstant_);
  else
    builder_.setInsertionPointToStart(&function_.getBody().front());
  auto op = LLVM::ConstantOp::create(builder_, function_.getLoc(), value.getType(), value);
  lastConstant_ = op;
  return known = op;
}

Value KernelFunction::constant(std::int64_t value) {
  return constant(builder_.getI64IntegerAttr(value));
}

Value KernelFunction::constantData(Location loc, DenseElementsAttr elements) {
  OpBuilder::InsertionGuard guard(builder_);
  const Type element = memoryType(elements.getElementType());
  const std::int64_t count = elements.getNumElements();
  // Signless elements in one dimension: what an LLVM constant array can be made of.
  const auto flat = RankedTensorType::get({count}, element);
  DenseElementsAttr data;
  if (elements.getElementType().isInteger(1)) {
    SmallVector<std::int8_t> bytes;
    for (const bool value : elements.getValues<bool>())
      bytes.push_back(value);
    data = DenseElementsAttr::get(flat, ArrayRef(bytes));
  } else {
    data = DenseElementsAttr::getFromRawBuffer(flat, elements.getRawData());
  }
  builder_.setInsertionPointToStart(module_.getBody());
  const std::string name = (function_.getName() + ".data" + Twine(numData_++)).str();
  const auto type = LLVM::LLVMArrayType::get(element, static_cast<unsigned>(count));
  LLVM::GlobalOp::create(builder_, loc, type, /*isConstant=*/true, LLVM::Linkage::Private, name,
                         data, /*alignment=*/64);
  if (lastConstant_)
    builder_.setInsertionPointAfter(lastConstant_);
  else
    builder_.setInsertionPointToStart(&function_.getBody().front());
  auto address = LLVM::AddressOfOp::create(builder_, loc,
                                           LLVM::LLVMPointerType::get(module_.getContext()), name);
  lastConstant_ = address;
  return address;
}

Value KernelFunction::address(Location loc, Value base, Value offset, Type element) {
  if (!offset)
    return base;
  return LLVM::GEPOp::create(builder_, loc, base.getType(), element, base, ValueRange{offset},
                             LLVM::GEPNoWrapFlags::inbounds);
}

Value KernelFunction::loadAt(Location loc, Value base, Value offset, Type type, unsigned scope) {
  const Type element = getElementTypeOrSelf(type);
  const Type stored = memoryType(element);
  auto vector = dyn_cast<VectorType>(type);
  const Type storedType = vector ? Type(vector.clone(stored)) : stored;
  auto load = LLVM::LoadOp::create(builder_, loc, storedType, address(loc, base, offset, stored),
                                   static_cast<unsigned>(elementBytes(element)));
  load.setAliasScopesAttr(ownScope_[scope]);
  load.setNoaliasScopesAttr(otherScopes_[scope]);
  if (!element.isInteger(1))
    return load;
  // Bools are stored as 0 or 1, so that the lowest bit is the value.
  return LLVM::TruncOp::create(builder_, loc, type, load);
}

void KernelFunction::storeAt(Location loc, Value value, Value base, Value offset, unsigned scope,
                             bool streams) {
  const Type element = getElementTypeOrSelf(value.getType());
  const Type stored = memoryType(element);
  if (element != stored) {
    auto vector = dyn_cast<VectorType>(value.getType());
    value =
        LLVM::ZExtOp::create(builder_, loc, vector ? Type(vector.clone(stored)) : stored, value);
  }
  auto vector = dyn_cast<VectorType>(value.getType());
  const std::int64_t aligned = streams && vector ? vector.getNumElements() : 1;
  auto store = LLVM::StoreOp::create(builder_, loc, value, address(loc, base, offset, stored),
                                     static_cast<unsigned>(aligned * elementBytes(element)),
                                     /*isVolatile=*/false, /*isNonTemporal=*/streams);
  store.setAliasScopesAttr(ownScope_[scope]);
  store.setNoaliasScopesAttr(otherScopes_[scope]);
}

Value KernelFunction::load(Location loc, unsigned buffer, Value offset, Type type) {
  return loadAt(loc, buffers_[buffer], offset, type, buffer);
}
void KernelFunction::store(Location loc, Value value, unsigned buffer, Value offset) {
  storeAt(loc, value, buffers_[buffer], offset, buffer);
}
Value KernelFunction::loadFrom(Location loc, Value base, Value offset, Type type) {
  return loadAt(loc, base, offset, type, numBuffers());
}
void KernelFunction::storeTo(Location loc, Value value, Value base, Value offset, bool streams) {
  storeAt(loc, value, base, offset, numBuffers(), streams);
}

void KernelFunction::orderStreams() {
#if defined(__x86_64__) // whose stores are ordered otherwise
  LLVM::CallIntrinsicOp::create(builder_, function_.getLoc(),
                                builder_.getStringAttr("llvm.x86.sse.sfence"), ValueRange{});
#endif
}

Value KernelFunction::firstOf(VectorType type, std::int64_t count) {
  SmallVector<bool> mask(static_cast<std::size_t>(type.getNumElements()), false);
  std::fill_n(mask.begin(), count, true);
  const auto bits = VectorType::get(type.getShape(), builder_.getI1Type());
  return constant(DenseElementsAttr::get(bits, ArrayRef(mask)));
}

Value KernelFunction::loadFirstAt(Location loc, Value base, Value offset, Type type,
                                  std::int64_t count, unsigned scope) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || count >= vector.getNumElements())
    return loadAt(loc, base, offset, type, scope);
  const Type element = vector.getElementType(), stored = memoryType(element);
  const VectorType storedType = vector.clone(stored);
  const Value value = LLVM::MaskedLoadOp::create(
      builder_, loc, storedType, address(loc, base, offset, stored), firstOf(vector, count),
      constant(cast<TypedAttr>(builder_.getZeroAttr(storedType))),
      static_cast<std::uint32_t>(elementBytes(element)));
  return element == stored ? value : Value(LLVM::TruncOp::create(builder_, loc, type, value));
}

void KernelFunction::storeFirstAt(Location loc, Value value, Value base, Value offset,
                                  std::int64_t count, unsigned scope) {
  auto vector = dyn_cast<VectorType>(value.getType());
  if (!vector || count >= vector.getNumElements())
    return storeAt(loc, value, base, offset, scope);
  const Type element = vector.getElementType(), stored = memoryType(element);
  if (element != stored)
    value = LLVM::ZExtOp::create(builder_, loc, vector.clone(stored), value);
  LLVM::MaskedStoreOp::create(builder_, loc, value, address(loc, base, offset, stored),
                              firstOf(vector, count),
                              static_cast<std::uint32_t>(elementBytes(element)));
}

Value KernelFunction::loadFirst(Location loc, unsigned buffer, Value offset, Type type,
                                std::int64_t count) {
  return loadFirstAt(loc, buffers_[buffer], offset, type, count, buffer);
}
void KernelFunction::storeFirst(Location loc, Value value, unsigned buffer, Value offset,
                                std::int64_t count) {
  storeFirstAt(loc, value, buffers_[buffer], offset, count, buffer);
}
Value KernelFunction::loadFirstFrom(Location loc, Value base, Value offset, Type type,
                                    std::int64_t count) {
  return loadFirstAt(loc, base, offset, type, count, numBuffers());
}
void KernelFunction::storeFirstTo(Location loc, Value value, Value base, Value offset,
                                  std::int64_t count) {
  storeFirstAt(loc, value, base, offset, count, numBuffers());
}

} // namespace graphc
