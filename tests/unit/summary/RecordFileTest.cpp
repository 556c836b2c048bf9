#include "runtime/summary/RecordFile.h"

#include <cstring>

#include <gtest/gtest.h>

#include "runtime/files/Crc32c.h"

namespace graphc {
namespace {

TEST(RecordFile, FramesEachRecord) {
  std::string file = "before";
  append_record(file, "abc");
  append_record(file, "");
  const std::string length = std::string("\3\0\0\0\0\0\0\0", 8);
  const std::string none(8, '\0');
  auto crc = [](const std::string &text) {
    const std::uint32_t masked = masked_crc32c(text);
    return std::string(reinterpret_cast<const char *>(&masked), 4);
  };
  EXPECT_EQ(file,
            "before" + length + crc(length) + "abc" + crc("abc") + none + crc(none) + crc(""));
}

} // namespace
} // namespace graphc
