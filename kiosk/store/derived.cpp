#include "store/derived.hpp"

#include <set>
#include <string_view>

namespace patella::store {

namespace {
using session::LogEvent;

const LogEvent::Value* find(const LogEvent& event, std::string_view key) {
  for (const auto& [name, value] : event.fields)
    if (name == key) return &value;
  return nullptr;
}

std::string text_of(const LogEvent& event, std::string_view key) {
  const LogEvent::Value* value = find(event, key);
  const std::string* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : std::string();
}

double number_of(const LogEvent& event, std::string_view key) {
  const LogEvent::Value* value = find(event, key);
  const double* number = value ? std::get_if<double>(value) : nullptr;
  return number ? *number : 0;
}

int whole_of(const LogEvent& event, std::string_view key) {
  const double number = number_of(event, key);
  return number > -1e9 && number < 1e9 ? static_cast<int>(number) : 0;
}

bool counted(const LogEvent& event) { return text_of(event, "counted") == "yes" || number_of(event, "counted") == 1; }

double seconds(int64_t t_us) { return static_cast<double>(t_us) / 1e6; }

RepRow rep_of(const LogEvent& event) {
  RepRow rep{whole_of(event, "set"), whole_of(event, "n"), text_of(event, "side"), counted(event),
             text_of(event, "reason"), seconds(event.t_us), {}};
  for (const auto& [key, value] : event.fields) {
    const double* number = std::get_if<double>(&value);
    if (number && key != "set" && key != "n" && key != "counted") rep.figures.emplace_back(key, *number);
  }
  return rep;
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
  if (event.kind == "hold") ++holds;
  if (event.kind == "set_start") {
    const double start_s = seconds(event.t_us);
    sets.push_back({whole_of(event, "set"), text_of(event, "side"), start_s, start_s, 0, ""});
    set_events.push_back(event.number);
  }
  if (event.kind == "set_end") {
    if (SetRow* set = open_set(whole_of(event, "set"), text_of(event, "side"))) {
      set->end_s = seconds(event.t_us);
      set->ended = text_of(event, "reason");
    }
  }
  if (event.kind == "rep") {
    reps.push_back(rep_of(event));
    rep_events.push_back(event.number);
    ++(reps.back().counted ? reps_counted : reps_not_counted);
    if (!reps.back().counted) return;
    if (SetRow* set = open_set(reps.back().set, reps.back().side)) ++set->reps;
  }
}

}  // namespace patella::store
