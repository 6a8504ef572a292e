// The steps in which a sensor counts: 10 N for a coarse crane scale, far below a newton for a load cell.
#pragma once

namespace patella::module_kit {

class Resolution {
 public:
  /// No sensor that is of use here counts in larger steps.
  static constexpr double kMaxStepN = 10;

  void add(double force_n);
  /// The largest step of which all differences so far are whole multiples, at most kMaxStepN; 0 = no difference seen yet.
  double step_n() const { return step_n_ < kMaxStepN ? step_n_ : kMaxStepN; }

 private:
  double step_n_ = 0, last_n_ = 0;
  bool has_last_ = false;
};

}  // namespace patella::module_kit
