// An exercise module whose default rows name one that its list cannot have: whoever made each row up to it would end.
#include <patella/sdk.hpp>

namespace {
using namespace patella::sdk;

constexpr patella_param kColumns[] = {real_param("load_n", "Load", "N", "A load.", 5, 0, 100)};
constexpr patella_value kRows[] = {{"steps.load_n", 65'536, 5, nullptr}};
constexpr patella_param kParams[] = {rows_param("steps", "Steps", "Some steps.", 0, 1e9, kColumns, kRows)};

struct FarRow {
  static constexpr patella_wanted_channel kChannels[] = {wanted("force", "N", true)};
  FarRow(ExerciseHost, const Params&, uint32_t) {}
  void on_sample(const patella_sample&) {}
  void on_tick(int64_t) {}
  void on_action(uint32_t, int64_t) {}
  void on_gap(uint32_t, bool, int64_t) {}
  void fill_view(patella_view&) const {}
};
}  // namespace

PATELLA_EXERCISE(FarRow, "org.patella.test.far_row", "far_row", "1.0.0", kParams)
