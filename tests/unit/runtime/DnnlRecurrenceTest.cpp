// oneDNN's recurrent primitives, forward and backward, against the reference implementation.
#include "tests/unit/runtime/PrimitiveTesting.h"

namespace graphc {
namespace {

constexpr std::int64_t T = 5, B = 7, I = 9, H = 12;

struct Case {
  std::string kind;
  std::string activation; ///< empty where the kind has none
  std::int64_t gates;
};

std::ostream &operator<<(std::ostream &out, const Case &c) { return out << c.kind << c.activation; }

class Recurrence : public testing::TestWithParam<Case> {
protected:
  bool hasMemory() const { return GetParam().kind == "lstm"; }

  std::vector<Tensor> operands() const {
    const std::int64_t gates = GetParam().gates;
    std::vector<Tensor> all = {randomTensor({T, B, I}, 1), randomTensor({B, H}, 2)};
    if (hasMemory())
      all.push_back(randomTensor({B, H}, 3));
    all.push_back(randomTensor({I, gates * H}, 4, -0.4f, 0.4f));
    all.push_back(randomTensor({H, gates * H}, 5, -0.4f, 0.4f));
    all.push_back(randomTensor({gates * H}, 6));
    return all;
  }

  std::vector<Tensor> results() const {
    std::vector<Tensor> all = {Tensor(float32, {T, B, H}), Tensor(float32, {B, H})};
    if (hasMemory())
      all.emplace_back(float32, Shape{B, H});
    return all;
  }

  Attributes attributes(bool training) const {
    Attributes all{{"training", training}};
    if (!GetParam().activation.empty())
      all.set("activation", GetParam().activation);
    return all;
  }

  static PrimitiveSpec specOf(std::string kind, const std::vector<Tensor> &inputs,
                              const std::vector<Tensor> &outputs, Attributes attributes) {
    PrimitiveSpec spec{std::move(kind), {}, {}, std::move(attributes), 2};
    for (const Tensor &input : inputs)
      spec.inputs.push_back(operandOf(input));
    for (const Tensor &output : outputs)
      spec.outputs.push_back(operandOf(output));
    return spec;
  }

  /// The results with their workspace.
  std::vector<Tensor> runForTraining(const std::vector<Tensor> &inputs) const {
    std::vector<Tensor> outputs = results();
    const auto primitive =
        createDnnlPrimitive(specOf(GetParam().kind, inputs, outputs, attributes(true)));
    outputs.emplace_back(uint8, Shape{static_cast<std::int64_t>(primitive->opaqueBytes())});
    runPrimitive(*primitive, inputs, outputs, 2);
    return outputs;
  }
};

TEST_P(Recurrence, MatchesTheReferenceInInference) {
  const std::vector<Tensor> inputs = operands();
  std::vector<Tensor> outputs = results();
  const auto primitive =
      createDnnlPrimitive(specOf(GetParam().kind, inputs, outputs, attributes(false)));
  EXPECT_EQ(primitive->opaqueBytes(), 0u);
  runPrimitive(*primitive, inputs, outputs, 2);
  const std::vector<Tensor> wanted = evaluated(GetParam().kind, inputs, attributes(false));
  for (std::size_t i = 0; i < outputs.size(); ++i)
    expectClose(outputs[i], wanted[i], 1e-5);
}

TEST_P(Recurrence, MatchesTheReferenceInTraining) {
  const std::vector<Tensor> inputs = operands();
  const std::vector<Tensor> outputs = runForTraining(inputs);
  const std::vector<Tensor> wanted = evaluated(GetParam().kind, inputs, attributes(true));
  for (std::size_t i = 0; i + 1 < outputs.size(); ++i)
    expectClose(outputs[i], wanted[i], 1e-5);
}

TEST_P(Recurrence, MatchesTheReferenceBackward) {
  const std::vector<Tensor> forward_inputs = operands();
  std::vector<Tensor> inputs = forward_inputs;
  for (const Tensor &output : runForTraining(forward_inputs))
    inputs.push_back(output);
  for (unsigned i = 0; const Tensor &output : results())
    inputs.push_back(randomTensor(output.shape(), 20 + i++));
  Attributes parameters;
  if (!GetParam().activation.empty())
    parameters.set("activation", GetParam().activation);
  const std::string kind = GetParam().kind + "_gradient";

  std::vector<Tensor> gradients;
  for (const Tensor &operand : forward_inputs) {
    // What was there before must not show: oneDNN adds to weight gradients.
    gradients.push_back(randomTensor(operand.shape(), 99, 100, 200));
  }
  const auto primitive = createDnnlPrimitive(specOf(kind, inputs, gradients, parameters));
  runPrimitive(*primitive, inputs, gradients, 2);

  std::vector<Tensor> reference_inputs = inputs;
  reference_inputs[forward_inputs.size() + results().size()] = Tensor(uint8, Shape{0});
  const std::vector<Tensor> wanted = evaluated(kind, reference_inputs, parameters);
  ASSERT_EQ(wanted.size(), gradients.size());
  for (std::size_t i = 0; i < gradients.size(); ++i)
    expectClose(gradients[i], wanted[i], 2e-5, ("gradient " + std::to_string(i)).c_str());
}

INSTANTIATE_TEST_SUITE_P(Cells, Recurrence,
                         testing::Values(Case{"lstm", "", 4}, Case{"gru", "", 3},
                                         Case{"vanilla_rnn", "tanh", 1},
                                         Case{"vanilla_rnn", "relu", 1}));

} // namespace
} // namespace graphc
