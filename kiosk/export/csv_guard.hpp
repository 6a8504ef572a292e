// Which text a spreadsheet would take for something else when it opens a CSV file, so that it must be marked as text.
#pragma once

#include <string_view>

namespace patella::exporting {

/// A formula: begins with = + - @ or one of their full-width forms, also behind blanks; or with TAB or CR.
bool looks_like_formula(std::string_view text);

/// Anything that a spreadsheet changes, or runs, when it reads the cell: a formula, a number (1E5, 007, .5, 5%, $3), a date or time
/// (3-4, 1/2, 12:30, May 5, 5 May), TRUE, #N/A, a blank or an apostrophe in front. Rather too much than too little: only what
/// begins with a letter, and ids as the kiosk makes them (UUIDs), are surely text.
bool spreadsheet_changes(std::string_view text);

}  // namespace patella::exporting
