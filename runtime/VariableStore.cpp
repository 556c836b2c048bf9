#include "runtime/VariableStore.h"

#include <mutex>
#include <utility>

#include "runtime/Status.h"

namespace graphc {

StoredVariable &VariableStore::declare(const std::string &name, DataType dtype,
                                       const Shape &shape) {
  const std::unique_lock guard(map_lock_);
  std::unique_ptr<StoredVariable> &variable = variables_[name];
  if (!variable) {
    variable = std::make_unique<StoredVariable>();
    variable->value = Tensor(dtype, shape);
  }
  const Tensor &value = variable->value;
  if (value.dtype() != dtype || value.shape() != shape)
    throw Error(Code::invalid_argument,
                "variable '" + name + "' is " + std::string(to_string(value.dtype())) +
                    value.shape().to_string() + " in this session, not " +
                    std::string(to_string(dtype)) + shape.to_string(),
                name);
  return *variable;
}

std::optional<Tensor> VariableStore::get(const std::string &name) const {
  return std::move(get(std::vector{name}).front());
}

std::vector<std::optional<Tensor>> VariableStore::get(const std::vector<std::string> &names) const {
  const std::shared_lock values(lock_);
  const std::shared_lock guard(map_lock_);
  std::vector<std::optional<Tensor>> copies;
  for (const std::string &name : names) {
    const auto found = variables_.find(name);
    const bool known = found != variables_.end() && found->second->initialised;
    copies.push_back(known ? std::optional(found->second->value.clone()) : std::nullopt);
  }
  return copies;
}

void VariableStore::set(const std::string &name, const Tensor &value) {
  set(std::map<std::string, Tensor>{{name, value}});
}

void VariableStore::set(const std::map<std::string, Tensor> &values) {
  std::vector<std::pair<StoredVariable *, const Tensor *>> writes;
  for (const auto &[name, value] : values)
    writes.emplace_back(&declare(name, value.dtype(), value.shape()), &value);
  const std::unique_lock guard(lock_);
  for (const auto &[variable, value] : writes) {
    std::memcpy(variable->value.raw_data(), value->raw_data(), value->num_bytes());
    variable->initialised = true;
    ++variable->version;
  }
}

std::vector<std::string> VariableStore::initialised_names() const {
  const std::shared_lock values(lock_);
  const std::shared_lock guard(map_lock_);
  std::vector<std::string> names;
  for (const auto &[name, variable] : variables_)
    if (variable->initialised)
      names.push_back(name);
  return names;
}

} // namespace graphc
