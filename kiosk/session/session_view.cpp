// The session's half of a snapshot.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "session/session.hpp"

namespace patella::session {

Messages too_slow_text(double rate_hz, const RateNeed& need) {
  if (rate_hz >= kRateTolerance * need.rate_hz) return {};
  const Quantity rate = shortest(rate_hz, rate_hz < 0.95 ? 2 : rate_hz < 9.5 ? 1 : 0), needed = shortest(need.rate_hz, 3);
  if (need.figure.empty())
    return Messages{Message::plural("This sensor gives {0} value a second; {1} needs {2}",
                                    "This sensor gives {0} values a second; {1} needs {2}", rate, need.what, needed),
                    Message("Tell staff")};
  return Message("Without {0}: it needs {1} values a second, this sensor gives {2}", need.what, needed, rate);
}

void add_device(std::vector<DeviceState>& devices, DeviceState device) {
  for (DeviceState& known : devices) {
    if (known.label != device.label) continue;
    const bool tells_more = device.required != known.required ? device.required : device.liveness == Liveness::live;
    if (tells_more) known = std::move(device);
    return;
  }
  devices.push_back(std::move(device));
}

void Session::fill(Snapshot& snapshot, int64_t now_us) const {
  snapshot.screen = screen_;
  snapshot.station = station_shown(now_us);
  snapshot.session = info_shown();
  snapshot.questions = shown_.questions;
  snapshot.pain_now = pain_now_;
  snapshot.effort = effort_;
  snapshot.pain_place = pain_place_;
  snapshot.staff_notice = staff_know_ ? staff_notice_known_ : staff_notice_;
  snapshot.session_t_s = session_s(now_us);
  if (screen_ == Screen::start_gate) snapshot.gate_reasons = gate_reasons();
  Messages why;
  switch (screen_) {
    case Screen::screening:
      snapshot.can_continue = screening_done(&why);
      break;
    case Screen::set_up:
      snapshot.can_continue = ready(&why);
      break;
    case Screen::pain_stop:
      snapshot.can_continue = pain_now_ >= 0;
      if (!snapshot.can_continue) why = Message("Choose how strong the pain is");
      break;
    case Screen::after:
      snapshot.can_continue = after_answered();
      snapshot.goes_on_us = std::max<int64_t>(0, after_until_us_);
      if (!snapshot.can_continue) why = Message("Choose a number for pain and for effort");
      break;
    default:
      snapshot.can_continue = true;
  }
  snapshot.why_not_continue = std::move(why);
  fill_exercise(snapshot, now_us);
  if (screen_ != Screen::summary) return;
  if (!shown_.summary || stream_open_) shown_.summary = make_summary();
  snapshot.summary = *shown_.summary;
}

const Shared<StationTile>& Session::station_shown(int64_t now_us) const {
  const auto stands = [&](std::size_t c) { return liveness(channels_[c], now_us); };
  bool as_before = shown_.station.has_value();
  for (std::size_t c = 0; as_before && c < channels_.size(); ++c) as_before = shown_.stands[c] == stands(c);
  if (as_before) return *shown_.station;
  const StationSetup& station = setup_.station;
  StationTile tile{station.id, station.title, station.subtitle, station.icon, {}, true, {}};
  shown_.stands.clear();
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const ChannelSetup& setup = channels_[c].setup;
    shown_.stands.push_back(stands(c));
    if (setup.bound)
      add_device(tile.devices, {setup.key, setup.device_label, shown_.stands.back(), channels_[c].report.text, setup.required,
                                sensor_name(setup)});
  }
  shown_.station = std::move(tile);
  return *shown_.station;
}

SessionInfo Session::make_info() const {
  const StationSetup& station = setup_.station;
  return {label_of(setup_.client), station.steps,  station.watch_for,  station.figure, station.plan_lines,
          station.set_by_physio,   station.set_by, setup_.pain_places, station.module};
}

/// At the set-up the client also reads what this sensor is too slow for.
const Shared<SessionInfo>& Session::info_shown() const {
  if (screen_ != Screen::set_up) return shown_.info;
  std::vector<Message> slow;
  for (const Channel& channel : channels_)
    for (const RateNeed& need : channel.setup.needs) {
      if (need.figure.empty() || !channel.quality.known_against(need.rate_hz)) continue;
      for (Message& line : too_slow_text(channel.quality.figures().rate_hz, need)) slow.push_back(std::move(line));
    }
  if (slow == shown_.slow) return shown_.info;
  SessionInfo info = make_info();
  info.plan_lines.insert(info.plan_lines.end(), slow.begin(), slow.end());
  shown_.info = std::move(info);
  shown_.slow = std::move(slow);
  return shown_.info;
}

void Session::fill_exercise(Snapshot& snapshot, int64_t now_us) const {
  snapshot.view = view_;
  snapshot.view_made_us = view_made_us_;
  if (stream_open_ && view_.size != 0 && (module_down_ || now_us - view_made_us_ > kViewOldUs)) {
    for (patella_readout& readout : snapshot.view.readouts) readout.value = std::nan("");
    snapshot.view.timer_rate = 0;
  }
  for (std::size_t c = 0; c < channels_.size() && c < snapshot.channels.size(); ++c) {
    snapshot.channels[c].liveness = liveness(channels_[c], now_us);
    snapshot.channels[c].age_us = channels_[c].newest_us < 0 ? 0 : now_us - channels_[c].newest_us;
  }
  fill_pause(snapshot);
  snapshot.asks_end = asks_end_ && exercise_running() && give_up_us_ < 0;
  snapshot.exercise_stopped_for_module = module_given_up_;
  snapshot.unsaved_reps =
      static_cast<uint64_t>(std::count_if(reps_.begin(), reps_.end(), [](const RepSummary& r) { return !r.saved; }));
  const auto traced = static_cast<std::size_t>(view_.trace_channel);
  if (view_.size == 0 || view_.trace_channel < 0 || traced >= channels_.size()) return;
  snapshot.trace = channels_[traced].recent.points(session_s(now_us), view_.trace_seconds);
  for (TraceGap gap : channels_[traced].gaps) {
    if (gap.to_s < 0) gap.to_s = static_cast<float>(session_s(now_us));
    snapshot.trace_gaps.push_back(gap);
  }
}

/// Why it stands, in words, and whether the client can go on by a tap: only with what they paused themselves. What a sensor
/// or the module paused goes on by itself, when the sensor is back or the pedals turn.
void Session::fill_pause(Snapshot& snapshot) const {
  const bool sensor_away = std::any_of(channels_.begin(), channels_.end(),
                                       [](const Channel& channel) { return channel.setup.required && channel.told_lost; });
  snapshot.can_resume = paused_by_client_ && !(sensor_away && setup_.station.rules.pause_on_loss);
  if (paused_by_loss_ || (paused_by_client_ && !snapshot.can_resume && !loss_text_.empty())) {
    snapshot.pause = Pause::sensor;
    snapshot.pause_text = loss_text_;
  } else if (paused_by_client_ || paused_by_absence_) {
    snapshot.pause = Pause::client;
  } else if (exercise_running() && view_.phase == PATELLA_PHASE_PAUSED) {
    snapshot.pause = Pause::module;
    snapshot.pause_text = module_pause_text();
  }
}

/// "Pedalling stopped", "Pedal to go on": why it paused, and what the module asks for.
Messages Session::module_pause_text() const {
  Messages text = read_messages(module_pause_, setup_.station.module);
  // Modules of SDK 1.0, and logs that are gone on with, have it in the middle of a sentence: "pedalling stopped".
  for (Message& why : text)
    if (why.arguments.empty() && why.id[0] >= 'a' && why.id[0] <= 'z') why.id[0] = static_cast<char>(why.id[0] - 'a' + 'A');
  const auto end = std::find(std::begin(view_.prompt), std::end(view_.prompt), '\0');
  for (Message& prompt : read_messages(std::string_view(std::begin(view_.prompt), end), setup_.station.module))
    text.push_back(std::move(prompt));
  return text;
}

Summary Session::make_summary() const {
  Summary summary;
  summary.outcome = outcome_;
  summary.duration_s = started_ ? static_cast<double>(exercise_to_us_ - exercise_from_us_) / 1e6 : 0;
  summary.pain_before = pain_before_;
  summary.pain_after = pain_after_;
  summary.effort = effort_;
  summary.pain_at_stop = pain_at_stop_;
  summary.pain_place = pain_place_;
  summary.exercised = started_;
  summary.sets_done = static_cast<int>(sets_done_.size());
  summary.sets_planned = std::max(0, view_.set_count);
  summary.reps = reps_;
  for (const RepSummary& rep : reps_) ++(rep.counted ? summary.reps_counted : summary.reps_not_counted);
  for (const MetricSetup& declared : setup_.station.metrics)
    if (const auto found = metrics_.find(declared.key); declared.for_clients && found != metrics_.end())
      summary.metrics.push_back(found->second);
  summary.stored = end_stored_;
  summary.target_low = summary.target_high = std::nan("");
  if (!started_) return summary;
  if (summary_channel_ < 0 || static_cast<std::size_t>(summary_channel_) >= channels_.size()) return summary;
  const Channel& channel = channels_[static_cast<std::size_t>(summary_channel_)];
  summary.trace = channel.whole.points();
  for (TracePoint& point : summary.trace)
    point.value -= static_cast<float>(view_.trace_offset);  // as the live trace and all figures: from the zero
  for (TraceGap gap : channel.gaps) {
    if (gap.to_s < 0) gap.to_s = static_cast<float>(static_cast<double>(exercise_to_us_) / 1e6);
    summary.gaps.push_back(gap);
  }
  summary.trace_label = channel.setup.label.empty() ? verbatim(channel.setup.key) : channel.setup.label;
  summary.trace_unit = channel.setup.unit;
  summary.target_low = view_.trace_low;
  summary.target_high = view_.trace_high;
  return summary;
}

Message label_of(const ClientEntry& client) { return client.ref == kGuest ? Message("Guest") : verbatim(client.name); }

}  // namespace patella::session
