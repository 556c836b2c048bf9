#include "tools/graphc/RunAll.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "examples/training/Training.h"
#include "tools/graphc/Table.h"

namespace graphc::tools {
namespace {

/// All that is asked of the program, "-" where that is nothing.
std::string targetText(const examples::Outcome &outcome) {
  std::vector<std::string> parts;
  if (outcome.target)
    parts.push_back(fmt::format("{} {:.6g}", outcome.higher_is_better ? "at least" : "at most",
                                *outcome.target));
  for (const examples::Condition &condition : outcome.conditions)
    parts.push_back(condition.text);
  return parts.empty() ? "-" : fmt::format("{}", fmt::join(parts, ", "));
}

/// What counts: a target says nothing about synthetic data, and nothing does about a few batches.
examples::Outcome judged(examples::Outcome outcome, bool quick) {
  if (quick || outcome.synthetic)
    outcome.target.reset();
  if (quick)
    outcome.conditions.clear();
  return outcome;
}

} // namespace

int runAll(std::span<const examples::Program> programs, const examples::RunOptions &options) {
  using Clock = std::chrono::steady_clock;
  Table table({"program", "result", "target", "seconds", "verdict"});
  bool failed = false;
  for (const examples::Program &program : programs) {
    fmt::print("== {}: {}\n", program.name, program.summary);
    std::fflush(stdout);
    const Clock::time_point start = Clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(Clock::now() - start).count();
    };
    std::string result, target = "-", verdict;
    try {
      examples::Outcome outcome = examples::runProgram(program, options);
      if (program.most_seconds && !outcome.synthetic)
        outcome.conditions.push_back({fmt::format("within {} s", *program.most_seconds),
                                      seconds() <= *program.most_seconds});
      result = fmt::format("{} {:.6g}", outcome.metric, outcome.value);
      target = targetText(outcome);
      const examples::Outcome counted = judged(outcome, options.quick);
      verdict = !counted.target && counted.conditions.empty() ? "not judged"
                : counted.reached()                           ? "passed"
                                                              : "MISSED";
      failed |= !counted.reached();
    } catch (const Error &error) {
      result = error.what();
      verdict = "FAILED";
      failed = true;
    }
    table.add(
        {std::string(program.name), result, target, fmt::format("{:.1f}", seconds()), verdict});
    fmt::print("\n");
  }
  fmt::print("{}", table.toText());
  return failed ? 1 : 0;
}

} // namespace graphc::tools
