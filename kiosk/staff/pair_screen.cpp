#include "staff/pair_screen.hpp"

#include "staff/pairing_wizard.hpp"

namespace patella::staff {
namespace {

using session::PairingView;

class PairScreen final : public ScreenOf<PairScreen, PairingView> {
 public:
  PairScreen(Desk& desk, const SensorBoard::Entry& entry) : desk_(desk), entry_(entry), wizard_(desk.board.plan(entry.sensor)) {
    if (desk.identifying[entry.sensor]) wizard_.began();
  }

  void on(const PairingView::Listen&, int64_t) {
    if (!desk_.board.open(entry_.sensor) || !wizard_.can_listen()) return;
    wizard_.began();
    desk_.identifying[entry_.sensor] = true;
    desk_.ask(SendCommand{entry_.sensor, "identify"});
  }
  void on(const PairingView::Choose& chosen, int64_t) { wizard_.choose(chosen.candidate); }
  void on(const PairingView::Use&, int64_t) {
    if (!wizard_.can_use()) return;
    const PairingWizard::Choice choice = wizard_.choice();
    wizard_.saving(true);
    Messages done = Message("{0} {1} belongs to {2} from now on", choice.name, choice.number,
                            in_a_row(desk_.board.plan(entry_.sensor).stations));
    if (choice.was_off) done.push_back(Message("It counts where the station binds a channel of it"));
    ticket_ = desk_.expect(entry_.sensor, std::move(done), choice.param, choice.number);
    desk_.ask(SetSensorNumber{ticket_, entry_.sensor, desk_.member->id, desk_.member->name, choice.param, choice.number});
  }
  void on(const PairingView::Back&, int64_t) { desk_.show(make_screen(desk_, std::type_identity<session::SensorsView>())); }

  void gone(std::size_t sensor) override {
    if (sensor == entry_.sensor) wizard_.interrupted();
  }
  void sample(std::size_t sensor, std::size_t channel, int64_t t_us, double reading) override {
    if (sensor == entry_.sensor) wizard_.sample(channel, t_us, reading);
  }
  void number_set(std::size_t sensor, const std::string& param, int number) override {
    if (sensor == entry_.sensor) wizard_.number_set(param, number);
  }
  void identified(std::size_t sensor, bool ok, const Messages& text) override {
    if (sensor == entry_.sensor) wizard_.heard_all(ok, text);
  }
  bool stored(uint64_t ticket, Outcome::Kind, const session::StaffMessage& said) override {
    if (ticket_ != ticket) return false;
    ticket_ = 0;
    wizard_.saving(false);
    wizard_.say(said.text, said.trouble);
    return true;
  }

  void fill(PairingView& view, int64_t now_us) const {
    view.device = desk_.board.state(entry_, now_us);
    wizard_.fill(view, desk_.board.open(entry_.sensor), now_us);
  }

 private:
  Desk& desk_;
  const SensorBoard::Entry entry_;
  PairingWizard wizard_;
  uint64_t ticket_ = 0;  ///< of the request whose answer is on its way
};

}  // namespace

std::unique_ptr<Screen> make_pairing(Desk& desk, const SensorBoard::Entry& entry) {
  return std::make_unique<PairScreen>(desk, entry);
}

}  // namespace patella::staff
