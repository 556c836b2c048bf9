#include "runtime/Tensor.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "tests/unit/ErrorTesting.h"

namespace graphc {
namespace {

using test::errorFrom;

TEST(DataType, NamesAndSizes) {
  for (DataType dtype : {float32, float64, int32, int64, bool_, uint8})
    EXPECT_EQ(data_type_from_string(to_string(dtype)), dtype);
  EXPECT_EQ(data_type_from_string("float16"), std::nullopt);
  EXPECT_EQ(to_string(bool_), "bool");
  EXPECT_EQ(size_of(float64), 8u);
  EXPECT_EQ(size_of(uint8), 1u);
  EXPECT_TRUE(is_floating(float32) && is_integer(uint8) && !is_integer(bool_) &&
              !is_numeric(bool_));
}

TEST(Tensor, HoldsItsElementsAligned) {
  const Tensor x = Tensor::of(Shape{2, 2}, {1.f, 2.f, 3.f, 4.f});
  EXPECT_EQ(x.dtype(), float32);
  EXPECT_EQ(x.num_bytes(), 16u);
  EXPECT_EQ(x.values<float>()[3], 4);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(x.raw_data()) % Tensor::kAlignment, 0u);
  EXPECT_EQ(Tensor(2.5).scalar<double>(), 2.5);
  EXPECT_EQ(Tensor(true).dtype(), bool_);
  EXPECT_EQ(Tensor::zeros(int64, {3}).values<std::int64_t>()[2], 0);
}

TEST(Tensor, CopiesShareAndClonesDoNot) {
  Tensor x = Tensor::of(Shape{2}, {1, 2});
  const Tensor copy = x, clone = x.clone();
  x.data<std::int32_t>()[0] = 9;
  EXPECT_EQ(copy.data<std::int32_t>()[0], 9);
  EXPECT_EQ(clone.data<std::int32_t>()[0], 1);
}

TEST(Tensor, BorrowsMemory) {
  float memory[3] = {1, 2, 3};
  Tensor x = Tensor::borrow(Shape{3}, memory);
  x.data<float>()[1] = 7;
  EXPECT_EQ(memory[1], 7);
}

TEST(Tensor, ViewsShareStorage) {
  const Tensor x = Tensor::of(Shape{3, 2}, {0, 1, 2, 3, 4, 5});
  const Tensor rows = x.rows(1, 3);
  EXPECT_EQ(rows.shape(), (Shape{2, 2}));
  EXPECT_EQ(rows.data<std::int32_t>(), x.data<std::int32_t>() + 2);
  EXPECT_EQ(x.rows(3, 3).num_elements(), 0);
  EXPECT_EQ(x.reshaped({6}).raw_data(), x.raw_data());
  EXPECT_STREQ(errorFrom([&] { x.rows(2, 4); }).what(),
               "INVALID_ARGUMENT: rows 2 to 4 are not within [3,2]");
  EXPECT_STREQ(errorFrom([&] { x.reshaped({5}); }).what(),
               "INVALID_ARGUMENT: cannot view [3,2] as [5]");
}

TEST(Tensor, ComparesBits) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(Tensor(nan).identical_to(Tensor(nan)));
  EXPECT_FALSE(Tensor(0.f).identical_to(Tensor(-0.f)));
  EXPECT_FALSE(Tensor(0).identical_to(Tensor(0.f)));
  EXPECT_FALSE(Tensor(0).identical_to(Tensor::zeros(int32, {1})));
  EXPECT_TRUE(Tensor().identical_to(Tensor()));
  EXPECT_FALSE(Tensor().identical_to(Tensor(0)));
}

TEST(Tensor, PrintsAFewElements) {
  EXPECT_EQ(Tensor::of(Shape{2, 2}, {1.f, 2.5f, 3.f, 4.f}).to_string(), "float32[2,2] 1 2.5 3 4");
  EXPECT_EQ(Tensor::of(Shape{3}, {1, 2, 3}).to_string(2), "int32[3] 1 2 ...");
  EXPECT_EQ(Tensor(true).to_string(), "bool[] 1");
  EXPECT_EQ(Tensor().to_string(), "<empty>");
}

TEST(Tensor, CastsElements) {
  EXPECT_TRUE(Tensor(1.75f).cast(int64).identical_to(Tensor(std::int64_t{1})));
  EXPECT_TRUE(Tensor(2).cast(bool_).identical_to(Tensor(true)));
  const Tensor x(1.f);
  EXPECT_EQ(x.cast(float32).raw_data(), x.raw_data());
}

TEST(Tensor, RefusesWrongUse) {
  const Tensor x = Tensor::of(Shape{2}, {1, 2});
  EXPECT_STREQ(errorFrom([&] { x.data<float>(); }).what(),
               "INVALID_ARGUMENT: the tensor holds int32, not float32");
  EXPECT_STREQ(errorFrom([&] { x.scalar<std::int32_t>(); }).what(),
               "INVALID_ARGUMENT: shape [2] has 2 elements, not 1");
  EXPECT_STREQ(errorFrom([] { Tensor().data<float>(); }).what(),
               "INVALID_ARGUMENT: the tensor is empty");
  EXPECT_STREQ(errorFrom([] { Tensor().scalar<float>(); }).what(),
               "INVALID_ARGUMENT: the tensor is empty");
  EXPECT_STREQ(errorFrom([] { Tensor::of(Shape{3}, {1, 2}); }).what(),
               "INVALID_ARGUMENT: shape [3] has 3 elements, not 2");
  EXPECT_STREQ(errorFrom([] { Tensor(float32, Shape{none}); }).what(),
               "INVALID_ARGUMENT: a tensor needs a fully known shape, got [?]");
  EXPECT_STREQ(
      errorFrom([] {
        Tensor(float32, Shape{std::int64_t{1} << 31, std::int64_t{1} << 31});
      }).what(),
      "INVALID_ARGUMENT: a tensor of shape [2147483648,2147483648] is larger than any memory");
}

} // namespace
} // namespace graphc
