#include <algorithm>

#include "frontend/export/Rules.h"

namespace graphc::graphdef {

static void writeConstant(OpNodes &op, llvm::StringRef type) {
  const Tensor &value = op.attributes().get_tensor("value");
  op.main(type, {}).type("dtype", value.dtype()).tensor("value", value);
}

static void writeFill(OpNodes &op, llvm::StringRef type) {
  const Integers dims = op.listOrOperand("dims", 1);
  op.main(type, {dims.input, op.in(0)}).type("T", op.dtype(0)).type("index_type", dims.dtype);
}

static void writeRange(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("Tidx", op.dtype(0));
}

static void writeOneHot(OpNodes &op, llvm::StringRef type) {
  const Integers depth = op.scalar("depth", op.attributes().get_int("depth"));
  op.main(type, {op.in(0), depth.input, op.in(1), op.in(2)})
      .type("T", op.dtype(1))
      .type("TI", op.dtype(0))
      .integer("axis", op.attributes().int_or("axis", -1));
}

static void writeShapeOf(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("T", op.dtype(0)).type("out_type", op.resultType().dtype);
}

static void writeReshape(OpNodes &op, llvm::StringRef type) {
  const Integers shape = op.listOrOperand("shape", 1);
  op.main(type, {op.in(0), shape.input}).type("T", op.dtype(0)).type("Tshape", shape.dtype);
}

static void writeExpandDims(OpNodes &op, llvm::StringRef type) {
  const Integers axis = op.scalar("dim", op.attributes().get_int("axis"));
  op.main(type, {op.in(0), axis.input}).type("T", op.dtype(0)).type("Tdim", axis.dtype);
}

static void writeSqueeze(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins())
      .type("T", op.dtype(0))
      .integers("squeeze_dims", op.attributes().get_ints("axes"));
}

static void writeTranspose(OpNodes &op, llvm::StringRef type) {
  const Integers perm = op.vector("perm", op.attributes().get_ints("perm"));
  op.main(type, {op.in(0), perm.input}).type("T", op.dtype(0)).type("Tperm", perm.dtype);
}

static void writeConcat(OpNodes &op, llvm::StringRef type) {
  if (op.numInputs() == 1) // ConcatV2 wants two
    return writePlain(op, "Identity");
  const Integers axis = op.scalar("axis", op.attributes().get_int("axis"));
  std::vector<std::string> inputs = op.ins();
  inputs.push_back(axis.input);
  op.main(type, inputs)
      .type("T", op.dtype(0))
      .integer("N", op.numInputs())
      .type("Tidx", axis.dtype);
}

static void writeSplit(OpNodes &op, llvm::StringRef type) {
  const std::vector<std::int64_t> &sizes = op.attributes().get_ints("sizes");
  const Integers axis = op.scalar("split_dim", op.attributes().get_int("axis"));
  const auto count = static_cast<std::int64_t>(sizes.size());
  if (std::ranges::adjacent_find(sizes, std::not_equal_to()) == sizes.end()) {
    op.main(type, {axis.input, op.in(0)}).type("T", op.dtype(0)).integer("num_split", count);
    return;
  }
  if (std::ranges::count(sizes, -1) > 1)
    op.refuse("of its unequal parts only one may be of a size that is not known");
  const Integers list = op.vector("sizes", sizes);
  op.main("SplitV", {op.in(0), list.input, axis.input})
      .type("T", op.dtype(0))
      .type("Tlen", list.dtype)
      .integer("num_split", count);
}

static void writeStack(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins())
      .type("T", op.dtype(0))
      .integer("N", op.numInputs())
      .integer("axis", op.attributes().get_int("axis"));
}

static void writeUnstack(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins())
      .type("T", op.dtype(0))
      .integer("num", op.attributes().get_int("num"))
      .integer("axis", op.attributes().get_int("axis"));
}

static void writeSlice(OpNodes &op, llvm::StringRef type) {
  const Integers begin = op.listOrOperand("begin", 1), size = op.listOrOperand("size", 2);
  op.main(type, {op.in(0), begin.input, size.input})
      .type("T", op.dtype(0))
      .type("Index", begin.dtype);
}

static void setMasks(Node node, const Attributes &attributes) {
  for (const char *mask :
       {"begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"})
    node.integer(mask, attributes.int_or(mask, 0));
}

static void writeStridedSlice(OpNodes &op, llvm::StringRef type) {
  const Integers begin = op.listOrOperand("begin", 1), end = op.listOrOperand("end", 2),
                 strides = op.listOrOperand("strides", 3);
  Node node = op.main(type, {op.in(0), begin.input, end.input, strides.input})
                  .type("T", op.dtype(0))
                  .type("Index", begin.dtype);
  setMasks(node, op.attributes());
}

static void writeStridedSliceGrad(OpNodes &op, llvm::StringRef type) {
  const Attributes &attributes = op.attributes();
  std::vector<std::string> inputs;
  DataType dtype = int32;
  for (const char *list : {"shape", "begin", "end", "strides"}) {
    const Integers integers = op.vector(list, attributes.get_ints(list));
    inputs.push_back(integers.input);
    dtype = integers.dtype;
  }
  inputs.push_back(op.in(0));
  Node node = op.main(type, inputs).type("T", op.dtype(0)).type("Index", dtype);
  setMasks(node, attributes);
}

static void writeTile(OpNodes &op, llvm::StringRef type) {
  const Integers multiples = op.listOrOperand("multiples", 1);
  op.main(type, {op.in(0), multiples.input})
      .type("T", op.dtype(0))
      .type("Tmultiples", multiples.dtype);
}

static Tensor scalarOf(double value, DataType dtype) { return Tensor(value).cast(dtype); }

static void writePad(OpNodes &op, llvm::StringRef type) {
  Integers paddings;
  if (op.numInputs() > 1) {
    paddings = {op.in(1), op.dtype(1)};
  } else {
    const std::vector<std::int64_t> &list = op.attributes().get_ints("paddings");
    const Shape shape{static_cast<std::int64_t>(list.size()) / 2, 2};
    paddings = {op.constant("paddings", Tensor::of(shape, list).cast(int32)), int32};
  }
  const double value = op.attributes().has("value") ? op.attributes().get_double("value") : 0;
  std::vector<std::string> inputs{op.in(0), paddings.input};
  if (value != 0)
    inputs.push_back(op.constant("constant_values", scalarOf(value, op.dtype(0))));
  op.main(value != 0 ? llvm::StringRef("PadV2") : type, inputs)
      .type("T", op.dtype(0))
      .type("Tpaddings", paddings.dtype);
}

static void writeBroadcastTo(OpNodes &op, llvm::StringRef type) {
  const Integers shape = op.listOrOperand("shape", 1);
  op.main(type, {op.in(0), shape.input}).type("T", op.dtype(0)).type("Tidx", shape.dtype);
}

static void writeReverse(OpNodes &op, llvm::StringRef type) {
  const Integers axes = op.vector("axis", op.attributes().get_ints("axes"));
  op.main(type, {op.in(0), axes.input}).type("T", op.dtype(0)).type("Tidx", axes.dtype);
}

static void writeGather(OpNodes &op, llvm::StringRef type) {
  const Integers axis = op.scalar("axis", op.attributes().int_or("axis", 0));
  op.main(type, {op.in(0), op.in(1), axis.input})
      .type("Tparams", op.dtype(0))
      .type("Tindices", op.dtype(1))
      .type("Taxis", axis.dtype)
      .integer("batch_dims", 0);
}

static void writeSegmentSum(OpNodes &op, llvm::StringRef type) {
  const Integers count = op.scalar("num_segments", op.attributes().get_int("num_segments"));
  op.main(type, {op.in(0), op.in(1), count.input})
      .type("T", op.dtype(0))
      .type("Tindices", op.dtype(1))
      .type("Tnumsegments", count.dtype);
}

std::span<const Rule> shapeRules() {
  static constexpr Rule rules[] = {
      {"broadcast_to", "BroadcastTo", writeBroadcastTo},
      {"concat", "ConcatV2", writeConcat},
      {"constant", "Const", writeConstant},
      {"expand_dims", "ExpandDims", writeExpandDims},
      {"fill", "Fill", writeFill},
      {"gather", "GatherV2", writeGather},
      {"one_hot", "OneHot", writeOneHot},
      {"pad", "Pad", writePad},
      {"range", "Range", writeRange},
      {"rank", "Rank", writePlain},
      {"reshape", "Reshape", writeReshape},
      {"reverse", "ReverseV2", writeReverse},
      {"shape", "Shape", writeShapeOf},
      {"size", "Size", writeShapeOf},
      {"slice", "Slice", writeSlice},
      {"split", "Split", writeSplit},
      {"squeeze", "Squeeze", writeSqueeze},
      {"stack", "Pack", writeStack},
      {"strided_slice", "StridedSlice", writeStridedSlice},
      {"strided_slice_grad", "StridedSliceGrad", writeStridedSliceGrad},
      {"tile", "Tile", writeTile},
      {"transpose", "Transpose", writeTranspose},
      {"unsorted_segment_sum", "UnsortedSegmentSum", writeSegmentSum},
      {"unstack", "Unpack", writeUnstack},
  };
  return rules;
}

} // namespace graphc::graphdef
