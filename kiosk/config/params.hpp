// Parameters of a plugin: what a file gives is checked against what the plugin declares, and layers are laid
// over each other.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/toml_file.hpp"

namespace patella::config {

/// The checked parameters that one file gives.
struct GivenParams {
  struct Entry {
    int line = 0;
    params::Values values;  ///< one, or the cells of a list; a list is complete
  };
  std::map<std::string, Entry> by_key;
  std::string path;  ///< "params": how the table is called in the file
};

/// Reads a table of parameters. Unknown keys are warnings; wrong values are errors and left out. `table` may
/// be null.
GivenParams read_params(const toml::table* table, const std::string& path, const params::Specs& specs, Diagnostics& notes);

/// One parameter: its value, or all cells of its list. Nothing, and errors in `notes`, when it is wrong.
std::optional<params::Values> read_value(const params::Spec& spec, const toml::node& node, const std::string& shown_key,
                                         Diagnostics& notes);

/// The declared defaults with the layers over them, the last one on top: each declared parameter once, in
/// declared order. A list is taken whole from one layer.
params::Values in_force(const params::Specs& specs, const std::vector<const GivenParams*>& layers);

/// Tells of parameters that contradict each other: one that is not below the one it is declared to be less than. A larger
/// one that is 0 is open. `given`: where to point; pairs that this file has no part in are left to the file that has.
void check_pairs(const params::Specs& specs, const params::Values& values, const GivenParams& given, Diagnostics& notes);

}  // namespace patella::config
