// Curves: as a drawing for a page, and as a line of text.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace graphc::examples {

struct Curve {
  std::string name;
  std::vector<std::pair<double, double>>
      points; ///< (x, y), x ascending; not finite ones are left out
};

struct Chart {
  std::string title;
  std::string x_label;
  std::vector<Curve> curves;
};

/// An <svg> element that needs nothing else: axes with round numbers, a legend, values as titles
/// that a pointer shows. Empty where no curve has a point.
std::string toSvg(const Chart &chart);

/// The curve's course in at most `width` characters of eight heights, and its first and last value:
/// "▇▅▃▂▁ 1.8 to 0.07"; empty without points.
std::string toLine(const Curve &curve, std::size_t width = 40);

/// Round numbers, 1, 2 or 5 times a power of ten apart, about `count` of them, within [low, high].
std::vector<double> roundNumbers(double low, double high, int count);

/// `text` as it may stand in HTML.
std::string escaped(std::string_view text);

} // namespace graphc::examples
