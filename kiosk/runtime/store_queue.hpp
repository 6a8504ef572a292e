// What the kiosk has for the store, in order: jobs go in from any thread, one thread works them off, commits and acknowledges. The
// queue drops nothing. Who works it off is said by what derives from it: a thread (store_thread.hpp), or a test in its own time.
#pragma once

#include <concepts>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"

namespace patella::runtime {

struct StoreAck {
  std::string session_id;
  uint64_t event_number = 0;  ///< everything up to it, of that session, is on the disk
  bool ended = false;         ///< and so is the session's end
  bool refused = false;       ///< it has ended and is not on the disk, nor will it be: staff were told why
};

class StoreQueue {
 public:
  struct Listener {
    virtual ~Listener() = default;
    /// On the store thread: hand over, do not work.
    virtual void stored(const StoreAck& ack) = 0;
    /// "" = the store works (again); else one sentence for staff.
    virtual void store_trouble(const Messages& text) = 0;
    /// Something happened to the file that staff should know: a damaged one was set aside.
    virtual void store_notice(const Messages& text) = 0;
  };

  virtual ~StoreQueue() = default;

  /// Null before the listener goes. What happened before somebody listens is told then, within this call.
  void listen(Listener* listener);
  const Messages& notice() const { return notice_; }

  void begin(store::SessionHead head);
  /// `urgent`: commit now (a rep, an event); else within half a second. Follows what the same session queued last as one job with it.
  void append(const std::string& session_id, std::span<const Record> records, std::vector<session::LogEvent> events, bool urgent);
  void end(const std::string& session_id, session::SessionEnd end);

  /// Committed at once. Handed over before the events of the same occurrence, so that a cut keeps it rather than them.
  void put_notice(notices::Notice notice);

  /// Runs `question` on the store thread after everything queued so far; any thread may wait for the answer. `writes`: what it gave
  /// the store is committed soon, also when its own commit failed.
  template <class Answer>
  std::future<Answer> ask(std::function<Answer(store::Store&)> question, bool writes = false) {
    auto promise = std::make_shared<std::promise<Answer>>();
    std::future<Answer> future = promise->get_future();
    push({[this, promise, writes, question = std::move(question)](store::Store& s) {
            try {
              promise->set_value(question(s));
            } catch (...) {  // whoever asked is told; the store goes on
              promise->set_exception(std::current_exception());
            }
            if (writes && dirty_since_us_ < 0) dirty_since_us_ = clock_.now_us();
            return Status{};
          },
          {},
          false,
          false});
    awaited();
    return future;
  }

  /// As ask(), and nobody waits: `then` gets the answer on the store thread, unless the listener has gone meanwhile. It
  /// hands over and does not work. `question` may run when whoever asked has gone: it owns what it uses. What `question` gave the store
  /// is committed soon, also when its own commit failed. An exception of `question` (memory) is the answer that `failed` makes of it.
  template <class Answer>
  void tell(std::function<Answer(store::Store&)> question, std::function<void(Answer)> then,
            std::function<Answer(const Error&)> failed) {
    push({[this, question = std::move(question), then = std::move(then), failed = std::move(failed)](store::Store& s) {
            Answer answer = [&] {
              try {
                return question(s);
              } catch (const std::exception& error) {
                return failed(unexpected(error));
              }
            }();
            if (dirty_since_us_ < 0) dirty_since_us_ = clock_.now_us();
            std::lock_guard lock(mutex_);
            if (listener_) then(std::move(answer));
            return Status{};
          },
          {},
          false,
          false});
  }
  /// For answers that can be an Error.
  template <class Answer>
  requires std::constructible_from<Answer, const Error&>
  void tell(std::function<Answer(store::Store&)> question, std::function<void(Answer)> then) {
    tell<Answer>(std::move(question), std::move(then), [](const Error& error) { return Answer(error); });
  }

 protected:
  /// `notice`: what opening the store had to say to staff; empty = nothing.
  StoreQueue(std::unique_ptr<store::Store> store, Messages notice, const Clock& clock, Log& log)
      : store_(std::move(store)), notice_(std::move(notice)), clock_(clock), log_(log) {}

  /// Any thread: there is something to work off; `may_wait`: not before deadline_us(), when that is to come.
  virtual void queued(bool may_wait) = 0;
  /// The thread that asked is about to wait for the answer.
  virtual void awaited() {}

  // The rest is for the one thread that works off.

  /// Does all that is queued, and commits what is due; `last`: whether it is due or not.
  void work(bool last = false);
  /// When work() is to be called although nothing was queued; INT64_MAX: not before something is.
  int64_t deadline_us() const;
  bool all_committed() const { return dirty_since_us_ < 0; }

  bool has_jobs() const { return !queue_.empty(); }     ///< under mutex()
  bool has_pressing_jobs() const { return pressing_; }  ///< under mutex(): one of them may not wait
  std::mutex& mutex() { return mutex_; }
  const Clock& clock() const { return clock_; }
  store::Store& store() { return *store_; }

 private:
  struct Append {
    std::vector<Record> records;
    std::vector<session::LogEvent> events;
  };
  struct Job {
    std::function<Status(store::Store&)> work;  ///< empty: `append`, to the session that `ack` names
    StoreAck ack;                               ///< given after the commit that covers it
    bool writes = false;
    bool urgent = false;
    Append append = {};
  };
  /// Tells it in the log, too.
  Error unexpected(const std::exception& error);
  Status try_job(const Job& job);
  void push(Job job);
  Status run(const Job& job);
  bool run_jobs(std::deque<Job>& jobs);
  void commit();
  void tell_notices();
  void tell_refused(const std::string& session_id);
  void trouble(const Messages& text);

  std::unique_ptr<store::Store> store_;
  Messages notice_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  std::deque<Job> queue_;
  bool pressing_ = false;  ///< queue_ has what may not wait
  Listener* listener_ = nullptr;
  std::vector<Messages> untold_;  ///< notices met while nobody listened

  // of the thread that works off
  std::vector<StoreAck> uncommitted_;
  int64_t dirty_since_us_ = -1;
  int64_t next_try_us_ = 0;  ///< after a failed commit
  Messages trouble_, refused_;
  std::set<std::string> told_;              ///< notices
  std::set<std::string> refused_sessions_;  ///< something of theirs could not be written
};

}  // namespace patella::runtime
