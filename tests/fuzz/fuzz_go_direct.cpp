#include <vector>

#include "driver.hpp"
#include "fuzz_driver.hpp"

namespace {

using namespace patella::go_direct;

/// Answers to the questions of the start-up with their counters, so that the input begins where samples do.
std::vector<uint8_t> start_up() {
  const auto info = [] {
    Bytes payload = {1, 0, 1, 0, 0, 0, 0, 0, 'F'};
    payload.resize(68, 0);
    payload.push_back('N');
    payload.resize(148, 0);
    return payload;
  };
  std::vector<uint8_t> records;
  const auto answer = [&](Command command, uint8_t counter, const Bytes& payload) {
    Bytes frame = {0x98, static_cast<uint8_t>(6 + payload.size()), 0, 0, static_cast<uint8_t>(command), counter};
    frame.insert(frame.end(), payload.begin(), payload.end());
    frame[3] = checksum(frame);
    for (const Bytes& report : to_reports(frame)) {
      records.insert(records.end(), {0, static_cast<uint8_t>(report.size())});
      records.insert(records.end(), report.begin(), report.end());
    }
  };
  answer(Command::init, 0xFE, {0});
  answer(Command::status, 0xFD, Bytes(12, 0));
  answer(Command::info, 0xFC, Bytes(64, 'x'));
  answer(Command::available_sensors, 0xFB, {2, 0, 0, 0});
  answer(Command::default_sensors, 0xFA, {2, 0, 0, 0});
  answer(Command::sensor_info, 0xF9, info());
  answer(Command::period, 0xF8, {0});
  answer(Command::start, 0xF7, {0});
  return records;
}

/// The checksum keeps nearly all inputs out: the input as frames of measurements with a right one. Of each
/// ten bytes the first is the time that passed, with a tare when it is odd, the second the type.
std::vector<uint8_t> measured(std::span<const uint8_t> input) {
  std::vector<uint8_t> records = start_up();
  for (; input.size() >= 10; input = input.subspan(10)) {
    Bytes frame = {0x20, 0, input[2], 0, static_cast<uint8_t>(input[1] % 16)};
    frame.insert(frame.end(), input.begin() + 3, input.begin() + 10);
    frame.insert(frame.end(), 6, input[2]);
    frame[1] = static_cast<uint8_t>(frame.size());
    frame[3] = checksum(frame);
    const Bytes report = to_reports(frame)[0];
    records.insert(records.end(),
                   {static_cast<uint8_t>(input[0] % 8), static_cast<uint8_t>(report.size() | (input[0] & 1u) << 7)});
    records.insert(records.end(), report.begin(), report.end());
  }
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::span<const uint8_t> input(data, size);
  if (const auto measurement = read_measurement(input))
    for (int row = -1; row <= measurement->rows; ++row)
      for (int sensor = -1; sensor <= 32; ++sensor)
        if (const auto value = measurement->value(row, sensor); value && !std::isfinite(*value)) std::abort();
  (void)read_power(input);
  (void)read_name(input);
  if (const auto sensor = read_sensor_info(input)) (void)choose({*sensor}, 0, {0, true, 10'000});
  if (patella::fuzz::kDecoderOnly) return 0;
  patella::fuzz::Feeder<Driver>().run(measured(input));
  return patella::fuzz::Feeder<Driver>().run(input);
}
