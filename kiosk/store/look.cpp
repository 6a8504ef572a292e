// A look into the file from outside, that changes nothing.
#include <system_error>

#include "store/device_rows.hpp"
#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

Result<std::vector<DeviceCalibration>> look_at_calibrations(const std::filesystem::path& path) {
  // A log beside the file: a kiosk has it open or died with it. The file alone may then be half of what is
  // stored.
  for (const char* ending : {"-wal", "-journal"}) {
    std::error_code none;
    if (std::filesystem::file_size(path.string() + ending, none) > 0 && !none)
      return Error{"the store is in use, or was not left in order", path.string(), "Ask the running kiosk, or start it once"};
  }
  const Result<std::unique_ptr<Db>> db = Db::open_immutable(path);
  if (!db) return db.error();
  Messages damaged;
  return read_calibrations(**db, damaged);
}

}  // namespace patella::store
