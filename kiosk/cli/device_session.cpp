#include "cli/device_session.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/command_parts.hpp"

namespace patella::cli {

namespace {
constexpr int64_t kShowEveryUs = 200'000;
constexpr int64_t kCommandPatienceUs = 15'000'000;

/// As a station has it set, since it is to be calibrated as it will be used; preset when none uses it.
params::Values settings(const DriverInstance* use, const plugin_link::PluginInfo& driver) {
  return use ? use->binding.params : params::defaults(driver.params);
}

std::string force_drivers(const Assembly& assembly) {
  std::string names;
  for (const auto& driver : assembly.drivers)
    if (std::any_of(driver.channels.begin(), driver.channels.end(), [](const auto& c) { return c.unit == "N"; }))
      names += (names.empty() ? "" : ", ") + driver.folder;
  return names;
}
}  // namespace

DeviceSession::DeviceSession(const Assembly& assembly, const plugin_link::PluginInfo& driver, std::size_t channel,
                             const DeviceSessionOptions& wish, const Clock& clock)
    : assembly_(assembly),
      driver_(driver),
      channel_(channel),
      clock_(clock),
      taker_(wish.rules),
      rules_(wish.rules),
      recent_(wish.rules) {
  signals_ = ending_signals();
}

DeviceSession::~DeviceSession() = default;

Result<std::unique_ptr<DeviceSession>> DeviceSession::make(const DeviceSessionOptions& wish, const Assembly& assembly,
                                                           const plugin_link::HostOptions& host, const Clock& clock, Log& log) {
  const auto driver =
      std::find_if(assembly.drivers.begin(), assembly.drivers.end(), [&](const auto& d) { return d.folder == wish.driver; });
  if (driver == assembly.drivers.end())
    return Error{fmt::format("there is no driver \"{}\"", wish.driver), "",
                 "Drivers that measure a force: " + force_drivers(assembly)};
  const auto channel = std::find_if(driver->channels.begin(), driver->channels.end(), [&](const auto& c) {
    return c.unit == "N" && (wish.channel.empty() || c.key == wish.channel);
  });
  if (channel == driver->channels.end())
    return Error{
        fmt::format("{} has no channel {}in newtons", driver->name, wish.channel.empty() ? "" : "\"" + wish.channel + "\" "), "",
        "Drivers that measure a force: " + force_drivers(assembly)};
  std::unique_ptr<DeviceSession> device(
      new DeviceSession(assembly, *driver, static_cast<std::size_t>(channel - driver->channels.begin()), wish, clock));
  if (Status opened = device->open_input(wish.script); !opened) return opened.error();
  device->settings_ = settings(find_instance(assembly, wish.driver, wish.serial, wish.port), *driver);
  plugin_link::DriverLink::Binding binding{{wish.serial, wish.port}, device->settings_, {}};
  device->link_ = plugin_link::DriverLink::make(host, device->driver_, binding, clock, log, *device);
  return device;
}

Status DeviceSession::check_settings() const {
  if (state_ != plugin_link::LinkState::live) return {};  // may yet turn out to be no device of this driver
  const DriverInstance* use = instance_of_device(assembly_, driver_.folder, serial_, port_);
  if (settings(use, driver_) == settings_) return {};
  return Error{fmt::format("the stations set this {} otherwise than the one that was expected", driver_.name), "",
               serial_.empty() ? "Say which one is meant: --port " + port_
                               : fmt::format("Say which one is meant: --serial {} --port {}", serial_, port_)};
}

Status DeviceSession::open_input(const std::string& script) {
  shows_ = ::isatty(STDOUT_FILENO) == 1;
  if (script.empty()) return {};
  struct stat about {};
  const bool pipe = ::stat(script.c_str(), &about) == 0 && S_ISFIFO(about.st_mode);
  // A pipe is opened for writing as well: who writes into it may come and go.
  if (!S_ISDIR(about.st_mode)) own_input_ = UniqueFd(::open(script.c_str(), (pipe ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK));
  if (!own_input_)
    return Error{"cannot be read", script, "Give the path of a file or a named pipe with one line for each answer"};
  input_ = own_input_.get();
  return {};
}

bool DeviceSession::turn(bool with_input) {
  const int64_t wait_us = std::clamp<int64_t>(link_->deadline_us() - clock_.now_us(), 0, 100'000);
  pollfd fds[3] = {{link_->wait_fd(), POLLIN, 0}, {signals_.get(), POLLIN, 0}, {with_input ? input_ : -1, POLLIN, 0}};
  ::poll(fds, 3, static_cast<int>(wait_us / 1000 + 1));
  if (fds[1].revents) return false;
  link_->service();
  if (fds[2].revents) take_input();
  show_reading();
  return true;
}

void DeviceSession::take_input() {
  char block[512];
  const ssize_t got = ::read(input_, block, sizeof block);
  if (got > 0) typed_.append(block, static_cast<std::size_t>(got));
  if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) return;
  input_ended_ = true;
  if (got < 0) notice(Message("What is typed cannot be read any more: {0}", Name{std::strerror(errno)}));
}

void DeviceSession::show_reading() {
  const int64_t now_us = clock_.now_us();
  if (!shows_ || !has_sample_ || now_us - shown_us_ < kShowEveryUs) return;
  shown_us_ = now_us;
  shown_ = true;
  fmt::print("\r  {:9.2f} {}  ", newest_, channel().unit);
  std::fflush(stdout);
}

void DeviceSession::end_shown_line() {
  if (shown_) fmt::print("\n");
  shown_ = false;
}

Status DeviceSession::wait_live() {
  while (!has_sample_) {
    if (!turn(false)) return Error{"ended before the sensor was there", "", ""};
    if (state_ == plugin_link::LinkState::quarantined) return Error{told_, driver_.name, "See `patella devices`"};
  }
  return check_settings();
}

std::optional<std::string> DeviceSession::next_line(const std::string& prompt) {
  end_shown_line();
  fmt::print("{}\n", prompt);
  std::fflush(stdout);
  for (;;) {
    std::size_t end = typed_.find('\n');
    if (end == std::string::npos && input_ended_ && !typed_.empty()) end = typed_.size();  // a last line without its end
    if (end != std::string::npos) {
      std::string line = typed_.substr(0, end);
      typed_.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      end_shown_line();
      return line;
    }
    if (input_ended_ || !turn(true)) {
      end_shown_line();
      return std::nullopt;
    }
  }
}

Result<calibration::Steady::Window> DeviceSession::still_reading() {
  taker_.begin(clock_.now_us());
  std::optional<Result<calibration::Steady::Window>> taken;
  const Status waited = wait_until([&](int64_t now_us) { return (taken = taker_.poll(now_us)).has_value(); });
  return waited ? *taken : Result<calibration::Steady::Window>(waited.error());
}

Status DeviceSession::wait_until(const std::function<bool(int64_t now_us)>& done) {
  for (;;) {
    if (Status fits = check_settings(); !fits) return fits;
    if (!turn(false)) return Error{"ended while waiting for the reading to be still", "", ""};
    if (!done(clock_.now_us())) continue;
    end_shown_line();
    return {};
  }
}

Status DeviceSession::tare() {
  // Longer than the window: what moved a moment ago may become still.
  const int64_t until_us = clock_.now_us() + static_cast<int64_t>(rules_.window_s * 1e6) + 2'000'000;
  Messages why = Message("Not tared");
  while (!why.empty() && clock_.now_us() < until_us) {
    if (!turn(false)) return Error{"ended", "", ""};
    why = calibration::tare_refusal(recent_, calibration::kUnloadedN);
  }
  if (!why.empty()) return Error{english(why), "", "", why};
  command_.reset();
  if (Status sent = link_->command("tare", 0); !sent) return sent;
  const int64_t limit_us = clock_.now_us() + kCommandPatienceUs;
  while (!command_) {
    if (!turn(false)) return Error{"ended", "", ""};
    if (clock_.now_us() >= limit_us) return Error{"the sensor did not answer the tare", "", "Try again"};
  }
  return *command_;
}

void DeviceSession::samples(std::span<const plugin_link::LinkSample> samples) {
  for (const auto& sample : samples) {
    if (sample.channel != channel_) continue;
    quality_.sample(sample.t_us, 2'000'000);
    recent_.add(sample.t_us, sample.value);
    newest_ = calibration::apply(line_, sample.value);
    taker_.sample(sample.t_us, newest_);
    if (listener_.sample) listener_.sample(sample.t_us, sample.value);
    has_sample_ = true;
  }
}

void DeviceSession::state(plugin_link::LinkState state, const Messages& text) {
  using plugin_link::LinkState;
  state_ = state;
  std::string say = english(text);
  if (state == LinkState::waiting && say.empty()) say = "waiting for " + driver_.name + ": plug it in";
  if (state == LinkState::starting && say.empty()) say = driver_.name + " is starting";
  if (state == LinkState::silent && say.empty()) say = driver_.name + " does not answer";
  if (state != LinkState::live) {
    has_sample_ = false;
    recent_.reset();
    quality_.gap();
  }
  if (say.empty() || say == told_) return;
  told_ = say;
  end_shown_line();
  fmt::print("{}\n", say);
  std::fflush(stdout);
}

void DeviceSession::notice(const Messages& text) {
  end_shown_line();
  fmt::print("{}\n", english(text));
  std::fflush(stdout);
}

void DeviceSession::identity(const std::string&, const std::string& serial, const std::string& port) {
  serial_ = serial;
  port_ = port;
  ++openings_;
  has_sample_ = false;
  recent_.reset();
  quality_ = {};
  if (taker_.waiting()) taker_.begin(clock_.now_us());  // half a window of another device is none
  if (listener_.opened) listener_.opened();
}

void DeviceSession::command_done(const std::string&, bool ok, const Messages& text) {
  command_ = ok ? Status() : Status(Error{english(text), "", "", text});
}

}  // namespace patella::cli
