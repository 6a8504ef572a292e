// What an exercise of the library is, beside how it is done: where it belongs, what it needs, what comes before and after it. Plain
// values; read from exercises/*.toml.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patella::plan {

enum class Group { warm_up = 1, strength, core, stretch, release, foot, activity };
enum class Position { standing = 1, sitting, lying };
/// Where the numbers of the library's dose come from.
enum class DoseSource { house_default = 1, published };

struct ExerciseTraits {
  Group group = Group::strength;
  Position position = Position::standing;
  std::vector<std::string> body_parts;      ///< of known_body_parts()
  std::vector<std::string> equipment;       ///< of known_equipment()
  std::vector<std::string> easier, harder;  ///< exercises of the library
  bool needs_go_ahead = false;              ///< of a physio: started only from a plan that one has set
  DoseSource dose_source = DoseSource::house_default;
};

/// As files, logs and exports have them: "warm_up", "house_default".
const char* id_of(Group group);
const char* id_of(Position position);
const char* id_of(DoseSource source);
std::optional<Group> group_named(std::string_view id);
std::optional<Position> position_named(std::string_view id);
std::optional<DoseSource> dose_source_named(std::string_view id);
std::vector<std::string> group_ids();
std::vector<std::string> position_ids();
std::vector<std::string> dose_source_ids();

std::span<const char* const> known_body_parts();
std::span<const char* const> known_equipment();

}  // namespace patella::plan
