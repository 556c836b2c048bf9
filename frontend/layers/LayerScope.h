// How TensorFlow 1's layers and cells name what they make. For graphc itself.
#pragma once

#include "frontend/Recorder.h"

namespace graphc {

/// What a layer object remembers from call to call.
struct LayerState {
  std::string base_name;
  bool reuse = false;
  /// The scope of its variables, from its first call on.
  std::optional<VariableScope> scope;
  /// RNNCell's: the scope it was first called in.
  std::optional<VariableScope> outer;
  bool built = false;
  std::uint64_t graph = 0; ///< GraphState::id
};

/// The state of a layer that is made for one call: `name`, or the next free `kind`, "kind_1", ...
inline LayerState layerState(Graph &graph, std::string_view name, std::string_view kind,
                             bool reuse = false) {
  LayerState layer{
      .base_name = std::string(nameOr(name, kind)), .reuse = reuse, .scope = {}, .outer = {}};
  if (!name.empty()) {
    VariableScopeGuard captured(graph, name, {});
    layer.scope = captured.scope();
  }
  return layer;
}

/// Opens a layer's scopes for one call: variables are made in the first call and found in later
/// ones.
class LayerCall {
public:
  LayerCall(Graph &graph, LayerState &layer) : layer_(layer) {
    if (!layer.scope) {
      // As the name of the scope or, made unique, as its default.
      VariableScopeGuard captured(graph, layer.reuse ? layer.base_name : "",
                                  {.reuse = layer.reuse, .default_name = layer.base_name});
      layer.scope = captured.scope();
    }
    variables_.emplace(
        graph, *layer.scope,
        VariableScopeOptions{.reuse = layer.built || layer.reuse, .auxiliary_name_scope = false});
    names_.emplace(graph, graph.state().names.scope_for(layer.scope->original_name_scope));
  }
  ~LayerCall() { layer_.built = true; }

private:
  LayerState &layer_;
  std::optional<VariableScopeGuard> variables_;
  std::optional<NameScope> names_;
};

} // namespace graphc
