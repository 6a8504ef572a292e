// `patella`.
#include <malloc.h>

#include "cli/command_line.hpp"
#include "run_kiosk.hpp"

int main(int argc, char** argv) {
  // Before any thread. Each of a dozen threads, most of them asleep, would otherwise keep free memory of its own.
  ::mallopt(M_ARENA_MAX, 2);
  return patella::cli::command_line(argc, argv, patella::run_kiosk);
}
