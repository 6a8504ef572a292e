#include "export/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "export/csv_tables.hpp"
#include "export/samples_csv.hpp"

namespace patella::exporting {

namespace {
constexpr int kSchema = 2;
constexpr int kSessionsAtOnce = 100;
// What is written goes to the disk in pieces of this size, so that no commit of a running session waits behind all of it.
constexpr uint64_t kSyncEvery = 4 << 20;

struct Export {
  store::Store& store;
  const CsvRequest& request;
  CsvReport report = {};
  std::vector<CsvFile> samples = {};
  uint64_t unsynced = 0;   ///< bytes
  bool described = false;  ///< export.json is there, and it is of this export

  Status wrote(uint64_t bytes) {
    unsynced += bytes;
    if (unsynced < kSyncEvery) return {};
    unsynced = 0;
    return sync_file_system(request.folder);
  }
};

/// Ids are made on the kiosk, but a file name is a place where nothing is taken on trust.
std::string samples_name(std::string id) {
  for (char& c : id)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-')) c = '_';
  return "samples_" + id + ".csv";
}

Status write_samples_of(Export& job, const store::SessionHead& head) {
  const std::string name = samples_name(head.id);
  Result<ExportFile> file = begin_file(job.request, name);
  if (!file) return file.error();
  uint64_t rows = 0;
  if (Status done = write_samples(job.store, head, style_of(job.request), *file, rows, job.report.notices); !done) return done;
  if (Status done = file->finish(Sync::later); !done) return done;
  job.samples.push_back({name, rows, file->bytes(), file->sha256()});
  return job.wrote(file->bytes());
}

Status write_session(Export& job, CsvTables& tables, const std::string& id) {
  Result<store::StoredSession> session = job.store.load_summary(id);
  if (!session) return session.error();
  for (const std::string& line : session->notices) job.report.notices.push_back("Session " + id + ": " + line);
  ++job.report.sessions;
  if (Status done = tables.put(*session); !done) return done;
  return job.request.samples ? write_samples_of(job, session->row.head) : Status();
}

Status write_sessions(Export& job, CsvTables& tables) {
  store::PageRequest request{kSessionsAtOnce, false, std::nullopt};
  for (;;) {
    const Result<store::SessionPage> page = job.store.session_page(job.request.filter, request);
    if (!page) return page.error();
    for (const store::SessionListRow& row : page->rows)
      if (Status done = write_session(job, tables, row.head.id); !done) return done;
    if (!page->next) return {};
    request.after = page->next;
  }
}

nlohmann::ordered_json filter_json(const store::SessionFilter& filter) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (filter.id) json["session"] = *filter.id;
  if (filter.from_utc_us) json["from_utc"] = utc_text(*filter.from_utc_us);
  if (filter.to_utc_us) json["to_utc"] = utc_text(*filter.to_utc_us);
  return json;
}

nlohmann::ordered_json file_json(const CsvFile& file) {
  nlohmann::ordered_json json;
  json["name"] = file.name;
  json["rows"] = file.rows;
  json["bytes"] = file.bytes;
  json["sha256"] = file.sha256;
  return json;
}

/// Without the files.
nlohmann::ordered_json description(const CsvRequest& request) {
  const CsvStyle style = style_of(request);
  const int64_t made_us = request.made_utc_us;
  nlohmann::ordered_json json;
  json["schema"] = kSchema;
  json["made_at_utc"] = utc_text(made_us);
  json["made_at_local"] = local_text({made_us, zone_offset_min_at(made_us)});
  json["made_by"] = request.actor;
  json["profile"] = request.profile == CsvProfile::excel ? "excel" : "programs";
  json["separator"] = std::string(1, style.separator);
  json["decimal"] = std::string(1, style.decimal);
  json["text_guarded"] = request.guard_text;
  json["filter"] = filter_json(request.filter);
  return json;
}

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Written as it goes: with a hundred thousand files the whole of it would be large. `sha256` gets the hash.
Status write_description(const Export& job, std::string& sha256) {
  Result<ExportFile> file = ExportFile::make(job.request.folder / "export.json");
  if (!file) return file.error();
  file->put("{\n");
  const nlohmann::ordered_json head = description(job.request);
  for (const auto& [key, value] : head.items()) file->put(fmt::format("  {}: {},\n", dump(key), dump(value)));
  file->put("  \"files\": [");
  const char* before = "\n    ";
  for (const std::vector<CsvFile>* const files : {&job.report.tables, &job.samples})
    for (const CsvFile& each : *files) file->put(std::exchange(before, ",\n    ") + dump(file_json(each)));
  file->put("\n  ],\n  \"notices\": " + dump(job.report.notices) + "\n}\n");
  if (Status done = file->finish(Sync::now); !done) return done;
  sha256 = file->sha256();
  return {};
}

/// Small however many files there are: those of the samples are named, with their hashes, by export.json, and that by its hash.
void write_audit(Export& job, const std::string& sha256) {
  const CsvRequest& request = job.request;
  nlohmann::ordered_json detail = description(request);
  for (const CsvFile& table : job.report.tables) detail["tables"].push_back(file_json(table));
  detail["samples"]["files"] = job.report.samples.files;
  detail["samples"]["rows"] = job.report.samples.rows;
  detail["samples"]["bytes"] = job.report.samples.bytes;
  detail["export_json_sha256"] = sha256;
  Status done = job.store.audit({request.made_utc_us, request.actor, "export", request.folder.string(), dump(detail)});
  if (done) done = job.store.commit();
  if (!done) job.report.notices.push_back("The audit row of this export is not on the disk yet: " + done.error().text());
}

/// An export is whole or not there, and two are not mixed in one folder.
Status check_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  for (std::filesystem::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
    const std::string name = at->path().filename().string();
    if (is_export_file(name))
      return Error{"the folder holds an export already", (folder / name).string(),
                   "Give another folder, or move that export away"};
  }
  return failure ? Error{"the folder cannot be listed: " + failure.message(), folder.string(), "Check its permissions"}
                 : Status();
}

void remove_written(const Export& job) {
  std::error_code ignored;
  for (const std::vector<CsvFile>* const files : {&job.report.tables, &job.samples})
    for (const CsvFile& file : *files) std::filesystem::remove(job.request.folder / file.name, ignored);
  if (job.described) std::filesystem::remove(job.request.folder / "export.json", ignored);
}

Status write_files(Export& job, std::string& sha256) {
  Result<std::vector<store::DeviceCalibration>> calibrations = job.store.calibrations();
  if (!calibrations) return calibrations.error();
  Result<CsvTables> tables = CsvTables::begin(job.request, std::move(*calibrations));
  if (!tables) return tables.error();
  if (Status done = write_sessions(job, *tables); !done) return done;
  if (job.report.sessions == 0 && job.request.filter.id)
    return Error{"there is no session " + *job.request.filter.id, "", "`patella sessions` lists them with their ids"};
  if (Status done = tables->finish(job.report.tables); !done) return done;
  for (const CsvFile& file : job.samples) {
    ++job.report.samples.files;
    job.report.samples.rows += file.rows;
    job.report.samples.bytes += file.bytes;
  }
  // The description says that all is there, so all is on the disk before it is.
  if (Status done = sync_file_system(job.request.folder); !done) return done;
  if (Status done = write_description(job, sha256); !done) return done;
  job.described = true;
  return sync_folder(job.request.folder);
}
}  // namespace

Result<CsvReport> write_csv(store::Store& store, const CsvRequest& request) {
  Export job{store, request};
  if (Status fine = check_folder(request.folder); !fine) return fine.error();
  std::string sha256;
  if (Status done = write_files(job, sha256); !done) {
    remove_written(job);
    return done.error();
  }
  write_audit(job, sha256);
  return std::move(job.report);
}

}  // namespace patella::exporting
