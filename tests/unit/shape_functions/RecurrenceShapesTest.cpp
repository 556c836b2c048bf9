#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

// T = 5, B = 4, I = 3, H = 2.
const std::string lstm =
    "float32[5,4,3] float32[4,2] float32[4,2] float32[3,8] float32[2,8] float32[8]";
const std::string gru = "float32[5,4,3] float32[4,2] float32[3,6] float32[2,6] float32[6]";
const std::string vanilla = "float32[5,4,3] float32[4,2] float32[3,2] float32[2,2] float32[2]";
const std::string stepsAndState = " float32[5,4,2] float32[4,2]";

const std::vector<ShapeCase> recurrences{
    {"step_index", "", {}, "int32[]"},
    {"lstm", lstm, {}, "float32[5,4,2] float32[4,2] float32[4,2] uint8[?]"},
    {"lstm",
     "float32[5,?,3] float32[?,?] float32[?,?] float32[3,8] float32[?,?] float32[?]",
     {},
     "float32[5,?,2] float32[?,2] float32[?,2] uint8[?]"},
    {"lstm",
     "float32[5,4,3] float32[4,2] float32[4,3] float32[3,8] float32[2,8] float32[8]",
     {},
     "lstm expects c0 to be float32[4,2], got float32[4,3]"},
    {"lstm",
     "float32[5,4,3] float32[4,2] float32[4,2] float32[3,6] float32[2,8] float32[8]",
     {},
     "lstm expects weights_layer to be float32[3,8], got float32[3,6]"},
    {"lstm",
     "float32[5,4,3] float32[4,?] float32[4,?] float32[3,6] float32[?,?] float32[?]",
     {},
     "lstm expects the last extent of weights_layer to be a multiple of 4, got float32[3,6]"},
    {"lstm",
     "float32[5,4,3] float32[4,?] float32[4,?] float32[?,?] float32[3,8] float32[?]",
     {},
     "lstm expects weights_iter to be float32[2,8], got float32[3,8]"},
    {"lstm_gradient",
     lstm + stepsAndState + " float32[4,2] uint8[?]" + stepsAndState + " float32[4,2]",
     {},
     "float32[5,4,3] float32[4,2] float32[4,2] float32[3,8] float32[2,8] float32[8]"},
    {"lstm_gradient",
     lstm + stepsAndState + " float32[4,2] uint8[?] float32[5,4,3] float32[4,2] float32[4,2]",
     {},
     "lstm_gradient expects d_outputs to be float32[5,4,2], got float32[5,4,3]"},
    {"gru", gru, {}, "float32[5,4,2] float32[4,2] uint8[?]"},
    {"gru_gradient", gru + stepsAndState + " uint8[?]" + stepsAndState, {}, gru},
    {"gru_gradient",
     gru + stepsAndState + " float32[?]" + stepsAndState,
     {},
     "gru_gradient expects workspace to be uint8[?], got float32[?]"},
    {"vanilla_rnn",
     vanilla,
     {{"activation", std::string("relu")}},
     "float32[5,4,2] float32[4,2] uint8[?]"},
    {"vanilla_rnn",
     vanilla,
     {{"activation", std::string("sigmoid")}},
     "vanilla_rnn expects activation to be tanh or relu, got sigmoid"},
    {"vanilla_rnn_gradient", vanilla + stepsAndState + " uint8[?]" + stepsAndState, {}, vanilla},
};

INSTANTIATE_TEST_SUITE_P(Recurrence, ShapeFunction, testing::ValuesIn(recurrences));

} // namespace graphc
