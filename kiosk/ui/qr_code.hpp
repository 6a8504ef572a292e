// A text as a QR code (level L), made once and kept until the text changes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/frame.hpp"

namespace patella::ui {

class QrCode {
 public:
  /// Makes the code of this text unless it is the one that is there. Empty, or too long for any code: none.
  void set(std::string_view text);
  /// Modules along one side, without the quiet zone; 0 = there is none.
  int side() const { return side_; }
  bool dark(int row, int column) const { return dark_[static_cast<std::size_t>(row * side_ + column)]; }

 private:
  std::string text_;
  int side_ = 0;
  std::vector<bool> dark_;
};

/// Dark on white whatever the theme is: readers want it so. The quiet zone around it is of two modules at least. Returns whether there is one.
bool draw_qr_code(Frame& f, Rect r, std::string_view text);

}  // namespace patella::ui
