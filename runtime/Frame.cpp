#include "runtime/Frame.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace graphc {
namespace {

std::size_t greatestScratch(const Program &program) {
  std::size_t bytes = 0;
  for (const Step &step : program.steps)
    if (const auto *kernel = std::get_if<KernelStep>(&step.action))
      bytes = std::max(bytes, kernel->scratch_bytes);
  return Arena::roundUp(bytes);
}

} // namespace

Frame::Frame(const Program &program, std::span<StoredVariable *const> variables)
    : program_(program), scratch_begin_(Arena::roundUp(program.arena_bytes)),
      scratch_stride_(greatestScratch(program)),
      roots_(program.feeds.size() + program.fetches.size() + program.kept.size(), nullptr),
      fetched_(program.fetches.size()), feed_copies_(program.feeds.size()),
      kept_(program.kept.size()) {
  arena_ = Arena(scratch_begin_ + scratch_stride_ * static_cast<std::size_t>(program.threads));
  first_.reserve(program.steps.size());
  calls_.resize(program.steps.size());
  nested_.resize(program.steps.size());
  for (const Step &step : program.steps) {
    first_.push_back(addresses_.size());
    addStep(step, variables);
  }
}

void Frame::addStep(const Step &step, std::span<StoredVariable *const> variables) {
  const std::size_t number = first_.size() - 1;
  const auto nest = [&](std::initializer_list<const Program *> programs) {
    nested_[number] = std::make_unique<NestedFrames>();
    for (const Program *program : programs)
      nested_[number]->programs.emplace_back(*program, std::span<StoredVariable *const>());
  };
  for (BufferId id : step.buffers())
    addBuffer(id, variables);
  const auto &action = step.action;
  if (const auto *primitive = std::get_if<PrimitiveStep>(&action))
    calls_[number] = primitive->primitive->makeCall();
  else if (const auto *loop = std::get_if<LoopStep>(&action))
    nest({loop->condition.get(), loop->body.get()});
  else if (const auto *gradient = std::get_if<LoopGradientStep>(&action))
    nest({gradient->loop.condition.get(), gradient->loop.body.get(), gradient->gradient.get()});
  else if (const auto *branch = std::get_if<BranchStep>(&action))
    nest({branch->then_branch.get(), branch->else_branch.get()});
}

void Frame::addBuffer(BufferId id, std::span<StoredVariable *const> variables) {
  if (id == kNoBuffer) {
    addresses_.push_back(nullptr);
    return;
  }
  const Buffer &buffer = program_.buffers[id];
  const auto patch = [&](std::size_t root) {
    patches_.push_back({static_cast<std::uint32_t>(addresses_.size()),
                        static_cast<std::uint32_t>(root), buffer.offset});
    addresses_.push_back(nullptr);
  };
  const auto settle = [&](const void *memory) {
    addresses_.push_back(static_cast<std::byte *>(const_cast<void *>(memory)) + buffer.offset);
  };
  switch (buffer.kind) {
  case BufferKind::fed: patch(buffer.index); break;
  case BufferKind::fetched: patch(program_.feeds.size() + buffer.index); break;
  case BufferKind::kept:
    patch(program_.feeds.size() + program_.fetches.size() + buffer.index);
    break;
  case BufferKind::temporary: settle(arena_.data()); break;
  case BufferKind::variable: settle(variables[buffer.index]->value.raw_data()); break;
  case BufferKind::constant: settle(program_.constants[buffer.index].raw_data()); break;
  }
}

void Frame::bindFeed(std::size_t index, const void *memory) {
  roots_[index] = const_cast<void *>(memory); // fed buffers are never written
}

void Frame::bindFetched(std::size_t index, void *memory) {
  roots_[program_.feeds.size() + index] = memory;
}

void Frame::bindFeed(std::size_t index, const Tensor &feed) {
  const void *memory = feed.raw_data();
  if (reinterpret_cast<std::uintptr_t>(memory) % size_of(feed.dtype()) != 0) {
    // Kernels count on elements in their places; the caller's memory may be the middle of a file.
    Arena &copy = feed_copies_[index];
    if (copy.bytes() < feed.num_bytes())
      copy = Arena(feed.num_bytes());
    std::memcpy(copy.data(), memory, feed.num_bytes());
    memory = copy.data();
  }
  bindFeed(index, memory);
}

Tensor Frame::bindFetched(std::size_t index) {
  Tensor &last = fetched_[index];
  if (last.empty() || last.shares_storage())
    last = Tensor(program_.fetches[index].dtype, program_.fetches[index].shape);
  // What another thread read of it, before it let go, comes before what this run writes.
  std::atomic_thread_fence(std::memory_order_acquire);
  bindFetched(index, last.raw_data());
  return last;
}

void Frame::bindKept(std::size_t index, std::shared_ptr<const Arena> memory) {
  roots_[program_.feeds.size() + program_.fetches.size() + index] = memory->data();
  kept_[index] = std::move(memory);
}

void Frame::bind() {
  for (const Patch &patch : patches_)
    addresses_[patch.slot] = static_cast<std::byte *>(roots_[patch.root]) + patch.offset;
}

void Frame::release() { std::ranges::fill(kept_, nullptr); }

} // namespace graphc
