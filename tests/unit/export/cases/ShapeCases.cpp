#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> shapeCases() {
  return {
      oneOp("constant {value = dense<[1.5, 2.0]> : tensor<2xf32>}", {"2xf32"},
            {"y = Const() float32[2]{1.5,2}"}),
      oneOp("constant {value = dense<7> : tensor<3x2xi64>}", {"3x2xi64"},
            {"y = Const() int64[3,2]{7}"}),
      oneOp("fill %x {dims = array<i64: 2, 3>}", {"2x3xf32"},
            {"y/dims = Const() int32[2]{2,3}", "y = Fill(y/dims, x) T=float32 index_type=int32"}),
      oneOp("fill %x, %l", {"?x?xf32"}, {"y = Fill(l, x) T=float32 index_type=int32"}),
      oneOp("range %k, %k, %k", {"?xi32"}, {"y = Range(k, k, k) Tidx=int32"}),
      oneOp("one_hot %n, %x, %x {axis = -1 : i64, depth = 6 : i64}", {"?x6xf32"},
            {"y/depth = Const() int32[]{6}",
             "y = OneHot(n, y/depth, x, x) T=float32 TI=int32 axis=-1"}),
      oneOp("shape %f {dtype = i64}", {"2xi64"}, {"y = Shape(f) T=float32 out_type=int64"}),
      oneOp("size %f {dtype = i32}", {"i32"}, {"y = Size(f) T=float32 out_type=int32"}),
      oneOp("rank %f", {"i32"}, {"y = Rank(f) T=float32"}),
      oneOp("reshape %f {shape = array<i64: -1, 2>}", {"?x2xf32"},
            {"y/shape = Const() int32[2]{-1,2}", "y = Reshape(f, y/shape) T=float32 Tshape=int32"}),
      oneOp("reshape %f, %l", {"?x?xf32"}, {"y = Reshape(f, l) T=float32 Tshape=int32"}),
      oneOp("expand_dims %f {axis = 1 : i64}", {"?x1x4xf32"},
            {"y/dim = Const() int32[]{1}", "y = ExpandDims(f, y/dim) T=float32 Tdim=int32"}),
      {R"(%e = graph.expand_dims %f {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x1x4xf32> loc("e")
%y = graph.squeeze %e {axes = array<i64: 1>} : (tensor<?x1x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
e/dim = Const() int32[]{1}
e = ExpandDims(f, e/dim) T=float32 Tdim=int32
y = Squeeze(e) T=float32 squeeze_dims=[1]
)"},
      oneOp("transpose %c {perm = array<i64: 1, 0, 2>}", {"?x3x4xf32"},
            {"y/perm = Const() int32[3]{1,0,2}", "y = Transpose(c, y/perm) T=float32 Tperm=int32"}),
      oneOp("concat %f, %g {axis = 1 : i64}", {"?x8xf32"},
            {"y/axis = Const() int32[]{1}", "y = ConcatV2(f, g, y/axis) N=2 T=float32 Tidx=int32"}),
      oneOp("concat %f {axis = 1 : i64}", {"?x4xf32"}, {"y = Identity(f) T=float32"}),
      oneOp("split %f {axis = 1 : i64, sizes = array<i64: 1, 3>}", {"?x1xf32", "?x3xf32"},
            {"y/split_dim = Const() int32[]{1}", "y/sizes = Const() int32[2]{1,3}",
             "y = SplitV(f, y/sizes, y/split_dim) T=float32 Tlen=int32 num_split=2"}),
      oneOp("stack %f, %g {axis = 1 : i64}", {"?x2x4xf32"},
            {"y = Pack(f, g) N=2 T=float32 axis=1"}),
      oneOp("unstack %c {axis = 0 : i64, num = 3 : i64}", {"?x4xf32", "?x4xf32", "?x4xf32"},
            {"y = Unpack(c) T=float32 axis=0 num=3"}),
      oneOp("slice %f {begin = array<i64: 0, 1>, size = array<i64: -1, 2>}", {"?x2xf32"},
            {"y/begin = Const() int32[2]{0,1}", "y/size = Const() int32[2]{-1,2}",
             "y = Slice(f, y/begin, y/size) Index=int32 T=float32"}),
      oneOp("slice %f, %l, %l", {"?x?xf32"}, {"y = Slice(f, l, l) Index=int32 T=float32"}),
      oneOp(
          "strided_slice %f {begin = array<i64: 0, -1>, end = array<i64: 0, 0>, strides = "
          "array<i64: 1, 1>, begin_mask = 1 : i64, end_mask = 1 : i64, shrink_axis_mask = 2 : i64}",
          {"?xf32"},
          {"y/begin = Const() int32[2]{0,-1}", "y/end = Const() int32[2]{0}",
           "y/strides = Const() int32[2]{1}",
           "y = StridedSlice(f, y/begin, y/end, y/strides) Index=int32 T=float32 begin_mask=1 "
           "ellipsis_mask=0 end_mask=1 new_axis_mask=0 shrink_axis_mask=2"}),
      oneOp("strided_slice_grad %v {shape = array<i64: 8>, begin = array<i64: 0>, end = array<i64: "
            "8>, strides = array<i64: 2>}",
            {"8xf32"},
            {"y/shape = Const() int32[1]{8}", "y/begin = Const() int32[1]{0}",
             "y/end = Const() int32[1]{8}", "y/strides = Const() int32[1]{2}",
             "y = StridedSliceGrad(y/shape, y/begin, y/end, y/strides, v) Index=int32 T=float32 "
             "begin_mask=0 ellipsis_mask=0 end_mask=0 new_axis_mask=0 shrink_axis_mask=0"}),
      oneOp("tile %f {multiples = array<i64: 2, 1>}", {"?x4xf32"},
            {"y/multiples = Const() int32[2]{2,1}",
             "y = Tile(f, y/multiples) T=float32 Tmultiples=int32"}),
      oneOp("pad %f {paddings = array<i64: 0, 0, 2, 3>}", {"?x9xf32"},
            {"y/paddings = Const() int32[2,2]{0,0,2,3}",
             "y = Pad(f, y/paddings) T=float32 Tpaddings=int32"}),
      oneOp("pad %f {paddings = array<i64: 0, 0, 2, 3>, value = 1.5 : f64}", {"?x9xf32"},
            {"y/paddings = Const() int32[2,2]{0,0,2,3}",
             "y/constant_values = Const() float32[]{1.5}",
             "y = PadV2(f, y/paddings, y/constant_values) T=float32 Tpaddings=int32"}),
      oneOp(
          "broadcast_to %v {shape = array<i64: 3, 4>}", {"3x4xf32"},
          {"y/shape = Const() int32[2]{3,4}", "y = BroadcastTo(v, y/shape) T=float32 Tidx=int32"}),
      oneOp("reverse %f {axes = array<i64: 1>}", {"?x4xf32"},
            {"y/axis = Const() int32[1]{1}", "y = ReverseV2(f, y/axis) T=float32 Tidx=int32"}),
      oneOp("gather %m, %n {axis = 1 : i64}", {"4x?xf32"},
            {"y/axis = Const() int32[]{1}",
             "y = GatherV2(m, n, y/axis) Taxis=int32 Tindices=int32 Tparams=float32 batch_dims=0"}),
      oneOp("unsorted_segment_sum %f, %n {num_segments = 3 : i64}", {"3x4xf32"},
            {"y/num_segments = Const() int32[]{3}", "y = UnsortedSegmentSum(f, n, y/num_segments) "
                                                    "T=float32 Tindices=int32 Tnumsegments=int32"}),
  };
}

} // namespace graphc::test
