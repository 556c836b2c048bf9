#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

const std::vector<ShapeCase> reductions{
    {"reduce_sum", "float32[?,6]", {}, "float32[]"},
    {"reduce_sum", "float32[?,6]", {{"keep_dims", true}}, "float32[1,1]"},
    {"reduce_sum", "float32<unknown>", {{"keep_dims", true}}, "float32<unknown>"},
    {"reduce_mean", "float32[?,6]", {{"axes", ints{0}}}, "float32[6]"},
    {"reduce_max", "int32[4,5,6]", {{"axes", ints{-1, 0}}, {"keep_dims", true}}, "int32[1,5,1]"},
    {"reduce_min", "float32[4,5]", {{"axes", ints{}}}, "float32[4,5]"},
    {"reduce_prod", "float32<unknown>", {{"axes", ints{0}}}, "float32<unknown>"},
    {"reduce_all", "bool[?,6]", {{"axes", ints{1}}}, "bool[?]"},
    {"reduce_any", "float32[3]", {}, "reduce_any expects x to be bool, got float32[3]"},
    {"reduce_sum", "bool[3]", {}, "reduce_sum expects x to be numbers, got bool[3]"},
    {"reduce_sum",
     "float32[?,6]",
     {{"axes", ints{2}}},
     "reduce_sum expects an axis in [-2, 2) for float32[?,6], got 2"},
    {"reduce_sum",
     "float32[?,6]",
     {{"axes", ints{1, -1}}},
     "reduce_sum expects every axis at most once, got axis 1 twice"},
    {"argmax", "float32[?,6]", {{"axis", std::int64_t{1}}, {"dtype", int64}}, "int64[?]"},
    {"argmin", "float32<unknown>", {{"axis", std::int64_t{1}}, {"dtype", int32}}, "int32<unknown>"},
    {"argmax",
     "float32[?,6]",
     {{"axis", std::int64_t{1}}, {"dtype", float32}},
     "argmax expects dtype to be int32 or int64, got float32"},
    {"argmax",
     "float32[]",
     {{"axis", std::int64_t{0}}, {"dtype", int64}},
     "argmax expects x to have rank 1 or more, got float32[]"},
    {"l2_loss", "float32<unknown>", {}, "float32[]"},
};

INSTANTIATE_TEST_SUITE_P(Reduction, ShapeFunction, testing::ValuesIn(reductions));

} // namespace graphc
