#include "export/csv_tables.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "export/event_columns.hpp"

namespace patella::exporting {

namespace {
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

enum Which : std::size_t { kSessions, kSets, kHolds, kMetrics, kChannels };  // places in tables_
constexpr const char* kReps = "reps.csv";

/// Local for spreadsheets, which take a zone for text; UTC for programs.
void put_times(CsvLine& line, int64_t utc_us, int32_t zone_offset_min) {
  line.plain(local_text({utc_us, zone_offset_min})).plain(utc_text(utc_us));
}

void put_scale(CsvLine& line, int value) {
  if (value < 0)
    line.empty();
  else
    line.number(int64_t{value});
}

/// peak_n → peak_N: units in headers are written as they are spoken.
std::string header_of(const std::string& key) {
  const auto ends = [&](std::string_view unit) { return key.ends_with(unit); };
  for (const auto& [unit, shown] : {std::pair<std::string_view, std::string_view>{"_ns", "_Ns"},
                                    {"_n", "_N"},
                                    {"_w", "_W"},
                                    {"_j", "_J"},
                                    {"_n_per_s", "_N_per_s"},
                                    {"_nm", "_Nm"},
                                    {"_kn", "_kN"}})
    if (ends(unit)) return key.substr(0, key.size() - unit.size()) + std::string(shown);
  return key;
}

void put_figure(CsvLine& line, const store::RepRow& rep, const std::string& key) {
  for (const auto& [known, value] : rep.figures) {
    if (known != key) continue;
    line.number(value);
    return;
  }
  line.empty();
}

Status finish_file(const std::string& name, ExportFile& file, uint64_t rows, std::vector<CsvFile>& files) {
  if (Status done = file.finish(Sync::later); !done) return done;
  files.push_back({name, rows, file.bytes(), file.sha256()});
  return {};
}
}  // namespace

CsvStyle style_of(const CsvRequest& request) {
  const char separator = request.decimal_comma ? ';' : ',', decimal = request.decimal_comma ? ',' : '.';
  return {separator, decimal, request.guard_text, request.profile == CsvProfile::excel};
}

Result<ExportFile> begin_file(const CsvRequest& request, const std::string& name) {
  Result<ExportFile> file = ExportFile::make(request.folder / name);
  if (file && request.profile == CsvProfile::excel) file->put(kByteOrderMark);
  return file;
}

bool is_export_file(const std::string& name) {
  for (const char* const known : {"export.json", "sessions.csv", "sets.csv", kReps, "holds.csv", "metrics.csv", "channels.csv"})
    if (name == known) return true;
  return name.starts_with("samples_") && name.ends_with(".csv");
}

Result<CsvTables> CsvTables::begin(const CsvRequest& request, std::vector<store::DeviceCalibration> calibrations) {
  Result<RowSpool> reps = RowSpool::make(request.folder / kReps);
  if (!reps) return reps.error();
  CsvTables tables(request, std::move(calibrations), std::move(*reps));
  const std::string sessions =
      "session,station,station_title,client,started_at_local,started_at_utc,duration_s,outcome,pain_before_0_10,"
      "pain_after_0_10,effort_0_10,sets,reps,reps_not_counted,holds,gaps,module,module_version" +
      metric_columns();
  for (const auto& [name, columns] : {std::pair<const char*, std::string>{"sessions.csv", sessions},
                                      {"sets.csv", "session,set,side,started_at_local,started_at_utc,start_s,end_s,reps,ended"},
                                      {"holds.csv", "session,set,side,counted,reason,t_s,hold_s,mean_N,min_N,peak_N"},
                                      {"metrics.csv", "session,metric,unit,value"},
                                      {"channels.csv",
                                       "session,channel,unit,driver,serial,calibration,calibrated_at_utc,calibrated_by,slope,"
                                       "offset,residual,samples,rate_Hz,jitter_ms,lost"}})
    if (Status done = tables.open(name, columns); !done) return done.error();
  return tables;
}

Status CsvTables::open(const char* name, const std::string& columns) {
  Result<ExportFile> file = begin_file(request_, name);
  if (!file) return file.error();
  file->put(header_line(style_of(request_), columns));
  tables_.push_back({name, std::move(*file)});
  return {};
}

Status CsvTables::put(const store::StoredSession& session) {
  put_session(session);
  put_sets(session);
  put_holds_of(session);
  put_metrics(session);
  put_channels(session);
  return put_reps(session);
}

void CsvTables::put_session(const store::StoredSession& session) {
  const store::SessionListRow& row = session.row;
  line_.text(row.head.id).text(row.head.station_id).text(row.head.station_title).text(row.head.client_ref);
  put_times(line_, row.head.started_utc_us, row.head.zone_offset_min);
  line_.number(row.duration_s).text(row.outcome);
  for (const int scale : {row.pain_before, row.pain_after, row.effort}) put_scale(line_, scale);
  for (const int count : {row.sets, row.reps, row.reps_not_counted, row.holds, row.gaps}) line_.number(int64_t{count});
  line_.text(row.head.module_id).text(row.head.module_version);
  put_metric_columns(line_, metrics_of(session));
  tables_[kSessions].put(line_);
}

void CsvTables::put_sets(const store::StoredSession& session) {
  const store::SessionHead& head = session.row.head;
  for (const store::SetRow& set : session.sets) {
    line_.text(head.id).number(int64_t{set.set}).text(set.side);
    const int64_t utc_us = head.started_utc_us + static_cast<int64_t>(set.start_s * 1e6);
    put_times(line_, utc_us, zone_offset_min_near({head.started_utc_us, head.zone_offset_min}, utc_us));
    line_.number(set.start_s).number(set.end_s).number(int64_t{set.reps}).text(set.ended);
    tables_[kSets].put(line_);
  }
}

void CsvTables::put_holds_of(const store::StoredSession& session) {
  for (const session::LogEvent& event : session.events) {
    const auto hold = session::logged::as<session::logged::Hold>(event);
    if (!hold) continue;
    put_hold(line_, session.row.head.id, *hold, event.t_us);
    tables_[kHolds].put(line_);
  }
}

void CsvTables::put_metrics(const store::StoredSession& session) {
  for (const Metric& metric : metrics_of(session)) {
    line_.text(session.row.head.id).text(metric.key).text(metric.unit).number(metric.value);
    tables_[kMetrics].put(line_);
  }
}

const store::DeviceCalibration* CsvTables::calibration(const std::string& id) const {
  for (const store::DeviceCalibration& one : calibrations_)
    if (one.id == id) return &one;
  return nullptr;
}

/// The devices behind the channels: which calibration was in force, and how the samples came.
void CsvTables::put_channels(const store::StoredSession& session) {
  for (const store::StoredChannel& channel : session.row.head.channels) {
    line_.text(session.row.head.id).text(channel.key).text(channel.unit).text(channel.driver).text(channel.serial);
    line_.text(channel.calibration);
    if (const auto* made = calibration(channel.calibration))
      line_.plain(utc_text(made->made_utc_us)).text(made->who).number(made->slope).number(made->offset).number(made->residual);
    else
      line_.empty().empty().empty().empty().empty();
    if (const auto& figures = channel.figures) {
      line_.number(figures->samples).number(figures->rate_hz).number(figures->jitter_ms);
      figures->lost < 0 ? line_.empty() : line_.number(figures->lost);
    } else {
      line_.empty().empty().empty().empty();
    }
    tables_[kChannels].put(line_);
  }
}

/// The columns are known when the last repetition is: modules name their figures as they like.
Status CsvTables::put_reps(const store::StoredSession& session) {
  for (const store::RepRow& rep : session.reps) {
    for (const auto& [key, value] : rep.figures)
      if (std::find(figures_.begin(), figures_.end(), key) == figures_.end()) figures_.push_back(key);
    line_.text(session.row.head.id).number(int64_t{rep.set}).number(int64_t{rep.n}).text(rep.side);
    line_.text(rep.counted ? "yes" : "no").text(rep.reason).number(rep.t_s);
    for (const std::string& key : figures_) put_figure(line_, rep, key);
    const std::string row = line_.finish();
    const std::string_view cells(row.data(), row.size() - 2);  // more cells may follow: without the end of the line
    if (Status done = reps_.put(cells, static_cast<uint32_t>(figures_.size())); !done) return done;
  }
  return {};
}

Status CsvTables::write_reps(std::vector<CsvFile>& files) {
  Result<ExportFile> file = begin_file(request_, kReps);
  if (!file) return file.error();
  CsvLine header(style_of(request_));
  for (const char* column : {"session", "set", "rep", "side", "counted", "reason", "t_s"}) header.plain(column);
  for (const std::string& key : figures_) header.text(header_of(key));
  file->put(header.finish());
  const char separator = style_of(request_).separator;
  const auto take = [&](std::string_view cells, uint32_t known) {
    file->put(cells);
    file->put(std::string(figures_.size() - known, separator) + "\r\n");
  };
  if (Status done = reps_.each(take); !done) return done;
  return finish_file(kReps, *file, reps_.rows(), files);
}

Status CsvTables::finish(std::vector<CsvFile>& files) {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (i == kHolds)
      if (Status done = write_reps(files); !done) return done;
    if (Status done = finish_file(tables_[i].name, tables_[i].file, tables_[i].rows, files); !done) return done;
  }
  return {};
}

}  // namespace patella::exporting
