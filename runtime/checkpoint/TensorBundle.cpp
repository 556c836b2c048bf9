#include "runtime/checkpoint/TensorBundle.h"

#include <limits>

#include <fmt/format.h>

#include "runtime/Status.h"
#include "runtime/checkpoint/StringTable.h"
#include "runtime/files/Crc32c.h"
#include "runtime/files/Files.h"
#include "runtime/protos/TensorTypes.h"
#include "runtime/protos/checkpoint.pb.h"

namespace graphc {

namespace fs = std::filesystem;

/// Versions of the format: TensorFlow writes 1 and asks readers for at least 0.
static constexpr int kVersion = 1;

static std::string indexFile(const std::string &prefix) { return prefix + ".index"; }

static std::string shardFile(const std::string &prefix, int shard, int shards) {
  return fmt::format("{}.data-{:05}-of-{:05}", prefix, shard, shards);
}

//===--- Reading ------------------------------------------------------------------------------===//

[[noreturn]] static void damaged(std::string_view file, std::string_view what) {
  throw Error(Code::data_loss, fmt::format("'{}' is truncated or damaged: {}", file, what));
}

static BundleEntry entryFrom(const proto::BundleEntry &message, const std::string &name,
                             std::int32_t shards, std::string_view file) {
  BundleEntry entry;
  entry.shard = message.shard_id();
  entry.masked_crc = message.crc32c();
  if (entry.shard < 0 || entry.shard >= shards || message.offset() < 0 || message.size() < 0)
    damaged(file, fmt::format("the place of tensor '{}' cannot be", name));
  entry.offset = static_cast<std::uint64_t>(message.offset());
  entry.size = static_cast<std::uint64_t>(message.size());

  if (message.slices_size() > 0) {
    entry.obstacle = "is partitioned";
    return entry;
  }
  const std::optional<DataType> dtype = from_tensorflow(message.dtype());
  if (!dtype) {
    entry.obstacle = fmt::format("is of TensorFlow's type {}", static_cast<int>(message.dtype()));
    return entry;
  }
  entry.dtype = *dtype;
  std::vector<std::int64_t> extents;
  std::uint64_t bytes = size_of(*dtype);
  for (const proto::TensorShape::Dim &dim : message.shape().dim()) {
    if (dim.size() < 0)
      damaged(file, fmt::format("tensor '{}' has an extent of {}", name, dim.size()));
    extents.push_back(dim.size());
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(dim.size()), &bytes))
      damaged(file, fmt::format("tensor '{}' is too large", name));
  }
  entry.shape = Shape(std::move(extents));
  if (message.shape().unknown_rank() || bytes != entry.size)
    damaged(file,
            fmt::format("tensor '{}' is {} and has {} bytes", name,
                        std::string(to_string(*dtype)) + entry.shape.to_string(), entry.size));
  return entry;
}

template <typename Message>
static Message parsed(std::string_view bytes, const std::string &name, std::string_view file) {
  Message message;
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    damaged(file, fmt::format("its entry '{}' cannot be read", name));
  return message;
}

BundleIndex parse_bundle_index(std::string_view bytes, std::string_view file) {
  const std::map<std::string, std::string> table = read_string_table(bytes, file);
  BundleIndex index;
  const auto first = table.find("");
  if (first == table.end())
    damaged(file, "it has no header");
  const auto header = parsed<proto::BundleHeader>(first->second, "", file);
  if (header.endianness() != proto::BundleHeader::LITTLE)
    throw Error(
        Code::unimplemented,
        fmt::format("'{}' was written on a big-endian machine, expected a little-endian one",
                    file));
  if (header.version().min_consumer() > kVersion)
    throw Error(Code::unimplemented,
                fmt::format("'{}' asks for readers of version {}, expected at most {}", file,
                            header.version().min_consumer(), kVersion));
  if (header.num_shards() < 1)
    damaged(file, fmt::format("it has {} data files", header.num_shards()));
  index.num_shards = header.num_shards();
  for (const auto &[name, text] : table)
    if (!name.empty())
      index.entries.emplace_hint(
          index.entries.end(), name,
          entryFrom(parsed<proto::BundleEntry>(text, name, file), name, index.num_shards, file));
  return index;
}

Tensor read_bundle_tensor(const std::string &name, const BundleEntry &entry, std::string_view bytes,
                          std::string_view file) {
  if (!entry.obstacle.empty())
    throw Error(Code::unimplemented,
                fmt::format("tensor '{}' {}, which graphc does not read", name, entry.obstacle));
  if (entry.offset > bytes.size() || entry.size > bytes.size() - entry.offset)
    damaged(file, fmt::format("tensor '{}' takes bytes {} to {} of {}", name, entry.offset,
                              entry.offset + entry.size, bytes.size()));
  const std::string_view elements = bytes.substr(entry.offset, entry.size);
  if (masked_crc32c(elements) != entry.masked_crc)
    damaged(file,
            fmt::format("the checksum of tensor '{}' at byte {} is wrong", name, entry.offset));
  Tensor tensor(entry.dtype, entry.shape);
  if (!elements.empty())
    std::memcpy(tensor.raw_data(), elements.data(), elements.size());
  // A C++ bool of another value is undefined.
  if (entry.dtype == bool_ &&
      elements.find_first_not_of(std::string_view("\0\1", 2)) != elements.npos)
    damaged(file, fmt::format("tensor '{}' has truth values that are neither 0 nor 1", name));
  return tensor;
}

TensorBundle::TensorBundle(std::string prefix) : prefix_(std::move(prefix)) {
  std::unique_ptr<MappedFile> file;
  try {
    file = std::make_unique<MappedFile>(indexFile(prefix_));
  } catch (const Error &error) {
    throw Error(Code::not_found, "there is no checkpoint '" + prefix_ + "': " + error.message());
  }
  index_ = parse_bundle_index(file->bytes(), indexFile(prefix_));
}

TensorBundle::~TensorBundle() = default;

const BundleEntry *TensorBundle::find(const std::string &name) const {
  const auto found = index_.entries.find(name);
  return found == index_.entries.end() ? nullptr : &found->second;
}

Tensor TensorBundle::read(const std::string &name) {
  const BundleEntry *entry = find(name);
  if (!entry)
    throw Error(Code::not_found, fmt::format("checkpoint '{}' has no tensor '{}'", prefix_, name));
  const std::string file = shardFile(prefix_, entry->shard, index_.num_shards);
  std::unique_ptr<MappedFile> &shard = shards_[entry->shard];
  if (!shard)
    shard = std::make_unique<MappedFile>(file);
  return read_bundle_tensor(name, *entry, shard->bytes(), file);
}

//===--- Writing ------------------------------------------------------------------------------===//

static void writeData(const std::string &file, const std::map<std::string, Tensor> &tensors) {
  std::vector<std::string_view> pieces;
  for (const auto &[name, tensor] : tensors)
    pieces.emplace_back(static_cast<const char *>(tensor.raw_data()), tensor.num_bytes());
  replace_file(file, pieces);
}

static void writeIndex(const std::string &prefix, int shard, int shards,
                       const std::map<std::string, Tensor> &tensors) {
  proto::BundleHeader header;
  header.set_num_shards(shards);
  header.mutable_version()->set_producer(kVersion);
  std::map<std::string, std::string> table{{"", header.SerializeAsString()}};
  std::int64_t offset = 0;
  for (const auto &[name, tensor] : tensors) {
    proto::BundleEntry entry;
    entry.set_dtype(to_tensorflow(tensor.dtype()));
    set_shape(*entry.mutable_shape(), tensor.shape());
    entry.set_shard_id(shard);
    entry.set_offset(offset);
    entry.set_size(static_cast<std::int64_t>(tensor.num_bytes()));
    entry.set_crc32c(
        masked_crc32c({static_cast<const char *>(tensor.raw_data()), tensor.num_bytes()}));
    offset += entry.size();
    table[name] = entry.SerializeAsString();
  }
  replace_file(indexFile(prefix), write_string_table(table));
}

/// Does the checkpoint that is there keep its tensors in PREFIX.data-00000-of-00001?
static bool usesOnlyShard(const std::string &prefix) {
  try {
    const MappedFile index(indexFile(prefix));
    return parse_bundle_index(index.bytes(), indexFile(prefix)).num_shards == 1;
  } catch (const Error &) {
    return false; // there is none, or none that could be read
  }
}

void write_tensor_bundle(const std::string &prefix, const std::map<std::string, Tensor> &tensors) {
  const fs::path folder = fs::path(prefix).parent_path();
  std::error_code error;
  if (!folder.empty() && !fs::exists(folder) && !fs::create_directories(folder, error) && error)
    throw Error(Code::invalid_argument,
                "cannot make the folder '" + folder.string() + "': " + error.message());
  // The index names the data file: when the index is replaced, both are. So the new data must not
  // lie where the old index looks for the old data; it takes its usual name only when an index
  // stands that looks elsewhere.
  const std::string data = shardFile(prefix, 0, 1);
  const std::string aside = shardFile(prefix, 1, 2);
  if (usesOnlyShard(prefix)) {
    writeData(aside, tensors);
    writeIndex(prefix, 1, 2, tensors);
    replace_by_link(aside, data);
  } else {
    writeData(data, tensors);
  }
  writeIndex(prefix, 0, 1, tensors);
  fs::remove(aside, error);
}

void delete_tensor_bundle(const std::string &prefix) {
  const fs::path path(prefix);
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const std::string data = path.filename().string() + ".data-";
  std::error_code error;
  // First the index: without it, the data are no checkpoint.
  fs::remove(indexFile(prefix), error);
  std::vector<fs::path> shards;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder, error))
    if (entry.path().filename().string().starts_with(data))
      shards.push_back(entry.path());
  for (const fs::path &shard : shards)
    fs::remove(shard, error);
}

} // namespace graphc
