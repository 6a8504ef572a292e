#include "export/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "export/csv_text.hpp"
#include "export/event_columns.hpp"
#include "export/export_file.hpp"
#include "export/samples_csv.hpp"

namespace patella::exporting {

namespace {
constexpr int kSchema = 2;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Export {
  store::Store& store;
  const CsvRequest& request;
  CsvReport report;

  Result<ExportFile> begin(const std::string& name) {
    Result<ExportFile> file = ExportFile::make(request.folder / name);
    if (file && request.profile == CsvProfile::excel) file->put(kByteOrderMark);
    return file;
  }
  Status end(const std::string& name, ExportFile& file, uint64_t rows) {
    if (Status done = file.finish(); !done) return done;
    report.files.push_back({name, rows, file.bytes(), file.sha256()});
    return {};
  }
  CsvStyle style() const {
    const char separator = request.decimal_comma ? ';' : ',', decimal = request.decimal_comma ? ',' : '.';
    return {separator, decimal, request.guard_text, request.profile == CsvProfile::excel};
  }
  CsvLine line() const { return CsvLine(style()); }
  std::string header(std::string_view names) const { return header_line(style(), names); }
};

/// Local for spreadsheets, which take a zone for text; UTC for programs.
void put_times(CsvLine& line, int64_t utc_us, int32_t zone_offset_min) {
  line.plain(local_text({utc_us, zone_offset_min})).plain(utc_text(utc_us));
}

void put_scale(CsvLine& line, int value) {
  if (value < 0) line.empty();
  else line.number(int64_t{value});
}

Status write_sessions(Export& job, const std::vector<store::StoredSession>& sessions) {
  const std::string name = "sessions.csv";
  Result<ExportFile> file = job.begin(name);
  if (!file) return file.error();
  file->put(job.header("session,station,station_title,client,started_at_local,started_at_utc,duration_s,outcome,pain_before_0_10,"
            "pain_after_0_10,effort_0_10,sets,reps,reps_not_counted,holds,gaps,module,module_version" + metric_columns()));
  CsvLine line = job.line();
  for (const store::StoredSession& session : sessions) {
    const store::SessionListRow& row = session.row;
    line.text(row.head.id).text(row.head.station_id).text(row.head.station_title).text(row.head.client_ref);
    put_times(line, row.head.started_utc_us, row.head.zone_offset_min);
    line.number(row.duration_s).text(row.outcome);
    for (const int scale : {row.pain_before, row.pain_after, row.effort}) put_scale(line, scale);
    for (const int count : {row.sets, row.reps, row.reps_not_counted, row.holds, row.gaps}) line.number(int64_t{count});
    line.text(row.head.module_id).text(row.head.module_version);
    put_metric_columns(line, metrics_of(session));
    file->put(line.finish());
  }
  return job.end(name, *file, sessions.size());
}

Status write_sets(Export& job, const std::vector<store::StoredSession>& sessions) {
  const std::string name = "sets.csv";
  Result<ExportFile> file = job.begin(name);
  if (!file) return file.error();
  file->put(job.header("session,set,side,started_at_local,started_at_utc,start_s,end_s,reps,ended"));
  CsvLine line = job.line();
  uint64_t rows = 0;
  for (const store::StoredSession& session : sessions) {
    for (const store::SetRow& set : session.sets) {
      const store::SessionHead& head = session.row.head;
      line.text(head.id).number(int64_t{set.set}).text(set.side);
      const int64_t utc_us = head.started_utc_us + static_cast<int64_t>(set.start_s * 1e6);
      put_times(line, utc_us, zone_offset_min_near({head.started_utc_us, head.zone_offset_min}, utc_us));
      line.number(set.start_s).number(set.end_s).number(int64_t{set.reps}).text(set.ended);
      file->put(line.finish());
      ++rows;
    }
  }
  return job.end(name, *file, rows);
}

Status write_holds(Export& job, const std::vector<store::StoredSession>& sessions) {
  const std::string name = "holds.csv";
  Result<ExportFile> file = job.begin(name);
  if (!file) return file.error();
  file->put(job.header("session,set,side,counted,reason,t_s,hold_s,mean_N,min_N,peak_N"));
  CsvLine line = job.line();
  uint64_t rows = 0;
  for (const store::StoredSession& session : sessions) {
    for (const session::LogEvent& event : session.events) {
      if (event.kind != "hold") continue;
      put_hold(line, session.row.head.id, event);
      file->put(line.finish());
      ++rows;
    }
  }
  return job.end(name, *file, rows);
}

Status write_metrics(Export& job, const std::vector<store::StoredSession>& sessions) {
  const std::string name = "metrics.csv";
  Result<ExportFile> file = job.begin(name);
  if (!file) return file.error();
  file->put(job.header("session,metric,unit,value"));
  CsvLine line = job.line();
  uint64_t rows = 0;
  for (const store::StoredSession& session : sessions) {
    for (const Metric& metric : metrics_of(session)) {
      file->put(line.text(session.row.head.id).text(metric.key).text(metric.unit).number(metric.value).finish());
      ++rows;
    }
  }
  return job.end(name, *file, rows);
}

/// peak_n → peak_N: units in headers are written as they are spoken.
std::string header_of(const std::string& key) {
  const auto ends = [&](std::string_view unit) { return key.ends_with(unit); };
  for (const auto& [unit, shown] : {std::pair<std::string_view, std::string_view>{"_ns", "_Ns"}, {"_n", "_N"}, {"_w", "_W"},
                                    {"_j", "_J"}, {"_n_per_s", "_N_per_s"}, {"_nm", "_Nm"}, {"_kn", "_kN"}})
    if (ends(unit)) return key.substr(0, key.size() - unit.size()) + std::string(shown);
  return key;
}

std::vector<std::string> figure_keys(const std::vector<store::StoredSession>& sessions) {
  std::vector<std::string> keys;
  for (const store::StoredSession& session : sessions)
    for (const store::RepRow& rep : session.reps)
      for (const auto& [key, value] : rep.figures)
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  return keys;
}

void put_figure(CsvLine& line, const store::RepRow& rep, const std::string& key) {
  for (const auto& [known, value] : rep.figures) {
    if (known != key) continue;
    line.number(value);
    return;
  }
  line.empty();
}

Status write_reps(Export& job, const std::vector<store::StoredSession>& sessions) {
  const std::string name = "reps.csv";
  Result<ExportFile> file = job.begin(name);
  if (!file) return file.error();
  const std::vector<std::string> keys = figure_keys(sessions);
  CsvLine line = job.line();
  for (const char* column : {"session", "set", "rep", "side", "counted", "reason", "t_s"}) line.plain(column);
  for (const std::string& key : keys) line.text(header_of(key));
  file->put(line.finish());
  uint64_t rows = 0;
  for (const store::StoredSession& session : sessions) {
    for (const store::RepRow& rep : session.reps) {
      line.text(session.row.head.id).number(int64_t{rep.set}).number(int64_t{rep.n}).text(rep.side);
      line.text(rep.counted ? "yes" : "no").text(rep.reason).number(rep.t_s);
      for (const std::string& key : keys) put_figure(line, rep, key);
      file->put(line.finish());
      ++rows;
    }
  }
  return job.end(name, *file, rows);
}

const store::DeviceCalibration* find(const std::vector<store::DeviceCalibration>& calibrations, const std::string& id) {
  for (const store::DeviceCalibration& calibration : calibrations)
    if (calibration.id == id) return &calibration;
  return nullptr;
}

/// The devices behind the channels: which calibration was in force, and how the samples came.
Status write_channels(Export& job, const std::vector<store::StoredSession>& sessions) {
  const Result<std::vector<store::DeviceCalibration>> calibrations = job.store.calibrations();
  if (!calibrations) return calibrations.error();
  const std::string name = "channels.csv";
  Result<ExportFile> file = job.begin(name);
  if (!file) return file.error();
  file->put(job.header("session,channel,unit,driver,serial,calibration,calibrated_at_utc,calibrated_by,slope,offset,residual,"
                       "samples,rate_Hz,jitter_ms,lost"));
  CsvLine line = job.line();
  uint64_t rows = 0;
  for (const store::StoredSession& session : sessions) {
    for (const store::StoredChannel& channel : session.row.head.channels) {
      line.text(session.row.head.id).text(channel.key).text(channel.unit).text(channel.driver).text(channel.serial);
      line.text(channel.calibration);
      if (const auto* made = find(*calibrations, channel.calibration))
        line.plain(utc_text(made->made_utc_us)).text(made->who).number(made->slope).number(made->offset).number(made->residual);
      else
        line.empty().empty().empty().empty().empty();
      if (const auto& figures = channel.figures) {
        line.number(figures->samples).number(figures->rate_hz).number(figures->jitter_ms);
        figures->lost < 0 ? line.empty() : line.number(figures->lost);
      } else {
        line.empty().empty().empty().empty();
      }
      file->put(line.finish());
      ++rows;
    }
  }
  return job.end(name, *file, rows);
}

/// Ids are made on the kiosk, but a file name is a place where nothing is taken on trust.
std::string samples_name(std::string id) {
  for (char& c : id)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-')) c = '_';
  return "samples_" + id + ".csv";
}

Status write_all_samples(Export& job, const std::vector<store::SessionListRow>& sessions) {
  for (const store::SessionListRow& row : sessions) {
    const std::string name = samples_name(row.head.id);
    Result<ExportFile> file = job.begin(name);
    if (!file) return file.error();
    uint64_t rows = 0;
    if (Status done = write_samples(job.store, row.head, job.style(), *file, rows, job.report.notices); !done) return done;
    if (Status done = job.end(name, *file, rows); !done) return done;
  }
  return {};
}

nlohmann::ordered_json description(const Export& job) {
  const store::SessionFilter& filter = job.request.filter;
  nlohmann::ordered_json json;
  json["schema"] = kSchema;
  const int64_t made_us = job.request.made_utc_us;
  json["made_at_utc"] = utc_text(made_us);
  json["made_at_local"] = local_text({made_us, zone_offset_min_at(made_us)});
  json["made_by"] = job.request.actor;
  json["profile"] = job.request.profile == CsvProfile::excel ? "excel" : "programs";
  json["separator"] = std::string(1, job.style().separator);
  json["decimal"] = std::string(1, job.style().decimal);
  json["text_guarded"] = job.request.guard_text;
  json["filter"] = nlohmann::ordered_json::object();
  if (filter.id) json["filter"]["session"] = *filter.id;
  if (filter.from_utc_us) json["filter"]["from_utc"] = utc_text(*filter.from_utc_us);
  if (filter.to_utc_us) json["filter"]["to_utc"] = utc_text(*filter.to_utc_us);
  json["files"] = nlohmann::ordered_json::array();
  for (const CsvFile& file : job.report.files)
    json["files"].push_back({{"name", file.name}, {"rows", file.rows}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  json["notices"] = job.report.notices;
  return json;
}

std::string dump(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Status write_description(const Export& job) {
  Result<ExportFile> file = ExportFile::make(job.request.folder / "export.json");
  if (!file) return file.error();
  file->put(dump(description(job), 2) + "\n");
  return file->finish();
}

void write_audit(Export& job) {
  const CsvRequest& request = job.request;
  Status done = job.store.audit({request.made_utc_us, request.actor, "export", request.folder.string(), dump(description(job), -1)});
  if (done) done = job.store.commit();
  if (!done) job.report.notices.push_back("The audit row of this export is not on the disk yet: " + done.error().text());
}

/// An export is whole or not there, and two are not mixed in one folder.
Status check_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  for (std::filesystem::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
    const std::string name = at->path().filename().string();
    const bool ours = name == "export.json" || name == "sessions.csv" || name == "sets.csv" || name == "reps.csv" || name == "holds.csv" ||
                      name == "metrics.csv" || name == "channels.csv" || (name.starts_with("samples_") && name.ends_with(".csv"));
    if (ours) return Error{"the folder holds an export already", (folder / name).string(), "Give another folder, or move that export away"};
  }
  return failure ? Error{"the folder cannot be listed: " + failure.message(), folder.string(), "Check its permissions"} : Status();
}

void remove_written(const Export& job) {
  std::error_code ignored;
  for (const CsvFile& file : job.report.files) std::filesystem::remove(job.request.folder / file.name, ignored);
}

Status write_files(Export& job) {
  const store::SessionFilter& filter = job.request.filter;
  const Result<std::vector<store::SessionListRow>> rows = job.store.sessions(filter);
  if (!rows) return rows.error();
  if (rows->empty() && filter.id) return Error{"there is no session " + *filter.id, "", "See the ids with: patella sessions"};
  job.report.sessions = rows->size();
  std::vector<store::StoredSession> sessions;
  for (const store::SessionListRow& row : *rows) {
    Result<store::StoredSession> session = job.store.load_summary(row.head.id);
    if (!session) return session.error();
    for (const std::string& line : session->notices) job.report.notices.push_back("Session " + row.head.id + ": " + line);
    std::erase_if(session->events, [](const session::LogEvent& event) { return event.kind != "hold" && event.kind != "metric"; });
    sessions.push_back(std::move(*session));
  }
  if (Status done = write_sessions(job, sessions); !done) return done;
  if (Status done = write_sets(job, sessions); !done) return done;
  if (Status done = write_reps(job, sessions); !done) return done;
  if (Status done = write_holds(job, sessions); !done) return done;
  if (Status done = write_metrics(job, sessions); !done) return done;
  if (Status done = write_channels(job, sessions); !done) return done;
  if (job.request.samples)
    if (Status done = write_all_samples(job, *rows); !done) return done;
  if (Status done = write_description(job); !done) return done;
  return sync_folder(job.request.folder);
}
}  // namespace

Result<CsvReport> write_csv(store::Store& store, const CsvRequest& request) {
  Export job{store, request, {}};
  if (Status fine = check_folder(request.folder); !fine) return fine.error();
  if (Status done = write_files(job); !done) {
    remove_written(job);
    return done.error();
  }
  write_audit(job);
  return std::move(job.report);
}

}  // namespace patella::exporting
