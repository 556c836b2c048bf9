#include "runtime/files/Files.h"

#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {
namespace {

namespace fs = std::filesystem;

class Files : public FolderTest {};

TEST_F(Files, AFileIsReplacedWhole) {
  replace_file(folder / "a", "one");
  EXPECT_EQ(readText(folder / "a"), "one");
  const MappedFile before(folder / "a");
  const std::string_view pieces[] = {"tw", "", "o and more"};
  replace_file(folder / "a", pieces);
  EXPECT_EQ(readText(folder / "a"), "two and more");
  EXPECT_EQ(before.bytes(), "one"); // what was open stays
  EXPECT_THAT(names(), testing::ElementsAre("a"));
}

TEST_F(Files, AnEmptyFile) {
  replace_file(folder / "a", "");
  EXPECT_EQ(MappedFile(folder / "a").bytes(), "");
}

TEST_F(Files, ASecondNameReplacesTheFirstFile) {
  replace_file(folder / "a", "one");
  replace_file(folder / "b", "two");
  replace_by_link(folder / "b", folder / "a");
  EXPECT_EQ(readText(folder / "a"), "two");
  fs::remove(folder / "b");
  EXPECT_EQ(readText(folder / "a"), "two");
}

TEST_F(Files, WhatCannotBeOpenedOrWrittenIsSaid) {
  auto messageOf = [](auto call) { return errorFrom(call).message(); };
  const std::string missing = (folder / "none" / "a").string();
  EXPECT_EQ(messageOf([&] { MappedFile file(missing); }),
            "cannot open '" + missing + "': No such file or directory");
  EXPECT_EQ(messageOf([&] { MappedFile file(folder); }),
            "cannot open '" + folder.string() + "': it is not a file");
  EXPECT_EQ(messageOf([&] { replace_file(missing, "x"); }),
            "cannot write '" + missing + ".tmp': No such file or directory");
  fs::create_directories(folder / "full" / "of");
  EXPECT_EQ(messageOf([&] { replace_file(folder / "full", "x"); }),
            "cannot write '" + (folder / "full").string() + "': Is a directory");
  EXPECT_THAT(names(), testing::ElementsAre("full"));
}

} // namespace
} // namespace graphc::test
