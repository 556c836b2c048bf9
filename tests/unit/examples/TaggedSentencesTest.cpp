#include <filesystem>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "examples/data/TaggedSentences.h"

namespace graphc::examples {
namespace {

namespace fs = std::filesystem;

struct TaggedSentencesTest : testing::Test {
  fs::path path = fs::path(testing::TempDir()) / "sentences.tsv";
  ~TaggedSentencesTest() override { fs::remove(path); }

  std::string errorOf(const std::string &text) {
    std::ofstream(path, std::ios::binary) << text;
    try {
      readTaggedSentences(path);
    } catch (const Error &error) {
      return error.message();
    }
    return "no error";
  }
};

TEST_F(TaggedSentencesTest, ReadsPlainAndCompressedFiles) {
  const std::string text = "Dogs\tNOUN\nbark\tVERB\n\n\nYes\tINTJ\r\n";
  std::ofstream(path, std::ios::binary) << text;
  for (bool packed : {false, true}) {
    if (packed) {
      gzFile file = gzopen(path.c_str(), "wb");
      gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
      gzclose(file);
    }
    const auto sentences = readTaggedSentences(path);
    ASSERT_EQ(sentences.size(), 2u);
    ASSERT_EQ(sentences[0].size(), 2u);
    EXPECT_EQ(sentences[0][1].word, "bark");
    EXPECT_EQ(kPartsOfSpeech[static_cast<std::size_t>(sentences[0][1].tag)], "VERB");
    EXPECT_EQ(sentences[1][0].word, "Yes");
  }
}

TEST_F(TaggedSentencesTest, SaysWhichLineIsWrong) {
  const std::string name = "'" + path.string() + "'";
  EXPECT_EQ(errorOf("Dogs\tNOUN\nbark\n"),
            name + " line 2: expected a word, a tab and a part of speech, got 'bark'");
  EXPECT_EQ(errorOf("\tNOUN\n"),
            name + " line 1: expected a word, a tab and a part of speech, got '\tNOUN'");
  EXPECT_EQ(errorOf("\nDogs\tNOWN"),
            name + " line 2: expected one of the 17 parts of speech of Universal Dependencies "
                   "behind the tab, got 'Dogs\tNOWN'");
  EXPECT_EQ(errorOf("\n\n"), name + ": expected sentences, got none");
  fs::remove(path);
  try {
    readTaggedSentences(path);
    ADD_FAILURE() << "no error was thrown";
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::not_found);
    EXPECT_EQ(error.message(), "cannot open " + name);
  }
}

TEST_F(TaggedSentencesTest, RefusesCutOffFiles) {
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += "word" + std::to_string(i * 7919) + "\tNOUN\n";
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  fs::resize_file(path, fs::file_size(path) / 2);
  try {
    readTaggedSentences(path);
    ADD_FAILURE() << "no error was thrown";
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::data_loss);
    EXPECT_THAT(error.message(), testing::StartsWith("cannot read '" + path.string() + "': "));
  }
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
