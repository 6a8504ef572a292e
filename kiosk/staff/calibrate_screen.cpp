#include "staff/calibrate_screen.hpp"

#include "staff/calibration_wizard.hpp"

namespace patella::staff {
namespace {

using session::CalibrationView;

constexpr int64_t kPollUs = 100'000;  ///< while a still reading is waited for

class CalibrateScreen final : public ScreenOf<CalibrateScreen, CalibrationView> {
 public:
  CalibrateScreen(Desk& desk, const SensorBoard::Entry& entry)
      : desk_(desk), entry_(entry), wizard_(desk.board.plan(entry.sensor).channels[channel()].ages) {}

  void on(const CalibrationView::Type& typed, int64_t) { wizard_.key(typed.key); }
  void on(const CalibrationView::TypeIn& unit, int64_t) { wizard_.unit(unit.kg); }
  void on(const CalibrationView::TakePoint&, int64_t now_us) { wizard_.take(now_us); }
  void on(const CalibrationView::TakeBack&, int64_t) { wizard_.undo(); }
  void on(const CalibrationView::Store&, int64_t) {
    const auto fit = wizard_.fit();
    if (!wizard_.can_store() || !fit) return;
    wizard_.storing(true);
    ticket_ = desk_.expect(entry_.sensor, Message("{0}: calibrated, in force from now on", desk_.board.state(entry_, 0).label));
    desk_.ask(StoreCalibration{ticket_, entry_.sensor, channel(), desk_.member->id, desk_.member->name,
                               desk_.board.serial(entry_.sensor), desk_.board.port(entry_.sensor), wizard_.points(), *fit,
                               wizard_.rate_hz()});
  }
  void on(const CalibrationView::Back&, int64_t) { back(); }

  void opened(std::size_t sensor) override {
    if (sensor == entry_.sensor) wizard_.opened();
  }
  void gone(std::size_t sensor) override {
    if (sensor == entry_.sensor) wizard_.gone();
  }
  void sample(std::size_t sensor, std::size_t of_channel, int64_t t_us, double reading) override {
    if (sensor == entry_.sensor && of_channel == channel()) wizard_.sample(t_us, reading);
  }
  bool stored(uint64_t ticket, Outcome::Kind kind, const session::StaffMessage& said) override {
    if (ticket_ != ticket) return false;
    ticket_ = 0;
    if (kind == Outcome::Kind::refused) {
      wizard_.storing(false);
      wizard_.say(said.text, true);
    } else {
      desk_.message = said;
      back();
    }
    return true;
  }

  void advance(int64_t now_us) override { wizard_.advance(now_us); }
  int64_t deadline_us(int64_t advanced_us) const override {
    return wizard_.taking() ? advanced_us + kPollUs : Screen::deadline_us(advanced_us);
  }
  bool in_use(int64_t now_us) const override { return wizard_.in_use(now_us); }
  bool holds_work() const override { return !wizard_.points().empty(); }

  void fill(CalibrationView& view, int64_t now_us) const {
    view.device = desk_.board.state(entry_, now_us);
    view.which = desk_.board.which(entry_.sensor);
    wizard_.fill(view, now_us);
  }

 private:
  std::size_t channel() const { return static_cast<std::size_t>(entry_.channel); }
  void back() { desk_.show(make_screen(desk_, std::type_identity<session::SensorsView>())); }

  Desk& desk_;
  const SensorBoard::Entry entry_;
  CalibrationWizard wizard_;
  uint64_t ticket_ = 0;  ///< of the request whose answer is on its way
};

}  // namespace

std::unique_ptr<Screen> make_calibrate(Desk& desk, const SensorBoard::Entry& entry) {
  return std::make_unique<CalibrateScreen>(desk, entry);
}

}  // namespace patella::staff
