#include "plan/exercise.hpp"

#include <array>
#include <utility>

namespace patella::plan {

namespace {
template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

constexpr Names<Group, 7> kGroups{{{Group::warm_up, "warm_up"},
                                   {Group::strength, "strength"},
                                   {Group::core, "core"},
                                   {Group::stretch, "stretch"},
                                   {Group::release, "release"},
                                   {Group::foot, "foot"},
                                   {Group::activity, "activity"}}};
constexpr Names<Position, 3> kPositions{
    {{Position::standing, "standing"}, {Position::sitting, "sitting"}, {Position::lying, "lying"}}};
constexpr Names<DoseSource, 2> kSources{{{DoseSource::house_default, "house_default"}, {DoseSource::published, "published"}}};

constexpr const char* kBodyParts[] = {"knee", "front_thigh", "back_of_thigh", "buttocks", "hip",
                                      "calf", "foot",        "core",          "back",     "whole_body"};
constexpr const char* kEquipment[] = {"bike", "band",      "wall",  "mat",         "step",       "bench", "box",   "ball",
                                      "rail", "dumbbells", "towel", "foam_roller", "small_ball", "chair", "strap", "ankle_weight"};

template <class Enum, std::size_t N>
const char* name_in(const Names<Enum, N>& names, Enum wanted) {
  for (const auto& [value, name] : names)
    if (value == wanted) return name;
  return "";
}

template <class Enum, std::size_t N>
std::optional<Enum> named_in(const Names<Enum, N>& names, std::string_view id) {
  for (const auto& [value, name] : names)
    if (id == name) return value;
  return std::nullopt;
}

template <class Enum, std::size_t N>
std::vector<std::string> ids_of(const Names<Enum, N>& names) {
  std::vector<std::string> ids;
  for (const auto& [value, name] : names) ids.emplace_back(name);
  return ids;
}
}  // namespace

const char* id_of(Group group) { return name_in(kGroups, group); }
const char* id_of(Position position) { return name_in(kPositions, position); }
const char* id_of(DoseSource source) { return name_in(kSources, source); }
std::optional<Group> group_named(std::string_view id) { return named_in(kGroups, id); }
std::optional<Position> position_named(std::string_view id) { return named_in(kPositions, id); }
std::optional<DoseSource> dose_source_named(std::string_view id) { return named_in(kSources, id); }
std::vector<std::string> group_ids() { return ids_of(kGroups); }
std::vector<std::string> position_ids() { return ids_of(kPositions); }
std::vector<std::string> dose_source_ids() { return ids_of(kSources); }

std::span<const char* const> known_body_parts() { return kBodyParts; }
std::span<const char* const> known_equipment() { return kEquipment; }

}  // namespace patella::plan
