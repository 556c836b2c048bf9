// Types of ops along an order and by addresses.
#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {
using std::int64_t;

const std::vector<ShapeCase> ordered{
    {"cumsum", "float32[?,6]", {{"axis", int64_t{-1}}}, "float32[?,6]"},
    {"cumsum", "int32<unknown>", {}, "int32<unknown>"},
    {"cumsum", "bool[3]", {}, "cumsum expects x to be numbers, got bool[3]"},
    {"cumsum", "float32[]", {}, "cumsum expects x to have rank 1 or more, got float32[]"},
    {"cumsum",
     "float32[3]",
     {{"axis", int64_t{1}}},
     "cumsum expects an axis in [-1, 1) for float32[3], got 1"},
    {"reverse_sequence",
     "float32[?,5,9] int32[4]",
     {{"seq_axis", int64_t{1}}, {"batch_axis", int64_t{0}}},
     "float32[4,5,9]"},
    {"reverse_sequence",
     "bool[5,?] int64[?]",
     {{"seq_axis", int64_t{0}}, {"batch_axis", int64_t{1}}},
     "bool[5,?]"},
    {"reverse_sequence",
     "float32<unknown> int32<unknown>",
     {{"seq_axis", int64_t{1}}},
     "float32<unknown>"},
    {"reverse_sequence",
     "float32[4,5] int32[4]",
     {{"seq_axis", int64_t{0}}},
     "reverse_sequence expects seq_axis and batch_axis to differ, got axis 0 twice"},
    {"reverse_sequence",
     "float32[4,5] int32[3]",
     {{"seq_axis", int64_t{1}}},
     "reverse_sequence expects a length for each of the 4 sequences, got float32[4,5] and "
     "int32[3]"},
    {"top_k", "float32[?,6]", {{"k", int64_t{2}}}, "float32[?,2] int32[?,2]"},
    {"top_k", "int64[?]", {{"k", int64_t{9}}}, "int64[9] int32[9]"},
    {"top_k", "float32<unknown>", {{"k", int64_t{2}}}, "float32<unknown> int32<unknown>"},
    {"top_k",
     "float32[3,6]",
     {{"k", int64_t{7}}},
     "top_k expects at least k = 7 elements along the last axis, got float32[3,6]"},
    {"top_k", "float32[6]", {{"k", int64_t{-1}}}, "top_k expects k to be 0 or more, got -1"},
    {"in_top_k", "float32[?,6] int32[8]", {{"k", int64_t{2}}}, "bool[8]"},
    {"in_top_k", "float32<unknown> int64<unknown>", {{"k", int64_t{2}}}, "bool[?]"},
    {"in_top_k",
     "float32[7,6] int32[8]",
     {{"k", int64_t{2}}},
     "in_top_k expects a target for each row of predictions, got float32[7,6] and int32[8]"},
};

const std::vector<ShapeCase> addressedByTuples{
    {"gather_nd", "float32[4,5,6] int32[?,7,2]", {}, "float32[?,7,6]"},
    {"gather_nd", "bool[4,5] int64[2]", {}, "bool[]"},
    {"gather_nd", "float32[4,5] int32[3,?]", {}, "float32<unknown>"},
    {"gather_nd", "float32<unknown> int32[3,2]", {}, "float32<unknown>"},
    {"gather_nd",
     "float32[4,5] int32[3]",
     {},
     "gather_nd expects at most as many indices in a row as params has axes, got 3 for [4,5]"},
    {"gather_nd",
     "float32[4] int32[]",
     {},
     "gather_nd expects indices to have rank 1 or more, got int32[]"},
    {"scatter_nd", "int32[?,1] float32[?,6]", {{"shape", ints{4, 6}}}, "float32[4,6]"},
    {"scatter_nd",
     "int32[3,1] float32[3] int32[1]",
     {},
     "float32[8]",
     {{}, {}, Tensor::of<std::int32_t>({1}, {8})}},
    {"scatter_nd", "int32[3,1] float32[3] int32[?]", {}, "float32<unknown>"},
    {"scatter_nd",
     "int32[3,1] float32[3,5]",
     {{"shape", ints{4, 6}}},
     "scatter_nd expects updates of shape [3,6], got float32[3,5]"},
    {"scatter_nd",
     "int32[3,2] float32[3]",
     {{"shape", ints{4}}},
     "scatter_nd expects at most as many indices in a row as the result has axes, got 2 for [4]"},
};

INSTANTIATE_TEST_SUITE_P(Ordered, ShapeFunction, testing::ValuesIn(ordered));
INSTANTIATE_TEST_SUITE_P(AddressedByTuples, ShapeFunction, testing::ValuesIn(addressedByTuples));

} // namespace graphc
