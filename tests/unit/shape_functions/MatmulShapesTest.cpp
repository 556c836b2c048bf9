#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

const std::vector<ShapeCase> products{
    {"matmul", "float32[600,27] float32[27,108]", {}, "float32[600,108]"},
    {"matmul", "float32[?,27] float32[27,6]", {}, "float32[?,6]"},
    {"matmul", "float32[27,?] float32[6,27]", {{"transpose_a", true}, {"transpose_b", true}},
     "float32[?,6]"},
    {"matmul", "float32[5,1,2,3] float32[4,3,7]", {}, "float32[5,4,2,7]"},
    {"matmul", "float32<unknown> float32[3,7]", {}, "float32<unknown>"},
    {"matmul", "float32[600,27] float32[28,108]", {},
     "matmul expects the inner extents to agree, got float32[600,27] and float32[28,108]"},
    {"matmul", "float32[600,27] float32[108,28]", {{"transpose_b", true}},
     "matmul expects the inner extents to agree, got float32[600,27] and float32[108,28] "
     "transposed"},
    {"matmul", "float32[2,3,4] float32[5,4,6]", {},
     "matmul expects leading extents that broadcast, got float32[2,3,4] and float32[5,4,6]"},
    {"matmul", "float32[27] float32[27,6]", {},
     "matmul expects a to have rank 2 or more, got float32[27]"},
    {"matmul", "float32[4,27] float64[27,6]", {},
     "matmul expects operands of one dtype, got float32[4,27] and float64[27,6]"},
    {"fused_matmul", "float32[?,27] float32[27,?] float32[6]", {{"activation", std::string("tanh")}},
     "float32[?,6]"},
    {"fused_matmul", "float32[?,27] float32[27,6]", {}, "float32[?,6]"},
    {"fused_matmul", "float32[4,27] float32[27,6] float32[7]", {},
     "fused_matmul expects bias to have 6 elements, got float32[7]"},
    {"fused_matmul", "float32[4,27] float32[27,6]", {{"activation", std::string("swish")}},
     "fused_matmul expects activation to be none, relu, tanh or sigmoid, got swish"},
    {"fused_matmul", "int32[4,27] int32[27,6]", {},
     "fused_matmul expects a to be float32 or float64, got int32[4,27]"},
    {"fused_matmul", "float32[4,27]", {}, "fused_matmul expects 2 or 3 operands, got 1"},
    {"qr", "float32[108,27]", {}, "float32[108,27] float32[27,27]"},
    {"qr", "float64[5,3,4]", {}, "float64[5,3,3] float64[5,3,4]"},
    {"qr", "float32[?,27]", {}, "float32[?,?] float32[?,27]"},
    {"qr", "float32<unknown>", {}, "float32<unknown> float32<unknown>"},
    {"qr", "float32[27]", {}, "qr expects x to have rank 2 or more, got float32[27]"},
};

const std::vector<ShapeCase> losses{
    {"softmax", "float32[?,6]", {{"axis", std::int64_t{1}}}, "float32[?,6]"},
    {"log_softmax", "float32<unknown>", {{"axis", std::int64_t{-1}}}, "float32<unknown>"},
    {"softmax", "float32[?,6]", {{"axis", std::int64_t{2}}},
     "softmax expects an axis in [-2, 2) for float32[?,6], got 2"},
    {"softmax", "float32[]", {}, "softmax expects x to have rank 1 or more, got float32[]"},
    {"softmax_cross_entropy_with_logits", "float32[?,6] float32[600,?]", {},
     "float32[600] float32[600,6]"},
    {"softmax_cross_entropy_with_logits", "float32<unknown> float32<unknown>", {},
     "float32<unknown> float32<unknown>"},
    {"softmax_cross_entropy_with_logits", "float32[?,6] float32[?,7]", {},
     "softmax_cross_entropy_with_logits expects logits and labels of one shape, got float32[?,6] "
     "and float32[?,7]"},
    {"sparse_softmax_cross_entropy_with_logits", "float32[?,6] int64[600]", {},
     "float32[600] float32[600,6]"},
    {"sparse_softmax_cross_entropy_with_logits", "float32<unknown> int64[600]", {},
     "float32[600] float32[600,?]"},
    {"sparse_softmax_cross_entropy_with_logits", "float32[?,6] int64[600,1]", {},
     "sparse_softmax_cross_entropy_with_logits expects labels to have the extents of logits but "
     "the last, got float32[?,6] and int64[600,1]"},
    {"sparse_softmax_cross_entropy_with_logits", "float32[?,6] float32[?]", {},
     "sparse_softmax_cross_entropy_with_logits expects labels to be int32 or int64, got "
     "float32[?]"},
};

INSTANTIATE_TEST_SUITE_P(Matmul, ShapeFunction, testing::ValuesIn(products));
INSTANTIATE_TEST_SUITE_P(Nn, ShapeFunction, testing::ValuesIn(losses));

} // namespace graphc
