#include <patella/device.h>

#include <algorithm>

#include <fmt/format.h>

#include "plugin_link/links.hpp"
#include "plugin_link/sample_ring.hpp"
#include "plugin_link/start_texts.hpp"
#include "plugin_link/supervisor.hpp"

namespace patella::plugin_link {
namespace {

constexpr int kDescriptorsAChild = 24, kDescriptorRanges = 40;
constexpr std::size_t kMaxRefused = 32;  // more ports than a machine has: the oldest was unplugged long ago
constexpr std::size_t kMaxKnown = 8;
// A port without an answer is tried again: after each of the others had its turn, or soon when nobody else waits.
constexpr int64_t kOthersTurnUs = 8'000'000, kAskAgainUs = 2'000'000;
constexpr const char* kGoneFailed = "3";  // transport::Gone::failed, as the host sends it

/// The driver's own, or what its parameter with the flag LINE_SPEED is set to ("baud_57600"; patella/plugin.h). 0 = a choice that is
/// no speed: the host says that the port cannot be set.
uint32_t line_speed_baud(const PluginInfo& plugin, const params::Values& params) {
  for (const params::Spec& param : plugin.params) {
    if (!param.line_speed || param.choices.empty()) continue;
    const double chosen = params::number_of(params, param.key, param.default_value);
    const double last = static_cast<double>(param.choices.size() - 1);
    const std::string& choice = param.choices[static_cast<std::size_t>(std::clamp(chosen, 0.0, last))];
    return choice.rfind("baud_", 0) == 0 ? static_cast<uint32_t>(std::max<int64_t>(0, wire::to_int(choice.substr(5)))) : 0;
  }
  return plugin.serial.baud;
}

class Driver final : public DriverLink, private ChildProtocol {
 public:
  Driver(const HostOptions& options, const PluginInfo& plugin, Binding binding, const Clock& clock, Log& log, DriverSink& sink)
      : options_(options),
        plugin_(plugin),
        binding_(std::move(binding)),
        clock_(clock),
        sink_(sink),
        slots_(SampleRing::slots_for(plugin.channels)),
        descriptor_range_(options.under_umockdev ? (*options.drivers_made)++ % kDescriptorRanges + 1 : 0),
        supervisor_(options, name_of(plugin), clock, log, *this) {}

  int wait_fd() const override { return supervisor_.wait_fd(); }
  int64_t deadline_us() const override { return supervisor_.deadline_us(); }
  LinkState state() const override { return state_; }
  int child_pid() const override { return supervisor_.child_pid(); }
  const std::vector<ConfinementLayer>& confinement() const override { return supervisor_.confinement(); }
  void begin_stop() override { supervisor_.begin_stop(); }

  void service() override { supervisor_.service(); }

  Status command(const std::string& name, double argument) override {
    if (state_ != LinkState::live && state_ != LinkState::silent)
      return in_words(Message("{0} is not connected", name_of(plugin_)), "", Message("Plug it in and try again"));
    if (!supervisor_.send({"command", name, wire::number_text(argument)}))
      return in_words(Message("{0} is busy", name_of(plugin_)), "", Message("Try again"));
    pending_commands_.push_back(name);
    return {};
  }

  void retry() override {
    refused_ports_.clear();
    postponed_ports_.clear();
    if (failed_) supervisor_.end_child(Message("Its process was started again by staff"));
    supervisor_.retry();
  }

 private:
  // ---- ChildProtocol

  std::vector<std::string> arguments() const override {
    std::vector<std::string> list{"--driver", plugin_.manifest.library.string()};
    if (options_.allow_no_device) list.push_back("--allow-no-device");
    if (descriptor_range_ > 0) {
      list.push_back("--fd-offset");
      list.push_back(std::to_string(descriptor_range_ * kDescriptorsAChild));
    }
    return list;
  }
  std::size_t child_bytes() const override { return wire::kChildRingOffset + slots_ * sizeof(wire::Sample); }
  std::size_t kiosk_bytes() const override { return wire::kKioskRingOffset; }

  wire::Message start_message() const override {
    wire::Message message = start_texts(binding_.params);
    const auto add = [&](std::initializer_list<std::string> texts) { message.insert(message.end(), texts); };
    const auto number = [](int value) { return std::to_string(value); };
    add({"transport", plugin_.manifest.transport});
    for (const UsbMatch& match : plugin_.manifest.matches)
      add({"match", number(match.vendor), number(match.product), number(match.interface_class), number(match.usage_page)});
    const SerialSettings& serial = plugin_.serial;
    add({"serial_settings", std::to_string(line_speed_baud(plugin_, binding_.params)), number(serial.data_bits),
         number(serial.parity), number(serial.stop_bits), number(serial.dtr ? 1 : 0)});
    add({"serial_number", binding_.serial});
    add({"port", binding_.port});
    for (const auto& other : binding_.others) add({"other", other.serial, other.port});
    add({"sharers", number(binding_.sharers)});
    for (const Which& had : known_) add({"known", had.serial, had.port});
    for (const std::string& port : refused_ports_) add({"refused", port});
    for (const auto& [port, until_us] : postponed_ports_)
      if (until_us > clock_.now_us()) add({"postponed", port, wire::number_text(until_us - clock_.now_us())});
    return message;
  }

  void started(int64_t now_us) override {
    ring_.emplace(supervisor_.child_memory(), supervisor_.kiosk_memory(), slots_, plugin_.channels, now_us);
    gone_ = failed_ = false;
    gone_why_.clear();
    not_mine_port_.clear();
    no_answer_port_.clear();
    set_state(LinkState::waiting, no_answer_);
  }

  void message(const wire::Message& m, int64_t now_us) override {
    const std::string& kind = m.front();
    const auto text = [&](std::size_t i) { return i < m.size() ? m[i] : std::string(); };
    const auto name = [&](std::size_t i) { return wire::clean_text(text(i), 1000); };  // of one line
    if (kind == "waiting") {
      supervisor_.expect_nothing();
      set_state(LinkState::waiting, text(1).empty() ? no_answer_ : read_messages(text(1)));
    } else if (kind == "opened") {
      supervisor_.expect_loaded(now_us);
      set_state(LinkState::starting, {});
      opened_ = {name(2), name(3)};
      sink_.identity(name(1), name(2), name(3));
    } else if (kind == "loaded") {
      supervisor_.expect_beats(now_us);
    } else if (kind == "state") {
      device_state(wire::to_int(text(1)), read_messages(text(2), plugin_.folder));
    } else if (kind == "command_done") {
      command_done(name(1), text(2) == "1", read_messages(text(3), plugin_.folder));
    } else if (kind == "gone") {
      gone_ = text(1) != kGoneFailed;  // a device that failed is a death, and counted
      gone_why_ = read_messages(text(2));
    } else if (kind == "not_mine") {
      not_mine_port_ = text(1);
      no_answer_.clear();
    } else if (kind == "no_answer") {
      no_answer_port_ = text(1);
      no_answer_ = read_messages(text(2), plugin_.folder);
    }
  }

  std::string read_memory(int64_t now_us) override {
    samples_.clear();
    // A sample may be younger than the `now` of this turn, but not than the clock after it was copied.
    const std::string wrong = ring_->drain(std::max(now_us, clock_.now_us()), samples_);
    if (!samples_.empty()) sink_.samples(samples_);
    if (const uint64_t lost = ring_->take_lost()) sink_.lost_samples(lost);
    return wrong;
  }

  AfterEnd ended(const Ended& how, bool, Messages& reason) override {
    ring_.reset();
    if (!gone_why_.empty()) reason = gone_why_;
    for (const std::string& name : std::exchange(pending_commands_, {}))
      sink_.command_done(name, false, Message("The device was lost before it answered"));
    const auto on_purpose = [&](int code) { return !how.by_signal && how.code == code; };
    if (gone_ && on_purpose(wire::kExitDeviceGone)) {
      refused_ports_.clear();  // whatever is plugged in next gets its chance
      postponed_ports_.clear();
      no_answer_.clear();
      set_state(LinkState::waiting, {});
      return AfterEnd::at_once;
    }
    if (!no_answer_port_.empty() && on_purpose(wire::kExitNoAnswer)) {
      postpone(no_answer_port_);
      set_state(LinkState::waiting, no_answer_);
      return AfterEnd::at_leisure;
    }
    if (!not_mine_port_.empty() && on_purpose(wire::kExitNotMine)) {
      // The same port once more: its plug was out meanwhile, or the host would not have opened it. A foreign device with a
      // loose plug is no fault of the driver. Only without a device nothing can have been unplugged.
      const bool again = std::erase(refused_ports_, not_mine_port_) > 0;
      if (again && plugin_.manifest.transport == "none") return AfterEnd::back_off;
      if (refused_ports_.size() >= kMaxRefused) refused_ports_.erase(refused_ports_.begin());
      refused_ports_.push_back(not_mine_port_);
      set_state(LinkState::waiting, {});
      return again ? AfterEnd::at_leisure : AfterEnd::at_once;
    }
    return AfterEnd::back_off;
  }

  void told_state(LinkState state, const Messages& text) override { set_state(state, text); }

  // ---- own

  void postpone(const std::string& port) {
    const int64_t now_us = clock_.now_us();
    std::erase_if(postponed_ports_, [&](const auto& one) { return one.first == port || one.second <= now_us; });
    postponed_ports_.emplace_back(port, now_us + (binding_.sharers > 0 ? binding_.sharers * kOthersTurnUs : kAskAgainUs));
  }

  void remember_device() {
    no_answer_.clear();
    if (opened_.port.empty()) return;
    for (const Which& had : known_)
      if (had.serial == opened_.serial && had.port == opened_.port) return;
    if (known_.size() >= kMaxKnown) known_.erase(known_.begin());
    known_.push_back(opened_);
  }

  void device_state(int64_t state, const Messages& text) {
    switch (state) {
      case PATELLA_DEVICE_STARTING:
        return set_state(LinkState::starting, text);
      case PATELLA_DEVICE_LIVE:
        // Live after a notice is the same state, and yet there is something to tell: the notice is over.
        if (std::exchange(noticed_, false)) told_ = false;
        remember_device();
        return set_state(LinkState::live, text);
      case PATELLA_DEVICE_SILENT:
        return set_state(LinkState::silent, text);
      case PATELLA_DEVICE_NOTICE:
        set_state(LinkState::live, {});
        noticed_ = true;
        return sink_.notice(text);
      case PATELLA_DEVICE_FAILED:
        // The child stays and holds the device, so that it is not tried for ever; unplugging it ends the child.
        failed_ = true;
        return set_state(LinkState::quarantined, text);
      default:
        return supervisor_.end_child(
            Message("Its process broke a rule and was ended: {0}", Name{fmt::format("an unknown state ({})", state)}));
    }
  }

  void command_done(const std::string& name, bool ok, const Messages& text) {
    const auto it = std::find(pending_commands_.begin(), pending_commands_.end(), name);
    if (it == pending_commands_.end()) return;
    pending_commands_.erase(it);
    sink_.command_done(name, ok, text);
  }

  void set_state(LinkState state, const Messages& text) {
    if (told_ && state == state_ && text == text_) return;
    told_ = true;
    state_ = state;
    text_ = text;
    sink_.state(state, text);
  }

  const HostOptions options_;
  const PluginInfo plugin_;
  const Binding binding_;
  const Clock& clock_;
  DriverSink& sink_;
  uint32_t slots_;
  int descriptor_range_;
  std::optional<SampleRing> ring_;
  std::vector<LinkSample> samples_;
  std::vector<std::string> refused_ports_, pending_commands_;
  std::vector<std::pair<std::string, int64_t>> postponed_ports_;  ///< port, until: nobody answered there
  std::vector<Which> known_;  ///< that it measured with, since this link was made: it is the first to try them
  Which opened_;
  std::string no_answer_port_, not_mine_port_;
  Messages no_answer_, text_, gone_why_;
  LinkState state_ = LinkState::waiting;
  bool told_ = false, gone_ = false, failed_ = false;
  bool noticed_ = false;   ///< the last word of the driver was a notice
  Supervisor supervisor_;  // last: it may still call the above while it ends
};

}  // namespace

std::unique_ptr<DriverLink> DriverLink::make(const HostOptions& options, const PluginInfo& plugin, Binding binding,
                                             const Clock& clock, Log& log, DriverSink& sink) {
  return std::make_unique<Driver>(options, plugin, std::move(binding), clock, log, sink);
}

}  // namespace patella::plugin_link
