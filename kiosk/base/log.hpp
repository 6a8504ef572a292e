// The program's log. spdlog is behind it and nowhere else. One object, made in main(), handed down by
// reference.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace patella {

enum class LogLevel { debug = 1, info = 2, warning = 3, error = 4, none = 5 };  ///< none: only as the least that is written

/// Any thread. Never throws, never blocks on a full disk: what cannot be written is dropped and counted.
class Log {
 public:
  /// To stderr from `level` up; also to `file` (rotated, 5 × 1 MiB) when it is not empty.
  explicit Log(LogLevel level, const std::filesystem::path& file = {});
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(LogLevel level, std::string_view line);
  template <class... Args>
  void debug(fmt::format_string<Args...> f, Args&&... args) {
    write(LogLevel::debug, fmt::format(f, std::forward<Args>(args)...));
  }
  template <class... Args>
  void info(fmt::format_string<Args...> f, Args&&... args) {
    write(LogLevel::info, fmt::format(f, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> f, Args&&... args) {
    write(LogLevel::warning, fmt::format(f, std::forward<Args>(args)...));
  }
  template <class... Args>
  void error(fmt::format_string<Args...> f, Args&&... args) {
    write(LogLevel::error, fmt::format(f, std::forward<Args>(args)...));
  }

 private:
  struct Sinks;
  std::unique_ptr<Sinks> sinks_;
};

}  // namespace patella
