// The tool as its users see it: a program of any kind below it, commands typed at it.
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "mock_bus/child.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

const std::string kTool = std::string(PATELLA_BUILD_DIR) + "/bin/patella-emulator";
const std::string kReader = std::string(PATELLA_BUILD_DIR) + "/tests/usb_reader";

/// The tool with its answers on the same pipe as the program's lines.
Child tool(std::vector<std::string> arguments) {
  std::string line = "exec " + kTool;
  for (const std::string& argument : arguments) line += " '" + argument + "'";
  return Child({"sh", "-c", line + " 2>&1"}, false);
}

std::string temporary_folder() {
  std::string folder = "/tmp/patella-tool-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()));
  return folder;
}

}  // namespace

TEST_CASE("list tells the kinds") {
  Child child({kTool, "list"}, false);
  CHECK(child.wait_line("concept2_pm5 "));
  CHECK(child.wait_line("chronojump_force "));
  CHECK(child.wait_line("hid_scale "));
  CHECK(child.wait_end() == 0);
}

TEST_CASE("the exit status is the program's, and the program knows where it runs") {
  Child child({kTool, "run", "concept2_pm5", "--", "sh", "-c", "echo marked $PATELLA_UNDER_UMOCKDEV; exit 7"}, false);
  CHECK(child.wait_line("marked 1"));
  CHECK(child.wait_end() == 7);
  Child killed({kTool, "run", "concept2_pm5", "--", "sh", "-c", "kill -9 $$"}, false);
  CHECK(killed.wait_end() == 128 + SIGKILL);
  Child missing({kTool, "run", "concept2_pm5", "--", "/no/such/program"}, false);
  CHECK(missing.wait_end() == 127);
  Child wrong({kTool, "run", "rower", "--", "true"}, false);
  CHECK(wrong.wait_end() == 2);
}

TEST_CASE("commands typed at it plug, spoil and stop a device that a program reads") {
  Child child = tool({"run", "hid_scale:name=left", "--", kReader, "0922", "8003", "82"});
  REQUIRE(child.wait_line("report 2"));
  child.write("unplug left\n");
  REQUIRE(child.wait_line("left"));
  child.write("plug left\n");
  REQUIRE(child.wait_line("report 1"));
  child.write("halt left 82\nhalt left 99\nnonsense left\npull left much\nplug right\nunplug left sideways\n");
  CHECK(child.wait_line("patella-emulator: left endpoint 82 stalls"));
  CHECK(child.wait_line("patella-emulator: not done: left has no endpoint 99"));
  CHECK(child.wait_line("patella-emulator: not done: there is no command \"nonsense\""));
  CHECK(child.wait_line("patella-emulator: not done: usage: pull NAME PEAK_N HOLD_S [COUNT]"));
  CHECK(child.wait_line("patella-emulator: not done: there is no device \"right\"; there are: left"));
  CHECK(child.wait_line("patella-emulator: not done: usage: unplug NAME"));
  REQUIRE(child.wait_line("report 2"));  // the reader cleared the stall
  child.write("quit\n");
  CHECK(child.wait_line("patella-emulator: the program is asked to end"));
  CHECK(child.wait_end() == 128 + SIGTERM);
}

TEST_CASE("every fault and gesture has an answer") {
  Child child = tool({"run", "concept2_pm5,chronojump_force,hid_scale", "--", "sleep", "60"});
  for (const char* line : {"silence concept2_pm5 on",
                           "silence chronojump_force off",
                           "delay hid_scale 100",
                           "short hid_scale 3",
                           "short hid_scale off",
                           "garbage chronojump_force on",
                           "checksum concept2_pm5 2",
                           "burst hid_scale 3",
                           "error hid_scale EPROTO",
                           "error hid_scale 71",
                           "slow chronojump_force 100",
                           "spike concept2_pm5",
                           "miss concept2_pm5",
                           "drift chronojump_force -4.4",
                           "pedal concept2_pm5 90",
                           "heart concept2_pm5 120",
                           "pull chronojump_force 60 1 5",
                           "slack chronojump_force",
                           "load hid_scale 20",
                           "auto concept2_pm5 off"}) {
    child.write(std::string(line) + "\n");
    REQUIRE(child.wait_line("patella-emulator: "));
    while (child.line().find(" is /dev/") != std::string::npos) REQUIRE(child.wait_line("patella-emulator: "));
    INFO(child.line());
    CHECK(child.line().find("not done") == std::string::npos);
  }
  for (const char* line :
       {"pedal hid_scale 90", "error chronojump_force EPROTO", "slow concept2_pm5 10", "halt chronojump_force 81",
        "drift concept2_pm5 3", "silence concept2_pm5 maybe", "pedal concept2_pm5 900", "delay concept2_pm5 -1",
        "heart concept2_pm5", "sleep soon", "wait concept2_pm5 closed"}) {
    child.write(std::string(line) + "\n");
    REQUIRE(child.wait_line("patella-emulator: "));
    INFO(child.line());
    CHECK(child.line().find("not done: ") != std::string::npos);
  }
  child.write("quit\n");
  CHECK(child.wait_end() == 128 + SIGTERM);
}

TEST_CASE("a script sleeps and waits by itself; a control pipe takes writer after writer") {
  const std::string folder = temporary_folder();
  std::ofstream(folder + "/script") << "# a comment\nsay first\nwait hid_scale opened\nsay opened\nsleep 50\nunplug hid_scale\n";
  Child child = tool({"run", "hid_scale", "--script", folder + "/script", "--control", folder + "/control", "--", kReader, "0922",
                      "8003", "82"});
  CHECK(child.wait_line("patella-emulator: first"));
  CHECK(child.wait_line("patella-emulator: hid_scale is open"));
  CHECK(child.wait_line("patella-emulator: hid_scale is gone"));
  struct stat about {};
  REQUIRE(::stat((folder + "/control").c_str(), &about) == 0);
  CHECK(S_ISFIFO(about.st_mode));
  for (const char* word : {"one", "two", "three"}) {
    std::ofstream(folder + "/control") << "say " << word << "\n";
    CHECK(child.wait_line(std::string("patella-emulator: ") + word));
  }
  std::ofstream(folder + "/control") << "plug hid_scale\n";
  CHECK(child.wait_line("report 1"));
  child.kill(SIGTERM);  // passed on
  CHECK(child.wait_end() == 128 + SIGTERM);
  ::unlink((folder + "/script").c_str());
  ::unlink((folder + "/control").c_str());
  ::rmdir(folder.c_str());
}

TEST_CASE("the end of the tool's input is the end of the program's") {
  Child child = tool({"run", "hid_scale", "--", "sh", "-c", "cat; exit 5"});
  REQUIRE(child.wait_line("patella-emulator: hid_scale is"));
  child.end_input();
  CHECK(child.wait_end() == 5);
}
