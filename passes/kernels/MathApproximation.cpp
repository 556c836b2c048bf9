// The polynomials are minimax fits of our own (Remez exchange in 60 digits); the schemes around
// them are the classical ones: Cody and Waite's reduction by two parts of ln 2, and s = f / (2 + f)
// for logarithms in double precision.
#include "passes/kernels/MathApproximation.h"

#include <cmath>
#include <limits>

#include "passes/kernels/FloatEmitter.h"

using namespace mlir;

namespace graphc {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// What differs between f32 and f64.
struct Format {
  int mantissaBits, bias;
  double magic;           ///< 1.5 * 2^mantissaBits: adding it leaves an integer in the low bits
  double ln2High, ln2Low; ///< the high part times any exponent is exact
  ArrayRef<double> exponential;           ///< (exp(r) - 1 - r) / r^2, |r| <= ln(2) / 2
  ArrayRef<double> exponentialMinusOne;   ///< the same, with small error relative to exp(r) - 1
  double exponentialLow, exponentialHigh; ///< beyond them exp gives 0 or infinity
};

// Largest relative errors: 3.1e-9 and 3.7e-18 of exp, 1.4e-8 and 2.7e-19 of exp - 1.
constexpr double kExp32[] = {0.49999993412501566, 0.16666520107819590, 0.041668394210893869,
                             0.0083687804111805337, 0.0013814467059326511};
constexpr double kExp64[] = {0.5000000000000010721,    0.16666666666666410234,
                             0.041666666666529188524,  0.0083333333334956237914,
                             0.0013888888943922654965, 0.00019841269504765382794,
                             2.4801492762781810918e-5, 2.75575873421640255e-6,
                             2.7630378625210987254e-7, 2.4999965359640574466e-8};
constexpr double kExpm1_32[] = {0.49999998144029792, 0.16666543178220849, 0.041667201797758809,
                                0.0083665803238073347, 0.0013882508891410797};
constexpr double kExpm1_64[] = {
    0.50000000000000000086,   0.16666666666666676596,   0.041666666666666507339,
    0.0083333333333216076188, 0.0013888888888962911333, 0.00019841269886207405185,
    2.4801587171818105583e-5, 2.7557244104744817638e-6, 2.7557402964376580875e-7,
    2.5109081204748166777e-8, 2.0875320412628177371e-9};

const Format kSingle = {23,     127,       12582912.0, 0x1.62e4p-1, 0x1.7f7d1cf79abcap-20,
                        kExp32, kExpm1_32, -104.0,     89.0};
const Format kDouble = {52,
                        1023,
                        6755399441055744.0,
                        0x1.62e42fee00000p-1,
                        0x1.a39ef35793c76p-33,
                        kExp64,
                        kExpm1_64,
                        -746.0,
                        710.0};

const Format &formatOf(const FloatEmitter &e) { return e.isDouble() ? kDouble : kSingle; }

/// x = n ln 2 + r with |r| <= ln(2) / 2.
struct Reduced {
  Value n, r; ///< n: an integer of the float's width
};

Reduced reduceByLn2(FloatEmitter &e, Value x) {
  const Format &format = formatOf(e);
  const Value magic = e.constant(format.magic);
  const Value shifted = e.multiplyAdd(x, e.constant(1.4426950408889634), magic);
  const Value n = e.subtract(shifted, magic);
  Value r = e.multiplyAdd(n, e.constant(-format.ln2High), x);
  r = e.multiplyAdd(n, e.constant(-format.ln2Low), r);
  return {e.subtractInteger(e.bits(shifted), e.bits(magic)), r};
}

/// 2^n for n within the normal exponents.
Value powerOfTwo(FloatEmitter &e, Value n) {
  const Format &format = formatOf(e);
  return e.fromBits(e.shiftLeft(e.addInteger(n, e.integer(format.bias)), format.mantissaBits));
}

/// (1 + r + r^2 P(r)) 2^n; the scale is applied in two halves, as it may be beyond the normal
/// range.
Value exponential(FloatEmitter &e, Value x) {
  const Format &format = formatOf(e);
  x = e.atLeast(e.atMost(x, e.constant(format.exponentialHigh)), e.constant(format.exponentialLow));
  const auto [n, r] = reduceByLn2(e, x);
  Value p = e.polynomial(r, format.exponential);
  p = e.add(e.multiplyAdd(p, e.multiply(r, r), r), e.constant(1));
  // n / 2 rounded down, by a logical shift of a number made positive.
  const Value half =
      e.subtractInteger(e.shiftRight(e.addInteger(n, e.integer(4096)), 1), e.integer(2048));
  return e.multiply(e.multiply(p, powerOfTwo(e, half)), powerOfTwo(e, e.subtractInteger(n, half)));
}

/// x = n step + r with |r| <= |step| / 2, and 2^(n + exponent). Adding a great number rounds to an
/// integer and leaves it in the low bits, with the exponent's bias when that is part of the number.
struct Scaled {
  Value r, scale;
};

Scaled reduceBy(FloatEmitter &e, Value x, double perLn2, int exponent, bool exact) {
  const Format &format = formatOf(e);
  const Value magic = e.constant(format.magic + format.bias + exponent);
  const Value shifted = e.multiplyAdd(x, e.constant(1.4426950408889634 * perLn2), magic);
  const Value n = e.subtract(shifted, magic);
  const double high = exact ? format.ln2High : 0.693147180559945309417;
  Value r = e.multiplyAdd(n, e.constant(-high / perLn2), x);
  if (exact)
    r = e.multiplyAdd(n, e.constant(-format.ln2Low / perLn2), r);
  return {r, e.fromBits(e.shiftLeft(e.bits(shifted), format.mantissaBits))};
}

/// exp(2x) - 1 for |x| <= 20.
Value exponentialOfTwiceMinusOne(FloatEmitter &e, Value x) {
  // What a single product lacks of n ln 2 matters as little as what exp adds to 1 for great n.
  const auto [r, scale] = reduceBy(e, x, 2, 0, /*exact=*/e.isDouble());
  SmallVector<double, 12> coefficients(formatOf(e).exponentialMinusOne);
  double power = 4;
  for (double &c : coefficients) {
    c *= power;
    power *= 2;
  }
  const Value p = e.multiplyAdd(e.polynomial(r, coefficients), e.multiply(r, r), e.add(r, r));
  return e.multiplyAdd(scale, p, e.subtract(scale, e.constant(1)));
}

/// x = 2^k m with m in [sqrt(1/2), sqrt(2)), for positive finite x.
struct Mantissa {
  Value k, m; ///< k as a float
};

Mantissa splitMantissa(FloatEmitter &e, Value x) {
  const bool isDouble = e.isDouble();
  const Format &format = formatOf(e);
  const Value tiny = e.less(x, e.constant(isDouble ? 0x1p-1022 : 0x1p-126));
  x = e.select(tiny, e.multiply(x, e.constant(isDouble ? 0x1p54 : 0x1p25)), x);
  const Value lift = e.select(tiny, e.constant(isDouble ? -54 : -25), e.constant(0));
  const Value bits = e.bits(x);
  // Bits of sqrt(1/2), less 2^(width-2) so that the difference is positive.
  const std::int64_t root = isDouble ? 0x3fe6a09e667f3bcd : 0x3f3504f3;
  const std::int64_t offset = isDouble ? std::int64_t{1} << 62 : 1 << 30;
  const Value k = e.subtractInteger(
      e.shiftRight(e.addInteger(bits, e.integer(offset - root)), format.mantissaBits),
      e.integer(offset >> format.mantissaBits));
  const Value m = e.fromBits(e.subtractInteger(bits, e.shiftLeft(k, format.mantissaBits)));
  // A small integer to a float without a conversion, which AVX2 lacks for 64 bits.
  const Value magic = e.constant(format.magic);
  const Value kFloat = e.subtract(e.fromBits(e.addInteger(k, e.bits(magic))), magic);
  return {e.add(kFloat, lift), m};
}

// (log(1 + f) - f + f^2 / 2) / f^3 for 1 + f in [sqrt(1/2), sqrt(2)); relative error of
// log 7.5e-10.
constexpr double kLog32[] = {0.33333312604295070,  -0.25000009598317472, 0.20002118642565147,
                             -0.16667995904872703, 0.14219552732485368,  -0.12405588241635570,
                             0.11888158846950967,  -0.11675654570782283, 0.067466515233641350};
// (atanh(s) - s) / s^3 in s^2, |s| <= 3 - 2 sqrt(2); relative error 1.3e-18.
constexpr double kAtanh64[] = {0.33333333333333672305,  0.19999999999707158907,
                               0.14285714371237691613,  0.11111099281724645873,
                               0.090917824339773776045, 0.076570179071620416002,
                               0.073980527779787379365};
// The same for |s| <= 1/3; relative errors 1.2e-10 and 1.4e-18.
constexpr double kAtanhThird32[] = {0.33333337813358713, 0.19999438629986888, 0.14308449890058996,
                                    0.10713738814683971, 0.12150836376966393};
constexpr double kAtanhThird64[] = {0.33333333333333151706,  0.20000000000078697868,
                                    0.1428571427391668775,   0.11111111985536018058,
                                    0.090908719377800842217, 0.076932805080600353678,
                                    0.066504793662201285273, 0.060531037334754777486,
                                    0.041697782931262889485, 0.085098061182022372954};

Value logarithm(FloatEmitter &e, Value x) {
  const auto [k, m] = splitMantissa(e, x);
  const Format &format = formatOf(e);
  const Value f = e.subtract(m, e.constant(1));
  const Value halfSquare = e.multiply(e.multiply(f, f), e.constant(0.5));
  Value rest; // log(1 + f) = f - (halfSquare - rest)
  if (e.isDouble()) {
    const Value s = e.divide(f, e.add(f, e.constant(2)));
    const Value z = e.multiply(s, s);
    const Value r = e.multiply(e.multiply(z, e.constant(2)), e.polynomial(z, kAtanh64));
    rest = e.multiply(s, e.add(halfSquare, r));
  } else {
    rest = e.multiply(e.multiply(e.multiply(f, f), f), e.polynomial(f, kLog32));
  }
  rest = e.multiplyAdd(k, e.constant(format.ln2Low), rest);
  const Value result =
      e.multiplyAdd(k, e.constant(format.ln2High), e.subtract(f, e.subtract(halfSquare, rest)));
  // Infinity and NaN pass; zero gives -infinity, anything below it NaN.
  const Value zero = e.constant(0);
  Value special = e.select(e.equal(x, zero), e.constant(-kInfinity), e.constant(kNan));
  special = e.select(e.greater(x, zero), x, special);
  const Value finite = e.logicalAnd(e.greater(x, zero), e.less(x, e.constant(kInfinity)));
  return e.select(finite, result, special);
}

// (1 + 2x) exp(x^2) erfc(x) as a polynomial in u in [-1, 1], the middle part of t = (x - 2.2) / (x
// + 2.2) stretched (the form of Shepherd and Laframboise, Math. Comp. 1981), from 0.65 to where erf
// rounds to one; Chebyshev interpolation of our own, errors 5e-11 and 1.3e-16.
constexpr double kErfc32[] = {
    1.2824955277080619,      -0.029228062845887998,  -0.036943018303583382, 0.015910566115273882,
    -0.0027028781262930152,  1.0395332933069835e-05, 6.039869228990282e-05, -1.523334692098037e-06,
    -1.5639502882180861e-06, -1.366382905382535e-08};
constexpr double kErfc64[] = {
    1.2759720304504114,      -0.048844451231702134,   -0.040242055090564589,
    0.023115516307929896,    -0.0052297428795055039,  0.00017538848176388219,
    0.00015675044773469458,  -1.2984221977144841e-05, -6.3530217341780381e-06,
    3.5192258588679791e-07,  3.1965409878602029e-07,  1.1342154868354313e-08,
    -1.5355913605109615e-08, -2.6056548789266403e-09, 4.7493709612574566e-10,
    1.8798375915774734e-10,  4.0785907824891902e-12};

/// 1 - erf(x) for 0.65 <= x <= last.
Value complementOfErf(FloatEmitter &e, Value x, double last) {
  const auto place = [](double at) { return (at - 2.2) / (at + 2.2); };
  const double middle = (place(0.65) + place(last)) / 2, half = (place(last) - place(0.65)) / 2;
  const Value t = e.divide(e.subtract(x, e.constant(2.2)), e.add(x, e.constant(2.2)));
  const Value u = e.multiply(e.subtract(t, e.constant(middle)), e.constant(1 / half));
  const Value p =
      e.polynomial(u, e.isDouble() ? ArrayRef<double>(kErfc64) : ArrayRef<double>(kErfc32));
  const Value scaled = e.divide(p, e.multiplyAdd(x, e.constant(2), e.constant(1)));
  return e.multiply(scaled, exponential(e, e.negate(e.multiply(x, x))));
}

/// erf(x) for |x| <= 0.65, by its power series.
Value erfNearZero(FloatEmitter &e, Value x) {
  SmallVector<double, 14> coefficients;
  double factor = 1.1283791670955126; // 2 / sqrt(pi)
  for (int n = 0; n < (e.isDouble() ? 14 : 9); ++n) {
    coefficients.push_back(factor / (2 * n + 1));
    factor /= -(n + 1);
  }
  return e.multiply(x, e.polynomial(e.multiply(x, x), coefficients));
}

/// log(1 + t) for 0 <= t <= 1.
Value logarithmOfOnePlus(FloatEmitter &e, Value t) {
  const Value s = e.divide(t, e.add(t, e.constant(2)));
  const Value z = e.multiply(s, s);
  const Value p = e.polynomial(z, e.isDouble() ? ArrayRef<double>(kAtanhThird64)
                                               : ArrayRef<double>(kAtanhThird32));
  const Value twice = e.add(s, s);
  return e.multiplyAdd(e.multiply(twice, z), p, twice);
}

} // namespace

Value emitMultiplyAdd(OpBuilder &builder, Location loc, Value a, Value b, Value c) {
  return FloatEmitter(builder, loc, a.getType()).multiplyAdd(a, b, c);
}

Value emitExp(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  return exponential(e, x);
}

Value emitLog(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  return logarithm(e, x);
}

Value emitTanh(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  // (exp(2x) - 1) / (exp(2x) + 1); beyond the limits the quotient rounds to 1.
  const double most = e.isDouble() ? 20 : 10;
  const Value limited = e.atLeast(e.atMost(x, e.constant(most)), e.constant(-most));
  const Value m = exponentialOfTwiceMinusOne(e, limited);
  // Only a zero can have lost its sign.
  return e.withSignOf(e.divide(m, e.add(m, e.constant(2))), x);
}

Value emitExpm1(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  // 2 t / (1 - t) with t = tanh(x / 2) keeps its digits near zero; above one exp(x) - 1 does.
  const Value t = emitTanh(builder, loc, e.multiply(x, e.constant(0.5)));
  const Value near = e.divide(e.add(t, t), e.subtract(e.constant(1), t));
  const Value far = e.subtract(exponential(e, x), e.constant(1));
  // Halving would lose the last digit of a denormal.
  const Value same = e.less(e.abs(x), e.constant(e.isDouble() ? 1e-17 : 1e-8));
  return e.select(e.greater(x, e.constant(1)), far, e.select(same, x, near));
}

Value emitLog1p(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  // log(u) / (u - 1) times x: the quotient changes little where u = 1 + x is rounded, and so
  // corrects for it (Kahan).
  const Value u = e.add(x, e.constant(1));
  const Value corrected = e.multiply(logarithm(e, u), e.divide(x, e.subtract(u, e.constant(1))));
  const Value whole = e.logicalOr(e.equal(u, e.constant(1)), e.equal(u, e.constant(kInfinity)));
  return e.select(whole, x, corrected);
}

Value emitErf(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  const double last = e.isDouble() ? 6.1 : 4.2;
  const Value magnitude = e.abs(x);
  const Value limited = e.atLeast(e.atMost(magnitude, e.constant(last)), e.constant(0.65));
  const Value far = e.subtract(e.constant(1), complementOfErf(e, limited, last));
  // The series is not looked at far from zero, but must not overflow into NaN there.
  const Value near = erfNearZero(e, e.atLeast(e.atMost(x, e.constant(0.65)), e.constant(-0.65)));
  return e.select(e.greater(magnitude, e.constant(0.65)), e.copySign(far, x), near);
}

Value emitSigmoid(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  // 1 / (1 + exp(-x)), both scaled down so that exp does not overflow before the quotient is zero,
  // denormal results included. Beyond 40 the sum is 1.
  constexpr int down = 64;
  const Value limited =
      e.atLeast(e.atMost(x, e.constant(40)), e.constant(formatOf(e).exponentialLow));
  // -x = n ln 2 - r: without a negation of x, as odd powers of r change their sign.
  const auto [r, scale] = reduceBy(e, limited, -1, -down, /*exact=*/true);
  SmallVector<double, 16> coefficients{1, 1};
  llvm::append_range(coefficients, formatOf(e).exponential);
  for (std::size_t i = 1; i < coefficients.size(); i += 2)
    coefficients[i] = -coefficients[i];
  const Value one = e.constant(std::ldexp(1.0, -down));
  return e.divide(one, e.multiplyAdd(e.polynomial(r, coefficients), scale, one));
}

Value emitSoftplus(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  const Value t = exponential(e, e.negate(e.abs(x)));
  return e.add(e.atLeast(x, e.constant(0)), logarithmOfOnePlus(e, t));
}

Value emitRsqrt(OpBuilder &builder, Location loc, Value x) {
  FloatEmitter e(builder, loc, x.getType());
  return e.divide(e.constant(1), e.sqrt(x));
}

Value emitPow(OpBuilder &builder, Location loc, Value x, Value y) {
  FloatEmitter narrow(builder, loc, x.getType());
  if (narrow.isDouble())
    return math::PowFOp::create(builder, loc, x, y);
  const Value wideX = narrow.convert(x, builder.getF64Type());
  const Value wideY = narrow.convert(y, builder.getF64Type());
  FloatEmitter e(builder, loc, wideX.getType());
  const Value zero = e.constant(0), one = e.constant(1);
  const Value magnitude = e.abs(wideX);
  Value result = exponential(e, e.multiply(wideY, logarithm(e, magnitude)));
  // A negative base: the sign of an odd power; NaN unless the power is an integer.
  const Value integral = e.equal(e.floor(wideY), wideY);
  const Value halfY = e.multiply(wideY, e.constant(0.5));
  const Value odd =
      e.logicalAnd(integral, e.compare(arith::CmpFPredicate::UNE, e.floor(halfY), halfY));
  const Value signedResult = e.copySign(result, wideX); // the result is not negative here
  const Value negativeFinite =
      e.logicalAnd(e.less(wideX, zero), e.greater(wideX, e.constant(-kInfinity)));
  result = e.select(odd, signedResult, result);
  result = e.select(
      e.logicalAnd(negativeFinite, e.compare(arith::CmpFPredicate::UNE, e.floor(wideY), wideY)),
      e.constant(kNan), result);
  // pow(x, 0) and pow(1, y) are 1 whatever the other is; so is pow(-1, +-infinity).
  const Value unit =
      e.logicalAnd(e.equal(magnitude, one), e.equal(e.abs(wideY), e.constant(kInfinity)));
  const Value isOne = e.logicalOr(e.logicalOr(e.equal(wideX, one), e.equal(wideY, zero)), unit);
  return e.convert(e.select(isOne, one, result), builder.getF32Type());
}

} // namespace graphc
