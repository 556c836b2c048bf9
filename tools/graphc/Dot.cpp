#include <fmt/format.h>

#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "mlir/IR/Block.h"
#include "passes/GraphOps.h"
#include "tools/graphc/ModuleFormats.h"
#include "llvm/ADT/DenseMap.h"

namespace graphc::tools {

using namespace mlir;

static std::string escape(StringRef text) {
  std::string result;
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result;
}

namespace {

class DotWriter {
public:
  std::string write(Block &program) {
    text_ = "digraph graphc {\n  rankdir=TB;\n  node [shape=box, fontname=\"monospace\", "
            "fontsize=10];\n"
            "  edge [fontname=\"monospace\", fontsize=8];\n";
    writeBlock(program, "  ");
    return text_ + "}\n";
  }

private:
  void writeBlock(Block &block, const std::string &indent) {
    for (BlockArgument argument : block.getArguments()) {
      const std::string id = fmt::format("n{}", next_++);
      makers_[argument] = id;
      text_ += fmt::format("{}{} [label=\"argument {}\", shape=ellipse];\n", indent, id,
                           argument.getArgNumber());
    }
    for (Operation &op : block) {
      const std::string id = fmt::format("n{}", next_++);
      const StringRef name = opName(op.getLoc());
      text_ +=
          fmt::format("{}{} [label=\"{}{}\"];\n", indent, id, escape(op.getName().getStringRef()),
                      name.empty() ? "" : "\\n" + escape(name));
      for (Value operand : op.getOperands())
        if (auto maker = makers_.find(operand); maker != makers_.end())
          text_ += fmt::format(
              "{}{} -> {} [label=\"{}\"];\n", indent, maker->second, id,
              isGraphType(operand.getType()) ? toValueType(operand.getType()).to_string() : "");
      for (Value result : op.getResults())
        makers_[result] = id;
      for (Region &region : op.getRegions())
        for (Block &inner : region) {
          text_ += fmt::format("{}subgraph cluster_{} {{\n{}  label=\"{}\";\n", indent, id, indent,
                               escape(op.getName().getStringRef()));
          writeBlock(inner, indent + "  ");
          text_ += indent + "}\n";
        }
    }
  }

  std::string text_;
  int next_ = 0;
  llvm::DenseMap<Value, std::string> makers_;
};

} // namespace

std::string dotOf(ModuleOp module) {
  Operation *program = findProgram(module);
  if (!program)
    for (Operation &op : *module.getBody())
      // The first one; loops and branches have theirs behind it.
      if (!program && op.getName().getStringRef() == "plan.program")
        program = &op;
  return program ? DotWriter().write(program->getRegion(0).front()) : "digraph graphc {\n}\n";
}

} // namespace graphc::tools
