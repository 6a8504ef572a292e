// Bytes written as in the documents: "A4 01 4A 00 EF". For tests.
#pragma once

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace patella::ant_plus {

inline std::vector<uint8_t> hex(const std::string& text) {
  std::vector<uint8_t> bytes;
  std::istringstream words(text);
  for (std::string word; words >> word;) bytes.push_back(static_cast<uint8_t>(std::stoul(word, nullptr, 16)));
  return bytes;
}

}  // namespace patella::ant_plus
