#include "elf_symbols.hpp"

#include <elf.h>

#include <cstring>
#include <optional>
#include <string_view>

#include "base/files.hpp"

namespace patella::check {
namespace {

template <class T>
std::optional<T> read_at(std::string_view file, uint64_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T)) return {};
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

std::string text_at(std::string_view file, const Elf64_Shdr& strings, uint64_t index) {
  if (index >= strings.sh_size || strings.sh_offset > file.size()) return "";
  const std::string_view rest = file.substr(strings.sh_offset + index > file.size() ? file.size() : strings.sh_offset + index);
  return std::string(rest.substr(0, rest.find('\0')));
}

void read_symbols(std::string_view file, const Elf64_Shdr& table, const Elf64_Shdr& strings, ElfSymbols& out) {
  for (uint64_t i = 1; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
    const auto symbol = read_at<Elf64_Sym>(file, table.sh_offset + i * sizeof(Elf64_Sym));
    if (!symbol) return;
    const unsigned bind = symbol->st_info >> 4, visibility = symbol->st_other & 3u;
    if (bind == STB_LOCAL || visibility == STV_HIDDEN || visibility == STV_INTERNAL) continue;
    std::string name = text_at(file, strings, symbol->st_name);
    if (name.empty()) continue;
    (symbol->st_shndx == SHN_UNDEF ? out.imported : out.exported).push_back(std::move(name));
  }
}

void read_needed(std::string_view file, const Elf64_Shdr& table, const Elf64_Shdr& strings, ElfSymbols& out) {
  for (uint64_t i = 0; i < table.sh_size / sizeof(Elf64_Dyn); ++i) {
    const auto entry = read_at<Elf64_Dyn>(file, table.sh_offset + i * sizeof(Elf64_Dyn));
    if (!entry || entry->d_tag == DT_NULL) return;
    if (entry->d_tag == DT_NEEDED) out.libraries.push_back(text_at(file, strings, entry->d_un.d_val));
  }
}

}  // namespace

Result<ElfSymbols> read_elf_symbols(const std::filesystem::path& path) {
  const Result<std::string> content = read_file(path, 256u << 20);
  if (!content) return content.error();
  const std::string_view file = *content;
  const auto header = read_at<Elf64_Ehdr>(file, 0);
  const Error not_one{"not a 64-bit shared library of this kind of machine", path.string(), "Build it with -shared -fPIC"};
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return not_one;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) return not_one;
  if (header->e_type != ET_DYN || header->e_shentsize != sizeof(Elf64_Shdr)) return not_one;
  const auto section = [&](uint64_t i) -> std::optional<Elf64_Shdr> {
    if (i >= header->e_shnum) return {};
    return read_at<Elf64_Shdr>(file, header->e_shoff + i * sizeof(Elf64_Shdr));
  };
  ElfSymbols out;
  bool found = false;
  for (uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto table = section(i);
    if (!table || (table->sh_type != SHT_DYNSYM && table->sh_type != SHT_DYNAMIC)) continue;
    const auto strings = section(table->sh_link);
    if (!strings) continue;
    if (table->sh_type == SHT_DYNSYM) {
      read_symbols(file, *table, *strings, out);
      found = true;
    } else {
      read_needed(file, *table, *strings, out);
    }
  }
  if (!found) return Error{"no table of dynamic symbols", path.string(), "Do not strip section headers"};
  return out;
}

}  // namespace patella::check
