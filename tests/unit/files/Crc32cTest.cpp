#include "runtime/files/Crc32c.h"

#include <numeric>
#include <string>

#include <gtest/gtest.h>

namespace graphc {
namespace {

// RFC 3720 (iSCSI), appendix B.4.
TEST(Crc32c, TheExamplesOfTheStandard) {
  std::string counted(32, '\0');
  std::iota(counted.begin(), counted.end(), '\0');
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c(counted), 0x46dd794eu);
  EXPECT_EQ(crc32c(std::string(counted.rbegin(), counted.rend())), 0x113fdb5cu);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(Crc32c, GoesOnFromAnyPlace) {
  const std::string text = "whoever reads this computes checksums of odd lengths";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(crc32c(text.substr(cut), crc32c(text.substr(0, cut))), crc32c(text)) << cut;
}

TEST(Crc32c, Masked) {
  EXPECT_EQ(masked_crc32c(std::uint32_t{0x80000001}), 0x00030000u + 0xa282ead8u);
}

} // namespace
} // namespace graphc
