#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/data/TaggedSentences.h"
#include "tests/unit/examples/DataTesting.h"

namespace graphc::examples {
namespace {

namespace fs = std::filesystem;

struct TaggedSentencesTest : test::DataTest {
  std::string tableMessage(const std::string &text) const {
    const fs::path path = write("sentences.tsv", text);
    return messageOf([&] { readTaggedSentences(path); });
  }
};

TEST_F(TaggedSentencesTest, ReadsPlainAndCompressedFiles) {
  const std::string text = "Dogs\tNOUN\nbark\tVERB\n\n\nYes\tINTJ\r\n";
  for (const fs::path &path : {write("plain.tsv", text), writePacked("packed.tsv", text)}) {
    const auto sentences = readTaggedSentences(path);
    ASSERT_EQ(sentences.size(), 2u);
    ASSERT_EQ(sentences[0].size(), 2u);
    EXPECT_EQ(sentences[0][1].word, "bark");
    EXPECT_EQ(kPartsOfSpeech[static_cast<std::size_t>(sentences[0][1].tag)], "VERB");
    EXPECT_EQ(sentences[1][0].word, "Yes");
  }
}

TEST_F(TaggedSentencesTest, SaysWhichLineIsWrong) {
  EXPECT_EQ(tableMessage("Dogs\tNOUN\nbark\n"),
            "'DIR/sentences.tsv' line 2: expected a word, a tab and a part of speech, got 'bark'");
  EXPECT_EQ(
      tableMessage("\tNOUN\n"),
      "'DIR/sentences.tsv' line 1: expected a word, a tab and a part of speech, got '\tNOUN'");
  EXPECT_EQ(tableMessage("\nDogs\tNOWN"), "'DIR/sentences.tsv' line 2: expected one of the 17 "
                                          "parts of speech of Universal Dependencies "
                                          "behind the tab, got 'Dogs\tNOWN'");
  EXPECT_EQ(tableMessage("\n\n"), "'DIR/sentences.tsv': expected sentences, got none");
  const Error missing = test::errorFrom([&] { readTaggedSentences(folder / "none.tsv"); });
  EXPECT_EQ(missing.code(), Code::not_found);
  EXPECT_EQ(missing.message(), "cannot open '" + in("none.tsv") + "'");
}

TEST_F(TaggedSentencesTest, RefusesCutOffFiles) {
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += "word" + std::to_string(i * 7919) + "\tNOUN\n";
  const fs::path path = writePacked("sentences.tsv", text);
  fs::resize_file(path, fs::file_size(path) / 2);
  const Error error = test::errorFrom([&] { readTaggedSentences(path); });
  EXPECT_EQ(error.code(), Code::data_loss);
  EXPECT_THAT(error.message(), testing::StartsWith("cannot read '" + path.string() + "': "));
}

TEST(TaggedSentences, NumbersRareStringsAsOne) {
  const StringNumbers numbers({{"b", 2}, {"a", 5}, {"c", 1}}, 2);
  EXPECT_EQ(numbers["a"], 2);
  EXPECT_EQ(numbers["b"], 3);
  EXPECT_EQ(numbers["c"], 1);
  EXPECT_EQ(numbers["never seen"], 1);
  EXPECT_EQ(numbers.size(), 4);
}

TEST(TaggedSentences, SuffixesAreLettersNotBytes) {
  EXPECT_EQ(suffixOf("running"), "-ing");
  EXPECT_EQ(suffixOf("London"), "^don");
  EXPECT_EQ(suffixOf("1984"), "#984");
  EXPECT_EQ(suffixOf("a"), "-a");
  EXPECT_EQ(suffixOf("na\xC3\xAFvet\xC3\xA9"), "-et\xC3\xA9");
}

TEST(TaggedSentences, SyntheticOnesAreTheSameForASeed) {
  const auto sentences = syntheticSentences(50, 3), again = syntheticSentences(50, 3);
  ASSERT_EQ(sentences.size(), 50u);
  EXPECT_EQ(sentences[7][2].word, again[7][2].word);
  EXPECT_NE(sentences[7][2].word, syntheticSentences(50, 4)[7][2].word);
  for (const TaggedSentence &sentence : sentences)
    EXPECT_GE(sentence.size(), 4u);
}

} // namespace
} // namespace graphc::examples
