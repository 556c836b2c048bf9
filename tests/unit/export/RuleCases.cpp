// Written from what the rules gave, and read; TensorFlow loads every one of these graphs.
#include "RuleCases.h"

namespace graphc::test {

const std::vector<RuleCase> &ruleCases() {
  static const std::vector<RuleCase> cases = {
      {R"(%y = graph.abs %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Abs(f) T=float32
)"},
      {R"(%y = graph.ceil %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Ceil(f) T=float32
)"},
      {R"(%y = graph.elu %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Elu(f) T=float32
)"},
      {R"(%y = graph.exp %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Exp(f) T=float32
)"},
      {R"(%y = graph.floor %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Floor(f) T=float32
)"},
      {R"(%y = graph.identity %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Identity(f) T=float32
)"},
      {R"(%y = graph.log %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Log(f) T=float32
)"},
      {R"(%y = graph.negative %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Neg(f) T=float32
)"},
      {R"(%y = graph.ones_like %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = OnesLike(f) T=float32
)"},
      {R"(%y = graph.reciprocal %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Reciprocal(f) T=float32
)"},
      {R"(%y = graph.relu %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Relu(f) T=float32
)"},
      {R"(%y = graph.relu6 %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Relu6(f) T=float32
)"},
      {R"(%y = graph.round %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Round(f) T=float32
)"},
      {R"(%y = graph.rsqrt %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Rsqrt(f) T=float32
)"},
      {R"(%y = graph.selu %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Selu(f) T=float32
)"},
      {R"(%y = graph.sigmoid %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Sigmoid(f) T=float32
)"},
      {R"(%y = graph.sign %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Sign(f) T=float32
)"},
      {R"(%y = graph.softplus %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Softplus(f) T=float32
)"},
      {R"(%y = graph.sqrt %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Sqrt(f) T=float32
)"},
      {R"(%y = graph.square %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Square(f) T=float32
)"},
      {R"(%y = graph.stop_gradient %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = StopGradient(f) T=float32
)"},
      {R"(%y = graph.tanh %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Tanh(f) T=float32
)"},
      {R"(%y = graph.zeros_like %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = ZerosLike(f) T=float32
)"},
      {R"(%y = graph.floor %i : (tensor<?x4xi32>) -> tensor<?x4xi32> loc("y"))",
       R"(
y = Identity(i) T=int32
)"},
      {R"(%y = graph.add %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = AddV2(f, v) T=float32
)"},
      {R"(%y = graph.divide %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = RealDiv(f, v) T=float32
)"},
      {R"(%y = graph.floordiv %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = FloorDiv(f, v) T=float32
)"},
      {R"(%y = graph.floormod %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = FloorMod(f, v) T=float32
)"},
      {R"(%y = graph.maximum %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Maximum(f, v) T=float32
)"},
      {R"(%y = graph.minimum %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Minimum(f, v) T=float32
)"},
      {R"(%y = graph.multiply %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Mul(f, v) T=float32
)"},
      {R"(%y = graph.pow %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Pow(f, v) T=float32
)"},
      {R"(%y = graph.squared_difference %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = SquaredDifference(f, v) T=float32
)"},
      {R"(%y = graph.subtract %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Sub(f, v) T=float32
)"},
      {R"(%y = graph.divide %i, %i : (tensor<?x4xi32>, tensor<?x4xi32>) -> tensor<?x4xi32> loc("y"))",
       R"(
y = TruncateDiv(i, i) T=int32
)"},
      {R"(%y = graph.equal %f, %g : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = Equal(f, g) T=float32 incompatible_shape_error=true
)"},
      {R"(%y = graph.not_equal %f, %g : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = NotEqual(f, g) T=float32 incompatible_shape_error=true
)"},
      {R"(%y = graph.less %f, %g : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = Less(f, g) T=float32
)"},
      {R"(%y = graph.less_equal %f, %g : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = LessEqual(f, g) T=float32
)"},
      {R"(%y = graph.greater %f, %g : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = Greater(f, g) T=float32
)"},
      {R"(%y = graph.greater_equal %f, %g : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = GreaterEqual(f, g) T=float32
)"},
      {R"(%y = graph.logical_and %b, %b : (tensor<?x4xi1>, tensor<?x4xi1>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = LogicalAnd(b, b)
)"},
      {R"(%y = graph.logical_or %b, %b : (tensor<?x4xi1>, tensor<?x4xi1>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = LogicalOr(b, b)
)"},
      {R"(%y = graph.logical_xor %b, %b : (tensor<?x4xi1>, tensor<?x4xi1>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = NotEqual(b, b) T=bool incompatible_shape_error=true
)"},
      {R"(%y = graph.logical_not %b : (tensor<?x4xi1>) -> tensor<?x4xi1> loc("y"))",
       R"(
y = LogicalNot(b)
)"},
      {R"(%y = graph.leaky_relu %f {alpha = 0.25 : f64} : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = LeakyRelu(f) T=float32 alpha=0.25
)"},
      {R"(%y = graph.cast %i {dtype = f32} : (tensor<?x4xi32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Cast(i) DstT=float32 SrcT=int32 Truncate=false
)"},
      {R"(%y = graph.where %b, %f, %v : (tensor<?x4xi1>, tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = SelectV2(b, f, v) T=float32
)"},
      {R"(%y = graph.clip_by_value %f, %x, %x : (tensor<?x4xf32>, tensor<f32>, tensor<f32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = ClipByValue(f, x, x) T=float32
)"},
      {R"(%y = graph.add_n %f, %g, %f : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = AddN(f, g, f) N=3 T=float32
)"},
      {R"(%y = graph.bias_add %f, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = BiasAdd(f, v) T=float32 data_format=NHWC
)"},
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
      {R"(%y:2 = graph.split %f {axis = 1 : i64, sizes = array<i64: 2, 2>} : (tensor<?x4xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) loc("y")
%z = graph.add %y#1, %y#0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32> loc("z"))",
       R"(
y/split_dim = Const() int32[]{1}
y = Split(y/split_dim, f) T=float32 num_split=2
z = AddV2(y:1, y) T=float32
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
      {R"(%y = graph.cumsum %f {axis = 1 : i64, exclusive = true} : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y/axis = Const() int32[]{1}
y = Cumsum(f, y/axis) T=float32 Tidx=int32 exclusive=true reverse=false
)"},
      {R"(%y = graph.reverse_sequence %u, %n {seq_axis = 1 : i64} : (tensor<?x?x4xf32>, tensor<?xi32>) -> tensor<?x?x4xf32> loc("y"))",
       R"(
y = ReverseSequence(u, n) T=float32 Tlen=int32 batch_dim=0 seq_dim=1
)"},
      {R"(%y:2 = graph.top_k %f {k = 3 : i64} : (tensor<?x4xf32>) -> (tensor<?x3xf32>, tensor<?x3xi32>) loc("y"))",
       R"(
y/k = Const() int32[]{3}
y = TopKV2(f, y/k) T=float32 sorted=true
)"},
      {R"(%y = graph.in_top_k %f, %q {k = 2 : i64} : (tensor<?x4xf32>, tensor<?xi64>) -> tensor<?xi1> loc("y"))",
       R"(
y/k = Const() int64[]{2}
y = InTopKV2(f, q, y/k) T=int64
)"},
      {R"(%y = graph.gather_nd %m, %pairs : (tensor<4x5xf32>, tensor<2x2xi32>) -> tensor<2xf32> loc("y"))",
       R"(
y = GatherNd(m, pairs) Tindices=int32 Tparams=float32
)"},
      {R"(%z = graph.gather_nd %m, %pairs : (tensor<4x5xf32>, tensor<2x2xi32>) -> tensor<2xf32> loc("z")
%y = graph.scatter_nd %pairs, %z {shape = array<i64: 4, 5>} : (tensor<2x2xi32>, tensor<2xf32>) -> tensor<4x5xf32> loc("y"))",
       R"(
z = GatherNd(m, pairs) Tindices=int32 Tparams=float32
y/shape = Const() int32[2]{4,5}
y = ScatterNd(pairs, z, y/shape) T=float32 Tindices=int32
)"},
      {R"(%y = graph.reduce_sum %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Sum(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_mean %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Mean(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_max %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Max(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_min %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Min(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_prod %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Prod(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_sum %f : (tensor<?x4xf32>) -> tensor<f32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[2]{0,1}
y = Sum(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=false
)"},
      {R"(%y = graph.reduce_sum %r : (tensor<*xf32>) -> tensor<f32> loc("y"))",
       R"(
y/Rank = Rank(r) T=float32
y/range/start = Const() int32[]{0}
y/range/delta = Const() int32[]{1}
y/range = Range(y/range/start, y/Rank, y/range/delta) Tidx=int32
y = Sum(r, y/range) T=float32 Tidx=int32 keep_dims=false
)"},
      {R"(%y = graph.reduce_all %b {axes = array<i64: 0>} : (tensor<?x4xi1>) -> tensor<4xi1> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{0}
y = All(b, y/reduction_indices) Tidx=int32 keep_dims=false
)"},
      {R"(%y = graph.reduce_any %b {axes = array<i64: 0>} : (tensor<?x4xi1>) -> tensor<4xi1> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{0}
y = Any(b, y/reduction_indices) Tidx=int32 keep_dims=false
)"},
      {R"(%y = graph.argmax %f {axis = 1 : i64, dtype = i64} : (tensor<?x4xf32>) -> tensor<?xi64> loc("y"))",
       R"(
y/dimension = Const() int32[]{1}
y = ArgMax(f, y/dimension) T=float32 Tidx=int32 output_type=int64
)"},
      {R"(%y = graph.argmin %f {axis = 1 : i64, dtype = i64} : (tensor<?x4xf32>) -> tensor<?xi64> loc("y"))",
       R"(
y/dimension = Const() int32[]{1}
y = ArgMin(f, y/dimension) T=float32 Tidx=int32 output_type=int64
)"},
      {R"(%y = graph.l2_loss %f : (tensor<?x4xf32>) -> tensor<f32> loc("y"))",
       R"(
y = L2Loss(f) T=float32
)"},
      {R"(%y = graph.matmul %f, %m : (tensor<?x4xf32>, tensor<4x5xf32>) -> tensor<?x5xf32> loc("y"))",
       R"(
y = MatMul(f, m) T=float32 transpose_a=false transpose_b=false
)"},
      {R"(%y = graph.matmul %c, %m : (tensor<3x?x4xf32>, tensor<4x5xf32>) -> tensor<3x?x5xf32> loc("y"))",
       R"(
y = BatchMatMulV2(c, m) T=float32 adj_x=false adj_y=false
)"},
      {R"(%y = graph.matmul %m, %m {transpose_b = true} : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x4xf32> loc("y"))",
       R"(
y = MatMul(m, m) T=float32 transpose_a=false transpose_b=true
)"},
      {R"(%y:2 = graph.qr %m : (tensor<4x5xf32>) -> (tensor<4x4xf32>, tensor<4x5xf32>) loc("y"))",
       R"(
y = Qr(m) T=float32 full_matrices=false
)"},
      {R"(%y = graph.softmax %f {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = Softmax(f) T=float32
)"},
      {R"(%y = graph.softmax %c {axis = 0 : i64} : (tensor<3x?x4xf32>) -> tensor<3x?x4xf32> loc("y"))",
       R"(
y/perm = Const() int32[3]{2,1,0}
y/transpose = Transpose(c, y/perm) T=float32 Tperm=int32
y/Softmax = Softmax(y/transpose) T=float32
y = Transpose(y/Softmax, y/perm) T=float32 Tperm=int32
)"},
      {R"(%y = graph.log_softmax %f : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("y"))",
       R"(
y = LogSoftmax(f) T=float32
)"},
      {R"(%y:2 = graph.softmax_cross_entropy_with_logits %f, %g : (tensor<?x4xf32>, tensor<?x4xf32>) -> (tensor<?xf32>, tensor<?x4xf32>) loc("y"))",
       R"(
y = SoftmaxCrossEntropyWithLogits(f, g) T=float32
)"},
      {R"(%y:2 = graph.softmax_cross_entropy_with_logits %c, %c : (tensor<3x?x4xf32>, tensor<3x?x4xf32>) -> (tensor<3x?xf32>, tensor<3x?x4xf32>) loc("y"))",
       R"(
y/rows = Const() int32[2]{-1,4}
y/logits = Reshape(c, y/rows) T=float32 Tshape=int32
y/labels = Reshape(c, y/rows) T=float32 Tshape=int32
y/SoftmaxCrossEntropyWithLogits = SoftmaxCrossEntropyWithLogits(y/logits, y/labels) T=float32
y/Shape = Shape(c) T=float32 out_type=int32
y/Slice/begin = Const() int32[1]{0}
y/Slice/size = Const() int32[1]{2}
y/Slice = Slice(y/Shape, y/Slice/begin, y/Slice/size) Index=int32 T=int32
y/loss = Reshape(y/SoftmaxCrossEntropyWithLogits, y/Slice) T=float32 Tshape=int32
y/backprop = Reshape(y/SoftmaxCrossEntropyWithLogits:1, y/Shape) T=float32 Tshape=int32
y = IdentityN(y/loss, y/backprop) T=[float32,float32]
)"},
      {R"(%y:2 = graph.sparse_softmax_cross_entropy_with_logits %f, %q : (tensor<?x4xf32>, tensor<?xi64>) -> (tensor<?xf32>, tensor<?x4xf32>) loc("y"))",
       R"(
y = SparseSoftmaxCrossEntropyWithLogits(f, q) T=float32 Tlabels=int64
)"},
      {R"(%y = graph.conv2d %image, %filter {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>, tensor<3x3x3x5xf32>) -> tensor<2x4x4x5xf32> loc("y"))",
       R"(
y = Conv2D(image, filter) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.conv2d %image, %filter {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "EXPLICIT", explicit_paddings = array<i64: 0, 1, 2, 3>} : (tensor<2x8x8x3xf32>, tensor<3x3x3x5xf32>) -> tensor<2x4x6x5xf32> loc("y"))",
       R"(
y = Conv2D(image, filter) T=float32 data_format=NHWC dilations=[1,1,1,1] explicit_paddings=[0,0,0,1,2,3,0,0] padding=EXPLICIT strides=[1,2,2,1]
)"},
      {R"(%y = graph.conv2d_backprop_input %filter, %dy {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME", input_sizes = array<i64: 2, 8, 8, 3>} : (tensor<3x3x3x5xf32>, tensor<2x4x4x5xf32>) -> tensor<2x8x8x3xf32> loc("y"))",
       R"(
y/input_sizes = Const() int32[4]{2,8,8,3}
y = Conv2DBackpropInput(y/input_sizes, filter, dy) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.conv2d_backprop_filter %image, %dy {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME", filter_sizes = array<i64: 3, 3, 3, 5>} : (tensor<2x8x8x3xf32>, tensor<2x4x4x5xf32>) -> tensor<3x3x3x5xf32> loc("y"))",
       R"(
y/filter_sizes = Const() int32[4]{3,3,3,5}
y = Conv2DBackpropFilter(image, y/filter_sizes, dy) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.depthwise_conv2d %image, %deep {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>, tensor<3x3x3x2xf32>) -> tensor<2x4x4x6xf32> loc("y"))",
       R"(
y = DepthwiseConv2dNative(image, deep) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.depthwise_conv2d_backprop_input %deep, %ddeep {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME", input_sizes = array<i64: 2, 8, 8, 3>} : (tensor<3x3x3x2xf32>, tensor<2x4x4x6xf32>) -> tensor<2x8x8x3xf32> loc("y"))",
       R"(
y/input_sizes = Const() int32[4]{2,8,8,3}
y = DepthwiseConv2dNativeBackpropInput(y/input_sizes, deep, ddeep) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.depthwise_conv2d_backprop_filter %image, %ddeep {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME", filter_sizes = array<i64: 3, 3, 3, 2>} : (tensor<2x8x8x3xf32>, tensor<2x4x4x6xf32>) -> tensor<3x3x3x2xf32> loc("y"))",
       R"(
y/filter_sizes = Const() int32[4]{3,3,3,2}
y = DepthwiseConv2dNativeBackpropFilter(image, y/filter_sizes, ddeep) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.max_pool2d %image {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>) -> tensor<2x4x4x3xf32> loc("y"))",
       R"(
y = MaxPool(image) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.avg_pool2d %image {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>) -> tensor<2x4x4x3xf32> loc("y"))",
       R"(
y = AvgPool(image) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.max_pool2d_gradient %image, %half, %half {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>, tensor<2x4x4x3xf32>, tensor<2x4x4x3xf32>) -> tensor<2x8x8x3xf32> loc("y"))",
       R"(
y = MaxPoolGrad(image, half, half) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.max_pool2d_gradient_gradient %image, %half, %image {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>, tensor<2x4x4x3xf32>, tensor<2x8x8x3xf32>) -> tensor<2x4x4x3xf32> loc("y"))",
       R"(
y = MaxPoolGradGrad(image, half, image) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.avg_pool2d_gradient %half {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME", input_sizes = array<i64: 2, 8, 8, 3>} : (tensor<2x4x4x3xf32>) -> tensor<2x8x8x3xf32> loc("y"))",
       R"(
y/input_sizes = Const() int32[4]{2,8,8,3}
y = AvgPoolGrad(y/input_sizes, half) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.random_uniform {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : i64} : () -> tensor<2x3xf32> loc("y"))",
       R"(
y/shape = Const() int32[2]{2,3}
y = RandomUniform(y/shape) T=int32 dtype=float32 seed=5 seed2=6
)"},
      {R"(%y = graph.random_normal {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : i64} : () -> tensor<2x3xf32> loc("y"))",
       R"(
y/shape = Const() int32[2]{2,3}
y = RandomStandardNormal(y/shape) T=int32 dtype=float32 seed=5 seed2=6
)"},
      {R"(%y = graph.truncated_normal {dtype = f32, shape = array<i64: 2, 3>, seed = 5 : i64, seed2 = 6 : i64} : () -> tensor<2x3xf32> loc("y"))",
       R"(
y/shape = Const() int32[2]{2,3}
y = TruncatedNormal(y/shape) T=int32 dtype=float32 seed=5 seed2=6
)"},
      {R"(%y = graph.random_uniform %l {dtype = f32, stream = 3 : i64} : (tensor<2xi32>) -> tensor<?x?xf32> loc("y"))",
       R"(
y = RandomUniform(l) T=int32 dtype=float32 seed=0 seed2=0
)"},
      {R"(%y = graph.random_uniform_int %k, %k {shape = array<i64: 2>, stream = 4 : i64} : (tensor<i32>, tensor<i32>) -> tensor<2xi32> loc("y"))",
       R"(
y/shape = Const() int32[1]{2}
y = RandomUniformInt(y/shape, k, k) T=int32 Tout=int32 seed=0 seed2=0
)"},
      {R"(%y = graph.read_variable {variable = @w} : () -> tensor<4x5xf32> loc("y"))",
       R"(
y = Identity(w) T=float32
)"},
      {R"(%y = graph.assign %m {variable = @w} : (tensor<4x5xf32>) -> tensor<4x5xf32> loc("y"))",
       R"(
y = Assign(w, m) T=float32 use_locking=true validate_shape=true
)"},
      {R"(%y = graph.assign_add %m {variable = @w} : (tensor<4x5xf32>) -> tensor<4x5xf32> loc("y"))",
       R"(
y = AssignAdd(w, m) T=float32 use_locking=true
)"},
      {R"(%y = graph.assign_sub %m {variable = @w} : (tensor<4x5xf32>) -> tensor<4x5xf32> loc("y"))",
       R"(
y = AssignSub(w, m) T=float32 use_locking=true
)"},
      {R"(graph.apply_gradient_descent %x, %m {variable = @w} : (tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyGradientDescent(w, x, m) T=float32 use_locking=false
)"},
      {R"(graph.apply_momentum %x, %m, %x {variable = @w, accumulator = @s1, use_nesterov = true} : (tensor<f32>, tensor<4x5xf32>, tensor<f32>) -> () loc("y"))",
       R"(
y = ApplyMomentum(w, s1, x, m, x) T=float32 use_locking=false use_nesterov=true
)"},
      {R"(graph.apply_adagrad %x, %m {variable = @w, accumulator = @s1} : (tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyAdagrad(w, s1, x, m) T=float32 use_locking=false
)"},
      {R"(graph.apply_rms_prop %x, %x, %x, %x, %m {variable = @w, mean_square = @s1, momentum_slot = @s2} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyRMSProp(w, s1, s2, x, x, x, x, m) T=float32 use_locking=false
)"},
      {R"(graph.apply_centered_rms_prop %x, %x, %x, %x, %m {variable = @w, mean_gradient = @s1, mean_square = @s2, momentum_slot = @s3} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyCenteredRMSProp(w, s1, s2, s3, x, x, x, x, m) T=float32 use_locking=false
)"},
      {R"(graph.apply_adam %x, %x, %x, %x, %x, %x, %m {variable = @w, m = @s1, v = @s2} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyAdam(w, s1, s2, x, x, x, x, x, x, m) T=float32 use_locking=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_gradient_descent %x, %rows, %n {variable = @w} : (tensor<f32>, tensor<?x5xf32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/mul = Mul(rows, x) T=float32
y = ScatterSub(w, n, y/mul) T=float32 Tindices=int32 use_locking=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_momentum %x, %rows, %x, %n {variable = @w, accumulator = @s1} : (tensor<f32>, tensor<?x5xf32>, tensor<f32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/Unique = Unique(n) T=int32 out_idx=int32
y/Size = Size(y/Unique) T=int32 out_type=int32
y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/Size) T=float32 Tindices=int32 Tnumsegments=int32
y = SparseApplyMomentum(w, s1, x, y/UnsortedSegmentSum, y/Unique, x) T=float32 Tindices=int32 use_locking=false use_nesterov=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_adagrad %x, %rows, %n {variable = @w, accumulator = @s1} : (tensor<f32>, tensor<?x5xf32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/Unique = Unique(n) T=int32 out_idx=int32
y/Size = Size(y/Unique) T=int32 out_type=int32
y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/Size) T=float32 Tindices=int32 Tnumsegments=int32
y = SparseApplyAdagrad(w, s1, x, y/UnsortedSegmentSum, y/Unique) T=float32 Tindices=int32 use_locking=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_rms_prop %x, %x, %x, %x, %rows, %n {variable = @w, mean_square = @s1, momentum_slot = @s2} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<?x5xf32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/Unique = Unique(n) T=int32 out_idx=int32
y/Size = Size(y/Unique) T=int32 out_type=int32
y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/Size) T=float32 Tindices=int32 Tnumsegments=int32
y = SparseApplyRMSProp(w, s1, s2, x, x, x, x, y/UnsortedSegmentSum, y/Unique) T=float32 Tindices=int32 use_locking=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_centered_rms_prop %x, %x, %x, %x, %rows, %n {variable = @w, mean_gradient = @s1, mean_square = @s2, momentum_slot = @s3} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<?x5xf32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/Unique = Unique(n) T=int32 out_idx=int32
y/Size = Size(y/Unique) T=int32 out_type=int32
y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/Size) T=float32 Tindices=int32 Tnumsegments=int32
y = SparseApplyCenteredRMSProp(w, s1, s2, s3, x, x, x, x, y/UnsortedSegmentSum, y/Unique) T=float32 Tindices=int32 use_locking=false
)"},
      {R"(%y = graph.scalar_summary %x {tag = "loss"} : (tensor<f32>) -> tensor<13xui8> loc("y"))",
       R"(
y/tags = Const() string[]{"loss"}
y = ScalarSummary(y/tags, x) T=float32
)"},
      {R"(%y = graph.histogram_summary %v {tag = "w"} : (tensor<4xf32>) -> tensor<209xui8> loc("y"))",
       R"(
y/tags = Const() string[]{"w"}
y = HistogramSummary(y/tags, v) T=float32
)"},
      {R"(%z = graph.scalar_summary %x {tag = "loss"} : (tensor<f32>) -> tensor<13xui8> loc("z")
%y = graph.merge_summary %z, %z : (tensor<13xui8>, tensor<13xui8>) -> tensor<26xui8> loc("y"))",
       R"(
z/tags = Const() string[]{"loss"}
z = ScalarSummary(z/tags, x) T=float32
y = MergeSummary(z, z) N=2
)"},
      {R"(%p = graph.placeholder {dtype = f32, shape = array<i64: -1, 2>} : () -> tensor<?x2xf32> loc("p")
%y = graph.tanh %p : (tensor<?x2xf32>) -> tensor<?x2xf32> loc("y")
graph.no_op {control_inputs = ["y", "w"]} loc("done"))",
       R"(
y = Tanh(p) T=float32
done = NoOp(^w, ^y)
)"},
      {R"(%h = graph.constant {value = dense<0.0> : tensor<f32>} : () -> tensor<f32> loc("h")
%zero = graph.fill %h, %l : (tensor<f32>, tensor<2xi32>) -> tensor<?x4xf32> loc("zero")
%y:2 = graph.static_rnn sequences(%c : tensor<3x?x4xf32>) states(%zero : tensor<?x4xf32>) captured(%v : tensor<4xf32>) {steps = 3 : i64, reverse = true} -> tensor<3x?x4xf32>, tensor<?x4xf32> {
^bb0(%x_t: tensor<?x4xf32>, %h_t: tensor<?x4xf32>, %v_t: tensor<4xf32>):
  %t = graph.step_index : () -> tensor<i32> loc("t")
  %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32> loc("one")
  %u1 = graph.random_uniform {dtype = f32, shape = array<i64: 4>, stream = 9 : i64} : () -> tensor<4xf32> loc("mask")
  %a = graph.multiply %v_t, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32> loc("a")
  %s = graph.add %x_t, %h_t : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32> loc("s")
  %s2 = graph.multiply %s, %a : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("s2")
  graph.yield %s2, %s : tensor<?x4xf32>, tensor<?x4xf32>
} loc("y"))",
       R"(
h = Const() float32[]{0}
zero = Fill(l, h) T=float32 index_type=int32
y/steps = Const() int32[]{3}
y/range/start = Const() int32[]{0}
y/range/delta = Const() int32[]{1}
y/range = Range(y/range/start, y/steps, y/range/delta) Tidx=int32
y/last = Sub(y/steps, y/range/delta) T=int32
y/TensorArray_input = TensorArrayV3(y/steps) clear_after_read=true dtype=float32 dynamic_size=false element_shape=[?,4] identical_element_shapes=true tensor_array_name=y/TensorArray_input
y/TensorArrayUnstack = TensorArrayScatterV3(y/TensorArray_input, y/range, c, y/TensorArray_input:1) T=float32
y/TensorArray_output = TensorArrayV3(y/steps) clear_after_read=true dtype=float32 dynamic_size=false element_shape=[?,4] identical_element_shapes=true tensor_array_name=y/TensorArray_output
y/Enter = Enter(y/range/start) T=int32 frame_name=y is_constant=false parallel_iterations=32
y/Merge = Merge(y/Enter, y/NextIteration) N=2 T=int32
y/Enter_1 = Enter(zero) T=float32 frame_name=y is_constant=false parallel_iterations=32
y/Merge_1 = Merge(y/Enter_1, y/NextIteration_1) N=2 T=float32
y/Enter_2 = Enter(y/TensorArray_output:1) T=float32 frame_name=y is_constant=false parallel_iterations=32
y/Merge_2 = Merge(y/Enter_2, y/NextIteration_2) N=2 T=float32
y/Enter_3 = Enter(y/steps) T=int32 frame_name=y is_constant=true parallel_iterations=32
y/Less = Less(y/Merge, y/Enter_3) T=int32
y/LoopCond = LoopCond(y/Less)
y/Switch = Switch(y/Merge, y/LoopCond) T=int32
y/Identity = Identity(y/Switch:1) T=int32
y/Exit = Exit(y/Switch) T=int32
y/Switch_1 = Switch(y/Merge_1, y/LoopCond) T=float32
y/Identity_1 = Identity(y/Switch_1:1) T=float32
y/Exit_1 = Exit(y/Switch_1) T=float32
y/Switch_2 = Switch(y/Merge_2, y/LoopCond) T=float32
y/Identity_2 = Identity(y/Switch_2:1) T=float32
y/Exit_2 = Exit(y/Switch_2) T=float32
y/Enter_4 = Enter(y/last) T=int32 frame_name=y is_constant=true parallel_iterations=32
y/step = Sub(y/Enter_4, y/Identity) T=int32
y/Enter_5 = Enter(y/TensorArray_input) T=resource frame_name=y is_constant=true parallel_iterations=32
y/Enter_6 = Enter(y/TensorArrayUnstack) T=float32 frame_name=y is_constant=true parallel_iterations=32
y/Enter_7 = Enter(y/TensorArray_output) T=resource frame_name=y is_constant=true parallel_iterations=32
y/TensorArrayReadV3 = TensorArrayReadV3(y/Enter_5, y/step, y/Enter_6) dtype=float32
y/Enter_8 = Enter(v) T=float32 frame_name=y is_constant=true parallel_iterations=32
t = Identity(y/step) T=int32
one = Const(^y/Identity) float32[]{1}
mask/shape = Const(^y/Identity) int32[1]{4}
mask/key/shape = Const() int32[1]{2}
mask/key/min = Const() int32[]{0}
mask/key/max = Const() int32[]{2147483647}
mask/key = RandomUniformInt(mask/key/shape, mask/key/min, mask/key/max) T=int32 Tout=int32 seed=0 seed2=0
mask/key/Enter = Enter(mask/key) T=int32 frame_name=y is_constant=true parallel_iterations=32
mask/seed = AddV2(mask/key/Enter, y/step) T=int32
mask = StatelessRandomUniform(mask/shape, mask/seed) T=int32 Tseed=int32 dtype=float32
a = Mul(y/Enter_8, one) T=float32
s = AddV2(y/TensorArrayReadV3, y/Identity_1) T=float32
s2_1 = Mul(s, a) T=float32
y/add/y = Const(^y/Identity) int32[]{1}
y/add = AddV2(y/Identity, y/add/y) T=int32
y/TensorArrayWriteV3 = TensorArrayWriteV3(y/Enter_7, y/step, s2_1, y/Identity_2) T=float32
y/NextIteration = NextIteration(y/add) T=int32
y/NextIteration_1 = NextIteration(s) T=float32
y/NextIteration_2 = NextIteration(y/TensorArrayWriteV3) T=float32
y/TensorArrayStack = TensorArrayGatherV3(y/TensorArray_output, y/range, y/Exit_2) dtype=float32 element_shape=[?,4]
y = IdentityN(y/TensorArrayStack, y/Exit_1) T=[float32,float32]
)"},
  };
  return cases;
}

} // namespace graphc::test
