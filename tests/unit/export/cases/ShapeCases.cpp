#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> shapeCases() {
  return {
      {R"(%y = graph.constant {value = dense<[1.5, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32> loc("y"))",
       R"(
y = Const() float32[2]{1.5,2}
)"},
      {R"(%y = graph.constant {value = dense<7> : tensor<3x2xi64>} : () -> tensor<3x2xi64> loc("y"))",
       R"(
y = Const() int64[3,2]{7}
)"},
      {R"(%y = graph.fill %x {dims = array<i64: 2, 3>} : (tensor<f32>) -> tensor<2x3xf32> loc("y"))",
       R"(
y/dims = Const() int32[2]{2,3}
y = Fill(y/dims, x) T=float32 index_type=int32
)"},
      {R"(%y = graph.fill %x, %l : (tensor<f32>, tensor<2xi32>) -> tensor<?x?xf32> loc("y"))",
       R"(
y = Fill(l, x) T=float32 index_type=int32
)"},
      {R"(%y = graph.range %k, %k, %k : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32> loc("y"))",
       R"(
y = Range(k, k, k) Tidx=int32
)"},
      {R"(%y = graph.one_hot %n, %x, %x {axis = -1 : i64, depth = 6 : i64} : (tensor<?xi32>, tensor<f32>, tensor<f32>) -> tensor<?x6xf32> loc("y"))",
       R"(
y/depth = Const() int32[]{6}
y = OneHot(n, y/depth, x, x) T=float32 TI=int32 axis=-1
)"},
      {R"(%y = graph.shape %f {dtype = i64} : (tensor<?x4xf32>) -> tensor<2xi64> loc("y"))",
       R"(
y = Shape(f) T=float32 out_type=int64
)"},
      {R"(%y = graph.size %f {dtype = i32} : (tensor<?x4xf32>) -> tensor<i32> loc("y"))",
       R"(
y = Size(f) T=float32 out_type=int32
)"},
      {R"(%y = graph.rank %f : (tensor<?x4xf32>) -> tensor<i32> loc("y"))",
       R"(
y = Rank(f) T=float32
)"},
      {R"(%y = graph.reshape %f {shape = array<i64: -1, 2>} : (tensor<?x4xf32>) -> tensor<?x2xf32> loc("y"))",
       R"(
y/shape = Const() int32[2]{-1,2}
y = Reshape(f, y/shape) T=float32 Tshape=int32
)"},
      {R"(%y = graph.reshape %f, %l : (tensor<?x4xf32>, tensor<2xi32>) -> tensor<?x?xf32> loc("y"))",
       R"(
y = Reshape(f, l) T=float32 Tshape=int32
)"},
      {R"(%y = graph.expand_dims %f {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x1x4xf32> loc("y"))",
       R"(
y/dim = Const() int32[]{1}
y = ExpandDims(f, y/dim) T=float32 Tdim=int32
)"},
      {R"(%e = graph.expand_dims %f {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x1x4xf32> loc("e")
%y = graph.squeeze %e {axes = array<i64: 1>} : (tensor<?x1x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
e/dim = Const() int32[]{1}
e = ExpandDims(f, e/dim) T=float32 Tdim=int32
y = Squeeze(e) T=float32 squeeze_dims=[1]
)"},
      {R"(%y = graph.transpose %c {perm = array<i64: 1, 0, 2>} : (tensor<3x?x4xf32>) -> tensor<?x3x4xf32> loc("y"))",
       R"(
y/perm = Const() int32[3]{1,0,2}
y = Transpose(c, y/perm) T=float32 Tperm=int32
)"},
      {R"(%y = graph.concat %f, %g {axis = 1 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x8xf32> loc("y"))",
       R"(
y/axis = Const() int32[]{1}
y = ConcatV2(f, g, y/axis) N=2 T=float32 Tidx=int32
)"},
      {R"(%y = graph.concat %f {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Identity(f) T=float32
)"},
      {R"(%y:2 = graph.split %f {axis = 1 : i64, sizes = array<i64: 1, 3>} : (tensor<?x4xf32>) -> (tensor<?x1xf32>, tensor<?x3xf32>) loc("y"))",
       R"(
y/split_dim = Const() int32[]{1}
y/sizes = Const() int32[2]{1,3}
y = SplitV(f, y/sizes, y/split_dim) T=float32 Tlen=int32 num_split=2
)"},
      {R"(%y = graph.stack %f, %g {axis = 1 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x2x4xf32> loc("y"))",
       R"(
y = Pack(f, g) N=2 T=float32 axis=1
)"},
      {R"(%y:3 = graph.unstack %c {axis = 0 : i64, num = 3 : i64} : (tensor<3x?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) loc("y"))",
       R"(
y = Unpack(c) T=float32 axis=0 num=3
)"},
      {R"(%y = graph.slice %f {begin = array<i64: 0, 1>, size = array<i64: -1, 2>} : (tensor<?x4xf32>) -> tensor<?x2xf32> loc("y"))",
       R"(
y/begin = Const() int32[2]{0,1}
y/size = Const() int32[2]{-1,2}
y = Slice(f, y/begin, y/size) Index=int32 T=float32
)"},
      {R"(%y = graph.slice %f, %l, %l : (tensor<?x4xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32> loc("y"))",
       R"(
y = Slice(f, l, l) Index=int32 T=float32
)"},
      {R"(%y = graph.strided_slice %f {begin = array<i64: 0, -1>, end = array<i64: 0, 0>, strides = array<i64: 1, 1>, begin_mask = 1 : i64, end_mask = 1 : i64, shrink_axis_mask = 2 : i64} : (tensor<?x4xf32>) -> tensor<?xf32> loc("y"))",
       R"(
y/begin = Const() int32[2]{0,-1}
y/end = Const() int32[2]{0}
y/strides = Const() int32[2]{1}
y = StridedSlice(f, y/begin, y/end, y/strides) Index=int32 T=float32 begin_mask=1 ellipsis_mask=0 end_mask=1 new_axis_mask=0 shrink_axis_mask=2
)"},
      {R"(%y = graph.strided_slice_grad %v {shape = array<i64: 8>, begin = array<i64: 0>, end = array<i64: 8>, strides = array<i64: 2>} : (tensor<4xf32>) -> tensor<8xf32> loc("y"))",
       R"(
y/shape = Const() int32[1]{8}
y/begin = Const() int32[1]{0}
y/end = Const() int32[1]{8}
y/strides = Const() int32[1]{2}
y = StridedSliceGrad(y/shape, y/begin, y/end, y/strides, v) Index=int32 T=float32 begin_mask=0 ellipsis_mask=0 end_mask=0 new_axis_mask=0 shrink_axis_mask=0
)"},
      {R"(%y = graph.tile %f {multiples = array<i64: 2, 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y/multiples = Const() int32[2]{2,1}
y = Tile(f, y/multiples) T=float32 Tmultiples=int32
)"},
      {R"(%y = graph.pad %f {paddings = array<i64: 0, 0, 2, 3>} : (tensor<?x4xf32>) -> tensor<?x9xf32> loc("y"))",
       R"(
y/paddings = Const() int32[2,2]{0,0,2,3}
y = Pad(f, y/paddings) T=float32 Tpaddings=int32
)"},
      {R"(%y = graph.pad %f {paddings = array<i64: 0, 0, 2, 3>, value = 1.5 : f64} : (tensor<?x4xf32>) -> tensor<?x9xf32> loc("y"))",
       R"(
y/paddings = Const() int32[2,2]{0,0,2,3}
y/constant_values = Const() float32[]{1.5}
y = PadV2(f, y/paddings, y/constant_values) T=float32 Tpaddings=int32
)"},
      {R"(%y = graph.broadcast_to %v {shape = array<i64: 3, 4>} : (tensor<4xf32>) -> tensor<3x4xf32> loc("y"))",
       R"(
y/shape = Const() int32[2]{3,4}
y = BroadcastTo(v, y/shape) T=float32 Tidx=int32
)"},
      {R"(%y = graph.reverse %f {axes = array<i64: 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y/axis = Const() int32[1]{1}
y = ReverseV2(f, y/axis) T=float32 Tidx=int32
)"},
      {R"(%y = graph.gather %m, %n {axis = 1 : i64} : (tensor<4x5xf32>, tensor<?xi32>) -> tensor<4x?xf32> loc("y"))",
       R"(
y/axis = Const() int32[]{1}
y = GatherV2(m, n, y/axis) Taxis=int32 Tindices=int32 Tparams=float32 batch_dims=0
)"},
      {R"(%y = graph.unsorted_segment_sum %f, %n {num_segments = 3 : i64} : (tensor<?x4xf32>, tensor<?xi32>) -> tensor<3x4xf32> loc("y"))",
       R"(
y/num_segments = Const() int32[]{3}
y = UnsortedSegmentSum(f, n, y/num_segments) T=float32 Tindices=int32 Tnumsegments=int32
)"},
  };
}

} // namespace graphc::test
