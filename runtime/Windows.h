// How the windows of convolutions and poolings slide over images: one arithmetic for shape
// functions, reference loops and primitives.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "runtime/Attributes.h"

namespace graphc {

/// Windows along one axis, height or width. Extents may be unknown (`none`).
struct WindowAxis {
  std::int64_t input = 0;    ///< extent of the image
  std::int64_t size = 0;     ///< elements of a window
  std::int64_t stride = 1;   ///< between the starts of two windows
  std::int64_t dilation = 1; ///< between two elements of a window
  std::int64_t before = 0;   ///< padding at the start; 0 where it is not known yet
  std::int64_t after = 0;    ///< padding at the end
  std::int64_t output = 0;   ///< how many windows; `none` where unknown

  /// What a window spans.
  std::int64_t reach() const { return (size - 1) * dilation + 1; }
  /// Whether the windows fit into the padded image: at least as good as there are none of them.
  bool fits() const { return input < 0 || size < 0 || padded() - reach() + stride >= 0; }
  std::int64_t padded() const { return before + input + after; }
  /// Where element `element` of window `window` stands in the image; outside of [0, input) it
  /// stands in the padding.
  std::int64_t at(std::int64_t window, std::int64_t element) const {
    return window * stride + element * dilation - before;
  }
  bool contains(std::int64_t position) const { return position >= 0 && position < input; }
};

using WindowAxes = std::array<WindowAxis, 2>;

/// Height and width of windows of `sizes` over an image of `extents`, by the attributes `strides`,
/// `dilations` (1 where missing), `padding` ("SAME", "VALID" or "EXPLICIT") and
/// `explicit_paddings` [top, bottom, left, right]. With "SAME", ceil(input / stride) windows and as
/// much padding as they need, the greater half at the end, as TensorFlow has it.
WindowAxes windowAxes(const Attributes &attributes, std::array<std::int64_t, 2> extents,
                      std::array<std::int64_t, 2> sizes);

/// The attributes of the max_pool2d in a pooled_conv2d: its `ksize`, `pool_strides` and
/// `pool_paddings` by their names there.
Attributes poolingOf(const Attributes &pooledConvolution);

} // namespace graphc
