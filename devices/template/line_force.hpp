// A force sensor on a serial port that sends its own time in microseconds and a force in newton: "1250000;52.77\n".
#pragma once

#include "driver_kit/device_time.hpp"
#include "driver_kit/lines.hpp"
#include "driver_kit/status_reporter.hpp"
#include "driver_kit/tare.hpp"

class LineForce {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  static constexpr patella_match kMatches[] = {patella::sdk::usb_match(0x1209, 0x0001)};
  static constexpr patella_serial_settings kSerial = patella::sdk::serial_8n1(115200);
  static constexpr patella_channel kChannels[] = {patella::sdk::channel("force", "Force", "N", -50, 2000, 100, 0.5, 1)};

  LineForce(patella::sdk::DeviceHost host, const patella::sdk::Params&) : host_(host), status_(host, "unreadable lines") {}

  void connected(const patella_device_identity&, int64_t t_us) {
    status_.report(PATELLA_DEVICE_STARTING);
    host_.set_deadline(t_us + kSilenceUs);
  }
  void received(std::span<const uint8_t> bytes, int64_t t_us) {
    lines_.feed(bytes, [&](std::string_view line) { take(line, t_us); });
  }
  void tick(int64_t) { status_.report(PATELLA_DEVICE_SILENT, PATELLA_TEXT("The force sensor sends nothing: check its switch")); }
  bool command(std::string_view name, double, int64_t t_us) {
    if (name != "tare" || status_.reported() != PATELLA_DEVICE_LIVE) return false;
    tare_.obey(host_, t_us);
    return true;
  }

 private:
  static constexpr int64_t kSilenceUs = 2'000'000;

  void take(std::string_view line, int64_t t_us) {
    host_.set_deadline(t_us + kSilenceUs);  // it sends something, so it is not silent
    const std::size_t semicolon = std::min(line.find(';'), line.size());
    const auto device_us = patella::driver_kit::read_unsigned(line.substr(0, semicolon));
    const auto force_n = patella::driver_kit::read_decimal(line.substr(std::min(semicolon + 1, line.size())));
    if (!device_us || !force_n) return unreadable();
    const auto measured = time_.map(*device_us, t_us);  // the port delivers in lumps; the device knows when it was
    const double net_n = *force_n - tare_.zero_n();
    if (!measured.usable || net_n < kChannels[0].min || net_n > kChannels[0].max) return unreadable();
    unreadable_ = 0;
    tare_.take(measured.t_us, *force_n);
    status_.report(PATELLA_DEVICE_LIVE);
    host_.emit(0, measured.t_us, net_n);
  }
  void unreadable() {
    status_.note_garbage();
    if (++unreadable_ == 10)
      status_.report(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The force sensor's readings cannot be read. Plug it in again"));
  }

  patella::sdk::DeviceHost host_;
  patella::driver_kit::StatusReporter status_;
  patella::driver_kit::LineCutter lines_;
  patella::driver_kit::DeviceTime time_;
  patella::driver_kit::Tare tare_;
  int unreadable_ = 0;  ///< lines in a row
};
