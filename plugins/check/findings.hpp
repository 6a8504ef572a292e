// What one check found: nothing, hints (warn) or faults (FAIL). Plain words for the author of the plugin.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patella::check {

enum class Verdict { ok = 1, warn, fail };

class Findings {
 public:
  /// A fault: the plugin breaks a rule of the headers. The same words are kept once.
  void fault(std::string text) { add(faults_, fault_count_, std::move(text)); }
  /// A hint: allowed, but probably not meant.
  void hint(std::string text) { add(hints_, hint_count_, std::move(text)); }
  /// What was done, with figures: shown when nothing is wrong.
  void note(std::string_view text);
  /// Equal for two runs of the same check when the plugin behaves the same: compared over two processes.
  void set_digest(std::string digest) { digest_ = std::move(digest); }

  Verdict verdict() const;
  std::string text() const;
  const std::string& digest() const { return digest_; }

 private:
  static void add(std::vector<std::string>& list, std::size_t& count, std::string text);
  std::vector<std::string> faults_, hints_;
  std::size_t fault_count_ = 0, hint_count_ = 0;
  std::string note_, digest_;
};

}  // namespace patella::check
