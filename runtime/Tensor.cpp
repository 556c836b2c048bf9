#include "runtime/Tensor.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <sstream>

#include "runtime/Status.h"

namespace graphc {

/// Whether the number of bytes fits into its type.
static bool hasSize(DataType dtype, const Shape &shape) {
  auto bytes = static_cast<std::int64_t>(size_of(dtype));
  bool fits = true;
  for (const std::int64_t extent : shape.extents()) {
    if (extent == 0)
      return true;
    fits &= !__builtin_mul_overflow(bytes, extent, &bytes);
  }
  return fits;
}

Tensor::Tensor(DataType dtype, Shape shape) : dtype_(dtype), shape_(std::move(shape)) {
  if (!shape_.is_fully_known())
    throw Error(Code::invalid_argument,
                "a tensor needs a fully known shape, got " + shape_.to_string());
  if (!hasSize(dtype_, shape_))
    throw Error(Code::invalid_argument,
                "a tensor of shape " + shape_.to_string() + " is larger than any memory");
  // Whole cache lines, so that a vector store at the end never leaves the allocation.
  const std::size_t bytes = (num_bytes() + kAlignment) / kAlignment * kAlignment;
  void *memory = std::aligned_alloc(kAlignment, bytes);
  if (!memory)
    throw std::bad_alloc();
  data_ = std::shared_ptr<void>(memory, std::free);
}

Tensor Tensor::zeros(DataType dtype, Shape shape) {
  Tensor tensor(dtype, std::move(shape));
  std::memset(tensor.raw_data(), 0, tensor.num_bytes());
  return tensor;
}

Tensor Tensor::borrow(DataType dtype, Shape shape, void *memory) {
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.shape_ = std::move(shape);
  tensor.data_ = std::shared_ptr<void>(memory, [](void *) {});
  return tensor;
}

Tensor Tensor::clone() const {
  if (empty())
    return {};
  Tensor copy(dtype_, shape_);
  std::memcpy(copy.raw_data(), raw_data(), num_bytes());
  return copy;
}

Tensor Tensor::reshaped(Shape shape) const {
  if (!shape.is_fully_known() || shape.num_elements() != num_elements())
    throw Error(Code::invalid_argument,
                "cannot view " + shape_.to_string() + " as " + shape.to_string());
  Tensor view = *this;
  view.shape_ = std::move(shape);
  return view;
}

Tensor Tensor::rows(std::int64_t begin, std::int64_t end) const {
  if (shape_.rank() == 0 || begin < 0 || end < begin || end > shape_[0])
    throw Error(Code::invalid_argument, "rows " + std::to_string(begin) + " to " +
                                            std::to_string(end) + " are not within " +
                                            shape_.to_string());
  std::vector<std::int64_t> extents = shape_.extents();
  const std::size_t row_bytes =
      shape_[0] == 0 ? 0 : num_bytes() / static_cast<std::size_t>(shape_[0]);
  extents[0] = end - begin;
  Tensor view = *this;
  view.shape_ = Shape(std::move(extents));
  view.data_ = std::shared_ptr<void>(data_, static_cast<char *>(data_.get()) +
                                                static_cast<std::size_t>(begin) * row_bytes);
  return view;
}

Tensor Tensor::cast(DataType to) const {
  if (to == dtype_)
    return *this;
  Tensor result(to, shape_);
  dispatch(dtype_, [&](auto from_zero) {
    using From = decltype(from_zero);
    dispatch(to, [&](auto to_zero) {
      using To = decltype(to_zero);
      std::ranges::transform(values<From>(), result.data<To>(), [](From value) {
        if constexpr (std::is_same_v<To, bool>)
          return value != From{};
        else
          return static_cast<To>(value);
      });
    });
  });
  return result;
}

bool Tensor::identical_to(const Tensor &other) const {
  if (empty() || other.empty())
    return empty() == other.empty();
  return dtype_ == other.dtype_ && shape_ == other.shape_ &&
         std::memcmp(raw_data(), other.raw_data(), num_bytes()) == 0;
}

std::string Tensor::to_string(std::int64_t limit) const {
  if (empty())
    return "<empty>";
  std::ostringstream text;
  text << graphc::to_string(dtype_) << shape_.to_string();
  dispatch(dtype_, [&](auto zero) {
    using T = decltype(zero);
    const std::int64_t shown = std::min(limit, num_elements());
    for (std::int64_t i = 0; i < shown; ++i)
      text << ' ' << +data<T>()[i];
    if (shown < num_elements())
      text << " ...";
  });
  return text.str();
}

void Tensor::check_dtype(DataType wanted) const {
  if (empty())
    throw Error(Code::invalid_argument, "the tensor is empty");
  if (wanted != dtype_)
    throw Error(Code::invalid_argument, "the tensor holds " +
                                            std::string(graphc::to_string(dtype_)) + ", not " +
                                            std::string(graphc::to_string(wanted)));
}

void Tensor::check_count(std::size_t count) const {
  if (empty())
    throw Error(Code::invalid_argument, "the tensor is empty");
  if (static_cast<std::size_t>(num_elements()) != count)
    throw Error(Code::invalid_argument, "shape " + shape_.to_string() + " has " +
                                            std::to_string(num_elements()) + " elements, not " +
                                            std::to_string(count));
}

} // namespace graphc
