#include "runtime/VariableStore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/Status.h"

namespace graphc {
namespace {

using testing::ElementsAre;

TEST(VariableStore, HasNoValueBeforeOneIsSet) {
  VariableStore store;
  store.declare("w", float32, {2});
  EXPECT_EQ(store.get("w"), std::nullopt);
  EXPECT_EQ(store.get("nothing of this name"), std::nullopt);
  EXPECT_THAT(store.initialised_names(), ElementsAre());
}

TEST(VariableStore, CopiesInAndOut) {
  VariableStore store;
  Tensor value = Tensor::of<float>({2}, {1, 2});
  store.set("w", value);
  value.data<float>()[0] = 5;
  Tensor got = store.get("w").value();
  EXPECT_THAT(got.values<float>(), ElementsAre(1, 2));
  got.data<float>()[1] = 7;
  EXPECT_THAT(store.get("w")->values<float>(), ElementsAre(1, 2));
  store.set("a", Tensor(3));
  EXPECT_THAT(store.initialised_names(), ElementsAre("a", "w"));
}

TEST(VariableStore, KeepsAddressesAndCountsVersions) {
  VariableStore store;
  StoredVariable &variable = store.declare("w", float32, {2});
  const void *memory = variable.value.raw_data();
  store.set("w", Tensor::of<float>({2}, {1, 2}));
  EXPECT_EQ(variable.version, 1u);
  store.set("w", Tensor::of<float>({2}, {3, 4}));
  EXPECT_EQ(variable.version, 2u);
  EXPECT_EQ(&store.declare("w", float32, {2}), &variable);
  EXPECT_EQ(variable.value.raw_data(), memory);
}

TEST(VariableStore, RefusesAnotherType) {
  VariableStore store;
  store.declare("dense/kernel", float32, {9, 27});
  try {
    store.declare("dense/kernel", float32, {9, 32});
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::invalid_argument);
    EXPECT_EQ(error.message(),
              "variable 'dense/kernel' is float32[9,27] in this session, not float32[9,32]");
  }
  EXPECT_THROW(store.set("dense/kernel", Tensor(1)), Error);
}

} // namespace
} // namespace graphc
