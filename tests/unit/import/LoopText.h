// Loops of TensorFlow 1's dataflow form in protobuf's text form, written by the tests.
#pragma once

#include "tests/unit/import/GraphText.h"

namespace graphc::test {

/// One loop in a frame; nodes inside are added by the test.
class LoopText {
public:
  LoopText(std::string name, std::string condition)
      : name_(std::move(name)), condition_(std::move(condition)),
        frame_(attribute("frame_name", "s: \"" + name_ + "/while_context\"")),
        text_(node(name_ + "/LoopCond", "LoopCond", {condition_.c_str()})) {}

  LoopText &variable(const std::string &name, const std::string &initial, const std::string &next) {
    const std::string n = name_ + "/" + name, loopCond = name_ + "/LoopCond";
    text_ += node(n + "/Enter", "Enter", {initial.c_str()}, frame_) +
             node(n + "/Merge", "Merge", {(n + "/Enter").c_str(), (n + "/Next").c_str()}) +
             node(n + "/Switch", "Switch", {(n + "/Merge").c_str(), loopCond.c_str()}) +
             node(n + "/Identity", "Identity", {(n + "/Switch:1").c_str()}) +
             node(n + "/Next", "NextIteration", {next.c_str()}) +
             node(n + "/Exit", "Exit", {(n + "/Switch").c_str()});
    return *this;
  }
  /// What is the same in every iteration.
  LoopText &constant(const std::string &name, const std::string &value) {
    text_ += node(name_ + "/" + name, "Enter", {value.c_str()},
                  frame_ + attribute("is_constant", "b: true"));
    return *this;
  }
  LoopText &operator+=(const std::string &nodes) {
    text_ += nodes;
    return *this;
  }
  const std::string &text() const { return text_; }

private:
  std::string name_, condition_, frame_, text_;
};

} // namespace graphc::test
