// Sequences of different lengths, against the reference.
#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

Body reversed(std::int64_t sequence, std::int64_t batch) {
  return [=](GraphBuilder &g, const Values &x) -> Values {
    return {g.create("reverse_sequence", {x[0], x[1]},
                     {{"seq_axis", sequence}, {"batch_axis", batch}})};
  };
}

Tensor lengths(const std::vector<std::int32_t> &values) {
  return Tensor::of<std::int32_t>({static_cast<std::int64_t>(values.size())}, values);
}

TEST(SequenceKernels, ReverseSequenceAlongEveryPairOfAxes) {
  const Tensor x = sample(float32, {4, 5, 6});
  expectAsReference(reversed(1, 0), {x, lengths({0, 1, 3, 5})});
  expectAsReference(reversed(2, 0), {x, lengths({6, 2, 0, 5})});
  expectAsReference(reversed(0, 1), {x, lengths({4, 0, 2, 1, 3})});
  expectAsReference(reversed(0, -1), {x, lengths({4, 0, 2, 1, 3, 4}).cast(int64)});
  expectAsReference(reversed(1, 0), {sample(bool_, {3, 70}), lengths({70, 33, 1})});
}

TEST(SequenceKernels, ReverseSequenceOfWhatIsComputed) {
  expectAsReference(
      [](GraphBuilder &g, const Values &x) -> Values {
        const mlir::Value y = g.create("add", {x[0], x[2]});
        const mlir::Value r =
            g.create("reverse_sequence", {y, x[1]},
                     {{"seq_axis", std::int64_t{1}}, {"batch_axis", std::int64_t{0}}});
        return {g.create("multiply", {r, x[0]})};
      },
      {sample(float32, {3, 7, 4}), lengths({7, 0, 4}), sample(float32, {4}, 2)});
}

// A length that is none: other elements are read, none outside of the tensor.
TEST(SequenceKernels, ReverseSequenceMovesLengthsIntoTheSequence) {
  Cluster cluster({{float32, {2, 3}}, {int32, {2}}}, reversed(1, 0));
  const Tensor x = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  expectClose(cluster.run({x, lengths({-4, 9})})[0], Tensor::of<float>({2, 3}, {1, 2, 3, 6, 5, 4}),
              {});
}

} // namespace
} // namespace graphc::kernel_testing
