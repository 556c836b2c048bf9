// The films of moving squares, and the sizes of the nets with convolutions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/Programs.h"
#include "examples/data/MovingSquares.h"
#include "tests/unit/ErrorTesting.h"

namespace graphc::examples {
namespace {

TEST(MovingSquare, DrawsOneColumnAFrameBesideTheLastOne) {
  constexpr std::int64_t kSize = 7;
  bool seen[2] = {false, false};
  for (std::uint64_t number = 0; number < 40; ++number) {
    const MovingSquare film = movingSquare(number, kSize);
    seen[film.right] = true;
    std::int64_t last = -1;
    for (std::int64_t t = 0; t < kSize; ++t) {
      std::int64_t ones = 0;
      const std::int64_t column = film.right ? t : kSize - 1 - t;
      for (std::int64_t row = 0; row < kSize; ++row)
        for (std::int64_t c = 0; c < kSize; ++c) {
          const float pixel = film.frames.data<float>()[(t * kSize + row) * kSize + c];
          ones += pixel == 1;
          if (pixel != 1) {
            ASSERT_EQ(pixel, 0);
          } else if (c == column) {
            if (t > 0) {
              EXPECT_LE(std::abs(row - last), 1) << "film " << number << ", frame " << t;
            }
            last = row;
          }
        }
      EXPECT_EQ(ones, t + 1) << "film " << number << ", frame " << t;
    }
  }
  EXPECT_TRUE(seen[0] && seen[1]);
}

TEST(MovingSquare, IsMadeOfItsNumber) {
  const Dataset films = movingSquareFilms(5, 3, 6);
  EXPECT_EQ(films.size, 3);
  const std::vector<Tensor> batch = films.batch(std::vector<std::int64_t>{2, 0});
  EXPECT_EQ(batch[0].shape(), (Shape{2, 6, 6, 6, 1}));
  EXPECT_TRUE(batch[0].rows(0, 1).reshaped({6, 6, 6, 1}).identical_to(movingSquare(7, 6).frames));
  EXPECT_EQ(batch[1].data<float>()[1], movingSquare(5, 6).right ? 1.f : 0.f);
  EXPECT_EQ(test::errorFrom([] { movingSquare(1, 1); }).message(),
            "expected frames of at least 2 rows, got 1");
}

TEST(Programs, HaveTheParametersThatTheirNetsAreKnownFor) {
  const std::pair<const char *, std::int64_t> wanted[] = {
      {"moving-squares", 240661}, {"imdb-conv", 1315937}, {"har-cnn", 7800}};
  for (const auto &[name, count] : wanted) {
    const Program &program = findProgram(name);
    Graph graph;
    program.build(graph, program.typical_sizes);
    std::int64_t parameters = 0;
    for (const Variable &variable : graph.trainable_variables())
      parameters += variable.shape().num_elements();
    EXPECT_EQ(parameters, count) << name;
  }
}

} // namespace
} // namespace graphc::examples
