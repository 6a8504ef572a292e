// The texts that sdk.hpp makes are those that plugin.h describes.
#include <patella/sdk.hpp>
#include <patella/testing.hpp>
#include "support/catch.hpp"

#include <cmath>
#include <stdexcept>

using namespace patella::sdk;

TEST_CASE("a message is its sentence with the arguments in place") {
  CHECK(message("Pull to {0}", number(80, 0, "N")) == "Pull to {80 N}");
  CHECK(message("{0} of {1}", number(12), number(20)) == "{12} of {20}");
  CHECK(message("Rest {0}", duration(30)) == "Rest {0:30}");
  CHECK(message("{0} is waiting", name("Anna")) == "{'Anna'} is waiting");
  CHECK(message("{0} of {1}", counted(3, "{0} set", "{0} sets"), number(10)) == "{3|{0} set|{0} sets} of {10}");
  CHECK(message("Done") == "Done");
}

TEST_CASE("numbers have the decimals that are asked for, a point and no zero with a minus") {
  CHECK(number(1.25, 1, "s").braced == "{1.2 s}");  // to even, as the machine has it
  CHECK(number(-3.06, 1).braced == "{-3.1}");
  CHECK(number(-0.04, 1).braced == "{0.0}");
  CHECK(number(1e300, 0).braced.size() == 303);
  CHECK(number(NAN, 1, "N").braced == "{'\u2013 N'}");
  CHECK(number(INFINITY).braced == "{'\u2013'}");
}

TEST_CASE("durations are minutes and seconds, with hours where there are some") {
  CHECK(duration(0).braced == "{0:00}");
  CHECK(duration(89.6).braced == "{1:30}");
  CHECK(duration(3599.4).braced == "{59:59}");
  CHECK(duration(3725).braced == "{1:02:05}");
  CHECK(duration(-1).braced == "{0:00}");
  CHECK(duration(NAN).braced == "{0:00}");
}

TEST_CASE("a name keeps its quotes, loses its line ends and can be cut to a field") {
  CHECK(message("Next: {0}", term("Steady \"2\"")) == "Next: {\"Steady \"\"2\"\"\"}");
  CHECK(name("O'Neill").braced == "{'O''Neill'}");
  CHECK(name("two\nlines").braced == "{'two lines'}");
  CHECK(name("Übung am Seil", 3).braced == "{'Üb'}");
  CHECK(name("Übung", 1).braced == "{''}");
}

TEST_CASE("several messages are one a line") {
  CHECK(lines({"Not counted", "Pull further"}) == "Not counted\nPull further");
  CHECK(lines({"", "Pull further", ""}) == "Pull further");
  CHECK(lines({}).empty());
}

TEST_CASE("a text that is too long for its field is cut at a character") {
  char field[8];
  put_text(field, "abcdefü");
  CHECK(std::string(field) == "abcdef");
}

TEST_CASE("what the SDK makes is without a fault; what a kiosk could not read has one") {
  using patella::testing::message_fault;
  for (const std::string& text :
       {std::string("Done"), message("{0}: {1} of {2}", name("O'Neill {3}"), number(-1.5, 1, "N·m"), duration(3725)),
        message("{0} of {1}", counted(3, "{0} set", "{0} sets"), number(10)), message("{0}", number(NAN)),
        lines({"Not counted", message("Pull to {0}", number(8))})})
    CHECK(message_fault(text) == "");
  for (const char* text :
       {"{", "}", "{}", "{80N}", "{80 }", "{-}", "{1.}", "{1:2}", "{1:02:3}", "{1:02:03:04}", "{nan N}", "{1e5}", "{'Anna}",
        "{'An\nna'}", "{3|{0} set}", "{3|set|{0} sets}", "{3|{0} set|{0} sets", "{0} {x}", "Pull to {80"}) {
    INFO(text);
    CHECK(message_fault(text) != "");
  }
}

// ---- what a plugin may say, and the hosts that judge it

namespace {
using patella::rules::SampleFault;
using patella::rules::SampleRules;
using patella::testing::DeviceBench;
using patella::testing::ModuleBench;

/// Does what it is asked for: one letter, one act.
class Obedient {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  static constexpr patella_match kMatches[] = {usb_match(0x1209, 1)};
  static constexpr patella_serial_settings kSerial = serial_8n1(9600);
  static constexpr patella_channel kChannels[] = {channel("force", "Force", "N", 0, 100, 10, 1)};
  Obedient(DeviceHost host, const Params&) : host_(host) {}
  void connected(const patella_device_identity&, int64_t) {}
  void received(std::span<const uint8_t> bytes, int64_t t_us) {
    for (const uint8_t byte : bytes) act(static_cast<char>(byte), t_us);
  }
  void tick(int64_t t_us) {
    if (busy_) host_.set_deadline(t_us);
  }
  bool command(std::string_view name, double, int64_t) {
    if (name == "twice") host_.command_done("twice", true), host_.command_done("twice", true);
    if (name == "refused") host_.command_done("refused", true);
    return name != "refused" && name != "unknown";
  }
  void disconnected(uint32_t, int64_t) {
    if (last_word_) host_.write("bye");
  }

 private:
  void act(char what, int64_t t_us) {
    if (what == 'g') host_.emit(0, t_us, 50);
    if (what == 'c') host_.emit(1, t_us, 50);
    if (what == 'n') host_.emit(0, t_us, kNone);
    if (what == 'r') host_.emit(0, t_us, 101);
    if (what == 'f') host_.emit(0, t_us + 1, 50);
    if (what == 'b') host_.emit(0, t_us - 1, 50);
    if (what == 'o') host_.emit(0, t_us - 1'000'000'000, 50);
    if (what == 's') host_.status(static_cast<patella_device_state>(7));
    if (what == 'w') host_.status(PATELLA_DEVICE_NOTICE);
    if (what == 't') host_.status(PATELLA_DEVICE_LIVE, std::string(PATELLA_MAX_STATUS_BYTES + 1, 'x'));
    if (what == 'u') host_.status(PATELLA_DEVICE_LIVE, "\xff");
    if (what == 'x') host_.status(PATELLA_DEVICE_LIVE, "{80N}");
    if (what == '0') host_.write(std::string_view());
    if (what == 'l') host_.log(static_cast<patella_log_level>(7), "x");
    if (what == 'd') host_.command_done("tare", true);
    if (what == 'e') throw std::runtime_error("a mistake");
    if (what == 'k') host_.control(1, 0x21, 9, 0, 0, nullptr, 0);
    if (what == 'i') busy_ = true, host_.set_deadline(t_us);
    if (what == 'y') last_word_ = true;
  }
  DeviceHost host_;
  bool busy_ = false, last_word_ = false;
};

struct Broken {
  const char* acts;
  const char* words;
};
}  // namespace

TEST_CASE("each rule of emit has its own fault, and what breaks one changes nothing for the next sample") {
  SampleRules rules(Obedient::kChannels);
  CHECK(rules.take(0, 10, 50, 10) == SampleFault::not_connected);
  rules.connected(1000);
  CHECK(rules.take(1, 1000, 50, 1000) == SampleFault::unknown_channel);
  CHECK(rules.take(0, 1000, NAN, 1000) == SampleFault::not_finite);
  CHECK(rules.take(0, 1000, INFINITY, 1000) == SampleFault::not_finite);
  CHECK(rules.take(0, 1000, 100.1, 1000) == SampleFault::out_of_range);
  CHECK(rules.take(0, 1000, -0.1, 1000) == SampleFault::out_of_range);
  CHECK(rules.take(0, 1001, 50, 1000) == SampleFault::in_the_future);
  CHECK(rules.take(0, 999, 50, 1000) == SampleFault::before_connected);
  CHECK(rules.take(0, 1000, 0, 1000) == std::nullopt);
  CHECK(rules.take(0, 1500, 100, 2000) == std::nullopt);
  CHECK(rules.take(0, 1499, 50, 2000) == SampleFault::goes_back);
  CHECK(rules.take(0, 1500, 50, 2000) == std::nullopt);  // at the same time is allowed
  rules.disconnected();
  CHECK(rules.take(0, 3000, 50, 3000) == SampleFault::not_connected);
  for (int fault = 1; fault <= static_cast<int>(SampleFault::not_connected); ++fault)
    CHECK(std::string(words_of(static_cast<SampleFault>(fault))) != "");
}

TEST_CASE(
    "20,000 samples of a channel in a second are allowed, one more is a flood; the limit grows with a host that stood still") {
  SampleRules rules(Obedient::kChannels);
  rules.connected(0);
  for (int i = 0; i < PATELLA_MAX_SAMPLES_PER_SECOND; ++i) REQUIRE(rules.take(0, 0, 50, 0) == std::nullopt);
  CHECK_FALSE(rules.floods(900'000));
  CHECK(rules.take(0, 900'000, 50, 900'000) == std::nullopt);
  CHECK(rules.floods(900'000));
  CHECK_FALSE(rules.floods(2'000'000));  // and the next second begins
  CHECK(rules.take(0, 2'000'000, 50, 2'000'000) == std::nullopt);
  CHECK_FALSE(rules.floods(2'000'000));
}

TEST_CASE("an exception is known by its line in the log; what a device said of itself is none") {
  CHECK(patella::rules::tells_exception("received was abandoned: a mistake"));
  CHECK_FALSE(patella::rules::tells_exception("answers to ID: x was abandoned: y"));
  CHECK_FALSE(patella::rules::tells_exception("was abandoned"));
}

TEST_CASE("the scripted host reports each broken rule of device.h, and only that") {
  const Broken all[] = {{"c", "of a channel that the driver does not have"},
                        {"n", "that is no number: channel force, NaN"},
                        {"r", "outside its range: channel force, 0…100 allowed"},
                        {"f", "in the future"},
                        {"gb", "that goes back in time"},
                        {"o", "from before the device was connected"},
                        {"s", "status 7 is not known"},
                        {"w", "without words for staff"},
                        {"t", "the text of a status is not UTF-8 that ends in NUL after at most 1000 bytes"},
                        {"u", "the text of a status is not UTF-8"},
                        {"x", "is shown with its braces"},
                        {"0", "writes 0 bytes"},
                        {"l", "log level 7 is not known"},
                        {"d", "command_done of \"tare\", which is not under way"},
                        {"e", "an exception left the driver: received was abandoned: a mistake"},
                        {"k", "asks for a control transfer on a serial port"}};
  for (const Broken& one : all) {
    INFO(one.acts);
    DeviceBench<Obedient> bench;
    bench.connect();
    bench.advance_s(1);
    bench.receive(one.acts);
    REQUIRE(bench.violations.size() == 1);
    CHECK(bench.violations[0].find(one.words) != std::string::npos);
  }
  DeviceBench<Obedient> good;
  good.connect();
  good.receive("gg");
  CHECK(good.command("tare"));
  good.receive("d");
  CHECK(good.violations.empty());
  CHECK(good.samples.size() == 2);
  CHECK(good.done.size() == 1);
  good.receive("rn");
  CHECK(good.samples.size() == 2);  // a kiosk would not take them
}

TEST_CASE("the scripted host reports commands that are done twice, without being accepted, or never") {
  const auto violations = [](const char* name) {
    DeviceBench<Obedient> bench;
    bench.connect();
    bench.command(name);
    bench.disconnect();
    return bench.violations;
  };
  CHECK(violations("unknown").empty());
  REQUIRE(violations("twice").size() == 1);
  CHECK(violations("twice")[0].find("which is not under way") != std::string::npos);
  CHECK(violations("refused") == std::vector<std::string>{"command_done for a command that was refused"});
  REQUIRE(violations("tare").size() == 1);
  CHECK(violations("tare")[0].find("no command_done of \"tare\"") != std::string::npos);
}

TEST_CASE("the scripted host tells a driver that never rests, and a write to a device that is gone") {
  DeviceBench<Obedient> busy;
  busy.connect();
  busy.receive("i");
  busy.advance_s(1);
  REQUIRE(busy.violations.size() == 2);
  CHECK(busy.violations[0] == "asks from tick for the next one at once");
  CHECK(busy.violations[1].find("never rest") != std::string::npos);

  for (const uint32_t reason : {PATELLA_DISCONNECT_CLOSED, PATELLA_DISCONNECT_UNPLUGGED}) {
    DeviceBench<Obedient> bench;
    bench.connect();
    bench.receive("y");
    bench.disconnect(reason);
    const bool closed = reason == PATELLA_DISCONNECT_CLOSED;
    CHECK(bench.writes.size() == (closed ? 1u : 0u));
    CHECK(bench.violations.size() == (closed ? 0u : 1u));
  }
}

namespace {
/// A module that spoils one thing of what it gives; nothing else is wrong with it.
template <int kMistake>
class Spoils {
 public:
  static constexpr patella_wanted_channel kChannels[] = {wanted("force", "Force", "N", true)};
  Spoils(ExerciseHost host, const Params&, uint32_t) : host_(host) {}
  void on_sample(const patella_sample&) {}
  void on_tick(int64_t) {}
  void on_action(uint32_t, int64_t t_us) {
    if (kMistake == 1) host_.event(Event(PATELLA_EVENT_DONE, t_us)), host_.event(Event(PATELLA_EVENT_DONE, t_us));
    if (kMistake == 2) host_.event(Event(PATELLA_EVENT_SET_END, t_us));
    if (kMistake == 3) host_.event(Event(PATELLA_EVENT_REP, t_us));
    if (kMistake == 4) host_.metric("held_s", "s", kNone);
    if (kMistake == 5) host_.cue(static_cast<patella_cue>(9), "");
    if (kMistake == 6) host_.event(Event(PATELLA_EVENT_HOLD, t_us + 1).count(true));
    if (kMistake == 7) host_.event(Event(PATELLA_EVENT_DONE, t_us)), host_.event(Event(PATELLA_EVENT_HOLD, t_us).count(true));
  }
  void on_gap(uint32_t, bool, int64_t) {}
  void fill_view(patella_view& view) const {
    if (kMistake == 11) view.phase = 99;
    if (kMistake == 12) std::memset(view.title, 'x', sizeof view.title);
    if (kMistake == 13) view.readout_count = PATELLA_VIEW_READOUTS + 1;
    if (kMistake == 14) view.timer_rate = 0.5;
    if (kMistake == 15) put_text(view.prompt, std::string(200, 'x'));
    if (kMistake == 16) view.trace_channel = 1;
    if (kMistake == 17) host_.log(PATELLA_LOG_INFO, "looked at"), host_.random();
  }

 private:
  ExerciseHost host_;
};

template <int kMistake>
std::string first_violation() {
  ModuleBench<Spoils<kMistake>> bench;
  bench.now_us = 1'000'000;
  bench.action(PATELLA_ACTION_START);
  bench.view();
  return bench.violations.empty() ? "" : bench.violations.front();
}
}  // namespace

TEST_CASE("the scripted host reports each broken rule of exercise.h and view.h") {
  CHECK(first_violation<0>() == "");
  CHECK(first_violation<1>() == "DONE twice");
  CHECK(first_violation<2>() == "SET_END without SET_START");
  CHECK(first_violation<3>() == "event of kind 3: a rep does not count, without a reason");
  CHECK(first_violation<4>() == "metric held_s: it is not finite");
  CHECK(first_violation<5>() == "cue: its kind is 9, 1…8 allowed");
  CHECK(first_violation<6>() == "event of kind 4: its time is in the future");
  CHECK(first_violation<7>() == "event of kind 4 after DONE");
  CHECK(first_violation<11>() == "view: phase is 99, 1…6 allowed");
  CHECK(first_violation<12>() == "view: title is not UTF-8 that ends in NUL");
  CHECK(first_violation<13>() == "view: more parts than fit");
  CHECK(first_violation<14>() == "view: timer_rate is none of -1, 0, 1");
  CHECK(first_violation<15>().find("view: prompt fills its field, so it may be cut") == 0);
  CHECK(first_violation<16>() == "view: a trace of a channel that the module does not have");
  CHECK(first_violation<17>() == "calls host->random from fill_view");
}
