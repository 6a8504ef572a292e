#include "staff/sign_in_screen.hpp"

#include "pin/secret_text.hpp"

namespace patella::staff {
namespace {

using session::SignInView;

class SignInScreen final : public ScreenOf<SignInScreen, SignInView> {
 public:
  SignInScreen(Desk& desk, bool lets_start) : desk_(desk), lets_start_(lets_start) {
    if (desk.members.size() == 1) chosen_ = desk.members.front().id;
  }

  void on(const SignInView::Choose& chosen, int64_t) {
    if (desk_.checking) return;
    chosen_ = chosen.member;
    pin_.clear();
    message_ = {};
  }
  void on(const SignInView::Type& typed, int64_t) {
    if (desk_.checking) return;
    message_ = {};
    if (typed.key.erases()) pin_.remove_last();
    if (typed.key.is_digit() && pin_.size() < pin::kMaxDigits) pin_.add(typed.key.typed());
  }
  void on(const SignInView::Accept&, int64_t now_us) {
    const auto guard = desk_.guards.find(chosen_);
    if (desk_.checking || guard == desk_.guards.end()) return;
    if (pin_.size() < pin::kMinDigits || now_us < guard->second.may_try_at_us()) return;
    desk_.checking = awaited_ = true;
    desk_.ask(CheckPin{chosen_, std::move(pin_)});
  }
  void on(const SignInView::Cancel&, int64_t) { desk_.leave(); }

  void pin_answer(const PinAnswer& answer) override {
    if (!std::exchange(awaited_, false)) return;
    message_ = {};
    if (!answer.ok) {
      message_ = {answer.why_not, true};
      return;
    }
    if (lets_start_) {
      desk_.ask(LetStart{answer.member});
      return desk_.leave();
    }
    for (const Member& member : desk_.members)
      if (member.id == answer.member) desk_.member = &member;
    if (!desk_.member) return;
    desk_.message = {};
    if (desk_.open_notices > 0)
      desk_.show(make_screen(desk_, std::type_identity<session::NoticesView>()));
    else
      desk_.show(make_screen(desk_, std::type_identity<session::SensorsView>()));
  }

  void fill(SignInView& view, int64_t) const {
    for (const Member& member : desk_.members) view.members.push_back({member.id, member.name});
    view.chosen = chosen_;
    view.digits = static_cast<int>(pin_.size());
    view.checking = desk_.checking;
    view.lets_start = lets_start_;
    if (const auto guard = desk_.guards.find(chosen_); guard != desk_.guards.end())
      view.locked_until_us = guard->second.may_try_at_us();
    view.can_accept = !desk_.checking && !chosen_.empty() && pin_.size() >= pin::kMinDigits;
    view.message = message_;
    if (!desk_.no_sign_in.empty()) view.message = {desk_.no_sign_in, true};
  }

 private:
  Desk& desk_;
  const bool lets_start_;
  std::string chosen_;
  pin::SecretText pin_;
  bool awaited_ = false;  ///< an answer is on its way, and whoever typed the PIN is still there
  session::StaffMessage message_;
};

}  // namespace

std::unique_ptr<Screen> make_sign_in(Desk& desk, bool lets_start) { return std::make_unique<SignInScreen>(desk, lets_start); }

}  // namespace patella::staff
