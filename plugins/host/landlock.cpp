// Landlock by system call: the headers of Debian 12 know ABI 2 only, the kernel may know more.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "base/unique_fd.hpp"
#include "confine.hpp"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

namespace patella::host {
namespace {

// From the kernel's <linux/landlock.h>; size grows with the ABI: 8, from 4 on 16, from 6 on 24 bytes.
struct Ruleset {
  uint64_t files = 0;
  uint64_t network = 0;
  uint64_t scoped = 0;
};
struct __attribute__((packed)) PathRule {
  uint64_t allowed;
  int32_t path;
};
constexpr uint32_t kVersionQuery = 1;
constexpr int kPathBeneath = 1;
constexpr uint64_t kReadFile = 1u << 2;
// Where a system keeps its libraries, and the list by which the loader finds them. Nothing else: /etc has names and
// password hashes.
constexpr const char* kLibraryFolders[] = {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"};
constexpr const char* kLibraryList = "/etc/ld.so.cache";

Ruleset everything_denied(int64_t abi) {
  Ruleset rules;
  rules.files = (1u << 13) - 1;           // ABI 1: bits 0 to 12
  if (abi >= 2) rules.files |= 1u << 13;  // move between folders
  if (abi >= 3) rules.files |= 1u << 14;  // truncate
  if (abi >= 5) rules.files |= 1u << 15;  // ioctl on devices opened from now on
  if (abi >= 4) rules.network = 3;        // TCP bind and connect
  if (abi >= 6) rules.scoped = 3;         // abstract unix sockets, signals to outside
  return rules;
}

std::size_t size_for(int64_t abi) { return abi >= 6 ? 24 : abi >= 4 ? 16 : 8; }

void allow(int ruleset, const std::string& path, uint64_t what) {
  const UniqueFd fd(open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!fd) return;  // this system does not have it
  const PathRule rule{what, fd.get()};
  syscall(SYS_landlock_add_rule, ruleset, kPathBeneath, &rule, 0);
}

}  // namespace

std::string apply_landlock(Stage stage, const ConfineOptions& options, const std::filesystem::path& library) {
  const int64_t abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionQuery);
  if (abi < 1) return fmt::format("the kernel has no Landlock ({})", std::strerror(errno));
  Ruleset rules = everything_denied(abi);
  // The emulator lies in a folder with unix sockets, and its uevents come from another process.
  if (options.under_umockdev) rules.scoped = 0;
  const UniqueFd ruleset(static_cast<int>(syscall(SYS_landlock_create_ruleset, &rules, size_for(abi), 0)));
  if (!ruleset) return fmt::format("Landlock refused the rules ({})", std::strerror(errno));
  if (stage == Stage::loading) {
    for (const char* folder : kLibraryFolders) allow(ruleset.get(), folder, kReadFile);
    allow(ruleset.get(), kLibraryList, kReadFile);
    allow(ruleset.get(), library.parent_path().string(), kReadFile);
  }
  if (options.under_umockdev && !options.umockdev_folder.empty()) allow(ruleset.get(), options.umockdev_folder, rules.files);
  if (syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
    return fmt::format("Landlock could not be entered ({})", std::strerror(errno));
  return {};
}

}  // namespace patella::host
