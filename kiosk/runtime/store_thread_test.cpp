// The thread that owns the store: what may wait for the next commit, and what wakes it.
#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <vector>

#include "runtime/store_thread.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::runtime;

namespace {

struct Acks final : StoreQueue::Listener {
  std::mutex mutex;
  std::condition_variable come;
  std::vector<StoreAck> acks;

  void stored(const StoreAck& ack) override {
    {
      std::lock_guard lock(mutex);
      acks.push_back(ack);
    }
    come.notify_all();
  }
  void store_trouble(const Messages&) override {}
  void store_notice(const Messages&) override {}
  /// How many there are, once there are so many and the event is among them.
  std::size_t wait_for(std::size_t count, uint64_t event_number = 0) {
    std::unique_lock lock(mutex);
    const bool told = come.wait_for(lock, std::chrono::seconds(20),
                                    [&] { return acks.size() >= count && acks.back().event_number >= event_number; });
    REQUIRE(told);
    return acks.size();
  }
};

Record sample(uint64_t seq) {
  Record record;
  record.seq = seq;
  record.t_us = static_cast<int64_t>(seq) * 1'000;
  record.kind = RecordKind::sample;
  record.value = static_cast<double>(seq);
  return record;
}

session::LogEvent event(uint64_t number) {
  session::LogEvent event;
  event.number = number;
  event.kind = "note";
  return event;
}

/// A store with an open session "s1", in a folder of its own.
struct Opened {
  std::filesystem::path folder;
  SystemClock clock;
  Log log{LogLevel::none};
  Acks acks;
  std::unique_ptr<StoreThread> store;

  Opened() {
    char name[] = "/tmp/patella-store-XXXXXX";
    folder = mkdtemp(name);
    auto made = StoreThread::make(folder / "patella.db", clock, log);
    REQUIRE(made);
    store = std::move(*made);
    store->listen(&acks);
    store::SessionHead head;
    head.id = "s1";
    head.station_id = "tke";
    head.channels = {{0, "force", "N", "", ""}};
    store->begin(head);
    acks.wait_for(1);
  }
  ~Opened() {
    store->listen(nullptr);
    store.reset();
    std::filesystem::remove_all(folder);
  }
};

}  // namespace

TEST_CASE("samples are collected until the next commit, and an event takes along all that came before it") {
  Opened opened;
  constexpr uint64_t kSamples = 2'000;
  for (uint64_t seq = 1; seq <= kSamples; ++seq) opened.store->append("s1", std::vector{sample(seq)}, {}, false);
  opened.store->append("s1", {}, {event(1)}, true);
  // One for the beginning, one for each time the thread came for what lay there: not one for each sample.
  CHECK(opened.acks.wait_for(2, 1) <= 20);

  const auto loaded = opened.store->ask<Result<store::StoredSession>>([](store::Store& s) { return s.load("s1"); }).get();
  REQUIRE(loaded);
  CHECK(loaded->records.size() == kSamples);
  CHECK(loaded->events.size() == 1);
}

TEST_CASE("samples alone are committed too, each time that it sleeps with nothing else to come") {
  Opened opened;
  for (uint64_t seq = 1; seq <= 2; ++seq) {
    opened.store->append("s1", std::vector{sample(seq)}, {}, false);
    CHECK(opened.acks.wait_for(1 + seq) == 1 + seq);
  }
}

TEST_CASE("samples that come all the time are committed again and again, without any event") {
  Opened opened;
  uint64_t seq = 0;
  std::unique_lock lock(opened.acks.mutex);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (opened.acks.acks.size() < 4 && std::chrono::steady_clock::now() < end) {
    lock.unlock();
    opened.store->append("s1", std::vector{sample(++seq)}, {}, false);
    lock.lock();
    opened.acks.come.wait_for(lock, std::chrono::milliseconds(1));
  }
  CHECK(opened.acks.acks.size() >= 4);
}
