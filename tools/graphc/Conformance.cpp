// graphc conformance: every case of a folder of small graphs that TensorFlow ran.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "runtime/Status.h"
#include "tools/graphc/ConformanceCase.h"
#include "tools/graphc/SessionFlags.h"
#include "tools/graphc/Table.h"
#include "tools/graphc/Verbs.h"

namespace graphc::tools {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> foldersIn(const fs::path &folder) {
  std::vector<fs::path> folders;
  for (const auto &entry : fs::directory_iterator(folder))
    if (entry.is_directory())
      folders.push_back(entry.path());
  std::ranges::sort(folders);
  return folders;
}

int conformance(std::string folder, const SessionOptions &options) {
  if (folder.empty())
    if (const char *named = std::getenv("GRAPHC_CONFORMANCE"))
      folder = named;
  if (folder.empty() || !fs::is_directory(folder))
    throw Error(Code::not_found,
                folder.empty()
                    ? std::string("expected a folder of cases, or one in $GRAPHC_CONFORMANCE")
                    : fmt::format("there is no folder '{}'", folder));
  Table table({"family", "passed", "failed"});
  int allPassed = 0, allFailed = 0;
  for (const fs::path &family : foldersIn(folder)) {
    int passed = 0, failed = 0;
    for (const fs::path &one : foldersIn(family)) {
      if (!fs::exists(one / "case.json"))
        continue;
      const std::string why = whyNotConforming(one, options);
      ++(why.empty() ? passed : failed);
      if (!why.empty())
        fmt::print("{}/{}: {}\n", family.filename().string(), one.filename().string(), why);
    }
    if (passed + failed > 0)
      table.add({family.filename().string(), std::to_string(passed), std::to_string(failed)});
    allPassed += passed;
    allFailed += failed;
  }
  if (allPassed + allFailed == 0)
    throw Error(Code::not_found, fmt::format("there are no cases in '{}'", folder));
  table.add({"all", std::to_string(allPassed), std::to_string(allFailed)});
  fmt::print("{}", table.toText());
  return allFailed == 0 ? 0 : 1;
}

} // namespace

Action addConformance(CLI::App &app) {
  CLI::App *verb = app.add_subcommand(
      "conformance", "Compare small graphs, values and gradients, with what TensorFlow computed");
  verb->footer("Example: graphc conformance ../shared/conformance");
  auto folder = std::make_shared<std::string>();
  auto options = std::make_shared<SessionOptions>();
  verb->add_option("folder", *folder,
                   "a folder for each family, in it one for each case; without it "
                   "$GRAPHC_CONFORMANCE")
      ->option_text("DIR");
  addSessionFlags(*verb, *options);
  return [=] { return conformance(*folder, *options); };
}

} // namespace graphc::tools
