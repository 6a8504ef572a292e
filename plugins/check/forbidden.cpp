#include "forbidden.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace patella::check {
namespace {

using Names = std::span<const std::string_view>;
struct Group {
  const char* why;
  Names names;     // whole names
  Names prefixes;  // beginnings: C++ names are mangled
};

constexpr std::string_view kProcess[] = {
    "pthread_create", "thrd_create", "fork",   "vfork",     "clone",       "clone3",   "system", "popen",   "posix_spawn",
    "posix_spawnp",   "execl",       "execle", "execlp",    "execv",       "execve",   "execvp", "execvpe", "kill",
    "killpg",         "raise",       "signal", "sigaction", "ptrace",      "dlopen",   "dlsym",  "dlmopen", "exit",
    "_exit",          "quick_exit",  "prctl",  "syscall",   "setpriority", "setrlimit"};
constexpr std::string_view kProcessStarts[] = {"_ZNSt6thread", "_ZNSt13__future"};
constexpr std::string_view kFile[] = {
    "fopen",    "fopen64",    "freopen",   "fdopen",      "open",          "open64",   "openat",   "openat64",     "creat",
    "close",    "read",       "write",     "pread",       "pread64",       "pwrite",   "pwrite64", "readv",        "writev",
    "ioctl",    "fcntl",      "fcntl64",   "mmap",        "mmap64",        "shm_open", "opendir",  "stat",         "stat64",
    "lstat",    "fstat",      "fstat64",   "unlink",      "remove",        "rename",   "mkdir",    "tmpfile",      "mkstemp",
    "socket",   "socketpair", "connect",   "bind",        "listen",        "accept",   "send",     "sendto",       "sendmsg",
    "recv",     "recvfrom",   "recvmsg",   "getaddrinfo", "gethostbyname", "pipe",     "pipe2",    "memfd_create", "eventfd",
    "__open_2", "__open64_2", "__read_chk"};
constexpr std::string_view kFileStarts[] = {"libusb_",
                                            "hid_",
                                            "sp_",
                                            "sqlite3_",
                                            "_ZNSt10filesystem",
                                            "_ZNSt13basic_filebuf",
                                            "_ZNSt14basic_ifstream",
                                            "_ZNSt14basic_ofstream",
                                            "_ZNSt13basic_fstream"};
constexpr std::string_view kClock[] = {"time",      "clock",        "clock_gettime",  "clock_getres", "gettimeofday",    "ftime",
                                       "times",     "timespec_get", "getrusage",      "localtime",    "localtime_r",     "mktime",
                                       "tzset",     "sleep",        "usleep",         "nanosleep",    "clock_nanosleep", "alarm",
                                       "setitimer", "timer_create", "timerfd_create", "poll",         "ppoll",           "select",
                                       "pselect",   "epoll_wait",   "pause",          "sched_yield"};
constexpr std::string_view kClockStarts[] = {"_ZNSt6chrono"};
constexpr std::string_view kRandom[] = {"rand",    "srand",   "random",    "srandom",    "drand48",    "lrand48",
                                        "mrand48", "erand48", "getrandom", "getentropy", "arc4random", "arc4random_uniform"};
constexpr std::string_view kRandomStarts[] = {"_ZNSt13random_device"};
constexpr std::string_view kSurroundings[] = {"getenv",    "secure_getenv", "setenv",    "putenv",     "environ",
                                              "setlocale", "newlocale",     "uselocale", "localeconv", "getpid",
                                              "getppid",   "gethostname",   "uname",     "sysconf",    "getuid"};
constexpr std::string_view kSurroundingsStarts[] = {"_ZNSt6localeC"};
constexpr std::string_view kOutput[] = {
    "printf", "vprintf", "puts",    "putchar",      "putc",          "fputc",         "fputs",          "fprintf",   "vfprintf",
    "fwrite", "perror",  "dprintf", "__printf_chk", "__vprintf_chk", "__fprintf_chk", "__vfprintf_chk", "syslog",    "stdout",
    "stderr", "stdin",   "scanf",   "getchar",      "fgets",         "_ZSt4cout",     "_ZSt4cerr",      "_ZSt4clog", "_ZSt3cin"};
constexpr std::string_view kLibm[] = {"sin",   "cos",   "tan",   "asin",  "acos",   "atan",  "atan2", "sinh",   "cosh",  "tanh",
                                      "asinh", "acosh", "atanh", "exp",   "exp2",   "exp10", "expm1", "log",    "log2",  "log10",
                                      "log1p", "pow",   "cbrt",  "hypot", "sincos", "erf",   "erfc",  "tgamma", "lgamma"};

const Group kGroups[] = {
    {"starts or ends threads or processes", kProcess, kProcessStarts},
    {"opens files, sockets or devices: the host does all input and output", kFile, kFileStarts},
    {"reads a clock or sleeps: time comes in as t_us", kClock, kClockStarts},
    {"is random: use host->random", kRandom, kRandomStarts},
    {"asks its surroundings: the same input must give the same result anywhere", kSurroundings, kSurroundingsStarts},
    {"reads or prints on the terminal: say it with host->log", kOutput, {}}};

bool holds(Names names, std::string_view symbol) { return std::find(names.begin(), names.end(), symbol) != names.end(); }
bool starts(Names prefixes, std::string_view symbol) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view p) { return symbol.starts_with(p); });
}

}  // namespace

std::string why_forbidden(std::string_view symbol, bool exercise_module) {
  for (const Group& group : kGroups)
    if (holds(group.names, symbol) || starts(group.prefixes, symbol)) return group.why;
  if (!exercise_module) return "";
  const bool single = symbol.size() > 1 && symbol.ends_with('f') && holds(kLibm, symbol.substr(0, symbol.size() - 1));
  if (holds(kLibm, symbol) || single) return "gives other last bits on another system: a replay would differ";
  return "";
}

std::string why_doubtful(std::string_view symbol, bool exercise_module) {
  if (exercise_module && symbol.find("_Prime_rehash_policy") != std::string_view::npos)
    return "an unordered container: its order must not reach an event or the view";
  return "";
}

std::string why_forbidden_library(std::string_view library) {
  constexpr std::string_view kAllowed[] = {"libc.so",    "libm.so",      "libstdc++.so",  "libgcc_s.so",
                                           "libc++.so",  "libc++abi.so", "libpthread.so", "ld-linux",
                                           "libasan.so", "libubsan.so",  "libtsan.so"};
  if (starts(kAllowed, library)) return "";
  return "only libc, libm and the compiler's run-time libraries may be linked";
}

bool belongs_to_compiler(std::string_view symbol) {
  constexpr std::string_view kHelpers[] = {"__asan",   "__odr_asan", "__lsan", "__ubsan",  "__tsan", "__sanitizer",
                                           "__sancov", "__gcov",     "__llvm", "__start_", "__stop_"};
  return starts(kHelpers, symbol);
}

}  // namespace patella::check
