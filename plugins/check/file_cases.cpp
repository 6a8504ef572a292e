// Checks of the file itself: nothing is loaded.
#include <fmt/format.h>

#include "base/files.hpp"
#include "cases.hpp"
#include "elf_symbols.hpp"
#include "forbidden.hpp"

namespace patella::check {
namespace {

// Modules have stricter rules. The tables cannot be asked before loading, but the id of the interface lies in the file.
bool looks_like_module(const std::filesystem::path& file) {
  const Result<std::string> content = read_file(file, 256u << 20);
  return content && content->find(PATELLA_EXERCISE_INTERFACE) != std::string::npos;
}

}  // namespace

void check_symbols(const Plugin&, const Options& options, Findings& findings) {
  const auto symbols = read_elf_symbols(options.file);
  if (!symbols) return findings.fault(symbols.error().text());
  std::vector<std::string> exported = symbols->exported;
  std::erase_if(exported, [](const std::string& name) { return belongs_to_compiler(name); });
  if (std::erase(exported, PATELLA_ENTRY_SYMBOL) == 0) findings.fault("patella_entry is not exported");
  if (!exported.empty())
    findings.fault(
        fmt::format("exports {} more than patella_entry, for example {}: build with patella_add_plugin, or with "
                    "-fvisibility=hidden and the SDK's version script",
                    exported.size(), exported.front()));
  findings.note("exports patella_entry only");
}

void check_imports(const Plugin&, const Options& options, Findings& findings) {
  const auto symbols = read_elf_symbols(options.file);
  if (!symbols) return findings.fault(symbols.error().text());
  const bool module = looks_like_module(options.file);
  for (const std::string& name : symbols->imported) {
    if (const std::string why = why_forbidden(name, module); !why.empty()) findings.fault(name + " " + why);
    if (const std::string why = why_doubtful(name, module); !why.empty()) findings.hint(why);
  }
  for (const std::string& library : symbols->libraries)
    if (const std::string why = why_forbidden_library(library); !why.empty()) findings.fault("needs " + library + ": " + why);
  findings.note(fmt::format("{} imports, none forbidden", symbols->imported.size()));
}

}  // namespace patella::check
