// Notices to staff outside the screen: as JSON for programs, as a line for people.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.hpp"
#include "config/config.hpp"
#include "session/snapshot.hpp"

namespace patella::runtime {

/// {id, kind, raised_utc, zone_offset_min, station, station_title, session, client, detail: {…}, text,
/// acknowledged_utc and acknowledged_by when it is}. `text`: what happened, in words.
nlohmann::json notice_json(const notices::Notice& notice, const Message& station_title, const Messages& text,
                           const Phrasebook& language = {});
nlohmann::json notices_json(const session::OpenNotices& open);
/// The same of rows of the log. `config`: what stations and questions are called; those it does not know are named by their ids.
nlohmann::json notices_json(const std::vector<notices::Notice>& rows, const config::Config& config);
Error no_open_notice(const std::string& id);
/// "2026-11-20 10:42  Knee extension  C-0007  Pain stop pressed. Pain 6 of 10, Left knee" of a notice_json().
std::string notice_line(const nlohmann::json& notice);

}  // namespace patella::runtime
