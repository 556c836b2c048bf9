#include "examples/report/Chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

namespace graphc::examples {

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text)
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    default: out += c;
    }
  return out;
}

std::vector<double> roundNumbers(double low, double high, int count) {
  if (!(high > low))
    return {low};
  const double rough = (high - low) / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double step = power * (rough / power < 1.5   ? 1
                               : rough / power < 3.5 ? 2
                               : rough / power < 7.5 ? 5
                                                     : 10);
  std::vector<double> numbers;
  // Counted in whole steps: adding up would give 0.30000000000000004.
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k)
    numbers.push_back(k * step);
  return numbers;
}

namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
  /// Where `value` lies, from 0 at the low end to 1.
  double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

bool isFinite(const std::pair<double, double> &point) {
  return std::isfinite(point.first) && std::isfinite(point.second);
}

std::vector<std::pair<double, double>> finitePoints(const Curve &curve) {
  std::vector<std::pair<double, double>> points;
  std::ranges::copy_if(curve.points, std::back_inserter(points), isFinite);
  return points;
}

// In the units of the drawing, which a page scales.
constexpr double kWidth = 640, kHeight = 280;
constexpr double kLeft = 64, kRight = 12, kTop = 34, kBottom = 44;
// Told apart by most people who cannot tell red from green.
constexpr std::array kColors = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"};

} // namespace

std::string toSvg(const Chart &chart) {
  Range xs, ys;
  for (const Curve &curve : chart.curves)
    for (const auto &[x, y] : finitePoints(curve)) {
      xs.add(x);
      ys.add(y);
    }
  if (xs.empty())
    return {};
  // A little room above and below, so that no curve runs along the frame.
  const double room = ys.high > ys.low ? 0.05 * (ys.high - ys.low) : 0.5 * std::abs(ys.low) + 1e-6;
  ys = {ys.low - room, ys.high + room};
  auto across = [&](double x) { return kLeft + xs.share(x) * (kWidth - kLeft - kRight); };
  auto down = [&](double y) {
    return kHeight - kBottom - ys.share(y) * (kHeight - kTop - kBottom);
  };

  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                                kWidth, kHeight, escaped(chart.title));
  svg += fmt::format("<text class=\"title\" x=\"{}\" y=\"18\">{}</text>\n", kLeft,
                     escaped(chart.title));
  for (double y : roundNumbers(ys.low, ys.high, 5))
    svg += fmt::format("<path class=\"grid\" d=\"M{0} {1:.1f}H{2}\"/><text class=\"tick\" "
                       "text-anchor=\"end\" x=\"{3}\" y=\"{4:.1f}\">{5:.4g}</text>\n",
                       kLeft, down(y), kWidth - kRight, kLeft - 6, down(y) + 4, y + 0.0);
  for (double x : roundNumbers(xs.low, xs.high, 8))
    svg += fmt::format("<text class=\"tick\" text-anchor=\"middle\" x=\"{:.1f}\" "
                       "y=\"{}\">{:.6g}</text>\n",
                       across(x), kHeight - kBottom + 16, x + 0.0);
  svg += fmt::format("<text class=\"tick\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>\n",
                     (kLeft + kWidth - kRight) / 2, kHeight - 8, escaped(chart.x_label));
  svg += fmt::format("<path class=\"axis\" d=\"M{0} {1}V{2}H{3}\"/>\n", kLeft, kTop,
                     kHeight - kBottom, kWidth - kRight);

  double legend = kWidth - kRight;
  for (std::size_t i = chart.curves.size(); i-- > 0;) {
    const Curve &curve = chart.curves[i];
    const char *color = kColors[i % kColors.size()];
    const auto points = finitePoints(curve);
    if (points.empty())
      continue;
    std::string path;
    for (const auto &[x, y] : points)
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", across(x), down(y));
    svg += fmt::format("<path class=\"curve\" stroke=\"{}\" d=\"{}\"/>\n", color, path);
    // Points that a pointer can meet, where they do not hide the curve.
    if (points.size() <= 120)
      for (const auto &[x, y] : points)
        svg += fmt::format("<circle fill=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\"><title>{}: "
                           "{:.6g} at {} {:.6g}</title></circle>\n",
                           color, across(x), down(y), escaped(curve.name), y,
                           escaped(chart.x_label), x);
    svg += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{:.1f}\" y=\"18\" "
                       "fill=\"{}\">{}</text>\n",
                       legend, color, escaped(curve.name));
    legend -= 7.0 * static_cast<double>(curve.name.size()) + 16;
  }
  return svg + "</svg>\n";
}

std::string toLine(const Curve &curve, std::size_t width) {
  constexpr std::array kHeights = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto points = finitePoints(curve);
  if (points.empty())
    return {};
  Range range;
  for (const auto &[x, y] : points)
    range.add(y);
  const std::size_t count = std::min(width, points.size());
  std::string line;
  for (std::size_t i = 0; i < count; ++i) {
    // The first and the last are always among them.
    const std::size_t at = count == 1 ? 0 : i * (points.size() - 1) / (count - 1);
    line += kHeights[static_cast<std::size_t>(std::lround(range.share(points[at].second) * 7))];
  }
  return line + fmt::format(" {:.4g} to {:.4g}", points.front().second, points.back().second);
}

} // namespace graphc::examples
