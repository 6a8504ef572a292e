// The kiosk between sessions: home with its stations, who is it, the offer to resume; and the open sessions, a lane each: client and
// station of its own, nothing shared. The screen shows one lane, or none. Pure as Session is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/client_sign_in.hpp"
#include "session/effects.hpp"
#include "session/movement.hpp"
#include "session/session.hpp"
#include "session/visit.hpp"

namespace patella::session {

struct KioskSetup {
  std::vector<StationSetup> stations;  ///< those of one place stand together
  std::vector<ClientEntry> clients;
  std::vector<Question> questions;
  std::vector<std::string> pain_places;
  Patience patience;                                   ///< outside an exercise; during one it is the station's
  Patience gate_patience = {900'000'000, 30'000'000};  ///< while a client waits for staff, as the screen says
  SignInRules sign_in = {};
};

/// A session that the kiosk was cut off in. It is offered to its own client and to nobody else.
struct LeftOpen {
  std::string id;
  std::size_t station = 0;
  ClientEntry client;  ///< ref "guest" for a guest: a later guest may be another one
  Message text;        ///< "Wall sit, set 2, started today at 10:31"
};

class KioskFlow {
 public:
  explicit KioskFlow(KioskSetup plan, int64_t now_us);

  /// Sessions that were left open, the newest first. That one is offered at once, for its client may stand there; each one
  /// again when its client signs in at its station. A guest's is closed when it is not taken up the first time.
  void offer_resume(std::vector<LeftOpen> sessions);
  /// It is too old now, or closed: not offered any more.
  void withdraw(const std::string& id, int64_t now_us);
  /// The offered session, loaded; or a session started from the command line: in a new lane, which is the one on the screen.
  LaneId adopt(std::unique_ptr<Session> session, std::size_t station, int64_t now_us);
  /// A session beside the others, in a lane that is not on the screen. kNoLane: that station is in use or cannot be opened.
  LaneId open_lane(std::size_t station, const ClientEntry& client, int64_t now_us);
  SessionSetup setup_for(std::size_t station, const ClientEntry& client) const;

  // ---- answers to what a visit and signing in ask for. Those that nobody waits for any more do nothing: whoever asked has gone.

  /// Nothing: no client has this code.
  void code_checked(uint64_t request, const std::optional<ClientEntry>& client, int64_t now_us);
  void client_loaded(uint64_t request, ClientFile file, int64_t now_us);
  /// The client or the code could not be looked up. `why`: for the client.
  void sign_in_failed(uint64_t request, Messages why);
  void dose_described(uint64_t visit, const std::string& item, Messages lines);
  /// The end of a session of this lane is on the disk, or never will be; the lane may be closed.
  void end_stored(LaneId lane);
  /// Somebody acknowledged what that visit has told staff.
  void staff_know(uint64_t visit);

  /// At the screen: to the lane that it shows, or to home and what follows it.
  void tap(const Tap& tap, int64_t now_us);
  void tap(LaneId lane, const Tap& tap, int64_t now_us);
  /// Somebody is there, though the touch was not for the client's screen.
  void touched(int64_t now_us);
  /// How the device behind a station's channel stands; also handed to the session that is open there.
  void device(std::size_t station, uint16_t channel, const DeviceReport& report, int64_t now_us);
  void source(std::size_t station, uint16_t channel, const ChannelSource& source, int64_t now_us);
  void sample(std::size_t station, uint16_t channel, int64_t t_us, double value, int64_t now_us);
  void samples_lost(std::size_t station, uint16_t channel, uint64_t count, int64_t now_us);
  /// True: what is shown changed by itself.
  bool advance(int64_t now_us);
  int64_t deadline_us() const;
  /// In order, lane by lane. A lane whose session is finished goes with its last ones.
  std::vector<LaneEffect> take_lane_effects();
  /// The same where it does not matter whose they are.
  std::vector<Effect> take_effects();
  void fill(Snapshot& snapshot, int64_t now_us) const;
  /// As if the screen showed this lane, which is open.
  void fill(LaneId lane, Snapshot& snapshot, int64_t now_us) const;

  /// What home shows of the stations: the same one, until something of it changes.
  const Shared<std::vector<StationTile>>& tiles_shown(int64_t now_us) const;

  bool at_home() const { return shown_ == kNoLane && screen_ == Screen::home; }
  /// Of the client at the screen, also while the screen shows a session of it. Null: nobody has signed in.
  const Visit* visit() const { return visit_ ? &*visit_ : nullptr; }
  bool any_session() const { return !lanes_.empty(); }
  LaneId shown_lane() const { return shown_; }
  std::vector<LaneId> lanes() const;
  /// Null: that lane is closed.
  Session* session(LaneId lane);
  /// The one on the screen; null: none is.
  Session* session() { return session(shown_); }
  const KioskSetup& plan() const { return setup_; }

 private:
  struct Seen {  ///< of a station's channel
    DeviceReport report;
    Movement movement;
    int64_t newest_us = -1;
    ChannelSource source = {};
  };
  struct Lane {
    LaneId id = kNoLane;
    std::size_t station = 0;
    std::unique_ptr<Session> session;
    Presence presence;
    Screen presence_screen = Screen::home;  ///< the session's, when it was last looked at
    bool of_visit = false;                  ///< of the visit at the screen
    std::string item = {};                  ///< of its plan; "" = none
    bool screening_skipped = false;
  };
  const Lane* find(LaneId id) const;
  Lane* find(LaneId id) { return const_cast<Lane*>(std::as_const(*this).find(id)); }
  /// Whoever is at that place, at this exercise or another one of it; null: nobody.
  const Lane* lane_at(std::size_t station) const;
  /// The one at exactly this exercise there.
  Lane* lane_of(std::size_t station);
  Lane& add_lane(std::unique_ptr<Session> session, std::size_t station, int64_t now_us);
  void open(const ClientEntry& client, int64_t now_us);
  void go_home();
  static void sign_of_presence(Lane& lane, int64_t now_us);
  bool advance(Lane& lane, int64_t now_us);
  bool advance_front(int64_t now_us);
  void leave_front();
  void tap_front(const Tap& tap, int64_t now_us);
  void on(const taps::OpenStation& chosen, int64_t now_us);
  void on(const taps::ChooseGuest&, int64_t now_us);
  void on(const taps::ChooseClient& chosen, int64_t now_us);
  void on(const taps::GoOn&, int64_t now_us);
  void on(const taps::CloseInterrupted&, int64_t now_us);
  void on(const taps::BackHome&, int64_t now_us);
  void on(const taps::SignIn&, int64_t now_us);
  void on(const taps::GoOnAsGuest&, int64_t now_us);
  void on(const taps::ShowMeans& chosen, int64_t now_us);
  void on(const taps::TypeCode& typed, int64_t now_us);
  void on(const taps::TryCode&, int64_t now_us);
  void on(const taps::SetLanguage& chosen, int64_t now_us);
  void on(const taps::SetVolume& chosen, int64_t now_us);
  // A visit, kiosk_flow_visit.cpp.
  void tap_visit(const taps::Visit& tap, int64_t now_us);
  void begin_visit(ClientFile file, int64_t now_us);
  void after_visit_step(int64_t now_us);
  void open_of_visit(int64_t now_us);
  void open_lane_of_visit(int64_t now_us);
  void sessions_over(int64_t now_us);
  void end_visit();
  void choose_to_sign_in(const std::string& ref);
  InUse in_use() const;
  void not_taken_up();
  LeftOpen take_offered();
  void fill_front(Snapshot& snapshot, int64_t now_us) const;
  /// Home waits for nobody, a lane on the screen waits for its own client.
  bool front_waits() const {
    return shown_ == kNoLane && screen_ != Screen::home && screen_ != Screen::visit_summary;  // which counts down by itself
  }
  Liveness liveness(std::size_t station, std::size_t channel, int64_t now_us) const;

  KioskSetup setup_;
  std::vector<std::vector<Seen>> seen_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  LaneId last_lane_ = kNoLane, shown_ = kNoLane;
  std::vector<LeftOpen> left_open_;
  std::vector<Effect> effects_;  ///< of no lane

  // What the screen shows while it shows no lane.
  Screen screen_ = Screen::home;
  std::size_t offered_ = 0;  ///< on the screen resume_offer: which of left_open_
  std::size_t station_ = 0;
  ClientEntry client_;
  Presence presence_;
  ClientSignIn sign_in_;
  std::optional<Visit> visit_;
  uint64_t last_visit_ = 0;
  bool resumes_in_visit_ = false;  ///< the session that is adopted next is of the visit
  int64_t last_now_us_ = 0;

  // What snapshots hold in common.
  Shared<std::vector<ClientEntry>> clients_;
  struct ShownChannel {
    Liveness stands = Liveness::unused;
    bool moves = false;
    bool operator==(const ShownChannel&) const = default;
  };
  ShownChannel channel_shown(std::size_t station, std::size_t channel, int64_t now_us) const;
  struct Tiles {
    bool made = false;
    Shared<std::vector<StationTile>> tiles;
    std::vector<ShownChannel> channels;  ///< of all stations, as `tiles` say
    InUse in_use;
  };
  mutable Tiles tiles_;
};

}  // namespace patella::session
