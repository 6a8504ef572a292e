// Rows of calibrations and band checks, to and from their tables. They are only ever added.
#pragma once

#include <string>
#include <vector>

#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

Status check_row(const DeviceCalibration& calibration);
Status check_row(const BandCheck& check);

/// Inside the caller's transaction. A row that is there already (its id) is left as it is: after a failed commit nobody
/// knows whether it landed, and writing it again must not make a second one.
Status insert_calibrations(Db& db, const std::vector<DeviceCalibration>& calibrations);
Status insert_band_checks(Db& db, const std::vector<BandCheck>& checks);

/// Oldest first. Rows whose check fails are left out and named in `notices`.
Result<std::vector<DeviceCalibration>> read_calibrations(Db& db, Messages& notices);
Result<std::vector<BandCheck>> read_band_checks(Db& db, Messages& notices);

}  // namespace patella::store
