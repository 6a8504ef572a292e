// Changing single numbers in the files of stations, as pairing a sensor does, while every other byte of it stays.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace patella::config {

/// Which device a bind names: as in Binding.
struct BindMark {
  std::string driver, serial, port;
  bool operator==(const BindMark&) const = default;
};

/// A number for one parameter of the driver of one binding.
struct ParamEdit {
  std::size_t bind = 0;  ///< index of the [[bind]] in the file, as in Station::bindings
  std::string param;
  int64_t value = 0;
  std::optional<BindMark> of = {};  ///< that the bind must have, in case the file was changed since it was read
};

struct StationEdit {
  std::string station;  ///< id
  std::vector<ParamEdit> edits;
};

/// The file's text with these numbers; of two for the same parameter the last one. A value that is already in force
/// is not touched. The result is parsed again and differs by exactly these values. Error, with the key: the text is
/// no TOML, there is no such bind, the parameter is no whole number there, or it is written in a way that this
/// cannot change safely.
Result<std::string> with_bind_params(std::string_view text, std::span<const ParamEdit> edits);

/// Reads stations/<id>.toml of each, makes all the new texts, and only then saves them one after the other; the version
/// before is kept beside each. A file that has these numbers already is not written. On an Error all files are as they
/// were; where one could not be put back, the Error says so. A power cut between two saves leaves only some changed,
/// which the next start tells.
///
/// Bindings that name the same device, of one or of several stations, must agree in all parameters: give each an edit.
Status edit_stations(const std::filesystem::path& config_folder, std::span<const StationEdit> edits);

}  // namespace patella::config
