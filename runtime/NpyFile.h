// NumPy's .npy files, plain or gzipped.
#pragma once

#include <filesystem>

#include "runtime/Tensor.h"

namespace graphc {

/// Reads a little-endian, C-order array of one of graphc's dtypes (versions 1 to 3 of the format);
/// uint16, which is none of them, becomes int32.
/// A name that ends in .gz is unpacked. Throws Error: not_found where the file cannot be opened,
/// data_loss where it is truncated or damaged, invalid_argument where it holds another dtype or
/// order.
Tensor read_npy(const std::filesystem::path &path);

/// Writes version 1.0 of the format; throws Error where the file cannot be written.
void write_npy(const std::filesystem::path &path, const Tensor &tensor);

} // namespace graphc
