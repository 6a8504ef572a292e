// Made-up bytes from a device: noise, and noise that looks enough like a protocol to get past the first look.
#pragma once

#include <cstdint>
#include <vector>

#include "random.hpp"

namespace patella::check {

using Bytes = std::vector<uint8_t>;

/// One slice of 1 … 64 bytes. `echo`: what the driver wrote last; some slices are it, spoilt in one place.
/// `serial`: half of it are lines with numbers.
Bytes noise(Random& random, const Bytes& echo, bool serial);

/// About `lines` lines of text with numbers in the forms that serial sensors use, some of them spoilt.
Bytes number_lines(Random& random, int lines);

}  // namespace patella::check
