#include "driver_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace patella::check {
namespace {
constexpr std::size_t kMaxText = 1001;  // with its NUL; the kiosk cuts what is longer
constexpr int64_t kReplyUs = 5'000;     // how long a scripted device takes to answer
constexpr int kIdleTicks = 1000;        // a driver that asks for the present moment this often in a row never lets time pass
}  // namespace

DriverRun::DriverRun(const Plugin& plugin, Findings& findings, Values values)
    : plugin_(plugin),
      table_(*plugin.device),
      findings_(findings),
      values_(std::move(values)),
      last_sample_us_(table_.channel_count, INT64_MIN) {
  host_ = {sizeof host_, this, on_write, on_control, on_emit, on_deadline, on_status, on_command_done, on_log};
}

template <class Call>
void DriverRun::into(const char* name, Call&& call) {
  plugin_.pulse->enter(name);
  inside_ = true;
  const auto before = std::chrono::steady_clock::now();
  call();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  slowest_s = std::max(slowest_s, took.count());
  inside_ = false;
}

void DriverRun::play(const DeviceScript& script) {
  script_ = &script;
  player_.emplace(script);
}

bool DriverRun::create() {
  into("create", [&] { self_ = table_.create(&host_, values_.data(), static_cast<uint32_t>(values_.size())); });
  return self_ != nullptr;
}

void DriverRun::connect() {
  const bool serial = table_.transport == PATELLA_TRANSPORT_SERIAL;
  const patella_match& match = table_.matches[0];
  const patella_device_identity identity{sizeof identity,
                                         static_cast<uint16_t>(match.vendor < 0 ? 0x1209 : match.vendor),
                                         static_cast<uint16_t>(match.product < 0 ? 0x0001 : match.product),
                                         "",
                                         "Conformance",
                                         "",
                                         serial ? "tty:ttyUSB0@1-1" : "usb:1-1",
                                         serial ? 0u : 64u,
                                         serial ? 0u : 64u};
  if (!connected_ && !ended_) opened_us_ = now_us;
  connected_ = !ended_;
  if (player_) player_->connected(now_us);
  into("connected", [&] { table_.connected(self_, &identity, now_us); });
}

void DriverRun::receive(std::span<const uint8_t> bytes) {
  // A copy of its own, so that reading past the end is seen under a memory checker and changing it harms nobody.
  const std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  into("received", [&] { table_.received(self_, copy.data(), static_cast<uint32_t>(copy.size()), now_us); });
}

void DriverRun::tick_now() {
  deadline_us_ = INT64_MAX;  // a deadline holds once
  into("tick", [&] { table_.tick(self_, now_us); });
}

void DriverRun::advance_to(int64_t t_us) {
  int idle = 0;
  while (std::min(deadline_us_, next_speech_us()) <= t_us) {
    if (next_speech_us() <= deadline_us_) {
      now_us = std::max(now_us, next_speech_us());
      speak();
      continue;
    }
    idle = deadline_us_ > now_us ? 0 : idle + 1;
    if (idle > kIdleTicks) {
      findings_.fault("asks for tick at or before the present moment for ever: the host would never rest");
      deadline_us_ = INT64_MAX;
      break;
    }
    now_us = std::max(now_us, deadline_us_);
    tick_now();
  }
  now_us = std::max(now_us, t_us);
}

void DriverRun::control_answer(uint32_t tag, int32_t status, std::span<const uint8_t> bytes) {
  if (!table_.control_done) return;
  into("control_done",
       [&] { table_.control_done(self_, tag, status, bytes.data(), static_cast<uint32_t>(bytes.size()), now_us); });
}

int64_t DriverRun::next_speech_us() const { return connected_ ? std::min(reply_us_, saying_us()) : INT64_MAX; }

void DriverRun::speak() {
  Bytes bytes;
  if (reply_us_ <= saying_us()) {
    bytes = std::move(replies_.front());
    replies_.pop_front();
    if (replies_.empty()) reply_us_ = INT64_MAX;
    if (player_) player_->answered(now_us);
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
    reply_us_ = std::min(reply_us_, now_us + kReplyUs);
  }
}

int32_t DriverRun::command(const char* name, double argument) {
  if (!table_.command) return -1;
  int32_t answer = 0;
  into("command", [&] { answer = table_.command(self_, name, argument, now_us); });
  if (answer != 0 && answer != -1) findings_.fault(fmt::format("command(\"{}\") answers {}, not 0 or -1", name, answer));
  return answer;
}

void DriverRun::disconnect(uint32_t reason) {
  into("disconnected", [&] { table_.disconnected(self_, reason, now_us); });
  ended_ = ended_ || connected_;
  connected_ = false;
}

void DriverRun::destroy() {
  if (!self_) return;
  into("destroy", [&] { table_.destroy(self_); });
  self_ = nullptr;
}

// ---- what the driver says ------------------------------------------------------------------------------

void DriverRun::mix(uint64_t value) { digest = (digest ^ value) * 0x100000001b3u; }

void DriverRun::said(const char* what) {
  if (!inside_) findings_.fault(fmt::format("calls host->{} from outside of a call into the driver", what));
  if (!ended_) return;
  const std::string words = fmt::format("calls host->{} after disconnected", what);
  strict_end ? findings_.fault(words) : findings_.hint(words);
}

int32_t DriverRun::on_write(void* ctx, const uint8_t* data, uint32_t length) {
  DriverRun& run = of(ctx);
  run.said("write");
  if (!data || length == 0 || length > 4096) {
    run.findings_.fault(fmt::format("writes {} bytes{}", length, data ? "" : " from NULL"));
    return -1;
  }
  if (!run.connected_ || run.write_fails) return -1;
  run.last_write.assign(data, data + length);
  ++run.write_count;
  run.let_answer(run.last_write);
  for (const uint8_t byte : run.last_write) run.mix(byte);
  return 0;
}

int32_t DriverRun::on_control(void* ctx, uint32_t tag, uint8_t type, uint8_t, uint16_t, uint16_t, const uint8_t* data,
                              uint16_t length) {
  DriverRun& run = of(ctx);
  run.said("control");
  run.mix(tag);
  if (run.table_.transport == PATELLA_TRANSPORT_SERIAL) run.findings_.fault("asks for a control transfer on a serial port");
  if (!run.table_.control_done) run.findings_.fault("asks for a control transfer but has no control_done");
  if ((type & 0x80) == 0 && length > 0 && !data) run.findings_.fault("control transfer out from NULL");
  if (!run.connected_ || run.write_fails) return -1;
  if ((type & 0x80) == 0 && data) run.let_answer(Bytes(data, data + length));
  return 0;
}

void DriverRun::on_emit(void* ctx, uint32_t channel, int64_t t_us, double value) {
  DriverRun& run = of(ctx);
  run.said("emit");
  if (channel >= run.table_.channel_count)
    return run.findings_.fault(fmt::format("emits on channel {} of {}", channel, run.table_.channel_count));
  const patella_channel& declared = run.table_.channels[channel];
  const char* key = declared.key ? declared.key : "?";
  if (!std::isfinite(value))
    run.findings_.fault(fmt::format("emits a {} on {} that is not finite", std::isnan(value) ? "NaN" : "value", key));
  else if (value < declared.min || value > declared.max)
    run.findings_.fault(fmt::format("emits on {} outside {:g}…{:g}", key, declared.min, declared.max));
  if (t_us > run.now_us) run.findings_.fault(fmt::format("emits on {} a time in the future", key));
  if (t_us < run.opened_us_) run.findings_.fault(fmt::format("emits on {} a time before it was connected", key));
  if (t_us < run.last_sample_us_[channel]) run.findings_.fault(fmt::format("emits on {} a time before its last sample", key));
  run.last_sample_us_[channel] = std::max(t_us, run.last_sample_us_[channel]);
  ++run.sample_count;
  run.mix(channel);
  run.mix(static_cast<uint64_t>(t_us));
  run.mix(std::bit_cast<uint64_t>(value));
  if (!run.count_only) run.samples.push_back({channel, t_us, value});
}

void DriverRun::on_deadline(void* ctx, int64_t t_us) {
  DriverRun& run = of(ctx);
  run.said("set_deadline");
  run.deadline_us_ = t_us;
}

void DriverRun::on_status(void* ctx, uint32_t state, const char* text) {
  DriverRun& run = of(ctx);
  run.said("status");
  if (state < PATELLA_DEVICE_STARTING || state > PATELLA_DEVICE_FAILED)
    run.findings_.fault(fmt::format("status {} is not known", state));
  judge_message(text, kMaxText, "the text of a status", run.findings_);
  if (text && (state == PATELLA_DEVICE_NOTICE || state == PATELLA_DEVICE_FAILED) && text[0] == 0)
    run.findings_.fault("status NOTICE or FAILED without words for staff");
  run.last_state = state;
  run.mix(state);
}

void DriverRun::on_command_done(void* ctx, const char* command, int32_t ok, const char* text) {
  DriverRun& run = of(ctx);
  run.said("command_done");
  if (ok != 0 && ok != 1) run.findings_.fault(fmt::format("command_done says ok = {}", ok));
  judge_message(text, kMaxText, "the text of command_done", run.findings_);
  if (!is_text(command, kMaxText)) return run.findings_.fault("command_done without readable words");
  run.done_commands.emplace_back(command);
}

void DriverRun::on_log(void* ctx, uint32_t level, const char* text) {
  DriverRun& run = of(ctx);
  ++run.log_count;
  if (level < PATELLA_LOG_DEBUG || level > PATELLA_LOG_ERROR)
    run.findings_.fault(fmt::format("log level {} is not known", level));
  if (!is_text(text, 4096))
    run.findings_.fault("logs what is not UTF-8 of one line");
  else if (std::string_view(text).find("was abandoned") != std::string_view::npos)
    run.findings_.fault(fmt::format("an exception left the driver: {}", shown(text)));
}

}  // namespace patella::check
