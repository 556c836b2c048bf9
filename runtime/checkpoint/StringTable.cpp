// Format (LevelDB's doc/table_format.md): data blocks, an empty block of metadata, a block that
// says where the data blocks are, a footer that says where these two blocks are.
//
// A block is entries, the offsets of those entries that are whole ("restarts"), and their number;
// other entries leave out what their key shares with the key before. Behind every block stand its
// compression and a checksum.
#include "runtime/checkpoint/StringTable.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "runtime/Status.h"
#include "runtime/files/Crc32c.h"

namespace graphc {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie in memory");

namespace {

constexpr std::uint64_t kMagic = 0xdb4775248b80fb57;
constexpr std::size_t kTrailerBytes = 5; ///< one for the compression, four for the checksum
constexpr std::size_t kFooterBytes = 48;
constexpr std::size_t kBlockBytes = 262144; ///< TensorFlow's; a block is closed once it is as large
constexpr std::size_t kRestartInterval = 16;
/// A key may share all of the one before it but a byte, so that few bytes could stand for keys
/// without end. A writer that restarts every 16 entries cannot expand its bytes by more than that.
constexpr std::size_t kLargestExpansion = 4 * kRestartInterval;

struct BlockPlace {
  std::uint64_t offset = 0;
  std::uint64_t size = 0; ///< without the trailer
};

//===--- Reading ------------------------------------------------------------------------------===//

class Cursor {
public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  bool atEnd() const { return at_ == bytes_.size(); }
  std::size_t position() const { return at_; }

  /// Seven bits a byte, the lowest first, the top bit set in all but the last byte, which is zero
  /// only where it is the first: a number is written in one way alone.
  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !atEnd(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80)
        return byte == 0 && shift > 0 ? std::nullopt : std::optional(value);
    }
    return std::nullopt;
  }

  std::optional<std::string_view> take(std::uint64_t count) {
    if (count > bytes_.size() - at_)
      return std::nullopt;
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }

private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

template <typename T> T numberAt(std::string_view bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

class Reader {
public:
  Reader(std::string_view bytes, std::string_view file) : bytes_(bytes), file_(file) {}

  std::map<std::string, std::string> entries() {
    std::uint64_t end = 0;
    const Footer footer = readFooter();
    readBlock(footer.metadata, [](const std::string &, std::string_view, std::size_t) {});
    readBlock(footer.index, [&](const std::string &, std::string_view value, std::size_t offset) {
      Cursor cursor(value);
      const BlockPlace place = readPlace(cursor, offset);
      // In order and apart, as they are written: no byte is read twice.
      if (place.offset < end)
        damaged(offset, "its data blocks overlap");
      end = place.offset + place.size;
      blocks_.push_back(place);
    });
    for (const BlockPlace &place : blocks_)
      readBlock(place, [&](const std::string &key, std::string_view value, std::size_t offset) {
        if (!entries_.empty() && key <= entries_.rbegin()->first)
          damaged(offset, "its keys are not in order");
        keyBytes_ += key.size();
        if (keyBytes_ > kLargestExpansion * bytes_.size())
          damaged(offset, "its keys are larger than the file can hold");
        entries_.emplace_hint(entries_.end(), key, value);
      });
    return std::move(entries_);
  }

private:
  [[noreturn]] void damaged(std::size_t offset, std::string_view what) const {
    throw Error(Code::data_loss,
                fmt::format("'{}' is truncated or damaged at byte {}: {}", file_, offset, what));
  }

  BlockPlace readPlace(Cursor &cursor, std::size_t offset) const {
    const auto begin = cursor.varint();
    const auto size = cursor.varint();
    if (!begin || !size)
      damaged(offset, "the place of a block cannot be read");
    const std::uint64_t end = bytes_.size() - kFooterBytes;
    if (*begin > end || *size > end - *begin || end - *begin - *size < kTrailerBytes)
      damaged(offset, fmt::format("a block of {} bytes at byte {} does not fit in {} bytes", *size,
                                  *begin, bytes_.size()));
    return {*begin, *size};
  }

  struct Footer {
    BlockPlace metadata, index;
  };

  Footer readFooter() const {
    if (bytes_.size() < kFooterBytes)
      damaged(bytes_.size(), fmt::format("an index has at least {} bytes", kFooterBytes));
    const std::size_t begin = bytes_.size() - kFooterBytes;
    if (numberAt<std::uint64_t>(bytes_, bytes_.size() - 8) != kMagic)
      damaged(bytes_.size() - 8, "an index ends in other bytes");
    Cursor cursor(bytes_.substr(begin, kFooterBytes - 8));
    const BlockPlace metadata = readPlace(cursor, begin);
    const BlockPlace index = readPlace(cursor, begin);
    while (!cursor.atEnd())
      if (*cursor.take(1) != std::string_view("\0", 1))
        damaged(begin + cursor.position() - 1, "the footer is not filled up with zeros");
    return {metadata, index};
  }

  /// Calls `entry(key, value, offset in the file)` for every entry of the block.
  template <typename Entry> void readBlock(const BlockPlace &place, Entry entry) const {
    const std::size_t trailer = place.offset + place.size;
    const std::string_view checked = bytes_.substr(place.offset, place.size + 1);
    if (numberAt<std::uint32_t>(bytes_, trailer + 1) != masked_crc32c(checked))
      damaged(place.offset, "the checksum of a block is wrong");
    if (bytes_[trailer] != 0)
      throw Error(Code::unimplemented,
                  fmt::format("'{}' has a compressed block (kind {}) at byte {}, expected blocks "
                              "without compression, as TensorFlow writes checkpoints",
                              file_, static_cast<int>(bytes_[trailer]), place.offset));
    if (place.size < 4)
      damaged(place.offset, "a block is too small");
    const std::uint64_t restarts = numberAt<std::uint32_t>(bytes_, trailer - 4);
    if (restarts > (place.size - 4) / 4)
      damaged(trailer - 4, "a block has more restarts than bytes");

    Cursor cursor(bytes_.substr(place.offset, place.size - 4 - 4 * restarts));
    std::string key;
    while (!cursor.atEnd()) {
      const std::size_t offset = place.offset + cursor.position();
      const auto shared = cursor.varint();
      const auto added = cursor.varint();
      const auto valueBytes = cursor.varint();
      if (!shared || !added || !valueBytes || *shared > key.size())
        damaged(offset, "an entry cannot be read");
      const auto rest = cursor.take(*added);
      const auto value = rest ? cursor.take(*valueBytes) : std::nullopt;
      if (!value)
        damaged(offset, "an entry is larger than its block");
      key.resize(*shared);
      key += *rest;
      entry(key, *value, offset);
    }
  }

  std::string_view bytes_;
  std::string_view file_;
  std::vector<BlockPlace> blocks_;
  std::map<std::string, std::string> entries_;
  std::size_t keyBytes_ = 0;
};

//===--- Writing ------------------------------------------------------------------------------===//

template <typename T> void appendNumber(std::string &to, T number) {
  to.append(reinterpret_cast<const char *>(&number), sizeof(T));
}

void appendVarint(std::string &to, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7)
    to += static_cast<char>(number | 0x80);
  to += static_cast<char>(number);
}

std::string placeText(const BlockPlace &place) {
  std::string text;
  appendVarint(text, place.offset);
  appendVarint(text, place.size);
  return text;
}

class BlockWriter {
public:
  explicit BlockWriter(std::size_t restartInterval) : interval_(restartInterval) {}

  bool empty() const { return count_ == 0; }
  const std::string &lastKey() const { return lastKey_; }
  /// With the restarts.
  std::size_t bytes() const { return text_.size() + 4 * restarts_.size() + 4; }

  void add(const std::string &key, std::string_view value) {
    std::size_t shared = 0;
    if (count_ % interval_ != 0)
      shared =
          static_cast<std::size_t>(std::ranges::mismatch(lastKey_, key).in1 - lastKey_.begin());
    else if (count_ > 0)
      restarts_.push_back(static_cast<std::uint32_t>(text_.size()));
    appendVarint(text_, shared);
    appendVarint(text_, key.size() - shared);
    appendVarint(text_, value.size());
    text_.append(key, shared);
    text_ += value;
    lastKey_ = key;
    ++count_;
  }

  /// Appends the block to `file` and begins a new one.
  BlockPlace finish(std::string &file) {
    for (std::uint32_t restart : restarts_)
      appendNumber(text_, restart);
    appendNumber(text_, static_cast<std::uint32_t>(restarts_.size()));
    const BlockPlace place{file.size(), text_.size()};
    text_ += '\0'; // no compression
    file += text_;
    appendNumber(file, masked_crc32c(text_));
    *this = BlockWriter(interval_);
    return place;
  }

private:
  std::size_t interval_;
  std::string text_;
  std::string lastKey_;
  std::vector<std::uint32_t> restarts_{0};
  std::size_t count_ = 0;
};

/// A short key from `last` on and before `next`: cut behind the first byte that can be counted up.
std::string separator(const std::string &last, const std::string &next) {
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(last, next).in1 - last.begin());
  if (at >= last.size() || at >= next.size())
    return last;
  const auto byte = static_cast<unsigned char>(last[at]);
  if (byte == 0xff || byte + 1 >= static_cast<unsigned char>(next[at]))
    return last;
  return last.substr(0, at) + static_cast<char>(byte + 1);
}

/// A short key from `last` on.
std::string successor(const std::string &last) {
  for (std::size_t at = 0; at < last.size(); ++at)
    if (const auto byte = static_cast<unsigned char>(last[at]); byte != 0xff)
      return last.substr(0, at) + static_cast<char>(byte + 1);
  return last;
}

} // namespace

std::map<std::string, std::string> read_string_table(std::string_view bytes,
                                                     std::string_view file) {
  return Reader(bytes, file).entries();
}

std::string write_string_table(const std::map<std::string, std::string> &entries) {
  std::string file;
  BlockWriter data(kRestartInterval);
  BlockWriter index(1);
  std::string lastKey;
  // Where the last finished block is: it stands in the index once the next one's first key is
  // known.
  std::string finished;
  for (const auto &[key, value] : entries) {
    if (!finished.empty())
      index.add(separator(lastKey, key), finished);
    finished.clear();
    data.add(key, value);
    lastKey = key;
    if (data.bytes() >= kBlockBytes)
      finished = placeText(data.finish(file));
  }
  if (!data.empty())
    finished = placeText(data.finish(file));
  if (!finished.empty())
    index.add(successor(lastKey), finished);
  const std::string metadata = placeText(BlockWriter(1).finish(file));

  std::string footer = metadata + placeText(index.finish(file));
  footer.resize(kFooterBytes - 8);
  appendNumber(footer, kMagic);
  return file + footer;
}

} // namespace graphc
