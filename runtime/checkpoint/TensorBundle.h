// TensorFlow's V2 checkpoint: PREFIX.index says where in PREFIX.data-*-of-* each tensor lies.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/Tensor.h"

namespace graphc {

class MappedFile;

/// Where one tensor lies.
struct BundleEntry {
  DataType dtype = float32;
  Shape shape;
  std::int32_t shard = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t masked_crc = 0;
  /// Why graphc cannot read it, "is of TensorFlow's type 7"; empty where it can.
  std::string obstacle = {};
};

struct BundleIndex {
  std::int32_t num_shards = 1;
  std::map<std::string, BundleEntry> entries;
};

/// What PREFIX.index holds; a pure function, safe on any bytes. Throws Error: data_loss, naming
/// `file` and the place, where they are damaged; unimplemented for what graphc does not read
/// (big-endian machines' checkpoints, compression, versions to come).
BundleIndex parse_bundle_index(std::string_view bytes, std::string_view file);

/// The tensor, copied from the bytes of its data file `file`. Throws Error: data_loss where they
/// end before it or its checksum is wrong, unimplemented for an entry with an obstacle.
Tensor read_bundle_tensor(const std::string &name, const BundleEntry &entry, std::string_view bytes,
                          std::string_view file);

/// A checkpoint that is open. The files may be replaced meanwhile: what was opened stays.
class TensorBundle {
public:
  /// Throws Error: not_found where there is no such checkpoint; else as parse_bundle_index.
  explicit TensorBundle(std::string prefix);
  ~TensorBundle();

  const std::string &prefix() const { return prefix_; }
  const std::map<std::string, BundleEntry> &entries() const { return index_.entries; }
  /// Null where there is none.
  const BundleEntry *find(const std::string &name) const;
  /// Throws Error: not_found, else as read_bundle_tensor.
  Tensor read(const std::string &name);

private:
  std::string prefix_;
  BundleIndex index_;
  /// Opened when first read; by number, of which a damaged index may claim billions.
  std::map<std::int32_t, std::unique_ptr<MappedFile>> shards_;
};

/// Writes PREFIX.data-00000-of-00001 and PREFIX.index. Whenever the process stops, a checkpoint
/// that was there before is there still, or the new one, whole. Folders are made where they lack.
/// Throws Error (invalid_argument) where something cannot be written.
void write_tensor_bundle(const std::string &prefix, const std::map<std::string, Tensor> &tensors);

/// Deletes the files of the checkpoint; what is not there is no error.
void delete_tensor_bundle(const std::string &prefix);

} // namespace graphc
