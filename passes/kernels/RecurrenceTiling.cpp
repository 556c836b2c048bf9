#include "passes/kernels/RecurrenceTiling.h"

#include <algorithm>
#include <map>
#include <optional>
#include <thread>

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "passes/kernels/KernelFunction.h"
#include "runtime/CacheSize.h"
#include "runtime/VectorWidth.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;

namespace graphc {
namespace {

RankedTensorType tensorType(Value value) { return cast<RankedTensorType>(value.getType()); }

unsigned segment(Operation *rnn, unsigned which) {
  return static_cast<unsigned>(
      rnn->getAttrOfType<DenseI32ArrayAttr>("operandSegmentSizes").asArrayRef()[which]);
}

bool hasDouble(Operation *rnn) {
  const auto isDouble = [](Type type) {
    auto tensor = dyn_cast<TensorType>(type);
    return tensor && tensor.getElementType().isF64();
  };
  Block &body = rnn->getRegion(0).front();
  return llvm::any_of(body.getArgumentTypes(), isDouble) || llvm::any_of(body, [&](Operation &op) {
           return llvm::any_of(op.getResultTypes(), isDouble);
         });
}

void addNumber(Operation *rnn, StringRef name, unsigned number) {
  SmallVector<std::int64_t> numbers;
  if (auto before = rnn->getAttrOfType<DenseI64ArrayAttr>(name))
    numbers.assign(before.asArrayRef().begin(), before.asArrayRef().end());
  if (llvm::is_contained(numbers, number))
    return;
  numbers.push_back(number);
  rnn->setAttr(name, DenseI64ArrayAttr::get(rnn->getContext(), numbers));
}

/// Bytes of the matrices that the body multiplies by; nothing where they are not known. Sums over
/// the batch, which a backward body has beside products, multiply no matrix that stays.
std::optional<std::int64_t> weightBytes(Operation *rnn) {
  std::int64_t bytes = 0;
  llvm::SmallPtrSet<Value, 8> seen;
  for (Operation &op : rnn->getRegion(0).front()) {
    auto sumsBatch = op.getAttrOfType<BoolAttr>("transpose_a");
    if (op.getName().stripDialect() != "matmul" || (sumsBatch && sumsBatch.getValue()))
      continue;
    Value weights = op.getOperand(1);
    auto type = dyn_cast<RankedTensorType>(weights.getType());
    if (!type || !type.hasStaticShape())
      return std::nullopt;
    if (seen.insert(weights).second)
      bytes += type.getNumElements() * elementBytes(type.getElementType());
  }
  return bytes;
}

/// Whether the weights stay in a core's own cache of any usual processor.
bool hasSmallWeights(Operation *rnn) {
  constexpr std::int64_t most = 256 * 1024; // half of the smallest; the other half is for the tile
  const std::optional<std::int64_t> bytes = weightBytes(rnn);
  return bytes && *bytes <= most;
}

/// The batch is the first extent that most sequences and states have; a coincidence with another
/// extent costs a kernel, never correctness. 0 where there is none.
std::int64_t batchOf(Operation *rnn) {
  std::map<std::int64_t, int> votes;
  Block &body = rnn->getRegion(0).front();
  for (unsigned i = 0; i < segment(rnn, 0) + segment(rnn, 1); ++i) {
    const ArrayRef<std::int64_t> extents = tensorType(body.getArgument(i)).getShape();
    if (!extents.empty())
      votes[extents[0]] += extents.size() > 1 ? 2 : 1;
  }
  if (votes.empty())
    return 0;
  return std::max_element(votes.begin(), votes.end(),
                          [](auto &a, auto &b) { return a.second < b.second; })
      ->first;
}

/// Whether a tile has two registers for each feature where registers have 512 bits, as it has with
/// 256: each weight that is broadcast then serves both. That halves the number of tiles, so that
/// threads may have less equal parts.
bool isWide(Operation *rnn, std::int64_t batch) {
  constexpr std::int64_t wide = 32, narrow = 16;
  if (vectorBits() < 512)
    return false;
  // Parts of many tiles are equal enough.
  if (hasSmallWeights(rnn))
    return batch >= wide * 32;
  const std::int64_t threads = std::max(1u, std::thread::hardware_concurrency());
  const auto largestPart = [&](std::int64_t lanes) {
    return ((batch + lanes - 1) / lanes + threads - 1) / threads * lanes;
  };
  return batch >= wide * std::max<std::int64_t>(2, threads) &&
         largestPart(wide) <= largestPart(narrow);
}

} // namespace

RecurrenceTiling tilingOf(Operation *rnn) {
  RecurrenceTiling tiling;
  tiling.batch = batchOf(rnn);
  if (tiling.batch == 0)
    return tiling;
  if (auto given = rnn->getAttrOfType<IntegerAttr>(kTileWindows)) {
    tiling.lanes = std::clamp<std::int64_t>(given.getInt(), 1, 32);
  } else {
    tiling.lanes = isWide(rnn, tiling.batch) ? 32 : 16;
    // Eight lanes of f64 are as many registers as sixteen of f32.
    if (hasDouble(rnn))
      tiling.lanes /= 2;
  }
  while (tiling.lanes > 1 && tiling.lanes / 2 >= tiling.batch)
    tiling.lanes /= 2;
  return tiling;
}

bool keepsWeightsCached(Operation *rnn) {
  if (auto given = rnn->getAttrOfType<BoolAttr>(kCachedWeights))
    return given.getValue();
  if (hasSmallWeights(rnn))
    return true;
  // Each weight is read once for each product of a tile and step. With two registers for a feature
  // that takes half as long as the multiply-adds; with one, as long as these, and longer where it
  // is read from the second-level cache: oneDNN's products are faster then.
  const RecurrenceTiling tiling = tilingOf(rnn);
  const std::int64_t registerLanes = vectorBits() / 8 / (hasDouble(rnn) ? 8 : 4);
  const std::optional<std::int64_t> bytes = weightBytes(rnn);
  return bytes && *bytes <= secondLevelCacheBytes() / 2 && tiling.lanes >= 2 * registerLanes;
}

void settleTiling(Operation *rnn) {
  const RecurrenceTiling tiling = tilingOf(rnn);
  const auto windows = IntegerAttr::get(IntegerType::get(rnn->getContext(), 64), tiling.lanes);
  rnn->setAttr(kTileWindows, windows);
  for (Operation *reader : rnn->getUsers())
    if (reader->getName() == rnn->getName() && !reader->hasAttr(kTileWindows) &&
        hasDouble(reader) == hasDouble(rnn) && tilingOf(reader).batch == tiling.batch)
      reader->setAttr(kTileWindows, windows);
}

void chooseTiledOutputs(Operation *rnn) {
  const RecurrenceTiling tiling = tilingOf(rnn);
  // One window needs no transposition either way.
  if (tiling.lanes == 1)
    return;
  const unsigned outputs = rnn->getNumResults() - segment(rnn, 1);
  for (unsigned i = 0; i < outputs; ++i) {
    Value output = rnn->getResult(i);
    const ArrayRef<std::int64_t> extents = tensorType(output).getShape();
    if (output.use_empty() || extents.size() < 2 || extents[1] != tiling.batch)
      continue;
    const bool stays = llvm::all_of(output.getUses(), [&](OpOperand &use) {
      Operation *reader = use.getOwner();
      if (reader->getName() != rnn->getName() || reader->getBlock() != rnn->getBlock() ||
          use.getOperandNumber() >= segment(reader, 0))
        return false;
      const RecurrenceTiling own = tilingOf(reader);
      return own.batch == tiling.batch && own.lanes == tiling.lanes;
    });
    if (!stays)
      continue;
    addNumber(rnn, kTiledOutputs, i);
    for (OpOperand &use : output.getUses())
      addNumber(use.getOwner(), kTiledSequences, use.getOperandNumber());
  }
}

std::int64_t tiledBytes(const RecurrenceTiling &tiling, Value sequence) {
  const RankedTensorType type = tensorType(sequence);
  return type.getNumElements() / tiling.batch * tiling.tiles() * tiling.lanes *
         elementBytes(type.getElementType());
}

} // namespace graphc
