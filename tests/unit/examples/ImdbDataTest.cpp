// Film reviews: reading, cutting, refusals, and what stands in for them.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/data/ImdbData.h"
#include "runtime/NpyFile.h"
#include "tests/unit/examples/DataTesting.h"

namespace graphc::examples {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

Reviews threeReviews() {
  return {Tensor::of<std::int32_t>({7}, {1, 5, 6, 1, 7, 8, 9}),
          Tensor::of<std::int32_t>({4}, {0, 3, 4, 7}), Tensor::of<std::uint8_t>({3}, {1, 0, 1})};
}

TEST(Reviews, AreCutAndPaddedInFront) {
  const Tensor rows = lastWords(threeReviews(), 2);
  EXPECT_EQ(rows.shape(), (Shape{3, 2}));
  EXPECT_THAT(rows.values<std::int32_t>(), ElementsAre(5, 6, 0, 1, 8, 9));
  EXPECT_THAT(lastWords(threeReviews(), 3).values<std::int32_t>(),
              ElementsAre(1, 5, 6, 0, 0, 1, 7, 8, 9));
}

class ImdbFolder : public test::DataTest {
protected:
  void SetUp() override {
    for (const char *half : {"train", "test"})
      writeHalf(half, threeReviews());
  }

  void writeHalf(const std::string &half, const Reviews &reviews) const {
    // zlib reads plain files under any name.
    write_npy(folder / (half + "_tokens.npy.gz"), reviews.words);
    write_npy(folder / (half + "_offsets.npy"), reviews.offsets);
    write_npy(folder / (half + "_labels.npy"), reviews.labels);
  }

  std::string messageOfReading() const {
    return messageOf([&] { readImdbData(folder); });
  }
};

TEST_F(ImdbFolder, IsReadWhole) {
  const ImdbData data = readImdbData(folder);
  EXPECT_EQ(data.train.size(), 3);
  EXPECT_TRUE(data.test.words.identical_to(threeReviews().words));
}

TEST_F(ImdbFolder, IsRefusedWhereFilesAreMissingOrDoNotFit) {
  Reviews reviews = threeReviews();
  reviews.offsets = Tensor::of<std::int32_t>({4}, {0, 3, 2, 7});
  writeHalf("test", reviews);
  EXPECT_EQ(messageOfReading(),
            "the test reviews in 'DIR' do not fit together: 3 labels, 4 offsets, 7 words");
  reviews = threeReviews();
  reviews.words.data<std::int32_t>()[2] = 10000;
  writeHalf("test", reviews);
  EXPECT_EQ(messageOfReading(),
            "the test reviews in 'DIR' hold word 10000, expected less than 10000");
  fs::remove(folder / "test_labels.npy");
  EXPECT_EQ(messageOfReading(), "cannot open 'DIR/test_labels.npy'");
}

TEST(SyntheticReviews, AreTheSameForASeedAndOfBothKinds) {
  const ImdbData data = syntheticImdbData(3);
  EXPECT_TRUE(data.train.words.identical_to(syntheticImdbData(3).train.words));
  std::int64_t liked = 0;
  for (std::uint8_t label : data.train.labels.values<std::uint8_t>())
    liked += label;
  EXPECT_NEAR(static_cast<double>(liked) / static_cast<double>(data.train.size()), 0.5, 0.02);
  for (std::int32_t word : data.test.words.values<std::int32_t>())
    ASSERT_TRUE(word >= 1 && word < kImdbVocabulary);
}

} // namespace
} // namespace graphc::examples
