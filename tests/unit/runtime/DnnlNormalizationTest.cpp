// Layer and batch normalization against the reference implementation.
#include "tests/unit/runtime/PrimitiveTesting.h"

namespace graphc {
namespace {

void expectPrimitive(const std::string &kind, const Attributes &attributes,
                     const std::vector<Tensor> &inputs, const std::vector<Tensor> &wanted) {
  std::vector<PrimitiveOperand> operands, results;
  std::vector<Tensor> got;
  for (const Tensor &input : inputs)
    operands.push_back(operandOf(input));
  for (const Tensor &tensor : wanted) {
    got.emplace_back(float32, tensor.shape());
    results.push_back(operandOf(got.back()));
  }
  const auto primitive = createDnnlPrimitive({kind, operands, results, attributes, 2});
  runPrimitive(*primitive, inputs, got, 2);
  for (std::size_t i = 0; i < got.size(); ++i)
    expectClose(got[i], wanted[i], 2e-5, (kind + " result " + std::to_string(i)).c_str());
}

class Normalizations : public testing::TestWithParam<Shape> {};

TEST_P(Normalizations, AgreeWithTheReference) {
  const Shape &shape = GetParam();
  const Shape channels{shape[shape.rank() - 1]};
  const Tensor x = randomTensor(shape, 1), gamma = randomTensor(channels, 2),
               beta = randomTensor(channels, 3), dy = randomTensor(shape, 4);
  const Attributes epsilon{{"epsilon", 1e-2}};
  for (const std::string kind : {"layer_normalization", "batch_normalization"}) {
    if (shape.rank() < 2 && kind.starts_with("batch"))
      continue;
    const std::vector<Tensor> forward = evaluated(kind, {x, gamma, beta}, epsilon);
    expectPrimitive(kind, epsilon, {x, gamma, beta}, forward);
    expectPrimitive(kind, epsilon, {x, gamma, beta}, {forward[0]}); // the moments left out
    const std::vector<Tensor> operands = {x, gamma, forward[1], forward[2], dy};
    expectPrimitive(kind + "_gradient", epsilon, operands,
                    evaluated(kind + "_gradient", operands, epsilon));
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Normalizations,
                         testing::Values(Shape{64, 32}, Shape{13, 5, 36}, Shape{3, 4, 5, 16},
                                         Shape{2, 3, 2, 3, 7}, Shape{24}));

} // namespace
} // namespace graphc
