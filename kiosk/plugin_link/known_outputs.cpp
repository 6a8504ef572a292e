#include "plugin_link/known_outputs.hpp"

#include <cstring>
#include <string_view>

namespace patella::plugin_link {
namespace {

template <class T>
void put(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}
void put_text(std::string& bytes, std::string_view text) {
  put(bytes, static_cast<uint32_t>(text.size()));
  bytes.append(text);
}
template <std::size_t N>
std::string_view view_of(const char (&field)[N]) {
  return {field, strnlen(field, N)};
}

struct Unpacker {
  std::string_view bytes;
  template <class T>
  void get(T& value) {
    std::memcpy(&value, bytes.data(), sizeof value);
    bytes.remove_prefix(sizeof value);
  }
  std::string text() {
    uint32_t length = 0;
    get(length);
    std::string text(bytes.substr(0, length));
    bytes.remove_prefix(length);
    return text;
  }
  template <std::size_t N>
  void text_into(char (&field)[N]) {
    const std::string given = text();
    std::memcpy(field, given.data(), given.size());
  }
};

/// Only what has a meaning: no reserved members, no fields beyond field_count.
std::string pack(const ModuleOutput& output) {
  std::string bytes;
  put(bytes, output.kind);
  put(bytes, output.after_seq);
  if (output.kind == ModuleOutput::Kind::metric) {
    put(bytes, output.value);
    put_text(bytes, output.key);
    put_text(bytes, output.unit);
  } else if (output.kind == ModuleOutput::Kind::cue) {
    put(bytes, output.cue);
    put_text(bytes, output.text);
  } else {
    const patella_event& e = output.event;
    put(bytes, e.kind);
    put(bytes, e.t_us);
    put(bytes, e.set);
    put(bytes, e.n);
    put(bytes, e.side);
    put(bytes, e.counted);
    put_text(bytes, view_of(e.reason));
    put_text(bytes, view_of(e.label));
    put(bytes, e.field_count);
    for (uint32_t i = 0; i < e.field_count && i < PATELLA_EVENT_FIELDS; ++i) {
      put_text(bytes, view_of(e.fields[i].key));
      put(bytes, e.fields[i].value);
    }
  }
  return bytes;
}

}  // namespace

void KnownOutputs::keep(const ModuleOutput& output) {
  if (output.ordinal >= kept_.size()) kept_.resize(output.ordinal + 1u);
  kept_[output.ordinal] = pack(output);
}

bool KnownOutputs::same(const ModuleOutput& output) const {
  const std::string& kept = kept_[output.ordinal];
  return kept.empty() || kept == pack(output);
}

ModuleOutput KnownOutputs::at(uint32_t ordinal) const {
  ModuleOutput output;
  output.ordinal = ordinal;
  Unpacker from{kept_[ordinal]};
  from.get(output.kind);
  from.get(output.after_seq);
  if (output.kind == ModuleOutput::Kind::metric) {
    from.get(output.value);
    output.key = from.text();
    output.unit = from.text();
  } else if (output.kind == ModuleOutput::Kind::cue) {
    from.get(output.cue);
    output.text = from.text();
  } else {
    patella_event& e = output.event;
    e.size = sizeof e;
    from.get(e.kind);
    from.get(e.t_us);
    from.get(e.set);
    from.get(e.n);
    from.get(e.side);
    from.get(e.counted);
    from.text_into(e.reason);
    from.text_into(e.label);
    from.get(e.field_count);
    for (uint32_t i = 0; i < e.field_count && i < PATELLA_EVENT_FIELDS; ++i) {
      from.text_into(e.fields[i].key);
      from.get(e.fields[i].value);
    }
  }
  return output;
}

}  // namespace patella::plugin_link
