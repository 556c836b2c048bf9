#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/training/ClassificationReport.h"

namespace graphc::examples {
namespace {

constexpr std::array<std::string_view, 3> kClasses = {"cat", "dog", "bird"};

TEST(ClassificationReport, CountsByHand) {
  ClassificationReport report(kClasses);
  // truth cat: 2 right, 1 taken for a dog; truth dog: 1 right, 2 taken for cats; no birds at all.
  for (auto [truth, prediction] : {std::pair{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}, {1, 0}})
    report.add(truth, prediction);
  EXPECT_EQ(report.total(), 6);
  EXPECT_DOUBLE_EQ(report.accuracy(), 3.0 / 6);
  EXPECT_DOUBLE_EQ(report.precision(0), 2.0 / 4);
  EXPECT_DOUBLE_EQ(report.recall(0), 2.0 / 3);
  EXPECT_DOUBLE_EQ(report.f1(0), 2 * (0.5 * 2 / 3) / (0.5 + 2.0 / 3));
  EXPECT_DOUBLE_EQ(report.precision(1), 1.0 / 2);
  EXPECT_DOUBLE_EQ(report.recall(1), 1.0 / 3);
  EXPECT_DOUBLE_EQ(report.precision(2), 0);
  EXPECT_DOUBLE_EQ(report.recall(2), 0);
  EXPECT_DOUBLE_EQ(report.f1(2), 0);
}

TEST(ClassificationReport, TablesAreAligned) {
  ClassificationReport report(kClasses);
  report.add(0, 0);
  report.add(2, 0);
  EXPECT_EQ(report.toString(),
            "            precision  recall      F1  windows\n"
            "cat            0.5000  1.0000  0.6667        1\n"
            "dog            0.0000  0.0000  0.0000        0\n"
            "bird           0.0000  0.0000  0.0000        1\n"
            "\n"
            "confusion matrix (rows: truth, columns: prediction in the same order)\n"
            "cat            1     0     0\n"
            "dog            0     0     0\n"
            "bird           1     0     0\n"
            "\n"
            "accuracy 0.5000 over 2 windows\n");
}

} // namespace
} // namespace graphc::examples
