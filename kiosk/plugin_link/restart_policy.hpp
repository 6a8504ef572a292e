// When a dead child is started again: after 0.25, 1, 4 s; the fourth death within a minute is the last.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace patella::plugin_link {

class RestartPolicy {
 public:
  static constexpr int64_t kWindowUs = 60'000'000;

  /// Notes a death. When to start again, or nullopt: quarantine.
  std::optional<int64_t> died(int64_t now_us) {
    std::erase_if(deaths_us_, [&](int64_t death_us) { return death_us <= now_us - kWindowUs; });
    deaths_us_.push_back(now_us);
    static constexpr int64_t kDelaysUs[] = {250'000, 1'000'000, 4'000'000};
    const std::size_t deaths = deaths_us_.size();
    if (deaths > 3) return std::nullopt;
    return now_us + kDelaysUs[deaths - 1];
  }
  void forget() { deaths_us_.clear(); }

 private:
  std::vector<int64_t> deaths_us_;
};

}  // namespace patella::plugin_link
