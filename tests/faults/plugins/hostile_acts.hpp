// What a plugin can try against the kiosk and the machine, by name: each is a plain system call or a few. The act that
// worked ends the process with kReached, the one that was refused with its errno; a forbidden call ends it before.
#pragma once

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/usbdevice_fs.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

#include "hostile_marks.hpp"

namespace hostile {

[[noreturn]] inline void end_with(bool reached) { _exit(reached ? kReached : kRefusedBase + errno); }
inline void tried(long result) { end_with(result >= 0); }

/// The state folder of the attacked kiosk. Set before the first act.
inline std::string& state_folder() {
  static std::string folder;
  return folder;
}

/// The attacked kiosk. Not asked for by getppid(), which alone would end the process: a constructor is given the arguments.
inline pid_t& parent() {
  static pid_t process = 0;
  return process;
}

inline void read_file(const std::string& path) {
  char byte = 0;
  const int fd = open(path.c_str(), O_RDONLY);
  if (fd < 0) end_with(false);
  tried(read(fd, &byte, 1) == 1 ? 0 : -1);
}

inline iovec canary() { return {reinterpret_cast<void*>(kCanaryAt), sizeof(uint64_t)}; }

// ---- against the kiosk's process

inline void limit_parent() {
  const rlimit none{0, 0};
  tried(syscall(SYS_prlimit64, parent(), RLIMIT_FSIZE, &none, nullptr));
}
inline void read_limits_of_parent() {
  rlimit got{};
  tried(syscall(SYS_prlimit64, parent(), RLIMIT_NOFILE, nullptr, &got));
}
inline void kill_parent() { tried(kill(parent(), SIGKILL)); }
inline void stop_parent() { tried(kill(parent(), SIGSTOP)); }
inline void kill_everything_of_user() {
  // The signal 0 reaches whom SIGKILL would reach, and hurts nobody when the test is right about the layers.
  tried(kill(-1, 0));
}
inline void queue_signal_to_parent() {
  siginfo_t info{};
  info.si_code = -1;
  tried(syscall(SYS_rt_sigqueueinfo, parent(), SIGTERM, &info));
}
inline void signal_by_pidfd() {
  const long fd = syscall(SYS_pidfd_open, parent(), 0);
  tried(fd < 0 ? fd : syscall(SYS_pidfd_send_signal, fd, SIGTERM, nullptr, 0));
}
inline void signal_by_owner() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) end_with(false);
  tried(fcntl(pair[0], F_SETOWN, parent()));
}
inline void steal_descriptor() {
  const long fd = syscall(SYS_pidfd_open, parent(), 0);
  tried(fd < 0 ? fd : syscall(SYS_pidfd_getfd, fd, 2, 0));
}
inline void trace_parent() { tried(ptrace(PTRACE_SEIZE, parent(), nullptr, nullptr)); }
inline void write_memory_of_parent() {
  uint64_t zero = 0;
  iovec from{&zero, sizeof zero}, to = canary();
  tried(process_vm_writev(parent(), &from, 1, &to, 1, 0));
}
inline void read_memory_of_parent() {
  uint64_t got = 0;
  iovec into{&got, sizeof got}, from = canary();
  tried(process_vm_readv(parent(), &into, 1, &from, 1, 0));
}
inline std::string proc_file_of_parent(const char* name) { return "/proc/" + std::to_string(parent()) + "/" + name; }
inline void memory_file_of_parent() {
  const int fd = open(proc_file_of_parent("mem").c_str(), O_RDWR);
  const uint64_t zero = 0;
  tried(fd < 0 ? fd : pwrite(fd, &zero, sizeof zero, static_cast<off_t>(kCanaryAt)));
}
inline void environment_of_parent() { read_file(proc_file_of_parent("environ")); }
inline void arguments_of_parent() { read_file(proc_file_of_parent("cmdline")); }
inline void renice_parent() { tried(setpriority(PRIO_PROCESS, static_cast<id_t>(parent()), 19)); }
inline void schedule_parent() {
  const sched_param none{};
  tried(sched_setscheduler(parent(), SCHED_IDLE, &none));
}
inline void pin_parent() {
  cpu_set_t first;
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  tried(sched_setaffinity(parent(), sizeof first, &first));
}
inline void starve_disk_of_parent() { tried(syscall(SYS_ioprio_set, 1, parent(), 3 << 13)); }
inline void outlive_parent() {
  if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) != 0) end_with(false);
  for (;;) pause();
}

// ---- against files and the control socket

inline void read_passwords() { read_file("/etc/shadow"); }
inline void read_users() { read_file("/etc/passwd"); }
inline void read_clients() { read_file(state_folder() + "/" + kClientsFile); }
inline void truncate_database() {
  const int fd = open((state_folder() + "/" + kDatabaseFile).c_str(), O_WRONLY | O_TRUNC);
  tried(fd);
}
inline void remove_database() { tried(unlink((state_folder() + "/" + kDatabaseFile).c_str())); }
inline void rename_database() {
  const std::string file = state_folder() + "/" + kDatabaseFile;
  tried(rename(file.c_str(), (file + ".gone").c_str()));
}
inline void write_file() { tried(open((state_folder() + "/planted").c_str(), O_WRONLY | O_CREAT, 0600)); }
inline void list_state() { tried(open(state_folder().c_str(), O_RDONLY | O_DIRECTORY)); }
inline void handle_of_file() {
  alignas(file_handle) char room[sizeof(file_handle) + 128] = {};
  auto* handle = reinterpret_cast<file_handle*>(room);
  handle->handle_bytes = 128;
  int mount = 0;
  tried(name_to_handle_at(AT_FDCWD, (state_folder() + "/" + kDatabaseFile).c_str(), handle, &mount, 0));
}
inline void ask_kiosk() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = state_folder() + "/" + kControlFile;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  tried(fd < 0 ? fd : connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address));
}
inline void network() { tried(socket(AF_INET, SOCK_STREAM, 0)); }
inline void netlink() { tried(socket(AF_NETLINK, SOCK_RAW, 0)); }
inline void raw_packets() { tried(socket(AF_PACKET, SOCK_RAW, 0)); }

// ---- against the machine

inline void fork_bomb() {
  int made = 0;
  for (int i = 0; i < 20; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    made += child > 0;
  }
  end_with(made == 20);
}
inline void vfork_once() {
  const long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  tried(child);
}
inline void new_program() {
  execl("/bin/sh", "sh", "-c", "exit 8", static_cast<char*>(nullptr));
  end_with(false);
}
inline void memory_files() {
  int made = 0;
  while (made < 1000 && memfd_create("hostile", 0) >= 0) ++made;
  end_with(made == 1000);
}
inline void all_memory() {
  constexpr std::size_t kBlock = 64u << 20;
  int blocks = 0;
  while (blocks < 16 &&
         mmap(nullptr, kBlock, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED)
    ++blocks;
  end_with(blocks == 16);
}
inline void all_descriptors() {
  int made = 0;
  while (made < 500 && epoll_create1(0) >= 0) ++made;
  end_with(made == 500);
}
inline void raise_own_limit() {
  const rlimit much{1u << 20, 1u << 20};
  tried(setrlimit(RLIMIT_NOFILE, &much));
}
inline void real_time() {
  const sched_param highest{99};
  tried(sched_setscheduler(0, SCHED_FIFO, &highest));
}
inline void be_first() { tried(setpriority(PRIO_PROCESS, 0, -20)); }
inline void take_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct all[_LINUX_CAPABILITY_U32S_3] = {{1u << CAP_KILL, 1u << CAP_KILL, 0}, {0, 0, 0}};
  tried(syscall(SYS_capset, &header, all));
}
inline void other_user() { tried(setresuid(1, 1, 1)); }
inline void new_user_namespace() { tried(unshare(CLONE_NEWUSER)); }
inline void new_mount() { tried(mount("none", state_folder().c_str(), "tmpfs", MS_REMOUNT, nullptr)); }
inline void change_root() { tried(chroot("/")); }
inline void shared_segment() { tried(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600)); }
inline void keyring() { tried(syscall(SYS_add_key, "user", "hostile", "x", 1, -3)); }
inline void kernel_program() {
  bpf_attr attributes{};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = attributes.value_size = 4;
  attributes.max_entries = 1;
  tried(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}
inline void counters_of_kernel() {
  char attributes[128] = {};
  attributes[0] = 1;  // PERF_TYPE_SOFTWARE
  attributes[4] = 112;
  tried(syscall(SYS_perf_event_open, attributes, parent(), -1, -1, 0));
}
inline void page_faults() { tried(syscall(SYS_userfaultfd, 0)); }
inline void io_rings() {
  char parameters[256] = {};
  tried(syscall(SYS_io_uring_setup, 8, parameters));
}
inline void poison_page() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  tried(madvise(page, 4096, 101 /* MADV_SOFT_OFFLINE */));
}
inline void set_clock() {
  const timespec epoch{0, 0};
  tried(clock_settime(CLOCK_REALTIME, &epoch));
}
inline void host_name() { tried(sethostname("hostile", 7)); }
/// Every number that a request of a tty or of usbfs could be confused with is asked of what is open.
inline void reset_devices() {
  for (const unsigned long request :
       {static_cast<unsigned long>(USBDEVFS_RESET), static_cast<unsigned long>(TIOCSTI), static_cast<unsigned long>(TIOCSCTTY)})
    if (ioctl(0, request, 0) == 0) end_with(true);
  end_with(false);
}

// ---- around the filter

#if defined(__x86_64__)
/// kill() by its number of the 32-bit interface.
inline void calls_of_32_bits() {
  long result = 37;
  asm volatile("int $0x80" : "+a"(result) : "b"(parent()), "c"(SIGKILL), "d"(0) : "memory");
  errno = static_cast<int>(-result);
  tried(result);
}
inline void calls_of_x32() { tried(syscall(0x40000000 | SYS_kill, parent(), SIGKILL)); }
#else
inline void calls_of_32_bits() { errno = ENOSYS, end_with(false); }
inline void calls_of_x32() { errno = ENOSYS, end_with(false); }
#endif

/// A filter of its own that says "done" to those that would confine it further; then it does what those should stop.
inline void pretend_confinement() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_restrict_self, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0),
  };
  const sock_fprog filter{sizeof program / sizeof program[0], program};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) end_with(false);
  if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, nullptr) != 0) end_with(false);
  read_clients();
}
/// A filter that hands every call to whoever holds its descriptor.
inline void listen_to_calls() {
  sock_filter program[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{1, program};
  tried(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
}

// ---- against the link: nothing is refused, and nothing is to come of it

inline void rubbish_to_kiosk() {
  char bytes[4096];
  for (unsigned i = 0; i < sizeof bytes; ++i) bytes[i] = static_cast<char>(i * 131u >> 3);
  for (std::size_t length = 0; length < sizeof bytes; length += 37) send(3, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  end_with(false);
}
inline void close_everything() {
  for (int fd = 0; fd < 64; ++fd) close(fd);
  errno = EBADF;
  end_with(false);
}
inline void shrink_shared_memory() { tried(ftruncate(4, 0)); }
inline void map_pages_of_kiosk() {
  void* at = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 5, 0);
  end_with(at != MAP_FAILED);
}

struct Act {
  const char* name;
  void (*commit)();
};

inline constexpr Act kActs[] = {
    {"limit_parent", limit_parent},
    {"read_limits_of_parent", read_limits_of_parent},
    {"kill_parent", kill_parent},
    {"stop_parent", stop_parent},
    {"kill_everything_of_user", kill_everything_of_user},
    {"queue_signal_to_parent", queue_signal_to_parent},
    {"signal_by_pidfd", signal_by_pidfd},
    {"signal_by_owner", signal_by_owner},
    {"steal_descriptor", steal_descriptor},
    {"trace_parent", trace_parent},
    {"write_memory_of_parent", write_memory_of_parent},
    {"read_memory_of_parent", read_memory_of_parent},
    {"memory_file_of_parent", memory_file_of_parent},
    {"environment_of_parent", environment_of_parent},
    {"arguments_of_parent", arguments_of_parent},
    {"renice_parent", renice_parent},
    {"schedule_parent", schedule_parent},
    {"pin_parent", pin_parent},
    {"starve_disk_of_parent", starve_disk_of_parent},
    {"outlive_parent", outlive_parent},
    {"read_passwords", read_passwords},
    {"read_users", read_users},
    {"read_clients", read_clients},
    {"truncate_database", truncate_database},
    {"remove_database", remove_database},
    {"rename_database", rename_database},
    {"write_file", write_file},
    {"list_state", list_state},
    {"handle_of_file", handle_of_file},
    {"ask_kiosk", ask_kiosk},
    {"network", network},
    {"netlink", netlink},
    {"raw_packets", raw_packets},
    {"fork_bomb", fork_bomb},
    {"vfork_once", vfork_once},
    {"new_program", new_program},
    {"memory_files", memory_files},
    {"all_memory", all_memory},
    {"all_descriptors", all_descriptors},
    {"raise_own_limit", raise_own_limit},
    {"real_time", real_time},
    {"be_first", be_first},
    {"take_capabilities", take_capabilities},
    {"other_user", other_user},
    {"new_user_namespace", new_user_namespace},
    {"new_mount", new_mount},
    {"change_root", change_root},
    {"shared_segment", shared_segment},
    {"keyring", keyring},
    {"kernel_program", kernel_program},
    {"counters_of_kernel", counters_of_kernel},
    {"page_faults", page_faults},
    {"io_rings", io_rings},
    {"poison_page", poison_page},
    {"set_clock", set_clock},
    {"host_name", host_name},
    {"reset_devices", reset_devices},
    {"calls_of_32_bits", calls_of_32_bits},
    {"calls_of_x32", calls_of_x32},
    {"pretend_confinement", pretend_confinement},
    {"listen_to_calls", listen_to_calls},
    {"rubbish_to_kiosk", rubbish_to_kiosk},
    {"close_everything", close_everything},
    {"shrink_shared_memory", shrink_shared_memory},
    {"map_pages_of_kiosk", map_pages_of_kiosk},
};

}  // namespace hostile
