// patella-emulator: emulated exercise devices, for one program, for USB/IP clients, or for the whole machine.
#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <sstream>
#include <utility>

#include "base/wrong_use.hpp"
#include "emulator/catalog.hpp"
#include "mock_bus/mock_bus.hpp"
#include "tool/command_source.hpp"
#include "tool/commands.hpp"
#include "tool/program.hpp"
#include "tool/run.hpp"
#include "usbip/usbip_bus.hpp"

namespace {

using namespace patella;
using namespace patella::emulator;

constexpr int kCannotStart = 127, kWrongUse = 2;

struct Options {
  std::string kinds, script, control, address = "127.0.0.1";
  uint16_t port = 0;
  uint64_t seed = 1;
  bool unplugged = false;
  std::vector<std::string> program;
};

NodeKind node_kind(const Wish& wish) {
  const auto node = wish.options.find("node");
  if (node == wish.options.end() || node->second == "fifo") return NodeKind::fifo;
  return node->second == "pty" ? NodeKind::pty : NodeKind::file;
}

Status add(MockBus& bus, const Wish& wish, Made made) {
  return made.usb ? bus.add(wish.name, std::move(made.usb), node_kind(wish)) : bus.add(wish.name, std::move(made.serial));
}
Status add(usbip::UsbipBus& bus, const Wish& wish, Made made) { return bus.add(wish.name, std::move(made)); }

template <class AnyBus>
Status add_devices(AnyBus& bus, const Options& options) {
  std::istringstream kinds(options.kinds);
  uint64_t seed = options.seed * 1000;
  for (std::string text; std::getline(kinds, text, ',');) {
    Result<Wish> wish = parse_wish(text);
    if (!wish) return wish.error();
    Result<Made> made = make_model(*wish, ++seed);
    if (!made) return made.error();
    const std::string called = wish->name;
    for (int n = 2; bus.has(wish->name); ++n) wish->name = fmt::format("{}-{}", called, n);
    const Status added = add(bus, *wish, std::move(*made));
    if (!added) return added;
    if (options.unplugged) continue;
    const Status plugged = bus.plug(wish->name);
    if (!plugged) return plugged;
    tell(fmt::format("{} is {}", wish->name, bus.node_of(wish->name)));
  }
  return {};
}

int fail(const Error& error, int status = kWrongUse) {
  tell(error.text());
  return status;
}

/// Blocked before any thread starts, so that they all come by the descriptor.
UniqueFd take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  return UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

Result<std::vector<CommandSource>> command_sources(const Options& options) {
  std::vector<CommandSource> sources;
  sources.push_back(CommandSource::standard_input());
  if (!options.script.empty()) {
    Result<CommandSource> script = CommandSource::script(options.script);
    if (!script) return script.error();
    sources.push_back(std::move(*script));
  }
  if (!options.control.empty()) {
    Result<CommandSource> control = CommandSource::control(options.control);
    if (!control) return control.error();
    sources.push_back(std::move(*control));
  }
  return sources;
}

int run(const Options& options) {
  const UniqueFd signal_fd = take_signals();
  Result<std::vector<CommandSource>> sources = command_sources(options);
  if (!sources) return fail(sources.error());
  Result<std::unique_ptr<MockBus>> bus = MockBus::make();
  if (!bus) return fail(bus.error());
  const Status added = add_devices(**bus, options);
  if (!added) return fail(added.error());
  Result<Program> program = Program::start(options.program);
  if (!program) return fail(program.error(), kCannotStart);
  return Run(**bus, std::move(*program), std::move(*sources), signal_fd.get()).until_end();
}

/// Until "quit" or a signal.
int serve(Result<std::unique_ptr<usbip::UsbipBus>> bus, const Options& options, int signal_fd) {
  if (!bus) return fail(bus.error(), kCannotStart);
  Result<std::vector<CommandSource>> sources = command_sources(options);
  if (!sources) return fail(sources.error());
  const Status added = add_devices(**bus, options);
  if (!added) return fail(added.error());
  return Run(**bus, std::nullopt, std::move(*sources), signal_fd).until_end();
}

int tcp(const Options& options) {
  const UniqueFd signal_fd = take_signals();
  Result<std::unique_ptr<usbip::UsbipBus>> bus = usbip::UsbipBus::listen(options.address, options.port);
  if (bus)
    tell(fmt::format("listens at {} port {}; attach with: usbip --tcp-port {} attach -r {} -b BUS_ID", options.address,
                     (*bus)->tcp_port(), (*bus)->tcp_port(), options.address));
  return serve(std::move(bus), options, signal_fd.get());
}

int vhci(const Options& options) {
  const UniqueFd signal_fd = take_signals();
  Result<usbip::Vhci> controller = usbip::Vhci::open();
  if (!controller) return fail(controller.error(), kCannotStart);
  return serve(usbip::UsbipBus::into_kernel(std::move(*controller)), options, signal_fd.get());
}

int list() {
  for (const Kind& kind : kinds()) {
    const std::string alias = *kind.alias ? fmt::format(" Short: {}.", kind.alias) : "";
    fmt::print("{:<17} {}  {}{}\n{:<17} options: name=WORD {}\n", kind.name, kind.ids, kind.about, alias, "", kind.options);
  }
  return 0;
}

void add_common_options(CLI::App& command, Options& options) {
  command
      .add_option("kinds", options.kinds,
                  "KIND[:KEY=VALUE...][,KIND...]; a kind is called like its driver (`list` shows them and their short forms)")
      ->required();
  command.add_option("--script", options.script, "A file of commands");
  command.add_option("--control", options.control, "A FIFO (made when missing) or a file that is followed");
  command.add_option("--seed", options.seed, "Makes the random parts repeatable");
  command.add_flag("--unplugged", options.unplugged, "The devices wait for \"plug\"");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Emulated exercise devices: for one program, for USB/IP clients, or for this whole machine.");
  app.require_subcommand(1);
  Options options;
  CLI::App* list_command = app.add_subcommand("list", "The kinds of devices, their short forms and options");
  CLI::App* run_command =
      app.add_subcommand("run", "Runs PROGRAM with the devices, no root needed; commands on stdin (try: help)");
  add_common_options(*run_command, options);
  run_command->add_option("program", options.program, "-- PROGRAM ARGS...")->required();
  CLI::App* tcp_command = app.add_subcommand("tcp", "Offers the devices to USB/IP clients; commands on stdin");
  add_common_options(*tcp_command, options);
  tcp_command->add_option("port", options.port, "TCP port, 3240 by custom; 0 = any free one")->required();
  tcp_command->add_option("--address", options.address, "Where to listen; anybody who gets there can attach")
      ->capture_default_str();
  CLI::App* vhci_command =
      app.add_subcommand("vhci", "Plugs the devices into this machine (root, module vhci-hcd); commands on stdin");
  add_common_options(*vhci_command, options);
  // What follows "--" is the program's, dashes and all; CLI11 is not to look at it.
  int ours = 0;
  while (ours < argc && std::string(argv[ours]) != "--") ++ours;
  if (ours < argc) options.program.assign(argv + ours + 1, argv + argc);
  if (!options.program.empty()) run_command->remove_option(run_command->get_option("program"));
  try {
    app.parse(ours, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    const std::string word = unknown_word(app, "patella-emulator", {argv + 1, argv + ours});
    tell(!word.empty() ? word : std::string(error.what()) + ". `patella-emulator COMMAND --help` shows how");
    return kWrongUse;
  }
  if (list_command->parsed()) return list();
  if (tcp_command->parsed()) return tcp(options);
  return vhci_command->parsed() ? vhci(options) : run(options);
}
