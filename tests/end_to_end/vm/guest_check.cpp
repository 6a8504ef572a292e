// Runs inside the guest machine: every kind of device in the emulator's catalog, plugged into a real kernel, read by its driver
// in its confined child, pulled and plugged in again; all at once; and a long stream without a gap.
//
//   guest_check SECONDS
//
// First, without our udev rules, nothing can be opened. Then one kind after the other. Then all at once, listed by `patella
// devices` and read. Then the one that measures nearest to a hundred times a second for SECONDS (30), without a gap. The emulator runs as root, the drivers as the user the kiosk has. Prints one line a check; exit status 0 = all passed.
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "emulator/catalog.hpp"
#include "emulator_process.hpp"
#include "plugin_link/links.hpp"
#include "usb_facts.hpp"

namespace {

using namespace patella;
using namespace patella::plugin_link;
using patella::vm::EmulatorProcess;
using patella::vm::UsbFacts;

constexpr double kPatienceS = 60;
constexpr int kSamples = 5;

int failures = 0;

bool check(bool ok, const std::string& what) {
  if (!ok) ++failures;
  if (!ok) fmt::print("FAILED {}\n", what);
  std::fflush(stdout);
  return ok;
}

/// Steps between the times of one channel's samples.
struct Steps {
  uint64_t count = 0;
  int64_t first_us = 0, last_us = 0, longest_us = 0;
  void add(int64_t t_us) {
    if (count++ == 0) first_us = t_us;
    if (count > 1) longest_us = std::max(longest_us, t_us - last_us);
    last_us = t_us;
  }
  double mean_us() const { return count > 1 ? static_cast<double>(last_us - first_us) / static_cast<double>(count - 1) : 0; }
};

struct Sink final : DriverSink {
  uint64_t count = 0, lost = 0;
  int deaths = 0, silences = 0;
  std::string last_text, serial;
  std::map<uint16_t, Steps> channels;
  void start_again() {
    count = lost = 0;
    deaths = silences = 0;
    channels.clear();
  }
  void samples(std::span<const LinkSample> list) override {
    count += list.size();
    for (const LinkSample& sample : list) channels[sample.channel].add(sample.t_us);
  }
  void state(LinkState state, const Messages& text) override {
    deaths += state == LinkState::down || state == LinkState::quarantined ? 1 : 0;
    silences += state == LinkState::silent ? 1 : 0;
    last_text = english(text);
  }
  void notice(const Messages&) override {}
  void identity(const std::string&, const std::string& number, const std::string&) override { serial = number; }
  void command_done(const std::string&, bool, const Messages&) override {}
  void lost_samples(uint64_t n) override { lost += n; }
};

/// A kind of the catalog with what is known of it without plugging it in.
struct Family {
  std::string name, ids;
  bool is_serial = false;
  int interface_class = 0;
  uint8_t in_endpoint = 0;          ///< the first one; 0 = a serial device
  std::vector<PluginInfo> drivers;  ///< those whose manifest takes it
  // Found out in its turn:
  const PluginInfo* driver = nullptr;  ///< the one that it answers to
  std::string serial;
};

struct Line {
  Sink sink;
  std::unique_ptr<DriverLink> link;
};

/// What a driver must be told before it does anything. The all-zero key is the tests' own network.
params::Values parameters(const std::string& driver) {
  if (driver != "ant_plus") return {};
  return {
      {"network_key", -1, 0, "0000000000000000"}, {"speed_cadence", -1, 0, {}}, {"power", -1, 0, {}}, {"heart_rate", -1, 0, {}}};
}

class Station {
 public:
  Station() { options_.host_program = "/patella/bin/patella-plugin-host"; }
  std::unique_ptr<Line> line(const PluginInfo& driver, const std::string& serial = "") {
    auto made = std::make_unique<Line>();
    made->link = DriverLink::make(options_, driver, {serial, "", parameters(driver.folder)}, clock_, log_, made->sink);
    return made;
  }
  int64_t now_us() const { return clock_.now_us(); }
  const HostOptions& options() const { return options_; }

  /// Serves the lines until `done`; false after `limit_s`. Between events it looks at `done` every 50 ms.
  bool until(const std::vector<Line*>& lines, const std::function<bool()>& done, double limit_s = kPatienceS) {
    const int64_t end_us = now_us() + static_cast<int64_t>(limit_s * 1e6);
    while (now_us() < end_us) {
      std::vector<pollfd> fds;
      int64_t next_us = std::min(end_us, now_us() + 50'000);
      for (Line* line : lines) {
        line->link->service();
        fds.push_back({line->link->wait_fd(), POLLIN, 0});
        next_us = std::min(next_us, line->link->deadline_us());
      }
      if (done()) return true;
      ::poll(fds.data(), fds.size(), static_cast<int>(std::max<int64_t>(0, (next_us - now_us()) / 1000 + 1)));
    }
    return false;
  }

 private:
  HostOptions options_;
  SystemClock clock_;
  Log log_{LogLevel::error};
};

bool takes(const Manifest& manifest, const Family& family) {
  if (manifest.kind != Manifest::Kind::driver || (manifest.transport == "serial") != family.is_serial) return false;
  const int vendor = std::stoi(family.ids.substr(0, 4), nullptr, 16), product = std::stoi(family.ids.substr(5), nullptr, 16);
  return std::any_of(manifest.matches.begin(), manifest.matches.end(), [&](const UsbMatch& match) {
    if (match.vendor >= 0 && match.vendor != vendor) return false;
    if (match.product >= 0 && match.product != product) return false;
    return match.interface_class < 0 || match.interface_class == family.interface_class;
  });
}

std::vector<Family> families(const Station& station, const std::string& only = "") {
  const FoundPlugins found = find_plugins({"/patella/plugins"});
  for (const Error& problem : found.problems) check(false, problem.text());
  std::vector<Family> all;
  for (const emulator::Kind& kind : emulator::kinds()) {
    if (!kind.whole || (!only.empty() && only != kind.name)) continue;
    Family family{kind.name, kind.ids, false, 0, 0, {}, nullptr, ""};
    const auto made = emulator::make_model(*emulator::parse_wish(kind.name), 1);
    if (!check(made.ok(), family.name + " can be made")) continue;
    family.is_serial = made->serial != nullptr;
    family.interface_class = made->usb ? made->usb->descriptors().interface_class : 0;
    if (made->usb)
      for (const emulator::Endpoint& endpoint : made->usb->descriptors().endpoints)
        if ((endpoint.address & 0x80) && family.in_endpoint == 0) family.in_endpoint = endpoint.address;
    for (const Manifest& manifest : found.plugins) {
      if (!takes(manifest, family)) continue;
      const Result<PluginInfo> info = describe(station.options().host_program, manifest);
      if (check(info.ok(), manifest.folder + " can be described")) family.drivers.push_back(*info);
    }
    check(!family.drivers.empty(), family.name + " has a driver");
    // Only saves time: the driver of the kind's name is asked first.
    std::stable_partition(family.drivers.begin(), family.drivers.end(),
                          [&](const PluginInfo& info) { return info.folder == family.name; });
    all.push_back(std::move(family));
  }
  return all;
}

std::string all_kinds() {
  std::string text;
  for (const emulator::Kind& kind : emulator::kinds())
    if (kind.whole) text += (text.empty() ? "" : ",") + std::string(kind.name);
  return text;
}

/// The user the kiosk has: no root, in the groups that the rules name.
bool become_kiosk() {
  std::vector<gid_t> groups;
  for (const char* name : {"plugdev", "dialout"})
    if (const group* entry = ::getgrnam(name)) groups.push_back(entry->gr_gid);
  return groups.size() == 2 && ::setgroups(groups.size(), groups.data()) == 0 && ::setgid(1000) == 0 && ::setuid(1000) == 0;
}

// ---- one family after the other -----------------------------------------------------------------------------

/// What kernel and udev made of it before any program of ours came.
void check_udev(const Family& family, const UsbFacts& facts) {
  const std::string who = family.name + ": ";
  check(facts.power_control == "on", who + "power/control is " + facts.power_control);
  check(facts.has_uaccess, who + "has no tag uaccess");
  const std::string owner = family.is_serial ? "root:dialout 0660" : "root:plugdev 0660";
  check(facts.owner == owner, who + "the node is " + facts.owner + " instead of " + owner);
  if (facts.kernel_driver == "ftdi_sio") check(facts.latency_timer == "1", who + "latency timer is " + facts.latency_timer);
  if (family.is_serial) check(!facts.tty.empty() && !facts.kernel_driver.empty(), who + "no kernel driver made a tty");
  constexpr int kHid = 3;
  if (family.interface_class == kHid)
    check(facts.kernel_driver == "usbhid" || facts.kernel_driver == "ldusb",
          who + "the kernel's driver is " + facts.kernel_driver);
}

std::optional<UsbFacts> plug(EmulatorProcess& emulator, Station& station, const Family& family, const std::vector<Line*>& lines) {
  const std::string answer = emulator.ask("plug " + family.name);
  if (!check(answer.find(" is vhci port ") != std::string::npos, family.name + ": plug: " + answer)) return std::nullopt;
  std::optional<UsbFacts> facts;
  station.until(
      lines, [&] { return (facts = vm::find_usb(family.ids, family.is_serial)) && facts->is_finished; }, 20);
  check(facts && facts->is_finished, family.name + ": udev has not finished with it");
  return facts;
}

bool unplug(EmulatorProcess& emulator, Station& station, const Family& family, Line& line, const char* order) {
  const int pid = line.link->child_pid();
  const std::string answer = emulator.ask("unplug " + family.name + order);
  check(answer == family.name + " is gone", family.name + ": unplug: " + answer);
  const bool waits = station.until({&line}, [&] {
    return line.link->state() == LinkState::waiting && line.link->child_pid() != pid && line.link->child_pid() != 0;
  });
  check(waits, family.name + ": after unplugging: " + line.sink.last_text);
  return waits && check(!vm::find_usb(family.ids, family.is_serial), family.name + ": still in /sys");
}

/// The driver of those that match which gets samples; shared ids are sorted out by asking the device.
std::unique_ptr<Line> first_line_with_samples(Station& station, Family& family) {
  for (const PluginInfo& info : family.drivers) {
    auto line = station.line(info);
    const double limit_s = family.drivers.size() > 1 ? 20 : kPatienceS;
    if (station.until(
            {line.get()}, [&] { return line->sink.count >= kSamples; }, limit_s)) {
      family.driver = &info;
      family.serial = line->sink.serial;
      return line;
    }
    fmt::print("  {} is not for {}: {}\n", family.name, info.folder, line->sink.last_text);
  }
  return nullptr;
}

/// A stalled endpoint, a broken transaction, more than was asked for: the kernel tells each, and the samples go on.
void disturb(EmulatorProcess& emulator, Station& station, const Family& family, Line& line) {
  if (family.is_serial) return;
  for (const std::string& fault : {fmt::format("halt {} {:02x}", family.name, family.in_endpoint),
                                   "error " + family.name + " EPROTO", "error " + family.name + " EOVERFLOW"}) {
    const std::string answer = emulator.ask(fault);
    check(answer.find("not done") == std::string::npos, family.name + ": " + fault + ": " + answer);
    const uint64_t had = line.sink.count;
    const bool goes_on = station.until({&line}, [&] { return line.sink.count >= had + kSamples; });
    check(goes_on, family.name + ": no samples after " + fault + ": " + line.sink.last_text);
  }
}

void one_family(EmulatorProcess& emulator, Station& station, Family& family) {
  const int before = failures;
  const int64_t began_us = station.now_us();
  const auto facts = plug(emulator, station, family, {});
  if (!facts) return;
  check_udev(family, *facts);
  const auto line = first_line_with_samples(station, family);
  if (!check(line != nullptr, family.name + ": no samples")) {
    emulator.ask("unplug " + family.name);
    return;
  }
  const auto claimed = vm::find_usb(family.ids, family.is_serial);
  if (!family.is_serial) check(claimed && claimed->kernel_driver == "usbfs", family.name + ": not claimed");
  for (const ConfinementLayer& layer : line->link->confinement())
    if (layer.name == "seccomp" || layer.name == "landlock")
      check(layer.on, family.name + ": " + layer.name + " is off: " + layer.text);
  disturb(emulator, station, family, *line);
  int returns = 0;
  for (const char* order : {"", " uevent_first"}) {
    if (!unplug(emulator, station, family, *line, order)) break;
    const uint64_t had = line->sink.count;
    plug(emulator, station, family, {line.get()});
    const bool back = station.until({line.get()}, [&] { return line->sink.count >= had + kSamples; });
    if (!check(back, family.name + ": no samples after it came back: " + line->sink.last_text)) break;
    ++returns;
  }
  check(line->sink.deaths == 0, family.name + ": its child died");
  check(line->sink.lost == 0, family.name + ": samples were lost in the ring");
  unplug(emulator, station, family, *line, "");
  fmt::print("{} {:<14} {} by {}, before that {}, {} returns, {} samples, {:.1f} s\n", failures == before ? "passed" : "FAILED",
             family.name, family.ids, family.driver->manifest.folder,
             facts->kernel_driver.empty() ? "nobody" : facts->kernel_driver, returns, line->sink.count,
             static_cast<double>(station.now_us() - began_us) * 1e-6);
  std::fflush(stdout);
}

// ---- without the rules --------------------------------------------------------------------------------------

/// In a process of its own, which gives up root; the rules come later.
void refused_without_rules(EmulatorProcess& emulator) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    bool refused = become_kiosk();
    Station station;
    for (const Family& family : families(station, "hid_scale")) {
      emulator.ask("plug " + family.name);
      const auto line = station.line(family.drivers.at(0));
      const auto told = [&] { return line->sink.last_text.find("permission") != std::string::npos || line->sink.count > 0; };
      refused = refused && station.until({line.get()}, told, 20) && line->sink.count == 0;
      fmt::print("{} without rules: {}\n", refused ? "passed" : "FAILED", line->sink.last_text);
      emulator.ask("unplug " + family.name);
    }
    std::fflush(stdout);
    ::_exit(refused ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  check(status == 0, "without rules a device was opened, or the reason was not told");
}

bool install_rules() {
  std::error_code failed;
  std::filesystem::create_directories("/etc/udev/rules.d", failed);
  std::filesystem::copy_file("/root/60-patella.rules", "/etc/udev/rules.d/60-patella.rules", failed);
  return !failed && std::system("udevadm control --reload") == 0;
}

// ---- all at once --------------------------------------------------------------------------------------------

struct Streaming {
  const Family* family;
  std::unique_ptr<Line> line;
};

/// A channel in which a gap of two samples would show.
bool is_fast(const params::ChannelSpec& channel) { return channel.nominal_rate_hz >= 60 && channel.nominal_rate_hz <= 200; }

/// How far from a hundred times a second the driver's nearest channel is.
double from_100_hz(const Family& family) {
  double least = 100;
  for (const params::ChannelSpec& channel : family.driver->channels)
    least = std::min(least, std::abs(channel.nominal_rate_hz - 100));
  return least;
}

void judge_stream(const Streaming& one, double seconds) {
  const Sink& sink = one.line->sink;
  const std::string& who = one.family->name;
  check(sink.deaths == 0 && sink.lost == 0, who + ": died or lost samples");
  check(sink.silences == 0 && one.line->link->state() == LinkState::live, who + ": was not live throughout: " + sink.last_text);
  const auto& declared = one.family->driver->channels;
  bool judged = std::none_of(declared.begin(), declared.end(), is_fast);
  for (const auto& [channel, steps] : sink.channels) {
    const params::ChannelSpec& about = declared.at(channel);
    if (!is_fast(about)) continue;
    judged = true;
    const double longest_ms = static_cast<double>(steps.longest_us) * 1e-3, rate_hz = 1e6 / steps.mean_us();
    const bool no_gap = static_cast<double>(steps.longest_us) * rate_hz < 1.5e6;
    check(no_gap, fmt::format("{}: a gap of {:.1f} ms in {}", who, longest_ms, about.key));
    check(static_cast<double>(steps.count) > about.nominal_rate_hz * (seconds - 2), who + ": too few samples");
    fmt::print("{} {:<14} {}: {} samples in {:.0f} s, {:.2f} Hz, longest step {:.2f} ms\n", no_gap ? "passed" : "FAILED", who,
               about.key, steps.count, seconds, rate_hz, longest_ms);
  }
  check(judged, who + ": nothing came of its fast channel");
}

/// `patella devices` finds each, names the driver that it turned out to be for, and sees no trouble.
void check_listing(const std::vector<const Family*>& which) {
  std::string text;
  FILE* pipe = ::popen("patella devices --json", "re");
  char block[4096];
  for (std::size_t got; pipe && (got = std::fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, got);
  check(pipe && ::pclose(pipe) == 0, "patella devices failed");
  const nlohmann::json listed = nlohmann::json::parse(text, nullptr, false);
  if (!check(listed.is_array(), "patella devices printed no list: " + text)) return;
  for (const Family* family : which) {
    const auto is_it = [&](const nlohmann::json& one) {
      const std::string ids = fmt::format("{:04x}:{:04x}", one.value("vendor", 0), one.value("product", 0));
      return ids == family->ids && one.value("serial_port", false) == family->is_serial &&
             one.value("serial", "") == family->serial;
    };
    const auto found = std::find_if(listed.begin(), listed.end(), is_it);
    if (!check(found != listed.end(), family->name + ": not listed by patella devices")) continue;
    const bool taken = found->value("driver", "").find(family->driver->manifest.folder) != std::string::npos;
    check(taken && found->value("trouble", "").empty(), family->name + ": patella devices says: " + found->value("verdict", ""));
  }
  fmt::print("listed: {} by patella devices\n", listed.size());
}

void plug_all(EmulatorProcess& emulator, Station& station, const std::vector<const Family*>& which) {
  for (const Family* family : which) plug(emulator, station, *family, {});
}

/// All of them are plugged in; afterwards none is.
void stream(EmulatorProcess& emulator, Station& station, const std::vector<const Family*>& which, double seconds) {
  std::vector<Streaming> streams;
  std::vector<Line*> lines;
  for (const Family* family : which) {
    streams.push_back({family, station.line(*family->driver, family->serial)});
    lines.push_back(streams.back().line.get());
  }
  for (const Streaming& one : streams) {
    const bool flows = station.until(lines, [&] { return one.line->sink.count >= kSamples; });
    check(flows, one.family->name + ": no samples beside the others: " + one.line->sink.last_text);
  }
  for (const Streaming& one : streams) one.line->sink.start_again();
  const int64_t end_us = station.now_us() + static_cast<int64_t>(seconds * 1e6);
  station.until(
      lines, [&] { return station.now_us() >= end_us; }, seconds + 5);
  uint64_t samples = 0;
  for (const Streaming& one : streams) {
    judge_stream(one, seconds);
    samples += one.line->sink.count;
  }
  fmt::print("{} devices at once: {} samples in {:.0f} s\n", streams.size(), samples, seconds);
  std::fflush(stdout);
  for (Line* line : lines) line->link->begin_stop();
  streams.clear();
  for (const Family* family : which) emulator.ask("unplug " + family->name);
}

}  // namespace

int main(int argc, char** argv) {
  const double together_s = 10, long_s = argc > 1 ? std::atof(argv[1]) : 30;
  EmulatorProcess emulator(all_kinds());
  refused_without_rules(emulator);
  check(install_rules(), "the udev rules cannot be installed");
  if (!check(become_kiosk(), "cannot become the user of the kiosk")) return 1;
  Station station;
  std::vector<Family> all = families(station);
  for (Family& family : all) one_family(emulator, station, family);
  std::vector<const Family*> working;
  for (const Family& family : all)
    if (family.driver) working.push_back(&family);  // else it is told already
  fmt::print("families: {} of {}\n", working.size(), all.size());
  plug_all(emulator, station, working);
  check_listing(working);
  stream(emulator, station, working, together_s);
  const auto best = std::min_element(working.begin(), working.end(),
                                     [](const Family* a, const Family* b) { return from_100_hz(*a) < from_100_hz(*b); });
  if (check(best != working.end() && from_100_hz(**best) <= 40, "no family measures about a hundred times a second")) {
    plug_all(emulator, station, {*best});
    stream(emulator, station, {*best}, long_s);
  }
  return failures == 0 ? 0 : 1;
}
