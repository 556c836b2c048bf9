// Graphs in protobuf's text form, written by the tests.
#pragma once

#include <initializer_list>
#include <string>

#include <graphc/graphc.h>

#include "frontend/import/ImportGraphDef.h"
#include "tests/unit/files/FolderTesting.h"

namespace graphc::test {

/// `attributes` are lines such as `attr { key: "T" value { type: DT_FLOAT } }`.
inline std::string node(const std::string &name, const std::string &op,
                        std::initializer_list<const char *> inputs,
                        const std::string &attributes = {}) {
  std::string text = "node { name: \"" + name + "\" op: \"" + op + "\"";
  for (const char *input : inputs)
    text += " input: \"" + std::string(input) + "\"";
  return text + " " + attributes + " }\n";
}

inline std::string attribute(const std::string &key, const std::string &value) {
  return "attr { key: \"" + key + "\" value { " + value + " } } ";
}

/// A float32 placeholder; `dims` as "dim { size: -1 } dim { size: 2 }".
inline std::string placeholder(const std::string &name, const std::string &dims) {
  return node(name, "Placeholder", {},
              attribute("dtype", "type: DT_FLOAT") + attribute("shape", "shape { " + dims + " }"));
}

/// A constant; `tensor` as "dtype: DT_INT32 tensor_shape {} int_val: 1".
inline std::string constant(const std::string &name, const std::string &tensor) {
  return node(name, "Const", {}, attribute("value", "tensor { " + tensor + " }"));
}

/// Tests that import from files in a folder of their own.
class ImportTest : public FolderTest {
protected:
  std::vector<ImportedElement> importText(const std::string &text,
                                          const ImportOptions &options = {}) {
    writeText(folder / "graph.pbtxt", text);
    return import_graph_def(graph, folder / "graph.pbtxt", options);
  }
  /// The message of the error that importing the text gives, the file's name taken off.
  std::string errorOf(const std::string &text, const ImportOptions &options = {}) {
    std::string message = errorFrom([&] { importText(text, options); }).message();
    const std::string name = "'" + in("graph.pbtxt") + "'";
    EXPECT_TRUE(message.starts_with(name)) << message;
    return message.substr(std::min(message.size(), name.size()));
  }

  Graph graph;
};

} // namespace graphc::test
