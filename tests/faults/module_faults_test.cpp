// A module that dies is fed again from the start; nothing it said is lost or told twice. PATELLA_ROUNDS as above.
#include <signal.h>

#include <cstring>

#include "harness.hpp"
#include "plugins/mischief.hpp"

using namespace faults_test;

namespace {

using namespace faults::of_module;
constexpr double kTrigger = 666;

/// 100 Hz samples 1, 2, 3, … and a tick each 50 ms; the sample with the number `trigger` has the value 666.
std::vector<Record> stream(int samples, int trigger = -1) {
  std::vector<Record> records;
  uint64_t seq = 0;
  for (int i = 1; i <= samples; ++i) {
    const int64_t t_us = int64_t{i} * 10'000;
    const double value = i == trigger ? kTrigger : i % 600;
    records.push_back({++seq, t_us, value, RecordKind::sample, 0, 0, 0});
    if (i % 5 == 0) records.push_back({++seq, t_us, 0, RecordKind::tick, 0, 0, 0});
  }
  return records;
}

ModuleLink::Start start_with(int mischief) {
  ModuleLink::Start start;
  start.params = {{"mischief", -1, static_cast<double>(mischief), {}}};
  start.seed = 0xfeedfacecafef00du;
  start.present = 1;
  return start;
}

bool same(const ModuleOutput& a, const ModuleOutput& b) {
  return a.kind == b.kind && a.ordinal == b.ordinal && a.after_seq == b.after_seq && a.key == b.key && a.unit == b.unit &&
         a.value == b.value && a.cue == b.cue && a.text == b.text && std::memcmp(&a.event, &b.event, sizeof a.event) == 0;
}

bool same(const std::vector<ModuleOutput>& a, const std::vector<ModuleOutput>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return same(x, y); });
}

struct Setup {
  HostOptions options = host_options();
  PluginInfo plugin = described("fault_module", Manifest::Kind::exercise);
  SystemClock clock;
  Log log{LogLevel::error};
  ModuleRecord record;
  std::unique_ptr<ModuleLink> link(int mischief) {
    return ModuleLink::make(options, plugin, start_with(mischief), clock, log, record);
  }
  std::vector<ModuleOutput> expected(const std::vector<Record>& records) {
    auto outputs = run_module(options, plugin, start_with(0), records);
    if (!outputs) FAIL(outputs.error().text());
    return *outputs;
  }
};

void feed_in_pieces(ModuleLink& link, const std::vector<Record>& records, std::size_t piece) {
  for (std::size_t at = 0; at < records.size(); at += piece) {
    link.feed(std::span(records).subspan(at, std::min(piece, records.size() - at)));
    link.service();
  }
}

}  // namespace

TEST_CASE("a module is fed record by record, and says what it says with the record that caused it") {
  Setup setup;
  std::vector<Record> records = stream(100);
  records.push_back({records.back().seq + 1, 1'000'000, 0, RecordKind::action, 0, 0, PATELLA_ACTION_START});
  records.push_back({records.back().seq + 1, 1'000'000, 0, RecordKind::gap, 0, 0, 1});
  const auto outputs = setup.expected(records);
  REQUIRE(outputs.size() == 10 + 20 + 2);
  for (std::size_t i = 0; i < outputs.size(); ++i) CHECK(outputs[i].ordinal == i);
  CHECK(outputs[0].kind == ModuleOutput::Kind::metric);
  CHECK(outputs[0].after_seq == 6);
  CHECK(outputs[0].value == 1 + 2 + 3 + 4 + 5);
  CHECK(outputs[1].kind == ModuleOutput::Kind::event);
  CHECK(outputs[1].after_seq == 11);  // the 10th sample, with one tick before it
  CHECK(outputs[1].event.n == 1);
  CHECK(outputs[30].event.fields[0].value == double{PATELLA_ACTION_START});
  CHECK(std::string(outputs[31].event.label) == "lost");
}

TEST_CASE("however the input is cut into pieces, the outputs are the same") {
  Setup setup;
  const auto records = stream(3000);
  const auto expected = setup.expected(records);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{5000}}) {
    setup.record = ModuleRecord();
    const auto link = setup.link(0);
    REQUIRE(run_until([&] { return link->state() == LinkState::live; }, *link));
    feed_in_pieces(*link, records, piece);
    REQUIRE(run_until([&] { return link->done_seq() == records.back().seq; }, *link));
    CHECK(same(setup.record.outputs, expected));
    CHECK(run_until([&] { return link->view_seq() == records.back().seq; }, *link));
    CHECK(link->view().rep_index == 3000);
    CHECK(std::string(link->view().title) == "Counting");
  }
}

TEST_CASE("dies once: replayed, no output lost, none doubled") {
  Setup setup;
  const auto records = stream(2000, 1500);
  const auto expected = setup.expected(records);
  for (int round = 0; round < rounds(); ++round) {
    setup.record = ModuleRecord();
    const auto link = setup.link(kOnce);
    REQUIRE(run_until([&] { return link->state() == LinkState::live; }, *link));
    feed_in_pieces(*link, records, 100);
    REQUIRE(run_until([&] { return link->done_seq() == records.back().seq; }, *link));
    const auto downs = std::count_if(setup.record.states.begin(), setup.record.states.end(),
                                     [](const auto& s) { return s.first == LinkState::down; });
    CHECK(downs == 1);
    CHECK(same(setup.record.outputs, expected));
    CHECK(setup.record.differences.empty());
  }
}

TEST_CASE("killed from outside at any moment: no output lost, none doubled") {
  Setup setup;
  const auto records = stream(5000);
  const auto expected = setup.expected(records);
  unsigned state = 7;
  for (int round = 0; round < rounds(); ++round) {
    setup.record = ModuleRecord();
    const auto link = setup.link(0);
    REQUIRE(run_until([&] { return link->state() == LinkState::live; }, *link));
    state = state * 1664525u + 1013904223u;
    const std::size_t kill_at = (state >> 8) % 4000;
    INFO("round " << round << ", killed at " << kill_at);
    for (std::size_t at = 0; at < records.size(); at += 50) {
      link->feed(std::span(records).subspan(at, std::min<std::size_t>(50, records.size() - at)));
      link->service();
      if (at <= kill_at && kill_at < at + 50) kill(link->child_pid(), SIGKILL);
    }
    REQUIRE(run_until([&] { return link->done_seq() == records.back().seq && link->state() == LinkState::live; }, *link));
    CHECK(setup.record.states.size() > 2);
    CHECK(same(setup.record.outputs, expected));
  }
}

TEST_CASE("dies twice at the same record, however: quarantine, and the record is named") {
  Setup setup;
  const auto records = stream(300, 200);  // sample 200 is record 239
  struct Case {
    int mischief;
    const char* reason;
  };
  const Case cases[] = {
      {faults::kSegv, "signal 11"},      {faults::kAbort, "abort"},          {faults::kHang, "did not answer"},
      {faults::kSpin, "did not answer"}, {faults::kStack, "signal 11"},      {faults::kExit, "exit code 0"},
      {faults::kSocket, "forbidden"},    {faults::kGarbage, "broke a rule"}, {faults::kOpenFile, "exit code 6"}};
  for (const Case& c : cases) {
    setup.record = ModuleRecord();
    const auto link = setup.link(c.mischief);
    link->feed(records);
    REQUIRE(run_until([&] { return link->state() == LinkState::quarantined; }, *link));
    const std::string text = setup.record.states.back().second;
    INFO(c.mischief << ": " << text);
    CHECK(crashed_by(text, c.reason));
    CHECK(text.find("the second time at record 239") != std::string::npos);
    CHECK(link->done_seq() < 239);
    link->feed(std::span(records).first(0));  // still takes input without harm
  }
}

TEST_CASE("a module that says something else after a restart is found out") {
  Setup setup;
  const auto records = stream(1000);
  const auto link = setup.link(kDiffers);
  REQUIRE(run_until([&] { return link->state() == LinkState::live; }, *link));
  link->feed(records);
  REQUIRE(run_until([&] { return link->done_seq() == records.back().seq; }, *link));
  const auto told = setup.record.outputs.size();
  kill(link->child_pid(), SIGKILL);
  REQUIRE(run_until([&] { return !setup.record.differences.empty(); }, *link));
  REQUIRE(run_until([&] { return link->state() == LinkState::live; }, *link));
  CHECK(setup.record.differences.size() == 1);
  const auto& [before, now] = setup.record.differences[0];
  CHECK(same(before, setup.record.outputs[before.ordinal]));
  CHECK(now.ordinal == before.ordinal);
  CHECK(now.event.fields[0].value != before.event.fields[0].value);
  CHECK(setup.record.outputs.size() == told);
}

TEST_CASE("outputs that are known from before are compared and not told again") {
  Setup setup;
  const auto records = stream(1000);
  const auto expected = setup.expected(records);
  ModuleLink::Start start = start_with(0);
  start.known.assign(expected.begin(), expected.begin() + 100);
  start.known.erase(start.known.begin() + 50);  // a store may leave some out
  auto link = ModuleLink::make(setup.options, setup.plugin, start, setup.clock, setup.log, setup.record);
  link->feed(records);
  REQUIRE(run_until([&] { return link->done_seq() == records.back().seq; }, *link));
  CHECK(setup.record.differences.empty());
  CHECK(same(setup.record.outputs, {expected.begin() + 100, expected.end()}));

  start.known[3].value += 1;
  setup.record = ModuleRecord();
  link = ModuleLink::make(setup.options, setup.plugin, start, setup.clock, setup.log, setup.record);
  link->feed(records);
  REQUIRE(run_until([&] { return link->done_seq() == records.back().seq; }, *link));
  REQUIRE(setup.record.differences.size() == 1);
  CHECK(setup.record.differences[0].first.ordinal == 3);
}

TEST_CASE("an output or a view against the rules ends the child") {
  Setup setup;
  const auto records = stream(300, 200);
  struct Case {
    int mischief;
    const char* reason;
  };
  for (const Case& c :
       {Case{kBadOutput, "unknown kind"}, Case{kBadView, "more parts than fit"}, Case{kEndlessOutputs, "flood"}}) {
    setup.record = ModuleRecord();
    const auto link = setup.link(c.mischief);
    link->feed(records);
    REQUIRE(run_until([&] { return link->state() == LinkState::down; }, *link));
    CHECK(setup.record.states.back().second.find(c.reason) != std::string::npos);
  }
}

TEST_CASE("more outputs than the ring holds arrive all") {
  Setup setup;
  const auto records = stream(50);
  const auto outputs = run_module(setup.options, setup.plugin, start_with(kManyOutputs), records);
  REQUIRE(outputs.ok());
  CHECK(outputs->size() == 5 + 10 + 10 * 3000);
}

TEST_CASE("a replay that cannot end says why") {
  Setup setup;
  const auto records = stream(300, 200);
  const auto outputs = run_module(setup.options, setup.plugin, start_with(faults::kSegv), records);
  REQUIRE(!outputs.ok());
  CHECK(outputs.error().what.find("record 239") != std::string::npos);
}

TEST_CASE("a rate that is needed of a channel which the exercise does not have is refused, not passed over") {
  Manifest wrong = manifest("fault_module", Manifest::Kind::exercise);
  wrong.needs = {{"force", 10, "counting repetitions", ""}};
  CHECK(describe(host_options().host_program, wrong).ok());
  wrong.needs.push_back({"forse", 10, "counting repetitions", ""});
  const auto info = describe(host_options().host_program, wrong);
  REQUIRE_FALSE(info.ok());
  CHECK(info.error().what.find("\"forse\"") != std::string::npos);
}

TEST_CASE("default rows that a list cannot have are refused") {
  const auto info = describe(host_options().host_program, manifest("far_row", Manifest::Kind::exercise));
  REQUIRE_FALSE(info.ok());
  CHECK(info.error().what == "The parameter steps has a default row 65536, which is not one of its rows");
}
