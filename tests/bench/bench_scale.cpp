// A log of very many sessions: start, lists, exports, and how long a commit waits meanwhile. Lines: name value unit budget.
//
//   bench_scale [folder] [sessions]      default: the folder for temporary files, 100 000
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/ids.hpp"
#include "export/csv.hpp"
#include "runtime/sliced_store.hpp"
#include "runtime/store_thread.hpp"
#include "store/open_options.hpp"

namespace {
using namespace patella;
using session::LogEvent;

constexpr int kSamples = 200, kReps = 12;

void must(const Status& done) {
  if (!done) throw std::runtime_error(done.error().text());
}

double now_ms() { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void line(const std::string& name, double value, const char* unit, const char* budget) {
  fmt::print("{:<34} {:>10.3f} {:<8} {}\n", name, value, unit, budget);
  std::fflush(stdout);
}

LogEvent event(uint64_t number, const std::string& kind, std::vector<std::pair<std::string, LogEvent::Value>> fields) {
  LogEvent made;
  made.number = made.after_seq = number;
  made.t_us = static_cast<int64_t>(number) * 1'500'000;
  made.origin = session::Origin::module;
  made.kind = kind;
  made.fields = std::move(fields);
  return made;
}

struct Content {
  std::vector<Record> records;
  std::vector<LogEvent> events;
};

/// A set of twelve at 10 Hz: small, as most are.
Content content() {
  Content made;
  for (int i = 0; i < kSamples; ++i)
    made.records.push_back(
        {static_cast<uint64_t>(i + 1), i * 100'000, static_cast<double>(i * 37 % 700) / 10, RecordKind::sample, 0, 0, 0});
  uint64_t number = 0;
  made.events.push_back(event(++number, "set_start", {{"set", 1.0}, {"side", std::string("left")}}));
  for (int n = 1; n <= kReps; ++n)
    made.events.push_back(event(++number, "rep",
                                {{"set", 1.0},
                                 {"n", 1.0 * n},
                                 {"side", std::string("left")},
                                 {"counted", std::string("yes")},
                                 {"peak_n", 60.0 + n},
                                 {"mean_n", 40.5},
                                 {"hold_s", 2.0}}));
  made.events.push_back(
      event(++number, "set_end", {{"set", 1.0}, {"side", std::string("left")}, {"reason", std::string("done")}}));
  return made;
}

store::SessionHead head(int64_t n) {
  store::SessionHead made;
  const int64_t utc_us = 1'700'000'000'000'000 + n * 300'000'000;
  made.id = make_uuid7(utc_us);
  made.station_id = made.station_title = "tke";
  made.client_ref = fmt::format("C-{:04}", n % 500);
  made.started_utc_us = utc_us;
  made.module_id = "org.patella.band_reps";
  made.params_json = std::string(600, 'p');
  made.station_json = std::string(1500, 's');
  made.channels.push_back({0, "force", "N", "chronojump_force", "FT1234"});
  return made;
}

void make(const std::filesystem::path& path, int64_t sessions) {
  store::OpenOptions fast;
  fast.before_log = fast.synchronous = "OFF";
  auto opened = store::open_store(path, fast);
  if (!opened) throw std::runtime_error(opened.error().text());
  const Content each = content();
  for (int64_t n = 0; n < sessions; ++n) {
    const store::SessionHead begun = head(n);
    must(opened->store->begin_session(begun));
    must(opened->store->append(begun.id, each.records, each.events));
    must(opened->store->end_session(begun.id, {"completed", 20'000'000, 2, 2, 5}));
  }
}

std::unique_ptr<store::Store> opened(const std::filesystem::path& path) {
  auto store = store::Store::open(path);
  if (!store) throw std::runtime_error(store.error().text());
  if (!store->notice.empty()) throw std::runtime_error(english(store->notice));
  return std::move(store->store);
}

void start(const std::filesystem::path& path, const char* name, const char* budget) {
  const double from = now_ms();
  const auto store = opened(path);
  if (!store->open_sessions()) throw std::runtime_error("the open sessions cannot be read");
  line(name, now_ms() - from, "ms", budget);
}

void killed(const std::filesystem::path& path, int64_t n) {
  const pid_t child = fork();
  if (child == 0) {
    auto* const store = opened(path).release();
    const store::SessionHead begun = head(n);
    const Content each = content();
    must(store->begin_session(begun));
    for (std::size_t i = 0; i < each.records.size(); i += 10) {
      must(store->append(begun.id, std::span(each.records).subspan(i, 10), {}));
      must(store->commit());
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error("the child did not record");
}

void lists(const std::filesystem::path& path) {
  const auto store = opened(path);
  double from = now_ms();
  store::PageRequest request{100, true, std::nullopt};
  auto page = store->session_page({}, request);
  line("scale_first_page", now_ms() - from, "ms", "10");
  const double before_mib = peak_mib();
  from = now_ms();
  double longest_ms = 0;
  for (int64_t rows = 0; page && page->next;) {
    rows += static_cast<int64_t>(page->rows.size());
    request.after = page->next;
    const double begun = now_ms();
    page = store->session_page({}, request);
    longest_ms = std::max(longest_ms, now_ms() - begun);
  }
  line("scale_all_pages", now_ms() - from, "ms", "-");
  line("scale_longest_page", longest_ms, "ms", "20");
  line("scale_all_pages_memory", peak_mib() - before_mib, "MiB", "16");
}

/// Commits as a client at a station makes them, while something else reads.
class Client : public runtime::StoreThread::Listener {
 public:
  Client(runtime::StoreThread& thread, int64_t n) : thread_(thread), head_(head(n)) {
    thread_.listen(this);
    thread_.begin(head_);
  }
  ~Client() override { thread_.listen(nullptr); }
  void stored(const runtime::StoreAck& ack) override {
    std::lock_guard lock(mutex_);
    acknowledged_ = std::max(acknowledged_, ack.event_number);
    wake_.notify_one();
  }
  void store_trouble(const Messages& text) override { fmt::print(stderr, "{}\n", english(text)); }
  void store_notice(const Messages& text) override { fmt::print(stderr, "{}\n", english(text)); }

  /// An event, and how long until it is on the disk.
  double commit_ms() {
    const double from = now_ms();
    thread_.append(head_.id, {}, {event(++number_, "note", {})}, true);
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return acknowledged_ >= number_; });
    return now_ms() - from;
  }

 private:
  runtime::StoreThread& thread_;
  store::SessionHead head_;
  std::mutex mutex_;
  std::condition_variable wake_;
  uint64_t acknowledged_ = 0, number_ = 0;
};

template <class Work>
void commits_during(runtime::StoreThread& thread, Client& client, const std::string& name, Work work) {
  std::atomic<bool> done{false};
  std::thread reader([&] {
    const std::atomic<bool> ending{false};
    runtime::SlicedStore sliced(thread, ending);
    work(sliced);
    done = true;
  });
  std::vector<double> delays;
  while (!done) {
    delays.push_back(client.commit_ms());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  reader.join();
  std::sort(delays.begin(), delays.end());
  line(name + "_commit_p50", delays[delays.size() / 2], "ms", "-");
  line(name + "_commit_max", delays.back(), "ms", "100");
}

void held_up(const std::filesystem::path& path, const std::filesystem::path& folder, int64_t n) {
  SystemClock clock;
  Log log(LogLevel::error, folder / "bench.log");
  auto thread = runtime::StoreThread::make(path, clock, log);
  if (!thread) throw std::runtime_error(thread.error().text());
  Client client(**thread, n);
  commits_during(**thread, client, "scale_list", [](store::Store& store) {
    store::PageRequest request{100, true, std::nullopt};
    for (auto page = store.session_page({}, request); page && page->next; page = store.session_page({}, request))
      request.after = page->next;
  });
  const double before_mib = peak_mib(), from = now_ms();
  commits_during(**thread, client, "scale_export", [&](store::Store& store) {
    exporting::CsvRequest request;
    request.folder = folder / "csv";
    std::filesystem::create_directories(request.folder);
    const auto report = exporting::write_csv(store, request);
    if (!report) fmt::print(stderr, "{}\n", report.error().text());
  });
  line("scale_export_all", (now_ms() - from) / 1000, "s", "-");
  line("scale_export_memory", peak_mib() - before_mib, "MiB", "64");
}
}  // namespace

int main(int count, char** arguments) {
  const std::filesystem::path base = count > 1 ? std::filesystem::path(arguments[1]) : std::filesystem::temp_directory_path();
  const int64_t sessions = count > 2 ? std::atoll(arguments[2]) : 100'000;
  const std::filesystem::path folder = base / fmt::format("patella-scale-{}", getpid());
  std::filesystem::create_directories(folder);
  const std::filesystem::path path = folder / "log.db";
  int result = 0;
  try {
    make(path, sessions);
    line("scale_sessions", static_cast<double>(sessions), "sessions", "-");
    line("scale_file", static_cast<double>(std::filesystem::file_size(path)) / 1048576, "MiB", "-");
    start(path, "scale_start", "300");
    killed(path, sessions);
    start(path, "scale_start_after_kill", "300");
    lists(path);
    held_up(path, folder, sessions + 1);
  } catch (const std::exception& failed) {
    fmt::print(stderr, "{}\n", failed.what());
    result = 1;
  }
  std::filesystem::remove_all(folder);
  return result;
}
