#include "tests/unit/shape_functions/ShapeCase.h"

namespace graphc {

using std::int64_t;

const std::vector<ShapeCase> wholes{
    {"concat", "float32[?,9] float32[600,27]", {{"axis", int64_t{1}}}, "float32[600,36]"},
    {"concat", "float32[?,9] float32[3,?]", {{"axis", int64_t{-2}}}, "float32[?,9]"},
    {"concat", "float32[2,9] float32<unknown>", {{"axis", int64_t{0}}}, "float32[?,9]"},
    {"concat", "float32<unknown> float32<unknown>", {{"axis", int64_t{0}}}, "float32<unknown>"},
    {"concat", "float32[2,9] float32[3,8]", {{"axis", int64_t{0}}},
     "concat expects operands that agree but at axis 0, got float32[2,9] and float32[3,8]"},
    {"concat", "float32[2,9] int32[2,9]", {{"axis", int64_t{0}}},
     "concat expects operands of one dtype, got float32[2,9] and int32[2,9]"},
    {"concat", "float32[2,9] float32[2,9]", {{"axis", int64_t{2}}},
     "concat expects an axis in [-2, 2) for float32[2,9], got 2"},
    {"concat", "float32[] float32[]", {{"axis", int64_t{0}}},
     "concat expects xs to have rank 1 or more, got float32[]"},
    {"stack", "float32[?,9] float32[600,?]", {{"axis", int64_t{0}}}, "float32[2,600,9]"},
    {"stack", "float32[] float32[] float32[]", {{"axis", int64_t{-1}}}, "float32[3]"},
    {"stack", "float32<unknown>", {{"axis", int64_t{0}}}, "float32<unknown>"},
    {"stack", "float32[2] float32[3]", {{"axis", int64_t{0}}},
     "stack expects operands of one shape, got float32[2] and float32[3]"},
    {"stack", "float32[2] float32[2]", {{"axis", int64_t{2}}},
     "stack expects an axis in [-2, 2) for float32[2], got 2"},
};

const std::vector<ShapeCase> parts{
    {"split", "float32[?,54]", {{"axis", int64_t{1}}, {"sizes", ints{20, 34}}},
     "float32[?,20] float32[?,34]"},
    {"split", "float32[?,54]", {{"axis", int64_t{0}}, {"sizes", ints{1, 2}}},
     "float32[1,54] float32[2,54]"},
    {"split", "float32<unknown>", {{"axis", int64_t{0}}, {"sizes", ints{1, 2}}},
     "float32<unknown> float32<unknown>"},
    {"split", "float32[?,54]", {{"axis", int64_t{1}}, {"sizes", ints{20, 30}}},
     "split expects sizes that add up to the 54 of axis 1 of float32[?,54], got [20,30]"},
    {"split", "float32[4]", {{"axis", int64_t{0}}, {"sizes", ints{5, -2}}},
     "split expects sizes of 0 or more, or -1, got [5,-2]"},
    {"split", "float32[?,9]", {{"axis", int64_t{0}}, {"sizes", ints{-1, -1}}},
     "float32[?,9] float32[?,9]"},
    {"split", "float32[8]", {{"axis", int64_t{0}}, {"sizes", ints{-1, 2, -1}}},
     "float32[3] float32[2] float32[3]"},
    {"split", "float32[5]", {{"axis", int64_t{0}}, {"sizes", ints{-1, -1}}},
     "split expects sizes that add up to the 5 of axis 0 of float32[5], got [-1,-1]"},
    {"split", "float32[4]", {{"axis", int64_t{0}}, {"sizes", ints{}}},
     "split expects one size or more, got []"},
    {"unstack", "float32[2,?,9]", {{"axis", int64_t{0}}, {"num", int64_t{2}}},
     "float32[?,9] float32[?,9]"},
    {"unstack", "float32[4,3]", {{"axis", int64_t{1}}, {"num", int64_t{2}}},
     "unstack expects the extent 2 at axis 1, got float32[4,3]"},
    {"slice", "float32[?,9]", {{"begin", ints{0, 1}}, {"size", ints{-1, 8}}}, "float32[?,8]"},
    {"slice", "float32[5,9]", {{"begin", ints{2, 1}}, {"size", ints{-1, 8}}}, "float32[3,8]"},
    {"slice", "float32<unknown>", {{"begin", ints{2, 1}}, {"size", ints{-1, 8}}}, "float32[?,8]"},
    {"slice", "float32[5,9] int32[2] int32[2]", {}, "float32[?,?]"},
    {"slice", "float32<unknown> int32[2] int32[2]", {}, "float32[?,4]",
     {Tensor(), Tensor(), Tensor::of<std::int32_t>(Shape{2}, {-1, 4})}},
    {"slice", "float32<unknown> int32[?] int32[?]", {}, "float32<unknown>"},
    {"slice", "float32[5,9]", {{"begin", ints{0, 2}}, {"size", ints{5, 8}}},
     "slice expects a slice inside axis 1 of float32[5,9], got begin 2 and size 8"},
    {"slice", "float32[5]", {{"begin", ints{6}}, {"size", ints{-1}}},
     "slice expects a slice inside axis 0 of float32[5], got begin 6"},
    {"slice", "float32[5]", {{"begin", ints{0}}, {"size", ints{-2}}},
     "slice expects sizes of 0 or more, or -1 for the rest, got -2"},
    {"slice", "float32[5]", {{"begin", ints{0, 0}}, {"size", ints{1}}},
     "slice expects begin to have an entry for each axis of float32[5], got 2"},
    {"slice", "float32<unknown>", {{"begin", ints{0, 0}}, {"size", ints{1}}},
     "slice expects begin and size of one length, got 2 and 1"},
    {"slice", "float32[5] int32[1]", {},
     "slice expects begin and size as operands or as attributes, got one operand"},
};

const std::vector<ShapeCase> enlarged{
    {"tile", "float32[1,?]", {{"multiples", ints{600, 2}}}, "float32[600,?]"},
    {"tile", "float32[1,27] int32[2]", {}, "float32[?,?]"},
    {"tile", "float32<unknown>", {{"multiples", ints{600, 2}}}, "float32[?,?]"},
    {"tile", "float32[27]", {{"multiples", ints{600, 2}}},
     "tile expects a multiple for each axis of float32[27], got 2"},
    {"tile", "float32[27]", {{"multiples", ints{-1}}},
     "tile expects multiples of 0 or more, got -1"},
    {"pad", "float32[?,128]", {{"paddings", ints{0, 0, 2, 3}}}, "float32[?,133]"},
    {"pad", "float32[?,128] int32[2,2]", {}, "float32[?,131]",
     {Tensor(), Tensor::of<std::int32_t>(Shape{2, 2}, {0, 0, 1, 2})}},
    {"pad", "float32[4] int32[1,2]", {}, "float32[?]"},
    {"pad", "float32<unknown>", {{"paddings", ints{1, 1}}}, "float32[?]"},
    {"pad", "float32[4]", {{"paddings", ints{1, 1, 1}}},
     "pad expects a pair of paddings for each axis of float32[4], got 3 numbers"},
    {"pad", "float32[4] int32[2,2]", {},
     "pad expects a pair of paddings for each axis of float32[4], got int32[2,2]"},
    {"pad", "float32[4]", {{"paddings", ints{1, -1}}},
     "pad expects paddings of 0 or more, got 1 and -1"},
    {"pad", "bool[4]", {{"paddings", ints{1, 1}}}, "pad expects x to be numbers, got bool[4]"},
};

const std::vector<ShapeCase> addressed{
    {"gather", "float32[100,27] int32[?]", {{"axis", int64_t{0}}}, "float32[?,27]"},
    {"gather", "float32[100,27] int64[4,5]", {{"axis", int64_t{-1}}}, "float32[100,4,5]"},
    {"gather", "float32[100,27] int32[]", {}, "float32[27]"},
    {"gather", "float32<unknown> int32[3]", {}, "float32<unknown>"},
    {"gather", "float32[100,27] float32[3]", {},
     "gather expects indices to be int32 or int64, got float32[3]"},
    {"gather", "float32[] int32[3]", {}, "gather expects params to have rank 1 or more, got float32[]"},
    {"gather", "float32[4] int32[3]", {{"axis", int64_t{1}}},
     "gather expects an axis in [-1, 1) for float32[4], got 1"},
    {"unsorted_segment_sum", "float32[?,4,27] int32[?,4]", {{"num_segments", int64_t{100}}},
     "float32[100,27]"},
    {"unsorted_segment_sum", "float32<unknown> int32[3]", {{"num_segments", int64_t{100}}},
     "float32<unknown>"},
    {"unsorted_segment_sum", "float32[5,27] int32[4]", {{"num_segments", int64_t{100}}},
     "unsorted_segment_sum expects the extents of segment_ids to start those of data, got "
     "float32[5,27] and int32[4]"},
    {"unsorted_segment_sum", "float32[5] int32[5]", {{"num_segments", int64_t{-1}}},
     "unsorted_segment_sum expects num_segments to be 0 or more, got -1"},
};

INSTANTIATE_TEST_SUITE_P(Wholes, ShapeFunction, testing::ValuesIn(wholes));
INSTANTIATE_TEST_SUITE_P(Parts, ShapeFunction, testing::ValuesIn(parts));
INSTANTIATE_TEST_SUITE_P(Enlarged, ShapeFunction, testing::ValuesIn(enlarged));
INSTANTIATE_TEST_SUITE_P(Addressed, ShapeFunction, testing::ValuesIn(addressed));

} // namespace graphc
