#include "benchmarks/compare/PeerServer.h"

#include <chrono>
#include <fstream>
#include <iostream>
#include <string>

namespace graphc::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Bytes of the most memory that this process has had.
double peakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:"))
      return std::stod(line.substr(6)) * 1024;
  return 0;
}

class Server {
public:
  Server(const Prepare &prepare, const std::function<json()> &facts)
      : prepare_(prepare), facts_(facts) {}

  json answer(const json &request) {
    const std::string what = request.at("do");
    if (what == "facts")
      return facts_();
    if (what == "prepare") {
      const Clock::time_point start = Clock::now();
      prepared_ = prepare_(request.at("workload"), request.at("data").get<std::string>());
      prepared_->step();
      return {{"seconds", secondsSince(start)}};
    }
    if (what == "check") {
      prepared_->check(request.at("data").get<std::string>(),
                       request.at("results").get<std::string>());
      return json::object();
    }
    if (what == "run")
      return {{"seconds", run(request.at("groups"), request.at("steps"))}};
    if (what == "memory")
      return {{"bytes", peakMemory()}};
    if (what == "drop") {
      prepared_.reset();
      return json::object();
    }
    throw std::invalid_argument("unknown request '" + what + "'");
  }

private:
  /// The mean time of a step in each group of `steps`.
  std::vector<double> run(int groups, int steps) {
    std::vector<double> seconds;
    for (int group = 0; group < groups; ++group) {
      const Clock::time_point start = Clock::now();
      for (int step = 0; step < steps; ++step)
        prepared_->step();
      seconds.push_back(secondsSince(start) / steps);
    }
    return seconds;
  }

  const Prepare &prepare_;
  const std::function<json()> &facts_;
  std::unique_ptr<Prepared> prepared_;
};

} // namespace

int serve(const Prepare &prepare, const std::function<json()> &facts) {
  Server server(prepare, facts);
  for (std::string line; std::getline(std::cin, line);) {
    json answer;
    try {
      answer = server.answer(json::parse(line));
    } catch (const std::exception &error) {
      answer = {{"error", error.what()}};
    }
    std::cout << answer.dump() << std::endl;
  }
  return 0;
}

} // namespace graphc::benchmarks
