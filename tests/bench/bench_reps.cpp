// How well repetitions are counted, on pulls drawn with fresh seeds (support/pull_maker.hpp), and what each threshold does to it.
//
//   bench_reps [SEED]          recall and precision by class, with the parameters as shipped
//   bench_reps sweep [SEED]    one threshold after the other, the others as shipped
#include <cstdlib>
#include <cstring>
#include <random>

#include "support/pull_score.hpp"

using namespace patella::test;

namespace {

uint32_t fresh_seed(const char* given) {
  return given ? static_cast<uint32_t>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

template <class Each>
void plans(uint32_t seed, bool thin, Each&& each) {
  std::mt19937 random(seed);
  for (const bool pulses : {false, true})
    for (const Feature feature : kFeatures)
      for (const double rate_hz : kRatesHz)
        for (const double speed_hz : kSpeedsHz) {
          const uint32_t number = static_cast<uint32_t>(random());
          if (number % 4 != 0 && (thin || rate_hz > 200)) continue;
          if (thin && rate_hz > 200) continue;
          const PullPlan plan{pulses, feature, rate_hz, speed_hz, 8, number};
          if (physics_allows(plan)) each(plan);
        }
}

void by_class(uint32_t seed) {
  std::printf("# seed %u\n", seed);
  ScoreTable table;
  plans(seed, false, [&](const PullPlan& plan) { table.add(plan, score_of(plan)); });
  table.print(stdout);
  const Score& all = table.all();
  std::printf("reps_missed %.3f per_1000 10\n", 1000 * (1 - all.recall()));
  std::printf("reps_counted_wrongly %.3f per_1000 10\n", 1000 * (1 - all.precision()));
  std::printf("reasons_untrue %.3f per_1000 10\n", 1000 * (1 - all.reasons()));
}

struct Swept {
  const char* key;
  const char* name;
  bool share_of_target;  // the value is a share of force_low_n
  std::vector<double> full, pulses;
};

void sweep(uint32_t seed) {
  const std::vector<Swept> all = {
      {"min_rep_s", "min_rep_s", false, {0.1, 0.2, 0.3, 0.4, 0.5, 0.7}, {0.1, 0.2, 0.3, 0.4, 0.5, 0.7}},
      {"min_rise_s", "min_rise_s", false, {0, 0.05, 0.1, 0.15, 0.2, 0.3}, {0, 0.05, 0.1, 0.15, 0.2, 0.3}},
      {"start_force_n", "upper / target", true, {0.3, 0.4, 0.5, 0.6, 0.7, 0.9}, {0.7, 0.8, 0.85, 0.9, 0.95, 1.0}},
      {"release_force_n", "lower / target", true, {0.1, 0.15, 0.2, 0.25, 0.3, 0.4}, {0.4, 0.5, 0.6, 0.675, 0.75, 0.8}},
  };
  std::printf("# seed %u\n%-16s %-8s %7s %9s %9s %9s\n", seed, "threshold", "profile", "value", "recall", "precision", "reasons");
  for (const Swept& one : all)
    for (const bool pulses : {false, true})
      for (const double value : pulses ? one.pulses : one.full) {
        Score score;
        plans(seed, true, [&](const PullPlan& plan) {
          if (plan.pulses != pulses) return;
          const PulledSet set = PullMaker(plan).make();
          Values values = shipped_for(set, pulses);
          values.set(one.key, one.share_of_target ? value * set.target_n : value);
          Rig rig(patella::sdk::ExerciseGlue<patella::band_reps::BandReps>::kTable, values, 1);
          rig.play(records_of(set));
          score.add(score_of(set, rig.said()));
        });
        std::printf("%-16s %-8s %7.3f %9.4f %9.4f %9.4f\n", one.name, pulses ? "pulses" : "full", value, score.recall(),
                    score.precision(), score.reasons());
      }
}

}  // namespace

int main(int argc, char** argv) {
  const bool sweeps = argc > 1 && std::strcmp(argv[1], "sweep") == 0;
  const uint32_t seed = fresh_seed(argc > (sweeps ? 2 : 1) ? argv[sweeps ? 2 : 1] : nullptr);
  sweeps ? sweep(seed) : by_class(seed);
  return 0;
}
