// Functions of a graph's library in protobuf's text form, written by the tests.
#pragma once

#include <algorithm>
#include <vector>

#include "tests/unit/import/GraphText.h"

namespace graphc::test {

struct Argument {
  std::string name;
  std::string type; ///< "DT_FLOAT"
};
struct Result {
  std::string name;
  std::string type;
  std::string value; ///< "mul:z:0"
};

/// `nodes` by node(); in a function an input is "argument" or "node:output:0".
inline std::string function(const std::string &name, const std::vector<Argument> &arguments,
                            const std::vector<Result> &results, std::string nodes) {
  std::string text = "library { function { signature { name: \"" + name + "\" ";
  for (const Argument &a : arguments)
    text += "input_arg { name: \"" + a.name + "\" type: " + a.type + " } ";
  for (const Result &r : results)
    text += "output_arg { name: \"" + r.name + "\" type: " + r.type + " } ";
  text += "} ";
  for (const Result &r : results)
    text += "ret { key: \"" + r.name + "\" value: \"" + r.value + "\" } ";
  for (std::size_t at = 0; (at = nodes.find("node {", at)) != std::string::npos; at += 10)
    nodes.replace(at, 6, "node_def {");
  text += nodes + "} }";
  std::ranges::replace(text, '\n', ' ');
  return text + "\n";
}

/// The libraries of the text as one: a message has no field twice.
inline std::string withOneLibrary(const std::string &text) {
  const std::string start = "library { ";
  std::string nodes, functions;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    if (line.starts_with(start))
      functions += line.substr(start.size(), line.size() - start.size() - 1) + "\n";
    else
      nodes += line + "\n";
    at = end + 1;
  }
  return functions.empty() ? nodes : nodes + start + functions + "}\n";
}

/// Tests whose graphs have functions.
class FunctionsImportTest : public ImportTest {
protected:
  std::vector<ImportedElement> importText(const std::string &text,
                                          const ImportOptions &options = {}) {
    return ImportTest::importText(withOneLibrary(text), options);
  }
  /// Each time in a graph of its own: what was recorded before an error stays.
  std::string errorOf(const std::string &text) {
    Graph fresh;
    const std::string path = in("graph.pbtxt"), name = "'" + path + "'";
    writeText(path, withOneLibrary(text));
    const std::string message = errorFrom([&] { import_graph_def(fresh, path); }).message();
    EXPECT_TRUE(message.starts_with(name)) << message;
    return message.substr(std::min(message.size(), name.size()));
  }
};

inline std::string named(const std::string &attribute, const std::string &function) {
  return test::attribute(attribute, "func { name: \"" + function + "\" }");
}

inline std::string integer(const std::string &name, int value) {
  return constant(name, "dtype: DT_INT32 tensor_shape {} int_val: " + std::to_string(value));
}
inline std::string number(const std::string &name, const std::string &value) {
  return constant(name, "dtype: DT_FLOAT tensor_shape {} float_val: " + value);
}

/// A resource variable `v` [2], its initial value 10.
inline std::string resourceVariable() {
  return node("v", "VarHandleOp", {},
              attribute("dtype", "type: DT_FLOAT") +
                  attribute("shape", "shape { dim { size: 2 } }")) +
         constant("ten", "dtype: DT_FLOAT tensor_shape { dim { size: 2 } } float_val: 10") +
         node("init", "AssignVariableOp", {"v", "ten"}) + node("now", "ReadVariableOp", {"v"});
}

} // namespace graphc::test
