// Random numbers of kernels have the same bits as those of the reference.
#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

Body uniform(const Shape &shape, DataType dtype, Attributes more = {}) {
  return [=](GraphBuilder &g, const Values &) -> Values {
    Attributes attributes = more;
    attributes.set("shape", shape.extents());
    attributes.set("dtype", dtype);
    return {g.create("random_uniform", {}, attributes)};
  };
}

TEST(RandomKernels, EveryShapeGivesTheReferencesBits) {
  for (const DataType dtype : {float32, float64})
    for (const Shape &shape : {Shape{}, Shape{1}, Shape{5}, Shape{32}, Shape{600, 27}, Shape{3, 1},
                               Shape{2, 3, 33}, Shape{2, 100}, Shape{9000}, Shape{2, 9001}}) {
      SCOPED_TRACE(shape.to_string());
      expectAsReference(uniform(shape, dtype, {{"stream", std::int64_t{3}}}), {});
    }
}

TEST(RandomKernels, SeedsAndSteps) {
  expectAsReference(
      uniform({4, 9}, float32, {{"seed", std::int64_t{7}}, {"seed2", std::int64_t{-1}}}), {});
  expectAsReference(
      uniform({4, 9}, float32, {{"stream", std::int64_t{2}}, {"step", std::int64_t{5}}}), {});
}

TEST(RandomKernels, DropoutInOneLoop) {
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value u = g.create("random_uniform", {},
                                       {{"shape", std::vector<std::int64_t>{60, 27}},
                                        {"dtype", float32},
                                        {"seed", std::int64_t{1}}});
        const mlir::Value mask = g.create("floor", {g.create("add", {u, x[1]})});
        return {g.create("multiply", {g.create("divide", {x[0], x[1]}), mask}), mask};
      },
      {sample(float32, {60, 27}), Tensor(.5f)});
}

TEST(RandomKernels, RowsInAnyOrder) {
  const Body drawn = uniform({20, 10}, float32, {{"seed", std::int64_t{1}}});
  // Used as it is, transposed, and summed up both ways: rows of scratch hold one row at a time.
  expectAsReference(
      [&](GraphBuilder &g, const Values &) -> Values {
        const mlir::Value u = drawn(g, {})[0];
        const mlir::Value turned =
            g.create("reverse", {u}, {{"axes", std::vector<std::int64_t>{0}}});
        return {u, g.create("transpose", {u}, {{"perm", std::vector<std::int64_t>{1, 0}}}),
                g.create("add", {u, turned})};
      },
      {});
  expectAsReference(
      [&](GraphBuilder &g, const Values &) -> Values {
        const mlir::Value u = drawn(g, {})[0];
        return {g.create("reduce_sum", {u},
                         {{"axes", std::vector<std::int64_t>{0}}, {"keep_dims", false}}),
                g.create("reduce_sum", {u},
                         {{"axes", std::vector<std::int64_t>{1}}, {"keep_dims", false}})};
      },
      {}, {1e-5, 0});
}

} // namespace
} // namespace graphc::kernel_testing
