// Flips one bit of the file or of its log, everywhere, and asks everything that the running kiosk can be asked. Each flip is
// told, without effect, or silent: another answer, and nobody hears of it. Printed by table.
#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <fstream>

#include "export/csv.hpp"
#include "memory_disk.hpp"
#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "workload.hpp"

using namespace patella;
using namespace patella::test;
using store::OpenOptions;
using store::Store;

namespace {
using Files = std::map<std::string, std::string>;

session::LogEvent own(session::LogEvent event) {
  event.origin = session::Origin::session;
  return event;
}

notices::Notice notice(const std::string& id, int64_t utc_us) {
  notices::Notice made;
  made.id = id;
  made.utc_us = utc_us;
  made.kind = notices::Kind::pain_stop;
  made.station = "tke";
  made.session = id;
  made.client = "C-00" + id;
  made.detail = {{"pain", 7.0}, {"place", std::string("Left knee")}};
  return made;
}

/// Two sessions of a day that ended and one that is still open, with everything a store can hold.
void fill(Store& store, const char* part) {
  for (const char* name : {"a", "b", "c"}) {
    const std::string id = std::string(part) + name;
    const Script script = make_script(id, 60, 51);
    store::SessionHead begun = head(id);
    begun.client_ref = "C-00" + id;
    begun.started_utc_us += name[0] * int64_t{1'000'000};
    REQUIRE(store.begin_session(begun));
    REQUIRE(store.append(id, script.records, script.events));
    REQUIRE(store.commit());
    const uint64_t next = script.events.size();
    REQUIRE(store.append(
        id, {},
        std::vector{own(event(next + 1, 1, "calibration",
                              {{"channel", std::string("force")}, {"id", std::string("c1")}, {"serial", std::string("A1")}})),
                    event(next + 2, 2, "set_end", {{"set", 1.0}, {"reason", std::string("done")}}),
                    own(event(next + 3, 3, "quality",
                              {{"channel", std::string("force")}, {"samples", 90.0}, {"rate_hz", 80.5}, {"jitter_ms", 1.25}}))}));
    REQUIRE(store.audit({1, "kiosk", "view", id, "detail"}));
    REQUIRE(store.add_calibration(calibration(static_cast<std::size_t>(name[0]))));
    REQUIRE(store.add_band_check({id, "green", 3000, 60, "M. Berg", "d", "A1", "c1", 0.5, 20.25, 1.0, 80.5, 120.5}));
    REQUIRE(store.put_notice(notice(id, name[0])));
    REQUIRE(store.put_staff({id, "Member " + id, "physio", "$argon2id$" + id, 1000, name[0] == 'b' ? 5 : 0, 0}));
    REQUIRE(store.commit());
    REQUIRE(store.set_pin_failures(id, 2));
    REQUIRE(store.commit());
    if (name[0] != 'c') REQUIRE(store.end_session(id, {"completed", 7, 2, 3, 5}));
  }
}

/// `killed`: the log has all of it, for nothing was folded into the file.
Files made(bool killed) {
  MemoryDisk disk;
  OpenOptions options;
  options.vfs = disk.vfs_name();
  Files files;
  {
    Result<Store::Opened> opened = store::open_store("log.db", options);
    REQUIRE(opened.ok());
    fill(*opened->store, "1");
    if (killed) {
      opened->store.reset();
      opened = store::open_store("log.db", options);
      REQUIRE(opened.ok());
      fill(*opened->store, "2");
      // What comes after the last end of a session is in the log alone.
      REQUIRE(opened->store->put_staff({"late", "Late", "staff", "$argon2id$late", 1000, 0, 0}));
      REQUIRE(opened->store->add_calibration(calibration(500)));
      REQUIRE(opened->store->audit({2, "kiosk", "export", "2a", ""}));
      REQUIRE(opened->store->commit());
      for (const auto& [name, file] : disk.files) files[name] = file->bytes;
      return files;
    }
  }
  for (const auto& [name, file] : disk.files) files[name] = file->bytes;
  return files;
}

std::string text_of(const store::StoredChannel& channel) {
  std::string text = channel.key + channel.unit + channel.driver + channel.serial + channel.calibration;
  if (channel.figures)
    text += fmt::format("{} {:a} {:a} {}", channel.figures->samples, channel.figures->rate_hz, channel.figures->jitter_ms,
                        channel.figures->lost);
  return text;
}

std::string text_of(const store::SessionListRow& row) {
  const store::SessionHead& head = row.head;
  std::string text =
      fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", head.id, head.station_id, head.station_title, head.client_ref,
                  head.params_json, head.station_json, row.outcome, head.module_id, head.module_version, head.boot_id);
  text += fmt::format("{} {} {} {} {}", head.started_utc_us, head.zone_offset_min, head.started_mono_us, head.seed, head.present);
  text += fmt::format("{:a} {} {} {} {} {} {} {} {}", row.duration_s, row.pain_before, row.pain_after, row.effort, row.sets,
                      row.reps, row.reps_not_counted, row.holds, row.gaps);
  for (const auto& channel : head.channels) text += text_of(channel);
  return text;
}

std::string text_of(const store::StoredSession& session) {
  std::string text = text_of(session.row);
  for (const auto& record : session.records) text.append(reinterpret_cast<const char*>(&record), sizeof record);
  for (const auto& event : session.events) {
    text += fmt::format("{} {} {} {}", event.kind, event.t_us, event.after_seq, event.ordinal);
    for (const auto& [key, value] : event.fields) {
      const double* number = std::get_if<double>(&value);
      text += key + (number ? fmt::format("{:a}", *number) : std::get<std::string>(value));
    }
  }
  for (const auto& set : session.sets)
    text += fmt::format("{} {} {:a} {:a} {} {}", set.set, set.side, set.start_s, set.end_s, set.reps, set.ended);
  for (const auto& rep : session.reps) text += fmt::format("{} {} {} {} {:a}", rep.set, rep.n, rep.counted, rep.reason, rep.t_s);
  return text;
}

std::string text_of(const notices::Notice& notice) {
  std::string text =
      fmt::format("{} {} {} {} {} {} {} {} {}", notice.id, notice.utc_us, notice.zone_offset_min, notices::id_of(notice.kind),
                  notice.station, notice.session, notice.client, notice.acknowledged_utc_us, notice.acknowledged_by);
  for (const auto& [key, value] : notice.detail) {
    const double* number = std::get_if<double>(&value);
    text += key + (number ? fmt::format("{:a}", *number) : std::get<std::string>(value));
  }
  return text;
}

struct Answers {
  std::string text;
  bool told = false;

  template <class Asked>
  bool good(const Asked& asked) {
    told = told || !asked;
    return static_cast<bool>(asked);
  }
};

void ask_export(Store& store, Answers& answers) {
  const Folder folder;
  exporting::CsvRequest request;
  request.folder = folder.path;
  const auto report = exporting::write_csv(store, request);
  if (!answers.good(report)) return;
  answers.told = answers.told || !report->notices.empty();
  std::ifstream description(folder.path / "export.json", std::ios::binary);  // names every file with its hash
  answers.text.append(std::istreambuf_iterator<char>(description), {});
}

void ask_all(Store& store, Answers& answers) {
  if (const auto rows = store.sessions({}); answers.good(rows))
    for (const auto& row : *rows) {
      answers.text += text_of(row);
      const auto session = store.load(row.head.id);
      if (!answers.good(session)) continue;
      answers.told = answers.told || !session->notices.empty();
      answers.text += text_of(*session);
    }
  if (const auto rows = store.open_sessions(); answers.good(rows))
    for (const auto& row : *rows) answers.text += "open " + row.head.id;
  if (const auto rows = store.staff(); answers.good(rows))
    for (const auto& row : *rows)
      answers.text += fmt::format("{} {} {} {} {} {}", row.id, row.name, row.role, row.pin_hash, row.added_utc_us, row.failures);
  if (const auto rows = store.calibrations(); answers.good(rows))
    for (const auto& row : *rows) {
      answers.text +=
          fmt::format("{} {} {} {} {} {:a} {:a}", row.id, row.driver, row.serial, row.channel, row.who, row.slope, row.offset);
      for (const auto& point : row.points) answers.text += fmt::format("{:a} {:a}", point.known, point.reading);
    }
  if (const auto rows = store.band_checks(); answers.good(rows))
    for (const auto& row : *rows)
      answers.text += fmt::format("{} {} {} {:a} {:a}", row.id, row.band, row.made_utc_us, row.force1_n, row.stiffness_n_per_m);
  if (const auto rows = store.notices_to_staff({}); answers.good(rows))
    for (const auto& row : *rows) answers.text += text_of(row);
  if (const auto rows = store.audit_rows(); answers.good(rows))
    for (const auto& row : *rows) answers.text += row.actor + row.action + row.subject + row.detail;
}

Answers ask(const Files& files, bool with_export) {
  MemoryDisk disk;
  for (const auto& [name, bytes] : files) disk.make_file(name)->bytes = bytes;
  OpenOptions options;
  options.vfs = disk.vfs_name();
  Answers answers;
  Result<Store::Opened> opened = store::open_store("log.db", options);
  answers.told = !opened || !opened->notice.empty();
  if (!opened) return answers;
  ask_all(*opened->store, answers);
  if (with_export) ask_export(*opened->store, answers);
  answers.told = answers.told || !opened->store->take_notices().empty();
  return answers;
}

struct Count {
  int told = 0, harmless = 0, silent = 0;
  std::string places;
};

void flip_one(const Files& files, const std::string& name, std::size_t bit, const std::string& original, bool with_export,
              Count& count) {
  Files flipped = files;
  std::string& bytes = flipped.at(name);
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  const Answers answers = ask(flipped, with_export);
  if (answers.told) {
    ++count.told;
  } else if (answers.text == original) {
    ++count.harmless;
  } else {
    ++count.silent;
    count.places += fmt::format(" {}:{}", bit / 8, bit % 8);
  }
}

/// Pages of each table and of its indexes.
std::map<std::string, std::vector<std::size_t>> pages_of(const std::string& bytes) {
  const Folder folder;
  const auto path = folder.path / "log.db";
  std::ofstream(path, std::ios::binary) << bytes;
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  sqlite3_stmt* query = nullptr;
  REQUIRE(sqlite3_prepare_v2(
              db, "SELECT ifnull(s.tbl_name,d.name), d.pageno FROM dbstat d LEFT JOIN sqlite_schema s ON s.name=d.name", -1,
              &query, nullptr) == SQLITE_OK);
  std::map<std::string, std::vector<std::size_t>> pages;
  while (sqlite3_step(query) == SQLITE_ROW)
    pages[reinterpret_cast<const char*>(sqlite3_column_text(query, 0))].push_back(
        static_cast<std::size_t>(sqlite3_column_int64(query, 1)));
  sqlite3_finalize(query);
  sqlite3_close(db);
  return pages;
}

void print(const std::string& what, const Count& count) {
  fmt::print("{:<22} {:>6} told {:>6} without effect {:>4} silent{}\n", what, count.told, count.harmless, count.silent,
             count.places);
}
}  // namespace

TEST_CASE("a flipped bit in any table or in the log is told or does no harm") {
  const int for_each = count_from_environment("PATELLA_BIT_FLIPS", 40);
  const bool with_export = for_each > 40;  // writes files: in the longer runs
  std::mt19937_64 random(52);
  Count all;
  const auto add = [&](const std::string& what, const Count& count) {
    print(what, count);
    all.told += count.told;
    all.harmless += count.harmless;
    all.silent += count.silent;
  };

  const Files closed = made(false);
  const Answers good = ask(closed, with_export);
  REQUIRE_FALSE(good.told);
  REQUIRE(good.text.size() > 3 * 60 * 12 * sizeof(Record));
  const auto tables = pages_of(closed.at("log.db"));
  REQUIRE(tables.size() >= 15);
  for (const auto& [table, pages] : tables) {
    Count count;
    for (int i = 0; i < for_each; ++i) {
      const std::size_t page = pages[random() % pages.size()];
      // Half of them in what is used: the head of a page and its cells, which fill it from its end.
      const std::size_t byte = i % 4 == 0 ? random() % 64 : i % 4 == 1 ? 4095 - random() % 512 : random() % 4096;
      flip_one(closed, "log.db", ((page - 1) * 4096 + byte) * 8 + random() % 8, good.text, with_export, count);
    }
    add(table, count);
  }

  const Files killed = made(true);
  const Answers whole = ask(killed, with_export);
  REQUIRE_FALSE(whole.told);
  REQUIRE(killed.at("log.db-wal").size() > 10 * 4096);
  for (const char* name : {"log.db", "log.db-wal"}) {
    Count count;
    for (int i = 0; i < for_each * 6; ++i)
      flip_one(killed, name, random() % (killed.at(name).size() * 8), whole.text, with_export, count);
    add(std::string("after a kill: ") + (name[6] == 0 ? "file" : "log"), count);
  }
  print("together", all);
  CHECK(all.told > all.harmless / 4);
  CHECK(all.silent * 1000 <= all.told + all.silent);
}
