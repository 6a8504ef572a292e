#include "runtime/store_queue.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace patella::runtime {

namespace {
// Samples reach the disk at least this often; a rep or another event at once.
constexpr int64_t kCommitEveryUs = 500'000;
constexpr int64_t kRetryEveryUs = 1'000'000;

/// "What. Remedy (where)": on a screen a long path must not push the reason off the end of the line.
Messages reason_first(const Error& error) {
  if (!error.told.empty()) return error.told;
  std::string line = error.what;
  if (!error.remedy.empty()) line += ". " + error.remedy;
  return verbatim(error.where.empty() ? line : line + " (" + error.where + ")");
}
}  // namespace

void StoreQueue::listen(Listener* listener) {
  std::lock_guard lock(mutex_);
  listener_ = listener;
  if (!listener_) return;
  for (const Messages& notice : std::exchange(untold_, {})) listener_->store_notice(notice);
  if (!trouble_.empty()) listener_->store_trouble(trouble_);
}

Error StoreQueue::unexpected(const std::exception& error) {
  log_.error("store: not done: {}", error.what());
  return {std::string("not done: ") + error.what(),
          "",
          "Try again",
          {Message("This could not be done"), Message("Please try again")}};
}

/// The store's thread outlives what goes wrong in a job: only that job is not done.
Status StoreQueue::try_job(const Job& job) {
  try {
    return run(job);
  } catch (const std::exception& error) {
    return unexpected(error);
  }
}

void StoreQueue::push(Job job) {
  const bool may_wait = job.writes && !job.urgent;
  {
    std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
    pressing_ |= !may_wait;
  }
  queued(may_wait);
}

void StoreQueue::begin(store::SessionHead head) {
  StoreAck ack{head.id, 0, false};
  push({[head = std::move(head)](store::Store& s) { return s.begin_session(head); }, ack, true, true});
}

// A sample comes a hundred or a thousand times a second, and the store thread looks at what may wait twice a second: nobody is woken
// for it, and nothing is allocated but room for the record.
void StoreQueue::append(const std::string& session_id, std::span<const Record> records, std::vector<session::LogEvent> events,
                        bool urgent) {
  {
    std::lock_guard lock(mutex_);
    if (queue_.empty() || queue_.back().work || queue_.back().ack.session_id != session_id)
      queue_.push_back({{}, {session_id, 0, false}, true, false, {}});
    Job& job = queue_.back();
    job.append.records.insert(job.append.records.end(), records.begin(), records.end());
    if (!events.empty()) job.ack.event_number = events.back().number;
    std::move(events.begin(), events.end(), std::back_inserter(job.append.events));
    job.urgent |= urgent;
    pressing_ |= urgent;
  }
  queued(!urgent);
}

Status StoreQueue::run(const Job& job) {
  return job.work ? job.work(*store_) : store_->append(job.ack.session_id, job.append.records, job.append.events);
}

void StoreQueue::end(const std::string& session_id, session::SessionEnd end) {
  push({[session_id, end = std::move(end)](store::Store& s) { return s.end_session(session_id, end); },
        {session_id, 0, true},
        true,
        true});
}

void StoreQueue::put_notice(notices::Notice notice) {
  StoreAck ack{notice.id, 0, false};
  push({[notice = std::move(notice)](store::Store& s) { return s.put_notice(notice); }, ack, true, true});
}

void StoreQueue::work(bool last) {
  std::deque<Job> jobs;
  {
    std::lock_guard lock(mutex_);
    jobs.swap(queue_);
    pressing_ = false;
  }
  const bool urgent = run_jobs(jobs);
  const bool due = dirty_since_us_ >= 0 && clock_.now_us() - dirty_since_us_ >= kCommitEveryUs;
  const bool may_try = last || clock_.now_us() >= next_try_us_;
  if (dirty_since_us_ >= 0 && may_try && (urgent || due || last)) commit();
}

int64_t StoreQueue::deadline_us() const {
  if (dirty_since_us_ < 0) return std::numeric_limits<int64_t>::max();
  return std::max(dirty_since_us_ + kCommitEveryUs, next_try_us_);
}

bool StoreQueue::run_jobs(std::deque<Job>& jobs) {
  bool urgent = false;
  for (Job& job : jobs) {
    if (job.ack.ended && dirty_since_us_ >= 0 && clock_.now_us() >= next_try_us_)
      commit();  // an end is a transaction of its own, after all before it
    // What a client did goes to the disk before the next slice of somebody's list or export is read.
    if (!job.writes && urgent && clock_.now_us() >= next_try_us_) {
      commit();
      urgent = false;
    }
    Status done = try_job(job);
    if (!job.writes) tell_notices();
    const auto held = [&] { return job.ack.ended && store_->end_is_held(job.ack.session_id); };
    if (!done && job.writes && !held()) {
      commit();  // opens the file again when that is what was wrong
      done = try_job(job);
    }
    if (!done) trouble(reason_first(done.error()));
    if (!job.writes) continue;
    if (!done && !held()) {
      // Refused, not delayed: it will never be on the disk. Nothing of this session is acknowledged from here
      // on, and staff see why to the end.
      refused_ = done.error().messages();
      refused_sessions_.insert(job.ack.session_id);
    }
    if (refused_sessions_.count(job.ack.session_id)) {
      if (job.ack.ended) tell_refused(job.ack.session_id);
      continue;
    }
    if (dirty_since_us_ < 0) dirty_since_us_ = clock_.now_us();
    uncommitted_.push_back(job.ack);
    urgent |= job.urgent;
  }
  return urgent;
}

void StoreQueue::commit() {
  if (Status done = store_->commit(); !done) {
    trouble(reason_first(done.error()));
    next_try_us_ = clock_.now_us() + kRetryEveryUs;
    return;
  }
  trouble(refused_);
  next_try_us_ = 0;
  dirty_since_us_ = -1;
  tell_notices();
  const std::vector<StoreAck> acks = std::exchange(uncommitted_, {});
  std::lock_guard lock(mutex_);  // held over the calls: the listener may be about to go
  if (!listener_) return;
  for (const StoreAck& ack : acks) listener_->stored(ack);
}

/// Nobody needs to wait for the end of this session any more.
void StoreQueue::tell_refused(const std::string& session_id) {
  std::lock_guard lock(mutex_);
  if (listener_) listener_->stored({session_id, 0, false, true});
}

/// Once each: a damaged row is met again by every list.
void StoreQueue::tell_notices() {
  for (const Message& notice : store_->take_notices()) {
    const std::string line = english(notice);
    if (!told_.insert(line).second) continue;
    log_.warning("store: {}", line);
    std::lock_guard lock(mutex_);
    if (listener_)
      listener_->store_notice(notice);
    else
      untold_.push_back(notice);
  }
}

void StoreQueue::trouble(const Messages& text) {
  std::lock_guard lock(mutex_);
  if (text == trouble_) return;
  trouble_ = text;
  if (!text.empty()) log_.error("store: {}", english(text));
  if (listener_) listener_->store_trouble(text);
}

}  // namespace patella::runtime
