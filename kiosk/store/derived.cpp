#include "store/derived.hpp"

#include <set>

#include "session/logged.hpp"

namespace patella::store {

namespace {
using session::LogEvent;

double seconds(int64_t t_us) { return static_cast<double>(t_us) / 1e6; }

RepRow rep_of(const session::logged::Rep& rep, int64_t t_us) {
  return {rep.set, rep.n, rep.side, rep.counted, rep.reason, seconds(t_us), rep.figures};
}
}  // namespace

SetRow* Derived::open_set(int number, const std::string& side) {
  for (std::size_t i = sets.size(); i-- > 0;)
    if (sets[i].set == number && (side.empty() || sets[i].side.empty() || sets[i].side == side)) return &sets[i];
  return nullptr;
}

int Derived::set_count() const {
  std::set<int> numbers;
  for (const SetRow& row : sets) numbers.insert(row.set);
  return static_cast<int>(numbers.size());
}

void Derived::take(const LogEvent& event) {
  namespace logged = session::logged;
  if (logged::as<logged::Hold>(event)) ++holds;
  if (const auto started = logged::as<logged::SetStarted>(event)) {
    const double start_s = seconds(event.t_us);
    sets.push_back({started->set, started->side, start_s, start_s, 0, ""});
    set_events.push_back(event.number);
  }
  if (const auto ended = logged::as<logged::SetEnded>(event)) {
    if (SetRow* set = open_set(ended->set, ended->side)) {
      set->end_s = seconds(event.t_us);
      set->ended = ended->reason;
    }
  }
  if (const auto rep = logged::as<logged::Rep>(event)) {
    reps.push_back(rep_of(*rep, event.t_us));
    rep_events.push_back(event.number);
    ++(rep->counted ? reps_counted : reps_not_counted);
    if (!rep->counted) return;
    if (SetRow* set = open_set(rep->set, rep->side)) ++set->reps;
  }
}

}  // namespace patella::store
