#include "session/visit.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace patella::session {

namespace {
/// The question of the day after is asked from so long after the last visit until so long after it.
constexpr int64_t kHourUs = 3'600'000'000, kDayAfterFromUs = 12 * kHourUs, kDayAfterToUs = 48 * kHourUs;
/// The summary signs out by itself so long after the last touch; after *More time*.
constexpr int64_t kSummaryUs = 60'000'000, kMoreTimeUs = 180'000'000;

bool asks_day_after(const ClientFile& file) {
  return !file.last_visit.empty() && !file.day_after_answered && file.last_visit_ago_us >= kDayAfterFromUs &&
         file.last_visit_ago_us <= kDayAfterToUs;
}
}  // namespace

Visit::Visit(uint64_t id, ClientFile file, const std::vector<StationSetup>& stations, std::vector<std::string> pain_places,
             int64_t now_us)
    : id_(id), file_(std::move(file)), stations_(stations), pain_places_(std::move(pain_places)) {
  effects_.emplace_back(BeginVisit{id_, file_.entry.ref});
  for (const PlannedItem& item : file_.items) {
    if (item.dose.empty() || !item.dose_lines.empty()) continue;
    const Place place = place_for(item.exercise, item.place, InUse(stations_.size()));
    if (place.station < 0) continue;
    undescribed_.insert(item.id);
    effects_.emplace_back(DescribeDose{id_, item.id, static_cast<std::size_t>(place.station), item.dose});
  }
  go(asks_day_after(file_) ? Screen::day_after : base(), now_us);
}

void Visit::go(Screen screen, int64_t now_us) {
  screen_ = screen;
  explained_.clear();
  sign_out_at_us_ = screen == Screen::visit_summary ? now_us + kSummaryUs : 0;
  shown_ = {};
}

// ---- time

void Visit::touched(int64_t now_us) {
  if (sign_out_at_us_ == 0) return;
  sign_out_at_us_ = std::max(sign_out_at_us_, now_us + kSummaryUs);
  shown_ = {};
}

bool Visit::advance(int64_t now_us) {
  if (sign_out_at_us_ == 0 || now_us < sign_out_at_us_) return false;
  sign_out_at_us_ = 0;
  wish_ = Wish::sign_out;
  return true;
}

int64_t Visit::deadline_us() const { return sign_out_at_us_ != 0 ? sign_out_at_us_ : std::numeric_limits<int64_t>::max(); }

// ---- what is touched

void Visit::tap(const taps::Visit& tap, const InUse& in_use, int64_t now_us) {
  shown_ = {};
  std::visit(
      [&]<class One>(const One& one) {
        if constexpr (requires { this->on(one, in_use, now_us); }) on(one, in_use, now_us);
      },
      tap);
}

void Visit::day_after_over(int value, int64_t now_us) {
  if (screen_ != Screen::day_after) return;
  day_after_ = value;
  file_.day_after_answered = true;
  effects_.emplace_back(StoreDayAfter{file_.entry.ref, file_.last_visit, value});
  go(base(), now_us);
}

void Visit::on(const taps::SetDayAfter& answer, const InUse&, int64_t now_us) {
  if (answer.value >= 0 && answer.value <= 10) day_after_over(answer.value, now_us);
}

void Visit::on(const taps::SkipDayAfter&, const InUse&, int64_t now_us) { day_after_over(-1, now_us); }

void Visit::on(const taps::MakeNext& chosen, const InUse&, int64_t) {
  if (screen_ != Screen::today || !find(chosen.item)) return;
  const Done* before = done(chosen.item);
  if (!before || before->summary.outcome != "completed") made_next_ = chosen.item;
}

void Visit::on(const taps::StartNext&, const InUse& in_use, int64_t) {
  const int at = next(in_use);
  if (screen_ != Screen::today || at < 0) return;
  const PlannedItem& item = file_.items[static_cast<std::size_t>(at)];
  open({static_cast<std::size_t>(place_for(item.exercise, item.place, in_use).station), item.id});
}

void Visit::on(const taps::SomethingElse&, const InUse&, int64_t now_us) {
  if (screen_ == Screen::today) go(Screen::library, now_us);
}

void Visit::on(const taps::OpenGroup& chosen, const InUse&, int64_t) {
  if (screen_ != Screen::library) return;
  group_ = chosen.group;
  explained_.clear();
}

void Visit::on(const taps::TouchCard& touched, const InUse& in_use, int64_t) {
  if (screen_ != Screen::library) return;
  const auto any =
      std::find_if(stations_.begin(), stations_.end(), [&](const auto& s) { return s.exercise == touched.exercise; });
  if (any == stations_.end()) return;
  const LibraryCard chosen = card(static_cast<std::size_t>(any - stations_.begin()), in_use);
  explained_ = chosen.can_start ? "" : touched.exercise;
  if (!chosen.can_start) return;
  const PlannedItem* item = planned(touched.exercise);
  const Place place = place_for(touched.exercise, item ? item->place : "", in_use);
  open({static_cast<std::size_t>(place.station), item ? item->id : ""});
}

void Visit::on(const taps::BackToToday&, const InUse&, int64_t now_us) {
  if (screen_ == Screen::library || screen_ == Screen::visit_summary) go(base(), now_us);
}

void Visit::on(const taps::StopForToday&, const InUse&, int64_t now_us) {
  if (screen_ == Screen::today || screen_ == Screen::library) go(Screen::visit_summary, now_us);
}

void Visit::on(const taps::SignOut&, const InUse&, int64_t) {
  if (screen_ != Screen::pain_stop) wish_ = Wish::sign_out;
}

void Visit::open(const Opening& opening) {
  opening_ = opening;
  wish_ = Wish::open;
}

// ---- pain between the exercises

bool Visit::between_exercises() const {
  return screen_ == Screen::today || screen_ == Screen::library || screen_ == Screen::visit_summary;
}

void Visit::raise(notices::Raised raised) {
  called_ = true;
  staff_know_ = false;
  effects_.emplace_back(VisitNotice{id_, file_.entry.ref, last_place_, std::move(raised)});
}

void Visit::tap(const taps::InSession& tap, int64_t now_us) {
  shown_ = {};
  if (std::get_if<taps::PainStop>(&tap) && between_exercises()) return pain_stop(now_us);
  if (std::get_if<taps::CallStaff>(&tap)) return raise({notices::Kind::call_staff, {{"screen", std::string(name_of(screen_))}}});
  if (std::get_if<taps::MoreTime>(&tap) && sign_out_at_us_ != 0) sign_out_at_us_ = now_us + kMoreTimeUs;
  if (!asks_pain()) return;
  if (const auto* chosen = std::get_if<taps::SetPain>(&tap); chosen && chosen->value >= 0 && chosen->value <= 10)
    pain_now_ = chosen->value;
  if (const auto* chosen = std::get_if<taps::SetPainPlace>(&tap)) pain_place_ = chosen->place;
  if (std::get_if<taps::Next>(&tap) && pain_now_ >= 0) leave_pain_stop(now_us);
  if (std::get_if<taps::SkipQuestions>(&tap)) {
    pain_now_ = -1;
    leave_pain_stop(now_us);
  }
}

/// Staff are called at once; how strong and where completes it.
void Visit::pain_stop(int64_t now_us) {
  stopped_for_pain_ = true;
  pain_now_ = -1;
  pain_place_.clear();
  raise({notices::Kind::pain_stop, {}});
  go(Screen::pain_stop, now_us);
}

void Visit::leave_pain_stop(int64_t now_us) {
  notices::Raised answered{notices::Kind::pain_stop, {{"pain", static_cast<double>(pain_now_)}, {"place", pain_place_}}, true};
  if (pain_now_ < 0) answered.detail = {{"answered", std::string("no")}, {"place", pain_place_}};
  const bool known = staff_know_;
  raise(std::move(answered));
  staff_know_ = known;
  if (pain_now_ >= 0) pain_last_ = pain_after_ = pain_now_;
  if (pain_now_ < 0) screened_ = false;  // it may be strong: asked before whatever comes next
  go(Screen::visit_summary, now_us);
}

void Visit::staff_know() {
  staff_know_ = called_;
  shown_ = {};
}

// ---- sessions

StationSetup Visit::station_for(const Opening& opening) const {
  StationSetup station = stations_.at(opening.station);
  const PlannedItem* item = find(opening.item);
  if (!item || item->dose.empty()) return station;
  station.plan_lines = lines_for(*item, opening.station);
  station.set_by = file_.set_by;
  station.set_by_physio = file_.set_by_physio;
  return station;
}

params::Values Visit::dose_of(const std::string& item) const {
  const PlannedItem* planned = find(item);
  return planned ? planned->dose : params::Values{};
}

bool Visit::asks_before(std::size_t station) const {
  const StationSetup& setup = stations_.at(station);
  if (!screened_ || pain_last_ < 0 || pain_last_ >= setup.rules.pain_tell_staff_from) return true;
  // What one station only notes may need staff at another one.
  return std::any_of(setup.on_yes.begin(), setup.on_yes.end(),
                     [&](const auto& one) { return one.second == OnYes::staff_start && yes_.contains(one.first); });
}

void Visit::session_over(const SessionResult& result, LaneId lane, int64_t now_us) {
  const Summary& came = result.summary;
  go(base(), now_us);
  if (came.outcome == "left") wish_ = Wish::sign_out;
  if (!result.begun) return;
  last_place_ = stations_.at(result.station).id;
  unstored_.insert(lane);
  if (came.stored) unstored_.erase(lane);
  if (result.took_place) {
    screened_ = result.screened;
    yes_ = {result.yes.begin(), result.yes.end()};
  }
  if (pain_before_ < 0) pain_before_ = came.pain_before;
  if (came.pain_before >= 0) pain_last_ = came.pain_before;
  for (const int pain : {came.pain_at_stop, came.pain_after})
    if (pain >= 0) pain_last_ = pain_after_ = pain;
  if (came.effort >= 0) effort_ = came.effort;
  if (came.exercised || came.outcome == "stopped_for_pain") done_.push_back({result.station, result.item, came});
  if (made_next_ == result.item) made_next_.clear();
  if (came.outcome == "stopped_for_pain") {
    stopped_for_pain_ = true;
    pain_place_ = came.pain_place;
    called_ = true;
    if (came.pain_at_stop < 0) screened_ = false;
    return go(Screen::visit_summary, now_us);
  }
  if (all_dealt_with()) go(Screen::visit_summary, now_us);
}

void Visit::end_stored(LaneId lane) {
  if (unstored_.erase(lane) != 0) shown_ = {};
}

void Visit::dose_described(const std::string& item, Messages lines) {
  undescribed_.erase(item);
  for (PlannedItem& planned : file_.items)
    if (planned.id == item) planned.dose_lines = lines;
  shown_ = {};
}

// ---- what is for today

const PlannedItem* Visit::find(const std::string& item) const {
  for (const PlannedItem& planned : file_.items)
    if (!item.empty() && planned.id == item) return &planned;
  return nullptr;
}

/// The newest time.
const Visit::Done* Visit::done(const std::string& item) const {
  for (auto at = done_.rbegin(); at != done_.rend(); ++at)
    if (!item.empty() && at->item == item) return &*at;
  return nullptr;
}

/// The item of the plan that is of this exercise: one that is still open before one that was done.
const PlannedItem* Visit::planned(const std::string& exercise) const {
  const PlannedItem* found = nullptr;
  for (const PlannedItem& item : file_.items) {
    if (item.exercise != exercise) continue;
    if (!done(item.id)) return &item;
    if (!found) found = &item;
  }
  return found;
}

/// Where it can be done now: at the last place before another one. Else where it could be done, and why not now.
Visit::Place Visit::place_for(const std::string& exercise, const std::string& place, const InUse& in_use) const {
  Place best;
  bool best_usable = false;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const StationSetup& station = stations_[i];
    if (station.exercise != exercise || (!place.empty() && station.id != place)) continue;
    const bool usable = station.why_not.empty() && !in_use.at(i);
    const bool here = station.id == last_place_;
    if (best.station >= 0 && (best_usable || !usable) && !(usable && here)) continue;
    best.station = static_cast<int>(i);
    best.why_not = !station.why_not.empty() ? station.why_not.front()
                   : in_use.at(i)           ? Message("Another client is there")
                                            : Message();
    best_usable = usable;
  }
  if (best.station < 0) best.why_not = Message("It cannot be done at this kiosk");
  return best;
}

TodayItem::State Visit::state_of(const PlannedItem& item, const InUse& in_use) const {
  if (const Done* last = done(item.id))
    return last->summary.outcome == "completed" ? TodayItem::State::done : TodayItem::State::not_done;
  return place_for(item.exercise, item.place, in_use).why_not.empty() ? TodayItem::State::open : TodayItem::State::not_possible;
}

int Visit::next(const InUse& in_use) const {
  const auto possible = [&](const PlannedItem& item) { return place_for(item.exercise, item.place, in_use).why_not.empty(); };
  for (std::size_t i = 0; i < file_.items.size(); ++i)
    if (file_.items[i].id == made_next_ && possible(file_.items[i])) return static_cast<int>(i);
  for (std::size_t i = 0; i < file_.items.size(); ++i)
    if (state_of(file_.items[i], in_use) == TodayItem::State::open) return static_cast<int>(i);
  return -1;
}

bool Visit::all_dealt_with() const {
  return !file_.items.empty() &&
         std::all_of(file_.items.begin(), file_.items.end(), [&](const PlannedItem& item) { return done(item.id) != nullptr; });
}

}  // namespace patella::session
