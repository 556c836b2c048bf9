// Calling reference ops and comparing what they give.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/Status.h"
#include "runtime/reference/Reference.h"

namespace graphc::reference {

inline std::vector<Tensor> runAll(std::string_view name, const std::vector<Tensor> &inputs,
                                  const Attributes &attributes = {}, std::int64_t step = 0,
                                  GraphcRunContext context = {}) {
  return evaluate({name, attributes, inputs, context, step});
}

inline Tensor run(std::string_view name, const std::vector<Tensor> &inputs,
                  const Attributes &attributes = {}, std::int64_t step = 0,
                  GraphcRunContext context = {}) {
  return runAll(name, inputs, attributes, step, context).at(0);
}

template <typename T> Tensor vector(std::initializer_list<T> values) {
  return Tensor::of(Shape{static_cast<std::int64_t>(values.size())}, values);
}

/// 0, 1, 2, ... in row-major order.
inline Tensor iota(Shape shape, DataType dtype = float32) {
  std::vector<std::int64_t> values(static_cast<std::size_t>(shape.num_elements()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::int64_t>(i);
  return Tensor::of(shape, values).cast(dtype);
}

/// Same dtype, shape and elements; NaN equals NaN.
template <typename T>
void expectTensor(const Tensor &actual, const Shape &shape, std::initializer_list<T> values) {
  ASSERT_EQ(to_string(actual.dtype()), to_string(data_type_of<T>));
  ASSERT_EQ(actual.shape().to_string(), shape.to_string());
  ASSERT_EQ(actual.num_elements(), static_cast<std::int64_t>(values.size()));
  std::int64_t i = 0;
  for (T wanted : values) {
    const T got = actual.data<T>()[i];
    if (wanted != wanted)
      EXPECT_TRUE(got != got) << "element " << i << " is " << +got;
    else
      EXPECT_EQ(got, wanted) << "element " << i;
    ++i;
  }
}

template <typename T>
void expectNear(const Tensor &actual, const Shape &shape, std::initializer_list<T> values,
                double tolerance = 1e-6) {
  ASSERT_EQ(to_string(actual.dtype()), to_string(data_type_of<T>));
  ASSERT_EQ(actual.shape().to_string(), shape.to_string());
  ASSERT_EQ(actual.num_elements(), static_cast<std::int64_t>(values.size()));
  std::int64_t i = 0;
  for (T wanted : values) {
    EXPECT_NEAR(actual.data<T>()[i], wanted, tolerance) << "element " << i;
    ++i;
  }
}

/// What the error says; empty where there is none.
template <typename Function> std::string errorOf(Function function) {
  try {
    function();
  } catch (const Error &error) {
    return error.what();
  }
  return {};
}

} // namespace graphc::reference
