// A driver that needs no device and sends as much as it is asked to: `per_channel` samples each millisecond on every one of its
// 32 channels, evenly spaced. For figures of what one child can carry.
#include <patella/sdk.hpp>

#include <iterator>

namespace {

using namespace patella::sdk;

constexpr int64_t kStepUs = 1000;
// As fast as a channel may be; the kiosk's ring is made for what is declared.
constexpr patella_channel kOne = channel("count", "Count", "", 0, 1e12, 20'000, 1);

class StreamDriver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  static constexpr patella_match kMatches[] = {usb_match(0x1209, 0xf0cf)};
  static constexpr patella_channel kChannels[] = {kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne,
                                                  kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne,
                                                  kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne};

  StreamDriver(DeviceHost host, const Params& params) : host_(host), per_channel_(params.integer("per_channel", 1)) {}
  void connected(const patella_device_identity&, int64_t t_us) {
    host_.status(PATELLA_DEVICE_LIVE, "");
    next_us_ = t_us + kStepUs;
    host_.set_deadline(next_us_);
  }
  void received(std::span<const uint8_t>, int64_t) {}
  void tick(int64_t t_us) {
    for (; next_us_ <= t_us; next_us_ += kStepUs)
      for (int i = 0; i < per_channel_; ++i, ++count_)
        for (uint32_t c = 0; c < std::size(kChannels); ++c)
          host_.emit(c, next_us_ - kStepUs + (i + 1) * kStepUs / per_channel_, static_cast<double>(count_));
    host_.set_deadline(next_us_);
  }

 private:
  DeviceHost host_;
  int per_channel_;
  int64_t next_us_ = 0;
  uint64_t count_ = 0;
};

constexpr patella_param kParams[] = {int_param("per_channel", "Samples a millisecond", "", "On each channel", 1, 1, 20)};

}  // namespace

PATELLA_DRIVER(StreamDriver, "org.patella.test.stream_driver", "Stream driver", "1.0.0", kParams)
