#include "staff/calibration_wizard.hpp"

#include "calibration/known_value.hpp"

namespace patella::staff {

namespace {
constexpr std::size_t kMaxTyped = 7;   ///< "1234.56"
constexpr std::size_t kMaxPoints = 6;  ///< what the screen has room for
constexpr int64_t kMaxUs = 2'000'000;  ///< between two samples: a gap

Messages with(Messages first, const Messages& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

bool is_in_kg(const Message& typed) { return std::get<Quantity>(typed.arguments.front().value).unit == "kg"; }

/// A line whatever the points are like, so that it can be seen which of them is off it.
const calibration::FitRules kAnyLine{2, 1e-6, 1e9};
}  // namespace

void CalibrationWizard::gone() {
  newest_us_ = -1;
  recent_.reset();
  quality_.gap();
  if (procedure_.gone()) say(Message("No point recorded: the sensor was disconnected. Plug it in and try again"), true);
}

void CalibrationWizard::opened() {
  const bool lost = procedure_.opened();
  gone();
  texts_.clear();
  message_ = {};
  if (lost) say(Message("The sensor was plugged in again, or is another one: begin with the first point"), true);
}

void CalibrationWizard::sample(int64_t t_us, double reading_n) {
  newest_us_ = t_us;
  reading_n_ = reading_n;
  recent_.add(t_us, reading_n);
  quality_.sample(t_us, kMaxUs);
  procedure_.sample(t_us, reading_n);
}

void CalibrationWizard::advance(int64_t now_us) {
  const auto answer = procedure_.poll(now_us);
  if (!answer) return;
  if (*answer)
    tell(**answer);
  else
    say(with(Message("No point recorded"), answer->error().messages()), true);
}

void CalibrationWizard::tell(const calibration::Procedure::Taken& taken) {
  texts_[taken.point.known] = known_text_;
  typed_.clear();
  Messages said = Message("{0}: the sensor said {1}", known_text_, Quantity{taken.point.reading, 2, "N"});
  if (taken.loaded_zero)
    return say(with(std::move(said), Message("Is there really nothing on it? If there was, type 0 again")), true);
  if (taken.instead_of)
    said =
        Message("{0}: the sensor said {1}, in place of the earlier reading", known_text_, Quantity{taken.point.reading, 2, "N"});
  say(std::move(said), false);
}

void CalibrationWizard::key(const session::KeypadKey& key) {
  if (taking()) return;
  if (key.erases()) {
    if (!typed_.empty()) typed_.pop_back();
    return;
  }
  if (typed_.size() >= kMaxTyped) return say(Message("A weight has at most {0} figures here", kMaxTyped), true);
  if (key.is_point() && typed_.find('.') == std::string::npos) typed_ += typed_.empty() ? "0." : ".";
  if (!key.is_digit()) return;
  if (typed_ == "0") typed_.clear();
  typed_ += key.typed();
}

void CalibrationWizard::unit(bool kg) {
  if (!taking()) in_kg_ = kg;
}

void CalibrationWizard::take(int64_t now_us) {
  if (!has_reading(now_us) || taking() || storing_ || typed_.empty()) return;
  const auto known = calibration::force_n(typed_ + (in_kg_ ? "kg" : "N"));
  if (!known) return say(known.error().messages(), true);
  if (!procedure_.has(*known) && points().size() >= kMaxPoints)
    return say(Message("{0} points are enough: store them, or take one back", kMaxPoints), true);
  const std::size_t point = typed_.find('.');
  const int decimals = point == std::string::npos ? 0 : static_cast<int>(typed_.size() - point - 1);
  known_text_ = Message("{0}", Quantity{std::stod(typed_), decimals, in_kg_ ? "kg" : "N"});
  procedure_.take(*known, now_us);
  say(Message("Let it hang still"), false);
}

void CalibrationWizard::undo() {
  if (taking() || storing_) return;
  if (const auto point = procedure_.undo()) say(Message("The point of {0} is taken back", texts_.at(point->known)), false);
}

void CalibrationWizard::fill_points(session::CalibrationView& view) const {
  const auto line = fit();
  const std::vector<calibration::Point>& points = procedure_.points();
  const auto any = calibration::fit_line(points, kAnyLine);
  view.has_line = line.ok();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Message& typed = texts_.at(points[i].known);
    view.points.push_back({points[i].known, points[i].reading, any ? any->deviations[i] : 0, any.ok(), typed, is_in_kg(typed)});
  }
  if (line) {
    view.slope = line->line.slope;
    view.offset_n = line->line.offset;
    view.residual_n = line->residual;
  } else if (points.size() >= 2 && !message_.trouble) {
    view.message = {with(line.error().messages(), Message("Type a weight again to measure it again")), true};
  }
}

void CalibrationWizard::fill(session::CalibrationView& view, int64_t now_us) const {
  view.has_reading = has_reading(now_us);
  view.reading_n = reading_n_;
  view.still = view.has_reading && recent_.still().has_value();
  view.moves = in_use(now_us);
  view.typed = typed_;
  view.in_kg = in_kg_;
  view.taking = taking();
  view.message = message_;
  fill_points(view);
  const bool free = !taking() && !storing_;
  view.can_take = view.has_reading && free && !typed_.empty();
  view.can_undo = free && !points().empty();
  view.can_store = can_store();
}

}  // namespace patella::staff
