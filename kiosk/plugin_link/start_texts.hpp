// The part of a child's first message that drivers and modules share.
#pragma once

#include <vector>

#include "plugin_link/links.hpp"
#include "wire/message.hpp"
#include "wire/wire.hpp"

namespace patella::plugin_link {

inline wire::Message start_texts(const params::Values& values) {
  wire::Message message{"start", wire::kVersion};
  for (const params::Value& value : values)
    message.insert(message.end(), {"value", value.key, std::to_string(value.row), wire::number_text(value.number),
                                   value.text ? "1" : "0", value.text.value_or("")});
  return message;
}

}  // namespace patella::plugin_link
