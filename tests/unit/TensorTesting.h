// Tensors that tests feed and compare.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "runtime/Tensor.h"

namespace graphc::test {

/// float32 numbers from -1/2 to 1/2, no two neighbours alike.
inline Tensor numbers(const Shape &shape) {
  Tensor tensor(float32, shape);
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<float>()[i] = static_cast<float>(i * 7 % 23) / 23.f - .5f;
  return tensor;
}

/// Every element within `tolerance` of the largest one that is wanted, which must not be zero.
inline void expectNear(const Tensor &got, const Tensor &want, float tolerance) {
  ASSERT_EQ(got.shape(), want.shape());
  float largest = 0;
  for (float value : want.values<float>())
    largest = std::max(largest, std::abs(value));
  EXPECT_GT(largest, 0);
  for (std::int64_t i = 0; i < want.num_elements(); ++i)
    ASSERT_NEAR(got.data<float>()[i], want.data<float>()[i], tolerance * largest) << i;
}

} // namespace graphc::test
