#include <vector>

#include "driver.hpp"
#include "fuzz_driver.hpp"

namespace {

using namespace patella::go_link;

void put(std::vector<uint8_t>& records, uint8_t passed, std::vector<uint8_t> packet, bool tare = false) {
  packet.resize(kPacketBytes, 0);
  records.insert(records.end(), {passed, static_cast<uint8_t>(kPacketBytes | (tare ? 0x80 : 0))});
  records.insert(records.end(), packet.begin(), packet.end());
}

/// A start-up that succeeds, with the input's first bytes as number and memory of the probe, then the rest as
/// samples.
std::vector<uint8_t> measured(std::span<const uint8_t> input) {
  std::vector<uint8_t> records;
  put(records, 0, {0x9A, 0x1A, 0});
  put(records, 0, {0x5E, 0x10, 0, 0x61, 0x01, 0, 0});
  put(records, 0, {0x7A, 0x17, kUnsupported});
  put(records, 0, {0x5F, 0x28, 26});
  Bytes memory(kProbeBytes, 0);
  const std::size_t taken = std::min<std::size_t>(input.size(), 60);
  std::copy_n(input.begin(), taken, memory.begin() + 57);
  if (taken > 0 && input[0] % 2 == 0) std::copy_n("(N)", 4, memory.begin() + 82);
  memory[127] = 0;
  for (std::size_t i = 0; i < 127; ++i) memory[127] = static_cast<uint8_t>(memory[127] ^ memory[i]);
  for (std::size_t at = 0; at < kProbeBytes;) {
    const std::size_t length = std::min<std::size_t>(at == 0 ? 6 : 7, kProbeBytes - at);
    const bool last = at + length == kProbeBytes;
    std::vector<uint8_t> packet = {static_cast<uint8_t>(0x40 | (at == 0 ? 0x09 : 0) | (last ? 0x10 : 0))};
    packet[0] = static_cast<uint8_t>(packet[0] + length);
    if (at == 0) packet.push_back(0x27);
    packet.insert(packet.end(), memory.begin() + static_cast<std::ptrdiff_t>(at),
                  memory.begin() + static_cast<std::ptrdiff_t>(at + length));
    put(records, 0, packet);
    at += length;
  }
  put(records, 0, {0x5A, 0x29, 0});
  put(records, 0, {0x5A, 0x1B, 0});
  put(records, 0, {0x5A, 0x18, 0});
  for (input = input.subspan(taken); input.size() >= 5; input = input.subspan(5))
    put(records, static_cast<uint8_t>(input[0] % 8),
        {static_cast<uint8_t>(1 + input[0] % 3), input[1], input[2], input[3], input[4], input[2], input[4], input[3]},
        input[0] >= 0xF0);
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::span<const uint8_t> input(data, size);
  (void)read_samples(input);
  (void)read_correction(input, Input::ten_volt);
  if (const auto probe = read_probe(input); probe && !(std::isfinite(probe->a) && std::isfinite(probe->b))) std::abort();
  if (patella::fuzz::kDecoderOnly) return 0;
  patella::fuzz::Feeder<Driver>().run(measured(input));
  return patella::fuzz::Feeder<Driver>().run(input);
}
