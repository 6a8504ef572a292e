// The store's and the export's budgets. One line each: name value unit budget. Needs the sqlite3 shell for the ratio.
//
//   bench_store [folder] [samples]      default: the folder for temporary files, 10 000 000
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <vector>

#include "export/csv.hpp"
#include "store/store.hpp"

namespace {
using namespace patella;

constexpr int kChannels = 8;

void must(const Status& done) {
  if (!done) throw std::runtime_error(done.error().text());
}

double wall_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void line(const std::string& name, double value, const char* unit, const char* budget) {
  fmt::print("{:<34} {:>10.3f} {:<8} {}\n", name, value, unit, budget);
}

/// A force in reps with noise: counts of a 24-bit converter over 100.
class Force {
 public:
  double next() {
    phase_ += 1;
    const int64_t rep = phase_ % 3000 < 1500 ? phase_ % 3000 : 3000 - phase_ % 3000;
    return static_cast<double>(rep * 5 + static_cast<int64_t>(random_() % 41)) / 100;
  }

 private:
  std::mt19937 random_{1};
  int64_t phase_ = 0;
};

store::SessionHead head(const std::string& id, int channels) {
  store::SessionHead made;
  made.id = id;
  made.station_id = "bench";
  made.client_ref = "guest";
  for (int c = 0; c < channels; ++c) made.channels.push_back({c, fmt::format("force_{}", c), "N", "bench", ""});
  return made;
}

/// One second of `channels` × 1 kHz.
std::vector<Record> second_of(int channels, int64_t second, uint64_t& seq, std::vector<Force>& forces) {
  std::vector<Record> records;
  for (int ms = 0; ms < 1000; ++ms)
    for (int c = 0; c < channels; ++c)
      records.push_back({++seq, second * 1'000'000 + ms * 1000, forces[static_cast<std::size_t>(c)].next(), RecordKind::sample, 0,
                         static_cast<uint16_t>(c), 0});
  return records;
}

std::unique_ptr<store::Store> opened(const std::filesystem::path& path) {
  Result<store::Store::Opened> store = store::Store::open(path);
  if (!store) throw std::runtime_error(store.error().text());
  return std::move(store->store);
}

/// 64 channels × 1 kHz × 60 s as the store thread gets it: a commit a second, then the end with packing.
void bench_recording(const std::filesystem::path& folder) {
  constexpr int kMany = 64, kSeconds = 60;
  const auto store = opened(folder / "recording.db");
  must(store->begin_session(head("many", kMany)));
  std::vector<Force> forces(kMany);
  std::vector<double> commits_ms;
  uint64_t seq = 0;
  double busy_s = 0;
  for (int second = 0; second < kSeconds; ++second) {
    const std::vector<Record> records = second_of(kMany, second, seq, forces);
    const double from = wall_s(), cpu = cpu_s();
    must(store->append("many", records, {}));
    must(store->commit());
    commits_ms.push_back((wall_s() - from) * 1000);
    busy_s += cpu_s() - cpu;
  }
  const double cpu = cpu_s();
  must(store->end_session("many", {"completed", kSeconds * 1'000'000}));
  const double packing_s = cpu_s() - cpu;
  uint64_t read = 0;
  must(store->each_record("many", [&](std::span<const Record> part) {
    read += part.size();
    return Status();
  }));
  std::sort(commits_ms.begin(), commits_ms.end());
  line("store_64x1kHz_missing", static_cast<double>(seq - read), "samples", "= 0");
  line("store_64x1kHz_cpu", 100 * busy_s / kSeconds, "%", "<= 25");
  line("store_64x1kHz_cpu_with_packing", 100 * (busy_s + packing_s) / kSeconds, "%", "<= 25");
  line("store_64x1kHz_commit_p50", commits_ms[commits_ms.size() / 2], "ms", "-");
  line("store_64x1kHz_commit_max", commits_ms.back(), "ms", "-");
  line("store_64x1kHz_size", static_cast<double>(std::filesystem::file_size(folder / "recording.db")) / static_cast<double>(seq),
       "B/sample", "-");
}

void sql(sqlite3* db, const char* text) {
  if (sqlite3_exec(db, text, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db));
}

/// The same samples in both shapes: our store, and one row a sample for the shell.
void make_samples(const std::filesystem::path& folder, int64_t seconds) {
  const auto store = opened(folder / "export.db");
  must(store->begin_session(head("long", kChannels)));
  sqlite3* peer = nullptr;
  sqlite3_open((folder / "rows.db").c_str(), &peer);
  sql(peer, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE s(channel TEXT, unit TEXT, t_s TEXT, v REAL); BEGIN");
  sqlite3_stmt* add = nullptr;
  sqlite3_prepare_v2(peer, "INSERT INTO s VALUES(?,'N',?,?)", -1, &add, nullptr);
  std::vector<Force> forces(kChannels);
  uint64_t seq = 0;
  for (int64_t second = 0; second < seconds; ++second) {
    const std::vector<Record> records = second_of(kChannels, second, seq, forces);
    for (const Record& record : records) {
      const std::string channel = fmt::format("force_{}", record.channel);
      const std::string time = fmt::format("{}.{:06}", record.t_us / 1'000'000, record.t_us % 1'000'000);
      sqlite3_bind_text(add, 1, channel.c_str(), -1, SQLITE_TRANSIENT);
      sqlite3_bind_text(add, 2, time.c_str(), -1, SQLITE_TRANSIENT);
      sqlite3_bind_double(add, 3, record.value);
      sqlite3_step(add);
      sqlite3_reset(add);
    }
    must(store->append("long", records, {}));
    must(store->commit());
  }
  sqlite3_finalize(add);
  sql(peer, "COMMIT");
  sqlite3_close(peer);
  must(store->end_session("long", {"completed", seconds * 1'000'000}));
}

void bench_export(const std::filesystem::path& folder, int64_t samples) {
  make_samples(folder, samples / (1000 * kChannels));
  const std::string shell = fmt::format(
      "sqlite3 -readonly {0}/rows.db -cmd '.mode csv' 'select channel,unit,t_s,v from s' > {0}/rows.csv", folder.string());
  double ours_s = 1e9, shell_s = 1e9;
  uint64_t bytes = 0;
  for (int round = 0; round < 3; ++round) {
    {
      const auto store = opened(folder / "export.db");
      std::filesystem::remove_all(folder / "csv");  // an export is never written over another
      std::filesystem::create_directories(folder / "csv");
      exporting::CsvRequest request;
      request.folder = folder / "csv";
      const double from = wall_s();
      const Result<exporting::CsvReport> report = exporting::write_csv(*store, request);
      if (!report) throw std::runtime_error(report.error().text());
      ours_s = std::min(ours_s, wall_s() - from);
      bytes = report->samples.bytes;
    }
    const double from = wall_s();
    if (std::system(shell.c_str()) != 0) throw std::runtime_error("the sqlite3 shell is missing");
    shell_s = std::min(shell_s, wall_s() - from);
  }
  line("export_csv_samples", static_cast<double>(samples) / 1e6, "million", "-");
  line("export_csv_size", static_cast<double>(bytes) / 1e6, "MB", "-");
  line("export_csv_shell", shell_s, "s", "-");
  line("export_csv_ours", ours_s, "s", "-");
  line("export_csv_ratio", shell_s / ours_s, "times", ">= 8");
}
}  // namespace

int main(int count, char** arguments) {
  const std::filesystem::path base = count > 1 ? std::filesystem::path(arguments[1]) : std::filesystem::temp_directory_path();
  const int64_t samples = count > 2 ? std::atoll(arguments[2]) : 10'000'000;
  const std::filesystem::path folder = base / fmt::format("patella-bench-{}", getpid());
  std::filesystem::create_directories(folder);
  int result = 0;
  try {
    bench_recording(folder);
    bench_export(folder, samples);
  } catch (const std::exception& failed) {
    fmt::print(stderr, "{}\n", failed.what());
    result = 1;
  }
  std::filesystem::remove_all(folder);
  return result;
}
