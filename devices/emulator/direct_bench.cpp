#include "emulator/direct_bench.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <patella/plugin.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

namespace patella::emulator {

namespace {

constexpr std::size_t kMaxWrites = 64;
constexpr int kMaxStallsInARow = 3;

}  // namespace

Result<LoadedDriver> load_driver(const std::string& plugin_path) {
  void* library = dlopen(plugin_path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return Error{fmt::format("cannot load the plugin: {}", dlerror()), plugin_path, ""};
  const auto* entry = static_cast<const patella_plugin_entry*>(dlsym(library, PATELLA_ENTRY_SYMBOL));
  if (!entry) return Error{"the library has no symbol " PATELLA_ENTRY_SYMBOL, plugin_path, ""};
  const void* table = entry->get_interface(PATELLA_DEVICE_INTERFACE);
  if (!table) return Error{"the plugin is no driver", plugin_path, ""};
  LoadedDriver driver{static_cast<const patella_device*>(table), {}};
  for (uint32_t i = 0; i < entry->param_count; ++i)
    if (entry->params[i].type != PATELLA_PARAM_ROWS)
      driver.defaults.push_back({entry->params[i].key, -1, entry->params[i].default_value, nullptr});
  return driver;
}

DirectBench::DirectBench(const patella_device& driver, std::unique_ptr<UsbModel> model, const std::vector<patella_value>& values,
                         int64_t start_us)
    : driver_(driver), usb_(std::move(model)), now_us_(start_us) {
  const uint8_t kind = driver.transport == PATELLA_TRANSPORT_BULK ? 2 : 3;
  for (const Endpoint& endpoint : usb_->descriptors().endpoints) {
    if (endpoint.attributes != kind) continue;
    uint8_t& address = (endpoint.address & 0x80) ? in_ : out_;
    if (address) continue;
    address = endpoint.address;
    ((endpoint.address & 0x80) ? in_size_ : out_size_) = endpoint.packet_size;
  }
  usb_->tick(now_us_);
  start(values);
}

DirectBench::DirectBench(const patella_device& driver, std::unique_ptr<SerialModel> model,
                         const std::vector<patella_value>& values, int64_t start_us)
    : driver_(driver), serial_(std::move(model)), now_us_(start_us) {
  serial_->opened(now_us_);
  start(values);
}

DirectBench::~DirectBench() {
  disconnect(PATELLA_DISCONNECT_CLOSED);
  if (self_) driver_.destroy(self_);
}

patella_device_host DirectBench::make_host() {
  patella_device_host host{};
  host.size = sizeof host;
  host.ctx = this;
  host.write = [](void* ctx, const uint8_t* data, uint32_t length) {
    return static_cast<DirectBench*>(ctx)->write(data, length);
  };
  host.control = [](void* ctx, uint32_t tag, uint8_t type, uint8_t request, uint16_t value, uint16_t index, const uint8_t* data,
                    uint16_t length) {
    return static_cast<DirectBench*>(ctx)->control(tag, {type, request, value, index, length}, data);
  };
  host.emit = [](void* ctx, uint32_t channel, int64_t t_us, double value) {
    static_cast<DirectBench*>(ctx)->emit(channel, t_us, value);
  };
  host.set_deadline = [](void* ctx, int64_t t_us) { static_cast<DirectBench*>(ctx)->deadline_us_ = t_us; };
  host.status = [](void* ctx, uint32_t state, const char* text) {
    auto& bench = *static_cast<DirectBench*>(ctx);
    if (state < PATELLA_DEVICE_STARTING || state > PATELLA_DEVICE_FAILED)
      bench.violation(fmt::format("status {} does not exist", state));
    bench.statuses_.push_back({bench.now_us_, state, text ? text : ""});
  };
  host.command_done = [](void* ctx, const char* command, int32_t ok, const char* text) {
    auto& bench = *static_cast<DirectBench*>(ctx);
    bench.commands_done_.push_back({bench.now_us_, command ? command : "", ok != 0, text ? text : ""});
  };
  host.log = [](void* ctx, uint32_t, const char* text) { static_cast<DirectBench*>(ctx)->log_.emplace_back(text ? text : ""); };
  return host;
}

void DirectBench::start(const std::vector<patella_value>& values) {
  host_ = make_host();
  self_ = driver_.create(&host_, values.data(), static_cast<uint32_t>(values.size()));
  if (!self_) return violation("create() gave no instance");
  connected_ = true;
  const auto text = [&](std::size_t i) {
    return usb_ && usb_->descriptors().strings.size() > i ? usb_->descriptors().strings[i] : std::string();
  };
  const UsbIdentity identity =
      serial_ ? serial_->identity()
              : UsbIdentity{usb_->descriptors().vendor(), usb_->descriptors().product(), text(0), text(1), text(2)};
  const patella_device_identity table = identity_of(identity);
  driver_.connected(self_, &table, now_us_);
  if (usb_) submit_read();
  usb_ ? serve_usb() : serve_serial();
}

patella_device_identity DirectBench::identity_of(const UsbIdentity& identity) const {
  return {sizeof(patella_device_identity),
          identity.vendor,
          identity.product,
          identity.manufacturer.c_str(),
          identity.product_name.c_str(),
          identity.serial.c_str(),
          usb_ ? "usb:1-1" : "tty:ttyUSB0@1-1",
          in_size_,
          out_size_};
}

Model& DirectBench::model() {
  if (usb_) return *usb_;
  return *serial_;
}

void DirectBench::run_for_us(int64_t duration_us) {
  const int64_t end_us = now_us_ + duration_us;
  while (step(end_us)) {
  }
  now_us_ = end_us;
}

bool DirectBench::run_until(const std::function<bool()>& done, int64_t limit_us) {
  const int64_t end_us = now_us_ + limit_us;
  while (!done())
    if (!step(end_us)) {
      now_us_ = end_us;
      return done();
    }
  return true;
}

/// One event; false when the next one lies after limit_us.
bool DirectBench::step(int64_t limit_us) {
  if (!connected_) return false;
  const int64_t model_us = model().deadline_us();
  const int64_t next_us = std::max(now_us_, std::min(model_us, deadline_us_));
  if (next_us > limit_us) return false;
  now_us_ = next_us;
  model().tick(now_us_);
  usb_ ? serve_usb() : serve_serial();
  if (connected_ && deadline_us_ <= now_us_) {
    deadline_us_ = kNever;
    driver_.tick(self_, now_us_);
    if (deadline_us_ <= now_us_) {
      violation("tick() asked for a deadline that is not in the future");
      deadline_us_ = now_us_ + 1000;
    }
    usb_ ? serve_usb() : serve_serial();
  }
  return true;
}

void DirectBench::serve_usb() {
  bool busy = true;
  while (busy && connected_) {
    for (Bytes& bytes : std::exchange(to_write_, {})) {
      const uint32_t length = static_cast<uint32_t>(bytes.size());
      usb_->submit({next_id_++, TransferType::interrupt, out_, {}, length, std::move(bytes)}, now_us_);
    }
    const std::vector<Completion> done = usb_->take_done();
    busy = !done.empty();
    for (const Completion& completion : done)
      if (connected_) complete(completion);
  }
}

void DirectBench::serve_serial() {
  while (connected_) {
    for (const Bytes& bytes : std::exchange(to_write_, {})) serial_->received(bytes, now_us_);
    const Bytes bytes = serial_->take_output(now_us_);
    if (bytes.empty()) return;
    hand_over(bytes);
  }
}

void DirectBench::submit_read() {
  if (!in_) return;
  read_id_ = next_id_++;
  usb_->submit({read_id_, TransferType::interrupt, in_, {}, usb_->read_room(), {}}, now_us_);
}

void DirectBench::complete(const Completion& completion) {
  if (const auto control = controls_.find(completion.id); control != controls_.end()) {
    const uint32_t tag = control->second;
    controls_.erase(control);
    if (driver_.control_done)
      driver_.control_done(self_, tag, completion.status, completion.in.data(), completion.actual, now_us_);
    return;
  }
  if (completion.id != read_id_) return;
  if (completion.status == -ESHUTDOWN) return disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  if (completion.status == -EPIPE) {
    // A stall is cleared and tried again; one that stays means the device is gone.
    if (++stalls_in_a_row_ >= kMaxStallsInARow) return disconnect(PATELLA_DISCONNECT_UNPLUGGED);
    usb_->clear_halt(in_);
  }
  if (completion.status == 0 && !completion.in.empty()) {
    stalls_in_a_row_ = 0;
    hand_over(completion.in);
  }
  if (connected_) submit_read();
}

void DirectBench::hand_over(const Bytes& bytes) {
  driver_.received(self_, bytes.data(), static_cast<uint32_t>(bytes.size()), now_us_);
}

bool DirectBench::act(const Act& act) {
  const bool known = model().act(act, now_us_);
  usb_ ? serve_usb() : serve_serial();
  return known;
}

bool DirectBench::command(const std::string& name, double argument) {
  if (!connected_ || !driver_.command) return false;
  const bool accepted = driver_.command(self_, name.c_str(), argument, now_us_) == 0;
  usb_ ? serve_usb() : serve_serial();
  return accepted;
}

void DirectBench::unplug() {
  if (serial_ && connected_) {
    serial_->closed(now_us_);
    return disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  }
  if (!usb_) return;
  usb_->cancel_all(-ESHUTDOWN);
  serve_usb();
  disconnect(PATELLA_DISCONNECT_UNPLUGGED);
}

void DirectBench::disconnect(patella_disconnect_reason reason) {
  if (!connected_) return;
  driver_.disconnected(self_, static_cast<uint32_t>(reason), now_us_);
  connected_ = false;
}

void DirectBench::violation(const std::string& what) {
  violations_.push_back(fmt::format("{:.6f} s: {}", static_cast<double>(now_us_) * 1e-6, what));
}

int32_t DirectBench::write(const uint8_t* data, uint32_t length) {
  if (!connected_) {
    violation("write() without a device");
    return -1;
  }
  if (usb_ && !out_) return -1;
  if (to_write_.size() >= kMaxWrites) return -1;
  if (length == 0) violation("write() of nothing");
  to_write_.emplace_back(data, data + length);
  written_.push_back(to_write_.back());
  return 0;
}

int32_t DirectBench::control(uint32_t tag, const Setup& setup, const uint8_t* data) {
  if (!connected_ || !usb_) {
    violation("control() without a USB device");
    return -1;
  }
  if (controls_.size() >= kMaxWrites) return -1;
  const uint64_t id = next_id_++;
  controls_[id] = tag;
  const Bytes out = data ? Bytes(data, data + setup.length) : Bytes();
  usb_->submit({id, TransferType::control, 0, setup, setup.length, out}, now_us_);
  return 0;
}

void DirectBench::emit(uint32_t channel, int64_t t_us, double value) {
  if (!connected_) return violation("emit() without a device");
  if (channel >= driver_.channel_count) return violation(fmt::format("emit() on channel {}", channel));
  const patella_channel& about = driver_.channels[channel];
  if (!std::isfinite(value)) return violation(fmt::format("{}: a value that is no number", about.key));
  if (t_us > now_us_) violation(fmt::format("{}: a sample {} us in the future", about.key, t_us - now_us_));
  const auto last = last_sample_us_.find(channel);
  if (last != last_sample_us_.end() && t_us < last->second)
    violation(fmt::format("{}: a sample {} us before the last one", about.key, last->second - t_us));
  last_sample_us_[channel] = t_us;
  samples_.push_back({channel, t_us, value, now_us_});
}

std::vector<BenchSample> DirectBench::samples_of(const std::string& channel_key) const {
  std::vector<BenchSample> out;
  for (const BenchSample& sample : samples_)
    if (driver_.channels[sample.channel].key == channel_key) out.push_back(sample);
  return out;
}

}  // namespace patella::emulator
