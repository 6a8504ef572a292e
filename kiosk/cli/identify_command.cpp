// `patella identify`: which of the sensors around is mine? The driver's own command of that name, its words as they come.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "runtime/assembly.hpp"

namespace patella::cli {

namespace {

constexpr int64_t kAskEveryUs = 1'000'000;   ///< a device that is not ready yet refuses
constexpr int64_t kReadyUs = 10'000'000;     ///< from its first sign of life; then a refusal is an answer
constexpr int64_t kPatienceUs = 60'000'000;  ///< from there to the end

void say(const std::string& text) {
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

struct Listener final : plugin_link::DriverSink {
  std::string told;
  bool talks = false;  ///< a device is open
  std::optional<Status> answer;
  std::string answer_text;
  void samples(std::span<const plugin_link::LinkSample>) override {}
  void state(plugin_link::LinkState state, const Messages& text) override {
    talks = state == plugin_link::LinkState::live || state == plugin_link::LinkState::silent;
    tell(state == plugin_link::LinkState::waiting && text.empty() ? "Waiting for the device: plug it in" : english(text));
  }
  void notice(const Messages& text) override { tell(english(text)); }
  void identity(const std::string& product, const std::string& serial, const std::string& port) override {
    say(fmt::format("{}, {}", product, serial.empty() ? "port " + port : "serial number " + serial));
  }
  void command_done(const std::string&, bool ok, const Messages& text) override {
    answer = ok ? Status() : Status(Error{english(text), "", "", text});
    answer_text = english(text);
  }
  void lost_samples(uint64_t) override {}
  void tell(const std::string& text) {
    if (!text.empty() && text != told) say(told = text);
  }
};

/// Waits for the device without a limit, then for its answer.
Status listen(plugin_link::DriverLink& link, Listener& listener, const Clock& clock) {
  const UniqueFd signals = ending_signals();
  int64_t ask_us = 0, talks_since_us = 0;
  bool asked = false;
  for (;;) {
    const int64_t now_us = clock.now_us();
    if (listener.talks && talks_since_us == 0) talks_since_us = now_us;
    if (listener.talks && !asked && now_us >= ask_us) {
      ask_us = now_us + kAskEveryUs;
      asked = static_cast<bool>(link.command("identify", 0));
    }
    if (listener.answer) {
      if (*listener.answer || now_us - talks_since_us >= kReadyUs) return *listener.answer;
      listener.answer.reset();
      asked = false;
    }
    if (link.state() == plugin_link::LinkState::quarantined) return Error{listener.told, "", "See `patella devices`"};
    if (talks_since_us != 0 && now_us - talks_since_us >= kPatienceUs)
      return Error{"the device did not answer", "", "Pull it out, plug it in and try again"};
    pollfd fds[] = {{link.wait_fd(), POLLIN, 0}, {signals.get(), POLLIN, 0}};
    const int64_t wait_us = std::clamp<int64_t>(link.deadline_us() - now_us, 0, 100'000);
    ::poll(fds, 2, static_cast<int>(wait_us / 1000 + 1));
    if (fds[1].revents) return Error{"ended", "", ""};
    link.service();
  }
}

}  // namespace

int identify_command(const Paths& paths, const IdentifyOptions& options) {
  if (ask_running_for(paths, "status"))
    return failed("the kiosk runs on " + paths.state.string() + " and has the device. End it first");
  SystemClock clock;
  Log log(LogLevel::warning);
  const plugin_link::HostOptions host = host_options(paths);
  const Assembly assembly = assemble(paths, host);
  // As a station has it set: the command looks for what the station will use.
  const DriverInstance* use = find_instance(assembly, options.driver, options.serial, options.port);
  if (!use)
    return failed(
        fmt::format("no station uses \"{}\". Bind a channel of a station to it first (docs/configuration.md); "
                    "`patella check config` shows what is wrong",
                    options.driver));
  plugin_link::DriverLink::Binding binding = use->binding;
  if (!options.serial.empty()) binding.serial = options.serial;
  if (!options.port.empty()) binding.port = options.port;
  Listener listener;
  const auto link = plugin_link::DriverLink::make(host, assembly.drivers[use->plugin], binding, clock, log, listener);
  if (Status heard = listen(*link, listener, clock); !heard) return failed(heard.error().text());
  listener.tell(listener.answer_text);
  return 0;
}

}  // namespace patella::cli
