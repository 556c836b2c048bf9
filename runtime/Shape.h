// The extents of a tensor, where a graph may leave extents or the rank unknown.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace graphc {

/// An extent that is not known before a tensor is fed; TensorFlow's `None`.
inline constexpr std::int64_t none = -1;

class Shape {
public:
  /// A scalar.
  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents) : extents_(extents) {}
  explicit Shape(std::vector<std::int64_t> extents) : extents_(std::move(extents)) {}
  static Shape unknown_rank();

  bool has_rank() const { return has_rank_; }
  /// The number of extents; 0 for a scalar and where the rank is unknown.
  std::int64_t rank() const { return static_cast<std::int64_t>(extents_.size()); }
  std::int64_t operator[](std::int64_t axis) const {
    return extents_[static_cast<std::size_t>(axis)];
  }
  const std::vector<std::int64_t> &extents() const { return extents_; }
  bool is_fully_known() const;
  /// The product of all extents; requires is_fully_known().
  std::int64_t num_elements() const;

  /// True where both can be the same shape once everything is known.
  bool is_compatible_with(const Shape &other) const;
  /// Takes what either side knows; nothing where the two contradict each other.
  static std::optional<Shape> merge(const Shape &a, const Shape &b);
  /// TensorFlow's and NumPy's broadcasting; nothing where the shapes do not fit.
  static std::optional<Shape> broadcast(const Shape &a, const Shape &b);

  /// "[600,128,9]", "[?,6]", "[]" for a scalar, "<unknown>" without a rank.
  std::string to_string() const;
  bool operator==(const Shape &) const = default;

private:
  std::vector<std::int64_t> extents_;
  bool has_rank_ = true;
};

} // namespace graphc
