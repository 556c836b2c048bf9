// Any bytes are a checkpoint or an Error: nothing crashes, and no more memory is taken than bytes
// there are, times a few.
#include "runtime/Status.h"
#include "runtime/checkpoint/TensorBundle.h"
#include "tests/fuzz/CheckpointInput.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  const CheckpointParts parts = checkpointParts({reinterpret_cast<const char *>(bytes), size});
  try {
    const graphc::BundleIndex index = graphc::parse_bundle_index(parts.index, "fuzz.index");
    for (const auto &[name, entry] : index.entries)
      try {
        graphc::read_bundle_tensor(name, entry, parts.data, "fuzz.data");
      } catch (const graphc::Error &) {
      }
  } catch (const graphc::Error &) {
  }
  return 0;
}
