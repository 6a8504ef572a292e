// Identifiers made on the kiosk.
#pragma once

#include <cstdint>
#include <string>

namespace patella {

/// A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, 74 random bits from getrandom(2). Lower case with
/// dashes. Sorts by time of creation within a millisecond's grain. Any thread.
std::string make_uuid7(int64_t utc_us);

/// 64 random bits from getrandom(2). Any thread.
uint64_t random_seed();

}  // namespace patella
