#include "runtime/NpyFile.h"

#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <limits>
#include <utility>

#include <zlib.h>

#include "runtime/Status.h"

namespace graphc {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
// No header of a plain array comes near; a damaged length must not ask for gigabytes.
constexpr std::size_t kLargestHeader = 1 << 20;

constexpr std::array<std::pair<std::string_view, DataType>, 6> kDescriptors = {{{"<f4", float32},
                                                                                {"<f8", float64},
                                                                                {"<i4", int32},
                                                                                {"<i8", int64},
                                                                                {"|b1", bool_},
                                                                                {"|u1", uint8}}};

/// zlib's gz functions read plain files too.
class Input {
public:
  explicit Input(const std::filesystem::path &path)
      : path_(path), file_(gzopen(path.c_str(), "rb")) {
    if (!file_)
      throw Error(Code::not_found, "cannot open '" + path.string() + "'");
    gzbuffer(file_, 1 << 18);
  }
  ~Input() { gzclose(file_); }
  Input(const Input &) = delete;
  Input &operator=(const Input &) = delete;

  void read(void *to, std::size_t bytes, const char *what) {
    auto *out = static_cast<char *>(to);
    while (bytes > 0) {
      const unsigned piece = static_cast<unsigned>(std::min<std::size_t>(bytes, 1u << 30));
      const int got = gzread(file_, out, piece);
      if (got <= 0)
        throw Error(Code::data_loss, "'" + path_.string() +
                                         "' is truncated or damaged: " + std::to_string(bytes) +
                                         " bytes of its " + what + " are missing");
      out += got;
      bytes -= static_cast<std::size_t>(got);
    }
  }

private:
  std::filesystem::path path_;
  gzFile file_;
};

/// The text after `'key':` in the header's Python dictionary.
std::string_view valueOf(std::string_view header, std::string_view key) {
  const std::string quoted = "'" + std::string(key) + "':";
  std::size_t at = header.find(quoted);
  if (at == std::string_view::npos)
    return {};
  at += quoted.size();
  while (at < header.size() && header[at] == ' ')
    ++at;
  return header.substr(at);
}

} // namespace

Tensor read_npy(const std::filesystem::path &path) {
  Input input(path);
  auto damaged = [&](const std::string &what) {
    return Error(Code::data_loss, "'" + path.string() + "' is no .npy file: " + what);
  };

  std::array<char, 8> start{};
  input.read(start.data(), start.size(), "header");
  if (std::string_view(start.data(), kMagic.size()) != kMagic)
    throw damaged("it does not begin as one");
  const int version = start[6];
  if (version < 1 || version > 3)
    throw damaged("its format version is " + std::to_string(version));
  std::array<unsigned char, 4> length{};
  input.read(length.data(), version == 1 ? 2 : 4, "header");
  const std::size_t header_bytes = length[0] | length[1] << 8 |
                                   static_cast<std::size_t>(length[2]) << 16 |
                                   static_cast<std::size_t>(length[3]) << 24;
  if (header_bytes > kLargestHeader)
    throw damaged("its header claims " + std::to_string(header_bytes) + " bytes");
  std::string header(header_bytes, ' ');
  input.read(header.data(), header_bytes, "header");

  const std::string_view description = valueOf(header, "descr");
  // Words of two bytes are read to the end of the tensor's memory and widened from its start.
  const bool words = description.starts_with("'<u2'");
  const DataType *dtype = words ? &kDescriptors[2].second : nullptr;
  for (const auto &[name, type] : kDescriptors)
    if (description.substr(0, name.size() + 2) == "'" + std::string(name) + "'")
      dtype = &type;
  if (!dtype)
    throw Error(
        Code::invalid_argument,
        "'" + path.string() + "' holds elements of type " +
            std::string(description.substr(0, description.find(','))) +
            ", expected little-endian float32, float64, int32, int64, bool, uint8 or uint16");
  if (valueOf(header, "fortran_order").substr(0, 5) != "False")
    throw Error(Code::invalid_argument,
                "'" + path.string() + "' is in Fortran order, expected C order");

  std::string_view text = valueOf(header, "shape");
  if (text.empty() || text[0] != '(')
    throw damaged("its header names no shape");
  std::vector<std::int64_t> extents;
  std::int64_t elements = 1;
  for (std::size_t at = 1; at < text.size() && text[at] != ')'; ++at) {
    if (text[at] == ',' || text[at] == ' ')
      continue;
    std::int64_t extent = 0;
    if (!std::isdigit(static_cast<unsigned char>(text[at])))
      throw damaged("its shape cannot be read");
    for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])); ++at)
      if (__builtin_mul_overflow(extent, 10, &extent) ||
          __builtin_add_overflow(extent, text[at] - '0', &extent))
        throw damaged("its shape is too large");
    --at;
    extents.push_back(extent);
    if (__builtin_mul_overflow(elements, extent, &elements) ||
        elements > std::numeric_limits<std::int64_t>::max() / 8)
      throw damaged("its shape is too large");
  }
  // A header may promise more than the file holds: memory is taken only for what a file can hold,
  // given that gzip packs at most about a thousand to one.
  std::error_code ignored;
  const auto file_bytes = std::filesystem::file_size(path, ignored);
  if (!ignored && static_cast<double>(elements) * static_cast<double>(size_of(*dtype)) >
                      1100.0 * static_cast<double>(file_bytes) + 4096.0)
    throw Error(Code::data_loss, "'" + path.string() +
                                     "' is truncated or damaged: its header promises " +
                                     std::to_string(elements) + " elements");
  Tensor tensor(*dtype, Shape(std::move(extents)));
  if (words) {
    const auto bytes = static_cast<std::size_t>(elements) * sizeof(std::uint16_t);
    auto *narrow = static_cast<std::byte *>(tensor.raw_data()) + bytes;
    input.read(narrow, bytes, "elements");
    for (std::int64_t i = 0; i < elements; ++i) {
      std::uint16_t word = 0;
      std::memcpy(&word, narrow + static_cast<std::size_t>(i) * sizeof word, sizeof word);
      tensor.data<std::int32_t>()[i] = word;
    }
    return tensor;
  }
  if (tensor.num_bytes() > 0)
    input.read(tensor.raw_data(), tensor.num_bytes(), "elements");
  return tensor;
}

void write_npy(const std::filesystem::path &path, const Tensor &tensor) {
  std::string header = "{'descr': '";
  for (const auto &[name, type] : kDescriptors)
    if (type == tensor.dtype())
      header += name;
  header += "', 'fortran_order': False, 'shape': (";
  for (std::int64_t extent : tensor.shape().extents())
    header += std::to_string(extent) + ",";
  header += "), }";
  // The elements begin at a multiple of 64 bytes.
  const std::size_t before = kMagic.size() + 2 + 2;
  header.append(63 - (before + header.size()) % 64, ' ');
  header += '\n';
  std::ofstream file(path, std::ios::binary);
  file << kMagic << '\x01' << '\x00' << static_cast<char>(header.size() & 0xFF)
       << static_cast<char>(header.size() >> 8) << header;
  file.write(static_cast<const char *>(tensor.raw_data()),
             static_cast<std::streamsize>(tensor.num_bytes()));
  if (!file.flush())
    throw Error(Code::invalid_argument, "cannot write '" + path.string() + "'");
}

} // namespace graphc
