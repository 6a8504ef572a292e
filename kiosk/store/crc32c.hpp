// CRC-32C (Castagnoli, RFC 3720 B.4): the check in every row.
#pragma once

#include <cstdint>
#include <string_view>

namespace patella::store {

/// `crc` continues an earlier part; 0 begins. crc32c("123456789") = 0xE3069283.
uint32_t crc32c(std::string_view bytes, uint32_t crc = 0);

}  // namespace patella::store
