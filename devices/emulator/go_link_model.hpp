// Vernier Go!Link (08f7:0003) with an analogue probe: HID, 8-byte packets, commands as SET_REPORT.
#pragma once

#include <deque>
#include <string>

#include "emulator/pulling.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

class GoLinkModel final : public UsbModel {
 public:
  enum class ProbeKind {
    dynamometer,  ///< hand dynamometer with a memory: (N), 0 … 5 V
    plain,        ///< a probe of number 12 without memory
    thermometer,  ///< with a memory, but no force
    none
  };
  struct Options {
    std::string serial;  ///< a Go!Link has none in its descriptors
    uint64_t seed = 1;
    ProbeKind probe = ProbeKind::dynamometer;
    bool automatic = true;
    bool as_output = false;         ///< refuses SET_REPORT of an input report
    int64_t power_up_us = 900'000;  ///< from the first INIT on
    int per_packet = 1;             ///< 1 … 3 samples a packet
    int old_packets = 3;            ///< of an earlier user, still in the endpoint
    double clock_ppm = 40;
    int16_t offset_counts = 25;  ///< what the flash record corrects
    double slope = 0.998;
    double a_n = -19.3, b_n_per_v = 175.4;  ///< N = a + b·V
  };
  explicit GoLinkModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  uint32_t read_room() const override { return 8; }
  void forget() { measuring_ = false; }
  bool is_measuring() const { return measuring_; }
  void plug_probe(ProbeKind probe) { options_.probe = probe; }
  uint64_t dropped() const { return dropped_; }
  int64_t period_us() const { return period_us_; }
  int64_t taken_us(int64_t n) const;
  const std::vector<Bytes>& commands() const { return commands_; }

  static constexpr uint8_t kIn = 0x81;

 protected:
  int on_control(const Setup& setup, const Bytes& out, Bytes& in) override;
  void on_tick() override;
  void on_reset() override { measuring_ = false; }
  int64_t next_event_us() const override;
  void spoil(Bytes& report) override { report[0] = 0xFF; }

 private:
  void take(const Bytes& command);
  void answer(uint8_t command, const Bytes& payload, uint8_t first_bits = 0x40);
  void refuse(uint8_t command, uint8_t code) { answer(command, {code}, 0x60); }
  void send(uint8_t header, const Bytes& bytes);
  void take_sample();
  int raw_of(double force_n) const;
  Bytes probe_record() const;
  Bytes flash_record() const;
  uint8_t probe_number() const;

  struct Packet {
    int64_t due_us;
    Bytes bytes;
  };
  Options options_;
  Pulling puller_;
  std::vector<Bytes> commands_;
  std::deque<Packet> answers_;
  int64_t answer_us_ = 0;
  bool powered_ = false, started_ = false, measuring_ = false, drop_next_ = false, spike_ = false, old_put_ = false;
  int64_t ready_us_ = 0;
  uint8_t input_ = 1, counter_ = 0;
  int64_t period_us_ = 100'000, start_us_ = 0, sample_ = 0;
  Bytes samples_;
  uint64_t dropped_ = 0;
  double drift_n_ = 0;
};

}  // namespace patella::emulator
