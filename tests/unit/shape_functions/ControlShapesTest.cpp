#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

using std::int64_t;

const std::vector<ShapeCase> control{
    {"placeholder", "", {{"dtype", float32}, {"shape", ints{-1, 128, 9}}}, "float32[?,128,9]"},
    {"placeholder",
     "",
     {{"dtype", uint8}, {"shape", ints{}}, {"unknown_rank", true}},
     "uint8<unknown>"},
    {"placeholder",
     "",
     {{"dtype", float32}, {"shape", ints{-2}}},
     "placeholder expects extents of 0 or more, or -1 where unknown, got [-2]"},
    {"no_op", "", {}, ""},
    {"fetch", "float32[3] int32[]", {{"indices", ints{0, 1}}}, ""},
    {"gradients",
     "float32[] float32[?,27] float32[27]",
     {{"num_ys", int64_t{1}}, {"num_xs", int64_t{2}}},
     "float32[?,27] float32[27]"},
    {"gradients",
     "float32[3] float32[27] float32[?]",
     {{"num_ys", int64_t{1}}, {"num_xs", int64_t{1}}},
     "float32[27]"},
    {"gradients",
     "float32[] float32[27]",
     {{"num_ys", int64_t{1}}, {"num_xs", int64_t{2}}},
     "gradients expects 1 ys, 2 xs and a weight for each y or none, got 2 operands"},
    {"gradients",
     "float32[]",
     {{"num_ys", int64_t{0}}, {"num_xs", int64_t{1}}},
     "gradients expects one y or more, got 0"},
    {"gradients",
     "int32[] float32[27]",
     {{"num_ys", int64_t{1}}, {"num_xs", int64_t{1}}},
     "gradients expects ys to be float32 or float64, got int32[]"},
    {"gradients",
     "float32[] int32[27]",
     {{"num_ys", int64_t{1}}, {"num_xs", int64_t{1}}},
     "gradients expects xs to be float32 or float64, got int32[27]"},
    {"gradients",
     "float32[3] float32[27] float32[4]",
     {{"num_ys", int64_t{1}}, {"num_xs", int64_t{1}}},
     "gradients expects the weight of y 0 to be float32[3], got float32[4]"},
};

const std::vector<ShapeCase> state{
    {"assign", "bool[?]", {}, "bool[?]"},
    {"assign_add", "int64[]", {}, "int64[]"},
    {"assign_sub", "bool[]", {}, "assign_sub expects value to be numbers, got bool[]"},
    {"apply_gradient_descent", "float32[] float32[27]", {}, ""},
    {"apply_momentum", "float32[] float32[27] float32[]", {}, ""},
    {"apply_adam",
     "float32[] float32[] float32[] float32[] float32[] float32[] float32[27]",
     {},
     ""},
    {"apply_gradient_descent",
     "float32[1] float32[27]",
     {},
     "apply_gradient_descent expects operand 0 to be a scalar, got float32[1]"},
    {"apply_adagrad",
     "float64[] float32[27]",
     {},
     "apply_adagrad expects operands of one dtype, got float64[] and float32[27]"},
    {"sparse_apply_momentum", "float32[] float32[?,50] float32[] int64[?]", {}, ""},
    {"sparse_apply_rms_prop",
     "float32[] float32[] float32[] float32[] float32[8,50] int32[8]",
     {},
     ""},
    {"sparse_apply_adagrad", "float32[] float32<unknown> int32<unknown>", {}, ""},
    {"sparse_apply_adagrad",
     "float32[] float32[8,50] int32[7]",
     {},
     "sparse_apply_adagrad expects an index for each row of grad, got 8 rows and 7 indices"},
    {"sparse_apply_gradient_descent",
     "float32[] float32[8,50] float32[8]",
     {},
     "sparse_apply_gradient_descent expects indices to be int32 or int64, got float32[8]"},
    {"apply_rms_prop",
     "int32[] int32[] int32[] int32[] int32[27]",
     {},
     "apply_rms_prop expects grad to be float32 or float64, got int32[27]"},
};

INSTANTIATE_TEST_SUITE_P(Control, ShapeFunction, testing::ValuesIn(control));
INSTANTIATE_TEST_SUITE_P(State, ShapeFunction, testing::ValuesIn(state));

TEST(ShapeFunctions, knowNoOtherOps) {
  EXPECT_FALSE(hasShapeFunction("read_variable"));
  EXPECT_FALSE(hasShapeFunction("static_rnn"));
  const InferredTypes inferred = inferTypes({"fft", {}, {}});
  EXPECT_EQ(inferred.error, "fft has no shape function");
}

} // namespace graphc
