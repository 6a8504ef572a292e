// A force driver that needs no device and misbehaves on time: pulls like a band, 100 Hz, and at each of three
// instants of the monotonic clock (parameters) floods its ring or fills it with garbage.
#include <patella/sdk.hpp>

#include "../../../faults/plugins/mischief.hpp"

namespace {

using namespace patella::sdk;

constexpr int64_t kSampleUs = 10'000;
constexpr int64_t kPullUs = 3'000'000;  // one pull and its slack
constexpr int64_t kWindowUs = 300'000;  // long enough for a busy machine to fall into, shorter than a restart

class FaultyForce {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  static constexpr patella_match kMatches[] = {usb_match(0x1209, 0xf0ce)};
  static constexpr patella_channel kChannels[] = {channel("force", "Force", "N", -100, 5000, 100, 0.5)};

  FaultyForce(DeviceHost host, const Params& params)
      : host_(host), garbage_(params.flag("garbage")), at_s_{params.real("at1_s"), params.real("at2_s"), params.real("at3_s")} {}
  void connected(const patella_device_identity&, int64_t t_us) {
    host_.status(PATELLA_DEVICE_LIVE);
    begun_us_ = t_us;
    next_us_ = t_us + kSampleUs;
    host_.set_deadline(next_us_);
  }
  void received(std::span<const uint8_t>, int64_t) {}
  void tick(int64_t t_us) {
    for (; next_us_ <= t_us; next_us_ += kSampleUs) {
      // Measured now, unless the process was late for several samples: then each has the time it was due.
      const int64_t measured_us = next_us_ + kSampleUs > t_us ? t_us : next_us_;
      host_.emit(0, measured_us, force_n((next_us_ - begun_us_) % kPullUs));
      if (due(t_us)) misbehave(t_us);
    }
    host_.set_deadline(next_us_);
  }

 private:
  // Slack, a rise of 0.4 s, a hold of 0.9 s, a fall of 0.4 s, slack.
  static double force_n(int64_t in_pull_us) {
    const double t_s = static_cast<double>(in_pull_us) / 1e6;
    if (t_s < 0.8 || t_s > 2.5) return 0;
    if (t_s < 1.2) return 60 * (t_s - 0.8) / 0.4;
    return t_s < 2.1 ? 60 : 60 * (2.5 - t_s) / 0.4;
  }
  // Not in the first half second: a child that was started again within the window must not fall again.
  bool due(int64_t t_us) const {
    if (t_us - begun_us_ < 500'000) return false;
    for (double at_s : at_s_) {
      const int64_t late_us = t_us - static_cast<int64_t>(at_s * 1e6);
      if (at_s > 0 && late_us >= 0 && late_us < kWindowUs) return true;
    }
    return false;
  }
  void misbehave(int64_t t_us) {
    if (garbage_) faults::commit(faults::kGarbage);
    for (int i = 0; i < 1'000'000; ++i) host_.emit(0, t_us, 55);
  }

  DeviceHost host_;
  bool garbage_;
  double at_s_[3];
  int64_t begun_us_ = 0, next_us_ = 0;
};

constexpr patella_param kParams[] = {
    bool_param("garbage", "Garbage", "Fills the ring with garbage instead of flooding it", false),
    real_param("at1_s", "First", "s", "Instant of the monotonic clock; 0 = never", 0, 0, 1e9),
    real_param("at2_s", "Second", "s", "Instant of the monotonic clock; 0 = never", 0, 0, 1e9),
    real_param("at3_s", "Third", "s", "Instant of the monotonic clock; 0 = never", 0, 0, 1e9)};

}  // namespace

PATELLA_DRIVER(FaultyForce, "org.patella.test.faulty_force", "Faulty force sensor", "1.0.0", kParams)
