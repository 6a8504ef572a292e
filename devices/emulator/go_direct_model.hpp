// Vernier Go Direct sensors (08f7:0010): HID, 64-byte reports, a frame protocol with counters and checksums.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "emulator/pulling.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

class GoDirectModel final : public UsbModel {
 public:
  enum class Product {
    hand_dynamometer,  ///< GDX-HD: force 0 … 600 N, acceleration
    force,             ///< GDX-FOR: force ±50 N, acceleration, gyroscope
    temperature        ///< GDX-TMP: no force at all
  };
  struct Options {
    Product product = Product::hand_dynamometer;
    std::string serial = "155003H9";
    uint64_t seed = 1;
    bool automatic = true;     ///< somebody pulls by himself
    bool backlog = true;       ///< the first five samples are queued and come 7 to 13 ms apart
    double stall_every_s = 0;  ///< 0 = never; a stall is 1.18 s long and the queue holds five frames
    bool tells_drops = true;   ///< a dropped-samples frame goes before the next sample after a loss
    bool fills_checksums = true;
    bool counts_frames = true;
    bool refuses_fast = false;  ///< PERIOD below 100 ms is refused
    int rows = 1;               ///< samples a frame
    double clock_ppm = 30;      ///< the device's clock is slow by that
    int battery_percent = 87;
    uint8_t charger = 1;
  };
  explicit GoDirectModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  uint32_t read_room() const override { return 64; }
  /// Nothing leaves the device for so long; its queue takes five frames, then loses the oldest.
  void stall_for(int64_t us) { blocked_until_us_ = now_us() + us; }
  /// The device stops measuring and does not say so.
  void forget() { measuring_ = false; }

  bool is_measuring() const { return measuring_; }
  uint64_t dropped() const { return dropped_; }
  int64_t period_us() const { return period_us_; }
  /// When sample n (from 0) of this measurement was taken, in the model's time.
  int64_t taken_us(int64_t n) const;
  double true_force_n(int64_t at_us) { return puller_.force_n(at_us) + drift_n_; }
  const std::vector<Bytes>& commands() const { return commands_; }  ///< frames with a right checksum, as received

  static constexpr uint8_t kIn = 0x81, kOut = 0x01;
  static constexpr std::size_t kQueueFrames = 5;
  static constexpr int64_t kStallUs = 1'180'000;

 protected:
  void on_out(uint8_t endpoint, const Bytes& data) override;
  void on_tick() override;
  void on_reset() override { measuring_ = false; }
  int64_t next_event_us() const override;
  void spoil(Bytes& report) override;

 private:
  struct Sensor {
    int number;
    const char* name;
    const char* unit;
    double min, max;
  };
  static std::vector<Sensor> sensors_of(Product product);
  void take_command(const Bytes& frame);
  Bytes payload_of(const Bytes& command);
  Bytes sensor_info(int number) const;
  Bytes device_info() const;
  void reply(const Bytes& command, const Bytes& payload);
  void begin(uint32_t mask);
  void take_sample();
  void push_frame(Bytes body);
  int64_t send_due_us() const;
  void send_one(int64_t at_us);
  double value_of(int sensor, int64_t at_us);
  void put_frame(Bytes frame);

  struct Reply {
    int64_t due_us;
    Bytes frame;
  };
  Options options_;
  Pulling puller_;
  std::vector<Sensor> sensors_;
  Bytes partial_;
  std::vector<Bytes> commands_;
  std::deque<Reply> replies_;
  uint8_t counter_ = 0;
  bool measuring_ = false, started_ = false, drop_pending_ = false, drop_next_ = false, spike_ = false;
  uint32_t mask_ = 0;
  int64_t period_us_ = 100'000, start_us_ = 0, sample_ = 0;
  Bytes rows_;  ///< of the frame that is being filled
  int filled_ = 0;
  std::deque<Bytes> queue_;
  int64_t blocked_until_us_ = 0, next_send_us_ = 0, next_stall_us_ = kNever;
  uint64_t dropped_ = 0;
  double drift_n_ = 0;
};

}  // namespace patella::emulator
