// What is printed: one line a check and a sum, or the same as JSON.
#pragma once

#include <string>
#include <vector>

#include "supervise.hpp"

namespace patella::check {

class Report {
 public:
  Report(bool json, std::string file) : json_(json), file_(std::move(file)) {}
  void add(const char* name, const Outcome& outcome);
  /// Prints the sum. 0 = nothing failed, else 1.
  int finish();

 private:
  struct Line {
    std::string name;
    Outcome outcome;
  };
  bool json_;
  std::string file_;
  std::vector<Line> lines_;
};

}  // namespace patella::check
