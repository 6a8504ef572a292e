// Plugins that attack the kiosk, from the constructor of their library to the call that hands them samples: nothing reaches
// the kiosk, its files or the machine, and what stopped it is printed. The same plugins without confinement do reach it,
// so that the table says something.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "harness.hpp"
#include "plugins/hostile_acts.hpp"

extern char** environ;

using namespace faults_test;
namespace fs = std::filesystem;

namespace {

struct Stage {
  const char *title, *kind, *stage, *how;
};
constexpr Stage kStages[] = {{"constructor, described", "driver", "constructor", "describe"},
                             {"get_interface, described", "driver", "get_interface", "describe"},
                             {"constructor, driver", "driver", "constructor", "link"},
                             {"get_interface, driver", "driver", "get_interface", "link"},
                             {"create, driver", "driver", "create", "link"},
                             {"tick, driver", "driver", "running", "link"},
                             {"constructor, module", "module", "constructor", "link"},
                             {"create, module", "module", "create", "link"},
                             {"on_samples, module", "module", "running", "link"}};

struct Outcome {
  bool reached = false;
  std::string end;  ///< how the attack ended, or what it did
};

/// A state folder with something to be read, and the hostile library in it.
class Ground {
 public:
  Ground() {
    char name[] = "/tmp/patella-hostile-XXXXXX";
    root_ = mkdtemp(name);
    write("clients.toml", "name = \"Anna Example\"\n");
    write("patella.db", "what must not be lost\n");
  }
  ~Ground() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  std::string library(const Stage& stage, const std::string& act) const {
    const std::string name = std::string("hostile_") + stage.kind;
    const fs::path folder = root_ / "plugins" / (std::string(stage.stage) + "." + act);
    fs::create_directories(folder);
    const fs::path file = folder / (name + ".so");
    if (!fs::exists(file)) fs::copy_file(std::string(PATELLA_BUILD_DIR "/tests/plugins/") + name + "/" + name + ".so", file);
    return file.string();
  }
  fs::path report() const { return root_ / "report"; }

 private:
  void write(const char* name, const char* text) { std::ofstream(root_ / name) << text; }
  fs::path root_;
};

/// Processes that still run this plugin.
std::vector<pid_t> left_running(const std::string& library) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    const int file = open((entry.path() / "cmdline").c_str(), O_RDONLY | O_CLOEXEC);
    char arguments[4096];
    const ssize_t length = file < 0 ? -1 : read(file, arguments, sizeof arguments);  // it may be gone meanwhile
    close(file);
    if (length > 0 && std::string_view(arguments, static_cast<std::size_t>(length)).find(library) != std::string_view::npos)
      found.push_back(pid);
  }
  return found;
}

/// The kiosk's way to its end: reaped, or stopped by somebody and then ended here.
std::string end_of(pid_t kiosk) {
  int status = 0;
  if (waitpid(kiosk, &status, WUNTRACED) != kiosk) return "was not there";
  if (WIFSTOPPED(status)) {
    kill(kiosk, SIGKILL);
    kill(kiosk, SIGCONT);
    waitpid(kiosk, &status, 0);
    return "the kiosk was stopped";
  }
  if (WIFSIGNALED(status)) return "the kiosk died of signal " + std::to_string(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : "the kiosk ended with " + std::to_string(WEXITSTATUS(status));
}

Outcome attack(const Ground& ground, const Stage& stage, const std::string& act, bool confined) {
  const std::string library = ground.library(stage, act), report = ground.report().string();
  std::vector<std::string> words{PATELLA_BUILD_DIR "/tests/attacked_kiosk", stage.kind, library, stage.how};
  if (!confined) words.push_back("--unconfined");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, report.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t kiosk = 0;
  const int error = posix_spawn(&kiosk, words[0].c_str(), &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) return {true, "the kiosk did not start"};
  std::string what = end_of(kiosk);
  for (const pid_t pid : left_running(library)) {
    // Of a kiosk that was killed the child may be on its way out: it dies of the same parent's death.
    for (int i = 0; i < 500 && kill(pid, 0) == 0; ++i) poll(nullptr, 0, 2);
    if (kill(pid, 0) != 0) continue;
    kill(pid, SIGKILL);
    what += " and was outlived";
  }
  std::ifstream file(report);
  std::string line;
  std::getline(file, line);
  const bool hole = line.find("exit code " + std::to_string(hostile::kReached) + ")") != std::string::npos;
  const bool intact = line.rfind("INTACT", 0) == 0;
  return {!what.empty() || !intact || hole, what.empty() ? line : what};
}

/// Which layer it was, in a word for the table.
std::string layer(const std::string& end) {
  if (end.find("forbidden system call") != std::string::npos) return "seccomp";
  const std::size_t at = end.find("exit code ");
  const int code = at == std::string::npos ? 0 : std::atoi(end.c_str() + at + 10) - hostile::kRefusedBase;
  switch (code) {
    case EACCES:
      return "Landlock";
    case EPERM:
      return "EPERM";  // seccomp answers so to open(), a seal to a mapping
    case ENOMEM:
      return "rlimit AS";
    case EMFILE:
      return "rlimit NOFILE";
    case EBADF:
      return "no such fd";
    case EAGAIN:
      return "ignored";
    default:
      break;
  }
  for (const char* seen : {"flood", "closed its control socket", "did not answer", "too long", "killed"})
    if (end.find(seen) != std::string::npos) return "the link";
  return code > 0 ? "errno " + std::to_string(code) : end.substr(0, 40);
}

bool has_landlock() {
  const auto layers = confinement_report(host_options());
  return layers &&
         std::any_of(layers->begin(), layers->end(), [](const auto& l) { return l.name == "landlock_loading" && l.on; });
}

/// Without Landlock a constructor can read what the kiosk's user can.
bool needs_landlock(const std::string& act, const Stage& stage) {
  const std::string early = stage.stage;
  const char* const reading[] = {"read_passwords",        "read_users",          "read_clients",       "list_state",
                                 "environment_of_parent", "arguments_of_parent", "pretend_confinement"};
  return (early == "constructor" || early == "get_interface") &&
         std::find(std::begin(reading), std::end(reading), act) != std::end(reading);
}

}  // namespace

TEST_CASE("hostile plugins at every stage of their life: nothing reached the kiosk") {
  const bool landlock = has_landlock();
  const Ground ground;
  int attacks = 0;
  std::printf("%-26s", "act");
  for (const Stage& stage : kStages) std::printf(" | %-24s", stage.title);
  std::printf("\n");
  for (const hostile::Act& act : hostile::kActs) {
    std::printf("%-26s", act.name);
    for (const Stage& stage : kStages) {
      const Outcome outcome = attack(ground, stage, act.name, true);
      ++attacks;
      INFO(act.name << " at " << stage.title << ": " << outcome.end);
      std::printf(" | %-24s", outcome.reached ? "REACHED" : layer(outcome.end).c_str());
      if (!landlock && needs_landlock(act.name, stage)) continue;
      CHECK_FALSE(outcome.reached);
      CHECK(outcome.end != "INTACT ");  // the act was never committed
      CHECK(outcome.end != "INTACT described");
    }
    std::printf("\n");
  }
  std::printf("%d attacks of %zu kinds%s\n", attacks, std::size(hostile::kActs), landlock ? "" : "; this kernel has no Landlock");
}

TEST_CASE("the same plugins without confinement reach it") {
  // Of those that change this machine none is here.
  std::vector<std::string> acts = {"limit_parent",
                                   "read_limits_of_parent",
                                   "kill_parent",
                                   "stop_parent",
                                   "queue_signal_to_parent",
                                   "signal_by_pidfd",
                                   "signal_by_owner",
                                   "renice_parent",
                                   "schedule_parent",
                                   "pin_parent",
                                   "outlive_parent",
                                   "read_users",
                                   "read_clients",
                                   "truncate_database",
                                   "list_state",
                                   "ask_kiosk",
                                   "network",
                                   "netlink",
                                   "fork_bomb",
                                   "vfork_once",
                                   "new_program",
                                   "memory_files",
                                   "all_memory",
                                   "all_descriptors"};
  if (geteuid() == 0)
    acts.insert(acts.end(), {"read_passwords", "trace_parent", "write_memory_of_parent", "read_memory_of_parent",
                             "memory_file_of_parent", "steal_descriptor", "be_first"});
  for (const std::string& act : acts) {
    const Ground ground;
    const Outcome outcome = attack(ground, kStages[2], act, false);
    INFO(act << ": " << outcome.end);
    CHECK(outcome.reached);
  }
}

TEST_CASE("plugins that hang while they are loaded hold up the start once, and not one after the other") {
  const Ground ground;
  std::vector<Manifest> plugins;
  const auto add = [&](const Stage& stage, const std::string& act) {
    Manifest plugin = manifest("hostile", Manifest::Kind::driver);
    plugin.library = ground.library(stage, act);
    plugins.push_back(plugin);
  };
  constexpr int kHang = 4;
  for (int i = 0; i < kHang; ++i) add(kStages[i % 2], "hang");
  add(kStages[0], "nothing");
  const SystemClock clock;
  const int64_t from_us = clock.now_us();
  const auto infos = describe_all(host_options().host_program, plugins);
  const double took_s = static_cast<double>(clock.now_us() - from_us) * 1e-6;
  std::printf("%d plugins that hang and one that does not: described after %.1f s\n", kHang, took_s);
  REQUIRE(infos.size() == plugins.size());
  for (int i = 0; i < kHang; ++i) {
    REQUIRE_FALSE(infos[static_cast<std::size_t>(i)].ok());
    CHECK(infos[static_cast<std::size_t>(i)].error().what == "It did not answer within 5 s");
  }
  REQUIRE(infos.back().ok());
  CHECK(infos.back()->manifest.library == plugins.back().library);
  CHECK(took_s < 2 * 5);  // one after the other it is 4 × 5
}
