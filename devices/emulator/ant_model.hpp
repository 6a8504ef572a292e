// An ANT stick (0fcf:1008 ANTUSB2, 0fcf:1009 ANTUSB-m) with sensors around it: bulk endpoints, eight channels
// that search, hear, miss and lose their sensor, and the scan mode that hears them all.
#pragma once

#include <map>
#include <optional>

#include "emulator/ant_frames.hpp"
#include "emulator/ant_sensor.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

class AntModel final : public UsbModel {
 public:
  struct Options {
    std::string serial = "037";
    uint16_t product = 0x1008;
    uint64_t seed = 1;
    std::vector<AntSensor::Options> sensors = {{}};   ///< on the bike in the middle of it all
    std::vector<AntSensor::Options> neighbours = {};  ///< on another bike, which stands until somebody rides it
    int deaf_resets = 0;                              ///< answers nothing until it was reset so many times
    bool extensions = true;                           ///< old firmware refuses to say who sent a page
    bool scans = true;
    double missed_share = 0.004;  ///< of messages that do not come through
    uint8_t channels = 8;
    std::array<uint8_t, 8> key{};  ///< network on which the sensors send; any key is accepted, another one hears nothing
  };
  explicit AntModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  const AntRider& rider() const { return *rider_; }
  AntRider& neighbour() { return *neighbour_; }
  /// A recording in the place of a person.
  void add_tape(const AntSensor::Options& options, std::vector<AntPage> pages);
  /// The sensor with that number falls asleep, or wakes.
  void sleep(uint16_t number, bool asleep);
  /// The next `count` messages of that sensor do not come through.
  void lose_messages(uint16_t number, int count) { to_lose_[number] = count; }
  /// As after a brown-out: everything is forgotten, and it says so.
  void restart_itself();
  std::size_t open_channels() const;

  static constexpr uint8_t kIn = 0x81, kOut = 0x01;

 protected:
  void on_out(uint8_t endpoint, const Bytes& data) override;
  void on_tick() override;
  void on_reset() override;
  int64_t next_event_us() const override;
  void spoil(Bytes& report) override;

 private:
  enum class State { unassigned, assigned, searching, tracking, closing };
  struct Channel {
    State state = State::unassigned;
    uint16_t number = 0, wanted = 0;
    uint8_t type = 0, wanted_type = 0, trans = 0, frequency = 66;
    uint16_t period = 8192;
    uint8_t search_timeout = 10;  ///< × 2.5 s; 255 = never
    int64_t since_us = 0;         ///< began to search, or to close
    int missed = 0;               ///< in a row
  };
  struct Around {
    std::unique_ptr<AntSensor> sensor;
    int64_t due_us = 0;
  };
  struct Late {
    int64_t due_us;
    Bytes bytes;
  };

  /// A real stick takes some milliseconds, and there are programs that listen for an answer only after they asked.
  void say(uint8_t id, const Bytes& payload, int64_t after_us = 5000);
  void answer(uint8_t channel, uint8_t to, uint8_t code);
  void event(uint8_t channel, uint8_t code) { answer(channel, 1, code); }
  void obey(const AntFrame& frame);
  uint8_t obey_channel(uint8_t id, const Bytes& payload);
  uint8_t open(Channel& channel);
  uint8_t open_scan();
  void reply_to_request(const Bytes& payload);
  void forget();
  void send_page(Around& around);
  void hear(std::size_t index, const AntSensor& sensor, const AntPage& page);
  void miss(std::size_t index);
  void deliver(uint8_t channel, const AntSensor& sensor, const AntPage& page);
  bool on_air(const Channel& channel) const { return channel.frequency == 57 && network_ == options_.key; }
  int64_t channel_due_us(const Channel& channel) const;
  void run_channel(std::size_t index);
  void send_due();

  Options options_;
  std::shared_ptr<AntRider> rider_, neighbour_;
  std::vector<Around> around_;
  std::map<uint16_t, int> to_lose_;
  std::vector<Channel> channels_;
  std::array<uint8_t, 8> network_{};
  uint8_t lib_config_ = 0;       ///< 0x6E: which parts follow a page
  bool extended_pages_ = false;  ///< 0x66: who sent it follows a page
  bool scanning_ = false, started_ = false;
  int resets_ = 0;
  Bytes stream_;
  std::vector<Late> late_;  ///< in the order in which they were said
};

}  // namespace patella::emulator
