#include "runtime/Status.h"

#include <gtest/gtest.h>

namespace graphc {
namespace {

TEST(Error, SaysCodeMessageOpAndPlace) {
  const Error error(Code::invalid_argument, "expects rank 2, got 3", "lstm/cell_0/MatMul",
                    {"har.cpp", 12});
  EXPECT_STREQ(error.what(),
               "INVALID_ARGUMENT: expects rank 2, got 3 [op 'lstm/cell_0/MatMul'] [at har.cpp:12]");
  EXPECT_EQ(error.code(), Code::invalid_argument);
  EXPECT_EQ(error.message(), "expects rank 2, got 3");
  EXPECT_EQ(error.op_name(), "lstm/cell_0/MatMul");
  EXPECT_EQ(error.scope(), "lstm/cell_0");
  EXPECT_EQ(error.where().line, 12u);
}

TEST(Error, LeavesOutWhatIsUnknown) {
  EXPECT_STREQ(Error(Code::not_found, "no op 'x'").what(), "NOT_FOUND: no op 'x'");
  EXPECT_STREQ(Error(Code::internal, "m", "op").what(), "INTERNAL: m [op 'op']");
  EXPECT_STREQ(Error(Code::data_loss, "m", "", {"a.cpp", 3}).what(), "DATA_LOSS: m [at a.cpp:3]");
  EXPECT_EQ(Error(Code::internal, "m", "op").scope(), "");
}

TEST(Error, NamesItsCodesAsTensorFlowDoes) {
  EXPECT_EQ(to_string(Code::ok), "OK");
  EXPECT_EQ(to_string(Code::invalid_argument), "INVALID_ARGUMENT");
  EXPECT_EQ(to_string(Code::not_found), "NOT_FOUND");
  EXPECT_EQ(to_string(Code::already_exists), "ALREADY_EXISTS");
  EXPECT_EQ(to_string(Code::failed_precondition), "FAILED_PRECONDITION");
  EXPECT_EQ(to_string(Code::unimplemented), "UNIMPLEMENTED");
  EXPECT_EQ(to_string(Code::data_loss), "DATA_LOSS");
  EXPECT_EQ(to_string(Code::internal), "INTERNAL");
}

TEST(SourceLine, TakesASourceLocation) {
  const SourceLine here = std::source_location::current();
  EXPECT_TRUE(here.file.ends_with("StatusTest.cpp"));
  EXPECT_GT(here.line, 0u);
}

} // namespace
} // namespace graphc
