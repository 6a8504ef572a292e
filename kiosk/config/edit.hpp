// Changing single numbers in a station's file, as pairing a sensor does, while every other byte of it stays.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace patella::config {

/// A number for one parameter of the driver of one binding.
struct ParamEdit {
  std::size_t bind = 0;  ///< index of the [[bind]] in the file, as in Station::bindings
  std::string param;
  int64_t value = 0;
  std::string driver = {};  ///< that the bind must have, in case the file was changed since it was read; "" = any
};

/// The file's text with these numbers; of two for the same parameter the last one. A value that is already in force
/// is not touched. The result is parsed again and differs by exactly these values. Error, with the key: the text is
/// no TOML, there is no such bind, the parameter is no whole number there, or it is written in a way that this
/// cannot change safely.
Result<std::string> with_bind_params(std::string_view text, std::span<const ParamEdit> edits);

/// Reads stations/<station_id>.toml, changes it and saves it; the version before is kept beside it. A file that has
/// these numbers already is not written. On an Error the file is as it was.
///
/// Bindings that name the same device, of this or of another station, must agree in all parameters: give each an edit.
Status edit_station(const std::filesystem::path& config_folder, const std::string& station_id,
                    std::span<const ParamEdit> edits);

}  // namespace patella::config
