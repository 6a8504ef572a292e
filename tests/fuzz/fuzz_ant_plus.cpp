#include "driver.hpp"
#include "fuzz_driver.hpp"

namespace {

using namespace patella::ant_plus;

/// A stick that can do everything: else the fuzzer would never get past the checksums of the set-up.
Bytes answer(std::span<const uint8_t> frame) {
  const uint8_t id = frame[2], channel = frame[3];
  if (id == 0x4A) return encode(Id::start_up, std::array<uint8_t, 1>{0x20});
  if (id == 0x4D && frame[4] == 0x54) return encode(Id::capabilities, std::array<uint8_t, 2>{8, 3});
  if (id == 0x4D) return encode(Id::channel_id, std::array<uint8_t, 5>{channel, 0x39, 0x30, 0x79, 1});
  Bytes bytes = encode(Id::response, std::array<uint8_t, 3>{channel, id, 0});
  const Bytes closed = encode(Id::response, std::array<uint8_t, 3>{channel, 1, 7});
  if (id == 0x4C) bytes.insert(bytes.end(), closed.begin(), closed.end());
  return bytes;
}

/// The first byte chooses the message, mostly pages, at times an event, or nothing valid.
Bytes dress(std::span<const uint8_t> bytes) {
  constexpr uint8_t kIds[] = {0x4E, 0x4E, 0x4E, 0x4E, 0x4F, 0x50, 0x40, 0x40, 0x51, 0x54, 0x6F, 0xAE};
  const uint8_t choice = bytes[0] % 14;
  const auto payload = bytes.subspan(1, std::min<std::size_t>(bytes.size() - 1, kMaxPayload));
  if (choice >= std::size(kIds)) return Bytes(bytes.begin(), bytes.end());
  return encode(static_cast<Id>(kIds[choice]), payload);
}

void decode(std::span<const uint8_t> bytes) {
  Framer framer;
  framer.add(bytes);
  while (const auto message = framer.next()) {
    (void)heard(*message);
    (void)response(*message);
  }
  (void)read_network_key({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  for (const Profile& profile : kProfiles) {
    const auto sensor = make_sensor(profile.type, 2.1);
    Values values;
    for (std::size_t at = 0; at + 9 <= bytes.size(); at += 9) {
      Payload page{};
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), page.size(), page.begin());
      sensor->take(page, 1'000'000 * int64_t{bytes[at + 8]} * static_cast<int64_t>(at), values);
      for (const Value& value : values)
        if (!std::isfinite(value.value)) std::abort();
      values.clear();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  decode({data, size});
  if (patella::fuzz::kDecoderOnly || size < 1) return 0;
  patella::fuzz::Stage stage;
  stage.values = {{"network_key", -1, 0, "0000000000000000"}, {"wheel_mm", -1, 2096, nullptr}};
  for (const Profile& profile : kProfiles) stage.values.push_back({profile.key, -1, 0, nullptr});
  stage.command = "identify";
  if (data[0] & 1) stage.answer = answer;
  if (data[0] & 2) stage.dress = dress;
  return patella::fuzz::Feeder<Driver>(stage).run({data + 1, size - 1});
}
