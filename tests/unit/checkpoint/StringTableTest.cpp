// The table by hand, and tables of many blocks back and forth.
#include "runtime/checkpoint/StringTable.h"

#include "runtime/files/Crc32c.h"
#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {
namespace {

using Entries = std::map<std::string, std::string>;

template <typename T> std::string bytesOf(T number) {
  return {reinterpret_cast<const char *>(&number), sizeof(T)};
}

/// A block with its kind and checksum.
std::string sealed(std::string block, char kind = '\0') {
  block += kind;
  return block + bytesOf(masked_crc32c(block));
}

std::string footer(std::string places) {
  places.resize(40);
  return places + bytesOf(std::uint64_t{0xdb4775248b80fb57});
}

/// A table of one data block: the block, an empty one of metadata, the index, the footer.
std::string tableOf(const std::string &block, char kind = '\0') {
  const std::string data = sealed(block, kind);
  const std::string metadata = sealed(bytesOf(0u) + bytesOf(1u));
  std::string index = {0, 1, 2, 'z'};
  index += {0, static_cast<char>(block.size())}; // the place: two varints of a byte
  index += bytesOf(0u) + bytesOf(1u);
  const char at[] = {static_cast<char>(data.size()), 8,
                     static_cast<char>(data.size() + metadata.size()),
                     static_cast<char>(index.size())};
  return data + metadata + sealed(index) + footer(std::string(at, sizeof(at)));
}

/// Three entries, two of which share the beginnings of their keys.
std::string blockByHand() {
  return std::string("\0\3\2abcxy\2\1\1dz\0\1\0b", 17) + bytesOf(0u) + bytesOf(1u);
}

TEST(StringTable, IsReadAsItIsDefined) {
  EXPECT_EQ(read_string_table(tableOf(blockByHand()), "t"),
            (Entries{{"abc", "xy"}, {"abd", "z"}, {"b", ""}}));
}

TEST(StringTable, IsWrittenAsItIsDefined) {
  const std::string table = write_string_table({{"abc", "xy"}, {"abd", "z"}, {"b", ""}});
  std::string expected = tableOf(blockByHand());
  // The index's key is the shortest one behind "b".
  const std::size_t key = expected.find("z", 30);
  expected[key] = 'c';
  const std::size_t index = key - 3;
  expected.replace(index, 14 + 5, sealed(expected.substr(index, 14)));
  EXPECT_EQ(table, expected);
}

TEST(StringTable, NoEntriesAndOddOnes) {
  EXPECT_EQ(read_string_table(write_string_table({}), "t"), Entries{});
  const Entries odd = {{"", "of the empty key"},
                       {std::string("\0", 1), std::string("\0\xff", 2)},
                       {"\xff\xff", "no key can be behind"},
                       {std::string(1000, 'k'), std::string(100000, 'v')}};
  EXPECT_EQ(read_string_table(write_string_table(odd), "t"), odd);
}

TEST(StringTable, ManyBlocks) {
  Entries entries;
  for (int i = 0; i < 3000; ++i)
    entries["scope/layer_" + std::to_string(i % 70) + "/weights/" + std::to_string(i)] =
        std::string(static_cast<std::size_t>(i % 700), static_cast<char>(i));
  const std::string table = write_string_table(entries);
  EXPECT_GT(table.size(), 3 * 262144u);
  EXPECT_EQ(read_string_table(table, "t"), entries);
}

std::string refusal(const std::string &table) {
  return errorFrom([&] { read_string_table(table, "t.index"); }).message();
}

TEST(StringTable, WhatIsWrongIsSaidWithItsPlace) {
  const std::string good = tableOf(blockByHand());
  EXPECT_EQ(refusal(""),
            "'t.index' is truncated or damaged at byte 0: an index has at least 48 bytes");
  EXPECT_EQ(refusal(good.substr(0, good.size() - 1)), "'t.index' is truncated or damaged at byte " +
                                                          std::to_string(good.size() - 9) +
                                                          ": an index ends in other bytes");
  std::string flipped = good;
  flipped[3] ^= 1;
  EXPECT_EQ(refusal(flipped),
            "'t.index' is truncated or damaged at byte 0: the checksum of a block is wrong");
  EXPECT_EQ(
      refusal(tableOf(blockByHand(), '\1')),
      "'t.index' has a compressed block (kind 1) at byte 0, expected blocks without compression, "
      "as TensorFlow writes checkpoints");
  EXPECT_EQ(
      refusal(footer("\x01\x7f\x01\x01")),
      "'t.index' is truncated or damaged at byte 0: a block of 127 bytes at byte 1 does not fit in "
      "48 bytes");
  EXPECT_EQ(refusal(footer(std::string(40, '\xff'))),
            "'t.index' is truncated or damaged at byte 0: the place of a block cannot be read");
}

TEST(StringTable, BlocksThatContradictThemselves) {
  auto wrong = [](const std::string &block) { return refusal(tableOf(block)); };
  EXPECT_EQ(wrong(std::string("\0", 1)),
            "'t.index' is truncated or damaged at byte 0: a block is too small");
  EXPECT_EQ(wrong(bytesOf(0u) + bytesOf(0xffffffffu)),
            "'t.index' is truncated or damaged at byte 4: a block has more restarts than bytes");
  const std::string end = bytesOf(0u) + bytesOf(1u);
  EXPECT_EQ(wrong(std::string("\1\1\0a", 4) + end),
            "'t.index' is truncated or damaged at byte 0: an entry cannot be read");
  EXPECT_EQ(wrong(std::string("\0\1\xff\xff\xff\xff\x0f"
                              "a",
                              8) +
                  end),
            "'t.index' is truncated or damaged at byte 0: an entry is larger than its block");
  EXPECT_EQ(wrong(std::string("\0\1\0b\0\1\0a", 8) + end),
            "'t.index' is truncated or damaged at byte 4: its keys are not in order");
}

// Each entry takes 5 bytes and would make a key of ten thousand.
TEST(StringTable, FewBytesDoNotBecomeMany) {
  std::string block = std::string("\0\x90\x4e\0", 4) + std::string(10000, 'a');
  for (int i = 0; i < 20000; ++i) {
    // Shares 10000, adds two bytes that grow.
    block += std::string("\x90\x4e\2\0", 4);
    block += static_cast<char>(1 + i / 200);
    block += static_cast<char>(1 + i % 200);
  }
  block += bytesOf(0u) + bytesOf(1u);
  const std::string data = sealed(block);
  const std::string metadata = sealed(bytesOf(0u) + bytesOf(1u));
  auto varint = [](std::size_t number) {
    std::string text;
    for (; number >= 0x80; number >>= 7)
      text += static_cast<char>(number | 0x80);
    return text + static_cast<char>(number);
  };
  const std::string place = varint(0) + varint(block.size());
  const std::string index = std::string("\0\1", 2) + static_cast<char>(place.size()) + "z" + place +
                            bytesOf(0u) + bytesOf(1u);
  const std::string table = data + metadata + sealed(index) +
                            footer(varint(data.size()) + varint(8) +
                                   varint(data.size() + metadata.size()) + varint(index.size()));
  EXPECT_THAT(refusal(table), testing::EndsWith("its keys are larger than the file can hold"));
}

} // namespace
} // namespace graphc::test
