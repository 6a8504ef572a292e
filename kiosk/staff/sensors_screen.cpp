// The list of sensors, and the way to what can be done with one of them.
#include "staff/calibrate_screen.hpp"
#include "staff/desk.hpp"
#include "staff/pair_screen.hpp"

namespace patella::staff {
namespace {

using session::SensorsView;

class SensorsScreen final : public ScreenOf<SensorsScreen, SensorsView> {
 public:
  explicit SensorsScreen(Desk& desk) : desk_(desk) {}

  void on(const SensorsView::Calibrate& asked, int64_t) {
    if (const auto* entry = chosen(asked.row); entry && entry->channel >= 0) desk_.show(make_calibrate(desk_, *entry));
  }
  void on(const SensorsView::Pair& asked, int64_t) {
    if (const auto* entry = chosen(asked.row); entry && !desk_.board.plan(entry->sensor).pairings.empty())
      desk_.show(make_pairing(desk_, *entry));
  }
  void on(const SensorsView::Retry& asked, int64_t) {
    if (const auto* entry = chosen(asked.row)) desk_.ask(Retry{entry->sensor, desk_.member->id});
  }
  void leaving() override { desk_.message = {}; }

  void fill(SensorsView& view, int64_t now_us) const {
    view.rows = desk_.board.rows(desk_.member->physio, now_us);
    view.message = desk_.message;
  }

 private:
  /// Null: there is no such row, or whoever is signed in only looks.
  const SensorBoard::Entry* chosen(std::size_t row) {
    if (!desk_.member->physio || row >= desk_.board.entries().size()) return nullptr;
    desk_.message = {};
    return &desk_.board.entries()[row];
  }

  Desk& desk_;
};

}  // namespace

std::unique_ptr<Screen> make_screen(Desk& desk, std::type_identity<SensorsView>) { return std::make_unique<SensorsScreen>(desk); }

}  // namespace patella::staff
