#include "confine.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/format.h>

#include "base/unique_fd.hpp"

namespace patella::host {
namespace {

Layer layer(const char* name, bool on) { return {name, on, on ? "" : std::strerror(errno)}; }

bool limit(__rlimit_resource what, rlim_t value) {
  const rlimit both{value, value};
  return setrlimit(what, &both) == 0;
}

Layer limit_resources(const ConfineOptions& options) {
  // Under the emulator each child keeps its descriptors in a range of its own, see --fd-offset.
  bool on = limit(RLIMIT_NOFILE, options.under_umockdev ? 4096 : 32);
  on = limit(RLIMIT_FSIZE, options.own_session ? 0 : 16u << 20) && on;  // by hand, the output may be a file
  on = limit(RLIMIT_STACK, 1u << 20) && on;
  on = limit(RLIMIT_MEMLOCK, 0) && on;
  on = limit(RLIMIT_MSGQUEUE, 0) && on;
  if (!kSanitized) on = limit(RLIMIT_AS, 256u << 20) && on;
  return layer("rlimits", on);
}

Layer first_oom_victim() {
  const UniqueFd file(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  return layer("oom_score_adj", file && write(file.get(), "1000", 4) == 4);
}

/// A kiosk that root starts has rights over every process and file. A device is opened by its owner, so none is needed.
/// Before libusb has a thread: capabilities are each thread's own.
Layer drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  return layer("no_capabilities", syscall(SYS_capset, &header, none) == 0);
}

Layer from_reason(const char* name, const std::string& why_off) { return {name, why_off.empty(), why_off}; }

}  // namespace

std::vector<Layer> confine_at_start(const ConfineOptions& options) {
  std::vector<Layer> layers;
  if (options.own_session) {
    const bool own = getsid(0) == getpid();
    layers.push_back({"session", own, own ? "" : "the process shares its session with its starter"});
  }
  layers.push_back(layer("nice", setpriority(PRIO_PROCESS, 0, 10) == 0));
  layers.push_back(first_oom_victim());
  layers.push_back(layer("no_core", limit(RLIMIT_CORE, 0)));
  if (!options.confine) return layers;
  layers.push_back(limit_resources(options));
  // An emulated terminal stays exclusive after its close, as a real one does not; only root may open it again.
  if (!options.under_umockdev) layers.push_back(drop_capabilities());
  layers.push_back(layer("no_new_privs", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0));
  return layers;
}

std::vector<Layer> confine_for_loading(const ConfineOptions& options, const std::filesystem::path& library) {
  if (!options.confine) return {};
  // Only now: the limit counts all threads of the user, and libusb had to start one of its own.
  if (!kSanitized) limit(RLIMIT_NPROC, 0);
  std::vector<Layer> layers;
  layers.push_back(from_reason("landlock_loading", apply_landlock(Stage::loading, options, library)));
  layers.push_back(from_reason("seccomp_loading", apply_seccomp(Stage::loading, options)));
  return layers;
}

std::vector<Layer> confine_for_running(const ConfineOptions& options) {
  if (!options.confine) return {};
  std::vector<Layer> layers;
  layers.push_back(from_reason("landlock", apply_landlock(Stage::running, options, {})));
  layers.push_back(from_reason("seccomp", apply_seccomp(Stage::running, options)));
  return layers;
}

}  // namespace patella::host
