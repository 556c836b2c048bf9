// Films of a square that moves across the frame and leaves a line: which way does it go?
#pragma once

#include "examples/training/Dataset.h"

namespace graphc::examples {

/// One film: float32 [frames, size, size, 1], `frames == size`. Frame t has the line's first t + 1
/// columns, drawn from the left edge or from the right one; the next row is the last one or one
/// beside it. The film is made of its number alone, so that it need not be kept.
struct MovingSquare {
  Tensor frames;
  bool right; ///< the square moves to the right
};
MovingSquare movingSquare(std::uint64_t number, std::int64_t size);

/// Films `first`, `first + 1`, ... as rows [frames, size, size, 1] and labels [1], 1 for right,
/// made when they are asked for: 5000 of them would take 2.5 GB.
Dataset movingSquareFilms(std::uint64_t first, std::int64_t count, std::int64_t size);

} // namespace graphc::examples
