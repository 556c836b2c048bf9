#include "runtime/InPlaceUpdates.h"

#include <algorithm>

namespace graphc {
namespace {

/// Whether the step touches the memory of the feed (the fetch) with that number.
bool touches(const Step &step, const Program &program, BufferKind kind, std::size_t number) {
  return std::ranges::any_of(step.buffers(), [&](BufferId id) {
    return id != kNoBuffer && program.buffers[id].kind == kind &&
           program.buffers[id].index == number;
  });
}

bool isWhole(const Buffer &buffer, const Endpoint &endpoint) {
  return buffer.offset == 0 && buffer.dtype == endpoint.dtype &&
         buffer.shape.num_elements() == endpoint.shape.num_elements();
}

bool isUpdatedInPlace(const Program &program, std::size_t feed, std::size_t fetch) {
  const auto first = std::ranges::find_if(program.steps, [&](const Step &step) {
    return touches(step, program, BufferKind::fetched, fetch);
  });
  if (first == program.steps.end())
    return false;
  const auto *copy = std::get_if<CopyStep>(&first->action);
  if (!copy || copy->rows != 1)
    return false;
  const Buffer &from = program.buffers[copy->from], &to = program.buffers[copy->to];
  if (from.kind != BufferKind::fed || from.index != feed || !isWhole(from, program.feeds[feed]) ||
      !isWhole(to, program.fetches[fetch]) || copy->row_bytes != to.bytes())
    return false;
  return std::none_of(first + 1, program.steps.end(), [&](const Step &step) {
    return touches(step, program, BufferKind::fed, feed);
  });
}

} // namespace

std::vector<std::uint32_t> updatedInPlace(const Program &program, std::size_t first_feed) {
  std::vector<std::uint32_t> numbers;
  for (std::size_t k = 0; k < program.fetches.size(); ++k)
    if (isUpdatedInPlace(program, first_feed + k, k))
      numbers.push_back(static_cast<std::uint32_t>(k));
  return numbers;
}

} // namespace graphc
