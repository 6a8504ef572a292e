// Runs one check in a child process of its own, so that a crash or a hang is a result and not the end.
#pragma once

#include <string>
#include <vector>

#include "findings.hpp"

namespace patella::check {

struct Outcome {
  Verdict verdict = Verdict::fail;
  std::string detail, digest;
};

/// Starts this program again with `arguments` and waits for its answer. A call into the plugin that takes longer than
/// `call_timeout_s`, or a check longer than 20 times that, is ended and told as a hang.
Outcome run_in_child(const std::vector<std::string>& arguments, double call_timeout_s);

constexpr int kAnswerFd = 20;  ///< where the child writes its answer
constexpr int kPulseFd = 21;   ///< the shared Pulse

/// In the child: writes the answer.
void answer(const Findings& findings);

}  // namespace patella::check
