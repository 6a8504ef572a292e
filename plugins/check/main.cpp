// patella-plugin-check: what a third party runs on a plugin before a kiosk loads it.
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "cases.hpp"
#include "report.hpp"
#include "supervise.hpp"

namespace patella::check {
namespace {

constexpr const char* kUsage =
    "patella-plugin-check FILE.so [--json] [--only CHECK[,CHECK…]] [--device FILE] [--bytes N] [--seed N]\n"
    "                     [--hour SECONDS] [--timeout SECONDS] [--list]\n"
    "Checks a Patella plugin, each check in a process of its own. plugin.toml must lie beside the library.\n"
    "  --device FILE   drivers: what the device answers and says (docs/plugins.md), so that samples flow\n"
    "  --bytes N       drivers: how many random bytes (200000)\n"
    "  --hour SECONDS  modules: length of the long run in virtual time (3600)\n"
    "  --timeout S     a call longer than this hangs (10)\n"
    "  --list          names of all checks\n"
    "Exit status: 0 nothing failed, 1 something failed, 2 wrong use.\n";

struct Command {
  Options options;
  bool json = false, list = false;
  double timeout_s = 10;
  std::string only, one_case;
};

/// "" = understood; otherwise what is wrong.
std::string parse(int argc, char** argv, Command& command) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--json")
      command.json = true;
    else if (word == "--list")
      command.list = true;
    else if (!word.starts_with("--"))
      command.options.file = word;
    else if (i + 1 >= argc)
      return fmt::format("{} needs a value", word);
    else if (word == "--only")
      command.only = argv[++i];
    else if (word == "--case")
      command.one_case = argv[++i];
    else if (word == "--device")
      command.options.device = argv[++i];
    else if (word == "--bytes")
      command.options.bytes = std::strtoull(argv[++i], nullptr, 10);
    else if (word == "--seed")
      command.options.seed = std::strtoull(argv[++i], nullptr, 10);
    else if (word == "--hour")
      command.options.hour_s = std::strtod(argv[++i], nullptr);
    else if (word == "--timeout")
      command.timeout_s = std::strtod(argv[++i], nullptr);
    else
      return fmt::format("{} is not known", word);
  }
  if (command.options.file.empty() && !command.list) return "which FILE?";
  if (!(command.timeout_s > 0)) return "--timeout must be above 0";
  return "";
}

/// In the child: one check, and its answer.
int run_case(const Command& command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  void* page = mmap(nullptr, sizeof(Pulse), PROT_READ | PROT_WRITE, MAP_SHARED, kPulseFd, 0);
  if (page == MAP_FAILED) return 3;
  Pulse& pulse = *static_cast<Pulse*>(page);

  // A case name can stand for a driver's and a module's check ("limits"): the plugin's kind decides.
  Plugin plugin;
  Findings findings;
  for (const Case& each : all_cases()) {
    if (command.one_case != each.name) continue;
    if (each.needs != Needs::file && !plugin.entry) {
      Result<Plugin> loaded = load(command.options.file, pulse);
      if (!loaded) {
        findings.fault(loaded.error().text());
        break;
      }
      plugin = *loaded;
    }
    if (each.needs == Needs::tables || each.needs == Needs::driver || each.needs == Needs::exercise)
      if (const Status usable = find_interfaces(plugin); !usable) {
        findings.fault(usable.error().text());
        break;
      }
    if (each.needs == Needs::driver && !plugin.device) continue;
    if (each.needs == Needs::exercise && !plugin.exercise) continue;
    each.run(plugin, command.options, findings);
    break;
  }
  answer(findings);
  // Not through exit handlers: a plugin's destructors of statics are not part of its contract.
  std::_Exit(0);
}

std::vector<std::string> child_arguments(const Command& command, const char* name) {
  return {command.options.file.string(),
          "--case",
          name,
          "--device",
          command.options.device.string(),
          "--bytes",
          std::to_string(command.options.bytes),
          "--seed",
          std::to_string(command.options.seed),
          "--hour",
          fmt::format("{}", command.options.hour_s)};
}

/// Which kind it is, asked of a child: 'd', 'e' or '?' with the reason in `outcome`.
char kind_of(const Command& command, Outcome& outcome) {
  outcome = run_in_child(child_arguments(command, "abi"), command.timeout_s);
  return outcome.verdict == Verdict::fail || outcome.digest.empty() ? '?' : outcome.digest[0];
}

bool selected(const Command& command, std::string_view name) {
  return command.only.empty() || ("," + command.only + ",").find(fmt::format(",{},", name)) != std::string::npos;
}

Outcome run_check(const Command& command, const Case& each) {
  Outcome first = run_in_child(child_arguments(command, each.name), command.timeout_s);
  if (!each.twice || first.verdict == Verdict::fail) return first;
  const Outcome second = run_in_child(child_arguments(command, each.name), command.timeout_s);
  if (second.verdict == Verdict::fail) return second;
  if (first.digest != second.digest)
    return {Verdict::fail,
            "two processes with the same input gave different results: an address, an uninitialised value or "
            "something from outside gets into it",
            ""};
  return first;
}

int run_all(const Command& command) {
  Report report(command.json, command.options.file.string());
  Outcome abi;
  const char kind = kind_of(command, abi);
  for (const Case& each : all_cases()) {
    if (!selected(command, each.name)) continue;
    if (std::string_view(each.name) == "abi") {
      report.add(each.name, abi);
      continue;
    }
    const bool fits = each.needs == Needs::file || (each.needs == Needs::driver && kind == 'd') ||
                      (each.needs == Needs::exercise && kind == 'e') || (each.needs == Needs::tables && kind != '?');
    if (fits) report.add(each.name, run_check(command, each));
  }
  return report.finish();
}

int run(int argc, char** argv) {
  Command command;
  if (const std::string wrong = parse(argc, argv, command); !wrong.empty()) {
    fmt::print(stderr, "patella-plugin-check: {}\n{}", wrong, kUsage);
    return 2;
  }
  if (command.list) {
    for (const Case& each : all_cases()) fmt::print("{}\n", each.name);
    return 0;
  }
  if (!command.one_case.empty()) return run_case(command);
  return run_all(command);
}

}  // namespace
}  // namespace patella::check

int main(int argc, char** argv) { return patella::check::run(argc, argv); }
