// Who is staff, as text for people and programs: never with a hash.
#pragma once

#include <string>

#include "store/store.hpp"

namespace patella::runtime {

/// A JSON array of those not removed, by name: id, name, role, since, has_pin.
Result<std::string> staff_text(store::Store& log);
/// Such an array as a table.
std::string staff_table(const std::string& json);

}  // namespace patella::runtime
