// The page and the lines that `graphc run --report` makes.
#include "examples/report/Report.h"

#include <cstdio>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/report/Chart.h"

namespace graphc::examples {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Chart, RoundNumbers) {
  EXPECT_THAT(roundNumbers(0, 1, 5),
              testing::Pointwise(testing::DoubleNear(1e-12), {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}));
  EXPECT_THAT(roundNumbers(-3, 47, 5), ElementsAre(0, 10, 20, 30, 40));
  EXPECT_THAT(roundNumbers(0.0012, 0.0019, 3),
              testing::Pointwise(testing::DoubleNear(1e-12), {0.0012, 0.0014, 0.0016, 0.0018}));
  EXPECT_THAT(roundNumbers(2, 2, 5), ElementsAre(2));
}

TEST(Chart, ALineOfText) {
  EXPECT_EQ(toLine({"c", {{1, 8}, {2, 4.5}, {3, 1}}}), "█▅▁ 8 to 1");
  EXPECT_EQ(toLine({"c", {{1, 2}}}), "▅ 2 to 2");
  EXPECT_EQ(toLine({"c", {}}), "");
  Curve many{"c", {}};
  for (int i = 0; i < 1000; ++i)
    many.points.emplace_back(i, i);
  EXPECT_EQ(toLine(many, 8), "▁▂▃▄▅▆▇█ 0 to 999");
}

TEST(Chart, ADrawing) {
  const Chart chart{
      "a < b",
      "epoch",
      {{"x", {{0, 0}, {10, 1}, {20, std::numeric_limits<double>::quiet_NaN()}}}, {"y", {}}}};
  const std::string svg = toSvg(chart);
  EXPECT_THAT(svg, testing::StartsWith("<svg "));
  EXPECT_THAT(svg, HasSubstr("a &lt; b"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  // One curve with two points: from the lower left to the upper right.
  const std::string::size_type curve = svg.find("class=\"curve\"");
  ASSERT_NE(curve, std::string::npos);
  double left = 0, lower = 0, right = 0, upper = 0;
  ASSERT_EQ(std::sscanf(svg.c_str() + svg.find(" d=\"", curve), " d=\"M%lf %lfL%lf %lf\"", &left,
                        &lower, &right, &upper),
            4)
      << svg;
  EXPECT_LT(left, right);
  EXPECT_GT(lower, upper); // down is where an SVG's y grows to
  EXPECT_EQ(toSvg({"none", "epoch", {{"x", {}}}}), "");
  // A single point has a place too.
  EXPECT_THAT(toSvg({"one", "epoch", {{"x", {{1, 0}}}}}), HasSubstr("<circle"));
}

Report someReport() {
  constexpr std::string_view classes[] = {"cat & dog", "cow"};
  ClassificationReport classification(classes, "rows");
  for (int i = 0; i < 3; ++i)
    classification.add(0, 0);
  classification.add(0, 1);
  classification.add(1, 1);
  Report report{.program = "animals",
                .summary = "a test",
                .source = "made up",
                .outcome = {.metric = "accuracy", .value = 0.8, .target = 0.7},
                .test_loss = 0.25,
                .classification = classification,
                .model = {{"dense/kernel", "float32[2,3]", 6, true},
                          {"dense/kernel/Adam", "float32[2,3]", 6, false}},
                .timings = {{"training", "1.5 s"}}};
  for (int epoch = 1; epoch <= 3; ++epoch)
    report.history.push_back({.step = 10 * epoch,
                              .epochs = 1.0 * epoch,
                              .train = {1.0 / epoch, 0.25 * epoch},
                              .validation = Figures{1.5 / epoch, 0.125 + 0.125 * epoch}});
  return report;
}

std::size_t count(const std::string &text, const std::string &part) {
  std::size_t number = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++number;
  return number;
}

TEST(Report, APageOfAClassifier) {
  const std::string html = toHtml(someReport());
  EXPECT_EQ(count(html, "<svg "), 2u);
  EXPECT_EQ(count(html, "class=\"curve\""), 4u);
  EXPECT_THAT(html, HasSubstr("test accuracy <b>0.8</b> (at least 0.7 is aimed at), loss 0.25"));
  EXPECT_THAT(html, HasSubstr("<td>cat &amp; dog</td>"));
  EXPECT_THAT(html, HasSubstr("title=\"75.0% of cat &amp; dog\">3</td>"));
  EXPECT_THAT(html,
              HasSubstr("<td>cow</td><td>0.5000</td><td>1.0000</td><td>0.6667</td><td>1</td>"));
  EXPECT_THAT(html, HasSubstr("<td>dense/kernel</td><td>float32[2,3]</td><td>6</td>"));
  EXPECT_THAT(html, HasSubstr("6 trainable parameters; 6 more values"));
  EXPECT_THAT(html, HasSubstr("<td>training</td><td>1.5 s</td>"));
  EXPECT_THAT(html, Not(HasSubstr("synthetic")));
}

TEST(Report, APageLoadsNothingAndIsClosed) {
  Report report = someReport();
  report.series = Series{{1, 2, 3}, {1.5, 2, 2.5}};
  report.outcome.synthetic = true;
  const std::string html = toHtml(report);
  for (const char *outside : {"http:", "https:", "src=", "href=", "@import", "url("})
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  for (const std::string element : {"svg", "table", "tr", "td", "th", "div", "h1", "h2", "p",
                                    "style", "text", "circle", "html"})
    EXPECT_EQ(count(html, "<" + element + ">") + count(html, "<" + element + " "),
              count(html, "</" + element + ">"))
        << element;
  EXPECT_EQ(count(html, "<svg "), 3u);
  EXPECT_THAT(html, HasSubstr("The data are synthetic"));
}

TEST(Report, OneCurveWhereTheLossIsTheMetric) {
  Report report = someReport();
  for (TrainingPoint &point : report.history)
    point.train.metric = point.train.loss;
  EXPECT_EQ(count(toHtml(report), "<svg "), 1u);
}

TEST(Report, AFewLines) {
  EXPECT_EQ(toText(someReport()), "loss       training   █▃▁ 1 to 0.3333\n"
                                  "loss       validation █▃▁ 1.5 to 0.5\n"
                                  "accuracy   training   ▁▅█ 0.25 to 0.75\n"
                                  "accuracy   validation ▁▅█ 0.25 to 0.5\n");
}

} // namespace
} // namespace graphc::examples
