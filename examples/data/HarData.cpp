#include "examples/data/HarData.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "examples/training/DataFolder.h"
#include "runtime/NpyFile.h"
#include "runtime/Status.h"

namespace graphc::examples {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, kHarChannels> kChannelNames = {
    "body_acc_x",  "body_acc_y",  "body_acc_z",  "body_gyro_x", "body_gyro_y",
    "body_gyro_z", "total_acc_x", "total_acc_y", "total_acc_z"};

std::string readWholeFile(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Error(Code::not_found, "cannot open '" + path.string() + "'");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Lines of numbers between blanks, as many on each line.
std::vector<float> readNumbers(const fs::path &path, std::int64_t per_line) {
  const std::string text = readWholeFile(path);
  std::vector<float> numbers;
  numbers.reserve(text.size() / 16);
  const char *at = text.data();
  const char *const end = at + text.size();
  std::int64_t line = 1;
  auto fail = [&](const std::string &what) {
    throw Error(Code::data_loss,
                "'" + path.string() + "' line " + std::to_string(line) + ": " + what);
  };
  for (; at < end; ++line) {
    const char *line_end = std::find(at, end, '\n');
    std::int64_t count = 0;
    while (true) {
      while (at < line_end && (*at == ' ' || *at == '\t' || *at == '\r'))
        ++at;
      if (at == line_end)
        break;
      const char *word_end =
          std::find_if(at, line_end, [](char c) { return c == ' ' || c == '\r' || c == '\t'; });
      float number = 0;
      const auto [parsed, code] = std::from_chars(at, word_end, number);
      if (code != std::errc() || parsed != word_end || !std::isfinite(number))
        fail("expected a number, got '" + std::string(at, word_end) + "'");
      numbers.push_back(number);
      ++count;
      at = word_end;
    }
    if (count != per_line && (count != 0 || line_end != end))
      fail("expected " + std::to_string(per_line) + " numbers, got " + std::to_string(count));
    at = line_end + (line_end < end ? 1 : 0);
  }
  return numbers;
}

fs::path packedFile(const fs::path &folder, const std::string &name) {
  for (const char *ending : {".npy.gz", ".npy"})
    if (fs::exists(folder / (name + ending)))
      return folder / (name + ending);
  return {};
}

void check(const LabelledWindows &data, const fs::path &windows_path, const fs::path &labels_path) {
  const Shape &shape = data.windows.shape();
  if (data.windows.dtype() != float32 || shape.rank() != 3 || shape[1] != kHarSteps ||
      shape[2] != kHarChannels)
    throw Error(Code::invalid_argument,
                "'" + windows_path.string() + "' should hold float32[?,128,9], got " +
                    std::string(to_string(data.windows.dtype())) + shape.to_string());
  if (data.labels.shape().rank() != 1 || data.labels.num_elements() != shape[0])
    throw Error(Code::invalid_argument, "'" + labels_path.string() + "' has labels of shape " +
                                            data.labels.shape().to_string() + " for " +
                                            std::to_string(shape[0]) + " windows");
  for (std::int64_t label : data.labels.values<std::int64_t>())
    if (label < 0 || label >= kHarActivities)
      throw Error(Code::invalid_argument,
                  "'" + labels_path.string() +
                      "' has a label outside of the 6 activities: " + std::to_string(label));
  for (float value : data.windows.values<float>())
    if (!std::isfinite(value))
      throw Error(Code::invalid_argument,
                  "'" + windows_path.string() + "' holds a NaN or an infinity");
}

LabelledWindows readPacked(const fs::path &folder, const std::string &half) {
  const fs::path windows = packedFile(folder, "X_" + half);
  const fs::path labels = packedFile(folder, "y_" + half);
  if (labels.empty())
    throw Error(Code::not_found, "there is no 'y_" + half + ".npy' or 'y_" + half +
                                     ".npy.gz' in '" + folder.string() + "'");
  LabelledWindows data{read_npy(windows), read_npy(labels).cast(int64)};
  check(data, windows, labels);
  return data;
}

} // namespace

LabelledWindows readHarText(const fs::path &folder, const std::string &half) {
  const fs::path labels_path = folder / half / ("y_" + half + ".txt");
  const std::vector<float> labels = readNumbers(labels_path, 1);
  const auto windows = static_cast<std::int64_t>(labels.size());
  LabelledWindows data{Tensor(float32, {windows, kHarSteps, kHarChannels}),
                       Tensor(int64, {windows})};
  for (std::int64_t i = 0; i < windows; ++i)
    data.labels.data<std::int64_t>()[i] =
        static_cast<std::int64_t>(labels[static_cast<std::size_t>(i)]) - 1;
  for (std::int64_t channel = 0; channel < kHarChannels; ++channel) {
    const std::string name(kChannelNames[static_cast<std::size_t>(channel)]);
    const fs::path path = folder / half / "Inertial Signals" / (name + "_" + half + ".txt");
    const std::vector<float> numbers = readNumbers(path, kHarSteps);
    if (static_cast<std::int64_t>(numbers.size()) != windows * kHarSteps)
      throw Error(Code::data_loss, "'" + path.string() + "' has " +
                                       std::to_string(numbers.size() / kHarSteps) +
                                       " windows, but '" + labels_path.string() + "' has " +
                                       std::to_string(windows) + " labels");
    float *out = data.windows.data<float>();
    for (std::size_t i = 0; i < numbers.size(); ++i)
      out[static_cast<std::int64_t>(i) * kHarChannels + channel] = numbers[i];
  }
  check(data, folder / half, labels_path);
  return data;
}

HarData readHarData(const fs::path &folder) {
  HarData data;
  if (!packedFile(folder, "X_train").empty() && !packedFile(folder, "X_test").empty()) {
    data.train = readPacked(folder, "train");
    data.test = readPacked(folder, "test");
    return data;
  }
  for (const fs::path &root : {folder, folder / "UCI HAR Dataset"})
    if (fs::exists(root / "train" / "y_train.txt")) {
      data.train = readHarText(root, "train");
      data.test = readHarText(root, "test");
      return data;
    }
  throw Error(Code::not_found, "no UCI HAR data in '" + folder.string() +
                                   "': looked for X_train.npy[.gz] with X_test.npy[.gz], and for "
                                   "train/y_train.txt, there and in 'UCI HAR Dataset'");
}

void standardise(HarData &data) {
  std::array<double, kHarChannels> sums{};
  std::array<double, kHarChannels> squares{};
  const std::span<const float> train = data.train.windows.values<float>();
  for (std::size_t i = 0; i < train.size(); ++i) {
    sums[i % kHarChannels] += train[i];
    squares[i % kHarChannels] += static_cast<double>(train[i]) * train[i];
  }
  const double count = static_cast<double>(train.size()) / kHarChannels;
  for (LabelledWindows *half : {&data.train, &data.test}) {
    half->windows = half->windows.clone();
    float *values = half->windows.data<float>();
    for (std::int64_t i = 0; i < half->windows.num_elements(); ++i) {
      const auto channel = static_cast<std::size_t>(i % kHarChannels);
      const double mean = sums[channel] / count;
      const double deviation = std::sqrt(std::max(squares[channel] / count - mean * mean, 1e-12));
      values[i] = static_cast<float>((values[i] - mean) / deviation);
    }
  }
}

static Data toRows(HarData data, bool standardised) {
  if (standardised)
    standardise(data);
  auto rows = [](const LabelledWindows &half) {
    return rowsOf({half.windows, oneHot(half.labels, kHarActivities)});
  };
  Data result;
  result.train = rows(data.train);
  result.test = rows(data.test);
  return result;
}

static Data load(const RunOptions &options, bool standardised) {
  return loadData(
      options,
      {.name = "uci-har",
       .contents = "sensor windows",
       .origin = "The real data, \"Human Activity Recognition Using Smartphones\", is published by "
                 "the UCI Machine\n"
                 "Learning Repository as data set 240 (DOI 10.24432/C54S4K)."},
      [&](const fs::path &folder) { return toRows(readHarData(folder), standardised); },
      [&] { return toRows(syntheticHarData(/*seed=*/20121), standardised); });
}

Data loadHarData(const RunOptions &options) { return load(options, false); }
Data loadStandardHarData(const RunOptions &options) { return load(options, true); }

std::unique_ptr<Metric> harAccuracy() {
  return std::make_unique<Accuracy>(kHarActivityNames, "windows");
}

} // namespace graphc::examples
