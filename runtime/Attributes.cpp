#include "runtime/Attributes.h"

#include "runtime/Status.h"

namespace graphc {

const AttributeValue &Attributes::at(std::string_view name) const {
  auto found = entries_.find(name);
  if (found == entries_.end())
    throw Error(Code::internal, "attribute '" + std::string(name) + "' is missing");
  return found->second;
}

void Attributes::wrong_kind(std::string_view name) {
  throw Error(Code::internal, "attribute '" + std::string(name) + "' has another kind");
}

} // namespace graphc
