#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

const std::vector<ShapeCase> binary{
    {"add", "float32[2,3] float32[2,3]", {}, "float32[2,3]"},
    {"add", "float32[?,27] float32[27]", {}, "float32[?,27]"},
    {"subtract", "float64[?,1] float64[1,5]", {}, "float64[?,5]"},
    {"multiply", "int32[] int32[?]", {}, "int32[?]"},
    // An unknown extent beside one above 1 has to be that or one.
    {"divide", "float32[?] float32[4]", {}, "float32[4]"},
    {"maximum", "float32<unknown> float32[4]", {}, "float32<unknown>"},
    {"minimum", "int64[0] int64[1]", {}, "int64[0]"},
    {"pow", "float32[3] float32[4]", {},
     "pow expects shapes that broadcast, got float32[3] and float32[4]"},
    {"floordiv", "float32[3] int32[3]", {},
     "floordiv expects operands of one dtype, got float32[3] and int32[3]"},
    {"floormod", "bool[3] bool[3]", {}, "floormod expects x to be numbers, got bool[3]"},
    {"squared_difference", "float32[3]", {}, "squared_difference expects 2 operands, got 1"},
    {"equal", "bool[?] bool[]", {}, "bool[?]"},
    {"not_equal", "float32[3] float64[3]", {},
     "not_equal expects operands of one dtype, got float32[3] and float64[3]"},
    {"less", "int64[2] int64[2]", {}, "bool[2]"},
    {"greater", "bool[2] bool[2]", {}, "greater expects x to be numbers, got bool[2]"},
    {"logical_and", "bool[2,1] bool[3]", {}, "bool[2,3]"},
    {"logical_or", "bool[2] int32[2]", {}, "logical_or expects y to be bool, got int32[2]"},
    {"logical_xor", "bool[2] bool[3]", {},
     "logical_xor expects shapes that broadcast, got bool[2] and bool[3]"},
};

const std::vector<ShapeCase> unary{
    {"logical_not", "bool[?]", {}, "bool[?]"},
    {"logical_not", "int32[?]", {}, "logical_not expects x to be bool, got int32[?]"},
    {"identity", "bool<unknown>", {}, "bool<unknown>"},
    {"ones_like", "uint8[2,?]", {}, "uint8[2,?]"},
    {"negative", "int32[2]", {}, "int32[2]"},
    {"abs", "bool[2]", {}, "abs expects x to be numbers, got bool[2]"},
    {"relu", "float32[?,6]", {}, "float32[?,6]"},
    {"sqrt", "float64[]", {}, "float64[]"},
    {"sqrt", "int32[3]", {}, "sqrt expects x to be float32 or float64, got int32[3]"},
    {"tanh", "float32<unknown>", {}, "float32<unknown>"},
    {"tanh", "float32[] float32[]", {}, "tanh expects 1 operand, got 2"},
    {"cast", "int32[?,6]", {{"dtype", float32}}, "float32[?,6]"},
    {"cast", "int32[?,6]", {}, "cast: attribute 'dtype' is missing"},
};

const std::vector<ShapeCase> others{
    {"where", "bool[?,1] float32[?,27] float32[27]", {}, "float32[?,27]"},
    {"where", "float32[3] float32[3] float32[3]", {},
     "where expects condition to be bool, got float32[3]"},
    {"where", "bool[3] float32[3] int32[3]", {},
     "where expects x and y of one dtype, got float32[3] and int32[3]"},
    {"where", "bool[2] float32[3] float32[3]", {},
     "where expects shapes that broadcast, got bool[2], float32[3] and float32[3]"},
    {"clip_by_value", "float32[?,27] float32[] float32[]", {}, "float32[?,27]"},
    {"clip_by_value", "float32[27] float32[27] float32[]", {},
     "clip_by_value expects low to be a scalar, got float32[27]"},
    {"clip_by_value", "float32[27] float32[] float32[1]", {},
     "clip_by_value expects high to be a scalar, got float32[1]"},
    {"add_n", "float32[?,3] float32[2,?] float32<unknown>", {}, "float32[2,3]"},
    {"add_n", "float32[3] float32[1]", {},
     "add_n expects operands of one shape, got float32[3] and float32[1]"},
    {"add_n", "", {}, "add_n expects 1 operand or more, got 0"},
    {"bias_add", "float32[?,27] float32[27]", {}, "float32[?,27]"},
    {"bias_add", "float32[?,?] float32[27]", {}, "float32[?,27]"},
    {"bias_add", "float32[4,27] float32[26]", {},
     "bias_add expects bias to have the extent of the last axis of x, got float32[4,27] and "
     "float32[26]"},
    {"bias_add", "float32[27] float32[27]", {},
     "bias_add expects x to have rank 2 or more, got float32[27]"},
    {"bias_add", "float32[4,27] float32[1,27]", {},
     "bias_add expects bias to be a vector, got float32[1,27]"},
};

INSTANTIATE_TEST_SUITE_P(Binary, ShapeFunction, testing::ValuesIn(binary));
INSTANTIATE_TEST_SUITE_P(Unary, ShapeFunction, testing::ValuesIn(unary));
INSTANTIATE_TEST_SUITE_P(OtherElementwise, ShapeFunction, testing::ValuesIn(others));

} // namespace graphc
