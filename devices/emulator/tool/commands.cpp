#include "tool/commands.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>

namespace patella::emulator {

namespace {

constexpr std::array kHelp = {
    CommandHelp{"plug", "plug NAME", "plugs the device in"},
    CommandHelp{"unplug", "unplug NAME [io_first|uevent_first|io_only|uevent_only]", "pulls the plug"},
    CommandHelp{"halt", "halt NAME EP", "stalls an endpoint (hexadecimal) until the program clears it"},
    CommandHelp{"silence", "silence NAME on|off", "the device says nothing"},
    CommandHelp{"delay", "delay NAME MS", "everything comes that late; 0 = off"},
    CommandHelp{"short", "short NAME BYTES|off", "reports and lines are cut to that many bytes"},
    CommandHelp{"garbage", "garbage NAME on|off", "random bytes instead of the data"},
    CommandHelp{"checksum", "checksum NAME N", "the next N reports or lines are spoilt"},
    CommandHelp{"burst", "burst NAME N", "the next N reports or lines are held back and come at once"},
    CommandHelp{"error", "error NAME ERRNO", "the next transfer ends with it: a number, EPROTO, EPIPE, EOVERFLOW, EILSEQ, ETIME"},
    CommandHelp{"slow", "slow NAME BYTES_PER_S", "a slow serial line; 0 = off"},
    CommandHelp{"spike", "spike NAME", "one measured value that cannot be true"},
    CommandHelp{"miss", "miss NAME", "one revolution is not seen by the sensor"},
    CommandHelp{"drift", "drift NAME N", "the zero moves by that many newtons"},
    CommandHelp{"pedal", "pedal NAME RPM", "that cadence from now on; 0 = stop"},
    CommandHelp{"heart", "heart NAME BPM", "the heart rate drifts there; 0 = no belt"},
    CommandHelp{"pull", "pull NAME PEAK_N HOLD_S [COUNT]", "pulls or pushes"},
    CommandHelp{"slack", "slack NAME", "lets go"},
    CommandHelp{"load", "load NAME N", "a constant force"},
    CommandHelp{"doze", "doze NAME on|off", "the sensors that it listens to fall asleep"},
    CommandHelp{"lose", "lose NAME N", "the next N messages of each of them do not come through"},
    CommandHelp{"auto", "auto NAME on|off", "the default script of the device"},
    CommandHelp{"say", "say TEXT", "writes the text"},
    CommandHelp{"sleep", "sleep MS", "waits before the next command of this source"},
    CommandHelp{"wait", "wait NAME opened", "waits until a program has the device open"},
    CommandHelp{"devices", "devices", "lists what is there"},
    CommandHelp{"help", "help", "lists the commands"},
    CommandHelp{"quit", "quit", "ends the program (SIGTERM); without a program, the emulator"}};

struct ErrnoName {
  const char* name;
  int number;
};
constexpr std::array kErrnos = {ErrnoName{"EPROTO", EPROTO}, ErrnoName{"EPIPE", EPIPE}, ErrnoName{"EOVERFLOW", EOVERFLOW},
                                ErrnoName{"EILSEQ", EILSEQ}, ErrnoName{"ETIME", ETIME}, ErrnoName{"ESHUTDOWN", ESHUTDOWN}};

std::optional<int> errno_number(const std::string& word) {
  for (const ErrnoName& one : kErrnos)
    if (word == one.name) return one.number;
  const auto value = number(word, 1, 133);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

std::optional<bool> on_off(const std::string& word) {
  if (word == "on") return true;
  if (word == "off") return false;
  return std::nullopt;
}

/// The faults of the IN side, whatever the device's bus is.
template <class Usb, class Line>
bool change_fault(Bus& bus, const std::string& name, Usb usb, Line line) {
  return bus.with_usb(name, [&](UsbModel& model) {
    for (const Endpoint& endpoint : model.descriptors().endpoints)
      if (endpoint.address & 0x80) usb(model.fault(endpoint.address));
  }) || bus.with_serial(name, [&](SerialModel& model) { line(model.fault()); });
}

Answer unknown_device(Bus& bus, const std::string& name) {
  std::string there;
  for (const std::string& one : bus.names()) there += " " + one;
  return {false, fmt::format("there is no device \"{}\"; there are:{}", name, there)};
}

Answer plug(Bus& bus, const std::vector<std::string>& words) {
  const Status done = bus.plug(words[1]);
  return done ? Answer{true, fmt::format("{} is {}", words[1], bus.node_of(words[1]))} : Answer{false, done.error().text()};
}

Answer unplug(Bus& bus, const std::vector<std::string>& words) {
  const std::string how = words.size() > 2 ? words[2] : "io_first";
  UnplugOrder order = UnplugOrder::io_first;
  if (how == "uevent_first")
    order = UnplugOrder::uevent_first;
  else if (how == "io_only")
    order = UnplugOrder::io_only;
  else if (how == "uevent_only")
    order = UnplugOrder::uevent_only;
  else if (how != "io_first")
    return usage_of("unplug");
  const Status done = bus.unplug(words[1], order);
  return done ? Answer{true, words[1] + " is gone"} : Answer{false, done.error().text()};
}

Answer halt(Bus& bus, const std::vector<std::string>& words) {
  char* end = nullptr;
  const unsigned long endpoint = words.size() > 2 ? std::strtoul(words[2].c_str(), &end, 16) : 256;
  if (endpoint > 255 || (end && *end)) return usage_of("halt");
  bool there = false;
  const bool is_usb = bus.with_usb(words[1], [&](UsbModel& model) {
    for (const Endpoint& one : model.descriptors().endpoints) there = there || one.address == endpoint;
    if (there) model.halt(static_cast<uint8_t>(endpoint));
  });
  if (!is_usb) return {false, "only a USB device has endpoints that stall"};
  if (!there) return {false, fmt::format("{} has no endpoint {:02x}", words[1], endpoint)};
  return {true, fmt::format("{} endpoint {:02x} stalls", words[1], endpoint)};
}

Answer fault(Bus& bus, const std::vector<std::string>& words) {
  const std::string &word = words[0], &name = words[1];
  if (words.size() < 3) return usage_of(word);
  const std::string& value = words[2];
  const auto flag = on_off(value);
  const auto count = number(value, 0, 1e6);
  const int n = count ? static_cast<int>(*count) : 0;
  if (word == "silence" && flag)
    change_fault(
        bus, name, [&](auto& f) { f.silent = *flag; }, [&](auto& f) { f.silent = *flag; });
  else if (word == "garbage" && flag)
    change_fault(
        bus, name, [&](auto& f) { f.garbage = *flag; }, [&](auto& f) { f.garbage = *flag; });
  else if (word == "short" && (count || value == "off")) {
    const int bytes = count ? n : -1;
    change_fault(
        bus, name, [&](auto& f) { f.cut_to = bytes; }, [&](auto& f) { f.cut_to = bytes; });
  } else if (word == "delay" && count)
    change_fault(
        bus, name, [&](auto& f) { f.delay_us = n * 1000LL; }, [&](auto& f) { f.delay_us = n * 1000LL; });
  else if (word == "checksum" && count)
    change_fault(
        bus, name, [&](auto& f) { f.wrong_checksums = n; }, [&](auto& f) { f.wrong_checksums = n; });
  else if (word == "burst" && count)
    change_fault(
        bus, name, [&](auto& f) { f.burst = n; }, [&](auto& f) { f.burst = n; });
  else if (word == "slow" && count) {
    if (!bus.with_serial(name, [&](SerialModel& model) { model.fault().bytes_per_s = n; }))
      return {false, "only a serial device has a slow line"};
  } else if (word == "error" && errno_number(value)) {
    const int status = -*errno_number(value);
    if (!bus.with_usb(name, [&](UsbModel& model) {
          for (const Endpoint& endpoint : model.descriptors().endpoints)
            if (endpoint.address & 0x80) model.fault(endpoint.address).error_once = status;
        }))
      return {false, "only transfers of a USB device end with an error"};
  } else {
    return usage_of(word);
  }
  return {true, fmt::format("{} {} {}", name, word, value)};
}

std::optional<Act> gesture(const std::vector<std::string>& words) {
  const std::string& word = words[0];
  const auto value = [&](std::size_t i, double low, double high) {
    return words.size() > i ? number(words[i], low, high) : std::nullopt;
  };
  if (words.size() == 2) {
    if (word == "slack") return Act{Gesture::slack, 0, 0, 0};
    if (word == "spike") return Act{Gesture::spike, 0, 0, 0};
    if (word == "miss") return Act{Gesture::miss, 0, 0, 0};
    return std::nullopt;
  }
  if (word == "auto" && on_off(words[2])) return Act{Gesture::automatic, *on_off(words[2]) ? 1.0 : 0.0, 0, 0};
  if (word == "doze" && on_off(words[2])) return Act{Gesture::doze, *on_off(words[2]) ? 1.0 : 0.0, 0, 0};
  if (word == "lose" && value(2, 0, 1000)) return Act{Gesture::lose, *value(2, 0, 1000), 0, 0};
  if (word == "pedal" && value(2, 0, 250)) return Act{Gesture::pedal, *value(2, 0, 250), 0, 0};
  if (word == "heart" && value(2, 0, 250)) return Act{Gesture::heart, *value(2, 0, 250), 0, 0};
  if (word == "load" && value(2, 0, 5000)) return Act{Gesture::load, *value(2, 0, 5000), 0, 0};
  if (word == "drift" && value(2, -500, 500)) return Act{Gesture::drift, *value(2, -500, 500), 0, 0};
  const auto peak = value(2, 0, 5000), hold = value(3, 0, 3600);
  const auto count = words.size() > 4 ? value(4, 1, 10000) : std::optional(1.0);
  if (word == "pull" && peak && hold && count) return Act{Gesture::pull, *peak, *hold, *count};
  return std::nullopt;
}

Answer act(Bus& bus, const std::vector<std::string>& words) {
  const auto wanted = gesture(words);
  if (!wanted) return usage_of(words[0]);
  bool known = false;
  bus.with_model(words[1], [&](Model& model, int64_t now_us) { known = model.act(*wanted, now_us); });
  if (!known) return {false, fmt::format("{} is no device for \"{}\"", words[1], words[0])};
  return {true, fmt::format("{} {}", words[1], words[0])};
}

Answer list_devices(Bus& bus) {
  std::string text;
  for (const std::string& name : bus.names()) {
    const std::string node = bus.node_of(name);
    const char* state = bus.is_open(name) ? ", open" : "";
    text += fmt::format("{}{} ({}{})", text.empty() ? "" : ", ", name, node.empty() ? "unplugged" : node, state);
  }
  return {true, text};
}

}  // namespace

std::span<const CommandHelp> command_help() { return kHelp; }

std::vector<std::string> split_words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    if (words.empty() && word[0] == '#') break;
    words.push_back(word);
  }
  return words;
}

std::optional<double> number(const std::string& word, double low, double high) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return std::isfinite(value) && value >= low && value <= high ? std::optional(value) : std::nullopt;
}

Answer usage_of(const std::string& word) {
  for (const CommandHelp& help : kHelp)
    if (word == help.word) return {false, std::string("usage: ") + help.usage};
  return {false, fmt::format("there is no command \"{}\"; \"help\" lists them", word)};
}

Answer obey(Bus& bus, const std::vector<std::string>& words) {
  if (words.empty()) return {};
  const std::string& word = words[0];
  if (word == "devices") return list_devices(bus);
  if (word == "help") {
    std::string text;
    for (const CommandHelp& help : kHelp) text += fmt::format("\n  {:<70} {}", help.usage, help.about);
    return {true, text};
  }
  if (word == "say") {
    std::string text;
    for (std::size_t i = 1; i < words.size(); ++i) text += (i > 1 ? " " : "") + words[i];
    return {true, text};
  }
  const Answer usage = usage_of(word);
  if (words.size() < 2 || usage.text.starts_with("there is no")) return usage;
  if (!bus.has(words[1])) return unknown_device(bus, words[1]);
  if (word == "plug") return plug(bus, words);
  if (word == "unplug") return unplug(bus, words);
  if (word == "halt") return halt(bus, words);
  for (const char* one : {"silence", "delay", "short", "garbage", "checksum", "burst", "error", "slow"})
    if (word == one) return fault(bus, words);
  return act(bus, words);
}

}  // namespace patella::emulator
