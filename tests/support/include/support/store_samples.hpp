// What the tests of the store and of the exports share: a folder, a head, records and events with every oddity.
#pragma once

#include <unistd.h>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "base/record.hpp"
#include "session/log_event.hpp"
#include "store/store.hpp"

namespace patella::test {

/// A new folder, removed at the end.
struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "patella-store-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path;
};

inline store::SessionHead head(const std::string& id) {
  store::SessionHead head;
  head.id = id;
  head.station_id = "tke";
  head.station_title = "Knee extension, \"band\"";
  head.client_ref = "C-0007";
  head.started_utc_us = 1'795'000'000'123'456;
  head.zone_offset_min = 60;
  head.started_mono_us = 987'654'321;
  head.boot_id = "boot";
  head.module_id = "org.patella.band_reps";
  head.module_version = "1.2.3";
  head.plugin = "band_reps";
  head.params_json = R"([{"key":"reps","row":-1,"number":10}])";
  head.station_json = R"({"title":"Knee extension"})";
  head.seed = 0xFEDC'BA98'7654'3210;
  head.present = 3;
  head.channels = {{0, "force", "N", "chronojump_force", "FT1234"}, {1, "cadence", "rpm", "", ""}};
  return head;
}

inline session::LogEvent event(uint64_t number, int64_t t_us, const std::string& kind,
                               std::vector<std::pair<std::string, session::LogEvent::Value>> fields) {
  session::LogEvent made;
  made.number = number;
  made.after_seq = number * 3;
  made.ordinal = static_cast<uint32_t>(number);
  made.t_us = t_us;
  made.origin = session::Origin::module;
  made.kind = kind;
  made.fields = std::move(fields);
  return made;
}

inline bool same(const Record& a, const Record& b) {
  return a.seq == b.seq && a.t_us == b.t_us && std::bit_cast<uint64_t>(a.value) == std::bit_cast<uint64_t>(b.value) &&
         a.kind == b.kind && a.reserved == b.reserved && a.channel == b.channel && a.code == b.code;
}

inline bool same(const std::vector<Record>& a, const std::vector<Record>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same(a[i], b[i])) return false;
  return true;
}

/// Like ==, but two values are equal when their bits are: NaN too.
inline bool same(const session::LogEvent& a, const session::LogEvent& b) {
  if (a.number != b.number || a.after_seq != b.after_seq || a.ordinal != b.ordinal || a.t_us != b.t_us || a.origin != b.origin ||
      a.kind != b.kind || a.fields.size() != b.fields.size())
    return false;
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    if (a.fields[i].first != b.fields[i].first || a.fields[i].second.index() != b.fields[i].second.index()) return false;
    const double* number = std::get_if<double>(&a.fields[i].second);
    if (number && std::bit_cast<uint64_t>(*number) != std::bit_cast<uint64_t>(std::get<double>(b.fields[i].second))) return false;
    if (!number && a.fields[i].second != b.fields[i].second) return false;
  }
  return true;
}

/// seq 1…n: three channels of different character, ticks, actions, gaps, and now and then a record that no rule foresees.
inline std::vector<Record> random_records(std::size_t n, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Record> records(n);
  int64_t t_us = 0, counts = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Record& record = records[i];
    record.seq = i + 1;
    t_us += static_cast<int64_t>(random() % 700);
    record.t_us = t_us - static_cast<int64_t>(random() % 300);  // of a sample, when it was measured: not quite in order
    const uint64_t dice = random() % 1000;
    if (dice < 600) {
      counts += static_cast<int64_t>(random() % 41) - 20;
      record.kind = RecordKind::sample;
      record.value = static_cast<double>(counts) / 100;
    } else if (dice < 800) {
      record.kind = RecordKind::sample;
      record.channel = 1;
      record.value = std::bit_cast<double>(random());
    } else if (dice < 850) {
      record.kind = RecordKind::sample;
      record.channel = 65535;
      record.value = dice % 2 != 0 ? -0.0 : 1e9 + static_cast<double>(random() % 1000) / 1e6;
    } else if (dice < 980) {
      record.kind = RecordKind::tick;
    } else if (dice < 990) {
      record.kind = RecordKind::action;
      record.code = static_cast<int32_t>(random());
    } else if (dice < 997) {
      record.kind = RecordKind::gap;
      record.channel = static_cast<uint16_t>(random() % 3);
      record.code = static_cast<int32_t>(random() % 2);
    } else {
      std::memcpy(&record.t_us, &dice, sizeof dice);
      record.value = std::bit_cast<double>(random());
      record.kind = static_cast<RecordKind>(random() % 256);
      record.reserved = static_cast<uint8_t>(random());
      record.channel = static_cast<uint16_t>(random());
      record.code = static_cast<int32_t>(random());
    }
  }
  return records;
}

}  // namespace patella::test
