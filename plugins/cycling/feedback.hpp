// Feedback words that do not flicker: a band with hysteresis and a least time between changes, and a ceiling that
// is left only by a margin.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace patella::cycling {

enum class Where { kBelow, kInside, kAbove };

/// The cadence against its band. Inside turns into below or above 2 rpm beyond the edge, and back at the edge
/// itself; at least 1 s lies between two changes.
class BandWatch {
 public:
  static constexpr double kMarginRpm = 2;
  static constexpr int64_t kMinUs = 1'000'000;
  /// `high` 0 = open.
  Where update(int64_t t_us, double value, double low, double high);
  void reset() { *this = BandWatch(); }

 private:
  bool known_ = false;
  Where where_ = Where::kInside;
  int64_t changed_us_ = 0;
};

/// Above a ceiling until `margin` below it. Ceiling 0 = none.
class CeilingWatch {
 public:
  bool update(double value, double ceiling, double margin);
  void reset() { over_ = false; }
  bool over() const { return over_; }

 private:
  bool over_ = false;
};

/// Mean of the values of the last 3 s: power swings within each revolution.
class ShortMean {
 public:
  static constexpr int64_t kWindowUs = 3'000'000;
  void add(int64_t t_us, double value);
  void reset() { count_ = 0; }
  double mean() const;  // 0 when empty

 private:
  struct Entry {
    int64_t t_us;
    double value;
  };
  std::array<Entry, 32> ring_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

}  // namespace patella::cycling
