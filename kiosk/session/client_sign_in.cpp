#include "session/client_sign_in.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace patella::session {

namespace {
constexpr int kFreeFailures = 5;
constexpr int64_t kFirstDelayUs = 8'000'000, kLongestDelayUs = 60'000'000;

/// None up to the fourth wrong code in a row, then 8 s, 16 s, … 60 s.
int64_t delay_us(int failures) {
  if (failures < kFreeFailures) return 0;
  return std::min(kLongestDelayUs, kFirstDelayUs << std::min(failures - kFreeFailures, 3));
}
}  // namespace

void ClientSignIn::open() {
  close();
  means_ = rules_.codes || !rules_.names ? SignInMeans::code : SignInMeans::name;
}

void ClientSignIn::close() {
  typed_.clear();
  wrong_ = false;
  trouble_.clear();
  awaited_ = 0;
}

void ClientSignIn::show(SignInMeans means) {
  if (awaited_ || (means == SignInMeans::code ? !rules_.codes : !rules_.names)) return;
  typed_.clear();
  wrong_ = false;
  means_ = means;
}

bool ClientSignIn::may_type(int64_t now_us) const {
  return rules_.codes && means_ == SignInMeans::code && !awaited_ && !is_slowed(now_us);
}

void ClientSignIn::type(KeypadKey key, int64_t now_us) {
  if (!may_type(now_us)) return;
  wrong_ = false;
  trouble_.clear();
  if (key.erases()) {
    if (!typed_.empty()) typed_.pop_back();
    return;
  }
  if (!key.is_digit() || static_cast<int>(typed_.size()) >= rules_.code_length) return;
  typed_.push_back(key);
  if (static_cast<int>(typed_.size()) == rules_.code_length) try_code(now_us);
}

void ClientSignIn::try_code(int64_t now_us) {
  if (!may_type(now_us) || static_cast<int>(typed_.size()) < rules_.shortest_code) return;
  awaited_ = ++last_request_;
  effects_.emplace_back(CheckCode{awaited_, std::exchange(typed_, {})});
}

void ClientSignIn::load(const std::string& ref) {
  trouble_.clear();
  awaited_ = ++last_request_;
  effects_.emplace_back(LoadClient{awaited_, ref});
}

bool ClientSignIn::code_checked(uint64_t request, bool right, int64_t now_us) {
  if (!is_awaited(request)) {
    // Whoever typed it has gone. Wrong ones count all the same, or leaving the screen at once would be a way around the delay.
    if (!right && request != 0 && request <= last_request_) slowed_until_us_ = now_us + delay_us(++failures_);
    return false;
  }
  awaited_ = 0;
  if (right) {
    failures_ = 0;
    return true;
  }
  wrong_ = true;
  if (const int64_t wait_us = delay_us(++failures_); wait_us > 0) slowed_until_us_ = now_us + wait_us;
  return true;
}

void ClientSignIn::failed(Messages why) {
  awaited_ = 0;
  trouble_ = std::move(why);
}

bool ClientSignIn::advance(int64_t now_us) {
  if (slowed_until_us_ == 0 || is_slowed(now_us)) return false;
  slowed_until_us_ = 0;
  wrong_ = false;
  return true;
}

int64_t ClientSignIn::deadline_us() const {
  return slowed_until_us_ != 0 ? slowed_until_us_ : std::numeric_limits<int64_t>::max();
}

ClientSignInView ClientSignIn::view(int64_t now_us) const {
  using State = ClientSignInView::State;
  ClientSignInView view;
  view.means = means_;
  view.can_code = rules_.codes;
  view.can_name = rules_.names;
  view.code_length = rules_.code_length;
  view.typed = static_cast<int>(typed_.size());
  view.state = awaited_ ? State::checking : is_slowed(now_us) ? State::slowed : wrong_ ? State::wrong : State::typing;
  view.slowed_until_us = view.state == State::slowed ? slowed_until_us_ : 0;
  view.can_accept = may_type(now_us) && view.typed >= rules_.shortest_code;
  view.trouble = trouble_;
  return view;
}

}  // namespace patella::session
