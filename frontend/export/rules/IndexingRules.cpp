#include "frontend/export/Rules.h"

namespace graphc::graphdef {

static void writeCumsum(OpNodes &op, llvm::StringRef type) {
  const Integers axis = op.scalar("axis", op.attributes().int_or("axis", 0));
  op.main(type, {op.in(0), axis.input})
      .type("T", op.dtype(0))
      .type("Tidx", axis.dtype)
      .flag("exclusive", op.attributes().bool_or("exclusive", false))
      .flag("reverse", op.attributes().bool_or("reverse", false));
}

static void writeReverseSequence(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins())
      .type("T", op.dtype(0))
      .type("Tlen", op.dtype(1))
      .integer("seq_dim", op.attributes().get_int("seq_axis"))
      .integer("batch_dim", op.attributes().int_or("batch_axis", 0));
}

static void writeTopK(OpNodes &op, llvm::StringRef type) {
  const Integers k = op.scalar("k", op.attributes().get_int("k"));
  op.main(type, {op.in(0), k.input})
      .type("T", op.dtype(0))
      .flag("sorted", op.attributes().bool_or("sorted", true));
}

// TensorFlow's takes float32 predictions only.
static void writeInTopK(OpNodes &op, llvm::StringRef type) {
  const std::string predictions =
      op.dtype(0) == float32 ? op.in(0) : op.cast("predictions", op.in(0), op.type(0), float32);
  const Tensor k = Tensor(op.attributes().get_int("k")).cast(op.dtype(1));
  op.main(type, {predictions, op.in(1), op.constant("k", k)}).type("T", op.dtype(1));
}

static void writeGatherNd(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("Tparams", op.dtype(0)).type("Tindices", op.dtype(1));
}

// TensorFlow's has its indices and its shape of one dtype.
static void writeScatterNd(OpNodes &op, llvm::StringRef type) {
  const DataType dtype = op.dtype(0);
  std::string shape;
  if (op.numInputs() < 3)
    shape = op.constant(
        "shape",
        Tensor::of(Shape{static_cast<std::int64_t>(op.attributes().get_ints("shape").size())},
                   op.attributes().get_ints("shape"))
            .cast(dtype));
  else
    shape = op.dtype(2) == dtype ? op.in(2) : op.cast("shape", op.in(2), op.type(2), dtype);
  op.main(type, {op.in(0), op.in(1), shape}).type("T", op.dtype(1)).type("Tindices", dtype);
}

static void writeUpdateRow(OpNodes &op, llvm::StringRef type) {
  const ValueType index = op.type(1), row = op.type(2);
  const Integers one = op.vector("indices/shape", {1, 1});
  const std::string indices =
      op.beside("indices", "Reshape", {op.in(1), one.input}, {index.dtype, Shape{1, 1}})
          .type("T", index.dtype)
          .type("Tshape", one.dtype)
          .output();
  Shape shape = row.shape;
  if (shape.has_rank()) {
    std::vector<std::int64_t> extents = shape.extents();
    extents.insert(extents.begin(), 1);
    shape = Shape(extents);
  }
  const std::string rows =
      op.beside("updates", "ExpandDims", {op.in(2), op.scalar("updates/dim", 0).input},
                {row.dtype, shape})
          .type("T", row.dtype)
          .type("Tdim", int32)
          .output();
  op.main(type, {op.in(0), indices, rows}).type("T", op.dtype(0)).type("Tindices", index.dtype);
}

std::span<const Rule> indexingRules() {
  static constexpr Rule rules[] = {
      {"cumsum", "Cumsum", writeCumsum},
      {"gather_nd", "GatherNd", writeGatherNd},
      {"in_top_k", "InTopKV2", writeInTopK},
      {"reverse_sequence", "ReverseSequence", writeReverseSequence},
      {"scatter_nd", "ScatterNd", writeScatterNd},
      {"top_k", "TopKV2", writeTopK},
      {"update_row", "TensorScatterUpdate", writeUpdateRow},
  };
  return rules;
}

} // namespace graphc::graphdef
