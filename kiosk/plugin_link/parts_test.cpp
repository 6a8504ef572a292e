// The parts of a link that need no child: hang watch, restart policy, sample ring, checks of a view, messages.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>

#include <patella/sdk.hpp>

#include "plugin_link/hang_watch.hpp"
#include "plugin_link/output_ring.hpp"
#include "plugin_link/restart_policy.hpp"
#include "plugin_link/sample_ring.hpp"
#include "plugin_link/shared_memory.hpp"
#include "support/catch.hpp"
#include "wire/message.hpp"

using namespace patella;
using namespace patella::plugin_link;

namespace {

constexpr int64_t kStartUs = 1'000'000'000;

/// A child's end of a sample ring, in this process: writable mapping of the same file.
struct Ring {
  static constexpr uint32_t kSlots = 4096;
  std::vector<params::ChannelSpec> channels{{"force", "Force", "N", 0, 100, 100, 1, false},
                                            {"power", "Power", "W", 0, 500, 4, 1, false}};
  SharedMemory child = *make(SharedMemory::Writer::child, wire::kChildRingOffset + kSlots * sizeof(wire::Sample));
  SharedMemory kiosk = *make(SharedMemory::Writer::kiosk, wire::kKioskRingOffset);
  char* at = static_cast<char*>(
      mmap(nullptr, wire::kChildRingOffset + kSlots * sizeof(wire::Sample), PROT_READ | PROT_WRITE, MAP_SHARED, child.fd(), 0));
  SampleRing ring{child, kiosk, kSlots, channels, kStartUs};
  std::vector<LinkSample> out;

  static std::optional<SharedMemory> make(SharedMemory::Writer writer, std::size_t bytes) {
    Result<SharedMemory> made = SharedMemory::make(writer, bytes);
    REQUIRE(made.ok());
    return std::move(*made);
  }
  ~Ring() { munmap(at, wire::kChildRingOffset + kSlots * sizeof(wire::Sample)); }
  wire::ChildHead& head() { return *reinterpret_cast<wire::ChildHead*>(at); }
  wire::Sample* slots() { return reinterpret_cast<wire::Sample*>(at + wire::kChildRingOffset); }
  void put(double value, int64_t t_us, uint32_t channel = 0) {
    const uint64_t n = head().head.load();
    slots()[n & (kSlots - 1)] = {n + 1, t_us, value, channel, 0};
    head().head.store(n + 1);
  }
  std::string drain(int64_t now_us = kStartUs + 1'000'000) {
    out.clear();
    return ring.drain(now_us, out);
  }
};

}  // namespace

TEST_CASE("samples come out as they were put in") {
  Ring ring;
  for (int i = 0; i < 10'000; ++i) {
    ring.put(i % 100, kStartUs + i);
    if (i % 3000 != 2999) continue;
    REQUIRE(ring.drain() == "");
    CHECK(ring.out.size() == 3000);
    CHECK(ring.out.back().value == i % 100);
    CHECK(ring.out.back().t_us == kStartUs + i);
  }
}

TEST_CASE("whatever breaks the rules of the ring is named, and what came before it is kept") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  struct Case {
    const char* reason;
    double value;
    int64_t t_us;
    uint32_t channel;
  };
  const Case cases[] = {{"no number", nan, kStartUs + 5, 0},
                        {"outside its range", 101, kStartUs + 5, 0},
                        {"outside its range", -0.1, kStartUs + 5, 0},
                        {"does not have", 1, kStartUs + 5, 2},
                        {"goes back", 1, kStartUs + 3, 0},
                        {"in the future", 1, kStartUs + 9'000'000, 0}};
  for (const Case& c : cases) {
    Ring ring;
    ring.put(1, kStartUs + 4);
    ring.put(c.value, c.t_us, c.channel);
    CHECK(ring.drain().find(c.reason) != std::string::npos);
    CHECK(ring.out.size() == 1);
  }
  Ring other_channel;  // each channel has its own time
  other_channel.put(1, kStartUs + 4);
  other_channel.put(1, kStartUs + 3, 1);
  CHECK(other_channel.drain() == "");

  Ring sequence;
  sequence.put(1, kStartUs + 4);
  sequence.slots()[0].seq = 7;
  CHECK(sequence.drain().find("sequence 7") != std::string::npos);

  Ring full;
  full.head().head.store(Ring::kSlots + 1);
  CHECK(full.drain().find("fill level") != std::string::npos);

  Ring back;
  for (int i = 0; i < 10; ++i) back.put(1, kStartUs + i);
  REQUIRE(back.drain() == "");
  back.head().head.store(5);
  CHECK(back.drain().find("fill level") != std::string::npos);
}

TEST_CASE("random bytes in the child's page never get through and never crash the reader") {
  unsigned state = 99;
  const auto random = [&] { return state = state * 1664525u + 1013904223u, state >> 8; };
  for (int round = 0; round < 2000; ++round) {
    Ring ring;
    for (int i = 0; i < 20; ++i) ring.put(i, kStartUs + i);
    for (int i = 0; i < 4; ++i)
      ring.at[random() % (i < 2 ? 16u : 64u) + (i < 2 ? 0u : wire::kChildRingOffset)] = static_cast<char>(random());
    ring.drain();
    for (const LinkSample& sample : ring.out) {
      CHECK(sample.channel < 2);
      CHECK(std::isfinite(sample.value));
    }
  }
}

TEST_CASE("a flood is told apart from a backlog") {
  Ring flood;
  std::string wrong;
  int64_t now_us = kStartUs;
  for (int i = 0; i < 30'000 && wrong.empty(); ++i) {
    flood.put(1, now_us);
    if (i % 1000 == 999) wrong = flood.drain(now_us += 1000);
  }
  CHECK(wrong.find("flood") != std::string::npos);

  Ring backlog;  // a kiosk that comes round once in 200 ms finds much at once, and in the end far more than a flood
  now_us = kStartUs;
  wrong.clear();
  for (int turn = 0; turn < 50 && wrong.empty(); ++turn) {
    for (int i = 0; i < 3900; ++i) backlog.put(1, now_us);
    wrong = backlog.drain(now_us += 200'000);
  }
  CHECK(wrong == "");
}

TEST_CASE("lost samples are told once") {
  Ring ring;
  ring.head().lost.store(7);
  CHECK(ring.drain() == "");
  CHECK(ring.ring.take_lost() == 7);
  CHECK(ring.ring.take_lost() == 0);
  ring.head().lost.store(3);
  CHECK(ring.drain().find("lost") != std::string::npos);
}

TEST_CASE("the ring holds 4 s at the nominal rates") {
  CHECK(SampleRing::slots_for({}) == 4096);
  CHECK(SampleRing::slots_for(std::vector<params::ChannelSpec>(32, {"x", "", "", 0, 1, 1000, 1, false})) == 131072);
  CHECK(SampleRing::slots_for({{"x", "", "", 0, 1, 2000, 1, false}}) == 8192);
  CHECK(SampleRing::slots_for({{"x", "", "", 0, 1, std::numeric_limits<double>::infinity(), 1, false}}) <= 131072);
}

TEST_CASE("shared memory is sealed: it keeps its size, and only one side can write it") {
  auto child = SharedMemory::make(SharedMemory::Writer::child, 8192);
  auto kiosk = SharedMemory::make(SharedMemory::Writer::kiosk, 8192);
  REQUIRE((child.ok() && kiosk.ok()));
  for (const int fd : {child->fd(), kiosk->fd()}) {
    CHECK(ftruncate(fd, 0) == -1);
    CHECK(ftruncate(fd, 1 << 20) == -1);
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == -1);
  }
  CHECK(mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, kiosk->fd(), 0) == MAP_FAILED);
  CHECK(write(kiosk->fd(), "x", 1) == -1);
  void* readable = mmap(nullptr, 8192, PROT_READ, MAP_SHARED, kiosk->fd(), 0);
  REQUIRE(readable != MAP_FAILED);
  CHECK(mprotect(readable, 8192, PROT_READ | PROT_WRITE) == -1);
  *kiosk->writable(100) = 'y';
  CHECK(static_cast<const char*>(readable)[100] == 'y');
  munmap(readable, 8192);
}

TEST_CASE("a child that is silent while we run hangs; while nobody runs, or it cannot, it does not") {
  const auto run = [](int64_t step_us, int64_t starved_each_us, int steps) {
    HangWatch watch(0.25);
    int64_t now_us = 0, starved = 0;
    watch.start(now_us, 1, 0);
    for (int i = 0; i < steps; ++i) {
      now_us = std::max(now_us + step_us, watch.next_us());
      if (watch.look(now_us, 1, starved += starved_each_us)) return now_us;
    }
    return int64_t{-1};
  };
  const int64_t noticed_us = run(0, 0, 100);
  CHECK(noticed_us >= 250'000);
  CHECK(noticed_us < 320'000);
  CHECK(run(2'000'000, 0, 3) == -1);  // each look came 2 s late: the machine stood still
  CHECK(run(0, 200'000, 50) == -1);   // it never got a processor

  HangWatch watch(0.25);
  watch.start(0, 1, 0);
  for (int64_t now_us = 0; now_us < 5'000'000; now_us += 10'000) CHECK(!watch.look(now_us, now_us, 0));
  watch.stop();
  CHECK(watch.next_us() == INT64_MAX);
}

TEST_CASE("restarts after 0.25, 1, 4 s; the fourth death within a minute is the last") {
  RestartPolicy policy;
  CHECK(policy.died(0) == 250'000);
  CHECK(policy.died(10'000'000) == 11'000'000);
  CHECK(policy.died(20'000'000) == 24'000'000);
  CHECK(!policy.died(59'000'000));
  RestartPolicy slow;  // never four within a minute
  for (int64_t minute = 0; minute < 20; ++minute) CHECK(slow.died(minute * 25'000'000).has_value());
  policy.forget();
  CHECK(policy.died(60'000'000) == 60'250'000);
}

TEST_CASE("a view is checked, its text made fit to show") {
  patella_view good;
  sdk::clear_view(good);
  good.readout_count = 1;
  good.readouts[0] = sdk::readout("force", "Force", "N");
  CHECK(check_view(good) == "");
  const auto spoilt = [&](auto&& spoil) {
    patella_view view = good;
    spoil(view);
    return check_view(view);
  };
  CHECK(spoilt([](patella_view& v) { v.size = 1; }) != "");
  CHECK(spoilt([](patella_view& v) { v.phase = 0; }) != "");
  CHECK(spoilt([](patella_view& v) { v.tone = 9; }) != "");
  CHECK(spoilt([](patella_view& v) { v.side = 0; }) != "");
  CHECK(spoilt([](patella_view& v) { v.readout_count = 7; }) != "");
  CHECK(spoilt([](patella_view& v) { v.rep_mark_count = 65; }) != "");
  CHECK(spoilt([](patella_view& v) { v.segment_count = 17; }) != "");
  CHECK(spoilt([](patella_view& v) { v.segment_index = 0; }) != "");
  CHECK(spoilt([](patella_view& v) { v.trace_channel = 8; }) != "");
  CHECK(spoilt([](patella_view& v) { v.trace_seconds = std::numeric_limits<double>::quiet_NaN(); }) != "");
  CHECK(spoilt([](patella_view& v) { v.timer_s = std::numeric_limits<double>::infinity(); }) != "");
  CHECK(spoilt([](patella_view& v) { v.readouts[0].role = 5; }) != "");
  CHECK(spoilt([](patella_view& v) { v.readouts[0].scale_low = 2; }) != "");
  CHECK(spoilt([](patella_view& v) { std::memset(v.prompt, 'x', sizeof v.prompt); }) != "");
  patella_view latin = good;
  std::strcpy(latin.title, "caf\xe9\n!");
  CHECK(check_view(latin) == "");
  CHECK(std::string(latin.title) == "caf?\n!");
}

TEST_CASE("messages go both ways whole, numbers exactly, text fit to show") {
  const wire::Message message{"start", "", "1", "ä"};
  CHECK(wire::decode(wire::encode(message)) == message);
  CHECK(wire::decode(std::string_view("a\0b\0c\0d", 7), 2) == wire::Message{"a", "b"});
  for (const double value : {0.1, -1e300, 5e-324, 3.0}) CHECK(wire::to_double(wire::number_text(value)) == value);
  CHECK(wire::to_int("nonsense") == 0);
  CHECK(wire::clean_text("a\x01z\xff") == "a z?");
  CHECK(wire::clean_text("two\nlines") == "two lines");
  CHECK(wire::clean_message("two\nlines\t!") == "two\nlines !");
  CHECK(wire::clean_text("\xed\xa0\x80") == "???");
  CHECK(wire::clean_text("äää", 5) == "ää");
}
