#include "tables.hpp"

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "dose_1_0.hpp"
#include "spelling_1_0.hpp"

namespace patella::tables {

struct Tables::Storage {
  std::deque<std::vector<patella_param>> params;
  std::deque<std::string> keys;
  std::vector<patella_match> matches;
  patella_serial_settings serial{};
  std::vector<patella_channel> channels;
  std::vector<patella_wanted_channel> wanted;
  std::vector<patella_metric> metrics;
  std::vector<patella_reason> reasons;
};

namespace {

/// False: not there, or too many; it stays as it is.
template <class T>
bool copy(const T*& array, uint32_t count, std::vector<T>& into) {
  if (count == 0 || count > kMaxEntries || !whole(array)) return false;
  for (uint32_t i = 0; i < count; ++i) into.push_back(table_at(array, i));
  array = into.data();
  return true;
}

}  // namespace

Tables::Tables(const patella_plugin_entry& entry, const patella_device* device, const patella_exercise* exercise)
    : storage_(std::make_shared<Storage>()),
      entry_(table_at(&entry, 0)),
      is_driver_(device != nullptr),
      is_of_1_0_(entry.abi_minor == 0) {
  Storage& kept = *storage_;
  const auto copy_params = [&](const patella_param*& params, uint32_t count) {
    std::vector<patella_param>& copied = kept.params.emplace_back();
    if (copy(params, count, copied) && is_of_1_0_) read_spelling(copied, kept.keys);
    return std::span(copied);
  };
  for (patella_param& param : copy_params(entry_.params, entry_.param_count))
    if (param.type == PATELLA_PARAM_ROWS) copy_params(param.columns, param.column_count);

  if (device) {
    device_ = table_at(device, 0);
    copy(device_.matches, device_.match_count, kept.matches);
    copy(device_.channels, device_.channel_count, kept.channels);
    if (is_of_1_0_)
      for (patella_channel& channel : kept.channels) channel.decimals = decimals_of(channel.unit);
    if (device_.serial) {
      kept.serial = table_at(device_.serial, 0);
      device_.serial = &kept.serial;
    }
    return;
  }
  exercise_ = table_at(exercise, 0);
  copy(exercise_.channels, exercise_.channel_count, kept.wanted);
  if (is_of_1_0_) {
    for (patella_wanted_channel& channel : kept.wanted) channel.decimals = decimals_of(channel.unit);
    exercise_.metrics = metrics_of_1_0().data();
    exercise_.metric_count = static_cast<uint32_t>(metrics_of_1_0().size());
    exercise_.reasons = reasons_of_1_0().data();
    exercise_.reason_count = static_cast<uint32_t>(reasons_of_1_0().size());
    return;
  }
  copy(exercise_.metrics, exercise_.metric_count, kept.metrics);
  copy(exercise_.reasons, exercise_.reason_count, kept.reasons);
}

bool Tables::describes_dose() const {
  return !is_driver_ &&
         (is_of_1_0_ ? entry_.param_count > 0 && entry_.param_count <= kMaxEntries : exercise_.describe_dose != nullptr);
}

std::string Tables::describe_dose(std::span<const patella_value> values) const {
  if (!describes_dose()) return {};
  if (is_of_1_0_) return dose_of_1_0({entry_.params, entry_.param_count}, values);
  char lines[PATELLA_MAX_DOSE_BYTES] = {};
  exercise_.describe_dose(values.data(), static_cast<uint32_t>(values.size()), lines, sizeof lines);
  return {lines, strnlen(lines, sizeof lines)};
}

}  // namespace patella::tables
