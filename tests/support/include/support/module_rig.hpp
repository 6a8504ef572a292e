// Runs an exercise module through its C table as a host would: a stream of calls in, events and view bytes out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <patella/testing.hpp>

namespace patella::test {

using testing::Said;

/// Evenly spread over -amplitude … +amplitude.
inline double noise(std::mt19937& random, double amplitude) {
  return amplitude * (static_cast<double>(random() % 2001) / 1000.0 - 1.0);
}

inline double field_of(const patella_event& event, const std::string& key) {
  for (uint32_t i = 0; i < event.field_count; ++i)
    if (key == event.fields[i].key) return event.fields[i].value;
  return sdk::kNone;
}

/// Values for declared parameters: the defaults, then what a test sets.
class Values {
 public:
  explicit Values(std::span<const patella_param> declared) {
    for (const patella_param& param : declared) {
      if (param.type != PATELLA_PARAM_ROWS) values_.push_back({param.key, -1, param.default_value, nullptr});
      for (uint32_t i = 0; i < param.default_row_value_count; ++i) values_.push_back(param.default_rows[i]);
    }
  }
  Values& set(const char* key, double number) {
    for (patella_value& value : values_)
      if (value.row < 0 && std::strcmp(value.key, key) == 0) value.number = number;
    return *this;
  }
  /// Drops the default rows of a list; cells follow with cell().
  Values& clear_rows(const std::string& list) {
    std::erase_if(values_, [&](const patella_value& v) { return v.row >= 0 && std::string(v.key).rfind(list + ".", 0) == 0; });
    return *this;
  }
  Values& cell(const char* key, int row, double number, const char* text = nullptr) {
    values_.push_back({key, row, number, text});
    return *this;
  }
  const std::vector<patella_value>& all() const { return values_; }

 private:
  std::vector<patella_value> values_;
};

/// One record of the stream. Samples that follow each other may be cut into any batches.
struct Record {
  enum Kind { kSample, kTick, kAction, kGap } kind;
  int64_t t_us;
  uint32_t which;  // channel or action
  double value;    // sample; gap: 1 = lost
};

/// Builds a stream: samples by rate and shape, ticks filled in, everything in order of time.
class Stream {
 public:
  void sample(uint32_t channel, int64_t t_us, double value) { records_.push_back({Record::kSample, t_us, channel, value}); }
  void action(uint32_t action, int64_t t_us) { records_.push_back({Record::kAction, t_us, action, 0}); }
  void gap(uint32_t channel, bool lost, int64_t t_us) { records_.push_back({Record::kGap, t_us, channel, lost ? 1.0 : 0.0}); }
  /// The records in order of time, with a tick every 50 ms up to `end_us`; a tick comes after what shares its time.
  std::vector<Record> with_ticks(int64_t end_us) const {
    std::vector<Record> all = records_;
    for (int64_t t_us = PATELLA_TICK_US; t_us <= end_us; t_us += PATELLA_TICK_US) all.push_back({Record::kTick, t_us, 0, 0});
    std::stable_sort(all.begin(), all.end(), [](const Record& a, const Record& b) { return a.t_us < b.t_us; });
    return all;
  }

 private:
  std::vector<Record> records_;
};

/// One module at the SDK's scripted host, played whole streams. A broken rule of exercise.h or view.h throws.
class Rig {
 public:
  Rig(const patella_exercise& table, const Values& values, uint32_t present) : host_(table, values.all(), present) {}

  void sample(uint32_t channel, int64_t t_us, double value) { host_.sample(channel, t_us, value); }
  void samples(std::span<const patella_sample> batch) { host_.samples(batch); }
  void tick(int64_t t_us) { host_.tick(t_us); }
  void action(uint32_t action, int64_t t_us) { host_.action(action, t_us); }
  void gap(uint32_t channel, bool lost, int64_t t_us) { host_.gap(channel, lost, t_us); }
  patella_view view() {
    const patella_view view = host_.view();
    throw_violations();
    return view;
  }
  void play(const Record& record) {
    switch (record.kind) {
      case Record::kSample:
        sample(record.which, record.t_us, record.value);
        break;
      case Record::kTick:
        tick(record.t_us);
        break;
      case Record::kAction:
        action(record.which, record.t_us);
        break;
      case Record::kGap:
        gap(record.which, record.value != 0, record.t_us);
        break;
    }
    throw_violations();
  }
  /// Plays all; `look` is called after each record.
  void play(const std::vector<Record>& records, const std::function<void(const Record&)>& look = {}) {
    for (const Record& record : records) {
      play(record);
      if (look) look(record);
    }
  }
  /// Plays all with neighbouring samples cut into batches of random size.
  void play_in_batches(const std::vector<Record>& records, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<patella_sample> batch;
    std::size_t limit = 1;
    auto flush = [&] {
      if (!batch.empty()) samples(batch);
      batch.clear();
      limit = 1 + random() % 9;
    };
    for (const Record& record : records) {
      if (record.kind == Record::kSample) {
        batch.push_back({record.t_us, record.value, record.which, 0});
        if (batch.size() >= limit) flush();
        continue;
      }
      flush();
      play(record);
    }
    flush();
  }

  bool created() const { return host_.created(); }
  const Said& said() const { return host_; }

 private:
  void throw_violations() const {
    if (!host_.violations.empty()) throw std::logic_error("the module: " + host_.violations.front());
  }
  testing::ScriptedModuleHost host_;
};

inline bool same_bytes(const patella_view& a, const patella_view& b) { return std::memcmp(&a, &b, sizeof a) == 0; }
inline bool same_said(const Said& a, const Said& b) {
  if (a.events.size() != b.events.size() || a.cues != b.cues || a.logs != b.logs || a.metrics != b.metrics) return false;
  for (std::size_t i = 0; i < a.events.size(); ++i)
    if (std::memcmp(&a.events[i], &b.events[i], sizeof a.events[i]) != 0) return false;
  return true;
}

/// True when the stream gives the same events, metrics, cues and final view as one by one, for `rounds` random cuts.
inline bool same_in_batches(const patella_exercise& table, const Values& values, uint32_t present,
                            const std::vector<Record>& records, uint32_t rounds) {
  Rig whole(table, values, present);
  whole.play(records);
  for (uint32_t seed = 1; seed <= rounds; ++seed) {
    Rig cut(table, values, present);
    cut.play_in_batches(records, seed);
    if (!same_said(whole.said(), cut.said()) || !same_bytes(whole.view(), cut.view())) return false;
  }
  return true;
}

}  // namespace patella::test
