// An ANT stick as a machine: reset, network key, one channel for each wanted sensor, and all of it again when
// something goes wrong. Pure: bytes and time go in, bytes and what happened come out.
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "message.hpp"

namespace patella::ant_plus {

/// What a channel is to listen to.
struct Wanted {
  uint8_t type = 0;
  uint16_t number = 0;  ///< 0 = whichever is heard first
  uint16_t period = 0;
};

enum class StickState {
  starting,     ///< reset and set-up
  listening,    ///< all channels are open
  scanning,     ///< hears every sensor around, on channel 0
  no_scan,      ///< refused to scan; goes back to listening
  no_answer,    ///< tries again every few seconds
  no_network,   ///< refused the network key; tries again
  few_channels  ///< fewer than sensors are wanted; does nothing more
};

/// Whoever uses a stick. Called from within the stick's functions.
class StickUser {
 public:
  virtual ~StickUser() = default;
  virtual bool write(const Bytes& bytes) = 0;
  virtual void stick_is(StickState state, int64_t t_us) = 0;
  virtual void page(const Heard& heard, int64_t t_us) = 0;
  /// The channel's sensor is not heard any more: it is searched, and after a while, for whichever number was
  /// wanted, from the beginning.
  virtual void searching(uint8_t channel) = 0;
  /// One message of the sensor did not come through.
  virtual void missed(uint8_t channel) = 0;
  /// Answer to ask(channel, Id::channel_id).
  virtual void sensor_is(uint8_t channel, const SensorId& sensor, int64_t t_us) = 0;
  virtual void note(const std::string& text) = 0;  ///< for the log
};

class Stick {
 public:
  Stick(StickUser& user, const NetworkKey& key, std::vector<Wanted> wanted)
      : user_(user), key_(key), wanted_(std::move(wanted)) {}
  void start(int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void tick(int64_t t_us);
  int64_t deadline_us() const { return due_us_; }
  StickState state() const { return state_; }
  /// False: it refused to say with each page who sent it.
  bool names_senders() const { return names_senders_; }
  /// Closes the channels and hears everything around, until stop_scan(). False while it is busy otherwise.
  bool scan(int64_t t_us);
  void stop_scan(int64_t t_us);

 private:
  enum class Phase { off, resetting, resting, working, tired };
  enum class IfRefused { start_over, go_on, leave_scan };
  struct Step {
    Bytes frame;        ///< empty: only waits
    uint8_t answer_to;  ///< message id that the answer names, 1 = the event "closed", or Id::capabilities
    uint8_t channel;
    IfRefused if_refused;
  };

  void send_reset(int64_t t_us);
  void begin_work(int64_t t_us);
  void add(Bytes frame, Id id, uint8_t channel, IfRefused if_refused = IfRefused::start_over);
  void add_set_up(uint8_t channel);
  void add_closing(uint8_t channel);
  void go_on(int64_t t_us);
  void send_step(int64_t t_us);
  void step_done(int64_t t_us);
  void step_refused(Code code, int64_t t_us);
  void start_over(StickState because, int64_t t_us);
  void leave_scan(int64_t t_us);
  void take(const Message& message, int64_t t_us);
  void take_response(const Response& response, int64_t t_us);
  void take_event(const Response& event, int64_t t_us);
  void take_capabilities(const Message& message, int64_t t_us);
  void be(StickState state, int64_t t_us);

  StickUser& user_;
  NetworkKey key_;
  std::vector<Wanted> wanted_;
  Framer framer_;
  Phase phase_ = Phase::off;
  StickState state_ = StickState::starting;
  std::deque<Step> steps_;
  bool scan_mode_ = false, names_senders_ = true;
  int tries_ = 0, failures_ = 0;
  int64_t due_us_ = INT64_MAX;
  uint64_t told_skipped_ = 0, bad_messages_ = 0;
};

}  // namespace patella::ant_plus
