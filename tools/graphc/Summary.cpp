#include <map>

#include <fmt/format.h>

#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "ir/PlanDialect.h"
#include "passes/ArenaUse.h"
#include "passes/GraphOps.h"
#include "tools/graphc/ModuleFormats.h"
#include "tools/graphc/Table.h"

namespace graphc::tools {

using namespace mlir;

static std::string typeText(Type type) {
  if (isGraphType(type))
    return toValueType(type).to_string();
  std::string text;
  llvm::raw_string_ostream stream(text);
  type.print(stream);
  return text;
}

static std::string typesText(TypeRange types) {
  std::string text;
  const unsigned shown = std::min<unsigned>(static_cast<unsigned>(types.size()), 3);
  for (Type type : types.take_front(shown))
    text += (text.empty() ? "" : ", ") + typeText(type);
  if (shown < types.size())
    text += fmt::format(", ... ({} results)", types.size());
  return text;
}

static std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.2f} MB", static_cast<double>(bytes) / 1e6);
}

/// "1,315,937".
static std::string withCommas(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;)
    text.insert(at -= 3, ",");
  return text;
}

static std::string variablesText(ModuleOp module) {
  Table table({"variable", "type", "parameters", "trainable"});
  std::int64_t all = 0, trainable = 0;
  for (Operation *op : findOps(module, "variable")) {
    const ValueType type = toValueType(op->getAttrOfType<TypeAttr>("type").getValue());
    const std::int64_t count = type.shape.num_elements();
    const bool trains = flagAttribute(op, "trainable");
    all += count;
    trainable += trains ? count : 0;
    table.add({op->getAttrOfType<StringAttr>("sym_name").str(), type.to_string(), withCommas(count),
               trains ? "yes" : "no"});
  }
  if (table.empty())
    return "";
  return table.toText() +
         fmt::format("trainable parameters: {}\nother values (optimizer slots, counters): {}\n",
                     withCommas(trainable), withCommas(all - trainable));
}

static std::string graphText(ModuleOp module) {
  Table table({"op", "name", "result"});
  std::map<std::string, int> kinds;
  Operation *program = findProgram(module);
  program->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op == program)
      return;
    std::string indent;
    for (Operation *parent = op->getParentOp(); parent != program; parent = parent->getParentOp())
      indent += "  ";
    ++kinds[graphName(op).str()];
    table.add({indent + graphName(op).str(), opName(op->getLoc()).str(),
               typesText(op->getResultTypes())});
  });
  Table counts({"kind of op", "number"});
  int total = 0;
  for (const auto &[kind, count] : kinds) {
    counts.add({kind, std::to_string(count)});
    total += count;
  }
  return table.toText() + "\n" + counts.toText() + fmt::format("{} ops\n", total);
}

static std::string planText(ModuleOp module) {
  Table steps({"step", "what", "implementation", "for op", "writes"});
  std::map<std::string, int> calls;
  std::map<std::string, std::pair<int, std::int64_t>> buffers; // number and bytes by kind
  std::string totals;
  int number = 0;
  for (plan::ProgramOp program : module.getOps<plan::ProgramOp>()) {
    for (Operation &op : program.getBody().front()) {
      std::string what, implementation, writes;
      if (auto buffer = dyn_cast<plan::BufferOp>(op)) {
        auto &[count, bytes] = buffers[plan::stringifyBufferKind(buffer.getKind()).str()];
        ++count;
        auto type = cast<MemRefType>(buffer.getType());
        bytes += static_cast<std::int64_t>(size_of(toDataType(type.getElementType()))) *
                 type.getNumElements();
        continue;
      }
      if (auto run = dyn_cast<plan::RunPrimitiveOp>(op)) {
        auto create = run.getPrimitive().getDefiningOp<plan::CreatePrimitiveOp>();
        what = "oneDNN " + create.getKind().str();
        implementation = create.getImplementation().str();
        writes = typesText(run.getOutputs().getTypes());
      } else if (auto call = dyn_cast<plan::CallKernelOp>(op)) {
        what = "kernel";
        implementation = call.getKernel().str();
        ++calls[implementation];
        writes = typesText(call.getOutputs().getTypes());
      } else if (auto host = dyn_cast<plan::CallHostOp>(op)) {
        what = "host " + host.getName().str();
        implementation = "reference";
        writes = typesText(host.getOutputs().getTypes());
      } else if (auto copy = dyn_cast<plan::CopyOp>(op)) {
        what = "copy";
        writes = typeText(copy.getTarget().getType());
      } else if (auto read = dyn_cast<plan::ReadRowOp>(op)) {
        what = "read row";
        writes = typeText(read.getRow().getType());
      } else if (auto write = dyn_cast<plan::WriteRowOp>(op)) {
        what = "write row";
        writes = typeText(write.getTensor().getType());
      } else if (auto loop = dyn_cast<plan::RunWhileOp>(op)) {
        what = "loop";
        implementation = loop.getBody().str();
        writes = typesText(loop.getOutputs().getTypes());
      } else if (auto gradient = dyn_cast<plan::RunWhileGradientOp>(op)) {
        what = "loop and back";
        implementation = gradient.getGradient().str();
        writes = typesText(gradient.getOutputs().getTypes());
      } else if (auto branch = dyn_cast<plan::RunCondOp>(op)) {
        what = "branch";
        implementation = branch.getThenBranch().str() + " or " + branch.getElseBranch().str();
        writes = typesText(branch.getOutputs().getTypes());
      } else {
        continue; // views and descriptions take no time
      }
      steps.add(
          {std::to_string(number++), what, implementation, opName(op.getLoc()).str(), writes});
    }
    totals += fmt::format("{} threads\n", program.getThreads());
    if (program.getPeakBytes() && program.getUnsharedBytes())
      totals += fmt::format("temporaries: {} at peak, at least {}, {} without sharing\n",
                            megabytes(*program.getPeakBytes()), megabytes(arenaLowerBound(program)),
                            megabytes(*program.getUnsharedBytes()));
  }
  Table kernels({"kernel", "calls", "extent", "grain", "scratch bytes", "ops"});
  for (plan::KernelOp kernel : module.getOps<plan::KernelOp>()) {
    int ops = 0;
    kernel.walk(
        [&](Operation *op) { ops += op != kernel.getOperation() && graphName(op) != "yield"; });
    kernels.add({kernel.getSymName().str(), std::to_string(calls[kernel.getSymName().str()]),
                 std::to_string(kernel.getExtent()), std::to_string(kernel.getGrain()),
                 std::to_string(kernel.getScratchBytes()), std::to_string(ops)});
  }
  Table memory({"buffers", "number", "bytes"});
  for (const auto &[kind, figures] : buffers)
    memory.add({kind, std::to_string(figures.first), std::to_string(figures.second)});
  return steps.toText() + "\n" + (kernels.empty() ? "" : kernels.toText() + "\n") +
         memory.toText() + totals;
}

std::string summaryOf(ModuleOp module) {
  std::string text = variablesText(module);
  if (!text.empty())
    text += "\n";
  return text + (findProgram(module) ? graphText(module) : planText(module));
}

} // namespace graphc::tools
