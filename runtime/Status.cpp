#include "runtime/Status.h"

#include <array>

namespace graphc {

std::string_view to_string(Code code) {
  constexpr std::array<std::string_view, 8> names = {"OK",
                                                     "INVALID_ARGUMENT",
                                                     "NOT_FOUND",
                                                     "ALREADY_EXISTS",
                                                     "FAILED_PRECONDITION",
                                                     "UNIMPLEMENTED",
                                                     "DATA_LOSS",
                                                     "INTERNAL"};
  return names[static_cast<std::size_t>(code)];
}

static std::string describe(Code code, const std::string &message, const std::string &op_name,
                            const SourceLine &where) {
  std::string text = std::string(to_string(code)) + ": " + message;
  if (!op_name.empty())
    text += " [op '" + op_name + "']";
  if (!where.file.empty())
    text += " [at " + where.file + ":" + std::to_string(where.line) + "]";
  return text;
}

Error::Error(Code code, std::string message, std::string op_name, SourceLine where)
    : std::runtime_error(describe(code, message, op_name, where)), code_(code),
      message_(std::move(message)), op_name_(std::move(op_name)), where_(std::move(where)) {}

std::string Error::scope() const {
  const std::size_t slash = op_name_.rfind('/');
  return slash == std::string::npos ? std::string() : op_name_.substr(0, slash);
}

} // namespace graphc
