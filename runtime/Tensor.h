// A dtype, a shape and shared storage.
#pragma once

#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/DataType.h"
#include "runtime/Shape.h"

namespace graphc {

/// A dense, row-major array. Copies share storage; clone() does not. A default-constructed tensor
/// is empty: it has no storage and is what a fetched op (as opposed to a fetched value) gives.
class Tensor {
public:
  /// Alignment in bytes of storage that graphc allocates: one AVX-512 register, one cache line.
  static constexpr std::size_t kAlignment = 64;

  Tensor() = default;
  /// Uninitialised storage of its own. `shape` must be fully known.
  Tensor(DataType dtype, Shape shape);

  /// A scalar.
  Tensor(float value) : Tensor(of(Shape{}, {value})) {}  // NOLINT: feeds are written as numbers
  Tensor(double value) : Tensor(of(Shape{}, {value})) {} // NOLINT
  Tensor(std::int32_t value) : Tensor(of(Shape{}, {value})) {} // NOLINT
  Tensor(std::int64_t value) : Tensor(of(Shape{}, {value})) {} // NOLINT
  Tensor(bool value) : Tensor(of(Shape{}, {value})) {}         // NOLINT

  /// Copies `values`, row-major; their number must be the shape's.
  template <typename T> static Tensor of(Shape shape, std::initializer_list<T> values) {
    Tensor tensor(data_type_of<T>, std::move(shape));
    tensor.check_count(values.size());
    std::copy(values.begin(), values.end(), tensor.data<T>());
    return tensor;
  }
  template <typename T> static Tensor of(Shape shape, const std::vector<T> &values) {
    Tensor tensor(data_type_of<T>, std::move(shape));
    tensor.check_count(values.size());
    std::copy(values.begin(), values.end(), tensor.data<T>());
    return tensor;
  }
  static Tensor zeros(DataType dtype, Shape shape);
  /// A tensor over the caller's memory, which must outlive it and all its copies.
  static Tensor borrow(DataType dtype, Shape shape, void *memory);
  template <typename T> static Tensor borrow(Shape shape, T *memory) {
    return borrow(data_type_of<T>, std::move(shape), memory);
  }

  bool empty() const { return data_ == nullptr; }
  explicit operator bool() const { return !empty(); }
  DataType dtype() const { return dtype_; }
  const Shape &shape() const { return shape_; }
  std::int64_t num_elements() const { return shape_.num_elements(); }
  std::size_t num_bytes() const {
    return static_cast<std::size_t>(num_elements()) * size_of(dtype_);
  }

  void *raw_data() { return data_.get(); }
  const void *raw_data() const { return data_.get(); }
  /// The elements; throws Error where T is not the tensor's dtype.
  template <typename T> T *data() {
    check_dtype(data_type_of<T>);
    return static_cast<T *>(raw_data());
  }
  template <typename T> const T *data() const {
    check_dtype(data_type_of<T>);
    return static_cast<const T *>(raw_data());
  }
  template <typename T> std::span<const T> values() const {
    return {data<T>(), static_cast<std::size_t>(num_elements())};
  }
  /// The only element; throws Error for another dtype or more than one element.
  template <typename T> T scalar() const {
    check_count(1);
    return *data<T>();
  }

  /// Whether another tensor has the same storage.
  bool shares_storage() const { return data_.use_count() > 1; }
  Tensor clone() const;
  /// The same storage under another shape of as many elements.
  Tensor reshaped(Shape shape) const;
  /// Rows [begin, end) along axis 0, sharing storage.
  Tensor rows(std::int64_t begin, std::int64_t end) const;
  /// Element by element conversion, as TensorFlow's cast.
  Tensor cast(DataType dtype) const;

  /// Same dtype, shape and bits.
  bool identical_to(const Tensor &other) const;
  /// "float32[2,3] 1 2 3 ..." with at most `limit` elements.
  std::string to_string(std::int64_t limit = 8) const;

private:
  void check_dtype(DataType wanted) const;
  void check_count(std::size_t count) const;

  std::shared_ptr<void> data_;
  DataType dtype_ = float32;
  Shape shape_;
};

} // namespace graphc
