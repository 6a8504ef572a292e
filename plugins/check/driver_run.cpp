#include "driver_run.hpp"

#include <algorithm>
#include <bit>

namespace patella::check {
namespace {
constexpr int64_t kReplyUs = 5'000;  // how long a scripted device takes to answer
}  // namespace

DriverRun::DriverRun(const Plugin& plugin, Findings& findings, Values values)
    : plugin_(plugin), findings_(findings), values_(std::move(values)) {}

void DriverRun::play(const DeviceScript& script) {
  script_ = &script;
  player_.emplace(script);
}

bool DriverRun::create() {
  host_.emplace(*plugin_.device, values_, script());
  host_->now_us = start_us;
  host_->refuse_writes = write_fails;
  return host_->created();
}

void DriverRun::connect() {
  const patella_match& match = plugin_.device->matches[0];
  patella_device_identity identity = host_->usual_identity();
  identity.vendor = static_cast<uint16_t>(match.vendor < 0 ? 0x1209 : match.vendor);
  identity.product = static_cast<uint16_t>(match.product < 0 ? 0x0001 : match.product);
  identity.product_name = "Conformance";
  if (player_) player_->connected(host_->now_us);
  host_->connect(identity);
}

void DriverRun::advance(int64_t us) {
  const int64_t until_us = host_->now_us + us;
  while (std::min(host_->deadline_us, next_speech_us()) <= until_us) {
    if (next_speech_us() > host_->deadline_us) {
      host_->tick_when_due();
      continue;
    }
    host_->now_us = std::max(host_->now_us, next_speech_us());
    speak();
  }
  host_->now_us = std::max(host_->now_us, until_us);
}

int64_t DriverRun::next_speech_us() const { return host_->is_connected() ? std::min(reply_us_, saying_us()) : INT64_MAX; }

void DriverRun::speak() {
  Bytes bytes;
  if (reply_us_ <= saying_us()) {
    bytes = std::move(replies_.front());
    replies_.pop_front();
    if (replies_.empty()) reply_us_ = INT64_MAX;
    if (player_) player_->answered(host_->now_us);
  } else {
    bytes = player_->take();
  }
  const std::size_t piece = slice ? slice : bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    receive(std::span(bytes).subspan(at, std::min(piece, bytes.size() - at)));
}

/// What a script says to a write, or to the data of a control transfer.
void DriverRun::let_answer(const Bytes& written) {
  if (!script_) return;
  for (Bytes& answer : script_->answer_to(written)) {
    if (answer.empty()) continue;
    replies_.push_back(std::move(answer));
    reply_us_ = std::min(reply_us_, host_->now_us + kReplyUs);
  }
}

void DriverRun::find(testing::Breach kind, const std::string& what) {
  const bool fault = kind == testing::Breach::order ? strict_end : kind != testing::Breach::doubtful;
  fault ? findings_.fault(what) : findings_.hint(what);
}

testing::ScriptedDriverHost::Script DriverRun::script() {
  using Host = testing::ScriptedDriverHost;
  Host::Script script;
  script.keep = false;
  script.enter = [this](const char* name) {
    plugin_.pulse->enter(name);
    entered_ = std::chrono::steady_clock::now();
  };
  script.leave = [this] {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - entered_;
    slowest_s = std::max(slowest_s, took.count());
  };
  script.on_breach = [this](testing::Breach kind, const std::string& what) { find(kind, what); };
  script.on_write = [this](const Host::Write& write) {
    last_write = write.bytes;
    ++write_count;
    let_answer(last_write);
    for (const uint8_t byte : last_write) mix(byte);
    return true;
  };
  script.on_control = [this](const Host::Control& control) {
    mix(control.tag);
    if (!control.data.empty()) let_answer(control.data);
    return true;
  };
  script.on_sample = [this](const Host::Sample& sample) {
    ++sample_count;
    mix(sample.channel);
    mix(static_cast<uint64_t>(sample.t_us));
    mix(std::bit_cast<uint64_t>(sample.value));
    if (!count_only) samples.push_back({sample.channel, sample.t_us, sample.value});
  };
  script.on_state = [this](const Host::State& state) {
    last_state = state.state;
    mix(state.state);
  };
  script.on_done = [this](const Host::Done& done) { done_commands.push_back(done.command); };
  script.on_log = [this](uint32_t, const char*) { ++log_count; };
  return script;
}

}  // namespace patella::check
