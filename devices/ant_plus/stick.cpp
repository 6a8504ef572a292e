#include "stick.hpp"

namespace patella::ant_plus {
namespace {

constexpr int64_t kAnswerUs = 1'000'000;
constexpr int64_t kRestUs = 500'000;  // after a reset the stick wants to be left alone
constexpr int64_t kTiredUs = 5'000'000;
// A channel that hears nothing tells so after its 30 s of search: a stick that says nothing for longer hangs.
constexpr int64_t kHangsUs = 40'000'000;
constexpr int kMaxTries = 3;
constexpr uint8_t kEvent = 1;

}  // namespace

void Stick::start(int64_t t_us) {
  be(StickState::starting, t_us);
  tries_ = failures_ = 0;
  send_reset(t_us);
}

void Stick::be(StickState state, int64_t t_us) {
  state_ = state;
  user_.stick_is(state, t_us);
}

void Stick::send_reset(int64_t t_us) {
  phase_ = Phase::resetting;
  steps_.clear();
  scan_mode_ = false;
  framer_ = Framer();
  told_skipped_ = 0;
  user_.write(reset_stick());
  due_us_ = t_us + kAnswerUs;
}

void Stick::tick(int64_t t_us) {
  if (t_us < due_us_) return;
  due_us_ = INT64_MAX;
  switch (phase_) {
    case Phase::off:
      return;
    case Phase::resetting:
      if (++tries_ < kMaxTries) return send_reset(t_us);
      tries_ = 0;
      return start_over(StickState::no_answer, t_us);
    case Phase::resting:
      return begin_work(t_us);
    case Phase::tired:
      return send_reset(t_us);
    case Phase::working:
      break;
  }
  if (steps_.empty()) {
    user_.note("the stick has said nothing for 40 s: it is reset");
    return start(t_us);
  }
  if (steps_.front().frame.empty()) return step_done(t_us);  // what it waited for does not come
  if (++tries_ < kMaxTries) return send_step(t_us);
  step_refused(Code::invalid_message, t_us);
}

/// After three failures in a row staff are told, and the stick is given a rest.
void Stick::start_over(StickState because, int64_t t_us) {
  tries_ = 0;
  if (because == StickState::starting && ++failures_ < kMaxTries) return send_reset(t_us);
  be(because == StickState::starting ? StickState::no_answer : because, t_us);
  failures_ = 0;
  phase_ = Phase::tired;
  steps_.clear();
  due_us_ = t_us + kTiredUs;
}

void Stick::begin_work(int64_t t_us) {
  phase_ = Phase::working;
  if (state_ != StickState::starting) be(StickState::starting, t_us);
  steps_.clear();
  names_senders_ = true;
  steps_.push_back({ask(0, Id::capabilities), static_cast<uint8_t>(Id::capabilities), 0, IfRefused::start_over});
  add(set_network_key(key_), Id::network_key, 0);
  add(set_extensions(kExtensions), Id::lib_config, 0, IfRefused::go_on);
  for (std::size_t i = 0; i < wanted_.size(); ++i) add_set_up(static_cast<uint8_t>(i));
  go_on(t_us);
}

void Stick::add(Bytes frame, Id id, uint8_t channel, IfRefused if_refused) {
  steps_.push_back({std::move(frame), static_cast<uint8_t>(id), channel, if_refused});
}

void Stick::add_set_up(uint8_t channel) {
  const Wanted& wanted = wanted_[channel];
  add(assign_channel(channel), Id::assign, channel);
  add(set_channel_id(channel, wanted.number, wanted.type), Id::channel_id, channel);
  add(set_frequency(channel), Id::frequency, channel);
  add(set_period(channel, wanted.period), Id::period, channel);
  add(set_search_timeout(channel), Id::search_timeout, channel);
  add(open_channel(channel), Id::open, channel);
}

void Stick::add_closing(uint8_t channel) {
  add(close_channel(channel), Id::close, channel, IfRefused::go_on);
  steps_.push_back({{}, kEvent, channel, IfRefused::go_on});
  add(unassign_channel(channel), Id::unassign, channel, IfRefused::go_on);
}

void Stick::go_on(int64_t t_us) {
  tries_ = 0;
  if (!steps_.empty()) return send_step(t_us);
  failures_ = 0;
  due_us_ = t_us + kHangsUs;
  const StickState now = scan_mode_ ? StickState::scanning : StickState::listening;
  if (state_ != now) be(now, t_us);
}

void Stick::send_step(int64_t t_us) {
  if (!steps_.front().frame.empty()) user_.write(steps_.front().frame);
  due_us_ = t_us + kAnswerUs;
}

void Stick::step_done(int64_t t_us) {
  steps_.pop_front();
  go_on(t_us);
}

void Stick::step_refused(Code code, int64_t t_us) {
  const Step& step = steps_.front();
  if (step.answer_to == static_cast<uint8_t>(Id::lib_config)) names_senders_ = false;
  if (step.if_refused == IfRefused::go_on) return step_done(t_us);
  if (step.if_refused == IfRefused::leave_scan) return leave_scan(t_us);
  user_.note("the stick refused message " + std::to_string(step.answer_to) + " with code " +
             std::to_string(static_cast<int>(code)) + ": it is reset");
  const bool key = step.answer_to == static_cast<uint8_t>(Id::network_key);
  start_over(key && code == Code::invalid_network ? StickState::no_network : StickState::starting, t_us);
}

bool Stick::scan(int64_t t_us) {
  if (phase_ != Phase::working || !steps_.empty() || scan_mode_) return false;
  scan_mode_ = true;
  for (std::size_t i = 0; i < wanted_.size(); ++i) add_closing(static_cast<uint8_t>(i));
  add(assign_channel(0), Id::assign, 0, IfRefused::leave_scan);
  add(set_channel_id(0, 0, 0), Id::channel_id, 0, IfRefused::leave_scan);
  add(set_frequency(0), Id::frequency, 0, IfRefused::leave_scan);
  add(ant_plus::open_scan(), Id::open_scan, 0, IfRefused::leave_scan);
  go_on(t_us);
  return true;
}

void Stick::leave_scan(int64_t t_us) {
  be(StickState::no_scan, t_us);
  stop_scan(t_us);
}

void Stick::stop_scan(int64_t t_us) {
  if (!scan_mode_) return;
  scan_mode_ = false;
  steps_.clear();
  add_closing(0);
  for (std::size_t i = 0; i < wanted_.size(); ++i) add_set_up(static_cast<uint8_t>(i));
  go_on(t_us);
}

void Stick::received(std::span<const uint8_t> bytes, int64_t t_us) {
  if (phase_ == Phase::off) return;
  framer_.add(bytes);
  while (const auto message = framer_.next()) take(*message, t_us);
  // The first, the tenth, the hundredth …: bad reception must not flood the log.
  const uint64_t mark = told_skipped_ == 0 ? 1 : told_skipped_ * 10;
  if (framer_.skipped() >= mark) {
    told_skipped_ = mark;
    user_.note("bytes that are no message so far: " + std::to_string(framer_.skipped()));
  }
}

void Stick::take(const Message& message, int64_t t_us) {
  if (message.is(Id::start_up)) {
    // In the middle of work it means that the stick restarted by itself: all channels are gone.
    if (phase_ == Phase::working) user_.note("the stick restarted by itself");
    if (phase_ == Phase::working) be(StickState::starting, t_us);
    phase_ = Phase::resting;
    tries_ = 0;
    due_us_ = t_us + kRestUs;
    return;
  }
  if (phase_ != Phase::working) return;  // of the time before the reset
  if (steps_.empty()) due_us_ = t_us + kHangsUs;
  if (message.is(Id::capabilities)) return take_capabilities(message, t_us);
  if (const auto answer = response(message)) return answer->is_event() ? take_event(*answer, t_us) : take_response(*answer, t_us);
  if (message.is(Id::channel_id) && message.payload.size() >= 5) {
    const auto& p = message.payload;
    const auto number = static_cast<uint16_t>(p[1] | p[2] << 8);
    if (!scan_mode_ && p[0] < wanted_.size()) user_.sensor_is(p[0], {number, static_cast<uint8_t>(p[3] & 0x7F), p[4]}, t_us);
    return;
  }
  if (message.is(Id::serial_error) && bad_messages_++ == 0) user_.note("the stick reports a bad message");
  const auto page = heard(message);
  if (page && page->from) names_senders_ = true;  // only the answer was lost
  if (page && (state_ == StickState::scanning || (!scan_mode_ && page->channel < wanted_.size()))) user_.page(*page, t_us);
}

void Stick::take_capabilities(const Message& message, int64_t t_us) {
  if (steps_.empty() || steps_.front().answer_to != message.id) return;
  const std::size_t channels = message.payload.empty() ? 0 : message.payload[0];
  if (channels >= wanted_.size()) return step_done(t_us);
  be(StickState::few_channels, t_us);
  phase_ = Phase::off;
  steps_.clear();
  due_us_ = INT64_MAX;
}

void Stick::take_response(const Response& answer, int64_t t_us) {
  if (steps_.empty()) return;
  const Step& step = steps_.front();
  // The network and the stick itself are no channels: what stands there in the answer is not looked at.
  const bool of_channel =
      step.answer_to != static_cast<uint8_t>(Id::network_key) && step.answer_to != static_cast<uint8_t>(Id::lib_config);
  if (answer.to != step.answer_to || (of_channel && answer.channel != step.channel)) return;
  answer.code == Code::ok ? step_done(t_us) : step_refused(answer.code, t_us);
}

void Stick::take_event(const Response& event, int64_t t_us) {
  if (event.code == Code::channel_closed && !steps_.empty() && steps_.front().answer_to == kEvent &&
      steps_.front().channel == event.channel)
    return step_done(t_us);
  if (scan_mode_ || event.channel >= wanted_.size()) return;
  switch (event.code) {
    case Code::message_missed:
      return user_.missed(event.channel);
    case Code::back_to_search:
    case Code::search_timed_out:
      return user_.searching(event.channel);
    case Code::channel_closed: {
      // Closed by itself after the search: once more from the beginning, unless that is under way.
      for (const Step& step : steps_)
        if (step.channel == event.channel) return;
      const bool idle = steps_.empty();
      add(unassign_channel(event.channel), Id::unassign, event.channel, IfRefused::go_on);
      add_set_up(event.channel);
      if (idle) go_on(t_us);
      return;
    }
    default:
      return;
  }
}

}  // namespace patella::ant_plus
