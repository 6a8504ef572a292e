#include "staff/calibration_desk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "calibration/known_value.hpp"

namespace patella::staff {

namespace {
constexpr std::size_t kMostTyped = 6;
constexpr std::size_t kMostPoints = 6;     ///< what the screen has room for
constexpr double kUnloaded_n = 20;         ///< as at the desk: drift, a hook, a carabiner
constexpr int64_t kLongest_us = 2'000'000;  ///< between two samples: a gap
}  // namespace

void CalibrationDesk::opened() {
  live(false);
  if (points_.empty()) return;
  points_.clear();
  say("The sensor was plugged in again, or is another one: begin with the first point", true);
}

void CalibrationDesk::live(bool live) {
  if (live == live_) return;
  live_ = live;
  newest_us_ = -1;
  recent_.reset();
  quality_.gap();
}

void CalibrationDesk::sample(int64_t t_us, double reading_n) {
  newest_us_ = t_us;
  reading_n_ = reading_n;
  recent_.add(t_us, reading_n);
  quality_.sample(t_us, kLongest_us);
  if (taker_.waiting()) taker_.sample(t_us, reading_n);
}

void CalibrationDesk::advance(int64_t now_us) {
  const auto answer = taker_.poll(now_us);
  if (!answer) return;
  if (*answer)
    add_point((*answer)->mean);
  else
    say("No point: " + answer->error().text(), true);
}

void CalibrationDesk::add_point(double reading_n) {
  const auto before =
      std::find_if(points_.begin(), points_.end(), [&](const auto& p) { return p.known == known_n_; });
  const bool again = before != points_.end();
  if (again) points_.erase(before);
  points_.push_back({known_n_, reading_n});
  typed_.clear();
  say(fmt::format("{:.2f} N known, the sensor said {:.2f} N{}", known_n_, reading_n,
                  again ? ": it replaces the earlier one" : ""),
      false);
}

void CalibrationDesk::key(const std::string& key) {
  if (taking()) return;
  if (key.empty()) {
    if (!typed_.empty()) typed_.pop_back();
    return;
  }
  if (typed_.size() >= kMostTyped) return;
  if (key == "." && typed_.find('.') == std::string::npos) typed_ += typed_.empty() ? "0." : ".";
  if (key.size() == 1 && key[0] >= '0' && key[0] <= '9') typed_ = typed_ == "0" ? key : typed_ + key;
}

void CalibrationDesk::change_unit() {
  if (!taking()) in_kg_ = !in_kg_;
}

void CalibrationDesk::take(int64_t now_us) {
  if (!live_ || taking() || storing_ || taring_ || typed_.empty()) return;
  const auto known = calibration::force_n(typed_ + (in_kg_ ? "kg" : "N"));
  if (!known) return say(known.error().text(), true);
  const bool again = std::any_of(points_.begin(), points_.end(), [&](const auto& p) { return p.known == *known; });
  if (!again && points_.size() >= kMostPoints)
    return say(fmt::format("{} points are enough: store them, or take one back", kMostPoints), true);
  known_n_ = *known;
  taker_.begin(now_us);
  say("Let it hang still", false);
}

void CalibrationDesk::undo() {
  if (points_.empty() || taking()) return;
  say(fmt::format("The point of {:.2f} N is taken back", points_.back().known), false);
  points_.pop_back();
}

std::string CalibrationDesk::tare_refusal(int64_t now_us) const {
  if (!has_reading(now_us)) return "not tared: the sensor sends nothing";
  if (taking() || taring_ || storing_) return "not tared: something else is being done";
  return calibration::tare_refusal(recent_, kUnloaded_n);
}

void CalibrationDesk::tare_done(bool ok, const std::string& text) {
  taring_ = false;
  if (ok) {
    // What was read before has another zero.
    points_.clear();
    recent_.reset();
  }
  say(ok ? "Tared: the points begin anew" : text, !ok);
}

void CalibrationDesk::fill(session::CalibrationView& view, int64_t now_us) const {
  view.has_reading = has_reading(now_us);
  view.reading_n = reading_n_;
  view.still = view.has_reading && recent_.still().has_value();
  view.moves = in_use(now_us);
  view.typed = typed_;
  view.in_kg = in_kg_;
  view.taking = taking();
  view.message = message_;
  const auto line = fit();
  view.has_line = line.ok();
  for (std::size_t i = 0; i < points_.size(); ++i)
    view.points.push_back({points_[i].known, points_[i].reading, line ? line->deviations[i] : 0, line.ok()});
  if (line) {
    view.slope = line->line.slope;
    view.offset_n = line->line.offset;
    view.residual_n = line->residual;
  } else if (points_.size() >= 2 && !message_.trouble) {
    view.message = {line.error().text(), true};
  }
  const bool free = !taking() && !storing_ && !taring_;
  view.can_take = view.has_reading && free && !typed_.empty();
  view.can_undo = free && !points_.empty();
  view.can_tare = view.has_reading && free;
  view.can_store = free && line.ok();
}

}  // namespace patella::staff
