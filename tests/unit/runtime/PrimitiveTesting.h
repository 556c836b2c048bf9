// Running primitives in tests, and comparing them with the reference implementation.
#pragma once

#include <random>

#include <gtest/gtest.h>
#include <omp.h>

#include "runtime/Arena.h"
#include "runtime/DnnlPrimitives.h"
#include "runtime/reference/Reference.h"

namespace graphc {

inline Tensor randomTensor(Shape shape, unsigned seed, float low = -1, float high = 1) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(low, high);
  Tensor tensor(float32, std::move(shape));
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<float>()[i] = distribution(generator);
  return tensor;
}

inline PrimitiveOperand operandOf(const Tensor &tensor) {
  return {tensor.dtype(), tensor.shape().extents(), {}};
}

/// The last two axes exchanged: the transpose of what lies in memory.
inline PrimitiveOperand transposedOperandOf(const Tensor &tensor) {
  PrimitiveOperand operand = operandOf(tensor);
  const std::size_t rank = operand.extents.size();
  operand.strides.assign(rank, 1);
  for (std::size_t axis = rank - 1; axis > 0; --axis)
    operand.strides[axis - 1] = operand.strides[axis] * operand.extents[axis];
  std::swap(operand.strides[rank - 1], operand.strides[rank - 2]);
  std::swap(operand.extents[rank - 1], operand.extents[rank - 2]);
  return operand;
}

/// Runs with a scratchpad whose surroundings are checked.
inline void runPrimitive(const DnnlPrimitive &primitive, const std::vector<Tensor> &inputs,
                         std::vector<Tensor> &outputs, int threads = 1) {
  omp_set_num_threads(threads);
  Arena scratchpad(primitive.scratchpadBytes() + 64);
  auto *guard = reinterpret_cast<unsigned char *>(scratchpad.data()) + primitive.scratchpadBytes();
  std::memset(guard, 0xab, 64);
  std::vector<void *> buffers;
  for (const Tensor &input : inputs)
    buffers.push_back(const_cast<void *>(input.raw_data()));
  for (Tensor &output : outputs)
    buffers.push_back(output.raw_data());
  buffers.push_back(scratchpad.data());
  primitive.makeCall()->run(buffers.data());
  for (int i = 0; i < 64; ++i)
    ASSERT_EQ(guard[i], 0xab) << "a primitive wrote behind its scratchpad";
}

/// |got - wanted| <= tolerance * max(1, |wanted|) everywhere.
inline void expectClose(const Tensor &got, const Tensor &wanted, double tolerance,
                        const char *what = "") {
  ASSERT_EQ(got.num_elements(), wanted.num_elements()) << what;
  for (std::int64_t i = 0; i < got.num_elements(); ++i) {
    const double w = wanted.data<float>()[i];
    ASSERT_NEAR(got.data<float>()[i], w, tolerance * std::max(1.0, std::abs(w)))
        << what << " element " << i;
  }
}

inline std::vector<Tensor> evaluated(std::string_view op, const std::vector<Tensor> &inputs,
                                     const Attributes &attributes = {}) {
  return reference::evaluate({op, attributes, inputs});
}

} // namespace graphc
