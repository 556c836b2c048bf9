#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> elementwiseCases() {
  return {
      oneOp("abs %f", {"?x4xf32"}, {"y = Abs(f) T=float32"}),
      oneOp("ceil %f", {"?x4xf32"}, {"y = Ceil(f) T=float32"}),
      oneOp("elu %f", {"?x4xf32"}, {"y = Elu(f) T=float32"}),
      oneOp("exp %f", {"?x4xf32"}, {"y = Exp(f) T=float32"}),
      oneOp("floor %f", {"?x4xf32"}, {"y = Floor(f) T=float32"}),
      oneOp("identity %f", {"?x4xf32"}, {"y = Identity(f) T=float32"}),
      oneOp("log %f", {"?x4xf32"}, {"y = Log(f) T=float32"}),
      oneOp("negative %f", {"?x4xf32"}, {"y = Neg(f) T=float32"}),
      oneOp("ones_like %f", {"?x4xf32"}, {"y = OnesLike(f) T=float32"}),
      oneOp("reciprocal %f", {"?x4xf32"}, {"y = Reciprocal(f) T=float32"}),
      oneOp("relu %f", {"?x4xf32"}, {"y = Relu(f) T=float32"}),
      oneOp("relu6 %f", {"?x4xf32"}, {"y = Relu6(f) T=float32"}),
      oneOp("round %f", {"?x4xf32"}, {"y = Round(f) T=float32"}),
      oneOp("rsqrt %f", {"?x4xf32"}, {"y = Rsqrt(f) T=float32"}),
      oneOp("selu %f", {"?x4xf32"}, {"y = Selu(f) T=float32"}),
      oneOp("sigmoid %f", {"?x4xf32"}, {"y = Sigmoid(f) T=float32"}),
      oneOp("sign %f", {"?x4xf32"}, {"y = Sign(f) T=float32"}),
      oneOp("softplus %f", {"?x4xf32"}, {"y = Softplus(f) T=float32"}),
      oneOp("sqrt %f", {"?x4xf32"}, {"y = Sqrt(f) T=float32"}),
      oneOp("square %f", {"?x4xf32"}, {"y = Square(f) T=float32"}),
      oneOp("stop_gradient %f", {"?x4xf32"}, {"y = StopGradient(f) T=float32"}),
      oneOp("tanh %f", {"?x4xf32"}, {"y = Tanh(f) T=float32"}),
      oneOp("zeros_like %f", {"?x4xf32"}, {"y = ZerosLike(f) T=float32"}),
      oneOp("floor %i", {"?x4xi32"}, {"y = Identity(i) T=int32"}),
      oneOp("add %f, %v", {"?x4xf32"}, {"y = AddV2(f, v) T=float32"}),
      oneOp("divide %f, %v", {"?x4xf32"}, {"y = RealDiv(f, v) T=float32"}),
      oneOp("floordiv %f, %v", {"?x4xf32"}, {"y = FloorDiv(f, v) T=float32"}),
      oneOp("floormod %f, %v", {"?x4xf32"}, {"y = FloorMod(f, v) T=float32"}),
      oneOp("maximum %f, %v", {"?x4xf32"}, {"y = Maximum(f, v) T=float32"}),
      oneOp("minimum %f, %v", {"?x4xf32"}, {"y = Minimum(f, v) T=float32"}),
      oneOp("multiply %f, %v", {"?x4xf32"}, {"y = Mul(f, v) T=float32"}),
      oneOp("pow %f, %v", {"?x4xf32"}, {"y = Pow(f, v) T=float32"}),
      oneOp("squared_difference %f, %v", {"?x4xf32"}, {"y = SquaredDifference(f, v) T=float32"}),
      oneOp("subtract %f, %v", {"?x4xf32"}, {"y = Sub(f, v) T=float32"}),
      oneOp("divide %i, %i", {"?x4xi32"}, {"y = TruncateDiv(i, i) T=int32"}),
      oneOp("equal %f, %g", {"?x4xi1"},
            {"y = Equal(f, g) T=float32 incompatible_shape_error=true"}),
      oneOp("not_equal %f, %g", {"?x4xi1"},
            {"y = NotEqual(f, g) T=float32 incompatible_shape_error=true"}),
      oneOp("less %f, %g", {"?x4xi1"}, {"y = Less(f, g) T=float32"}),
      oneOp("less_equal %f, %g", {"?x4xi1"}, {"y = LessEqual(f, g) T=float32"}),
      oneOp("greater %f, %g", {"?x4xi1"}, {"y = Greater(f, g) T=float32"}),
      oneOp("greater_equal %f, %g", {"?x4xi1"}, {"y = GreaterEqual(f, g) T=float32"}),
      oneOp("logical_and %b, %b", {"?x4xi1"}, {"y = LogicalAnd(b, b)"}),
      oneOp("logical_or %b, %b", {"?x4xi1"}, {"y = LogicalOr(b, b)"}),
      oneOp("logical_xor %b, %b", {"?x4xi1"},
            {"y = NotEqual(b, b) T=bool incompatible_shape_error=true"}),
      oneOp("logical_not %b", {"?x4xi1"}, {"y = LogicalNot(b)"}),
      oneOp("leaky_relu %f {alpha = 0.25 : f64}", {"?x4xf32"},
            {"y = LeakyRelu(f) T=float32 alpha=0.25"}),
      oneOp("cast %i {dtype = f32}", {"?x4xf32"},
            {"y = Cast(i) DstT=float32 SrcT=int32 Truncate=false"}),
      oneOp("where %b, %f, %v", {"?x4xf32"}, {"y = SelectV2(b, f, v) T=float32"}),
      oneOp("clip_by_value %f, %x, %x", {"?x4xf32"}, {"y = ClipByValue(f, x, x) T=float32"}),
      oneOp("add_n %f, %g, %f", {"?x4xf32"}, {"y = AddN(f, g, f) N=3 T=float32"}),
      oneOp("bias_add %f, %v", {"?x4xf32"}, {"y = BiasAdd(f, v) T=float32 data_format=NHWC"}),
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
