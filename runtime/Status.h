// The one kind of error a user of graphc meets.
#pragma once

#include <cstdint>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace graphc {

/// TensorFlow's error codes, as far as graphc needs them.
enum class Code : std::uint8_t {
  ok,
  invalid_argument,    ///< a wrong shape, dtype, attribute, feed or option
  not_found,           ///< an unknown name
  already_exists,      ///< a variable made twice without reuse
  failed_precondition, ///< a variable read before it was initialised
  unimplemented,       ///< a gradient or a lowering that does not exist
  data_loss,           ///< a truncated or damaged file
  internal,            ///< a defect of graphc
};

std::string_view to_string(Code code);

/// Where in the user's program something was said; empty when nothing is known.
struct SourceLine {
  std::string file;
  std::uint32_t line = 0;

  SourceLine() = default;
  SourceLine(std::string file, std::uint32_t line) : file(std::move(file)), line(line) {}
  SourceLine(const std::source_location &where) // NOLINT: a source location is a source line
      : file(where.file_name()), line(where.line()) {}
};

/// What building, compiling or running a graph reports when it cannot go on.
/// `what()` is "CODE: message [op 'scope/name'] [at file:line]".
class Error : public std::runtime_error {
public:
  Error(Code code, std::string message, std::string op_name = {}, SourceLine where = {});

  Code code() const { return code_; }
  /// What was expected and what came, without place.
  const std::string &message() const { return message_; }
  /// The op's full name, scopes included; empty where no op is concerned.
  const std::string &op_name() const { return op_name_; }
  /// The scopes of op_name(), without its last part.
  std::string scope() const;
  const SourceLine &where() const { return where_; }

private:
  Code code_;
  std::string message_;
  std::string op_name_;
  SourceLine where_;
};

} // namespace graphc
