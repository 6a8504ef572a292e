// What a damaged log still holds of later changes, from a copy of the file that has all of it, into the file in use.
#pragma once

#include <string>

#include "store/store.hpp"

namespace patella::store {

struct TakenOver {
  int sessions = 0;  ///< that got something more, or are there again
  uint64_t records = 0, events = 0;
  int rows = 0;        ///< calibrations, band checks, staff, notices
  int incomplete = 0;  ///< sessions of which something is missing
};

/// Sessions that had not ended in `into`, or are not there; each up to the first hole in its records and events, for order is what a
/// log is. Committed when it returns. Errors of single sessions are counted as incomplete.
Result<TakenOver> take_over(Store& from, Store& into);

}  // namespace patella::store
