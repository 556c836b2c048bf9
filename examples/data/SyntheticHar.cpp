// Sensor windows to train on where the real data is not at hand: each activity is a periodic motion
// (or rest) with its own frequency, strength, harmonics and direction of gravity, each window a
// person of their own pace, phase and way of wearing the phone, with sensor noise on top.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "examples/data/HarData.h"

namespace graphc::examples {
namespace {

struct Activity {
  double steps_per_second; ///< 0 for rest
  double strength;         ///< of the acceleration, in g
  double second_harmonic;  ///< relative to the first: heel strikes
  double tilt;             ///< angle between gravity and the phone's x axis, in radians
  double turn;             ///< strength of the rotation, in rad/s
};

constexpr std::array<Activity, kHarActivities> kActivities = {{
    {1.9, 0.28, 0.45, 0.15, 0.55}, // walking
    {1.6, 0.22, 0.20, 0.30, 0.80}, // upstairs
    {2.1, 0.38, 0.75, 0.05, 0.70}, // downstairs
    {0.0, 0.01, 0.00, 0.55, 0.02}, // sitting
    {0.0, 0.01, 0.00, 0.10, 0.03}, // standing
    {0.0, 0.01, 0.00, 1.50, 0.02}, // laying
}};

LabelledWindows makeWindows(std::int64_t count, std::mt19937_64 &random) {
  constexpr double kRate = 50; // samples a second
  std::uniform_int_distribution<std::int64_t> pick(0, kHarActivities - 1);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::normal_distribution<double> normal;
  LabelledWindows data{Tensor(float32, {count, kHarSteps, kHarChannels}), Tensor(int64, {count})};
  float *out = data.windows.data<float>();
  for (std::int64_t window = 0; window < count; ++window) {
    const std::int64_t label = pick(random);
    data.labels.data<std::int64_t>()[window] = label;
    const Activity &activity = kActivities[static_cast<std::size_t>(label)];
    const double pace = activity.steps_per_second * (1 + 0.08 * normal(random));
    const double strength = activity.strength * std::exp(0.25 * normal(random));
    const double tilt = activity.tilt + 0.12 * normal(random);
    const double roll = 0.3 * normal(random);
    std::array<double, 6> phase{};
    for (double &p : phase)
      p = 2 * std::numbers::pi * (uniform(random) * 0.25);
    const double start = 2 * std::numbers::pi * uniform(random);
    const std::array<double, 3> gravity = {std::cos(tilt), std::sin(tilt) * std::cos(roll),
                                           std::sin(tilt) * std::sin(roll)};
    for (std::int64_t step = 0; step < kHarSteps; ++step) {
      const double angle = start + 2 * std::numbers::pi * pace * static_cast<double>(step) / kRate;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double share = axis == 0 ? 1.0 : 0.6; // most of a step is up and down
        const double motion = std::sin(angle + phase[axis]) +
                              activity.second_harmonic * std::sin(2 * angle + phase[axis]);
        const double body = strength * share * motion + 0.02 * normal(random);
        const double turn =
            activity.turn * std::cos(angle / 2 + phase[axis + 3]) + 0.05 * normal(random);
        *(out + axis) = static_cast<float>(body);
        *(out + 3 + axis) = static_cast<float>(turn);
        *(out + 6 + axis) = static_cast<float>(body + gravity[axis]);
      }
      out += kHarChannels;
    }
  }
  return data;
}

} // namespace

HarData syntheticHarData(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  HarData data;
  data.train = makeWindows(7352, random);
  data.test = makeWindows(2947, random);
  return data;
}

} // namespace graphc::examples
