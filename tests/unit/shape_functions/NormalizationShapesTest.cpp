#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

namespace {
const Attributes epsilon{{"epsilon", 1e-3}};
} // namespace

const std::vector<ShapeCase> normalizations{
    {"layer_normalization", "float32[600,128,36] float32[36] float32[36]", epsilon,
     "float32[600,128,36] float32[600,128] float32[600,128]"},
    {"layer_normalization", "float64[?,36] float64[?] float64[36]", epsilon,
     "float64[?,36] float64[?] float64[?]"},
    {"layer_normalization", "float32[36] float32[36] float32[36]", epsilon,
     "float32[36] float32[] float32[]"},
    {"layer_normalization", "float32<unknown> float32[36] float32[36]", epsilon,
     "float32<unknown> float32<unknown> float32<unknown>"},
    {"batch_normalization", "float32[?,128,36] float32[36] float32[36]", epsilon,
     "float32[?,128,36] float32[36] float32[36]"},
    {"batch_normalization", "float32[?,?] float32[?] float32[36]", epsilon,
     "float32[?,?] float32[36] float32[36]"},
    {"batch_normalization", "float32<unknown> float32[36] float32<unknown>", epsilon,
     "float32<unknown> float32[36] float32[36]"},
    {"layer_normalization", "int32[600,36] int32[36] int32[36]", epsilon,
     "layer_normalization expects x to be float32 or float64, got int32[600,36]"},
    {"layer_normalization", "float32[600,36] float32[36] float64[36]", epsilon,
     "layer_normalization expects operands of one dtype, got float32[600,36], float32[36] and "
     "float64[36]"},
    {"layer_normalization", "float32[] float32[36] float32[36]", epsilon,
     "layer_normalization expects x to have rank 1 or more, got float32[]"},
    {"batch_normalization", "float32[36] float32[36] float32[36]", epsilon,
     "batch_normalization expects x to have rank 2 or more, got float32[36]"},
    {"layer_normalization", "float32[600,36] float32[35] float32[36]", epsilon,
     "layer_normalization expects gamma of shape [36], got float32[35]"},
    {"batch_normalization", "float32[600,36] float32[36] float32[1,36]", epsilon,
     "batch_normalization expects beta of shape [36], got float32[1,36]"},
    {"batch_normalization", "float32<unknown> float32[36] float32[35]", epsilon,
     "batch_normalization expects gamma and beta of one shape, got float32<unknown>, float32[36] "
     "and float32[35]"},
    {"layer_normalization",
     "float32[600,36] float32[36] float32[36]",
     {{"epsilon", -1.0}},
     "layer_normalization expects epsilon to be 0 or more, got -1"},
    {"layer_normalization", "float32[600,36] float32[36]", epsilon,
     "layer_normalization expects 3 operands, got 2"},
    {"layer_normalization_gradient",
     "float32[600,128,36] float32[36] float32[600,128] float32[600,128] float32[600,?,36]", epsilon,
     "float32[600,128,36] float32[36] float32[36]"},
    {"batch_normalization_gradient",
     "float32[?,36] float32[36] float32[36] float32[36] float32[600,36]", epsilon,
     "float32[600,36] float32[36] float32[36]"},
    {"layer_normalization_gradient",
     "float32[600,36] float32[36] float32[36] float32[600] float32[600,36]", epsilon,
     "layer_normalization_gradient expects mean of shape [600], got float32[36]"},
    {"batch_normalization_gradient",
     "float32[600,36] float32[36] float32[36] float32[600] float32[600,36]", epsilon,
     "batch_normalization_gradient expects variance of shape [36], got float32[600]"},
    {"batch_normalization_gradient",
     "float32[600,36] float32[36] float32[36] float32[36] float32[600,35]", epsilon,
     "batch_normalization_gradient expects dy of shape [600,36], got float32[600,35]"},
};

INSTANTIATE_TEST_SUITE_P(Normalizations, ShapeFunction, testing::ValuesIn(normalizations));

} // namespace graphc
