#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/data/HarData.h"
#include "runtime/NpyFile.h"
#include "tests/unit/files/FolderTesting.h"

namespace graphc::examples {
namespace {

namespace fs = std::filesystem;

TEST(HarData, SyntheticWindowsHaveTheRealShapesAndAFixedSeed) {
  const HarData data = syntheticHarData(3);
  EXPECT_EQ(data.train.windows.shape(), (Shape{7352, 128, 9}));
  EXPECT_EQ(data.test.windows.shape(), (Shape{2947, 128, 9}));
  EXPECT_TRUE(data.test.windows.identical_to(syntheticHarData(3).test.windows));
  EXPECT_FALSE(data.test.windows.identical_to(syntheticHarData(4).test.windows));
  std::array<int, kHarActivities> counts{};
  for (std::int64_t label : data.train.labels.values<std::int64_t>())
    ++counts.at(static_cast<std::size_t>(label));
  for (int count : counts)
    EXPECT_GT(count, 1000);
}

TEST(HarData, StandardisedTrainingChannelsHaveMeanZeroAndDeviationOne) {
  HarData data = syntheticHarData(5);
  standardise(data);
  for (std::size_t channel = 0; channel < kHarChannels; ++channel) {
    double sum = 0, squares = 0;
    const auto values = data.train.windows.values<float>();
    for (std::size_t i = channel; i < values.size(); i += kHarChannels) {
      sum += values[i];
      squares += static_cast<double>(values[i]) * values[i];
    }
    const double count = static_cast<double>(values.size()) / kHarChannels;
    EXPECT_NEAR(sum / count, 0, 1e-4);
    EXPECT_NEAR(std::sqrt(squares / count), 1, 1e-4);
  }
}

class TextLayout : public test::FolderTest {
protected:
  TextLayout() {
    fs::create_directories(folder / "train" / "Inertial Signals");
    fs::create_directories(folder / "test" / "Inertial Signals");
    for (const char *half : {"train", "test"}) {
      write(half, std::string("y_") + half, "1\n6\n");
      int channel = 0;
      for (const char *name :
           {"body_acc_x", "body_acc_y", "body_acc_z", "body_gyro_x", "body_gyro_y", "body_gyro_z",
            "total_acc_x", "total_acc_y", "total_acc_z"}) {
        // As the authors write numbers: three digits of exponent, CR LF.
        std::string line;
        for (int step = 0; step < 128; ++step)
          line += " " + std::to_string(channel) + "." + std::to_string(step) + "e-001";
        write(half, std::string("Inertial Signals/") + name + "_" + half,
              line + "\r\n" + line + "\r\n");
        ++channel;
      }
    }
  }

  void write(const std::string &half, const std::string &name, const std::string &text) {
    test::writeText(folder / half / (name + ".txt"), text);
  }
  std::string message() const {
    return test::errorFrom([&] { readHarData(folder); }).message();
  }
};

TEST_F(TextLayout, ChannelsAndLabelsFromZero) {
  const HarData data = readHarData(folder);
  EXPECT_THAT(data.train.labels.values<std::int64_t>(), testing::ElementsAre(0, 5));
  ASSERT_EQ(data.test.windows.shape(), (Shape{2, 128, 9}));
  // Window 1, step 4, channel 6: "6.4e-001".
  EXPECT_FLOAT_EQ(data.test.windows.data<float>()[(128 + 4) * 9 + 6], 0.64f);
}

TEST_F(TextLayout, AMissingLineIsMissed) {
  write("train", "y_train", "1\n6\n2\n");
  EXPECT_EQ(message(), "'" + in("train/Inertial Signals/body_acc_x_train.txt") +
                           "' has 2 windows, but '" + in("train/y_train.txt") + "' has 3 labels");
}

TEST_F(TextLayout, ALabelThatIsNoActivity) {
  write("train", "y_train", "1\n7\n");
  EXPECT_EQ(message(),
            "'" + in("train/y_train.txt") + "' has a label outside of the 6 activities: 6");
}

TEST_F(TextLayout, NotANumberIsNoReading) {
  std::string line = "nan";
  for (int i = 1; i < 128; ++i)
    line += " 0";
  write("test", "Inertial Signals/body_acc_x_test", line + "\n" + line + "\n");
  EXPECT_EQ(message(), "'" + in("test/Inertial Signals/body_acc_x_test.txt") +
                           "' line 1: expected a number, got 'nan'");
}

TEST_F(TextLayout, ATruncatedLine) {
  write("train", "Inertial Signals/total_acc_z_train", "1.0 2.0 3.0\n");
  EXPECT_EQ(message(), "'" + in("train/Inertial Signals/total_acc_z_train.txt") +
                           "' line 1: expected 128 numbers, got 3");
}

TEST_F(TextLayout, PackedArraysAreReadFirst) {
  for (const char *half : {"train", "test"}) {
    write_npy(folder / (std::string("X_") + half + ".npy"), Tensor::zeros(float32, {1, 128, 9}));
    write_npy(folder / (std::string("y_") + half + ".npy"), Tensor::of<std::uint8_t>({1}, {3}));
  }
  EXPECT_EQ(readHarData(folder).train.labels.num_elements(), 1);
  write_npy(folder / "X_test.npy", Tensor::zeros(float32, {1, 128, 8}));
  EXPECT_EQ(message(),
            "'" + in("X_test.npy") + "' should hold float32[?,128,9], got float32[1,128,8]");
}

TEST(RealHarData, TheAuthorsTextEqualsThePackedArrays) {
  const char *variable = std::getenv("GRAPHC_DATA");
  const fs::path folder =
      variable ? fs::path(variable)
               : fs::path(GRAPHC_SOURCE_DIR).parent_path() / "shared" / "data" / "uci-har";
  const fs::path sample = folder / "original-sample" / "UCI HAR Dataset";
  if (!fs::exists(sample))
    GTEST_SKIP() << "no UCI HAR data with a sample of its text: set GRAPHC_DATA to its folder";
  const LabelledWindows text = readHarText(sample, "test");
  const HarData packed = readHarData(folder);
  const std::int64_t count = text.labels.num_elements();
  ASSERT_GT(count, 0);
  EXPECT_TRUE(text.windows.identical_to(packed.test.windows.rows(0, count)));
  EXPECT_TRUE(text.labels.identical_to(packed.test.labels.rows(0, count)));
}

} // namespace
} // namespace graphc::examples
