#include "cases.hpp"

namespace patella::check {
namespace {

constexpr Case kCases[] = {{"symbols", Needs::file, false, check_symbols},
                           {"imports", Needs::file, false, check_imports},
                           {"abi", Needs::entry, false, check_abi},
                           {"manifest", Needs::tables, false, check_manifest},
                           {"names", Needs::tables, false, check_names},
                           {"parameters", Needs::tables, false, check_parameters},
                           {"channels", Needs::tables, false, check_channels},

                           {"matches", Needs::driver, false, check_matches},
                           {"life", Needs::driver, false, check_driver_life},
                           {"wrong_order", Needs::driver, false, check_driver_wrong_order},
                           {"no_answer", Needs::driver, false, check_driver_no_answer},
                           {"write_fails", Needs::driver, false, check_driver_write_fails},
                           {"random_bytes", Needs::driver, true, check_driver_random_bytes},
                           {"endless_line", Needs::driver, false, check_driver_endless_line},
                           {"slices", Needs::driver, false, check_driver_slices},
                           {"time_jumps", Needs::driver, false, check_driver_time_jumps},
                           {"commands", Needs::driver, false, check_driver_commands},
                           {"limits", Needs::driver, false, check_driver_limits},
                           {"many_lives", Needs::driver, false, check_driver_many_lives},

                           {"replay", Needs::exercise, true, check_module_replay},
                           {"batches", Needs::exercise, false, check_module_batches},
                           {"view", Needs::exercise, false, check_module_view},
                           {"done", Needs::exercise, false, check_module_done},
                           {"random_stream", Needs::exercise, true, check_module_random_stream},
                           {"missing_channels", Needs::exercise, false, check_module_missing_channels},
                           {"limits", Needs::exercise, false, check_module_limits},
                           {"hour", Needs::exercise, false, check_module_hour},
                           {"many_lives", Needs::exercise, false, check_module_many_lives}};

}  // namespace

std::span<const Case> all_cases() { return kCases; }

}  // namespace patella::check
