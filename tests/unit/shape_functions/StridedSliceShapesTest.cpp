// Python's index expressions; the comments give each case as Python writes it.
#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

using std::int64_t;

static Attributes entries(ints begin, ints end, ints strides) {
  return {{"begin", std::move(begin)}, {"end", std::move(end)}, {"strides", std::move(strides)}};
}

static Attributes masked(Attributes attributes, const char *mask, int64_t bits) {
  attributes.set(mask, bits);
  return attributes;
}

const std::vector<ShapeCase> slices{
    // x[1:3]
    {"strided_slice", "float32[5,4]", entries({1}, {3}, {1}), "float32[2,4]"},
    // x[-2:9]: bounds beyond the end are moved to it
    {"strided_slice", "float32[5]", entries({-2}, {9}, {1}), "float32[2]"},
    // x[3:1]
    {"strided_slice", "float32[5]", entries({3}, {1}, {1}), "float32[0]"},
    // x[0:5:2]
    {"strided_slice", "float32[5]", entries({0}, {5}, {2}), "float32[3]"},
    // x[4:1:-1]
    {"strided_slice", "float32[5]", entries({4}, {1}, {-1}), "float32[3]"},
    // x[::-1]
    {"strided_slice", "float32[5]",
     masked(masked(entries({0}, {0}, {-1}), "begin_mask", 1), "end_mask", 1), "float32[5]"},
    // x[::-2]
    {"strided_slice", "float32[6]",
     masked(masked(entries({0}, {0}, {-2}), "begin_mask", 1), "end_mask", 1), "float32[3]"},
    // x[:, -1]
    {"strided_slice", "float32[?,128,9]",
     masked(masked(masked(entries({0, -1}, {0, 0}, {1, 1}), "begin_mask", 1), "end_mask", 1),
            "shrink_axis_mask", 2),
     "float32[?,9]"},
    // x[..., 0]
    {"strided_slice", "float32[?,128,9]",
     masked(masked(entries({0, 0}, {0, 1}, {1, 1}), "ellipsis_mask", 1), "shrink_axis_mask", 2),
     "float32[?,128]"},
    // x[:2, None]
    {"strided_slice", "float32[5,4]", masked(entries({0, 0}, {2, 0}, {1, 1}), "new_axis_mask", 2),
     "float32[2,1,4]"},
    // x[1:], where the extent is unknown
    {"strided_slice", "float32[?]", masked(entries({1}, {0}, {1}), "end_mask", 1), "float32[?]"},
    {"strided_slice", "float32<unknown>", entries({1}, {3}, {1}), "float32<unknown>"},
    // Bounds computed in the graph.
    {"strided_slice", "float32[5,4] int32[1] int32[1] int32[1]", {}, "float32[?,4]"},
    {"strided_slice", "float32[5,4] int32[?] int32[?] int32[?]", {}, "float32<unknown>"},
    {"strided_slice", "float32[5,4] int32[1] int32[1] int32[1]", masked({}, "shrink_axis_mask", 1),
     "float32[4]"},

    {"strided_slice", "float32[5]", entries({5}, {6}, {1}), "float32[0]"},
    {"strided_slice", "float32[5]", masked(entries({5}, {6}, {1}), "shrink_axis_mask", 1),
     "strided_slice expects an index in [-5, 5) at axis 0, got 5"},
    {"strided_slice", "float32[5]",
     masked(masked(entries({5}, {6}, {1}), "shrink_axis_mask", 1), "begin_mask", 1),
     "strided_slice expects an index in [-5, 5) at axis 0, got 5"},
    {"strided_slice", "float32[5]", masked(entries({4}, {3}, {-1}), "shrink_axis_mask", 1),
     "strided_slice expects a positive stride at a plain index, got -1"},
    {"strided_slice", "float32[5]", entries({0}, {3}, {0}),
     "strided_slice expects strides other than 0, got [0]"},
    {"strided_slice", "float32[5]", entries({0, 0}, {3, 3}, {1, 1}),
     "strided_slice expects no more entries than float32[5] has axes, got 2"},
    {"strided_slice", "float32[5]", entries({0, 0}, {3}, {1}),
     "strided_slice expects begin, end and strides of one length, got 2 and 1"},
    {"strided_slice", "float32[5,4]", masked(entries({0, 0}, {3, 3}, {1, 1}), "ellipsis_mask", 3),
     "strided_slice expects at most one ellipsis, got 2"},
    {"strided_slice",
     "float32[5] int32[1]",
     {},
     "strided_slice expects begin, end and strides as operands or as attributes, got 2 operands"},

    {"strided_slice_grad", "float32[2,4]", masked(entries({1}, {3}, {1}), "unused", 0),
     "strided_slice_grad is incomplete: attribute 'shape' is missing"},
};

static Attributes withShape(Attributes attributes, ints shape) {
  attributes.set("shape", std::move(shape));
  return attributes;
}

const std::vector<ShapeCase> gradients{
    {"strided_slice_grad", "float32[2,4]", withShape(entries({1}, {3}, {1}), {5, 4}),
     "float32[5,4]"},
    {"strided_slice_grad", "float32[?,4]", withShape(entries({1}, {3}, {1}), {5, 4}),
     "float32[5,4]"},
    {"strided_slice_grad", "float32[3,4]", withShape(entries({1}, {3}, {1}), {5, 4}),
     "strided_slice_grad expects dy to be the slice float32[2,4] of float32[5,4], got "
     "float32[3,4]"},
};

INSTANTIATE_TEST_SUITE_P(StridedSlice, ShapeFunction, testing::ValuesIn(slices));
INSTANTIATE_TEST_SUITE_P(StridedSliceGrad, ShapeFunction, testing::ValuesIn(gradients));

} // namespace graphc
