// Checks that run a driver against a device that says nothing, nonsense, or the same thing in other slices.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cases.hpp"
#include "device_talk.hpp"
#include "driver_run.hpp"

namespace patella::check {
namespace {

constexpr const char* kNull = "create gave NULL with the preset parameters";

bool is_serial(const Plugin& plugin) { return plugin.device->transport == PATELLA_TRANSPORT_SERIAL; }

std::size_t heap_bytes() { return mallinfo2().uordblks; }

/// The device as the user described it; none = made-up bytes. A faulty file is a fault of the check's use.
std::optional<DeviceScript> script_of(const Options& options, Findings& findings) {
  if (options.device.empty()) return {};
  Result<DeviceScript> script = DeviceScript::read(options.device);
  if (script) return *script;
  findings.fault(script.error().text());
  return {};
}

/// The presets, with what the script says in their place; points into it.
Values values_for(const Plugin& plugin, const std::optional<DeviceScript>& script) {
  Values values = values_of(plugin, Corner::preset);
  if (!script) return values;
  for (const DeviceScript::Param& param : script->params())
    for (patella_value& value : values)
      if (value.key == param.key) value = {value.key, value.row, param.number, param.is_text ? param.text.c_str() : nullptr};
  return values;
}

/// What the device says next, with one bit changed now and then; noise when nobody said what it says.
Bytes spoilt(const Plugin& plugin, const DeviceScript* script, Random& random, const DriverRun& run, uint64_t& said) {
  if (!script || script->sayings().empty() || random.below(2) == 0) return noise(random, run.last_write, is_serial(plugin));
  const auto& sayings = script->sayings();
  Bytes bytes = sayings[said % sayings.size()].at(said / sayings.size());
  ++said;
  if (random.below(2) == 0) bytes[random.below(bytes.size())] ^= static_cast<uint8_t>(1u << random.below(8));
  if (random.below(8) == 0) bytes.resize(1 + random.below(bytes.size()));
  return bytes;
}

/// A whole short life: connected, some talk, a command, gone.
void live(const Plugin& plugin, DriverRun& run, Random& random, int slices) {
  run.connect();
  for (int i = 0; i < slices && run.alive(); ++i) {
    run.advance(10'000);
    run.receive(noise(random, run.last_write, is_serial(plugin)));
  }
  run.command("tare", 0);
  run.advance(kSecond);
}

}  // namespace

void check_driver_life(const Plugin& plugin, const Options& options, Findings& findings) {
  const auto script = script_of(options, findings);
  for (const uint32_t reason : {PATELLA_DISCONNECT_CLOSED, PATELLA_DISCONNECT_UNPLUGGED}) {
    DriverRun run(plugin, findings, values_for(plugin, script));
    if (!run.create()) return findings.fault(kNull);
    Random random(options.seed);
    live(plugin, run, random, 50);
    run.disconnect(reason);
    run.destroy();
  }
  {  // the device was unplugged at once, or never came
    DriverRun run(plugin, findings, values_for(plugin, script));
    run.create();
    run.connect();
    run.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
    DriverRun unused(plugin, findings, values_for(plugin, script));
    unused.create();
  }
  findings.note("created, connected, disconnected, destroyed; both reasons; also at once and never connected");
}

void check_driver_wrong_order(const Plugin& plugin, const Options& options, Findings& findings) {
  const auto script = script_of(options, findings);
  // The host never does any of this; a driver ignores it or does something harmless.
  Random random(options.seed);
  const Bytes some = noise(random, {}, is_serial(plugin));
  for (int first = 0; first < 7; ++first) {
    DriverRun run(plugin, findings, values_for(plugin, script));
    run.strict_end = false;
    if (!run.create()) return findings.fault(kNull);
    const auto step = [&](int which) {
      switch (which % 7) {
        case 0:
          return run.receive(some);
        case 1:
          return run.tick_now();
        case 2:
          return void(run.command("tare", 0));
        case 3:
          return run.control_answer(99, -32, {});
        case 4:
          return run.disconnect(PATELLA_DISCONNECT_CLOSED);
        case 5:
          return run.connect();
        default:
          return run.receive(some);
      }
    };
    for (int i = 0; i < 14; ++i) step(first + i);
    for (int i = 0; i < 60; ++i) step(static_cast<int>(random.below(7)));
  }
  findings.note("survives calls before connected, after disconnected, connected twice");
}

void check_driver_no_answer(const Plugin& plugin, const Options& options, Findings& findings) {
  const auto script = script_of(options, findings);
  DriverRun run(plugin, findings, values_for(plugin, script));
  if (!run.create()) return findings.fault(kNull);
  run.connect();
  for (int second = 0; second < 600; ++second) run.advance(kSecond);
  if (run.sample_count > 0) findings.fault(fmt::format("{} samples from a device that said nothing", run.sample_count));
  if (run.last_state == PATELLA_DEVICE_LIVE) findings.fault("says LIVE of a device that said nothing for 10 min");
  if (run.last_state == 0) findings.hint("no status at all from a device that said nothing for 10 min");
  if (run.write_count > 60'000)
    findings.fault(fmt::format("{} writes in 10 min to a device that does not answer", run.write_count));
  run.disconnect(PATELLA_DISCONNECT_CLOSED);
  findings.note(fmt::format("10 min without an answer: {} writes, last state {}", run.write_count, run.last_state));
}

void check_driver_write_fails(const Plugin& plugin, const Options& options, Findings& findings) {
  const auto script = script_of(options, findings);
  DriverRun run(plugin, findings, values_for(plugin, script));
  run.write_fails = true;
  if (!run.create()) return findings.fault(kNull);
  Random random(options.seed);
  live(plugin, run, random, 200);
  run.advance(60 * kSecond);
  run.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  findings.note("every write refused for a minute");
}

void check_driver_random_bytes(const Plugin& plugin, const Options& options, Findings& findings) {
  const auto script = script_of(options, findings);
  Random random(options.seed);
  DriverRun run(plugin, findings, values_for(plugin, script));
  run.count_only = true;
  if (script) run.play(*script);
  uint64_t said = 0;
  if (!run.create()) return findings.fault(kNull);
  run.connect();
  run.advance((script ? 20 : 0) * kSecond);
  const std::size_t before = heap_bytes();
  uint64_t fed = 0;
  while (fed < options.bytes) {
    const Bytes slice = spoilt(plugin, script ? &*script : nullptr, random, run, said);
    run.advance(static_cast<int64_t>(random.below(20'000)));
    run.receive(slice);
    fed += slice.size();
    if (random.below(50) == 0) run.control_answer(static_cast<uint32_t>(random.below(16)), random.below(2) ? 0 : -32, slice);
    if (random.below(200) == 0) run.command("tare", 0);
  }
  const std::size_t after = heap_bytes();
  if (after > before + (1u << 20))
    findings.fault(fmt::format("keeps {} bytes of memory after {} bytes of noise", after - before, fed));
  run.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  findings.set_digest(fmt::format("{:016x}", run.digest));
  findings.note(fmt::format("{} bytes, {} samples, longest call {:.3f} ms", fed, run.sample_count, 1e3 * run.slowest_s));
}

void check_driver_endless_line(const Plugin& plugin, const Options& options, Findings& findings) {
  const auto script = script_of(options, findings);
  for (const uint8_t byte : {uint8_t{'1'}, uint8_t{0x00}, uint8_t{0xF1}, uint8_t{0xFF}}) {
    DriverRun run(plugin, findings, values_for(plugin, script));
    if (!run.create()) return findings.fault(kNull);
    run.connect();
    const std::size_t before = heap_bytes();
    const Bytes slice(64, byte);
    for (int i = 0; i < 16'384; ++i) {
      run.advance(4000);  // no flood, even of a driver that makes a sample of each byte
      run.receive(slice);
      run.samples.clear();
    }
    const std::size_t after = heap_bytes();
    if (after > before + (256u << 10))
      findings.fault(
          fmt::format("keeps {} bytes after 1 MiB of {:#04x} without an end: its buffer has no limit", after - before, byte));
    run.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  }
  findings.note("1 MiB of one byte does not fill the memory");
}

void check_driver_slices(const Plugin& plugin, const Options& options, Findings& findings) {
  if (!is_serial(plugin)) return findings.note("reports come whole: nothing to slice");
  Random random(options.seed);
  const Bytes bytes = number_lines(random, 400);
  const auto script = script_of(options, findings);
  const auto run_with = [&](std::size_t slice) {
    DriverRun run(plugin, findings, values_for(plugin, script));
    if (!run.create()) return std::vector<DriverRun::Sample>();
    if (script) run.play(*script);
    run.slice = slice;
    run.connect();
    if (script) run.advance(30 * kSecond);
    for (std::size_t block = 0; !script && block < bytes.size(); block += 256) {  // one moment a block, cut differently inside it
      run.advance(50'000);
      const std::size_t end = std::min(bytes.size(), block + 256);
      for (std::size_t at = block; at < end; at += slice) run.receive(std::span(bytes).subspan(at, std::min(slice, end - at)));
    }
    run.disconnect(PATELLA_DISCONNECT_CLOSED);
    return run.samples;
  };
  const auto whole = run_with(256);
  for (const std::size_t slice : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}}) {
    const auto cut = run_with(slice);
    if (cut.size() != whole.size())
      findings.fault(fmt::format("{} samples in slices of {}, {} in large ones", cut.size(), slice, whole.size()));
    else if (cut != whole)
      findings.fault(fmt::format("other samples in slices of {} than in large ones", slice));
  }
  if (whole.empty()) findings.hint("no sample came of it: describe the device with --device FILE for a sharper check");
  findings.note(fmt::format("{} samples, slices of 1, 2, 7, 64 and 256 agree", whole.size()));
}

void check_driver_time_jumps(const Plugin& plugin, const Options& options, Findings& findings) {
  const auto script = script_of(options, findings);
  Random random(options.seed);
  DriverRun run(plugin, findings, values_for(plugin, script));
  run.start_us = 0;
  if (!run.create()) return findings.fault(kNull);
  run.connect();
  const int64_t jumps[] = {0, 1, 1000, kSecond, 3600 * kSecond, 86'400 * kSecond, 0, 365 * 86'400 * kSecond};
  for (int round = 0; round < 20; ++round)
    for (const int64_t jump : jumps) {
      run.sleep(jump);  // the machine slept: no tick in between came at its time
      run.tick_now();
      run.advance(0);
      run.receive(noise(random, run.last_write, is_serial(plugin)));
    }
  run.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  findings.note("jumps of 0 s to a year");
}

void check_driver_commands(const Plugin& plugin, const Options& options, Findings& findings) {
  const auto script = script_of(options, findings);
  DriverRun run(plugin, findings, values_for(plugin, script));
  if (!run.create()) return findings.fault(kNull);
  Random random(options.seed);
  if (script) run.play(*script);
  run.connect();
  run.advance((script ? 20 : 0) * kSecond);
  for (int i = 0; i < 100 && !script; ++i) {
    run.advance(10'000);
    run.receive(noise(random, run.last_write, is_serial(plugin)));
  }
  for (const char* unknown : {"no_such_command", "", "TARE ", "tare\n"})
    if (run.command(unknown, 0)) findings.fault(fmt::format("accepts the unknown command {}", shown(unknown)));
  if (!run.done_commands.empty()) findings.fault("command_done for a command that was refused");
  std::string accepted;
  for (const char* known : {"tare", "identify"}) {
    run.done_commands.clear();
    if (!run.command(known, 0)) continue;
    accepted += accepted.empty() ? known : fmt::format(", {}", known);
    for (int i = 0; i < 600 && run.done_commands.empty(); ++i) run.advance(100'000);
    run.advance(10 * kSecond);
    if (run.done_commands.empty())
      findings.fault(fmt::format("{} is accepted but never done: a silent device needs a time-out", known));
    if (run.done_commands.size() > 1) findings.fault(fmt::format("{} is done {} times", known, run.done_commands.size()));
    if (!run.done_commands.empty() && run.done_commands[0] != known)
      findings.fault(fmt::format("{} is done under another name", known));
  }
  for (const double argument : {std::nan(""), 1e300, -1.0}) run.command("tare", argument);
  run.disconnect(PATELLA_DISCONNECT_CLOSED);
  findings.note("accepts: " + (accepted.empty() ? std::string("none") : accepted));
}

void check_driver_limits(const Plugin& plugin, const Options& options, Findings& findings) {
  int created = 0;
  const auto try_values = [&](Values values, const std::string& what) {
    DriverRun run(plugin, findings, std::move(values));
    if (!run.create()) {
      run.log_count > 0 ? findings.hint(what + ": refused, with words")
                        : findings.fault(what + ": create gave NULL without a word");
      return;
    }
    ++created;
    Random random(options.seed);
    live(plugin, run, random, 100);
    run.disconnect(PATELLA_DISCONNECT_CLOSED);
  };
  try_values(values_of(plugin, Corner::lowest), "all parameters at min");
  try_values(values_of(plugin, Corner::highest), "all parameters at max");
  for (uint32_t i = 0; i < plugin.entry->param_count; ++i) {
    try_values(values_with(plugin, i, Corner::lowest), fmt::format("{} at min", plugin.entry->params[i].key));
    try_values(values_with(plugin, i, Corner::highest), fmt::format("{} at max", plugin.entry->params[i].key));
  }
  findings.note(fmt::format("{} combinations of lowest and highest values", created));
}

void check_driver_many_lives(const Plugin& plugin, const Options& options, Findings& findings) {
  constexpr int kWarmUp = 50, kLives = 1000;
  std::size_t before = 0;
  for (int i = 0; i < kWarmUp + kLives; ++i) {
    if (i == kWarmUp) before = heap_bytes();
    DriverRun run(plugin, findings, values_of(plugin, Corner::preset));
    run.count_only = true;
    if (!run.create()) return findings.fault(kNull);
    Random random(options.seed);
    if (i % 2 == 0) live(plugin, run, random, 5);
    if (i % 2 == 0) run.disconnect(PATELLA_DISCONNECT_CLOSED);
  }
  const std::size_t after = heap_bytes();
  if (after > before + 4096)
    findings.fault(fmt::format("{} bytes more after {} lives: something is not freed", after - before, kLives));
  findings.note(fmt::format("{} times created and destroyed, no growth", kLives));
}

}  // namespace patella::check
