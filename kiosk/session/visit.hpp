// One client's visit: what is for today, what was done, and the screens between the exercises.
//
//   day_after ─▶ today ⇄ library ─▶ (a session in a lane) ─▶ today … ─▶ visit_summary ─▶ signed out
//                  └───────┴─────────────── pain_stop ───────────────▶─┘
//
// Pure, as Session is. It opens no lane itself: KioskFlow does what take_wish() says and tells it what came of it. A guest has no plan:
// library and summary.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "session/client_file.hpp"
#include "session/effects.hpp"
#include "session/setup.hpp"
#include "session/snapshot.hpp"
#include "session/tap.hpp"

namespace patella::session {

/// By station: somebody is at its place.
using InUse = std::vector<bool>;

/// What a session of the visit left.
struct SessionResult {
  std::size_t station = 0;
  std::string item;              ///< of the plan; "" = the client chose it from the library
  bool begun = false;            ///< false: nothing was answered, so there is no session
  bool screened = false;         ///< pain and questions before the exercise were asked and passed
  bool took_place = false;       ///< it was asked in this session, not taken over from the visit
  std::vector<std::string> yes;  ///< questions answered with yes, by id
  Summary summary;
};

class Visit {
 public:
  struct Opening {
    std::size_t station = 0;
    std::string item;  ///< "" = none of the plan
  };
  enum class Wish { none = 1, open, sign_out };

  /// `stations` stays longer than the visit.
  Visit(uint64_t id, ClientFile file, const std::vector<StationSetup>& stations, std::vector<std::string> pain_places,
        int64_t now_us);

  uint64_t id() const { return id_; }
  const ClientEntry& client() const { return file_.entry; }
  bool is_guest() const { return file_.entry.ref == kGuest; }
  Screen screen() const { return screen_; }

  void tap(const taps::Visit& tap, const InUse& in_use, int64_t now_us);
  /// Pain stop and what is answered to it; a call of staff.
  void tap(const taps::InSession& tap, int64_t now_us);
  /// A sign of the client: the summary stays a while longer.
  void touched(int64_t now_us);
  bool advance(int64_t now_us);
  int64_t deadline_us() const;

  /// What the client wants of the kiosk: said once.
  Wish take_wish() { return std::exchange(wish_, Wish::none); }
  const Opening& opening() const { return opening_; }
  /// The station as this client does it: with the dose of the plan's item in words.
  StationSetup station_for(const Opening& opening) const;
  params::Values dose_of(const std::string& item) const;
  /// Pain and questions are to be asked before that exercise.
  bool asks_before(std::size_t station) const;
  /// What was last answered, 0…10; −1 = nothing was.
  int pain_last() const { return pain_last_; }
  /// `lane`: whose end is to be on the disk before the visit counts as stored.
  void session_over(const SessionResult& result, LaneId lane, int64_t now_us);
  void end_stored(LaneId lane);
  void dose_described(const std::string& item, Messages lines);
  void staff_know();

  std::vector<Effect> take_effects() { return std::exchange(effects_, {}); }
  void fill(Snapshot& snapshot, const InUse& in_use) const;

 private:
  struct Done {
    std::size_t station = 0;
    std::string item;
    Summary summary;
  };
  struct Place {
    int station = -1;  ///< −1: none
    Message why_not;   ///< when it cannot be opened now
  };

  void on(const taps::SetDayAfter& answer, const InUse& in_use, int64_t now_us);
  void on(const taps::SkipDayAfter&, const InUse& in_use, int64_t now_us);
  void on(const taps::MakeNext& chosen, const InUse& in_use, int64_t now_us);
  void on(const taps::StartNext&, const InUse& in_use, int64_t now_us);
  void on(const taps::SomethingElse&, const InUse& in_use, int64_t now_us);
  void on(const taps::OpenGroup& chosen, const InUse& in_use, int64_t now_us);
  void on(const taps::TouchCard& touched, const InUse& in_use, int64_t now_us);
  void on(const taps::BackToToday&, const InUse& in_use, int64_t now_us);
  void on(const taps::StopForToday&, const InUse& in_use, int64_t now_us);
  void on(const taps::SignOut&, const InUse& in_use, int64_t now_us);

  Screen base() const { return is_guest() ? Screen::library : Screen::today; }
  void go(Screen screen, int64_t now_us);
  void day_after_over(int value, int64_t now_us);
  void pain_stop(int64_t now_us);
  void leave_pain_stop(int64_t now_us);
  void raise(notices::Raised raised);
  void open(const Opening& opening);
  bool between_exercises() const;
  bool asks_pain() const { return screen_ == Screen::pain_stop; }

  const PlannedItem* find(const std::string& item) const;
  const Done* done(const std::string& item) const;
  const PlannedItem* planned(const std::string& exercise) const;
  TodayItem::State state_of(const PlannedItem& item, const InUse& in_use) const;
  Place place_for(const std::string& exercise, const std::string& place, const InUse& in_use) const;
  int next(const InUse& in_use) const;
  bool all_dealt_with() const;
  Messages lines_for(const PlannedItem& item, std::size_t station) const;

  TodayItem today_item(const PlannedItem& item, const InUse& in_use) const;
  TodayView today(const InUse& in_use) const;
  LibraryView library(const InUse& in_use) const;
  LibraryCard card(std::size_t station, const InUse& in_use) const;
  VisitSummaryView summary() const;
  std::vector<VisitExercise> exercises() const;
  std::vector<VisitComparison> comparisons() const;

  uint64_t id_;
  ClientFile file_;
  const std::vector<StationSetup>& stations_;
  std::vector<std::string> pain_places_;
  Screen screen_ = Screen::today;
  std::vector<Effect> effects_;
  Wish wish_ = Wish::none;
  Opening opening_;

  std::vector<Done> done_;  ///< in order, also what was begun and stopped
  std::set<LaneId> unstored_;
  std::set<std::string> undescribed_;  ///< items whose dose in words is not there yet
  std::string made_next_;              ///< item; "" = in the plan's order
  std::string last_place_;
  std::string group_, explained_;
  int day_after_ = -1;

  bool screened_ = false;
  std::set<std::string> yes_;  ///< questions of the screening
  int pain_before_ = -1, pain_after_ = -1, pain_last_ = -1, effort_ = -1;
  int pain_now_ = -1;  ///< being chosen on pain_stop
  std::string pain_place_;
  bool stopped_for_pain_ = false;
  bool called_ = false, staff_know_ = false;
  int64_t sign_out_at_us_ = 0;

  /// What snapshots hold in common, until something happens.
  struct Shown {
    InUse in_use;
    std::optional<Shared<TodayView>> today;
    std::optional<Shared<LibraryView>> library;
    std::optional<Shared<VisitSummaryView>> summary;
  };
  mutable Shown shown_;
};

}  // namespace patella::session
