// Tests of reading data, from files that the tests write.
#pragma once

#include <filesystem>
#include <string>

#include <zlib.h>

#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {

class DataTest : public FolderTest {
protected:
  std::filesystem::path write(const std::string &name, const std::string &text) const {
    writeText(folder / name, text);
    return folder / name;
  }
  std::filesystem::path writePacked(const std::string &name, const std::string &text) const {
    const gzFile file = gzopen((folder / name).c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return folder / name;
  }

  /// What the error of `call` says, with the folder's path as "DIR".
  template <typename Call> std::string messageOf(Call call) const {
    std::string message = errorFrom(call).message();
    if (const std::size_t at = message.find(folder.string()); at != std::string::npos)
      message.replace(at, folder.string().size(), "DIR");
    return message;
  }
};

} // namespace graphc::test
