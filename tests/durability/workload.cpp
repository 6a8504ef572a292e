#include "workload.hpp"

#include <fmt/format.h>

#include <random>

namespace patella::test {

Script make_script(const std::string& id, std::size_t commits, uint64_t seed) {
  Script script{id, random_records(commits * 12, seed), {}};
  std::mt19937_64 random(seed + 1);
  uint64_t number = 0;
  for (std::size_t i = 0; i < commits; i += 3) {
    const int64_t t_us = script.records[i * 12].t_us;
    if (i % 12 == 0) {
      script.events.push_back(event(++number, t_us, "rep",
                                    {{"set", 1.0},
                                     {"n", static_cast<double>(number)},
                                     {"side", std::string("left")},
                                     {"counted", std::string(random() % 4 != 0 ? "yes" : "no")},
                                     {"peak_n", static_cast<double>(random() % 1000) / 10}}));
    } else {
      script.events.push_back(event(++number, t_us, i == 3 ? "set_start" : "note", {{"set", 1.0}, {"text", std::string("x")}}));
    }
  }
  return script;
}

std::string check(store::Store& store, const Script& script, const Acknowledged::Session& acknowledged) {
  const Result<store::StoredSession> stored = store.load(script.id);
  if (!stored) {
    const bool nothing = acknowledged.records == 0 && acknowledged.events == 0 && !acknowledged.ended;
    return nothing ? "" : "lost: " + stored.error().text();
  }
  if (!stored->notices.empty()) return "damaged: " + stored->notices.front();
  if (stored->records.size() < acknowledged.records)
    return fmt::format("lost: {} of {} acknowledged records", stored->records.size(), acknowledged.records);
  if (stored->events.size() < acknowledged.events)
    return fmt::format("lost: {} of {} acknowledged events", stored->events.size(), acknowledged.events);
  if (acknowledged.ended && stored->row.outcome.empty()) return "lost: the end of the session";
  if (stored->records.size() > script.records.size() || stored->events.size() > script.events.size()) return "damaged: too much";
  std::size_t reps = 0;
  for (std::size_t i = 0; i < stored->records.size(); ++i)
    if (!same(stored->records[i], script.records[i])) return fmt::format("damaged: record {}", i + 1);
  for (std::size_t i = 0; i < stored->events.size(); ++i) {
    if (!same(stored->events[i], script.events[i])) return fmt::format("damaged: event {}", i + 1);
    reps += script.events[i].kind == "rep" ? 1 : 0;
  }
  if (stored->reps.size() != reps) return "damaged: reps do not fit the events";
  if (static_cast<std::size_t>(stored->row.reps + stored->row.reps_not_counted) != reps) return "damaged: the count of reps";
  return "";
}

}  // namespace patella::test
