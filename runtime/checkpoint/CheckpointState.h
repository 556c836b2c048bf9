// The file `checkpoint` in a folder of checkpoints: which there are, and which is the latest.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace graphc {

struct CheckpointState {
  std::string latest;           ///< a prefix
  std::vector<std::string> all; ///< prefixes, the oldest first
};

/// Nothing where the folder has no such file. Paths come back relative to the working folder, or
/// absolute. Throws Error (data_loss) where the file cannot be understood.
std::optional<CheckpointState> read_checkpoint_state(const std::string &folder,
                                                     const std::string &name = "checkpoint");

/// Replaces the file. Paths in a relative folder are written relative to it, as TensorFlow does, so
/// that the folder can be moved.
void write_checkpoint_state(const std::string &folder, const CheckpointState &state,
                            const std::string &name = "checkpoint");

} // namespace graphc
