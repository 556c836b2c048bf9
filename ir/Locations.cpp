#include "ir/Locations.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/Twine.h"

namespace graphc {

using namespace mlir;

Location makeLocation(MLIRContext *context, StringRef opName, const SourceLine &where) {
  Location line = UnknownLoc::get(context);
  if (!where.file.empty())
    line = FileLineColLoc::get(context, where.file, where.line, 0);
  return NameLoc::get(StringAttr::get(context, opName), line);
}

StringRef opName(Location location) {
  if (auto name = location->findInstanceOf<NameLoc>())
    return name.getName().getValue();
  return {};
}

SourceLine sourceLine(Location location) {
  if (auto line = location->findInstanceOf<FileLineColLoc>())
    return {line.getFilename().str(), line.getLine()};
  return {};
}

Location derivedLocation(Location from, StringRef prefix, StringRef suffix) {
  MLIRContext *context = from.getContext();
  Location line = UnknownLoc::get(context);
  if (auto found = from->findInstanceOf<FileLineColLoc>())
    line = found;
  return NameLoc::get(StringAttr::get(context, Twine(prefix) + opName(from) + suffix), line);
}

std::string tensorName(Value value) {
  unsigned index = 0;
  if (auto result = dyn_cast<OpResult>(value))
    index = result.getResultNumber();
  return (opName(value.getLoc()) + ":" + Twine(index)).str();
}

} // namespace graphc
