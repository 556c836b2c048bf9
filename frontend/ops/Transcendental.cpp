#include "frontend/ops/Transcendental.h"

#include "frontend/Recorder.h"
#include "frontend/ops/Math.h"

namespace graphc {

static Output unary(std::string_view op, const Output &x, std::string_view name,
                    std::string_view otherwise, Where where) {
  return recordOne(graphOf(x, op, where), op, {x}, {}, nameOr(name, otherwise), where);
}

Output expm1(const Output &x, std::string_view name, Where where) {
  return unary("expm1", x, name, "Expm1", where);
}
Output log1p(const Output &x, std::string_view name, Where where) {
  return unary("log1p", x, name, "Log1p", where);
}
Output sin(const Output &x, std::string_view name, Where where) {
  return unary("sin", x, name, "Sin", where);
}
Output cos(const Output &x, std::string_view name, Where where) {
  return unary("cos", x, name, "Cos", where);
}
Output tan(const Output &x, std::string_view name, Where where) {
  OpScope scope(graphOf(x, "tan", where), name, "Tan");
  const Output sine = sin(x, {}, where);
  return divide(sine, cos(x, {}, where), scope.name(), where);
}
Output erf(const Output &x, std::string_view name, Where where) {
  return unary("erf", x, name, "Erf", where);
}

Output nn::softsign(const Output &x, std::string_view name, Where where) {
  OpScope scope(graphOf(x, "softsign", where), name, "Softsign");
  const Output more = add(abs(x, {}, where), 1, {}, where);
  return divide(x, more, scope.name(), where);
}

} // namespace graphc
