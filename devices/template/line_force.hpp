// A force sensor on a serial port that sends one number a line, in newton: "52.77\n".
#pragma once

#include <cstdlib>
#include <patella/sdk.hpp>

class LineForce {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  static constexpr patella_match kMatches[] = {patella::sdk::usb_match(0x1209, 0x0001)};
  static constexpr patella_serial_settings kSerial = patella::sdk::serial_8n1(115200);
  static constexpr patella_channel kChannels[] = {patella::sdk::channel("force", "Force", "N", -50, 2000, 100, 0.5, 1)};

  LineForce(patella::sdk::DeviceHost host, const patella::sdk::Params&) : host_(host) {}

  void connected(const patella_device_identity&, int64_t t_us) {
    host_.status(PATELLA_DEVICE_STARTING);
    host_.set_deadline(t_us + kSilence_us);
  }
  void received(std::span<const uint8_t> bytes, int64_t t_us) {
    for (const uint8_t byte : bytes) {
      if (byte == '\n') line_ended(t_us);
      else if (line_.size() < kLongestLine) line_ += static_cast<char>(byte);
    }
  }
  void tick(int64_t t_us) {
    host_.status(PATELLA_DEVICE_SILENT, PATELLA_TEXT("The force sensor sends nothing: check its switch"));
    host_.set_deadline(t_us + kSilence_us);
    live_ = false;
    unreadable_ = 0;
  }
  bool command(std::string_view name, double, int64_t) {
    if (name != "tare" || !live_) return false;
    zero_n_ = raw_n_;
    host_.command_done("tare", true, PATELLA_TEXT("The force sensor is tared"));
    return true;
  }

 private:
  static constexpr int64_t kSilence_us = 2'000'000;
  static constexpr std::size_t kLongestLine = 32;
  static constexpr int kUnreadableUntilTold = 10;

  void line_ended(int64_t t_us) {
    char* end = nullptr;
    const double value_n = std::strtod(line_.c_str(), &end);
    const bool whole = end != line_.c_str() && (*end == 0 || *end == '\r') && line_.size() < kLongestLine;
    line_.clear();
    const double net_n = value_n - zero_n_;
    if (!whole || !(net_n >= kChannels[0].min && net_n <= kChannels[0].max)) return unreadable(t_us);  // also "nan"
    raw_n_ = value_n;
    if (!live_) host_.status(PATELLA_DEVICE_LIVE);
    live_ = true;
    unreadable_ = 0;
    host_.emit(0, t_us, net_n);
    host_.set_deadline(t_us + kSilence_us);
  }

  /// It sends something, so it is not silent.
  void unreadable(int64_t t_us) {
    host_.set_deadline(t_us + kSilence_us);
    if (++unreadable_ != kUnreadableUntilTold) return;
    host_.status(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The force sensor's readings cannot be read. Plug it in again"));
    live_ = false;
  }

  patella::sdk::DeviceHost host_;
  std::string line_;
  double raw_n_ = 0, zero_n_ = 0;
  int unreadable_ = 0;  ///< lines in a row
  bool live_ = false;
};
