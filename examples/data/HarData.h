// The UCI data set "Human Activity Recognition Using Smartphones": windows of a phone's sensors.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "examples/Programs.h"
#include "runtime/Tensor.h"

namespace graphc::examples {

inline constexpr std::int64_t kHarSteps = 128;  ///< 2.56 s at 50 Hz
inline constexpr std::int64_t kHarChannels = 9; ///< body_acc, body_gyro, total_acc; x, y, z each
inline constexpr std::int64_t kHarActivities = 6;
inline constexpr std::array<std::string_view, kHarActivities> kHarActivityNames = {
    "walking", "walking upstairs", "walking downstairs", "sitting", "standing", "laying"};

/// windows: float32 [window, step, channel], in g and rad/s; labels: int64 [window], 0-based.
struct LabelledWindows {
  Tensor windows;
  Tensor labels;
};

struct HarData {
  LabelledWindows train;
  LabelledWindows test;
};

/// Reads the data set from `folder`, either as its authors publish it
/// (`train/Inertial Signals/body_acc_x_train.txt` ..., `train/y_train.txt`) or packed as
/// `X_train.npy[.gz]`, `y_train.npy[.gz]` and so for test (labels from 0).
/// Throws Error: not_found where neither is there (naming what was looked for), data_loss where a
/// file is truncated or holds something that is no number (naming file, line and what stands
/// there).
HarData readHarData(const std::filesystem::path &folder);

/// One half ("train" or "test") in the authors' text layout.
LabelledWindows readHarText(const std::filesystem::path &folder, const std::string &half);

/// Windows of the same shapes from periodic models of gait and of rest, one per activity, made from
/// `seed`: 7352 for training and 2947 for testing, as many as the real data set has.
HarData syntheticHarData(std::uint64_t seed);

/// The data for the programs that classify windows: rows of windows and one-hot labels.
Data loadHarData(const RunOptions &options);
/// The same with every channel standardised.
Data loadStandardHarData(const RunOptions &options);
std::unique_ptr<Metric> harAccuracy();

/// Per channel, subtracts the mean and divides by the standard deviation of the training windows.
void standardise(HarData &data);

} // namespace graphc::examples
