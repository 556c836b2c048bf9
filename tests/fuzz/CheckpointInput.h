// An input of the checkpoint fuzzer: the bytes of an index behind their number (two bytes, the low
// one first), and then those of a data file.
#pragma once

#include <string>
#include <string_view>

inline std::string checkpointInput(std::string_view index, std::string_view data) {
  std::string input{static_cast<char>(index.size() & 0xff), static_cast<char>(index.size() >> 8)};
  return input.append(index).append(data);
}

struct CheckpointParts {
  std::string_view index, data;
};
inline CheckpointParts checkpointParts(std::string_view input) {
  if (input.size() < 2)
    return {};
  const std::size_t size =
      static_cast<unsigned char>(input[0]) + 256u * static_cast<unsigned char>(input[1]);
  input.remove_prefix(2);
  return {input.substr(0, size), input.size() > size ? input.substr(size) : std::string_view()};
}
