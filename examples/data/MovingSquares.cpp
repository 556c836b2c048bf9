#include "examples/data/MovingSquares.h"

#include <algorithm>
#include <random>

#include "runtime/Status.h"

namespace graphc::examples {

/// Draws film `number` into `frames`, which are zero; true where it goes right.
static bool draw(std::uint64_t number, std::int64_t size, float *frames) {
  std::mt19937_64 random(number);
  // Whole numbers in [low, high], the same with every standard library.
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  const bool right = between(0, 1) == 1;
  std::int64_t row = between(0, size - 1);
  const std::int64_t pixels = size * size;
  for (std::int64_t t = 0; t < size; ++t) {
    float *frame = frames + t * pixels;
    if (t > 0) {
      std::copy_n(frame - pixels, pixels, frame);
      row = between(std::max<std::int64_t>(row - 1, 0), std::min(row + 1, size - 1));
    }
    frame[row * size + (right ? t : size - 1 - t)] = 1;
  }
  return right;
}

static void checkSize(std::int64_t size) {
  if (size < 2)
    throw Error(Code::invalid_argument,
                "expected frames of at least 2 rows, got " + std::to_string(size));
}

MovingSquare movingSquare(std::uint64_t number, std::int64_t size) {
  checkSize(size);
  Tensor frames = Tensor::zeros(float32, {size, size, size, 1});
  const bool right = draw(number, size, frames.data<float>());
  return {frames, right};
}

Dataset movingSquareFilms(std::uint64_t first, std::int64_t count, std::int64_t size) {
  checkSize(size);
  return {count, [=](std::span<const std::int64_t> rows) -> std::vector<Tensor> {
            const auto batch = static_cast<std::int64_t>(rows.size());
            Tensor frames = Tensor::zeros(float32, {batch, size, size, size, 1});
            Tensor labels(float32, {batch, 1});
            for (std::int64_t i = 0; i < batch; ++i) {
              const auto number =
                  first + static_cast<std::uint64_t>(rows[static_cast<std::size_t>(i)]);
              labels.data<float>()[i] =
                  draw(number, size, frames.data<float>() + i * size * size * size) ? 1.f : 0.f;
            }
            return {frames, labels};
          }};
}

} // namespace graphc::examples
