#include "tables.hpp"

#include <deque>
#include <span>
#include <string>
#include <vector>

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
    : storage_(std::make_shared<Storage>()), entry_(table_at(&entry, 0)), is_driver_(device != nullptr) {
  Storage& kept = *storage_;
  const bool spelled = entry.abi_minor == 0;
  const auto copy_params = [&](const patella_param*& params, uint32_t count) {
    std::vector<patella_param>& copied = kept.params.emplace_back();
    if (copy(params, count, copied) && spelled) read_spelling(copied, kept.keys);
    return std::span(copied);
  };
  for (patella_param& param : copy_params(entry_.params, entry_.param_count))
    if (param.type == PATELLA_PARAM_ROWS) copy_params(param.columns, param.column_count);

  if (device) {
    device_ = table_at(device, 0);
    copy(device_.matches, device_.match_count, kept.matches);
    copy(device_.channels, device_.channel_count, kept.channels);
    if (spelled)
      for (patella_channel& channel : kept.channels) channel.decimals = decimals_of(channel.unit);
    if (device_.serial) {
      kept.serial = table_at(device_.serial, 0);
      device_.serial = &kept.serial;
    }
    return;
  }
  exercise_ = table_at(exercise, 0);
  copy(exercise_.channels, exercise_.channel_count, kept.wanted);
  if (spelled) {
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

}  // namespace patella::tables
