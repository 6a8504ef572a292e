#include "session/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace patella::session {

Session::Session(SessionSetup plan, int64_t now_us) : setup_(std::move(plan)), zero_us_(now_us), last_now_us_(now_us) {
  shown_.info = make_info();
  shown_.questions = setup_.questions;
  for (const ChannelSetup& setup : setup_.station.channels) channels_.push_back({setup, {}, -1, 0, false, {}, {}, {}});
  answers_given_.resize(setup_.questions.size());
}

void Session::begin(int64_t now_us) {
  if (begun_) return;
  begun_ = true;
  zero_us_ = now_us;
  effects_.emplace_back(BeginSession{setup_.client.ref, setup_.dose});
  go(Screen::screening, now_us);
  for (const Channel& channel : channels_)
    if (!channel.source.serial.empty() || !channel.source.calibration.empty()) log_source(channel, now_us);
}

Session::Session(SessionSetup plan, const Restored& restored, int64_t now_us)
    : setup_(std::move(plan)), last_now_us_(now_us), begun_(true) {
  shown_.info = make_info();
  shown_.questions = setup_.questions;
  for (const ChannelSetup& setup : setup_.station.channels) channels_.push_back({setup, {}, -1, 0, false, {}, {}, {}});
  answers_given_.resize(setup_.questions.size());
  int64_t last_t_us = 0;
  std::map<int64_t, double> wild;
  for (const LogEvent& event : restored.events)
    if (const auto reading = logged::as<logged::WildSample>(event)) wild[event.t_us] = reading->value_n;
  for (const Record& record : restored.records) {
    last_t_us = std::max(last_t_us, record.t_us);
    if (record.channel >= channels_.size()) continue;
    Channel& channel = channels_[record.channel];
    if (record.kind == RecordKind::gap) channel.quality.gap();
    if (record.kind != RecordKind::sample) continue;
    const auto marked = wild.find(record.t_us);
    if (marked == wild.end() || marked->second != record.value)
      channel.whole.add(static_cast<double>(record.t_us) / 1e6, record.value);
    channel.quality.sample(record.t_us, channel.setup.ages.lost_after_us);
  }
  for (const LogEvent& event : restored.events) {
    last_t_us = std::max(last_t_us, event.t_us);
    restore_event(event);
  }
  for (Channel& channel : channels_) channel.quality.gap();
  if (!restored.records.empty()) next_seq_ = restored.records.back().seq + 1;
  zero_us_ = now_us - last_t_us - PATELLA_TICK_US;
  log(logged::ResumedAfterCut{}, now_us);
  if (outcome_ == "left") {  // cut off while it was being closed
    close(now_us);
    finished_ = true;
    return;
  }
  if (over_ || screen_ == Screen::after) {
    pain_now_ = -1;
    go(outcome_ == "stopped_for_pain" && !stop_pain_told_ ? Screen::pain_stop : Screen::after, now_us);
    return;
  }
  if (restored.records.empty()) {
    go(screen_ == Screen::set_up || screen_ == Screen::start_gate ? screen_ : Screen::screening, now_us);
    if (screen_ == Screen::set_up) begin_stream(now_us);
    return;
  }
  open_stream(now_us);
  if (outcome_.empty() && started_)
    action(PATELLA_ACTION_PAUSE, now_us);  // first: the cut ended what was under way, not the sensor
  tell_losses(now_us);
  if (!outcome_.empty()) {  // asked to end; the module's last words were cut off and come again
    give_up_us_ = session_time(now_us) + kGiveUpUs;
    go(outcome_ == "stopped_for_pain" ? Screen::pain_stop : Screen::live, now_us);
  } else if (started_) {
    paused_by_client_ = true;
    go(Screen::live, now_us);
  } else {
    go(Screen::set_up, now_us);
  }
}

void Session::restore_event(const LogEvent& event) {
  next_number_ = std::max(next_number_, event.number + 1);
  event.origin == Origin::module ? restore_module_event(event) : restore_own_event(event);
}

void Session::restore_module_event(const LogEvent& event) {
  known_.push_back(event);
  note_reps(event);
  if (!logged::as<logged::ExerciseDone>(event)) return;
  over_ = true;
  exercise_to_us_ = event.t_us;
  if (outcome_.empty()) outcome_ = "completed";
}

void Session::restore_own_event(const LogEvent& event) {
  const auto shown = logged::as<logged::ScreenShown>(event);
  for (const Screen screen : {Screen::screening, Screen::start_gate, Screen::set_up, Screen::after})
    if (shown && shown->screen == screen) screen_ = screen;
  if (logged::as<logged::StartReleased>(event)) released_ = true;
  if (const auto action = logged::as<logged::Action>(event); action && action->action == PATELLA_ACTION_START) {
    started_ = true;
    exercise_from_us_ = event.t_us;
  }
  if (const auto metric = logged::as<logged::Metric>(event)) {
    module_metric(metric->key, metric->unit, metric->value);
    metrics_told_[metric->key] = metric->value;
  }
  if (const auto outcome = logged::as<logged::OutcomeDecided>(event)) {
    outcome_ = outcome->outcome;
    exercise_to_us_ = event.t_us;
  }
  if (const auto c = logged::as<logged::Calibration>(event))
    for (Channel& channel : channels_)
      if (channel.setup.key == c->channel) channel.source = {true, c->serial, c->id, c->calibrated, c->slope, c->offset};
  if (logged::as<logged::PainStopped>(event) || logged::as<logged::StaffCalled>(event)) staff_are_called();
  if (const auto answer = logged::as<logged::QuestionAnswered>(event))
    for (std::size_t i = 0; i < setup_.questions.size(); ++i)
      if (setup_.questions[i].id == answer->question) give_answer(i, answer->yes ? 1 : 0);
  if (const auto pain = logged::as<logged::PainAnswered>(event)) restore_pain(*pain);
}

void Session::restore_pain(const logged::PainAnswered& pain) {
  using When = logged::PainAnswered::When;
  if (pain.when == When::before) give_pain(pain.value);
  if (pain.when == When::after) pain_after_ = pain.value;
  if (pain.when == When::stop) {
    stop_pain_told_ = true;
    pain_at_stop_ = pain.value;
    pain_place_ = pain.place;
  }
  pain_now_ = pain.value;
}

// ---- what is written down

void Session::record(Record record) {
  record.seq = next_seq_++;
  effects_.emplace_back(record);
}

void Session::log(LogEvent event) {
  if (closed_ || !begun_) return;
  event.number = next_number_++;
  if (event.origin == Origin::session) event.after_seq = next_seq_ - 1;
  effects_.emplace_back(std::move(event));
}

void Session::go(Screen screen, int64_t now_us) {
  screen_ = screen;
  shown_.summary.reset();
  pain_chosen_ = false;
  after_until_us_ = screen == Screen::after ? now_us + kAnswerWithinUs : -1;
  log(logged::ScreenShown{screen}, now_us);
}

void Session::action(patella_action action, int64_t now_us) {
  tick_to(now_us);
  Record r;
  r.t_us = session_time(now_us);
  r.kind = RecordKind::action;
  r.code = action;
  record(r);
  log(logged::Action{static_cast<uint32_t>(action)}, now_us);
}

void Session::begin_stream(int64_t now_us) {
  open_stream(now_us);
  tell_losses(now_us);
}

void Session::open_stream(int64_t now_us) {
  stream_open_ = true;
  next_tick_us_ = (session_time(now_us) / PATELLA_TICK_US + 1) * PATELLA_TICK_US;
  effects_.emplace_back(StartModule{});
}

void Session::tell_losses(int64_t now_us) {
  for (uint16_t c = 0; c < channels_.size(); ++c)
    if (channels_[c].setup.bound && is_missing(liveness(channels_[c], now_us))) channel_lost(c, now_us);
}

void Session::end_stream(int64_t now_us) {
  if (!stream_open_) return;
  log_quality(now_us);
  stream_open_ = false;
  shown_.summary.reset();
  effects_.emplace_back(StopModule{});
}

// ---- time and samples

void Session::tick_to(int64_t now_us) {
  if (!stream_open_) return;
  for (; next_tick_us_ <= session_time(now_us); next_tick_us_ += PATELLA_TICK_US) {
    Record r;
    r.t_us = next_tick_us_;
    r.kind = RecordKind::tick;
    record(r);
  }
}

int64_t Session::deadline_us() const {
  constexpr int64_t kNone = std::numeric_limits<int64_t>::max();
  return std::min(stream_open_ ? zero_us_ + next_tick_us_ : kNone, after_until_us_ >= 0 ? after_until_us_ : kNone);
}

void Session::advance(int64_t now_us) {
  last_now_us_ = now_us;
  if (after_until_us_ >= 0 && now_us >= after_until_us_) go_on_by_itself(now_us);
  if (!stream_open_) return;
  tick_to(now_us);
  judge_channels(now_us);
  if (give_up_us_ >= 0 && session_time(now_us) >= give_up_us_) exercise_over(outcome_, now_us);
}

/// Once the exercise has begun, a device that is not there yet or no longer is a lost one.
Liveness Session::liveness(const Channel& channel, int64_t now_us) const {
  if (!channel.setup.bound) return Liveness::unused;
  const Liveness stands = liveness_of(channel.report.liveness, channel.newest_us, channel.setup.ages, now_us);
  return started_ && (stands == Liveness::absent || stands == Liveness::starting) ? Liveness::lost : stands;
}

void Session::judge_channels(int64_t now_us) {
  bool required_lost = false;
  for (uint16_t c = 0; c < channels_.size(); ++c) {
    Channel& channel = channels_[c];
    if (!channel.setup.bound) continue;
    if (!channel.told_lost && is_missing(liveness(channel, now_us))) channel_lost(c, now_us);
    if (channel.told_lost && channel.setup.required) {
      required_lost = true;
      loss_text_ = Message("{0} lost: waiting for it", sensor_name(channel.setup));
    }
  }
  const bool working = view_.phase == PATELLA_PHASE_WORK || view_.phase == PATELLA_PHASE_COUNTDOWN;
  if (required_lost && setup_.station.rules.pause_on_loss && exercise_running() && working && !paused())
    set_pause(paused_by_loss_, true, now_us);
}

void Session::channel_lost(uint16_t index, int64_t now_us) {
  Channel& channel = channels_[index];
  channel.told_lost = true;
  tick_to(now_us);
  Record r;
  r.t_us = session_time(now_us);
  r.kind = RecordKind::gap;
  r.channel = index;
  r.code = 1;
  record(r);
  channel.quality.gap();
  const double from_s = channel.newest_us >= 0 ? session_s(std::max(channel.newest_us, zero_us_)) : session_s(now_us);
  channel.gaps.push_back({static_cast<float>(from_s), -1});
  log(logged::GapBegan{channel.setup.key, written(channel.report.text)}, now_us);
}

void Session::channel_back(uint16_t index, int64_t now_us) {
  Channel& channel = channels_[index];
  channel.told_lost = false;
  Record r;
  r.t_us = session_time(now_us);
  r.kind = RecordKind::gap;
  r.channel = index;
  r.code = 0;
  record(r);
  double lasted_s = 0;
  if (!channel.gaps.empty() && channel.gaps.back().to_s < 0) {
    channel.gaps.back().to_s = static_cast<float>(session_s(now_us));
    lasted_s = static_cast<double>(channel.gaps.back().to_s - channel.gaps.back().from_s);
  }
  log(logged::GapEnded{channel.setup.key, lasted_s}, now_us);
  const bool some_lost =
      std::any_of(channels_.begin(), channels_.end(), [](const Channel& c) { return c.setup.required && c.told_lost; });
  if (!some_lost) set_pause(paused_by_loss_, false, now_us);
}

/// The module is paused while there is a reason, whichever came first and whichever goes last.
void Session::set_pause(bool& reason, bool on, int64_t now_us) {
  const bool before = paused();
  reason = on;
  if (paused() != before) action(on ? PATELLA_ACTION_PAUSE : PATELLA_ACTION_RESUME, now_us);
}

void Session::device(uint16_t index, const DeviceReport& report, int64_t now_us) {
  if (index >= channels_.size()) return;
  Channel& channel = channels_[index];
  const bool changed = channel.report.liveness != report.liveness;
  const bool notice = !changed && !report.text.empty() && report.text != channel.report.text;
  channel.report = report;
  shown_.station.reset();
  if (changed && report.liveness == Liveness::absent) channel.device_quality = {};  // what comes next may be another one
  if (!stream_open_ || (!changed && !notice)) return;
  log(logged::DeviceChanged{channel.setup.key, written(report.text)}, now_us);
  if (changed) judge_channels(now_us);
}

void Session::source(uint16_t index, const ChannelSource& source, int64_t now_us) {
  if (index >= channels_.size() || !source.known) return;
  Channel& channel = channels_[index];
  const bool other_device = channel.source.serial != source.serial;
  const bool told = !other_device && channel.source.calibration == source.calibration;
  if (other_device) {
    channel.quality.gap();
    channel.device_quality = {};
  }
  channel.source = source;
  if (!told) log_source(channel, now_us);
}

void Session::log_source(const Channel& channel, int64_t now_us) {
  const ChannelSource& source = channel.source;
  log(logged::Calibration{channel.setup.key, source.calibration, source.serial, source.calibrated, source.slope, source.offset},
      now_us);
}

void Session::sample(uint16_t index, int64_t t_us, double value, int64_t now_us) {
  if (index >= channels_.size() || !std::isfinite(value)) return;
  last_now_us_ = now_us;
  Channel& channel = channels_[index];
  channel.newest_us = std::max(channel.newest_us, t_us);
  channel.newest_value = value;
  if (!stream_open_) return;
  tick_to(now_us);
  if (channel.told_lost) {
    if (is_missing(liveness(channel, now_us))) return;  // a late sample of before the loss
    channel_back(index, now_us);
  }
  Record r;
  r.t_us = std::max<int64_t>(0, t_us - zero_us_);
  r.kind = RecordKind::sample;
  r.channel = index;
  r.value = value;
  record(r);
  const double t_s = static_cast<double>(r.t_us) / 1e6;
  channel.quality.sample(r.t_us, channel.setup.ages.lost_after_us);
  channel.device_quality.sample(r.t_us, channel.setup.ages.lost_after_us);
  channel.recent.add(t_s, value);
  channel.whole.add(t_s, value);
}

void Session::samples_lost(uint16_t index, uint64_t count, int64_t now_us) {
  if (index >= channels_.size() || !stream_open_) return;
  log(logged::Overrun{channels_[index].setup.key, count}, now_us);
  channels_[index].quality.dropped(count);
  if (!channels_[index].told_lost) channel_lost(index, now_us);
}

// ---- the end

void Session::exercise_over(const std::string& outcome, int64_t now_us) {
  if (!stream_open_) return;
  give_up_us_ = -1;
  exercise_to_us_ = session_time(now_us);
  if (outcome_.empty()) {
    outcome_ = outcome;
    log(logged::OutcomeDecided{outcome_}, now_us);
  }
  log_metrics(now_us);
  end_stream(now_us);
  if (leaving_) {
    close(now_us);
    finished_ = true;
    return;
  }
  // The client may be ahead of a module that was slow to end.
  if (screen_ == Screen::pain_stop || screen_ == Screen::after || screen_ == Screen::summary) return;
  pain_now_ = -1;
  go(Screen::after, now_us);
}

void Session::log_metrics(int64_t now_us) {
  for (const std::string& key : metric_order_) {
    MetricValue& metric = metrics_.at(key);
    const auto told = metrics_told_.find(key);
    if (told != metrics_told_.end() && told->second == metric.value) continue;
    metrics_told_[key] = metric.value;
    log(logged::Metric{metric.key, metric.unit, metric.value}, now_us);
  }
}

void Session::log_quality(int64_t now_us) {
  for (const Channel& channel : channels_) {
    const QualityFigures figures = channel.quality.figures();
    if (figures.samples == 0) continue;
    logged::Quality quality{channel.setup.key,
                            figures.samples,
                            std::round(figures.rate_hz * 100) / 100,
                            std::round(figures.jitter_ms * 100) / 100,
                            {}};
    if (channel.setup.regular) quality.lost = figures.lost;
    log(quality, now_us);
  }
}

void Session::close(int64_t now_us) {
  if (closed_ || !begun_) return;
  log_metrics(now_us);
  effects_.emplace_back(
      SessionEnd{outcome_.empty() ? "stopped_early" : outcome_, session_time(now_us), pain_before_, pain_after_, effort_});
  closed_ = true;
}

// ---- nobody there

bool Session::runs_by_itself(int64_t now_us) const {
  if (after_until_us_ >= 0) return true;  // the questions have a countdown of their own on the screen
  if (!exercise_running() || paused() || module_down_ || module_given_up_) return false;
  if (view_.size == 0 || now_us - view_made_us_ > kViewOldUs) return false;
  const bool own_clock =
      view_.phase == PATELLA_PHASE_COUNTDOWN || view_.phase == PATELLA_PHASE_REST || view_.phase == PATELLA_PHASE_WORK;
  return own_clock && view_.timer_rate < 0 && view_.timer_s > 0;  // not one that counts up: it has no end
}

void Session::ask_whether_there(int64_t now_us) {
  log(logged::Presence{logged::Presence::State::asked}, now_us);
  asks_end_ = false;
  const bool module_paused = view_.phase == PATELLA_PHASE_PAUSED;  // by itself, and it goes on by itself
  if (exercise_running() && !module_paused) set_pause(paused_by_absence_, true, now_us);
}

void Session::still_there(int64_t now_us) {
  log(logged::Presence{logged::Presence::State::there}, now_us);
  set_pause(paused_by_absence_, false, now_us);
}

// ---- notices to staff

/// Before the event of the log that it goes with: of two rows that a cut may part, the notice is the one to be kept.
void Session::raise(notices::Raised raised, Messages open_text, Messages known_text) {
  staff_notice_ = std::move(open_text);
  staff_notice_known_ = std::move(known_text);
  staff_know_ = false;
  effects_.emplace_back(std::move(raised));
}

void Session::staff_are_called() {
  staff_notice_ = staff_called();
  staff_notice_known_ = staff_informed();
}

void Session::staff_know(int64_t now_us) {
  if (staff_know_ || staff_notice_.empty()) return;
  staff_know_ = true;
  log(logged::StaffAcknowledged{}, now_us);
}

void Session::leave(int64_t now_us) {
  log(logged::Presence{logged::Presence::State::left}, now_us);
  log_given_answers(now_us);
  after_until_us_ = -1;
  waits_no_more();
  if (outcome_.empty()) {
    outcome_ = "left";
    log(logged::OutcomeDecided{outcome_}, now_us);
    if (exercise_running()) {
      leaving_ = true;
      action(PATELLA_ACTION_END, now_us);
      give_up_us_ = session_time(now_us) + (module_given_up_ ? 0 : kGiveUpUs);
      return;
    }
  }
  end_stream(now_us);
  close(now_us);
  finished_ = true;
}

// ---- what the module says

void Session::note_reps(const LogEvent& event) {
  if (const auto pause = logged::as<logged::ModulePaused>(event)) module_pause_ = pause->reason;
  if (logged::as<logged::ModuleResumed>(event)) module_pause_.clear();
  if (const auto ended = logged::as<logged::SetEnded>(event); ended && ended->reason.empty()) sets_done_.insert(ended->set);
  if (const auto rep = logged::as<logged::Rep>(event)) note_rep(*rep, event);
  if (const auto hold = logged::as<logged::Hold>(event)) note_rep(*hold, event);
}

void Session::note_rep(const logged::Judged& judged, const LogEvent& event) {
  shown_.summary.reset();
  RepSummary rep;
  rep.set = judged.set;
  rep.n = judged.n;
  rep.side = side_from_text(judged.side);
  rep.counted = judged.counted;
  rep.reason = logged::reason_id(judged.reason);
  for (const ReasonSetup& declared : setup_.station.reasons)
    if (!rep.reason.empty() && declared.id == rep.reason) rep.reason_text = declared.sentence;
  rep.t_s = static_cast<double>(event.t_us) / 1e6;
  rep.peak = judged.figure("peak_n");
  rep.hold_s = judged.figure("hold_s");
  rep.saved = event.number != 0 && event.number < next_number_;
  reps_.push_back(rep);
  rep_numbers_.push_back(event.number);
}

void Session::forget_wild(const LogEvent& event) {
  const auto wild = logged::as<logged::WildSample>(event);
  if (!wild) return;
  for (Channel& channel : channels_) {
    channel.recent.forget(static_cast<double>(event.t_us) / 1e6, wild->value_n);
    channel.whole.forget(static_cast<double>(event.t_us) / 1e6, wild->value_n);
  }
}

void Session::module_event(const patella_event& event, uint32_t ordinal, uint64_t after_seq, int64_t now_us) {
  LogEvent entry = to_log(event, ordinal, after_seq);
  forget_wild(entry);
  if (known_next_ < known_.size()) {
    // A resumed session's module says again what the log has: compare, do not log twice.
    const LogEvent& known = known_[known_next_++];
    if (!same_module_event(known, entry)) module_differs("logged: " + to_line(known) + "; now: " + to_line(entry), now_us);
    return;
  }
  const uint64_t number = next_number_;
  log(entry);
  entry.number = number;
  note_reps(entry);
  if (!reps_.empty() && rep_numbers_.back() == number) reps_.back().saved = false;
  if (event.kind == PATELLA_EVENT_DONE) exercise_over("completed", now_us);
}

void Session::module_metric(const std::string& key, const std::string& unit, double value) {
  if (!std::isfinite(value)) return;
  shown_.summary.reset();
  auto [at, fresh] = metrics_.try_emplace(key, MetricValue{key, verbatim(key), unit, value});
  at->second.value = value;
  for (const MetricSetup& declared : setup_.station.metrics)
    if (fresh && declared.key == key) {
      if (!declared.label.empty()) at->second.label = declared.label;
      at->second.decimals = declared.decimals;
    }
  if (fresh) metric_order_.push_back(key);
}

void Session::module_cue(uint32_t, const std::string& text, int64_t) { effects_.emplace_back(Cue{text}); }

void Session::module_view(const patella_view& view, int64_t now_us) {
  if (!stream_open_) return;
  view_ = view;
  view_made_us_ = now_us;
  if (view.trace_channel >= 0) summary_channel_ = view.trace_channel;
  for (uint32_t i = 0; summary_channel_ < 0 && i < std::min<uint32_t>(view.readout_count, PATELLA_VIEW_READOUTS); ++i)
    if (view.readouts[i].role == PATELLA_ROLE_PRIMARY) summary_channel_ = view.readouts[i].channel;
  if (screen_ == Screen::live && view.phase == PATELLA_PHASE_REST) go(Screen::rest, now_us);
  if (screen_ == Screen::rest && view.phase != PATELLA_PHASE_REST && view.phase != PATELLA_PHASE_PAUSED) go(Screen::live, now_us);
}

void Session::module_state(bool ok, bool given_up, const Messages& text, int64_t now_us) {
  if (!stream_open_) return;
  if (module_down_ == !ok && module_given_up_ == given_up) return;
  module_down_ = !ok;
  module_given_up_ = given_up;
  if (!ok) log(logged::ModuleDown{given_up, written(text)}, now_us);
  if (given_up)
    raise({notices::Kind::exercise_stopped, {{"text", written(text)}}},
          {Message("The exercise display stopped"), Message("Staff are being called")},
          {Message("The exercise display stopped"), Message("Staff know")});
}

void Session::module_differs(const std::string& what, int64_t now_us) { log(logged::ReplayDiffered{what}, now_us); }

void Session::stored(uint64_t event_number) {
  if (!begun_) return;  // of the session before
  shown_.summary.reset();
  for (std::size_t i = 0; i < reps_.size(); ++i)
    if (rep_numbers_[i] <= event_number) reps_[i].saved = true;
}

void Session::end_stored() {
  end_stored_ = closed_;
  shown_.summary.reset();
}

std::vector<Effect> Session::take_effects() { return std::exchange(effects_, {}); }

}  // namespace patella::session
