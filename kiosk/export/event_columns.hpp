// What the module said of a whole session and of each hold, out of the session's events, as cells.
#pragma once

#include <string>
#include <vector>

#include "export/csv_text.hpp"
#include "session/logged.hpp"
#include "store/store.hpp"

namespace patella::exporting {

struct Metric {
  std::string key, unit;
  double value = 0;
};
/// The last value of each, in the order in which they first came.
std::vector<Metric> metrics_of(const store::StoredSession& session);

/// ",mean_cadence_rpm,…": metrics that have a column of their own in sessions.csv. A fixed list, so that the columns are the same
/// in every export; all others are in metrics.csv.
std::string metric_columns();
void put_metric_columns(CsvLine& line, const std::vector<Metric>& metrics);

/// session,set,side,counted,reason,t_s,hold_s,mean_N,min_N,peak_N
void put_hold(CsvLine& line, const std::string& session, const session::logged::Hold& hold, int64_t t_us);

}  // namespace patella::exporting
