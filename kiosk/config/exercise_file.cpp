// One entry of the exercise library: exercises/<id>.toml.
#include <fmt/format.h>

#include <algorithm>

#include "config/entries.hpp"
#include "config/reader.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace {

constexpr std::size_t kMaxStep = 60;  // what fits on one line of the set-up screen at 3 m

void warn_of_long_lines(const std::vector<std::string>& lines, int line, const char* key, Diagnostics& notes) {
  for (const std::string& text : lines) {
    if (const std::size_t count = character_count(text); count > kMaxStep)
      notes.warning(line, key, fmt::format("{} has {} characters and may not fit on the screen", in_quotes(text), count),
                    fmt::format("Use at most {} characters a sentence", kMaxStep));
  }
}

/// A list of ids, each of them known.
std::vector<std::string> read_known(Reader& file, const char* key, std::span<const char* const> known) {
  std::vector<std::string> ids = file.texts(key, Need::optional, 12, 32);
  const std::vector<std::string> all(known.begin(), known.end());
  for (const std::string& id : ids)
    if (std::find(all.begin(), all.end(), id) == all.end())
      file.notes().error(file.line(key), key, fmt::format("knows no {}", in_quotes(id)), did_you_mean(id, all));
  return ids;
}

/// What is not given stays as it is preset: an exercise of a site's own needs none of it.
plan::ExerciseTraits read_traits(Reader& file) {
  plan::ExerciseTraits traits;
  traits.group = plan::group_named(file.choice("group", plan::id_of(traits.group), plan::group_ids())).value_or(traits.group);
  traits.position =
      plan::position_named(file.choice("position", plan::id_of(traits.position), plan::position_ids())).value_or(traits.position);
  traits.dose_source =
      plan::dose_source_named(file.choice("dose_source", plan::id_of(traits.dose_source), plan::dose_source_ids()))
          .value_or(traits.dose_source);
  traits.body_parts = read_known(file, "body_parts", plan::known_body_parts());
  traits.equipment = read_known(file, "equipment", plan::known_equipment());
  traits.easier = file.texts("easier", Need::optional, 4, 64);
  traits.harder = file.texts("harder", Need::optional, 4, 64);
  traits.needs_go_ahead = file.flag("needs_go_ahead", false);
  return traits;
}

}  // namespace

void check_id(const std::string& own_id, const std::string& file_id, int line, Diagnostics& notes) {
  if (own_id.empty() || own_id == file_id) return;
  notes.error(line, "id", fmt::format("{} differs from the file's name {}", in_quotes(own_id), in_quotes(file_id)),
              fmt::format("Write id = \"{}\", or rename the file to {}.toml", file_id, own_id));
}

LibraryEntry read_exercise(const toml::table& table, const std::string& id, const params::PluginSpecs& modules,
                           Diagnostics& notes) {
  LibraryEntry entry;
  Exercise& exercise = entry.exercise;
  Reader file(table, "", notes);
  exercise.id = file.id("id", Need::required);
  check_id(exercise.id, id, file.line("id"), notes);
  exercise.name = file.text("name", Need::required, 48);
  exercise.module = file.id("module", Need::required);
  exercise.icon = file.id("icon", Need::optional);
  exercise.figure = file.id("figure", Need::optional);
  exercise.steps = file.texts("steps", Need::required, 6, 120);
  exercise.watch_for = file.texts("watch_for", Need::optional, 4, 120);
  exercise.traits = read_traits(file);
  warn_of_long_lines(exercise.steps, file.line("steps"), "steps", notes);
  warn_of_long_lines(exercise.watch_for, file.line("watch_for"), "watch_for", notes);
  const toml::table* params = file.table("params");
  file.finish();

  entry.module = params::find(modules, exercise.module);
  if (entry.module) {
    entry.given = read_params(params, "params", entry.module->params, notes);
    exercise.params = in_force(entry.module->params, {&entry.given});
    check_pairs(entry.module->params, exercise.params, entry.given, notes);
  } else if (!exercise.module.empty()) {
    notes.error(file.line("module"), "module", fmt::format("the exercise module {} is not installed", in_quotes(exercise.module)),
                did_you_mean(exercise.module, params::folders(modules)));
  }
  entry.why_not = notes.first_error();
  return entry;
}

}  // namespace patella::config
