// Chronojump force sensor: an Arduino behind an FTDI bridge (0403:6001), lines of text at 115200 baud.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "emulator/pulling.hpp"
#include "emulator/serial_model.hpp"

namespace patella::emulator {

class ChronojumpModel final : public SerialModel {
 public:
  struct Options {
    std::string serial = "A50285BI";
    uint64_t seed = 1;
    bool automatic = true;  ///< pulls by itself
    bool untidy = false;    ///< double peaks, reps not let down wholly
    PullingScript script{};
    /// The board boots that long after DTR rises; what is sent to it meanwhile is lost.
    int64_t boot_us = 2'900'000;
    /// Arduino's readString waits that long for more before a command is looked at; samples stop meanwhile.
    int64_t command_wait_us = 1'000'000;
    uint32_t first_stamp_us = 0;  ///< the data's time begins here, so that the roll-over can be had soon
  };
  explicit ChronojumpModel(const Options& options);

  struct TapeSample {
    uint32_t stamp_us = 0;  ///< since the capture was started
    double force_n = 0;
  };
  /// A recording, sent from the next capture on instead of what is pulled, its stamps and forces as they are; then the last
  /// one again and again.
  void play(std::vector<TapeSample> tape) { tape_ = std::move(tape); }

  bool act(const Act& act, int64_t now_us) override;
  bool is_capturing() const { return capturing_; }
  /// What a perfect sensor would show now, in N.
  double true_force_n(int64_t now_us) { return puller_.force_n(now_us); }
  /// How far the zero has moved, in N.
  double drift_n() const { return drift_n_; }

  static constexpr int64_t kTareUs = 600'000;
  static constexpr double kSampleUs = 1e6 / 88.2;

 protected:
  void on_opened() override;
  void on_closed() override;
  void on_received(std::span<const uint8_t> bytes) override;
  void on_tick() override;
  int64_t next_event_us() const override;

 private:
  int64_t boot_text_us() const;
  void finish_boot();
  void obey(const std::string& text);
  void obey_one(const std::string& name, const std::string& value);
  void finish_weighing();
  void start_capture();
  void sample();
  void sample_of_tape();
  void follow_wear(double force_n);
  double measured_n(double force_n);

  enum class Weighing { none, tare, calibrate };
  Options options_;
  Pulling puller_;
  bool booted_ = false, boot_text_sent_ = false, capturing_ = false, spike_ = false, was_heavy_ = false;
  int64_t opened_us_ = 0, command_due_us_ = kNever, weighing_done_us_ = kNever, capture_start_us_ = 0;
  double next_sample_us_ = 0;
  int sample_count_ = 0;
  std::vector<TapeSample> tape_;
  std::size_t tape_at_ = 0;
  std::string command_;
  Weighing weighing_ = Weighing::none;
  double drift_n_ = 0, tared_n_ = 0, calibration_kg_ = 0;
  double calibration_factor_ = 915.0;
  long tare_offset_ = 10000;
};

}  // namespace patella::emulator
