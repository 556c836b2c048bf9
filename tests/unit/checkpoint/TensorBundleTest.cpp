// Checkpoints back and forth, their names on the disk, and refusals with their exact words.
#include "runtime/checkpoint/TensorBundle.h"

#include "runtime/checkpoint/StringTable.h"
#include "runtime/protos/checkpoint.pb.h"
#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {
namespace {

using Tensors = std::map<std::string, Tensor>;

class TensorBundles : public FolderTest {};

Tensors someTensors() {
  return {{"a/weights", Tensor::of<float>({2, 3}, {1, -2, 3.5f, 0, 1e-30f, 6})},
          {"a/weights/Adam", Tensor::of<double>({2}, {0.1, -1e300})},
          {"b", Tensor(std::int64_t{-7})},
          {"counts", Tensor::of<std::int32_t>({3}, {1, 2, -3})},
          {"flags", Tensor::of<bool>({2}, {true, false})},
          {"bytes", Tensor::of<std::uint8_t>({2, 1}, {0, 255})},
          {"none", Tensor::zeros(float32, {0, 4})}};
}

TEST_F(TensorBundles, EveryDtypeAndShapeComesBack) {
  const Tensors tensors = someTensors();
  write_tensor_bundle(in("new/folder/model-3"), tensors);
  TensorBundle bundle(in("new/folder/model-3"));
  EXPECT_EQ(bundle.entries().size(), tensors.size());
  for (const auto &[name, tensor] : tensors)
    EXPECT_TRUE(bundle.read(name).identical_to(tensor)) << name;
}

TEST_F(TensorBundles, HasTensorFlowsFileNames) {
  for (int repetition = 0; repetition < 3; ++repetition) {
    write_tensor_bundle(in("model"), someTensors());
    EXPECT_THAT(names(), testing::UnorderedElementsAre("model.index", "model.data-00000-of-00001"));
  }
  delete_tensor_bundle(in("model"));
  EXPECT_THAT(names(), testing::IsEmpty());
}

// What an interrupted replacement leaves: an index that looks elsewhere.
TEST_F(TensorBundles, AHalfReplacedOneIsReadAndReplaced) {
  write_tensor_bundle(in("model"), {{"x", Tensor(1.f)}});
  std::filesystem::rename(in("model.data-00000-of-00001"), in("model.data-00001-of-00002"));
  std::map<std::string, std::string> table = read_string_table(readText(in("model.index")), "");
  proto::BundleHeader header;
  header.ParseFromString(table[""]);
  header.set_num_shards(2);
  table[""] = header.SerializeAsString();
  proto::BundleEntry entry;
  entry.ParseFromString(table["x"]);
  entry.set_shard_id(1);
  table["x"] = entry.SerializeAsString();
  writeText(in("model.index"), write_string_table(table));
  EXPECT_EQ(TensorBundle(in("model")).read("x").scalar<float>(), 1);

  write_tensor_bundle(in("model"), {{"x", Tensor(2.f)}});
  EXPECT_EQ(TensorBundle(in("model")).read("x").scalar<float>(), 2);
  EXPECT_THAT(names(), testing::UnorderedElementsAre("model.index", "model.data-00000-of-00001"));
}

TEST_F(TensorBundles, AnOpenOneStaysWhileItIsReplaced) {
  write_tensor_bundle(in("model"), {{"x", Tensor(1.f)}});
  TensorBundle before(in("model"));
  EXPECT_EQ(before.read("x").scalar<float>(), 1);
  write_tensor_bundle(in("model"), {{"x", Tensor(2.f)}});
  EXPECT_EQ(before.read("x").scalar<float>(), 1);
}

TEST_F(TensorBundles, WhatIsMissingIsSaid) {
  EXPECT_EQ(errorFrom([&] { TensorBundle bundle(in("model")); }).message(),
            "there is no checkpoint '" + in("model") + "': cannot open '" + in("model.index") +
                "': No such file or directory");
  write_tensor_bundle(in("model"), someTensors());
  TensorBundle bundle(in("model"));
  const Error error = errorFrom([&] { bundle.read("c"); });
  EXPECT_EQ(error.code(), Code::not_found);
  EXPECT_EQ(error.message(), "checkpoint '" + in("model") + "' has no tensor 'c'");
  writeText(in("file"), "");
  EXPECT_EQ(errorFrom([&] { write_tensor_bundle(in("file/model"), {}); }).code(),
            Code::invalid_argument);
}

/// The index with the entry of "x", a float of 4 bytes, changed.
template <typename Change> std::string changed(Change change) {
  proto::BundleHeader header;
  header.set_num_shards(1);
  header.mutable_version()->set_producer(1);
  proto::BundleEntry entry;
  entry.set_dtype(proto::DT_FLOAT);
  entry.mutable_shape();
  entry.set_size(4);
  change(header, entry);
  return write_string_table({{"", header.SerializeAsString()}, {"x", entry.SerializeAsString()}});
}

template <typename Change> std::string refusal(Change change) {
  const std::string index = changed(change);
  return errorFrom([&] { parse_bundle_index(index, "t.index"); }).message();
}

using Header = proto::BundleHeader;
using Entry = proto::BundleEntry;

TEST_F(TensorBundles, AnIndexThatCannotBe) {
  EXPECT_EQ(parse_bundle_index(changed([](Header &, Entry &) {}), "t").entries.size(), 1u);
  EXPECT_EQ(refusal([](Header &header, Entry &) { header.set_num_shards(0); }),
            "'t.index' is truncated or damaged: it has 0 data files");
  EXPECT_EQ(refusal([](Header &header, Entry &) { header.set_endianness(Header::BIG); }),
            "'t.index' was written on a big-endian machine, expected a little-endian one");
  EXPECT_EQ(refusal([](Header &header, Entry &) { header.mutable_version()->set_min_consumer(9); }),
            "'t.index' asks for readers of version 9, expected at most 1");
  EXPECT_EQ(refusal([](Header &, Entry &entry) { entry.set_shard_id(1); }),
            "'t.index' is truncated or damaged: the place of tensor 'x' cannot be");
  EXPECT_EQ(refusal([](Header &, Entry &entry) { entry.set_offset(-1); }),
            "'t.index' is truncated or damaged: the place of tensor 'x' cannot be");
  EXPECT_EQ(refusal([](Header &, Entry &entry) { entry.set_size(5); }),
            "'t.index' is truncated or damaged: tensor 'x' is float32[] and has 5 bytes");
  EXPECT_EQ(refusal([](Header &, Entry &entry) { entry.mutable_shape()->add_dim()->set_size(-1); }),
            "'t.index' is truncated or damaged: tensor 'x' has an extent of -1");
  EXPECT_EQ(refusal([](Header &, Entry &entry) {
              for (int i = 0; i < 3; ++i)
                entry.mutable_shape()->add_dim()->set_size(1LL << 30);
            }),
            "'t.index' is truncated or damaged: tensor 'x' is too large");
  EXPECT_EQ(errorFrom([] { parse_bundle_index(write_string_table({}), "t.index"); }).message(),
            "'t.index' is truncated or damaged: it has no header");
  EXPECT_EQ(errorFrom([] {
              parse_bundle_index(write_string_table({{"", "\xff"}}), "t.index");
            }).message(),
            "'t.index' is truncated or damaged: its entry '' cannot be read");
}

TEST_F(TensorBundles, AnAbsurdSizeTakesNoMemory) {
  const std::string index = changed([](Header &, Entry &entry) {
    entry.mutable_shape()->add_dim()->set_size(1LL << 50);
    entry.set_size(1LL << 52);
  });
  const BundleIndex parsed = parse_bundle_index(index, "t.index");
  EXPECT_EQ(errorFrom([&] {
              read_bundle_tensor("x", parsed.entries.at("x"), "1234", "t.data");
            }).message(),
            "'t.data' is truncated or damaged: tensor 'x' takes bytes 0 to 4503599627370496 of 4");
}

TEST_F(TensorBundles, WhatGraphcHasNoTensorForStaysUnread) {
  auto readError = [](const std::string &index) {
    const BundleIndex parsed = parse_bundle_index(index, "t.index");
    const Error error =
        errorFrom([&] { read_bundle_tensor("x", parsed.entries.at("x"), "1234", "t.data"); });
    EXPECT_EQ(error.code(), Code::unimplemented);
    return error.message();
  };
  EXPECT_EQ(readError(changed([](Header &, Entry &entry) { entry.set_dtype(proto::DT_STRING); })),
            "tensor 'x' is of TensorFlow's type 7, which graphc does not read");
  EXPECT_EQ(readError(changed([](Header &, Entry &entry) { entry.add_slices(""); })),
            "tensor 'x' is partitioned, which graphc does not read");
}

} // namespace
} // namespace graphc::test
