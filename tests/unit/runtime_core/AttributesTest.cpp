#include "runtime/Attributes.h"

#include <gtest/gtest.h>

#include "tests/unit/ErrorTesting.h"

namespace graphc {
namespace {

using test::errorFrom;

TEST(Attributes, GiveBackEveryKind) {
  Attributes attributes{{"flag", true},
                        {"axis", std::int64_t{-1}},
                        {"value", 2.5},
                        {"activation", std::string("relu")},
                        {"perm", std::vector<std::int64_t>{1, 0}},
                        {"dtype", float64},
                        {"variable", SymbolName{"dense/kernel"}}};
  attributes.set("tensor", Tensor(3));
  EXPECT_TRUE(attributes.get_bool("flag"));
  EXPECT_EQ(attributes.get_int("axis"), -1);
  EXPECT_EQ(attributes.get_double("value"), 2.5);
  EXPECT_EQ(attributes.get_string("activation"), "relu");
  EXPECT_EQ(attributes.get_ints("perm"), (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(attributes.get_dtype("dtype"), float64);
  EXPECT_EQ(attributes.get_symbol("variable"), "dense/kernel");
  EXPECT_EQ(attributes.get_tensor("tensor").scalar<std::int32_t>(), 3);
}

TEST(Attributes, HaveDefaultsAndKeepTheirOrder) {
  Attributes attributes{{"b", true}, {"a", std::int64_t{7}}};
  EXPECT_TRUE(attributes.bool_or("b", false));
  EXPECT_FALSE(attributes.bool_or("missing", false));
  EXPECT_EQ(attributes.int_or("a", 1), 7);
  EXPECT_EQ(attributes.int_or("missing", 1), 1);
  EXPECT_TRUE(attributes.has("a"));
  EXPECT_FALSE(attributes.has("missing"));
  attributes.set("a", std::int64_t{8});
  EXPECT_EQ(attributes.get_int("a"), 8);
  EXPECT_EQ(attributes.entries().begin()->first, "a");
  EXPECT_EQ(attributes.entries().size(), 2u);
}

TEST(Attributes, ReportWhatIsMissing) {
  const Attributes attributes{{"axis", std::int64_t{1}}};
  EXPECT_STREQ(errorFrom([&] { attributes.get_int("perm"); }).what(),
               "INTERNAL: attribute 'perm' is missing");
  EXPECT_STREQ(errorFrom([&] { attributes.get_bool("axis"); }).what(),
               "INTERNAL: attribute 'axis' has another kind");
}

} // namespace
} // namespace graphc
