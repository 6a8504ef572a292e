// The site's program for notices, with real programs.
#include "runtime/notify_program.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/sentence.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::runtime;
using patella::test::Folder;

namespace {
constexpr auto kPatience = std::chrono::seconds(60);

/// Waits for what the program's thread tells.
struct Failures {
  std::mutex mutex;
  std::condition_variable came;
  std::vector<std::string> all;
  void add(const std::string& why) {
    std::lock_guard lock(mutex);
    all.push_back(why);
    came.notify_all();
  }
  std::string first() {
    std::unique_lock lock(mutex);
    return came.wait_for(lock, kPatience, [&] { return !all.empty(); }) ? all.front() : "nothing was told";
  }
};

std::string script(const Folder& folder, const std::string& text) {
  const auto path = folder.path / "notify";
  std::ofstream(path) << "#!/bin/sh\n" << text;
  ::chmod(path.c_str(), 0700);
  return path.string();
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The program renames it when it is whole.
std::string wait_for_file(const std::filesystem::path& path) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!std::filesystem::exists(path) && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return content(path);
}
}  // namespace

TEST_CASE("the program reads the notice on its standard input, gets its arguments as they are, and what kind it is") {
  const Folder folder;
  const std::string program =
      script(folder, "cat > \"$1.part\"; echo \"$PATELLA_EVENT $PATELLA_NOTICE $# $2\" >> \"$1.part\"; mv \"$1.part\" \"$1\"\n");
  Log log(LogLevel::warning);
  Failures failures;
  const std::string out = (folder.path / "out").string();
  NotifyProgram run(
      {{program, out, "a b; $(touch /nowhere)"}, 20'000'000}, [&](const Message& why) { failures.add(english(why)); }, log);
  const std::string json = "{\"id\":\"" + std::string(300'000, 'x') + "\"}\n";  // more than a pipe holds
  run.run("1", "raised", "pain_stop", json);
  CHECK(wait_for_file(out) == json + "raised pain_stop 2 a b; $(touch /nowhere)\n");
  CHECK(failures.all.empty());
}

TEST_CASE("a program that fails, is not there, or takes too long is told") {
  const Folder folder;
  Log log(LogLevel::error);
  Failures failures;
  const auto tell = [&](const Message& why) { failures.add(english(why)); };
  SECTION("a status") {
    NotifyProgram run({{script(folder, "exit 3\n")}, 20'000'000}, tell, log);
    run.run("1", "raised", "pain_stop", "{}");
    CHECK(failures.first() == "It ended with status 3");
  }
  SECTION("a signal") {
    NotifyProgram run({{script(folder, "kill -11 $$\n")}, 20'000'000}, tell, log);
    run.run("1", "raised", "pain_stop", "{}");
    CHECK(failures.first() == "It was ended by signal 11");
  }
  SECTION("not there") {
    NotifyProgram run({{(folder.path / "nothing").string()}, 20'000'000}, tell, log);
    run.run("1", "raised", "pain_stop", "{}");
    CHECK(failures.first() == "It could not be started: No such file or directory");
  }
  SECTION("too long, with what it has started") {
    const auto pid = folder.path / "pid";
    const std::string name = pid.string();
    NotifyProgram run(
        {{script(folder, "sleep 1000 & echo $! > " + name + ".part; mv " + name + ".part " + name + "; wait\n")}, 3'000'000},
        tell, log);
    run.run("1", "raised", "pain_stop", "{}");
    const int child = std::atoi(wait_for_file(pid).c_str());
    REQUIRE(child > 0);
    CHECK(failures.first() == "It was still running after 3 s and was ended");
    const auto until = std::chrono::steady_clock::now() + kPatience;
    const auto state = [&] { return content("/proc/" + std::to_string(child) + "/stat"); };
    while (state().find(") Z ") == std::string::npos && !state().empty() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK((state().empty() || state().find(") Z ") != std::string::npos));
  }
}

TEST_CASE("at most four run at once, and of one notice that waits only the newest state is handed over") {
  const Folder folder;
  Log log(LogLevel::error);
  // Each writes "+" when it begins and "-" when it ends, and ends when the test has opened the gate.
  const std::string base = folder.path.string();
  const std::string program = script(folder, "cd " + base +
                                                 "; read line; echo \"$line\" >> lines; echo + >> runs\n"
                                                 "while [ ! -e gate ]; do sleep 0.05; done; echo - >> runs\n");
  Failures failures;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  const auto wait_for = [&](const auto& done) {
    while (!done() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return done();
  };
  const auto runs = [&] { return content(base + "/runs"); };
  {
    NotifyProgram run(
        {{program}, 120'000'000}, [&](const Message& why) { failures.add(english(why)); }, log);
    for (int i = 0; i < 4; ++i) run.run(std::to_string(i), "raised", "call_staff", "first " + std::to_string(i) + "\n");
    REQUIRE(wait_for([&] { return runs() == "+\n+\n+\n+\n"; }));
    run.run("9", "changed", "red_flag", "old\n");
    run.run("9", "changed", "red_flag", "new\n");
    run.run("9", "acknowledged", "red_flag", "seen\n");
    for (int i = 10; i < 20; ++i) run.run(std::to_string(i), "raised", "call_staff", "more\n");
    std::ofstream(base + "/gate") << "open";
    REQUIRE(wait_for([&] { return std::ranges::count(runs(), '-') == 16; }));
  }
  int now = 0, most = 0;
  for (const char sign : runs()) most = std::max(most, now += sign == '+' ? 1 : sign == '-' ? -1 : 0);
  CHECK(most == 4);
  const std::string lines = content(base + "/lines");
  CHECK(lines.find("old") == std::string::npos);
  CHECK(lines.find("new") != std::string::npos);
  CHECK(lines.find("seen") != std::string::npos);
  CHECK(failures.all.empty());
}

TEST_CASE("the end of the kiosk does not wait for a program that hangs") {
  const Folder folder;
  Log log(LogLevel::error);
  const auto pid = folder.path / "pid";
  const std::string program =
      script(folder, "echo $$ > " + pid.string() + ".part; mv " + pid.string() + ".part " + pid.string() + "; sleep 1000\n");
  int child = 0;
  {
    NotifyProgram run({{program}, 300'000'000}, nullptr, log);
    run.run("1", "raised", "pain_stop", "{}");
    child = std::atoi(wait_for_file(pid).c_str());
    REQUIRE(child > 0);
  }
  CHECK(::kill(child, 0) != 0);
}
