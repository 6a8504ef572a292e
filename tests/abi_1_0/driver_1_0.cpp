// A driver as it was written for SDK 1.0, built against the frozen headers beside it.
#include <patella/sdk.hpp>

static_assert(PATELLA_ABI_MINOR == 0);

static constexpr const char* kLineSpeeds[] = {"baud_9600", "baud_57600"};
static constexpr patella_param kParams[] = {
    patella::sdk::text_param("site_key", "Key of the site", "From its maker.", 40),
    patella::sdk::choice_param("line_speed", "Line speed", "As set at the device.", kLineSpeeds, 0),
    patella::sdk::real_param("range_low_n", "Range, from", "N", "Lower end.", 0, 0, 1000),
    patella::sdk::real_param("range_high_n", "Range, to", "N", "Upper end.", 500, 0, 1000)};

/// One value every 10 ms: 1, 2, 3, …
class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  static constexpr patella_match kMatches[] = {patella::sdk::usb_match(0x1209, 0x0002)};
  static constexpr patella_serial_settings kSerial = patella::sdk::serial_8n1(9600);
  static constexpr patella_channel kChannels[] = {patella::sdk::channel("force", "Force", "N", -50, 100'000, 100, 0.5)};

  Driver(patella::sdk::DeviceHost host, const patella::sdk::Params& params) : host_(host), high_n_(params.real("range_high_n")) {}

  void connected(const patella_device_identity&, int64_t t_us) {
    host_.status(PATELLA_DEVICE_STARTING);
    host_.set_deadline(t_us + kPeriodUs);
  }
  void received(std::span<const uint8_t>, int64_t) {}
  void tick(int64_t t_us) {
    if (count_ == 0) host_.status(PATELLA_DEVICE_NOTICE, "Range to " + std::to_string(static_cast<int>(high_n_)) + " N");
    host_.emit(0, t_us, ++count_);
    host_.set_deadline(t_us + kPeriodUs);
  }
  bool command(std::string_view name, double, int64_t) {
    if (name != "tare") return false;
    host_.command_done("tare", true, "Tared");
    return true;
  }

 private:
  static constexpr int64_t kPeriodUs = 10'000;
  patella::sdk::DeviceHost host_;
  double high_n_, count_ = 0;
};

PATELLA_DRIVER(Driver, "org.patella.test.driver_1_0", "Driver of 1.0", "1.0.0", kParams)
