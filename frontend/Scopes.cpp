#include "frontend/Scopes.h"

#include <algorithm>
#include <cctype>

#include "runtime/Status.h"

namespace graphc {

static std::string toLower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

static bool isNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' ||
         c == '/' || c == '\\';
}

/// TensorFlow's patterns: op names and scopes at the root begin with a letter, a digit or a dot.
static void checkName(std::string_view name, bool nested, std::string_view what) {
  const bool begins =
      nested || std::isalnum(static_cast<unsigned char>(name.front())) || name.front() == '.';
  if (!begins || !std::ranges::all_of(name, isNameCharacter))
    throw Error(Code::invalid_argument,
                "'" + std::string(name) + "' is not a valid " + std::string(what) + " name");
}

std::string NameTable::unique_name(std::string_view name, bool mark_as_used) {
  std::string full = scope_.empty() ? std::string(name) : scope_ + "/" + std::string(name);
  const std::string base_key = toLower(full);
  std::string key = base_key;
  auto found = used_.find(key);
  int i = found == used_.end() ? 0 : found->second;
  if (mark_as_used)
    used_[key] = i + 1;
  if (i > 0) {
    while (used_.contains(key))
      key = base_key + "_" + std::to_string(i++);
    if (mark_as_used)
      used_[key] = 1;
    full += "_" + std::to_string(i - 1);
  }
  return full;
}

bool NameTable::is_used(const std::string &full_name) const {
  return used_.contains(toLower(full_name));
}

std::string NameTable::scope_for(std::string_view name) {
  if (name.empty())
    return "";
  checkName(name, !scope_.empty(), "scope");
  if (name.back() == '/')
    return std::string(name.substr(0, name.size() - 1));
  return unique_name(name);
}

std::string NameTable::op_name_for(std::string_view name) {
  if (name.empty())
    throw Error(Code::invalid_argument, "an op needs a name");
  checkName(name, !scope_.empty(), "op");
  if (name.back() == '/')
    return std::string(name.substr(0, name.size() - 1));
  return unique_name(name);
}

std::string VariableScopes::unique_scope(const std::string &prefix) const {
  const std::string full = current_.name.empty() ? prefix : current_.name + "/" + prefix;
  auto opened = [&](const std::string &name) {
    auto found = counts_.find(name);
    return found != counts_.end() && found->second > 0;
  };
  if (!opened(full))
    return prefix;
  int i = 1;
  while (opened(full + "_" + std::to_string(i)))
    ++i;
  return prefix + "_" + std::to_string(i);
}

void VariableScopes::close_subscopes(const std::string &full_name) {
  for (auto &[name, count] : counts_)
    if (full_name.empty() || name.starts_with(full_name + "/"))
      count = 0;
}

} // namespace graphc
