#include "runtime/PrimitiveCache.h"

#include <gtest/gtest.h>

#include "runtime/Status.h"

namespace graphc {
namespace {

PrimitiveSpec product(std::int64_t rows, std::string activation = "none") {
  return {"matmul",
          {{float32, {rows, 8}, {}}, {float32, {8, 4}, {}}},
          {{float32, {rows, 4}, {}}},
          {{"activation", std::move(activation)}},
          1};
}

TEST(PrimitiveCache, MakesEqualPrimitivesOnce) {
  PrimitiveCache cache;
  const auto first = cache.get(product(3));
  EXPECT_EQ(cache.get(product(3)), first);
  EXPECT_EQ(cache.hits(), 1u);
  EXPECT_EQ(cache.misses(), 1u);
}

TEST(PrimitiveCache, TellsApartAllThatAPrimitiveDependsOn) {
  PrimitiveCache cache;
  cache.get(product(3));
  cache.get(product(4));
  cache.get(product(3, "tanh"));
  PrimitiveSpec transposed = product(3);
  transposed.inputs[0].strides = {1, 3};
  cache.get(transposed);
  PrimitiveSpec threads = product(3);
  threads.threads = 2;
  cache.get(threads);
  EXPECT_EQ(cache.misses(), 5u);
  EXPECT_EQ(cache.size(), 5u);
}

TEST(PrimitiveCache, ForgetsWhatWasUsedLongestAgo) {
  PrimitiveCache cache(2);
  const auto three = cache.get(product(3));
  cache.get(product(4));
  cache.get(product(3));
  cache.get(product(5)); // 4 goes
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(cache.get(product(3)), three);
  EXPECT_EQ(cache.misses(), 3u);
  cache.get(product(4));
  EXPECT_EQ(cache.misses(), 4u);
}

TEST(PrimitiveCache, ReportsWhatOneDnnDoesNotHave) {
  PrimitiveSpec spec = product(3);
  spec.inputs[0].dtype = float64;
  try {
    createDnnlPrimitive(spec);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::unimplemented);
    EXPECT_EQ(error.message(), "oneDNN has no float64");
  }
  PrimitiveSpec wrong = product(3);
  wrong.inputs[1].extents = {7, 4};
  try {
    createDnnlPrimitive(wrong);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::unimplemented);
    EXPECT_TRUE(
        error.message().starts_with("oneDNN has no primitive for matmul on 1 float32[3,8,]"))
        << error.message();
  }
}

} // namespace
} // namespace graphc
