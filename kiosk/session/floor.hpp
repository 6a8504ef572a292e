// The kiosk between sessions: home with its stations, who is it, the offer to resume; and the one open
// session. Pure as Session is.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "session/movement.hpp"
#include "session/session.hpp"

namespace patella::session {

struct FloorPlan {
  std::vector<StationSetup> stations;
  std::vector<ClientEntry> clients;
  std::vector<Question> questions;
  std::vector<std::string> pain_places;
  Patience patience;  ///< outside an exercise; during one it is the station's
  Patience gate_patience = {900'000'000, 30'000'000};  ///< while a client waits for staff, as the screen says
};

/// A session that the kiosk was cut off in. It is offered to its own client and to nobody else.
struct LeftOpen {
  std::string id;
  std::size_t station = 0;
  ClientEntry client;  ///< ref "guest" for a guest: a later guest may be another one
  Message text;        ///< "Wall sit, set 2, started today at 10:31"
};

class Floor {
 public:
  explicit Floor(FloorPlan plan, int64_t now_us);

  /// Sessions that were left open, the newest first. That one is offered at once, for its client may stand there; each one
  /// again when its client signs in at its station. A guest's is closed when it is not taken up the first time.
  void offer_resume(std::vector<LeftOpen> sessions);
  /// It is too old now, or closed: not offered any more.
  void withdraw(const std::string& id, int64_t now_us);
  /// The offered session, loaded; or a session started from the command line.
  void adopt(std::unique_ptr<Session> session, std::size_t station, int64_t now_us);
  SessionPlan plan_for(std::size_t station, const ClientEntry& client) const;

  void tap(const Tap& tap, int64_t now_us);
  /// Somebody is there, though the touch was not for the client's screen.
  void touched(int64_t now_us) { sign_of_presence(now_us); }
  /// How the device behind a station's channel stands; also handed to the open session.
  void device(std::size_t station, uint16_t channel, const DeviceReport& report, int64_t now_us);
  void source(std::size_t station, uint16_t channel, const ChannelSource& source, int64_t now_us);
  void sample(std::size_t station, uint16_t channel, int64_t t_us, double value, int64_t now_us);
  /// True: what is shown changed by itself.
  bool advance(int64_t now_us);
  int64_t deadline_us() const;
  std::vector<Effect> take_effects();
  void fill(Snapshot& snapshot, int64_t now_us) const;

  bool at_home() const { return !session_ && screen_ == Screen::home; }
  Session* session() { return session_.get(); }
  const Session* session() const { return session_.get(); }
  std::size_t station() const { return station_; }
  const FloorPlan& plan() const { return plan_; }
  ClientEntry client() const { return client_; }

 private:
  struct Seen {  ///< of a station's channel
    DeviceReport report;
    Movement movement;
    int64_t newest_us = -1;
    ChannelSource source = {};
  };
  void open(const ClientEntry& client, int64_t now_us);
  void go_home();
  void sign_of_presence(int64_t now_us);
  void leave(int64_t now_us);
  void tap_resume_offer(const Tap& tap, int64_t now_us);
  void tap_who(const Tap& tap, int64_t now_us);
  void not_taken_up();
  LeftOpen take_offered();
  /// Home waits for nobody.
  bool waits_for_client() const { return session_ || screen_ != Screen::home; }
  Liveness liveness(std::size_t station, std::size_t channel, int64_t now_us) const;
  FloorPlan plan_;
  std::vector<std::vector<Seen>> seen_;
  Screen screen_ = Screen::home;
  std::vector<LeftOpen> left_open_;
  std::size_t offered_ = 0;  ///< on the screen resume_offer: which of them
  std::size_t station_ = 0;
  ClientEntry client_;
  std::unique_ptr<Session> session_;
  std::vector<Effect> effects_;
  Presence presence_;
  Screen presence_screen_ = Screen::home;  ///< the session's, when it was last looked at
};

}  // namespace patella::session
