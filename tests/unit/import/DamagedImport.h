// Damaged graphs, which give a graph or an error, and nothing else.
#pragma once

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "frontend/import/ImportGraphDef.h"

namespace graphc::test {

inline void importDamaged(const std::string &bytes) {
  Graph graph;
  try {
    import_graph_def(graph, GraphSource::bytes(bytes));
  } catch (const Error &error) {
    EXPECT_FALSE(error.message().empty());
    EXPECT_NE(error.code(), Code::internal) << error.what();
  }
}

/// `whole` with one to four of its bits turned over.
inline std::string withFlippedBits(const std::string &whole, std::mt19937 &random) {
  std::string bytes = whole;
  for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips)
    bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
  return bytes;
}

} // namespace graphc::test
