// The layers that keep a plugin from doing harm, applied to the own process in three steps. Each layer is put on where
// the kernel has it; the report says which are on and, when one is off, why. docs/runtime.md has the table.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PATELLA_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define PATELLA_SANITIZED 1
#endif
#endif

namespace patella::host {

/// A sanitizer's runtime needs terabytes of address space and a few more system calls.
#ifdef PATELLA_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

struct Layer {
  std::string name;
  bool on = false;
  std::string text;  ///< why it is off, or what it covers
};

struct ConfineOptions {
  bool confine = true;          ///< false: rlimits, Landlock and seccomp stay off. Only tests of the host itself
  bool under_umockdev = false;  ///< the emulator's preload library needs its folder and unix sockets
  bool own_session = true;      ///< the starter promised setsid(): report whether it is so
  std::string umockdev_folder;  ///< UMOCKDEV_DIR
};

/// Before anything else: dies with the kiosk, nice, first victim of the OOM killer, rlimits, no capabilities, no_new_privs.
std::vector<Layer> confine_at_start(const ConfineOptions& options);

/// Before dlopen, with the device already open: the file system shrinks to reading the folders of libraries and the list
/// of them; no sockets, no exec, no signals, no new threads, nothing that reaches another process. So constructors of a
/// plugin run confined, too. `library`: absolute, its folder may be read.
///
/// A constructor can put a filter of its own in front of the second step, so that the step seems done and is not. It
/// then stays within this one: what it gains is reading libraries.
std::vector<Layer> confine_for_loading(const ConfineOptions& options, const std::filesystem::path& library);

/// After dlopen: no file can be opened any more.
std::vector<Layer> confine_for_running(const ConfineOptions& options);

// The two that have files of their own. An empty answer = on; else why not.
enum class Stage { loading, running };
std::string apply_landlock(Stage stage, const ConfineOptions& options, const std::filesystem::path& library);
std::string apply_seccomp(Stage stage, const ConfineOptions& options);

}  // namespace patella::host
