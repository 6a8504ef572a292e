// What the queue to the store tells when something is wrong with a job.
#include <new>
#include <optional>

#include "memory_store.hpp"
#include "support/catch.hpp"
#include "virtual_engine.hpp"

using namespace patella;
using namespace patella::test;

namespace {

struct Listener final : runtime::StoreQueue::Listener {
  std::vector<runtime::StoreAck> acks;
  std::vector<Messages> troubles;
  void stored(const runtime::StoreAck& ack) override { acks.push_back(ack); }
  void store_trouble(const Messages& text) override { troubles.push_back(text); }
  void store_notice(const Messages&) override {}
};

struct Queue {
  Disk disk;
  VirtualClock clock;
  Log log{LogLevel::none};
  Listener listener;
  VirtualStore store{disk, clock, log, [] { return 0; }};
  Queue() { store.listen(&listener); }
  ~Queue() { store.listen(nullptr); }
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  void session(const std::string& id) {
    store::SessionHead head;
    head.id = id;
    store.begin(head);
    session::LogEvent event;
    event.number = 1;
    store.append(id, {}, {event}, true);
    store.end(id, {});
    store.work_now();
  }
};

}  // namespace

TEST_CASE("whoever asked is told of an exception, and the queue goes on") {
  Queue queue;
  std::optional<Status> answer;
  std::optional<int> number;
  queue.store.tell<Status>([](store::Store&) -> Status { throw std::bad_alloc(); }, [&](const Status& s) { answer = s; });
  queue.store.tell<int>([](store::Store&) -> int { throw std::bad_alloc(); }, [&](int n) { number = n; },
                        [](const Error&) { return -1; });
  queue.store.work_now();
  REQUIRE(answer.has_value());
  REQUIRE_FALSE(answer->ok());
  CHECK(answer->error().text().find("not done: std::bad_alloc") != std::string::npos);
  CHECK(number == -1);
  queue.session("a");
  CHECK(queue.disk.sessions.count("a") == 1);
}

TEST_CASE("an exception while records are stored is told to staff, and the other sessions are stored") {
  Queue queue;
  queue.disk.throws = true;
  queue.session("a");
  REQUIRE_FALSE(queue.listener.troubles.empty());
  CHECK(english(queue.listener.troubles.front()).find("could not be done") != std::string::npos);
  queue.disk.throws = false;
  queue.session("b");
  CHECK(queue.disk.sessions["b"].events.size() == 1);
}

TEST_CASE("a session that the store refused is told as settled when it has ended, and never as stored") {
  Queue queue;
  queue.disk.refused = {"a"};
  queue.session("a");
  queue.session("b");
  int settled = 0, ended = 0;
  for (const runtime::StoreAck& ack : queue.listener.acks) {
    if (ack.session_id == "a") {
      CHECK_FALSE(ack.ended);
      CHECK(ack.event_number == 0);
      settled += ack.refused;
    } else {
      CHECK_FALSE(ack.refused);
      ended += ack.ended;
    }
  }
  CHECK(settled == 1);
  CHECK(ended == 1);
}

TEST_CASE("an end that the store does not hold is never told as stored") {
  Queue queue;
  queue.disk.end_refused = {"a"};
  queue.session("a");
  queue.session("b");
  int refused = 0, ended = 0;
  for (const runtime::StoreAck& ack : queue.listener.acks) {
    if (ack.session_id == "a") CHECK_FALSE(ack.ended);
    refused += ack.refused;
    ended += ack.ended;
  }
  CHECK(refused == 1);
  CHECK(ended == 1);
  CHECK_FALSE(queue.listener.troubles.empty());
}
