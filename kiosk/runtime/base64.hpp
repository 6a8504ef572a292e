// Bytes as text, for the control socket.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patella::runtime {

std::string base64_of(std::string_view bytes);
/// nullopt: it is not base64.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace patella::runtime
