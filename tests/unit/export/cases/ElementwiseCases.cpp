#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> elementwiseCases() {
  return {
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
      {R"(%y:2 = graph.split %f {axis = 1 : i64, sizes = array<i64: 2, 2>} : (tensor<?x4xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) loc("y")
%z = graph.add %y#1, %y#0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32> loc("z"))",
       R"(
y/split_dim = Const() int32[]{1}
y = Split(y/split_dim, f) T=float32 num_split=2
z = AddV2(y:1, y) T=float32
)"},
  };
}

} // namespace graphc::test
