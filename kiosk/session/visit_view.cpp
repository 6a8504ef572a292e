// The visit's part of a snapshot.
#include <algorithm>
#include <numeric>

#include "session/visit.hpp"

namespace patella::session {

namespace {
constexpr const char* kAllGroups = "all";
constexpr std::size_t kCompared = 4;  ///< today's and the three before

std::string group_of(const StationSetup& station) { return station.group.empty() ? kAllGroups : station.group; }
Message group_name_of(const StationSetup& station) { return station.group.empty() ? Message("All") : station.group_name; }

Message why_not_done(const std::string& outcome) {
  if (outcome == "stopped_for_pain") return Message("Stopped for pain");
  if (outcome == "interrupted") return Message("Interrupted");
  return Message("Stopped before the end");
}

Message what_was_done(const Summary& came) {
  if (came.outcome != "completed") return why_not_done(came.outcome);
  const TimeSpan lasted{came.duration_s};
  if (came.reps_counted > 0) return Message::plural("{0} repetition, {1}", "{0} repetitions, {1}", came.reps_counted, lasted);
  return Message("{0}", lasted);
}
}  // namespace

/// Of a dose that was not described yet nothing is said: the place's own would be another one.
Messages Visit::lines_for(const PlannedItem& item, std::size_t station) const {
  if (!item.dose.empty() || !item.dose_lines.empty()) return item.dose_lines;
  Messages lines;
  for (const Message& line : stations_[station].plan_lines) lines.push_back(line);
  return lines;
}

TodayItem Visit::today_item(const PlannedItem& item, const InUse& in_use) const {
  TodayItem shown;
  shown.id = item.id;
  shown.exercise = item.exercise;
  shown.name = item.name;
  shown.minutes = item.minutes;
  shown.state = state_of(item, in_use);
  shown.dose = item.dose_lines;
  const Place place = place_for(item.exercise, item.place, in_use);
  if (place.station >= 0) {
    const auto at = static_cast<std::size_t>(place.station);
    const StationSetup& station = stations_[at];
    shown.name = station.exercise_name;
    shown.figure = station.figure;
    shown.dose = lines_for(item, at);
    shown.station_title = station.title;
    shown.elsewhere = !last_place_.empty() && station.id != last_place_;
    if (shown.minutes == 0 && item.dose.empty()) shown.minutes = station.minutes;
  }
  if (shown.state == TodayItem::State::not_possible) shown.why = place.why_not;
  if (shown.state == TodayItem::State::not_done) shown.why = why_not_done(done(item.id)->summary.outcome);
  return shown;
}

TodayView Visit::today(const InUse& in_use) const {
  TodayView view;
  view.title = file_.plan_title;
  view.week = file_.week;
  view.weeks = file_.weeks;
  view.visit_of_week = file_.visit_of_week;
  view.visits_a_week = file_.visits_a_week;
  view.days = file_.days;
  view.waits_for_physio = file_.waits_for_physio;
  view.set_by_physio = file_.set_by_physio;
  view.set_by = file_.set_by;
  for (const PlannedItem& item : file_.items) view.items.push_back(today_item(item, in_use));
  view.next = next(in_use);
  for (const TodayItem& item : view.items)
    if (item.state == TodayItem::State::open) view.minutes_left += item.minutes;
  return view;
}

LibraryCard Visit::card(std::size_t station, const InUse& in_use) const {
  const StationSetup& setup = stations_[station];
  const PlannedItem* item = planned(setup.exercise);
  const Place place = place_for(setup.exercise, item ? item->place : "", in_use);
  LibraryCard shown;
  shown.exercise = setup.exercise;
  shown.name = setup.exercise_name;
  shown.figure = setup.figure;
  shown.in_plan = item != nullptr;
  if (place.station >= 0) {
    const auto at = static_cast<std::size_t>(place.station);
    shown.station_title = stations_[at].title;
    shown.dose = item ? lines_for(*item, at) : lines_for({}, at);
  }
  shown.needs_go_ahead = setup.needs_go_ahead && !item;
  shown.why_not = shown.needs_go_ahead ? Message("Your physio has to allow this exercise first") : place.why_not;
  shown.can_start = shown.why_not.empty();
  return shown;
}

LibraryView Visit::library(const InUse& in_use) const {
  LibraryView view;
  view.guest = is_guest();
  view.explained = explained_;
  std::vector<std::size_t> each;  // one station an exercise
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const bool known =
        std::any_of(each.begin(), each.end(), [&](std::size_t j) { return stations_[j].exercise == stations_[i].exercise; });
    if (!known && !stations_[i].exercise.empty()) each.push_back(i);
  }
  for (const std::size_t i : each) {
    const std::string group = group_of(stations_[i]);
    auto tab = std::find_if(view.tabs.begin(), view.tabs.end(), [&](const LibraryTab& one) { return one.id == group; });
    if (tab == view.tabs.end()) tab = view.tabs.insert(tab, {group, group_name_of(stations_[i]), 0});
    ++tab->exercises;
  }
  const bool known = std::any_of(view.tabs.begin(), view.tabs.end(), [&](const LibraryTab& one) { return one.id == group_; });
  view.group = known || view.tabs.empty() ? group_ : view.tabs.front().id;
  for (const std::size_t i : each)
    if (group_of(stations_[i]) == view.group) view.cards.push_back(card(i, in_use));
  return view;
}

std::vector<VisitExercise> Visit::exercises() const {
  std::vector<VisitExercise> rows;
  for (const Done& one : done_) {
    const StationSetup& station = stations_[one.station];
    rows.push_back({station.exercise_name, station.figure, one.summary.outcome == "completed", what_was_done(one.summary)});
  }
  const InUse nobody(stations_.size());
  for (const PlannedItem& item : file_.items) {
    if (done(item.id)) continue;
    const TodayItem shown = today_item(item, nobody);
    rows.push_back({shown.name, shown.figure, false, shown.why.empty() ? Message("Not begun") : shown.why});
  }
  return rows;
}

/// The exercise's first figure for clients that both this visit and an earlier one have.
std::vector<VisitComparison> Visit::comparisons() const {
  std::vector<VisitComparison> all;
  for (const Done& one : done_) {
    const StationSetup& station = stations_[one.station];
    const auto before = file_.history.find(station.exercise);
    if (one.summary.outcome != "completed" || before == file_.history.end()) continue;
    for (const MetricValue& metric : one.summary.metrics) {
      VisitComparison shown{station.exercise_name, metric.label, metric.unit, metric.decimals, {}, {}};
      for (const PastFigure& past : before->second)
        if (past.key == metric.key) shown.values.push_back(past.value);
      if (shown.values.empty()) continue;
      shown.values.push_back(metric.value);
      if (shown.values.size() > kCompared) shown.values.erase(shown.values.begin(), shown.values.end() - kCompared);
      all.push_back(std::move(shown));
      break;
    }
  }
  return all;
}

VisitSummaryView Visit::summary() const {
  VisitSummaryView view;
  view.exercises = exercises();
  view.comparisons = comparisons();
  view.pain_before = pain_before_;
  view.pain_after = pain_after_;
  view.effort = effort_;
  view.stopped_for_pain = stopped_for_pain_;
  view.pain_place = pain_place_;
  if (called_) view.told_staff = staff_know_ ? Message("Staff know") : Message("Staff are being called");
  view.next_visit = file_.next_visit;
  view.stored = unstored_.empty();
  view.sign_out_at_us = sign_out_at_us_;
  return view;
}

void Visit::fill(Snapshot& snapshot, const InUse& in_use) const {
  if (shown_.in_use != in_use) shown_ = {in_use, {}, {}, {}};
  snapshot.screen = screen_;
  if (called_) snapshot.staff_notice = staff_know_ ? Message("Staff know") : Message("Staff are being called");
  switch (screen_) {
    case Screen::day_after: {
      snapshot.day_after = DayAfterView{day_after_, file_.last_time};
      return;
    }
    case Screen::today:
      if (!shown_.today) shown_.today = today(in_use);
      snapshot.today = *shown_.today;
      return;
    case Screen::library:
      if (!shown_.library) shown_.library = library(in_use);
      snapshot.library = *shown_.library;
      return;
    case Screen::visit_summary:
      if (!shown_.summary) shown_.summary = summary();
      snapshot.visit_summary = *shown_.summary;
      return;
    case Screen::pain_stop: {
      SessionInfo& info = snapshot.session.edit();
      info.client_label = label_of(file_.entry);
      info.pain_places = pain_places_;
      snapshot.pain_now = pain_now_;
      snapshot.pain_place = pain_place_;
      snapshot.can_continue = pain_now_ >= 0;
      if (!snapshot.can_continue) snapshot.why_not_continue = Message("Choose how strong the pain is");
      return;
    }
    default:
      return;
  }
}

}  // namespace patella::session
