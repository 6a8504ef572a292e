#include "ui/qr_code.hpp"

#include <qrencode.h>

#include <cmath>
#include <memory>

namespace patella::ui {

void QrCode::set(std::string_view text) {
  if (text == text_) return;
  text_ = text;
  side_ = 0;
  dark_.clear();
  if (text_.empty()) return;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
      QRcode_encodeData(static_cast<int>(text_.size()), reinterpret_cast<const unsigned char*>(text_.data()), 0, QR_ECLEVEL_L),
      QRcode_free);
  if (!made) return;
  side_ = made->width;
  dark_.resize(static_cast<std::size_t>(side_) * static_cast<std::size_t>(side_));
  for (std::size_t i = 0; i < dark_.size(); ++i) dark_[i] = (made->data[i] & 1u) != 0;
}

bool draw_qr_code(Frame& f, Rect r, std::string_view text) {
  constexpr int kQuiet = 2;
  f.qr.set(text);
  const int side = f.qr.side();
  if (side == 0) return false;
  // Whole pixels of the panel: a module is as wide as its neighbour.
  const float pixels = std::floor(std::min(r.w, r.h) * f.fonts.scale / static_cast<float>(side + 2 * kQuiet));
  const float module = std::max(1.f, pixels) / f.fonts.scale, size = module * static_cast<float>(side);
  const auto snap = [&](float v) { return std::round(v * f.fonts.scale) / f.fonts.scale; };
  const V2 at{snap(r.centre().x - size / 2), snap(r.centre().y - size / 2)};
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), f.colour.white, 12);
  for (int row = 0; row < side; ++row)
    for (int from = 0; from < side;) {
      int to = from;
      while (to < side && f.qr.dark(row, to)) ++to;
      const float y = at.y + static_cast<float>(row) * module;
      if (to > from)
        f.dl->AddRectFilled({at.x + static_cast<float>(from) * module, y}, {at.x + static_cast<float>(to) * module, y + module},
                            rgb(0x000000));
      from = std::max(to, from + 1);
    }
  return true;
}

}  // namespace patella::ui
