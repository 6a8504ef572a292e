#include "base/log.hpp"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"
#include "base/utf8.hpp"

namespace patella {

struct Log::Sinks {
  std::shared_ptr<spdlog::logger> logger;
};

namespace {
spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::none:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}
/// "" or why it cannot be the log. spdlog opens it by its name: what is no plain file would be followed, or waited for.
std::string make_file(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return file.string() + (errno == ELOOP ? " is a link" : std::string(" cannot be opened: ") + std::strerror(errno));
  return S_ISREG(status.st_mode) ? "" : file.string() + " is not a plain file";
}
}  // namespace

Log::Log(LogLevel level, const std::filesystem::path& file) : sinks_(std::make_unique<Sinks>()) {
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  std::string trouble;
  if (!file.empty() && (trouble = make_file(file)).empty()) {
    try {
      sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), 1u << 20, 5));
    } catch (const spdlog::spdlog_ex& error) {
      trouble = error.what();
    }
  }
  sinks_->logger = std::make_shared<spdlog::logger>("patella", sinks.begin(), sinks.end());
  sinks_->logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  sinks_->logger->set_level(to_spdlog(level));
  sinks_->logger->flush_on(spdlog::level::info);
  sinks_->logger->set_error_handler([](const std::string&) {});  // a full disk must not spam or throw
  if (!trouble.empty()) write(LogLevel::warning, "no log file: " + trouble);
}

Log::~Log() = default;

// One line each, whatever a device or a file says in it.
void Log::write(LogLevel level, std::string_view line) { sinks_->logger->log(to_spdlog(level), shown_text(line)); }

}  // namespace patella
