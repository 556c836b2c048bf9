// A dry run of the index computations of ElementEmitter, on loops instead of values.
#include "passes/kernels/LoopDomain.h"

#include <algorithm>
#include <set>
#include <vector>

using namespace mlir;

namespace graphc {
namespace {

/// More pieces than this are not worth loops of their own.
constexpr std::size_t kMaxCuts = 33;

/// What is known of a part of an index: 0, the linear index of dims [first, first + count) of the
/// domain plus an offset, or nothing.
struct DimPart {
  enum Kind : std::uint8_t { zero, range, unknown };
  unsigned dims = 1;
  Kind kind = zero;
  int first = 0, count = 0;
  std::int64_t offset = 0;
};

class DomainAnalysis {
public:
  using Part = DimPart;
  using Maps = IndexMaps<DomainAnalysis>;
  using Index = Maps::Index;

  explicit DomainAnalysis(ArrayRef<std::int64_t> extents)
      : extents(extents), split(extents.size(), false), cuts(extents.size()) {}

  SmallVector<std::int64_t> extents;
  SmallVector<bool> split; ///< between dim k and k + 1
  SmallVector<std::set<std::int64_t>> cuts;
  /// Dims to be taken apart, and into what; the analysis then starts again.
  std::optional<std::pair<int, int>> refined;
  SmallVector<std::int64_t> refinement;

  void visit(Value value, const Index &index);

  // The index space.
  bool isZero(const Part &part) const { return part.kind == Part::zero; }
  void single(const Part &part, Extents shape, SmallVectorImpl<Part> &out);
  Part join(ArrayRef<Part> parts, ArrayRef<std::int64_t> sizes, unsigned dims);
  Part affine(Part part, std::int64_t scale, std::int64_t offset);
  Part constant(std::int64_t) { return {1, Part::unknown}; }

private:
  void splitAround(int first, int count) {
    if (first > 0)
      split[first - 1] = true;
    if (first + count - 1 < static_cast<int>(split.size()))
      split[first + count - 1] = true;
  }
  Part forget(const Part &part) {
    if (part.kind == Part::range)
      splitAround(part.first, part.count);
    return {part.dims, Part::unknown};
  }
  std::int64_t sizeOf(const Part &part) const {
    return productOf(ArrayRef(extents).slice(part.first, part.count));
  }
  void checkNeighbours(const Index &index, Extents shape);
  void visitOp(Operation *op, unsigned resultNumber, Index index);
  void visitPieces(const Pieces &pieces, Operation *op, Index index);
  void visitBox(Operation *op, const SliceBox &box, Value inner, Index index);
  void visitWithout(Value value, const Index &index, ArrayRef<bool> removed, Extents shape);
  void visitUnknown(Value value) {
    visit(value, Index(extentsOf(value).size(), Part{1, Part::unknown}));
  }
  void cut(int dim, std::int64_t at) {
    if (at > 0 && at < extents[dim])
      cuts[dim].insert(at);
  }

  std::set<std::vector<std::int64_t>> visited_;
};

void DomainAnalysis::single(const Part &part, Extents shape, SmallVectorImpl<Part> &out) {
  const auto giveUp = [&] {
    forget(part);
    out.append(part.dims, Part{1, Part::unknown});
  };
  if (part.kind != Part::range || part.offset != 0 || productOf(shape) != sizeOf(part))
    return giveUp();
  // Axes and dims agree where the products of all that follows are the same.
  const auto suffixes = [](ArrayRef<std::int64_t> list) {
    std::set<std::int64_t> products;
    std::int64_t product = 1;
    for (const std::int64_t extent : llvm::reverse(list))
      products.insert(product *= extent);
    return products;
  };
  const auto own = suffixes(ArrayRef(extents).slice(part.first, part.count));
  auto all = suffixes(shape);
  all.insert(own.begin(), own.end());
  all.erase(1);
  SmallVector<std::int64_t> factors;
  std::int64_t below = 1;
  for (const std::int64_t product : all) {
    if (product % below != 0)
      return giveUp();
    factors.push_back(product / below);
    below = product;
  }
  std::reverse(factors.begin(), factors.end());
  if (static_cast<int>(factors.size()) != part.count) {
    if (!refined) {
      refined = {part.first, part.count};
      refinement = factors;
    }
    return giveUp();
  }
  int dim = part.first;
  for (const std::int64_t extent : shape) {
    Part one{1, extent == 1 ? Part::zero : Part::range, dim, 0};
    for (std::int64_t size = 1; size < extent; size *= extents[dim++])
      ++one.count;
    out.push_back(one);
  }
}

DimPart DomainAnalysis::join(ArrayRef<Part> parts, ArrayRef<std::int64_t> sizes, unsigned dims) {
  Part joined = parts[0];
  bool whole = true;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part &part = parts[i];
    whole &= part.kind == Part::range && part.offset == 0 && sizeOf(part) == sizes[i] &&
             (i == 0 || part.first == joined.first + joined.count);
    if (i > 0)
      joined.count += part.count;
  }
  if (!whole) {
    for (const Part &part : parts)
      forget(part);
    return {dims, Part::unknown};
  }
  joined.dims = dims;
  return joined;
}

DimPart DomainAnalysis::affine(Part part, std::int64_t scale, std::int64_t offset) {
  if (part.kind == Part::range && scale == 1 && part.count == 1) {
    part.offset += offset;
    return part;
  }
  if (scale == 1 && offset == 0)
    return part;
  return forget(part);
}

/// Loops k and k + 1 can be one for a tensor if it has neither, or has them side by side as they
/// are.
void DomainAnalysis::checkNeighbours(const Index &index, Extents shape) {
  SmallVector<int> follower(extents.size() + 1, -2); // of each dim; -1: none
  int previous = -1;
  unsigned axis = 0;
  for (const Part &part : index) {
    const std::int64_t size = productOf(shape.slice(axis, part.dims));
    axis += part.dims;
    if (part.kind == Part::zero || size == 1) {
      if (part.kind != Part::range)
        continue;
    }
    if (part.kind == Part::unknown) {
      previous = -1;
      continue;
    }
    const bool plain = part.offset == 0 && sizeOf(part) == size;
    if (!plain)
      splitAround(part.first, part.count);
    for (int k = part.first; k < part.first + part.count; ++k) {
      if (previous >= 0)
        follower[previous] = k;
      follower[k] = -1;
      previous = k;
    }
  }
  for (int k = 0; k + 1 < static_cast<int>(extents.size()); ++k) {
    const bool has = follower[k] != -2, hasNext = follower[k + 1] != -2;
    if (has != hasNext || (has && follower[k] != k + 1))
      split[k] = true;
  }
}

void DomainAnalysis::visit(Value value, const Index &index) {
  if (refined)
    return;
  std::vector<std::int64_t> key = {
      static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(value.getAsOpaquePointer()))};
  for (const Part &part : index)
    key.insert(key.end(), {part.dims, part.kind, part.first, part.count, part.offset});
  if (!visited_.insert(std::move(key)).second)
    return;
  checkNeighbours(index, extentsOf(value));
  if (Operation *op = value.getDefiningOp())
    visitOp(op, cast<OpResult>(value).getResultNumber(), index);
}

void DomainAnalysis::visitWithout(Value value, const Index &index, ArrayRef<bool> removed,
                                  Extents shape) {
  Index parts = Maps::singles(*this, index, shape);
  for (std::size_t d = 0; d < removed.size(); ++d)
    if (removed[d])
      parts[d] = forget(parts[d]);
  visit(value, parts);
}

void DomainAnalysis::visitPieces(const Pieces &pieces, Operation *op, Index index) {
  const Extents shape = extentsOf(op->getResult(0));
  const unsigned place = Maps::isolate(*this, index, shape, pieces.axis);
  const Part along = index[place];
  const bool known = along.kind == Part::range && along.count == 1;
  if (known && pieces.pieces.size() < kMaxCuts)
    for (const Piece &piece : pieces.pieces)
      cut(along.first, piece.begin - along.offset);
  const bool stacked = op->getName().stripDialect() == "stack";
  for (const Piece &piece : pieces.pieces) {
    if (along.kind == Part::range)
      splitAround(along.first, along.count);
    Index inner = index;
    if (stacked)
      inner = Maps::without(inner, place);
    else
      inner[place] = known ? affine(along, 1, -piece.begin) : forget(along);
    visit(piece.tensor, inner);
  }
}

void DomainAnalysis::visitBox(Operation *op, const SliceBox &box, Value inner, Index index) {
  if (productOf(box.count) == 0)
    return;
  const Extents shape = extentsOf(op->getResult(0));
  Index parts = Maps::singles(*this, index, shape);
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (box.begin[d] == 0 && box.stride[d] == 1 && box.count[d] == shape[d])
      continue;
    const bool known = parts[d].kind == Part::range && parts[d].count == 1 && box.stride[d] == 1;
    if (known) {
      splitAround(parts[d].first, 1);
      cut(parts[d].first, box.begin[d] - parts[d].offset);
      cut(parts[d].first, box.begin[d] + box.count[d] - parts[d].offset);
      parts[d] = affine(parts[d], 1, -box.begin[d]);
    } else {
      parts[d] = forget(parts[d]);
    }
  }
  visit(inner, Maps::reshape(*this, parts, box.count, extentsOf(inner)));
}

void DomainAnalysis::visitOp(Operation *op, unsigned resultNumber, Index index) {
  const StringRef name = op->getName().stripDialect();
  const Extents shape = extentsOf(op->getResult(resultNumber));
  if (productOf(shape) == 0)
    return;
  if (isElementMove(op))
    return visit(op->getOperand(0), Maps::moved(*this, op, resultNumber, index));
  if (isElementwise(op)) {
    for (const Value operand : op->getOperands())
      visit(operand, Maps::broadcast(*this, index, shape, extentsOf(operand)));
    return;
  }
  if (const Pieces pieces = piecesOf(op); !pieces.pieces.empty())
    return visitPieces(pieces, op, index);
  if (name == "pad") {
    const Extents inner = extentsOf(op->getOperand(0)), paddings = intsAttribute(op, "paddings");
    SliceBox box;
    for (std::size_t d = 0; d < inner.size(); ++d) {
      box.begin.push_back(paddings[2 * d]);
      box.stride.push_back(1);
      box.count.push_back(inner[d]);
    }
    return visitBox(op, box, op->getOperand(0), index);
  }
  if (name == "strided_slice_grad")
    return visitBox(op, sliceBox(op, shape), op->getOperand(0), index);
  if (isReduction(op)) {
    // The axes that the op removes have loops of their own.
    const SmallVector<bool> reduced = reducedAxes(op);
    const Extents from = extentsOf(op->getOperand(0));
    const bool kept = shape.size() == from.size();
    Index parts = Maps::singles(*this, index, shape), inner;
    for (std::size_t d = 0, next = 0; d < from.size(); ++d) {
      inner.push_back(reduced[d] ? Part{1, Part::unknown} : parts[next]);
      next += kept || !reduced[d];
    }
    return visit(op->getOperand(0), inner);
  }
  if (name == "softmax" || name == "log_softmax") {
    const std::int64_t axis = axisAttribute(op, shape.size(), -1);
    SmallVector<bool> removed(shape.size(), false);
    removed[axis] = true;
    visitWithout(op->getOperand(0), index, removed, shape);
    return visit(op->getOperand(0), index);
  }
  if (name == "softmax_cross_entropy_with_logits" ||
      name == "sparse_softmax_cross_entropy_with_logits") {
    const Extents full = extentsOf(op->getOperand(0));
    Index rows = Maps::singles(*this, index, shape);
    if (resultNumber == 1)
      rows.pop_back();
    Index inner = rows;
    inner.push_back({1, Part::unknown});
    visit(op->getOperand(0), inner);
    const bool sparse = extentsOf(op->getOperand(1)).size() < full.size();
    visit(op->getOperand(1), sparse ? rows : inner);
    if (resultNumber == 1) {
      visit(op->getOperand(0), index);
      if (!sparse)
        visit(op->getOperand(1), index);
    }
    return;
  }
  if (name == "one_hot" || name == "gather") {
    const Extents from = extentsOf(op->getOperand(name == "gather" ? 1 : 0));
    const std::int64_t rank = static_cast<std::int64_t>(
        name == "gather" ? extentsOf(op->getOperand(0)).size() : shape.size());
    const std::int64_t axis = axisAttribute(op, rank, name == "gather" ? 0 : -1);
    Index parts = Maps::singles(*this, index, shape);
    if (name == "gather") {
      visit(op->getOperand(1), Index(parts.begin() + axis, parts.begin() + axis + from.size()));
      parts.erase(parts.begin() + axis, parts.begin() + axis + from.size());
      parts.insert(parts.begin() + axis, Part{1, Part::unknown});
    } else {
      forget(parts[axis]);
      parts = Maps::without(parts, static_cast<unsigned>(axis));
    }
    return visit(op->getOperand(0), parts);
  }
  if (name == "reverse_sequence") {
    Index parts = Maps::singles(*this, index, shape);
    const auto rank = static_cast<std::int64_t>(shape.size());
    const std::int64_t batch = intAttribute(op, "batch_axis", 0);
    const std::int64_t sequence = intAttribute(op, "seq_axis", 0);
    visit(op->getOperand(1), {parts[batch < 0 ? batch + rank : batch]});
    Part &along = parts[sequence < 0 ? sequence + rank : sequence];
    along = forget(along);
    return visit(op->getOperand(0), parts);
  }
  if (name == "random_uniform" || name == "random_uniform_int") {
    // Rows and columns are counted apart.
    if (!shape.empty()) {
      Index parts = index;
      forget(
          parts[Maps::isolate(*this, parts, shape, static_cast<std::int64_t>(shape.size()) - 1)]);
    }
    for (const Value operand : op->getOperands())
      visitUnknown(operand);
    return;
  }
  for (const Part &part : index)
    forget(part);
  for (const Value operand : op->getOperands())
    visitUnknown(operand);
}

} // namespace

LoopDomain::LoopDomain(Extents shape, ArrayRef<unsigned> kinds, ArrayRef<Value> roots) {
  SmallVector<unsigned> dimKinds;
  unsigned axes = 0;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (shape[d] != 1) {
      dims_.push_back({shape[d], axes++});
      dimKinds.push_back(kinds.empty() ? 0 : kinds[d]);
    }
  SmallVector<bool> split;
  SmallVector<std::set<std::int64_t>> cuts;
  for (;;) {
    SmallVector<std::int64_t> extents;
    for (const Dim &dim : dims_)
      extents.push_back(dim.extent);
    DomainAnalysis analysis(extents);
    for (const Value root : roots) {
      DomainAnalysis::Index index;
      int next = 0;
      unsigned axis = 0;
      for (const std::int64_t extent : extentsOf(root)) {
        DimPart part{1, extent == 1 ? DimPart::zero : DimPart::range, next, 0};
        if (extent != 1) {
          while (next < static_cast<int>(dims_.size()) && dims_[next].axis == axis)
            ++next, ++part.count;
          ++axis;
        }
        index.push_back(part);
      }
      analysis.visit(root, index);
    }
    if (!analysis.refined) {
      split = analysis.split;
      cuts = analysis.cuts;
      break;
    }
    // Every round adds a dim, so that there are few.
    const auto [first, count] = *analysis.refined;
    SmallVector<Dim> replaced;
    SmallVector<unsigned> replacedKinds;
    std::int64_t seen = 1, own = extents[first];
    int source = first;
    for (const std::int64_t factor : analysis.refinement) {
      replaced.push_back({factor, dims_[source].axis});
      replacedKinds.push_back(dimKinds[source]);
      seen *= factor;
      if (seen == own && source + 1 < first + count)
        own *= extents[++source];
    }
    dims_.erase(dims_.begin() + first, dims_.begin() + first + count);
    dims_.insert(dims_.begin() + first, replaced.begin(), replaced.end());
    dimKinds.erase(dimKinds.begin() + first, dimKinds.begin() + first + count);
    dimKinds.insert(dimKinds.begin() + first, replacedKinds.begin(), replacedKinds.end());
  }
  for (std::size_t k = 0; k < dims_.size(); ++k) {
    const bool fresh = k == 0 || split[k - 1] || dimKinds[k] != dimKinds[k - 1];
    if (fresh)
      loops_.push_back({1, dimKinds[k], {}});
    loops_.back().extent *= dims_[k].extent;
    dims_[k].loop = static_cast<unsigned>(loops_.size() - 1);
    if (fresh) {
      loops_.back().cuts.push_back(0);
      if (cuts[k].size() < kMaxCuts)
        loops_.back().cuts.append(cuts[k].begin(), cuts[k].end());
    }
  }
  for (Loop &loop : loops_)
    loop.cuts.push_back(loop.extent);
}

SmallVector<LoopDomain::AxisGroup> LoopDomain::groupsOf(Extents shape) const {
  SmallVector<AxisGroup> groups;
  std::size_t dim = 0;
  unsigned axis = 0; // among those that are not 1
  for (std::size_t d = 0; d < shape.size();) {
    if (shape[d] == 1) {
      groups.push_back({1, 0, 0});
      ++d;
      continue;
    }
    AxisGroup group{0, dims_[dim].loop, 0};
    bool more = true;
    while (more) {
      if (shape[d] != 1) {
        while (dim < dims_.size() && dims_[dim].axis == axis)
          group.lastLoop = dims_[dim++].loop + 1;
        ++axis;
      }
      ++d;
      ++group.axes;
      more = dim < dims_.size() && d < shape.size() && dims_[dim].loop + 1 == group.lastLoop;
    }
    groups.push_back(group);
  }
  return groups;
}

unsigned LoopDomain::loopsOf(Extents shape) const {
  unsigned count = 0;
  for (const AxisGroup &group : groupsOf(shape))
    count = std::max(count, group.lastLoop);
  return count;
}

} // namespace graphc
