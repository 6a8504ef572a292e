// `patella`.
#include "cli/command_line.hpp"
#include "run_kiosk.hpp"

int main(int argc, char** argv) { return patella::cli::command_line(argc, argv, patella::run_kiosk); }
