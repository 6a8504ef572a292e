#include "plugin_link/answer_cache.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/new_file.hpp"
#include "base/unique_fd.hpp"

namespace patella::plugin_link {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMaxFile = 16u << 20;
constexpr std::size_t kMaxFiles = 512;  // in a plugin's folder; one with more is asked each time
constexpr int kMaxDepth = 6;
constexpr const char* kForm = "patella answers of plugins 1 ";

int64_t to_ns(const timespec& time) { return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec; }

/// Everything in the folder. False: more than is reasonable, or unreadable.
bool list_files(const fs::path& folder, int depth, std::vector<fs::path>& files) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    files.push_back(entries->path());
    if (files.size() > kMaxFiles) return false;
    const fs::file_status status = entries->symlink_status(error);
    if (!error && fs::is_directory(status) && (depth == kMaxDepth || !list_files(entries->path(), depth + 1, files)))
      return false;
  }
  return !error;
}

std::string checksum(const std::string& text) {
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return fmt::format("{:02x}", fmt::join(hash, ""));
}

/// The whole file when it is this user's, and nobody else may write it; else "".
std::string read_own(const fs::path& file) {
  const UniqueFd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  struct stat found {};
  if (!fd || fstat(fd.get(), &found) != 0 || !S_ISREG(found.st_mode) || found.st_uid != geteuid() ||
      (found.st_mode & (S_IWGRP | S_IWOTH)) != 0 || found.st_size <= 0 || static_cast<uint64_t>(found.st_size) > kMaxFile)
    return "";
  std::string text(static_cast<std::size_t>(found.st_size), '\0');
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::read(fd.get(), text.data() + done, text.size() - done);
    if (n <= 0) return "";
    done += static_cast<std::size_t>(n);
  }
  return text;
}

}  // namespace

AnswerCache::AnswerCache(fs::path file, const fs::path& host_program, int64_t quiet_us)
    : file_(std::move(file)), quiet_us_(quiet_us) {
  const std::string here = mark_of_file("/proc/self/exe"), host = mark_of_file(host_program);
  // Rewritten by each installation of a library; a system without it has no libraries that come and go.
  const std::string libraries = mark_of_file("/etc/ld.so.cache");
  std::error_code error;
  const bool listed = fs::exists("/etc/ld.so.cache", error);
  if (here.empty() || host.empty() || (listed && libraries.empty())) return;
  programs_ = here + host + libraries;
  read();
}

/// "" when there is no such file, or it changed so lately that it may change again unseen.
std::string AnswerCache::mark_of_file(const fs::path& file) const {
  struct stat found {};
  timespec now{};
  if (stat(file.c_str(), &found) != 0 || clock_gettime(CLOCK_REALTIME, &now) != 0) return "";
  if (to_ns(now) - to_ns(found.st_ctim) < quiet_us_ * 1000) return "";  // also when the clock was set back
  return fmt::format("{} {}:{} {} {} {}\n", file.string(), found.st_dev, found.st_ino, found.st_size, to_ns(found.st_mtim),
                     to_ns(found.st_ctim));
}

std::string AnswerCache::mark_of(const fs::path& library) const {
  std::error_code error;
  const fs::path there = fs::canonical(library, error);
  std::vector<fs::path> files{there};
  // The child may read both folders, when the library is a link.
  if (programs_.empty() || error || !list_files(library.parent_path(), 0, files)) return "";
  if (there.parent_path() != library.parent_path() && !list_files(there.parent_path(), 0, files)) return "";
  std::sort(files.begin() + 1, files.end());
  std::string marks = programs_;
  for (const fs::path& file : files) {
    const std::string mark = mark_of_file(file);
    if (mark.empty()) return "";
    marks += mark;
  }
  return checksum(marks);
}

std::string AnswerCache::name_of(const Question& question) {
  return checksum(question.option + '\n' + question.library.string() + '\n' + question.input);
}

std::optional<std::string> AnswerCache::find(const Question& question, const std::string& mark) {
  if (mark.empty()) return std::nullopt;
  std::lock_guard lock(mutex_);
  const auto at = answers_.find(name_of(question));
  if (at == answers_.end() || at->second.mark != mark) return std::nullopt;
  at->second.used = true;
  return at->second.printed;
}

void AnswerCache::keep(const Question& question, const std::string& mark, const std::string& printed) {
  if (mark.empty()) return;
  std::lock_guard lock(mutex_);
  answers_[name_of(question)] = {mark, printed, true};
  changed_ = true;
}

void AnswerCache::read() {
  const std::string text = read_own(file_);
  const std::string form = kForm;
  const std::size_t end = text.find('\n');
  if (!text.starts_with(form) || end == std::string::npos) return;
  const std::string body = text.substr(end + 1);
  if (text.substr(form.size(), end - form.size()) != checksum(body)) return;
  const json list = json::parse(body, nullptr, false);
  if (!list.is_object()) return;
  for (const auto& [name, answer] : list.items()) {
    if (!answer.is_object()) continue;
    const auto mark = answer.find("mark"), printed = answer.find("printed");
    if (mark == answer.end() || !mark->is_string() || printed == answer.end() || !printed->is_string()) continue;
    answers_[name] = {mark->get<std::string>(), printed->get<std::string>(), false};
  }
}

Status AnswerCache::save() {
  std::lock_guard lock(mutex_);
  const auto forgotten = std::erase_if(answers_, [](const auto& entry) { return !entry.second.used; });
  if (!changed_ && forgotten == 0) return {};
  json list = json::object();
  for (const auto& [name, answer] : answers_) list[name] = {{"mark", answer.mark}, {"printed", answer.printed}};
  const std::string body = list.dump(0, ' ', false, json::error_handler_t::replace) + "\n";
  if (Status saved = save_atomically(file_, kForm + checksum(body) + "\n" + body); !saved) return saved;
  changed_ = false;
  return {};
}

}  // namespace patella::plugin_link
