// The tables of an export of CSV, all open at once: a session is read once, and none is kept.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "export/csv.hpp"
#include "export/csv_text.hpp"
#include "export/export_file.hpp"
#include "export/row_spool.hpp"
#include "store/store.hpp"

namespace patella::exporting {

CsvStyle style_of(const CsvRequest& request);
/// A new file of the export, with the byte order mark that the profile wants.
Result<ExportFile> begin_file(const CsvRequest& request, const std::string& name);
/// It is a file of an export: the name says so.
bool is_export_file(const std::string& name);

class CsvTables {
 public:
  /// `calibrations`: those that channels may name. `request` stays longer than this.
  static Result<CsvTables> begin(const CsvRequest& request, std::vector<store::DeviceCalibration> calibrations);

  /// Without records. Error: a file cannot be written.
  Status put(const store::StoredSession& session);
  /// The files have their names, and `files` knows each; still to be synced. After an Error `files` has those that are there.
  Status finish(std::vector<CsvFile>& files);

 private:
  struct Table {
    std::string name;
    ExportFile file;
    uint64_t rows = 0;
    void put(CsvLine& line) {
      file.put(line.finish());
      ++rows;
    }
  };
  CsvTables(const CsvRequest& request, std::vector<store::DeviceCalibration> calibrations, RowSpool reps)
      : request_(request), line_(style_of(request)), calibrations_(std::move(calibrations)), reps_(std::move(reps)) {}

  Status open(const char* name, const std::string& columns);
  void put_session(const store::StoredSession& session);
  void put_sets(const store::StoredSession& session);
  Status put_reps(const store::StoredSession& session);
  void put_holds_of(const store::StoredSession& session);
  void put_metrics(const store::StoredSession& session);
  void put_channels(const store::StoredSession& session);
  const store::DeviceCalibration* calibration(const std::string& id) const;
  Status write_reps(std::vector<CsvFile>& files);

  const CsvRequest& request_;
  CsvLine line_;
  std::vector<store::DeviceCalibration> calibrations_;
  std::vector<Table> tables_;  ///< in the order of their names in csv_tables.cpp; without reps.csv
  RowSpool reps_;              ///< each with how many figures were known at its time
  std::vector<std::string> figures_;
};

}  // namespace patella::exporting
