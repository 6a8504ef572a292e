// What was probably meant by a word that is not known.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patella {

/// Bytes that had to be inserted, deleted, replaced or swapped with their neighbour to make one from the
/// other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known`, if it is near enough to have been meant.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

/// `Did you mean "reps"?`, or the list of what is known when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

/// `"a", "b" and "c"`
std::string listed(const std::vector<std::string>& words);

}  // namespace patella
