#include <numeric>

#include "frontend/export/Rules.h"

namespace graphc::graphdef {

/// All axes where the op names none.
static Integers axesOf(OpNodes &op) {
  if (op.attributes().has("axes"))
    return op.vector("reduction_indices", op.attributes().get_ints("axes"));
  const ValueType x = op.type(0);
  if (x.shape.has_rank()) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(x.shape.rank()));
    std::iota(all.begin(), all.end(), 0);
    return op.vector("reduction_indices", all);
  }
  const std::string rank =
      op.beside("Rank", "Rank", {op.in(0)}, {int32, Shape{}}).type("T", x.dtype).output();
  const std::string start = op.scalar("range/start", 0).input;
  const std::string delta = op.scalar("range/delta", 1).input;
  return {op.beside("range", "Range", {start, rank, delta}, {int32, Shape{none}})
              .type("Tidx", int32)
              .output(),
          int32};
}

static void writeReduction(OpNodes &op, llvm::StringRef type) {
  const Integers axes = axesOf(op);
  Node node = op.main(type, {op.in(0), axes.input})
                  .type("Tidx", axes.dtype)
                  .flag("keep_dims", op.attributes().bool_or("keep_dims", false));
  if (op.dtype(0) != bool_)
    node.type("T", op.dtype(0));
}

static void writeArg(OpNodes &op, llvm::StringRef type) {
  const Integers axis = op.scalar("dimension", op.attributes().get_int("axis"));
  op.main(type, {op.in(0), axis.input})
      .type("T", op.dtype(0))
      .type("Tidx", axis.dtype)
      .type("output_type", op.resultType().dtype);
}

std::span<const Rule> reductionRules() {
  static constexpr Rule rules[] = {
      {"argmax", "ArgMax", writeArg},          {"argmin", "ArgMin", writeArg},
      {"l2_loss", "L2Loss", writePlain},       {"reduce_all", "All", writeReduction},
      {"reduce_any", "Any", writeReduction},   {"reduce_max", "Max", writeReduction},
      {"reduce_mean", "Mean", writeReduction}, {"reduce_min", "Min", writeReduction},
      {"reduce_prod", "Prod", writeReduction}, {"reduce_sum", "Sum", writeReduction},
  };
  return rules;
}

} // namespace graphc::graphdef
