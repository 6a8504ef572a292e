// The dynamic symbols of a shared library, read from the file without loading it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace patella::check {

struct ElfSymbols {
  std::vector<std::string> exported;   ///< defined, global or weak or unique, visible
  std::vector<std::string> imported;   ///< undefined
  std::vector<std::string> libraries;  ///< DT_NEEDED
};

/// Reads a 64-bit little-endian ELF shared library. Error: not one, or cut off.
Result<ElfSymbols> read_elf_symbols(const std::filesystem::path& file);

}  // namespace patella::check
