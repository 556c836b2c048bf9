#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/NpyFile.h"
#include "tests/unit/examples/DataTesting.h"

namespace graphc {
namespace {

namespace fs = std::filesystem;
using test::readText;
using testing::HasSubstr;

class NpyFile : public test::DataTest {
protected:
  static Error errorOf(const fs::path &path) {
    return test::errorFrom([&] { read_npy(path); });
  }
  /// Version 1.0 with the given dictionary.
  static std::string file(std::string header, const std::string &elements) {
    return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header +
           elements;
  }
};

TEST_F(NpyFile, EveryDtypeAndRankComesBack) {
  for (DataType dtype : {float32, float64, int32, int64, bool_, uint8})
    for (const Shape &shape : {Shape{}, Shape{0}, Shape{5}, Shape{2, 3}, Shape{2, 1, 4}}) {
      Tensor tensor = Tensor::zeros(dtype, shape);
      for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
        static_cast<char *>(tensor.raw_data())[static_cast<std::size_t>(i) * size_of(dtype)] =
            static_cast<char>(i % 2);
      write_npy(folder / "x.npy", tensor);
      EXPECT_TRUE(read_npy(folder / "x.npy").identical_to(tensor)) << tensor.to_string();
    }
}

TEST_F(NpyFile, WordsOfTwoBytesAreWidened) {
  const fs::path path =
      write("x.npy", file("{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }",
                          std::string("\x05\x00\xff\xff\x01\x02", 6)));
  EXPECT_TRUE(read_npy(path).identical_to(Tensor::of<std::int32_t>({3}, {5, 65535, 513})));
  const fs::path shorter =
      write("y.npy", file("{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }",
                          std::string("\x05\x00\xff\xff\x01", 5)));
  EXPECT_EQ(errorOf(shorter).code(), Code::data_loss);
}

TEST_F(NpyFile, ElementsBeginAtAMultipleOf64Bytes) {
  write_npy(folder / "x.npy", Tensor(1.f));
  EXPECT_EQ((readText(folder / "x.npy").size() - 4) % 64, 0u);
}

TEST_F(NpyFile, GzippedFilesAreUnpacked) {
  const Tensor tensor = Tensor::of<float>({3}, {1, 2, 3});
  write_npy(folder / "x.npy", tensor);
  const fs::path packed = writePacked("x.npy.gz", readText(folder / "x.npy"));
  EXPECT_TRUE(read_npy(packed).identical_to(tensor));
}

TEST_F(NpyFile, WhatIsWrongIsSaid) {
  EXPECT_EQ(errorOf(folder / "none.npy").code(), Code::not_found);
  EXPECT_EQ(errorOf(write("a.npy", "")).code(), Code::data_loss);
  EXPECT_THAT(errorOf(write("b.npy", "no array at all")).message(),
              HasSubstr("it does not begin as one"));
  write_npy(folder / "c.npy", Tensor::zeros(float32, {1000}));
  const std::string whole = readText(folder / "c.npy");
  EXPECT_EQ(errorOf(write("d.npy", whole.substr(0, whole.size() - 1))).message(),
            "'" + (folder / "d.npy").string() +
                "' is truncated or damaged: 1 bytes of its elements are missing");
  EXPECT_THAT(
      errorOf(
          write("e.npy", file("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "1234")))
          .message(),
      HasSubstr("'>f4', expected little-endian"));
  EXPECT_THAT(
      errorOf(
          write("f.npy", file("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "1234")))
          .message(),
      HasSubstr("Fortran order"));
  EXPECT_THAT(
      errorOf(write("g.npy",
                    file("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "1234")))
          .message(),
      HasSubstr("its shape cannot be read"));
}

TEST_F(NpyFile, AnAbsurdShapeAllocatesNothing) {
  EXPECT_THAT(
      errorOf(
          write("h.npy", file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }",
                              "1234")))
          .message(),
      HasSubstr("its header promises 99999999999 elements"));
  EXPECT_THAT(
      errorOf(
          write(
              "i.npy",
              file(
                  "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }",
                  "")))
          .message(),
      HasSubstr("its shape is too large"));
}

} // namespace
} // namespace graphc
