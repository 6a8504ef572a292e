// Rows that wait on the disk until it is known how their table begins.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/new_file.hpp"
#include "base/result.hpp"

namespace patella::exporting {

class RowSpool {
 public:
  /// In a file beside `path`, which is gone with this object.
  static Result<RowSpool> make(const std::filesystem::path& path);

  /// `tag` comes back with the row. Error: it cannot be written.
  Status put(std::string_view row, uint32_t tag);
  uint64_t rows() const { return rows_; }
  /// All rows in their order, once, after the last put(). `row` is valid during the call.
  Status each(const std::function<void(std::string_view row, uint32_t tag)>& take);

 private:
  explicit RowSpool(NewFile file) : file_(std::move(file)) {}
  Status write_out();

  NewFile file_;
  std::string waiting_;  ///< not in the file yet
  uint64_t rows_ = 0;
};

}  // namespace patella::exporting
