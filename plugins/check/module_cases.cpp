// Checks that run a module over made-up workouts and over nonsense, and compare what it says.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "cases.hpp"
#include "module_run.hpp"
#include "random.hpp"

namespace patella::check {
namespace {

constexpr const char* kNull = "create gave NULL with the preset parameters";
constexpr double kSlowCallS = 1e-3;

uint32_t all_channels(const Plugin& plugin) { return (1u << plugin.exercise->channel_count) - 1; }

struct How {
  std::size_t batch = 1;  ///< samples a call, as far as they follow one another; 0 = random
  int view_every = 0;     ///< ticks; 0 = never
  uint64_t* view_digest = nullptr;
};

void mix_view(const patella_view& view, uint64_t& digest) {
  unsigned char bytes[sizeof view];
  std::memcpy(bytes, &view, sizeof view);
  for (const unsigned char byte : bytes) digest = (digest ^ byte) * 0x100000001b3u;
}

void play(ModuleRun& run, const Stream& stream, const How& how) {
  Random cut(7);
  int ticks = 0;
  for (std::size_t i = 0; i < stream.size();) {
    if (stream[i].kind == Step::Kind::sample) {
      const std::size_t room = how.batch ? how.batch : 1 + cut.below(40);
      std::size_t end = i + 1;
      while (end < stream.size() && end - i < room && stream[end].kind == Step::Kind::sample) ++end;
      run.samples(std::span(stream).subspan(i, end - i));
      i = end;
      continue;
    }
    run.other(stream[i]);
    if (how.view_every && stream[i].kind == Step::Kind::tick && ++ticks % how.view_every == 0) {
      const patella_view view = run.view();
      if (how.view_digest) mix_view(view, *how.view_digest);
    }
    ++i;
  }
}

/// The first line in which two transcripts differ, in words; "" when they are equal.
std::string difference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const std::size_t both = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < both; ++i)
    if (a[i] != b[i]) return fmt::format("\"{}\" against \"{}\"", a[i], b[i]);
  if (a.size() == b.size()) return "";
  return fmt::format("{} outputs against {}, the first more is \"{}\"", a.size(), b.size(),
                     a.size() > b.size() ? a[both] : b[both]);
}

/// Moves the heap, and what lies in it, between two runs: what depends on either gives itself away.
class OtherHeap {
 public:
  explicit OtherHeap(int fill) {
    mallopt(M_PERTURB, fill);
    for (int i = 0; i < 64; ++i) blocks_.push_back(std::make_unique<char[]>(static_cast<std::size_t>(40 + 97 * i)));
  }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
};

struct Run {
  std::vector<std::string> transcript;
  uint64_t view_digest = 0xcbf29ce484222325;
  bool created = false;
};

Run run_of(const Plugin& plugin, Findings& findings, const Stream& stream, How how) {
  Run result;
  ModuleRun run(plugin, findings, values_of(plugin, Corner::preset), all_channels(plugin));
  result.created = run.create();
  if (!result.created) {
    findings.fault(kNull);
    return result;
  }
  how.view_digest = &result.view_digest;
  play(run, stream, how);
  run.destroy();
  result.transcript = std::move(run.transcript);
  return result;
}

uint64_t digest_of(const Run& run) {
  uint64_t digest = run.view_digest;
  for (const std::string& line : run.transcript)
    for (const char c : line) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return digest;
}

}  // namespace

void check_module_replay(const Plugin& plugin, const Options& options, Findings& findings) {
  const Stream stream = workout(plugin, options.seed, {});
  Run first, second;
  {
    const OtherHeap heap(0x5a);
    first = run_of(plugin, findings, stream, {1, 5, nullptr});
  }
  {
    const OtherHeap heap(0xa5);
    second = run_of(plugin, findings, stream, {1, 5, nullptr});
  }
  if (!first.created || !second.created) return;
  if (const std::string other = difference(first.transcript, second.transcript); !other.empty())
    findings.fault("the second replay said something else: " + other);
  else if (first.view_digest != second.view_digest)
    findings.fault("the second replay showed another view");
  if (first.transcript.empty()) findings.hint("said nothing during 3 min of exercise");
  findings.set_digest(fmt::format("{:016x}", digest_of(first)));
  findings.note(fmt::format("{} inputs, {} outputs, same twice", stream.size(), first.transcript.size()));
}

void check_module_batches(const Plugin& plugin, const Options& options, Findings& findings) {
  Workout shape;
  shape.rate_hz = 400;  // several samples between two ticks
  shape.length_s = 120;
  const Stream stream = workout(plugin, options.seed, shape);
  const Run single = run_of(plugin, findings, stream, {1, 5, nullptr});
  for (const std::size_t batch : {std::size_t{1'000'000}, std::size_t{3}, std::size_t{0}}) {
    const Run merged = run_of(plugin, findings, stream, {batch, 5, nullptr});
    const std::string words = batch == 0 ? "in random batches" : fmt::format("in batches of up to {}", batch);
    if (const std::string other = difference(single.transcript, merged.transcript); !other.empty())
      findings.fault(fmt::format("samples {} give another result than one by one: {}", words, other));
    else if (single.view_digest != merged.view_digest)
      findings.fault(fmt::format("samples {} give another view than one by one", words));
  }
  findings.note(fmt::format("{} inputs one by one, by 3, at random, all at once", stream.size()));
}

void check_module_view(const Plugin& plugin, const Options& options, Findings& findings) {
  const Stream stream = workout(plugin, options.seed, {});
  ModuleRun run(plugin, findings, values_of(plugin, Corner::preset), all_channels(plugin));
  if (!run.create()) return findings.fault(kNull);
  int views = 0;
  for (const Step& step : stream) {
    step.kind == Step::Kind::sample ? run.samples({&step, 1}) : run.other(step);
    if (step.kind != Step::Kind::tick) continue;
    const patella_view one = run.view(), two = run.view();
    ++views;
    if (std::memcmp(&one, &two, sizeof one) != 0) findings.fault("fill_view twice in a row gave different bytes");
    if (run.done_count > 0 && one.phase != PATELLA_PHASE_DONE) findings.fault("the view's phase is not DONE after DONE");
  }
  run.destroy();
  const Run unseen = run_of(plugin, findings, stream, {});
  if (const std::string other = difference(run.transcript, unseen.transcript); !other.empty())
    findings.fault("asking for the view changed the result: " + other);
  findings.note(fmt::format("{} views, twice each, and the same result without", views));
}

void check_module_done(const Plugin& plugin, const Options& options, Findings& findings) {
  for (const uint32_t action : {PATELLA_ACTION_END, PATELLA_ACTION_PAIN})
    for (const bool started : {true, false}) {
      ModuleRun run(plugin, findings, values_of(plugin, Corner::preset), all_channels(plugin));
      if (!run.create()) return findings.fault(kNull);
      const char* name = action == PATELLA_ACTION_END ? "END" : "PAIN";
      Workout shape;
      shape.length_s = 30;
      Stream stream = workout(plugin, options.seed, shape);
      if (!started) std::erase_if(stream, [](const Step& step) { return step.kind == Step::Kind::action; });
      play(run, stream, {});
      const bool already_done = run.done_count > 0;
      run.other({Step::Kind::action, 30 * 1'000'000, 0, action, 0});
      if (run.done_count == 0)
        findings.fault(fmt::format("no DONE on the action {}{}", name, started ? "" : " before the start"));
      if (run.set_starts != run.set_ends) findings.fault(fmt::format("a set stays open after {}", name));
      const int events = run.event_count;
      for (int i = 1; i <= 400; ++i) run.other({Step::Kind::tick, 30 * 1'000'000 + i * PATELLA_TICK_US, 0, 0, 0});
      for (uint32_t again = PATELLA_ACTION_START; again <= PATELLA_ACTION_PAIN; ++again)
        run.other({Step::Kind::action, 51 * 1'000'000, 0, again, 0});
      if (run.event_count != events && !already_done) findings.hint(fmt::format("goes on with events after {} and DONE", name));
      if (run.view().phase != PATELLA_PHASE_DONE) findings.fault(fmt::format("the view's phase is not DONE after {}", name));
    }
  findings.note("DONE once, on END and on PAIN, started or not, and nothing starts again");
}

void check_module_random_stream(const Plugin& plugin, const Options& options, Findings& findings) {
  uint64_t digest = 0xcbf29ce484222325;
  int done = 0, inputs = 0;
  for (uint64_t round = 0; round < 40; ++round) {
    const Stream stream = wild(plugin, options.seed * 1000 + round, 4000);
    ModuleRun run(plugin, findings, values_of(plugin, Corner::preset), all_channels(plugin));
    run.quiet = true;
    if (!run.create()) return findings.fault(kNull);
    play(run, stream, {0, 3, &digest});
    inputs += static_cast<int>(stream.size());
    done += run.done_count;
    digest ^= run.digest;
  }
  findings.set_digest(fmt::format("{:016x}", digest));
  findings.note(fmt::format("{} inputs in 40 runs, {} ended", inputs, done));
}

void check_module_missing_channels(const Plugin& plugin, const Options& options, Findings& findings) {
  const uint32_t all = all_channels(plugin);
  uint32_t required = 0;
  for (uint32_t c = 0; c < plugin.exercise->channel_count; ++c)
    required |= (plugin.exercise->channels[c].required ? 1u : 0u) << c;
  Workout shape;
  shape.length_s = 60;
  const Stream stream = workout(plugin, options.seed, shape);
  int runs = 0;
  for (uint32_t present = 0; present <= all; ++present) {
    if ((present & required) != required) continue;
    ModuleRun run(plugin, findings, values_of(plugin, Corner::preset), present);
    if (!run.create()) {
      findings.fault(fmt::format("create gave NULL with channels {:#x}, all required ones among them", present));
      continue;
    }
    play(run, stream, {1, 5, nullptr});
    ++runs;
  }
  findings.note(fmt::format("{} combinations", runs));
}

void check_module_limits(const Plugin& plugin, const Options& options, Findings& findings) {
  Workout shape;
  shape.length_s = 60;
  shape.rate_hz = 50;
  const Stream stream = workout(plugin, options.seed, shape);
  int created = 0;
  const auto try_values = [&](Values values, const std::string& what) {
    ModuleRun run(plugin, findings, std::move(values), all_channels(plugin));
    if (!run.create()) {
      run.log_count > 0 ? findings.hint(what + ": refused, with words")
                        : findings.fault(what + ": create gave NULL without a word");
      return;
    }
    play(run, stream, {1, 5, nullptr});
    ++created;
  };
  try_values(values_of(plugin, Corner::lowest), "all parameters at min");
  try_values(values_of(plugin, Corner::highest), "all parameters at max");
  for (uint32_t i = 0; i < plugin.entry->param_count; ++i) {
    try_values(values_with(plugin, i, Corner::lowest), fmt::format("{} at min", plugin.entry->params[i].key));
    try_values(values_with(plugin, i, Corner::highest), fmt::format("{} at max", plugin.entry->params[i].key));
  }
  findings.note(fmt::format("{} combinations of lowest and highest values", created));
}

void check_module_hour(const Plugin& plugin, const Options& options, Findings& findings) {
  Workout shape;
  shape.length_s = options.hour_s;
  const Stream stream = workout(plugin, options.seed, shape);
  ModuleRun run(plugin, findings, values_of(plugin, Corner::preset), all_channels(plugin));
  run.quiet = run.timed = true;
  run.call_s.reserve(2 * stream.size());
  if (!run.create()) return findings.fault(kNull);
  const std::size_t before = mallinfo2().uordblks;
  int exercises = 1, ticks = 0;
  for (const Step& step : stream) {
    step.kind == Step::Kind::sample ? run.samples({&step, 1}) : run.other(step);
    if (step.kind == Step::Kind::tick && ++ticks % 2 == 0) run.view();
    if (run.done_count == 0 || step.kind != Step::Kind::tick) continue;
    run.restart();  // over before the hour is: again from the beginning
    run.other({Step::Kind::action, step.t_us, 0, PATELLA_ACTION_START, 0});
    ++exercises;
  }
  const std::size_t after = mallinfo2().uordblks;
  const std::size_t growth = after > before ? after - before : 0;
  if (growth > (1u << 20)) findings.hint(fmt::format("holds {} KiB more after {:g} s", growth >> 10, options.hour_s));
  const auto at99 = run.call_s.begin() + static_cast<std::ptrdiff_t>(run.call_s.size() * 99 / 100);
  std::nth_element(run.call_s.begin(), at99, run.call_s.end());
  const double p99_s = *at99;
  if (p99_s > kSlowCallS) findings.hint(fmt::format("one call in a hundred takes {:.3g} ms or more", 1e3 * p99_s));
  findings.note(fmt::format("{:g} s at 100 Hz: {} calls, p99 {:.3g} µs, {} events, {} reps counted in {} exercises",
                            options.hour_s, run.call_s.size(), 1e6 * p99_s, run.event_count, run.counted_reps, exercises));
}

void check_module_many_lives(const Plugin& plugin, const Options& options, Findings& findings) {
  constexpr int kWarmUp = 50, kLives = 1000;
  Workout shape;
  shape.length_s = 5;
  shape.rate_hz = 20;
  const Stream stream = workout(plugin, options.seed, shape);
  std::size_t before = 0;
  for (int i = 0; i < kWarmUp + kLives; ++i) {
    if (i == kWarmUp) before = mallinfo2().uordblks;
    ModuleRun run(plugin, findings, values_of(plugin, Corner::preset), all_channels(plugin));
    run.quiet = true;
    if (!run.create()) return findings.fault(kNull);
    if (i % 2 == 0) play(run, stream, {1, 5, nullptr});
  }
  const std::size_t after = mallinfo2().uordblks;
  if (after > before + 4096)
    findings.fault(fmt::format("{} bytes more after {} lives: something is not freed", after - before, kLives));
  findings.note(fmt::format("{} times created and destroyed, no growth", kLives));
}

}  // namespace patella::check
