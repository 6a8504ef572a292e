#include "emulator/catalog.hpp"

#include <fmt/format.h>

#include <array>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/nearest.hpp"
#include "emulator/ant_model.hpp"
#include "emulator/cadence_board_model.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/go_direct_model.hpp"
#include "emulator/go_link_model.hpp"
#include "emulator/kettler_model.hpp"
#include "emulator/lines_model.hpp"
#include "emulator/linescale3_model.hpp"
#include "emulator/openscale_model.hpp"
#include "emulator/phidget_bridge_model.hpp"
#include "emulator/pm5_model.hpp"
#include "emulator/scale_model.hpp"
#include "emulator/tacx_model.hpp"

namespace patella::emulator {

namespace {

constexpr std::array kKinds = {
    Kind{"ant_plus", "ant", "0fcf:1008",
         "ANT stick, bulk, with a speed and cadence sensor, a power meter and a heart rate strap on one bike. "
         "Pedals at about 80 rpm from 3 s on.",
         "serial=TEXT product=1008|1009 sensors=79+7a+0b+11+78 number=N neighbours=79+… page=10|11|12|20 "
         "rollover=0|1 deaf=N old=0|1"},
    Kind{"concept2_pm5", "pm5", "17a4:0003", "Concept2 PM5 on a BikeErg, HID. Pedals at about 80 rpm from 3 s on.",
         "serial=NINE_DIGITS node=fifo|pty|file"},
    Kind{"cadence_board", "cadence", "2341:0043",
         "Cadence board at a crank, serial port, a line of text a revolution. Pedals at about 80 rpm from 3 "
         "s on.",
         "serial=TEXT bridge=arduino|ch340 bounces=0|1"},
    Kind{"chronojump_force", "chronojump", "0403:6001",
         "Chronojump force sensor, serial port. Unloaded for 4 s, then a band is pulled rep after rep to "
         "about 60 N.",
         "serial=TEXT untidy=0|1 boot=MS wait=MS unloaded=MS pace=N"},
    Kind{"go_direct", "", "08f7:0010",
         "Vernier Go Direct hand dynamometer (hd) or force sensor (for), HID. A band is pulled rep after rep "
         "to "
         "about 60 N.",
         "serial=TEXT product=hd|for stalls=0|1 node=fifo|pty|file"},
    Kind{"kettler", "", "0403:6001", "Kettler bike, serial port, commands and status lines. Pedals at about 80 rpm from 3 s on.",
         "serial=TEXT letters=any|capitals|small spaces=0|1 leaves=S baud=9600|57600"},
    Kind{"go_link", "", "08f7:0003",
         "Vernier Go!Link with a hand dynamometer, HID, 8-byte packets. Pulled like the band once it is started.",
         "probe=dynamometer|plain|none strict=0|1 node=fifo|pty|file"},
    Kind{"lines", "", "0403:6001",
         "A serial device of your own: says the lines of a text file in turn, or plays a device file (.toml, as for "
         "patella check plugin --device).",
         "file=PATH every=MS vendor=HEX product=HEX serial=TEXT baud=N", false},
    Kind{"linescale3", "", "1a86:7523",
         "LineScale 3 load cell, serial port, 20-byte frames. Pulled like the band once it is started.",
         "serial=TEXT unit=kn|kgf|lbf streaming=0|1 locked=0|1 deaf=N baud=230400|460800"},
    Kind{"openscale", "", "0403:6015",
         "SparkFun OpenScale, serial port, two lines of text a second. Pulled like the band after it booted.",
         "serial=TEXT unit=kg|lbs timestamp=0|1 trigger=0|1 report=MS baud=9600|57600|115200"},
    Kind{"tacx_1932", "tacx", "3561:1932", "Tacx trainer with the head unit 1932, bulk. Pedals at about 80 rpm from 3 s on.",
         "product=1932|1942"},
    Kind{"phidget_bridge", "", "06c2:003b",
         "Phidgets bridge 1046 with a load cell of 100 kg on input 0, HID. Pulled like the band once it is set up.",
         "serial=TEXT out=0|1 gainbug=0|1 node=fifo|pty|file"},
    Kind{"hid_scale", "scale", "0922:8003",
         "Dymo M10 scale (10 kg), or a platform scale to stand on (180 kg), HID point of sale, 5 reports/s. Rests at zero until "
         "pushed.",
         "serial=TEXT size=m10|platform unit=g|oz node=fifo|pty|file"}};

const Kind* find_kind(const std::string& name) {
  for (const Kind& kind : kKinds)
    if (!name.empty() && (name == kind.name || name == kind.alias)) return &kind;
  return nullptr;
}

/// A slip in a short form is answered with the full name.
Error unknown_kind(const std::string& word) {
  std::vector<std::string> names, written;
  for (const Kind& kind : kKinds) {
    names.emplace_back(kind.name);
    written.emplace_back(kind.name);
    if (*kind.alias) written.emplace_back(kind.alias);
  }
  std::string hint = "Known are " + listed(names);
  if (const auto near = nearest(word, written)) hint = fmt::format("Did you mean \"{}\"?", find_kind(*near)->name);
  return {fmt::format("there is no device kind \"{}\"", word), "", hint};
}

Error wrong_value(const Wish& wish, const std::string& key) {
  return {fmt::format("{}={} is not possible", key, wish.options.at(key)), wish.kind,
          fmt::format("Options: {}", find_kind(wish.kind)->options)};
}

bool is_one_of(const std::string& value, std::initializer_list<const char*> allowed) {
  for (const char* one : allowed)
    if (value == one) return true;
  return false;
}

/// Digits only, so many at most.
bool is_count(const std::string& value, std::size_t digits) {
  return !value.empty() && value.size() <= digits && value.find_first_not_of("0123456789") == std::string::npos;
}

Status check_options(const Wish& wish, const Kind& kind) {
  std::istringstream words(kind.options);
  std::string known = " ";
  for (std::string word; words >> word;) known += word.substr(0, word.find('=')) + " ";
  for (const auto& [key, value] : wish.options) {
    if (known.find(" " + key + " ") == std::string::npos)
      return Error{fmt::format("there is no option \"{}\"", key), wish.kind, fmt::format("Options: {}", kind.options)};
    if (value.empty()) return wrong_value(wish, key);
  }
  return {};
}

std::string option(const Wish& wish, const std::string& key, const std::string& otherwise) {
  const auto found = wish.options.find(key);
  return found == wish.options.end() ? otherwise : found->second;
}

/// Leaves `us` as it is when the wish says nothing.
bool read_ms(const Wish& wish, const std::string& key, int64_t& us) {
  const std::string text = option(wish, key, std::to_string(us / 1000));
  if (!is_count(text, 5)) return false;
  us = std::stoll(text) * 1000;
  return true;
}

/// Leaves `baud` as it is when the wish says nothing.
bool read_baud(const Wish& wish, std::initializer_list<const char*> allowed, uint32_t& baud) {
  const std::string text = option(wish, "baud", std::to_string(baud));
  if (!is_one_of(text, allowed)) return false;
  baud = static_cast<uint32_t>(std::stoul(text));
  return true;
}

/// "79+0b+78": device types, each sensor with the next number.
Result<std::vector<AntSensor::Options>> ant_sensors(const Wish& wish, const std::string& key, const std::string& otherwise,
                                                    uint16_t number) {
  std::vector<AntSensor::Options> sensors;
  const std::string page = option(wish, "page", "10");
  if (!is_one_of(page, {"10", "11", "12", "20"})) return wrong_value(wish, "page");
  std::istringstream types(option(wish, key, otherwise));
  for (std::string type; std::getline(types, type, '+');) {
    if (!is_one_of(type, {"79", "7a", "7A", "0b", "0B", "11", "78"})) return wrong_value(wish, key);
    AntSensor::Options one;
    one.type = static_cast<uint8_t>(std::stoi(type, nullptr, 16));
    one.number = number++;
    one.page = static_cast<uint8_t>(std::stoi(page, nullptr, 16));
    if (option(wish, "rollover", "0") == "1") {  // within the first half minute, the small counters sooner
      one.first_turns = 65530;
      one.first_s = 45;
    }
    sensors.push_back(one);
  }
  return sensors;
}

Result<Made> make_ant(const Wish& wish, uint64_t seed) {
  AntModel::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  const std::string product = option(wish, "product", "1008"), number = option(wish, "number", "12345");
  if (!is_one_of(product, {"1008", "1009"})) return wrong_value(wish, "product");
  options.product = product == "1009" ? 0x1009 : 0x1008;
  const bool digits = number.size() <= 5 && number.find_first_not_of("0123456789") == std::string::npos;
  const int first = digits ? std::stoi(number) : 0;
  if (first < 1 || first > 65000) return wrong_value(wish, "number");
  for (const char* flag : {"rollover", "old"})
    if (!is_one_of(option(wish, flag, "0"), {"0", "1"})) return wrong_value(wish, flag);
  options.extensions = option(wish, "old", "0") == "0";
  const std::string deaf = option(wish, "deaf", "0");
  if (deaf.size() != 1 || deaf[0] < '0' || deaf[0] > '9') return wrong_value(wish, "deaf");
  options.deaf_resets = deaf[0] - '0';
  auto sensors = ant_sensors(wish, "sensors", "79+0b+78", static_cast<uint16_t>(first));
  if (!sensors) return sensors.error();
  auto neighbours = ant_sensors(wish, "neighbours", "", static_cast<uint16_t>(first + 100));
  if (!neighbours) return neighbours.error();
  options.sensors = *sensors;
  options.neighbours = *neighbours;
  Made made;
  made.usb = std::make_unique<AntModel>(options);
  return made;
}

Result<Made> make_pm5(const Wish& wish, uint64_t seed) {
  const std::string serial = option(wish, "serial", "430228525");
  if (serial.size() != 9 || serial.find_first_not_of("0123456789") != std::string::npos) return wrong_value(wish, "serial");
  Made made;
  made.usb = std::make_unique<Pm5Model>(serial, seed);
  return made;
}

Result<Made> make_chronojump(const Wish& wish, uint64_t seed) {
  ChronojumpModel::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  const std::string untidy = option(wish, "untidy", "0");
  if (!is_one_of(untidy, {"0", "1"})) return wrong_value(wish, "untidy");
  options.untidy = untidy == "1";
  for (const auto& [key, us] :
       {std::pair{"boot", &options.boot_us}, {"wait", &options.command_wait_us}, {"unloaded", &options.script.unloaded_us}})
    if (!read_ms(wish, key, *us)) return wrong_value(wish, key);
  const std::string pace = option(wish, "pace", "1");
  if (!is_count(pace, 1) || pace == "0") return wrong_value(wish, "pace");
  options.script.pace = std::stod(pace);
  Made made;
  made.serial = std::make_unique<ChronojumpModel>(options);
  return made;
}

Result<Made> make_go_direct(const Wish& wish, uint64_t seed) {
  GoDirectModel::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  const std::string product = option(wish, "product", "hd"), stalls = option(wish, "stalls", "0");
  if (!is_one_of(product, {"hd", "for"})) return wrong_value(wish, "product");
  if (!is_one_of(stalls, {"0", "1"})) return wrong_value(wish, "stalls");
  if (product == "for") options.product = GoDirectModel::Product::force;
  if (stalls == "1") options.stall_every_s = 30;
  Made made;
  made.usb = std::make_unique<GoDirectModel>(options);
  return made;
}

Result<Made> make_go_link(const Wish& wish, uint64_t seed) {
  GoLinkModel::Options options;
  options.seed = seed;
  const std::string probe = option(wish, "probe", "dynamometer"), strict = option(wish, "strict", "0");
  if (!is_one_of(probe, {"dynamometer", "plain", "none"})) return wrong_value(wish, "probe");
  if (!is_one_of(strict, {"0", "1"})) return wrong_value(wish, "strict");
  if (probe == "plain") options.probe = GoLinkModel::ProbeKind::plain;
  if (probe == "none") options.probe = GoLinkModel::ProbeKind::none;
  options.as_output = strict == "1";
  Made made;
  made.usb = std::make_unique<GoLinkModel>(options);
  return made;
}

Result<Made> make_linescale3(const Wish& wish, uint64_t seed) {
  LineScale3Model::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  const std::string unit = option(wish, "unit", "kn");
  if (!is_one_of(unit, {"kn", "kgf", "lbf"})) return wrong_value(wish, "unit");
  options.unit = unit == "kn"    ? LineScale3Model::Unit::kilonewton
                 : unit == "kgf" ? LineScale3Model::Unit::kilogram_force
                                 : LineScale3Model::Unit::pound_force;
  for (const char* key : {"streaming", "locked"})
    if (!is_one_of(option(wish, key, "0"), {"0", "1"})) return wrong_value(wish, key);
  options.streaming = option(wish, "streaming", "0") == "1";
  options.locked = option(wish, "locked", "0") == "1";
  const std::string deaf = option(wish, "deaf", "0");
  if (!is_count(deaf, 2)) return wrong_value(wish, "deaf");
  options.deaf = std::stoi(deaf);
  Made made;
  if (!read_baud(wish, {"230400", "460800"}, options.baud)) return wrong_value(wish, "baud");
  made.serial = std::make_unique<LineScale3Model>(options);
  return made;
}

Result<Made> make_cadence_board(const Wish& wish, uint64_t seed) {
  CadenceBoardModel::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  const std::string bounces = option(wish, "bounces", "0");
  if (!is_one_of(bounces, {"0", "1"})) return wrong_value(wish, "bounces");
  options.bounces = bounces == "1";
  const std::string bridge = option(wish, "bridge", "arduino");
  if (!is_one_of(bridge, {"arduino", "ch340"})) return wrong_value(wish, "bridge");
  options.ch340 = bridge == "ch340";
  Made made;
  made.serial = std::make_unique<CadenceBoardModel>(options);
  return made;
}

Result<Made> make_kettler(const Wish& wish, uint64_t seed) {
  KettlerModel::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  const std::string letters = option(wish, "letters", "any");
  if (!is_one_of(letters, {"any", "capitals", "small"})) return wrong_value(wish, "letters");
  options.letters = letters == "any"        ? KettlerModel::Letters::any
                    : letters == "capitals" ? KettlerModel::Letters::capitals
                                            : KettlerModel::Letters::small;
  const std::string spaces = option(wish, "spaces", "0");
  if (!is_one_of(spaces, {"0", "1"})) return wrong_value(wish, "spaces");
  options.spaces = spaces == "1";
  const std::string leaves = option(wish, "leaves", "0");
  if (!is_count(leaves, 4)) return wrong_value(wish, "leaves");
  options.leaves_after_s = std::stoi(leaves);
  Made made;
  if (!read_baud(wish, {"9600", "57600"}, options.baud)) return wrong_value(wish, "baud");
  made.serial = std::make_unique<KettlerModel>(options);
  return made;
}

bool read_hex16(const std::string& text, uint16_t& value) {
  if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return false;
  value = static_cast<uint16_t>(std::stoul(text, nullptr, 16));
  return true;
}

Result<device_script::DeviceScript> script_of(const std::string& file, int64_t interval_us) {
  if (file.ends_with(".toml")) return device_script::DeviceScript::read(file);
  const auto content = read_file(file, 1u << 20);
  if (!content) return content.error();
  std::vector<std::string> lines;
  std::istringstream text(*content);
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  if (lines.empty()) return Error{"the file has no line to say", file, "Write one line of what the device sends per line"};
  return device_script::DeviceScript::of_lines(lines, interval_us);
}

Result<Made> make_lines(const Wish& wish, uint64_t seed) {
  const std::string file = option(wish, "file", ""), every = option(wish, "every", "100"), baud = option(wish, "baud", "0");
  if (file.empty())
    return Error{"which file?", wish.kind, fmt::format("Write lines:file=PATH. Options: {}", find_kind(wish.kind)->options)};
  UsbIdentity identity{0x0403, 0x6001, "FTDI", "USB Serial", option(wish, "serial", "LINES1")};
  if (!read_hex16(option(wish, "vendor", "0403"), identity.vendor)) return wrong_value(wish, "vendor");
  if (!read_hex16(option(wish, "product", "6001"), identity.product)) return wrong_value(wish, "product");
  if (!is_count(every, 6) || std::stoi(every) == 0) return wrong_value(wish, "every");
  if (!is_count(baud, 7)) return wrong_value(wish, "baud");
  auto script = script_of(file, std::stoll(every) * 1000);
  if (!script) return Error{"lines: " + script.error().text(), "", ""};
  Made made;
  made.serial = std::make_unique<LinesModel>(identity, std::move(*script), seed, static_cast<uint32_t>(std::stoul(baud)));
  return made;
}

Result<Made> make_tacx(const Wish& wish, uint64_t seed) {
  TacxModel::Options options;
  options.seed = seed;
  const std::string product = option(wish, "product", "1932");
  if (!is_one_of(product, {"1932", "1942"})) return wrong_value(wish, "product");
  options.product = product == "1932" ? 0x1932 : 0x1942;
  Made made;
  made.usb = std::make_unique<TacxModel>(options);
  return made;
}

Result<Made> make_openscale(const Wish& wish, uint64_t seed) {
  OpenScaleModel::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  const std::string unit = option(wish, "unit", "lbs");
  if (!is_one_of(unit, {"kg", "lbs"})) return wrong_value(wish, "unit");
  options.pounds = unit == "lbs";
  for (const char* key : {"timestamp", "trigger"})
    if (!is_one_of(option(wish, key, "0"), {"0", "1"})) return wrong_value(wish, key);
  options.timestamp = option(wish, "timestamp", "1") == "1";
  options.trigger = option(wish, "trigger", "0") == "1";
  const std::string report = option(wish, "report", "500");
  if (!is_count(report, 5) || std::stoi(report) < 50) return wrong_value(wish, "report");
  options.report_ms = std::stoi(report);
  Made made;
  if (!read_baud(wish, {"9600", "57600", "115200"}, options.baud)) return wrong_value(wish, "baud");
  made.serial = std::make_unique<OpenScaleModel>(options);
  return made;
}

Result<Made> make_phidget_bridge(const Wish& wish, uint64_t seed) {
  PhidgetBridgeModel::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  for (const char* key : {"out", "gainbug"})
    if (!is_one_of(option(wish, key, "0"), {"0", "1"})) return wrong_value(wish, key);
  options.has_out = option(wish, "out", "1") == "1";
  options.gain_bug = option(wish, "gainbug", "0") == "1";
  Made made;
  made.usb = std::make_unique<PhidgetBridgeModel>(options);
  return made;
}

Result<Made> make_scale(const Wish& wish, uint64_t seed) {
  ScaleModel::Options options;
  options.serial = option(wish, "serial", options.serial);
  options.seed = seed;
  const std::string unit = option(wish, "unit", "g");
  if (!is_one_of(unit, {"g", "oz"})) return wrong_value(wish, "unit");
  options.unit = unit == "g" ? ScaleModel::Unit::gram : ScaleModel::Unit::ounce;
  const std::string size = option(wish, "size", "m10");
  if (!is_one_of(size, {"m10", "platform"})) return wrong_value(wish, "size");
  if (size == "platform") options.size = ScaleModel::Size::platform;
  Made made;
  made.usb = std::make_unique<ScaleModel>(options);
  return made;
}

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

Result<Wish> parse_wish(const std::string& text) {
  std::istringstream parts(text);
  Wish wish;
  std::getline(parts, wish.name, ':');
  const Kind* kind = find_kind(wish.name);
  if (!kind) return unknown_kind(wish.name);
  wish.kind = kind->name;
  for (std::string part; std::getline(parts, part, ':');) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{fmt::format("\"{}\" is no option", part), wish.kind, "Write KEY=VALUE, with ':' between options"};
    const std::string key = part.substr(0, equals), value = part.substr(equals + 1);
    if (key == "name")
      wish.name = value;
    else
      wish.options[key] = value;
  }
  if (wish.name.empty() || wish.name.find_first_of(" \t") != std::string::npos)
    return Error{"a name must be one word", wish.kind, ""};
  return wish;
}

Result<Made> make_model(const Wish& wish, uint64_t seed) {
  const Kind* kind = find_kind(wish.kind);
  if (!kind) return unknown_kind(wish.kind);
  const Status options = check_options(wish, *kind);
  if (!options) return options.error();
  if (!is_one_of(option(wish, "node", "fifo"), {"fifo", "pty", "file"})) return wrong_value(wish, "node");
  if (wish.kind == "ant_plus") return make_ant(wish, seed);
  if (wish.kind == "concept2_pm5") return make_pm5(wish, seed);
  if (wish.kind == "cadence_board") return make_cadence_board(wish, seed);
  if (wish.kind == "go_direct") return make_go_direct(wish, seed);
  if (wish.kind == "kettler") return make_kettler(wish, seed);
  if (wish.kind == "go_link") return make_go_link(wish, seed);
  if (wish.kind == "lines") return make_lines(wish, seed);
  if (wish.kind == "tacx_1932") return make_tacx(wish, seed);
  if (wish.kind == "phidget_bridge") return make_phidget_bridge(wish, seed);
  if (wish.kind == "linescale3") return make_linescale3(wish, seed);
  if (wish.kind == "openscale") return make_openscale(wish, seed);
  return wish.kind == "hid_scale" ? make_scale(wish, seed) : make_chronojump(wish, seed);
}

}  // namespace patella::emulator
