#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

static Attributes tagged(const std::string &tag) {
  Attributes attributes;
  attributes.set("tag", tag);
  return attributes;
}

const std::vector<ShapeCase> summaries{
    {"scalar_summary", "float32[]", tagged("loss"), "uint8[13]"},
    {"scalar_summary", "int64[1,1]", tagged("loss"), "uint8[13]"},
    {"scalar_summary", "float64[?]", tagged("layer/loss"), "uint8[19]"},
    {"scalar_summary", "float32<unknown>", tagged("loss"), "uint8[13]"},
    {"scalar_summary", "float32[2]", tagged("loss"),
     "scalar_summary expects a value of one element, got float32[2]"},
    {"scalar_summary", "bool[]", tagged("loss"),
     "scalar_summary expects value to be numbers, got bool[]"},
    {"histogram_summary", "float32[3]", tagged("w"), "uint8[177]"},
    {"histogram_summary", "int32[]", tagged("w"), "uint8[111]"},
    {"histogram_summary", "float32[1000,1000]", tagged("w"), "uint8[24885]"},
    {"histogram_summary", "float32[?,3]", tagged("w"), "uint8[?]"},
    {"histogram_summary", "float32<unknown>", tagged("w"), "uint8[?]"},
    {"histogram_summary", "bool[3]", tagged("w"),
     "histogram_summary expects values to be numbers, got bool[3]"},
    {"merge_summary", "uint8[13] uint8[177]", {}, "uint8[190]"},
    {"merge_summary", "uint8[13] uint8[?]", {}, "uint8[?]"},
    {"merge_summary", "uint8<unknown>", {}, "uint8[?]"},
    {"merge_summary",
     "uint8[13] float32[1]",
     {},
     "merge_summary expects inputs[1] to be uint8, got float32[1]"},
    {"merge_summary",
     "uint8[13,1]",
     {},
     "merge_summary expects inputs[0] to be a vector, got uint8[13,1]"},
};

INSTANTIATE_TEST_SUITE_P(Summary, ShapeFunction, testing::ValuesIn(summaries));

} // namespace graphc
