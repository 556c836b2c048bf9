// Which element of an operand an element of a result is made of, for the ops that only move
// elements. Written once for two kinds of index: values in emitted code (ElementEmitter) and the
// loops they will come from (LoopDomain), which is why these are templates over the index space.
//
// An index is a list of parts; each part is the linear index within `dims` neighbouring axes, so
// that loops over several axes can be one. A Space gives
//   Part                                  with a member `dims`; its default value with dims set is
//   0 bool isZero(part) void single(part, extents, out)       one part for each axis Part
//   join(parts, sizes, dims)         the linear index over parts of these sizes Part affine(part,
//   scale, offset)      scale * part + offset Part constant(value)                  for one axis
#pragma once

#include <cassert>
#include <cstdint>

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace graphc {

using Extents = llvm::ArrayRef<std::int64_t>;

inline Extents extentsOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}
inline std::int64_t productOf(Extents extents) {
  std::int64_t product = 1;
  for (const std::int64_t extent : extents)
    product *= extent;
  return product;
}
inline std::int64_t intAttribute(mlir::Operation *op, llvm::StringRef name,
                                 std::int64_t otherwise) {
  auto attribute = op->getAttrOfType<mlir::IntegerAttr>(name);
  return attribute ? attribute.getInt() : otherwise;
}
inline Extents intsAttribute(mlir::Operation *op, llvm::StringRef name) {
  auto attribute = op->getAttrOfType<mlir::DenseI64ArrayAttr>(name);
  return attribute ? attribute.asArrayRef() : Extents();
}
inline std::int64_t axisAttribute(mlir::Operation *op, std::int64_t rank, std::int64_t otherwise) {
  const std::int64_t axis = intAttribute(op, "axis", otherwise);
  return axis < 0 ? axis + rank : axis;
}

/// A strided slice, resolved: for each axis of the sliced tensor where it starts, how far apart its
/// elements are and how many there are. Axes that the op drops or adds have one element, so that
/// taking these elements and reshaping is all there is to do.
struct SliceBox {
  llvm::SmallVector<std::int64_t> begin, stride, count;
};
/// Of strided_slice or strided_slice_grad on a tensor of extents `shape`.
SliceBox sliceBox(mlir::Operation *op, Extents shape);

template <typename Space> struct IndexMaps {
  using Part = typename Space::Part;
  using Index = llvm::SmallVector<Part, 4>;

  static Part zero(unsigned dims) {
    Part part{};
    part.dims = dims;
    return part;
  }

  /// One part for each axis.
  static Index singles(Space &space, const Index &index, Extents shape) {
    Index result;
    unsigned axis = 0;
    for (const Part &part : index) {
      if (part.dims == 1)
        result.push_back(part);
      else if (space.isZero(part))
        result.append(part.dims, zero(1));
      else
        space.single(part, shape.slice(axis, part.dims), result);
      axis += part.dims;
    }
    return result;
  }

  /// Gives `axis` a part of its own; returns the part's place.
  static unsigned isolate(Space &space, Index &index, Extents shape, std::int64_t axis) {
    unsigned first = 0;
    for (unsigned i = 0; i < index.size(); first += index[i].dims, ++i) {
      if (axis >= first + index[i].dims)
        continue;
      if (index[i].dims == 1)
        return i;
      Index parts = singles(space, {index[i]}, shape.slice(first, index[i].dims));
      const unsigned place = i + static_cast<unsigned>(axis - first);
      index.erase(index.begin() + i);
      index.insert(index.begin() + i, parts.begin(), parts.end());
      return place;
    }
    llvm_unreachable("axis beyond the index");
  }

  /// Of an element of `from` that is made of an element of `to`, which broadcasts to `from`.
  static Index broadcast(Space &space, const Index &index, Extents from, Extents to) {
    if (from == to)
      return index;
    Index result;
    const std::int64_t missing = static_cast<std::int64_t>(from.size() - to.size());
    std::int64_t axis = 0;
    for (const Part &part : index) {
      bool same = true, dropped = true;
      for (std::int64_t d = axis; d < axis + part.dims; ++d) {
        const bool has = d >= missing;
        same &= has && to[d - missing] == from[d];
        dropped &= !has || to[d - missing] == 1;
      }
      if (same) {
        result.push_back(part);
      } else if (dropped) {
        const std::int64_t kept = axis + part.dims - std::max(axis, missing);
        if (kept > 0)
          result.push_back(zero(static_cast<unsigned>(kept)));
      } else {
        const Extents extents = from.slice(axis, part.dims);
        const Index parts = singles(space, {part}, extents);
        for (unsigned i = 0; i < part.dims; ++i)
          if (const std::int64_t d = axis + i; d >= missing)
            result.push_back(to[d - missing] == from[d] ? parts[i] : zero(1));
      }
      axis += part.dims;
    }
    return result;
  }

  /// Of the element of a tensor of extents `to` that has the same row-major place as `index` in
  /// `from`. Neither is empty.
  static Index reshape(Space &space, const Index &index, Extents from, Extents to) {
    if (from == to)
      return index;
    Index result;
    unsigned next = 0, axis = 0; // of the parts, of `from`
    unsigned target = 0;         // of `to`
    while (next < index.size() || target < to.size()) {
      // The least groups of parts and of target axes with as many elements.
      llvm::SmallVector<Part> parts;
      llvm::SmallVector<std::int64_t> sizes;
      std::int64_t taken = 1, wanted = 1;
      const unsigned firstTarget = target;
      do {
        if (taken <= wanted && next < index.size()) {
          const std::int64_t size = productOf(from.slice(axis, index[next].dims));
          if (size > 1) {
            parts.push_back(index[next]);
            sizes.push_back(size);
          }
          taken *= size;
          axis += index[next++].dims;
        } else {
          wanted *= to[target++];
        }
      } while (taken != wanted);
      const unsigned dims = target - firstTarget;
      if (dims == 0)
        continue;
      if (parts.empty()) {
        result.push_back(zero(dims));
        continue;
      }
      Part joined = parts.size() == 1 ? parts[0] : space.join(parts, sizes, dims);
      joined.dims = dims;
      result.push_back(joined);
    }
    return result;
  }

  /// Without the axis of part `place`, which must be a single one.
  static Index without(Index index, unsigned place) {
    index.erase(index.begin() + place);
    return index;
  }

  /// Of operand 0 of an op that moves elements without choosing among several (isElementMove()).
  static Index moved(Space &space, mlir::Operation *op, unsigned resultNumber, const Index &index) {
    const llvm::StringRef name = op->getName().stripDialect();
    const Extents to = extentsOf(op->getOperand(0));
    const Extents from = extentsOf(op->getResult(resultNumber));
    if (name == "transpose") {
      const Index parts = singles(space, index, from);
      const Extents perm = intsAttribute(op, "perm");
      Index result(to.size(), zero(1));
      for (unsigned d = 0; d < perm.size(); ++d)
        result[perm[d]] = parts[d];
      return result;
    }
    if (name == "broadcast_to")
      return broadcast(space, index, from, to);
    if (name == "split") {
      const std::int64_t axis = axisAttribute(op, to.size(), 0);
      std::int64_t offset = 0;
      for (const std::int64_t size : intsAttribute(op, "sizes").take_front(resultNumber))
        offset += size;
      Index result = index;
      const unsigned place = isolate(space, result, from, axis);
      result[place] = space.affine(result[place], 1, offset);
      return result;
    }
    if (name == "unstack") {
      const std::int64_t axis = axisAttribute(op, to.size(), 0);
      Index result = index;
      const unsigned place = static_cast<std::size_t>(axis) == from.size()
                                 ? static_cast<unsigned>(result.size())
                                 : isolate(space, result, from, axis);
      result.insert(result.begin() + place, space.constant(resultNumber));
      return result;
    }
    if (name == "slice") {
      Index result = singles(space, index, from);
      const Extents begin = intsAttribute(op, "begin");
      for (unsigned d = 0; d < begin.size(); ++d)
        result[d] = space.affine(result[d], 1, begin[d]);
      return result;
    }
    if (name == "strided_slice") {
      const SliceBox box = sliceBox(op, to);
      Index result = singles(space, reshape(space, index, from, box.count), box.count);
      for (unsigned d = 0; d < to.size(); ++d)
        result[d] = space.affine(result[d], box.stride[d], box.begin[d]);
      return result;
    }
    if (name == "reverse") {
      Index result = singles(space, index, from);
      for (const std::int64_t axis : intsAttribute(op, "axes")) {
        const std::int64_t d = axis < 0 ? axis + static_cast<std::int64_t>(to.size()) : axis;
        result[d] = space.affine(result[d], -1, to[d] - 1);
      }
      return result;
    }
    assert((name == "reshape" || name == "expand_dims" || name == "squeeze") && "a move");
    return reshape(space, index, from, to);
  }
};

/// True for the ops that IndexMaps::moved() knows.
bool isElementMove(mlir::Operation *op);
/// True where an element of the result is made of the elements of all operands that broadcasting
/// pairs with it.
bool isElementwise(mlir::Operation *op);
/// reduce_*, argmax, argmin, l2_loss.
bool isReduction(mlir::Operation *op);
/// The axes that a reduction removes, as flags; all where the op does not say.
llvm::SmallVector<bool> reducedAxes(mlir::Operation *op);
/// concat and stack as pieces along one axis: the piece's tensor and its place along the axis. Of
/// stack, the pieces lack the axis.
struct Piece {
  mlir::Value tensor;
  std::int64_t begin, end;
};
/// Without pieces for an op of another kind.
struct Pieces {
  std::int64_t axis = -1;
  llvm::SmallVector<Piece> pieces;
};
Pieces piecesOf(mlir::Operation *op);

} // namespace graphc
