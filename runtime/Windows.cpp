#include "runtime/Windows.h"

#include <algorithm>

#include "runtime/Shape.h"

namespace graphc {

static void padSame(WindowAxis &axis) {
  if (axis.input < 0)
    return;
  axis.output = (axis.input + axis.stride - 1) / axis.stride;
  if (axis.size < 0)
    return;
  const std::int64_t padding =
      std::max<std::int64_t>((axis.output - 1) * axis.stride + axis.reach() - axis.input, 0);
  axis.before = padding / 2;
  axis.after = padding - axis.before;
}

WindowAxes windowAxes(const Attributes &attributes, std::array<std::int64_t, 2> extents,
                      std::array<std::int64_t, 2> sizes) {
  const std::string &padding = attributes.get_string("padding");
  WindowAxes axes;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    WindowAxis &axis = axes[i];
    axis.input = extents[i];
    axis.size = sizes[i];
    axis.stride = attributes.get_ints("strides")[i];
    if (attributes.has("dilations"))
      axis.dilation = attributes.get_ints("dilations")[i];
    axis.output = none;
    if (padding == "SAME") {
      padSame(axis);
      continue;
    }
    if (padding == "EXPLICIT") {
      axis.before = attributes.get_ints("explicit_paddings")[2 * i];
      axis.after = attributes.get_ints("explicit_paddings")[2 * i + 1];
    }
    if (axis.input >= 0 && axis.size >= 0 && axis.fits())
      axis.output = (axis.padded() - axis.reach() + axis.stride) / axis.stride;
  }
  return axes;
}

Attributes poolingOf(const Attributes &pooledConvolution) {
  return {{"ksize", pooledConvolution.get_ints("ksize")},
          {"strides", pooledConvolution.get_ints("pool_strides")},
          {"padding", std::string("EXPLICIT")},
          {"explicit_paddings", pooledConvolution.get_ints("pool_paddings")}};
}

} // namespace graphc
