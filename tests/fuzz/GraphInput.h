// An input of the importer's fuzzer: a byte that says which message follows, and its bytes.
#pragma once

#include <string>
#include <string_view>

inline std::string graphInput(bool metaGraph, std::string_view bytes) {
  return std::string(1, metaGraph ? 'M' : 'G').append(bytes);
}

struct GraphBytes {
  bool metaGraph = false;
  std::string_view bytes;
};
inline GraphBytes graphBytes(std::string_view input) {
  if (input.empty())
    return {};
  return {input[0] == 'M', input.substr(1)};
}
