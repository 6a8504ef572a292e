// patella-plugin-host: the child process that runs one plugin. Started by the kiosk; by hand only to look at a plugin:
//
//   patella-plugin-host --describe LIBRARY    the plugin's tables as JSON
//   patella-plugin-host --dose LIBRARY        what the module says of the parameters on its standard input, as JSON
//   patella-plugin-host --layers              which layers of confinement this machine has, as JSON
//   patella-plugin-host --attached            which USB devices and serial ports are attached, as JSON
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "attached.hpp"
#include "confine.hpp"
#include "describe.hpp"
#include "dose.hpp"
#include "driver_run.hpp"
#include "kiosk_end.hpp"
#include "library.hpp"
#include "module_run.hpp"
#include "start_message.hpp"

#if defined(__SANITIZE_ADDRESS__)
// At the end of a confined process the leak checker could neither fork nor look at threads; and a plugin's crash is
// the kiosk's to see, by its signal.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_abort=0:allocator_may_return_null=1";
}
#endif

namespace patella::host {
namespace {

struct Arguments {
  std::string describe, dose, driver, module;
  bool layers = false, attached = false, unconfined = false, under_umockdev = false, allow_no_device = false;
  int parent = 0, fd_offset = 0;
};

void print(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (n <= 0) return;
    done += static_cast<std::size_t>(n);
  }
}

int fail(const Error& error) {
  const std::string line = error.text() + "\n";
  [[maybe_unused]] const ssize_t n = write(STDERR_FILENO, line.data(), line.size());
  return wire::kExitCannotStart;
}

/// Dies with the kiosk. Between its start and this call the kiosk may have died already.
bool die_with_parent(int parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  return parent == 0 || getppid() == parent;
}

/// umockdev names the socket of a hot-plug monitor after its number as a descriptor, so two processes under one
/// emulator must not use the same numbers: fills those below the offset.
void occupy_descriptors(int offset) {
  for (int fd = open("/dev/null", O_RDONLY | O_CLOEXEC); fd >= 0 && fd < wire::kFirstFreeFd + offset - 1;) fd = dup(fd);
}

int describe(const std::string& file, const ConfineOptions& confine) {
  confine_at_start(confine);
  confine_for_loading(confine, file);
  const Result<Library> library = load_library(file);
  if (!library) return fail(library.error());
  confine_for_running(confine);
  const Result<std::string> text = describe_json(*library);
  if (!text) return fail(text.error());
  print(*text);
  return 0;
}

std::string read_input() {
  std::string text;
  char bytes[4096];
  for (ssize_t n = 0; (n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0;) text.append(bytes, static_cast<std::size_t>(n));
  return text;
}

int tell_dose(const std::string& file, const ConfineOptions& confine) {
  const std::string sets = read_input();
  confine_at_start(confine);
  confine_for_loading(confine, file);
  const Result<Library> library = load_library(file);
  if (!library) return fail(library.error());
  confine_for_running(confine);
  const Result<std::string> text = dose_json(*library, sets);
  if (!text) return fail(text.error());
  print(*text);
  return 0;
}

int show_layers(const ConfineOptions& confine) {
  nlohmann::json list = nlohmann::json::array();
  const auto add = [&](const std::vector<Layer>& layers) {
    for (const Layer& layer : layers) list.push_back({{"name", layer.name}, {"on", layer.on}, {"text", layer.text}});
  };
  add(confine_at_start(confine));
  add(confine_for_loading(confine, "/nonexistent/library"));
  add(confine_for_running(confine));
  print(list.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  return 0;
}

std::optional<wire::Message> first_message(KioskEnd& kiosk) {
  while (!kiosk.lost()) {
    if (auto message = kiosk.receive()) return message;
    pollfd fds[] = {{wire::kControlFd, POLLIN, 0}};
    wait_for(fds, INT64_MAX);
  }
  return std::nullopt;
}

int start_module(KioskEnd& kiosk, const std::string& file, const Start& start, const ConfineOptions& confine, int term_fd) {
  const std::vector<Layer> loading = confine_for_loading(confine, file);
  const Result<Library> library = load_library(file);
  const std::vector<Layer> running = confine_for_running(confine);
  kiosk.send_layers(loading);
  kiosk.send_layers(running);
  const std::string why = !library             ? library.error().text()
                          : library->is_driver ? "The plugin is a driver, not an exercise module"
                                               : "";
  if (!why.empty()) {
    kiosk.send({"error", wire::clean_text(why)});
    return wire::kExitCannotStart;
  }
  kiosk.beat();
  kiosk.send({"loaded"});
  return run_module(kiosk, *library, start, term_fd);
}

int serve(const Arguments& arguments, const ConfineOptions& confine) {
  const std::vector<Layer> layers = confine_at_start(confine);
  Result<KioskEnd> kiosk = KioskEnd::attach();
  if (!kiosk) return fail(kiosk.error());
  kiosk->send_layers(layers);
  const int term_fd = open_term_signal();
  occupy_descriptors(arguments.fd_offset);
  const std::optional<wire::Message> message = first_message(*kiosk);
  if (!message) return wire::kExitOrderly;
  const Result<Start> start = read_start(*message);
  if (!start) {
    kiosk->send({"error", wire::clean_text(start.error().text())});
    return wire::kExitCannotStart;
  }
  if (!arguments.module.empty()) return start_module(*kiosk, arguments.module, *start, confine, term_fd);
  return run_driver(*kiosk, arguments.driver, *start, confine, arguments.allow_no_device, term_fd);
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Runs one plugin of Patella in a process of its own. Started by the kiosk."};
  app.add_option("--describe", arguments.describe, "Print the tables of this plugin library as JSON");
  app.add_option("--dose", arguments.dose, "Print what this module says of the parameters on the standard input");
  app.add_flag("--layers", arguments.layers, "Print which layers of confinement this machine has, as JSON");
  app.add_flag("--attached", arguments.attached, "Print which USB devices and serial ports are attached, as JSON");
  app.add_option("--driver", arguments.driver, "Run this driver (by the kiosk)");
  app.add_option("--module", arguments.module, "Run this exercise module (by the kiosk)");
  app.add_option("--parent", arguments.parent, "Process that this one must not outlive");
  app.add_flag("--unconfined", arguments.unconfined, "For tests of this program: no rlimits, Landlock, seccomp");
  app.add_flag("--under-umockdev", arguments.under_umockdev, "For tests: allow what the device emulator needs");
  app.add_option("--fd-offset", arguments.fd_offset, "For tests: leave this many descriptor numbers unused");
  app.add_flag("--allow-no-device", arguments.allow_no_device, "For tests: run drivers with the transport \"none\"");
  CLI11_PARSE(app, argc, argv);

  if (!die_with_parent(arguments.parent)) return wire::kExitOrderly;
  // A bare name would be looked for among the system's libraries, and its folder would be none.
  for (std::string* file : {&arguments.describe, &arguments.dose, &arguments.driver, &arguments.module})
    if (!file->empty()) *file = std::filesystem::absolute(*file).string();
  ConfineOptions confine;
  confine.confine = !arguments.unconfined;
  confine.under_umockdev = arguments.under_umockdev;
  confine.own_session = arguments.parent != 0;
  if (const char* folder = std::getenv("UMOCKDEV_DIR")) confine.umockdev_folder = folder;
  if (!arguments.describe.empty()) return describe(arguments.describe, confine);
  if (!arguments.dose.empty()) return tell_dose(arguments.dose, confine);
  if (arguments.attached) {
    print(attached_json());
    return 0;
  }
  if (arguments.layers) return show_layers(confine);
  if (arguments.driver.empty() == arguments.module.empty())
    return fail({"Nothing to do", "", "Give --describe LIBRARY, --layers or --attached; the rest is for the kiosk"});
  return serve(arguments, confine);
}

}  // namespace
}  // namespace patella::host

int main(int argc, char** argv) {
  ::mallopt(M_ARENA_MAX, 1);  // its threads hardly allocate: free memory is kept once
  // Without the destructors of the plugin's static objects: it is never unloaded.
  _exit(patella::host::run(argc, argv));
}
