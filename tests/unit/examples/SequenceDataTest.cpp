// What the sequence programs read, and what they say of files that are damaged.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/data/SmsData.h"
#include "examples/data/TextFile.h"
#include "tests/unit/examples/DataTesting.h"

namespace graphc::examples {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

using SequenceData = test::DataTest;

TEST_F(SequenceData, CsvColumnsAreReadWithQuotesAndEitherLineEnd) {
  const fs::path path =
      write("a.csv", "\"month\",\"passengers\"\r\n\"1949-01\",112\r\n\"1949-02\",118");
  EXPECT_THAT(readCsvColumn(path, 1), ElementsAre(112, 118));
}

TEST_F(SequenceData, CsvErrorsSayWhere) {
  EXPECT_EQ(messageOf([&] { readCsvColumn(folder / "none.csv", 0); }),
            "cannot open 'DIR/none.csv'");
  EXPECT_EQ(messageOf([&] { readCsvColumn(write("empty.csv", ""), 1); }),
            "'DIR/empty.csv' line 1: expected a header of 2 columns or more, got 0");
  EXPECT_EQ(messageOf([&] { readCsvColumn(write("word.csv", "m,p\n1,2\n2,many\n"), 1); }),
            "'DIR/word.csv' line 3: expected a number, got 'many'");
  EXPECT_EQ(messageOf([&] { readCsvColumn(write("cut.csv", "m,p\n1,2\n2\n"), 1); }),
            "'DIR/cut.csv' line 3: expected 2 columns, got 1");
  EXPECT_EQ(messageOf([&] { readCsvColumn(write("nan.csv", "m,p\n1,nan\n"), 1); }),
            "'DIR/nan.csv' line 2: expected a number, got 'nan'");
}

TEST_F(SequenceData, MessagesAreCleanedAndNumbered) {
  write("SMSSpamCollection", "ham\tDon't  call 2 me, me!\nspam\tCALL me now\xC2\xA3 now\n");
  const std::vector<Message> messages = readSmsData(folder);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_FALSE(messages[0].spam);
  EXPECT_TRUE(messages[1].spam);
  EXPECT_THAT(messages[0].words, ElementsAre("dont", "call", "me", "me"));
  EXPECT_THAT(messages[1].words, ElementsAre("call", "me", "now", "now"));
  // "me" 3 times; "call" and "now" twice, in alphabetical order; "dont" is rare.
  const NumberedMessages numbered = numberWords(messages, 5, 1);
  EXPECT_EQ(numbered.vocabulary, 4);
  EXPECT_THAT(numbered.words.values<std::int32_t>(), ElementsAre(0, 2, 1, 1, 0, 2, 1, 3, 3, 0));
  EXPECT_THAT(numbered.spam.values<std::int32_t>(), ElementsAre(0, 1));
}

TEST_F(SequenceData, MessageErrorsSayWhere) {
  EXPECT_EQ(messageOf([&] { readSmsData(folder); }), "cannot open 'DIR/SMSSpamCollection'");
  write("SMSSpamCollection", "ham\tfine\nspam");
  EXPECT_EQ(
      messageOf([&] { readSmsData(folder); }),
      "'DIR/SMSSpamCollection' line 2: expected 'ham' or 'spam', a tab and a message, got 'spam'");
  write("SMSSpamCollection", "");
  EXPECT_EQ(messageOf([&] { readSmsData(folder); }), "'DIR/SMSSpamCollection' holds no message");
}

TEST_F(SequenceData, SyntheticMessagesHaveTheRealNumberAndAFixedSeed) {
  const std::vector<Message> messages = syntheticSmsData(7);
  EXPECT_EQ(messages.size(), 5574u);
  EXPECT_EQ(messages.back().words, syntheticSmsData(7).back().words);
}

} // namespace
} // namespace graphc::examples
