#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <fstream>
#include <limits>
#include <mutex>
#include <sstream>
#include <utility>

#include "notices/words.hpp"
#include "runtime/engine.hpp"
#include "runtime/session_thread.hpp"

namespace patella::cli {

namespace {

constexpr int64_t kReadoutEveryUs = 1'000'000;

/// Collects what the session thread tells, for the main thread to print.
class Watcher final : public EngineWatcher {
 public:
  Watcher() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  void published() override { eventfd_write(wake_.get(), 1); }
  void stored(const std::string&, const session::LogEvent& event) override { add(event); }
  void notice(const notices::Notice& notice) override {
    session::LogEvent event;
    event.kind = "notice";
    event.fields = {{"notice", std::string(notices::id_of(notice.kind))},
                    {"state", std::string(notice.open() ? "open" : "acknowledged")}};
    for (auto& field : notices::detail_in_words(notice)) event.fields.push_back(std::move(field));
    add(event);
  }
  std::vector<session::LogEvent> take() {
    eventfd_t ignored = 0;
    eventfd_read(wake_.get(), &ignored);
    std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }
  int fd() const { return wake_.get(); }

 private:
  void add(const session::LogEvent& event) {
    {
      std::lock_guard lock(mutex_);
      events_.push_back(event);
    }
    eventfd_write(wake_.get(), 1);
  }
  UniqueFd wake_;
  std::mutex mutex_;
  std::vector<session::LogEvent> events_;
};

// As the screen shows it; what rounds to zero is "0", never "-0".
std::string number_text(double value, int decimals) {
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  return text.find_first_of("123456789") == std::string::npos && text[0] == '-' ? text.substr(1) : text;
}

bool is_occurrence(const session::LogEvent& event) {
  static constexpr const char* kOwn[] = {"state", "rep", "hold", "gap"};
  for (const char* kind : kOwn)
    if (event.kind == kind) return true;
  return false;
}

class Terminal {
 public:
  Terminal(const TerminalOptions& options, const Clock& clock, SnapshotSlot& slot, Engine& engine, Watcher& watcher)
      : options_(options), clock_(clock), slot_(slot), engine_(engine), watcher_(watcher) {}

  Status read_script() {
    if (options_.script.empty()) return {};
    std::ifstream file(options_.script);
    if (!file)
      return Error{"cannot be read", options_.script,
                   "Give the path of a script: start, pause, resume, pain, skip, end, wait SECONDS, until KIND"};
    for (std::string line; std::getline(file, line);)
      if (!line.empty() && line[0] != '#') script_.push_back(line);
    return {};
  }

  int run(int signals) {
    while (!ended_) {
      pollfd fds[3] = {
          {watcher_.fd(), POLLIN, 0}, {signals, POLLIN, 0}, {options_.headless || keys_closed_ ? -1 : STDIN_FILENO, POLLIN, 0}};
      poll(fds, 3, 100);
      if (fds[1].revents) return 130;  // the session stays open and can be resumed
      if (fds[2].revents) read_keys();
      for (const auto& event : watcher_.take()) print(event);
      const session::SnapshotPtr now = slot_.get();
      tell_staff(*now);
      readout(*now);
      step(*now);
      began_ = began_ || now->screen == session::Screen::live;
      if (began_ && now->screen == session::Screen::home && !ended_ && !engine_.store_works()) return 1;
    }
    return 0;
  }

 private:
  void print(const session::LogEvent& event) {
    if (event.kind == "ended") {
      ended_ = true;
      return;
    }
    std::string line = session::to_line(event);
    if (!is_occurrence(event)) line = "event kind=" + line;
    fmt::print("{:.3f} {}\n", static_cast<double>(event.t_us) / 1e6, line);
    std::fflush(stdout);
    if (until_ == event.kind) until_.clear();
  }

  /// What a screen would show to staff: a log that cannot be written, above all.
  void tell_staff(const session::Snapshot& now) {
    if (now.kiosk->banners == told_banners_) return;
    for (const Messages& text : now.kiosk->banners)
      if (std::find(told_banners_.begin(), told_banners_.end(), text) == told_banners_.end())
        fmt::print(stderr, "{}\n", english(text));
    told_banners_ = now.kiosk->banners;
  }

  void readout(const session::Snapshot& now) {
    const int64_t now_us = clock_.now_us();
    if (now.view.size == 0 || now_us - readout_us_ < kReadoutEveryUs) return;
    if (now.screen != session::Screen::live && now.screen != session::Screen::rest) return;
    readout_us_ = now_us;
    std::string line = fmt::format("{:.3f} readout", now.session_t_s);
    for (uint32_t i = 0; i < now.view.readout_count && i < PATELLA_VIEW_READOUTS; ++i) {
      const patella_readout& r = now.view.readouts[i];
      const auto channel = static_cast<std::size_t>(r.channel);
      const bool lost = r.channel >= 0 && channel < now.channels.size() && !session::has_value(now.channels[channel].liveness);
      if (lost || !std::isfinite(r.value))
        line += fmt::format(" {}=--", r.key);
      else
        line += fmt::format(" {}={}", r.key, number_text(r.value, std::max(0, r.decimals)));
    }
    fmt::print("{}\n", line);
    std::fflush(stdout);
  }

  void tap(const session::taps::InSession& tap) { engine_.post(tap); }

  // Answers what the terminal cannot ask, once for each screen it sees.
  void step(const session::Snapshot& now) {
    using session::Screen;
    const bool fresh = now.screen != screen_ || now.screen == Screen::set_up;
    screen_ = now.screen;
    if (now.screen == Screen::set_up && !now.can_continue && now.why_not_continue != told_why_) {
      told_why_ = now.why_not_continue;
      fmt::print(stderr, "{}\n", english(told_why_));
    }
    const bool by_itself = options_.headless && options_.script.empty();
    if (by_itself && now.screen == Screen::set_up && now.can_continue && !started_) {
      started_ = true;
      tap(session::taps::Start());
    }
    // What was cut off goes on as soon as its sensor is there.
    if (options_.resume && options_.headless && now.screen == Screen::live && now.can_resume && !std::exchange(resumed_, true))
      tap(session::taps::Resume());
    run_script(now);
    if (!fresh) return;
    switch (now.screen) {
      case Screen::screening:
        if (gate_seen_) return tap(session::taps::Back());
        fmt::print(stderr, "Questions are not asked at a terminal: they are stored as not answered\n");
        tap(session::taps::SkipQuestions());
        return;
      case Screen::start_gate:
        fmt::print(stderr, "This start needs staff at the kiosk's screen: the session is closed\n");
        gate_seen_ = true;
        tap(session::taps::Back());
        return;
      case Screen::pain_stop:
      case Screen::after:
        tap(session::taps::SkipQuestions());
        return;
      default:
        return;
    }
  }

  void run_script(const session::Snapshot& now) {
    if (!until_.empty() || clock_.now_us() < wait_until_us_ || script_.empty()) return;
    std::istringstream words(script_.front());
    std::string word, argument;
    words >> word >> argument;
    if (word == "start" && !(now.screen == session::Screen::set_up && now.can_continue)) return;
    script_.pop_front();
    command(word, argument);
  }

  void command(const std::string& word, const std::string& argument) {
    namespace taps = session::taps;
    if (word == "start")
      tap(taps::Start());
    else if (word == "pause")
      tap(taps::Pause());
    else if (word == "resume")
      tap(taps::Resume());
    else if (word == "pain")
      tap(taps::PainStop());
    else if (word == "skip")
      tap(taps::SkipRest());
    else if (word == "end")
      tap(screen_ == session::Screen::set_up ? taps::InSession(taps::Back()) : taps::EndSession());
    else if (word == "wait")
      wait_until_us_ = clock_.now_us() + static_cast<int64_t>(std::atof(argument.c_str()) * 1e6);
    else if (word == "until")
      until_ = argument;
    else
      fmt::print(stderr, "not a command: \"{}\". Use start, pause, resume, pain, skip, end, wait SECONDS, until KIND\n", word);
  }

  void read_keys() {
    char block[256];
    const ssize_t got = ::read(STDIN_FILENO, block, sizeof block);
    if (got <= 0) {
      keys_closed_ = true;
      return;
    }
    typed_.append(block, static_cast<std::size_t>(got));
    for (std::size_t end; (end = typed_.find('\n')) != std::string::npos; typed_.erase(0, end + 1)) {
      std::istringstream words(typed_.substr(0, end));
      std::string word, argument;
      words >> word >> argument;
      if (!word.empty()) command(word, argument);
    }
  }

  const TerminalOptions& options_;
  const Clock& clock_;
  SnapshotSlot& slot_;
  Engine& engine_;
  Watcher& watcher_;
  std::deque<std::string> script_;
  std::string until_, typed_;
  Messages told_why_;
  std::vector<Messages> told_banners_;
  bool began_ = false, gate_seen_ = false;
  int64_t wait_until_us_ = 0, readout_us_ = 0;
  session::Screen screen_ = session::Screen::home;
  bool started_ = false, resumed_ = false, ended_ = false, keys_closed_ = false;
};

}  // namespace

namespace {

bool is_asked_for(const session::StationSetup& station, const TerminalOptions& options) {
  const bool here = options.station.empty() || station.id == options.station;
  const bool this_one = options.exercise.empty() || station.exercise == options.exercise;
  return here && this_one && !(station.id.empty() && station.exercise.empty());
}

/// `fault`: what is wrong with it; "" = there is none.
std::string no_such_station(const TerminalOptions& options, const std::vector<session::StationSetup>& stations,
                            const std::string& fault) {
  std::vector<std::string> known;
  for (const auto& station : stations)
    if (known.empty() || known.back() != station.id) known.push_back(station.id);
  const std::string what = options.exercise.empty()  ? fmt::format("there is no station \"{}\"", options.station)
                           : options.station.empty() ? fmt::format("no station offers the exercise \"{}\"", options.exercise)
                                                     : fmt::format("the station \"{}\" does not offer the exercise \"{}\"",
                                                                   options.station, options.exercise);
  return fmt::format("{}{}{}. Stations: {}", what, fault.empty() ? "" : ": ", fault, fmt::join(known, " "));
}

}  // namespace

int run_terminal(const TerminalOptions& options, Assembly assembly, const plugin_link::HostOptions& host, StoreThread& store,
                 const Clock& clock, Log& log) {
  const auto& stations = assembly.kiosk_setup.stations;
  const auto at = std::find_if(stations.begin(), stations.end(), [&](const auto& s) { return is_asked_for(s, options); });
  if (at == stations.end() || !at->why_not.empty()) {
    fmt::print(stderr, "{}\n", no_such_station(options, stations, at == stations.end() ? "" : at->fault));
    return 2;
  }
  const std::string station = at->id, exercise = at->exercise;
  const auto& clients = assembly.kiosk_setup.clients;
  const bool known = options.client == "guest" ||
                     std::any_of(clients.begin(), clients.end(), [&](const auto& c) { return c.ref == options.client; });
  if (!known) {
    fmt::print(stderr, "there is no client \"{}\". Use guest, or a pseudonym of clients.toml\n", options.client);
    return 2;
  }
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGINT);
  sigaddset(&mask, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &mask, nullptr);
  UniqueFd signals(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
  SnapshotSlot slot;
  Watcher watcher;
  // Nobody touches a terminal: it waits for as long as its user lets it.
  constexpr session::Patience kEndless{std::numeric_limits<int64_t>::max() / 2, 0};
  assembly.kiosk_setup.patience = kEndless;
  for (session::StationSetup& one : assembly.kiosk_setup.stations) one.rules.patience = kEndless;
  plugin_link::ProcessLinks links(host, clock, log);
  SessionThread session_thread;
  Engine engine(std::move(assembly), links, store, slot, clock, log, watcher, session_thread);
  Terminal terminal(options, clock, slot, engine, watcher);
  if (Status read = terminal.read_script(); !read) {
    fmt::print(stderr, "{}\n", read.error().text());
    return 2;
  }
  engine.start({options.resume ? ResumePolicy::Kind::at_once : ResumePolicy::Kind::close, station});
  if (!engine.resumed()) {
    engine.post(session::taps::OpenStation{station, exercise});
    if (options.client == "guest")
      engine.post(session::taps::ChooseGuest());
    else
      engine.post(session::taps::ChooseClient{options.client});
  }
  return terminal.run(signals.get());
}

}  // namespace patella::cli
