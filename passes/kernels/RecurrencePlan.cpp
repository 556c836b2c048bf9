#include "passes/kernels/RecurrencePlan.h"

#include "passes/kernels/KernelFunction.h"
#include "runtime/VectorWidth.h"

namespace graphc::recurrence {

FeatureMap FeatureMap::of(llvm::ArrayRef<std::int64_t> resultExtents,
                          llvm::ArrayRef<std::int64_t> strides, std::int64_t offset) {
  FeatureMap map;
  map.offset = offset;
  std::int64_t divisor = 1;
  for (std::size_t i = resultExtents.size(); i-- > 0;) {
    const std::int64_t extent = resultExtents[i];
    if (extent != 1 && strides[i] != 0) {
      Axis *inner = map.axes.empty() ? nullptr : &map.axes.back();
      if (inner && inner->divisor * inner->extent == divisor &&
          inner->stride * inner->extent == strides[i])
        inner->extent *= extent;
      else
        map.axes.push_back({divisor, extent, strides[i]});
    }
    divisor *= extent;
  }
  map.features = divisor;
  for (Axis &axis : map.axes)
    axis.outermost = axis.divisor * axis.extent == divisor;
  return map;
}

std::int64_t FeatureMap::operator()(std::int64_t feature) const {
  std::int64_t index = offset;
  for (const Axis &axis : axes)
    index += feature / axis.divisor % axis.extent * axis.stride;
  return index;
}

bool FeatureMap::isShift() const {
  if (features == 1)
    return true;
  return axes.size() == 1 && axes[0].divisor == 1 && axes[0].stride == 1 && axes[0].outermost;
}

std::int64_t rowVector() { return vectorBits() / 32; }

std::int64_t rowRegisters() { return vectorBits() == 512 ? 26 : 16; }

std::int64_t RecurrencePlan::bufferBytes(const TileBuffer &buffer) const {
  std::int64_t elements = buffer.features * (buffer.uniform ? 1 : lanes);
  if (lanes == 1 && buffer.kernelBuffer < 0)
    elements = (elements + rowVector() - 1) / rowVector() * rowVector();
  return elements * elementBytes(buffer.element);
}

Segment RecurrencePlan::placeOf(mlir::Value value) const {
  const ValueInfo &place = info(value);
  if (place.segments.size() == 1)
    return place.segments[0];
  return {assembled.find(value)->second, 0, place.features()};
}

} // namespace graphc::recurrence
