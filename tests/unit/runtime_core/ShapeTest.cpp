#include "runtime/Shape.h"

#include <gtest/gtest.h>

namespace graphc {
namespace {

std::string text(const std::optional<Shape> &shape) {
  return shape ? shape->to_string() : "nothing";
}

TEST(Shape, SaysWhatIsKnown) {
  EXPECT_TRUE((Shape{2, 3}).is_fully_known());
  EXPECT_FALSE((Shape{none, 3}).is_fully_known());
  EXPECT_FALSE(Shape::unknown_rank().is_fully_known());
  EXPECT_FALSE(Shape::unknown_rank().has_rank());
  EXPECT_EQ((Shape{2, 3}).rank(), 2);
  EXPECT_EQ((Shape{2, 3})[1], 3);
  EXPECT_EQ((Shape{2, 0, 3}).num_elements(), 0);
  EXPECT_EQ(Shape{}.num_elements(), 1);
}

TEST(Shape, Prints) {
  EXPECT_EQ((Shape{600, 128, 9}).to_string(), "[600,128,9]");
  EXPECT_EQ((Shape{none, 6}).to_string(), "[?,6]");
  EXPECT_EQ(Shape{}.to_string(), "[]");
  EXPECT_EQ(Shape::unknown_rank().to_string(), "<unknown>");
}

TEST(Shape, MergesWhatBothSidesKnow) {
  EXPECT_EQ(text(Shape::merge({none, 3}, {2, none})), "[2,3]");
  EXPECT_EQ(text(Shape::merge({none}, {none})), "[?]");
  EXPECT_EQ(text(Shape::merge(Shape::unknown_rank(), {none, 3})), "[?,3]");
  EXPECT_EQ(text(Shape::merge({2}, Shape::unknown_rank())), "[2]");
  EXPECT_EQ(text(Shape::merge({2}, {3})), "nothing");
  EXPECT_EQ(text(Shape::merge({2}, {2, 1})), "nothing");
  EXPECT_TRUE((Shape{none}).is_compatible_with({4}));
  EXPECT_FALSE((Shape{4}).is_compatible_with({1}));
}

TEST(Shape, BroadcastsAsNumpyDoes) {
  EXPECT_EQ(text(Shape::broadcast({2, 3}, {3})), "[2,3]");
  EXPECT_EQ(text(Shape::broadcast({2, 1}, {1, 3})), "[2,3]");
  EXPECT_EQ(text(Shape::broadcast({}, {0, 3})), "[0,3]");
  EXPECT_EQ(text(Shape::broadcast({0}, {1})), "[0]");
  EXPECT_EQ(text(Shape::broadcast({2}, {3})), "nothing");
  EXPECT_EQ(text(Shape::broadcast({0}, {3})), "nothing");
}

TEST(Shape, BroadcastsUnknownExtents) {
  EXPECT_EQ(text(Shape::broadcast({none}, {3})), "[3]");
  EXPECT_EQ(text(Shape::broadcast({none}, {1})), "[?]");
  EXPECT_EQ(text(Shape::broadcast({none}, {none})), "[?]");
  EXPECT_EQ(text(Shape::broadcast({none, 4}, {4})), "[?,4]");
  EXPECT_EQ(text(Shape::broadcast(Shape::unknown_rank(), {3})), "<unknown>");
}

TEST(Shape, BroadcastsAnUnknownExtentWithNone) {
  // What is unknown can only be 0 or 1 here, and both give 0.
  EXPECT_EQ(text(Shape::broadcast({none}, {0})), "[0]");
}

} // namespace
} // namespace graphc
