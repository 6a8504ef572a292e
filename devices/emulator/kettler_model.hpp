// A Kettler bike: an FT232R bridge (0403:6001), commands and status lines at 9600 baud (Racer: 57600). It says nothing
// unasked.
#pragma once

#include <string>

#include "emulator/pedalling.hpp"
#include "emulator/serial_model.hpp"

namespace patella::emulator {

class KettlerModel final : public SerialModel {
 public:
  enum class Letters { any, capitals, small };
  struct Options {
    std::string serial = "A900DZ4K";
    uint64_t seed = 1;
    bool automatic = true;  ///< pedals by itself
    Letters letters = Letters::any;
    bool spaces = false;     ///< between the fields, instead of TABs
    int leaves_after_s = 0;  ///< leaves PC mode by itself; 0 = never
    std::string id = "SF1B1706";
    uint32_t baud = 9600;
  };
  explicit KettlerModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  const Pedalling& rider() const { return rider_; }
  int target_w() const { return target_w_; }

  static constexpr int64_t kAnswerUs = 60'000;  ///< from a command to its answer

 protected:
  void on_received(std::span<const uint8_t> bytes) override;
  void on_tick() override;
  int64_t next_event_us() const override;

 private:
  std::string answer(const std::string& command);
  std::string status();

  Options options_;
  Pedalling rider_;
  std::string line_, waiting_;
  bool pc_mode_ = false;
  int target_w_ = 25;
  int64_t answer_due_us_ = kNever, pc_since_us_ = 0, advanced_us_ = 0;
  double energy_kj_ = 0, worked_s_ = 0;
};

}  // namespace patella::emulator
