#include "config/edit_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/files.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFolder = "edits/stations";
constexpr std::size_t kMaxSteps = 20;

bool is_link(const fs::path& path) {
  std::error_code ignored;
  return fs::is_symlink(fs::symlink_status(path, ignored));
}

std::shared_ptr<EditFile> read_one(const fs::path& state, const std::string& station, Diagnostics& notes) {
  std::shared_ptr<EditFile> file;
  guarded(notes, [&] {
    if (is_link(state / notes.file()))
      return notes.error(0, "", "is a link, and not a file of the kiosk's own", "Put the file itself there, or remove the link");
    bool whole = true;
    auto table = parse_file(state, notes, [&](std::string text) {
      whole = is_whole(text);
      return text;
    });
    if (table && !whole)
      return notes.error(0, "", "was cut off: its last line is missing",
                         fmt::format("Put a revision in force with `patella edits {} --undo-to N`; 0 is none", station));
    if (table) file = read_edit_file(std::move(*table), station, notes);
  });
  return file;
}

/// "7" of 7.toml; 0: it is no revision's name.
int revision_of(const fs::path& path) {
  const std::string name = path.filename().string();
  if (!name.ends_with(".toml") || name.front() == '0') return 0;
  int number = 0;
  const char* end = name.data() + name.size() - 5;
  const auto [behind, failure] = std::from_chars(name.data(), end, number);
  return failure == std::errc() && behind == end && number > 0 && number < kMaxRevision ? number : 0;
}

/// What is in force has gone and its revisions are there: nobody takes edits back like that.
void find_missing(EditFiles& edits) {
  std::error_code failure;
  for (fs::directory_iterator at(edits.state / kFolder, failure), end; !failure && at != end; at.increment(failure)) {
    const std::string station = at->path().filename().string();
    std::error_code ignored;
    if (!is_id(station) || edits.current.count(station) || !at->is_directory(ignored)) continue;
    if (kept_revisions(edits.state, station).empty()) continue;
    edits.current[station] = nullptr;
    Diagnostics(edit_file_name(station), edits.diagnostics[station])
        .error(0, "", "is missing, and its earlier revisions are there",
               fmt::format("Put one in force again with `patella edits {} --undo-to N`; 0 is none", station));
  }
}

}  // namespace

std::string edit_file_name(const std::string& station) { return fmt::format("{}/{}.toml", kFolder, station); }
std::string revision_name(const std::string& station, int revision) {
  return fmt::format("{}/{}/{}.toml", kFolder, station, revision);
}

EditFiles read_edit_files(const fs::path& state) {
  EditFiles edits;
  edits.state = state;
  std::error_code failure;
  if (state.empty() || fs::symlink_status(state / kFolder, failure).type() == fs::file_type::not_found) return edits;
  for (const std::string& station : toml_names(state, kFolder, edits.folder_findings)) {
    Diagnostics notes(edit_file_name(station), edits.diagnostics[station]);
    edits.current[station] = read_one(state, station, notes);
  }
  find_missing(edits);
  return edits;
}

std::vector<int> kept_revisions(const fs::path& state, const std::string& station) {
  std::vector<int> numbers;
  std::error_code failure;
  for (fs::directory_iterator at(state / kFolder / station, failure), end; !failure && at != end; at.increment(failure))
    if (const int number = revision_of(at->path())) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

bool same_bytes(const fs::path& a, const fs::path& b) {
  const auto one = read_file(a, kMaxFile), other = read_file(b, kMaxFile);
  return one && other && *one == *other;
}

EditFilePtr read_revision(const fs::path& state, const std::string& station, int revision, std::vector<Diagnostic>& diagnostics) {
  Diagnostics notes(revision_name(station, revision), diagnostics);
  const auto file = read_one(state, station, notes);
  if (file) file->revision = revision;  // one that was copied by hand says another
  return file;
}

EditFilePtr earlier_revision(const fs::path& state, const std::string& station, int below) {
  std::vector<int> numbers = kept_revisions(state, station);
  std::reverse(numbers.begin(), numbers.end());
  std::size_t steps = 0;
  for (const int number : numbers) {
    if (number >= below) continue;
    if (++steps > kMaxSteps) return nullptr;
    std::vector<Diagnostic> told_by_the_list;
    if (auto file = read_revision(state, station, number, told_by_the_list)) return file;
  }
  return nullptr;
}

}  // namespace patella::config
