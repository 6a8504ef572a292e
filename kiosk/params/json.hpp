// Parameters as JSON: a plugin's own tables as its child process prints them, the values of a session in its log, and the named form
// that a revision is made of.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "params/spec.hpp"

namespace patella::params {

/// From what a child process printed. Nothing is taken for granted: what is missing or of a wrong type is empty or 0.
Spec spec_from_json(const nlohmann::json& json);
ChannelSpec channel_from_json(const nlohmann::json& json);
MetricSpec metric_from_json(const nlohmann::json& json);
ReasonSpec reason_from_json(const nlohmann::json& json);

/// The form of the session log: [{"key": "sets", "number": 3.0, "row": -1}, …], one line; a text has "text" instead of "number".
std::string to_log_json(const Values& values);
/// Error: it is not such a list.
Result<Values> from_log_json(const std::string& text);

/// Values by their names, for people and revisions: {"sets": 3, "sides": "left_first", "phases": [{…}, …]}. The value of a secret
/// is left out: "(set)" or "".
nlohmann::json to_named_json(const Specs& specs, const Values& values);
/// A number as a whole one when it is exactly that.
nlohmann::json number_json(double value);

}  // namespace patella::params
