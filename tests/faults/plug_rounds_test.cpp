// Random plugging, pulling, stalls and garbage with three devices at once, two of them twins: the right device on the right
// binding each time, healthy neighbours untouched, nothing leaked.
//
//   PATELLA_ROUNDS=500 test_plug_rounds      the long run; PATELLA_SEED chooses another one
#include <dirent.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

#include "emulated_harness.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/random.hpp"
#include "emulator/scale_model.hpp"

using namespace faults_test;
using emulator::EndpointFault;
using emulator::UnplugOrder;

namespace {

struct Station {
  std::string device, serial;
  double force_n;  ///< what its sensor shows: proof that the samples are of the right device
  std::unique_ptr<Line> line;
  DriverRecord& record() { return line->record; }
};

enum class Trouble { pull, stall, garbage, silence, cut, once, count };

int open_files(int pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/fd";
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  int count = 0;
  while (folder && readdir(folder.get())) ++count;
  return count;
}

struct Files {
  int ours = 0;     ///< eventfd, epoll, pidfd, shared memory: what a link holds
  int sockets = 0;  ///< of links, and of the emulator, which is in this process too
};

Files own_files() {
  Files files;
  const std::string path = "/proc/self/fd";
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  while (const dirent* entry = folder ? readdir(folder.get()) : nullptr) {
    char target[256] = {};
    if (readlink((path + "/" + entry->d_name).c_str(), target, sizeof target - 1) <= 0) continue;
    const std::string kind = target;
    files.ours += kind.rfind("anon_inode:", 0) == 0 || kind.rfind("/memfd:", 0) == 0;
    files.sockets += kind.rfind("socket:", 0) == 0;
  }
  return files;
}

long resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmRSS:", 0) == 0) return std::strtol(line.c_str() + 6, nullptr, 10);
  return 0;
}

class Rounds {
 public:
  Rounds() {
    const char* seed = std::getenv("PATELLA_SEED");
    random_ = emulator::Random(seed ? std::strtoull(seed, nullptr, 10) : 7);
    add({"left_scale", "TWIN", 19.6133, nullptr}, "hid_scale", emulator::Gesture::load);
    add({"right_scale", "TWIN", 49.0333, nullptr}, "hid_scale", emulator::Gesture::load);
    add({"band", "BAND7", 80, nullptr}, "chronojump_force", emulator::Gesture::load);
  }

  void plug_all() {
    for (Station& station : stations_) plug(station);
  }

  /// One device gets one trouble; afterwards all three stations measure their own devices again.
  void round(int number) {
    Station& chosen = stations_[static_cast<std::size_t>(pick(3))];
    const auto trouble = static_cast<Trouble>(pick(static_cast<int>(Trouble::count)));
    INFO("round " << number << ": " << chosen.device << ", trouble " << static_cast<int>(trouble));
    std::vector<std::pair<Station*, std::pair<int, std::size_t>>> neighbours;
    for (Station& station : stations_)
      if (&station != &chosen)
        neighbours.push_back({&station, {station.line->link->child_pid(), station.record().states.size()}});
    if (trouble == Trouble::pull) {
      REQUIRE(bus().unplug(chosen.device, static_cast<UnplugOrder>(pick(4))).ok());
      serve_for(pick(300'000));
      REQUIRE(bus().plug(chosen.device).ok());
      ++plugs_;
    } else {
      make(chosen, trouble);
      serve_for(pick(600'000));
      heal(chosen);
    }
    check_all();
    for (auto& [station, was] : neighbours) {
      INFO("neighbour " << station->device);
      CHECK(station->line->link->child_pid() == was.first);
      CHECK(station->record().states.size() == was.second);
      CHECK(station->record().lost == 0);
    }
  }

  void check_all() {
    for (Station& station : stations_) {
      const uint64_t before = station.record().count;
      const bool right = serve_until([&] {
        return station.record().count >= before + 2 && std::fabs(station.record().last - station.force_n) < 2 &&
               station.line->link->state() == LinkState::live;
      });
      INFO(station.device << " shows " << station.record().last << " N, state " << station.record().states.back().second);
      REQUIRE(right);
      CHECK(station.record().serial == station.serial);
      const auto [known, fresh] = ports_.emplace(station.device, station.record().port);
      CHECK((fresh || known->second == station.record().port));
    }
  }

  int plugs() const { return plugs_; }
  int files_of_children() {
    int count = 0;
    for (Station& station : stations_) count += open_files(station.line->link->child_pid());
    return count;
  }

 private:
  static emulator::MockBus& bus() { return the_bus(); }
  /// 0 … count - 1
  int pick(int count) { return static_cast<int>(random_.next() % static_cast<uint64_t>(count)); }

  /// Each twin is told from the other by its socket, which is asked of a child that has it alone.
  void add(Station station, const std::string& driver, emulator::Gesture gesture) {
    const bool is_scale = driver == "hid_scale";
    if (is_scale) {
      emulator::ScaleModel::Options options;
      options.serial = station.serial;
      REQUIRE(bus().add(station.device, std::make_unique<emulator::ScaleModel>(options)).ok());
    } else {
      REQUIRE(bus()
                  .add(station.device,
                       std::make_unique<emulator::ChronojumpModel>(emulator::ChronojumpModel::Options{.serial = station.serial}))
                  .ok());
    }
    bus().with_model(station.device, [&](emulator::Model& model, int64_t now_us) {
      REQUIRE(model.act({gesture, station.force_n, 0, 0}, now_us));
    });
    REQUIRE(bus().plug(station.device).ok());
    {
      const auto line = setup_.line(driver);
      REQUIRE(run_until([&] { return !line->record.port.empty(); }, *line->link));
      station_ports_.push_back({station.serial, line->record.port});
    }
    REQUIRE(bus().unplug(station.device).ok());
    drivers_.push_back(driver);
    stations_.push_back(std::move(station));
  }

  void plug(Station& station) {
    const auto at = static_cast<std::size_t>(&station - stations_.data());
    DriverLink::Binding binding{station_ports_[at], {}, {}};
    for (std::size_t other = 0; other < stations_.size(); ++other)
      if (other != at) binding.others.push_back(station_ports_[other]);
    station.line = setup_.line(drivers_[at], binding);
    REQUIRE(bus().plug(station.device).ok());
  }

  void make(Station& station, Trouble trouble) {
    const bool serial = bus().with_serial(station.device, [&](emulator::SerialModel& model) {
      emulator::LineFault& fault = model.fault();
      fault.silent = trouble == Trouble::silence || trouble == Trouble::stall;
      fault.garbage = trouble == Trouble::garbage;
      if (trouble == Trouble::cut) fault.cut_to = pick(6);
      if (trouble == Trouble::once) fault.wrong_checksums = 3;
    });
    if (serial) return;
    bus().with_usb(station.device, [&](emulator::UsbModel& model) {
      constexpr uint8_t kIn = emulator::ScaleModel::kIn;
      EndpointFault& fault = model.fault(kIn);
      if (trouble == Trouble::stall) model.halt(kIn);
      fault.silent = trouble == Trouble::silence;
      fault.garbage = trouble == Trouble::garbage;
      if (trouble == Trouble::cut) fault.cut_to = pick(6);
      const int errors[] = {-EPROTO, -EOVERFLOW, -EILSEQ, -ETIME};
      if (trouble == Trouble::once) fault.error_once = errors[pick(4)];
    });
  }

  void heal(const Station& station) {
    if (bus().with_serial(station.device, [](emulator::SerialModel& model) { model.fault() = {}; })) return;
    bus().with_usb(station.device, [](emulator::UsbModel& model) {
      EndpointFault& fault = model.fault(emulator::ScaleModel::kIn);
      const bool halted = fault.halted;  // only the host clears a halt
      fault = {};
      fault.halted = halted;
    });
  }

  bool serve_until(const std::function<bool()>& done) {
    return run_until(done, *stations_[0].line->link, *stations_[1].line->link, *stations_[2].line->link);
  }
  void serve_for(int64_t time_us) {
    const int64_t until_us = setup_.clock.now_us() + time_us;
    serve_until([&] { return setup_.clock.now_us() >= until_us; });
  }

  EmulatedSetup setup_;
  int plugs_ = 0;
  emulator::Random random_{7};
  std::vector<Station> stations_;
  std::vector<DriverLink::Which> station_ports_;
  std::vector<std::string> drivers_;
  std::map<std::string, std::string> ports_;
};

}  // namespace

TEST_CASE("random plug, pull, stall and garbage: the right device on the right binding, neighbours untouched, nothing leaked") {
  Rounds all;
  all.plug_all();
  all.check_all();
  const char* wish = std::getenv("PATELLA_ROUNDS");
  const int count = wish ? std::atoi(wish) : 15;
  const int children = all.files_of_children();
  const Files before = own_files();
  long kib = 0;
  for (int number = 1; number <= count; ++number) {
    all.round(number);
    if (number == count / 2) kib = resident_kib();
  }
  const Files after = own_files();
  const long kib_now = resident_kib();
  std::printf(
      "%d rounds, %d plugs; open files of the children %d -> %d, of this end %d -> %d, sockets %d -> %d; resident %ld -> %ld "
      "KiB in the second half\n",
      count, all.plugs(), children, all.files_of_children(), before.ours, after.ours, before.sockets, after.sockets, kib,
      kib_now);
  CHECK(all.files_of_children() == children);
  CHECK(after.ours == before.ours);
  // The emulator listens on one socket for each device number that was ever given out, and each plug takes a new one.
  CHECK(after.sockets - before.sockets <= all.plugs());
  if (count >= 300) CHECK(kib_now - kib < 4096);
}
