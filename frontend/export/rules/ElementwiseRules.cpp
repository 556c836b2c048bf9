#include "frontend/export/Rules.h"

namespace graphc::graphdef {

// RealDiv is for floats; of integers Div would do, but TruncateDiv says what happens.
static void writeDivide(OpNodes &op, llvm::StringRef) {
  writePlain(op, is_floating(op.dtype(0)) ? "RealDiv" : "TruncateDiv");
}

// Integers are whole already, and TensorFlow's rounding ops refuse them.
static void writeRounding(OpNodes &op, llvm::StringRef type) {
  writePlain(op, is_floating(op.dtype(0)) ? type : llvm::StringRef("Identity"));
}

static void writeLogical(OpNodes &op, llvm::StringRef type) { op.main(type, op.ins()); }

static void writeEquality(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("T", op.dtype(0)).flag("incompatible_shape_error", true);
}

static void writeLeakyRelu(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("T", op.dtype(0)).real("alpha", op.attributes().get_double("alpha"));
}

static void writeCast(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins())
      .type("SrcT", op.dtype(0))
      .type("DstT", op.resultType().dtype)
      .flag("Truncate", false);
}

static void writeWhere(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("T", op.dtype(1));
}

static void writeAddN(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("T", op.dtype(0)).integer("N", op.numInputs());
}

static void writeBiasAdd(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("T", op.dtype(0)).text("data_format", "NHWC");
}

std::span<const Rule> elementwiseRules() {
  static constexpr Rule rules[] = {
      {"abs", "Abs", writePlain},
      {"add", "AddV2", writePlain},
      {"add_n", "AddN", writeAddN},
      {"bias_add", "BiasAdd", writeBiasAdd},
      {"cast", "Cast", writeCast},
      {"ceil", "Ceil", writeRounding},
      {"clip_by_value", "ClipByValue", writePlain},
      {"cos", "Cos", writePlain},
      {"divide", "RealDiv", writeDivide},
      {"elu", "Elu", writePlain},
      {"equal", "Equal", writeEquality},
      {"erf", "Erf", writePlain},
      {"exp", "Exp", writePlain},
      {"expm1", "Expm1", writePlain},
      {"floor", "Floor", writeRounding},
      {"floordiv", "FloorDiv", writePlain},
      {"floormod", "FloorMod", writePlain},
      {"greater", "Greater", writePlain},
      {"greater_equal", "GreaterEqual", writePlain},
      {"identity", "Identity", writePlain},
      {"leaky_relu", "LeakyRelu", writeLeakyRelu},
      {"less", "Less", writePlain},
      {"less_equal", "LessEqual", writePlain},
      {"log", "Log", writePlain},
      {"log1p", "Log1p", writePlain},
      {"logical_and", "LogicalAnd", writeLogical},
      {"logical_not", "LogicalNot", writeLogical},
      {"logical_or", "LogicalOr", writeLogical},
      {"logical_xor", "NotEqual", writeEquality}, // TensorFlow has no such op
      {"maximum", "Maximum", writePlain},
      {"minimum", "Minimum", writePlain},
      {"multiply", "Mul", writePlain},
      {"negative", "Neg", writePlain},
      {"not_equal", "NotEqual", writeEquality},
      {"ones_like", "OnesLike", writePlain},
      {"pow", "Pow", writePlain},
      {"reciprocal", "Reciprocal", writePlain},
      {"relu", "Relu", writePlain},
      {"relu6", "Relu6", writePlain},
      {"round", "Round", writePlain},
      {"rsqrt", "Rsqrt", writePlain},
      {"selu", "Selu", writePlain},
      {"sigmoid", "Sigmoid", writePlain},
      {"sign", "Sign", writePlain},
      {"sin", "Sin", writePlain},
      {"softplus", "Softplus", writePlain},
      {"sqrt", "Sqrt", writePlain},
      {"square", "Square", writePlain},
      {"squared_difference", "SquaredDifference", writePlain},
      {"stop_gradient", "StopGradient", writePlain},
      {"subtract", "Sub", writePlain},
      {"tanh", "Tanh", writePlain},
      {"where", "SelectV2", writeWhere},
      {"zeros_like", "ZerosLike", writePlain},
  };
  return rules;
}

} // namespace graphc::graphdef
