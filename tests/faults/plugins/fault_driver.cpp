// A driver that needs no device: counts 1, 2, 3, … at 1 kHz on channel 0, and after `after` samples does what the
// parameter `mischief` says.
#include <patella/sdk.hpp>

#include <ctime>
#include <stdexcept>

#include "mischief.hpp"

namespace {

using namespace patella::sdk;

using namespace faults::of_driver;

constexpr double kHighest = 1e9;

class FaultDriver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  static constexpr patella_match kMatches[] = {usb_match(0x1209, 0xf0ce)};
  static constexpr patella_channel kChannels[] = {channel("count", "Count", "", 0, kHighest, 1000, 1)};

  FaultDriver(DeviceHost host, const Params& params)
      : host_(host), mischief_(params.integer("mischief")), after_(params.integer("after", 20)) {
    if (mischief_ == kCreate) std::abort();
  }
  void connected(const patella_device_identity&, int64_t t_us) {
    host_.status(PATELLA_DEVICE_LIVE, "");
    next_us_ = t_us + 1000;
    host_.set_deadline(next_us_);
  }
  void received(std::span<const uint8_t>, int64_t) {}
  void tick(int64_t t_us) {
    host_.set_deadline(t_us + 1000);
    while (next_us_ <= t_us) {
      host_.emit(0, next_us_, mischief_ == kStamped ? stamp() : ++count_);
      next_us_ += 1000;
      if (mischief_ != faults::kNone && count_ > after_) misbehave(t_us);
    }
    host_.set_deadline(next_us_);
  }
  bool command(std::string_view name, double argument, int64_t) {
    if (name != "tare") return false;
    if (mischief_ != kSlowCommand) host_.command_done("tare", argument > 0, "done");
    return true;
  }

 private:
  void misbehave(int64_t t_us) {
    if (mischief_ == kFlood)
      for (int i = 0; i < 1'000'000; ++i) host_.emit(0, t_us, count_);
    else if (mischief_ == kThrow)
      throw std::runtime_error("on purpose");
    else if (mischief_ == kBadSamples)
      emit_bad(t_us);
    else if (mischief_ == kNotMine)
      host_.status(PATELLA_DEVICE_NOT_MINE, "another product");
    else if (mischief_ == kFailed)
      host_.status(PATELLA_DEVICE_FAILED, "The firmware is too old; update it"), mischief_ = 0;
    else if (mischief_ == kNotice)
      host_.status(PATELLA_DEVICE_NOTICE, "The battery is low"), host_.status(PATELLA_DEVICE_LIVE), mischief_ = 0;
    else if (mischief_ == kFakeGone)
      _exit(70);
    else
      faults::commit(mischief_);
  }
  /// When it was emitted, for figures of latency: microseconds, the last nine digits.
  static double stamp() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>((int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000) % 1'000'000'000);
  }
  void emit_bad(int64_t t_us) {
    host_.emit(0, t_us, kNone);
    host_.emit(0, t_us, kHighest * 2);
    host_.emit(7, t_us, 1);
    host_.emit(0, t_us + 5'000'000, 1);
    host_.emit(0, t_us - 5'000'000, 1);
  }

  DeviceHost host_;
  int mischief_;
  double after_;
  double count_ = 0;
  int64_t next_us_ = 0;
};

constexpr patella_param kParams[] = {int_param("mischief", "Mischief", "", "What it does", 0, 0, 100),
                                     int_param("after", "After", "", "Samples before it", 20, 0, 1e6)};

}  // namespace

PATELLA_DRIVER(FaultDriver, "org.patella.test.fault_driver", "Fault driver", "1.0.0", kParams)
