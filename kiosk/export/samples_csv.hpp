#pragma once

#include <string>
#include <vector>

#include "export/csv_text.hpp"
#include "export/export_file.hpp"
#include "store/store.hpp"

namespace patella::exporting {

/// Writes header and rows; `rows` counts them. Damaged stretches are left out and named in `notices`.
Status write_samples(store::Store& store, const store::SessionHead& head, const CsvStyle& style, ExportFile& file, uint64_t& rows,
                     std::vector<std::string>& notices);

}  // namespace patella::exporting
