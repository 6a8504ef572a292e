#include "emulator/direct_bench.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace patella::emulator {

namespace {

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
    : usb_(std::move(model)), host_(driver, values, script()) {
  host_.now_us = start_us;
  const uint8_t kind = driver.transport == PATELLA_TRANSPORT_BULK ? 2 : 3;
  for (const Endpoint& endpoint : usb_->descriptors().endpoints) {
    if (endpoint.attributes != kind) continue;
    uint8_t& address = (endpoint.address & 0x80) ? in_ : out_;
    if (address) continue;
    address = endpoint.address;
    ((endpoint.address & 0x80) ? in_size_ : out_size_) = endpoint.packet_size;
  }
  usb_->tick(start_us);
  connect();
}

DirectBench::DirectBench(const patella_device& driver, std::unique_ptr<SerialModel> model,
                         const std::vector<patella_value>& values, int64_t start_us)
    : serial_(std::move(model)), host_(driver, values, script()) {
  host_.now_us = start_us;
  serial_->opened(start_us);
  connect();
}

DirectBench::~DirectBench() {
  if (is_connected()) host_.disconnect(PATELLA_DISCONNECT_CLOSED);
}

testing::ScriptedDriverHost::Script DirectBench::script() {
  testing::ScriptedDriverHost::Script script;
  script.on_write = [this](const testing::ScriptedDriverHost::Write& one) { return write(one.bytes); };
  script.on_control = [this](const testing::ScriptedDriverHost::Control& one) { return control(one); };
  return script;
}

void DirectBench::connect() {
  if (!host_.created()) {
    host_.violations.emplace_back("create() gave no instance");
    return;
  }
  const auto text = [&](std::size_t i) {
    return usb_ && usb_->descriptors().strings.size() > i ? usb_->descriptors().strings[i] : std::string();
  };
  const UsbIdentity identity =
      serial_ ? serial_->identity()
              : UsbIdentity{usb_->descriptors().vendor(), usb_->descriptors().product(), text(0), text(1), text(2)};
  host_.connect(identity_of(identity));
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
  const int64_t end_us = now_us() + duration_us;
  while (step(end_us)) {
  }
  host_.now_us = end_us;
}

bool DirectBench::run_until(const std::function<bool()>& done, int64_t limit_us) {
  const int64_t end_us = now_us() + limit_us;
  while (!done())
    if (!step(end_us)) {
      host_.now_us = end_us;
      return done();
    }
  return true;
}

/// One event; false when the next one lies after limit_us.
bool DirectBench::step(int64_t limit_us) {
  if (!is_connected()) return false;
  const int64_t next_us = std::max(now_us(), std::min(model().deadline_us(), host_.deadline_us));
  if (next_us > limit_us) return false;
  host_.now_us = next_us;
  model().tick(next_us);
  usb_ ? serve_usb() : serve_serial();
  if (is_connected() && host_.deadline_us <= now_us()) {
    host_.tick_when_due();
    usb_ ? serve_usb() : serve_serial();
  }
  return true;
}

void DirectBench::serve_usb() {
  bool busy = true;
  while (busy && is_connected()) {
    for (Bytes& bytes : std::exchange(to_write_, {})) {
      const uint32_t length = static_cast<uint32_t>(bytes.size());
      usb_->submit({next_id_++, TransferType::interrupt, out_, {}, length, std::move(bytes)}, now_us());
    }
    const std::vector<Completion> done = usb_->take_done();
    busy = !done.empty();
    for (const Completion& completion : done)
      if (is_connected()) complete(completion);
  }
}

void DirectBench::serve_serial() {
  while (is_connected()) {
    for (const Bytes& bytes : std::exchange(to_write_, {})) serial_->received(bytes, now_us());
    const Bytes bytes = serial_->take_output(now_us());
    if (bytes.empty()) return;
    host_.receive(bytes);
  }
}

void DirectBench::submit_read() {
  if (!in_) return;
  read_id_ = next_id_++;
  usb_->submit({read_id_, TransferType::interrupt, in_, {}, usb_->read_room(), {}}, now_us());
}

void DirectBench::complete(const Completion& completion) {
  if (const auto control = controls_.find(completion.id); control != controls_.end()) {
    const uint32_t tag = control->second;
    controls_.erase(control);
    return host_.end_control(tag, completion.status,
                             std::span(completion.in).first(std::min<std::size_t>(completion.actual, completion.in.size())));
  }
  if (completion.id != read_id_) return;
  if (completion.status == -ESHUTDOWN) return host_.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  if (completion.status == -EPIPE) {
    // A stall is cleared and tried again; one that stays means the device is gone.
    if (++stalls_in_a_row_ >= kMaxStallsInARow) return host_.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
    usb_->clear_halt(in_);
  }
  if (completion.status == 0 && !completion.in.empty()) {
    stalls_in_a_row_ = 0;
    host_.receive(completion.in);
  }
  if (is_connected()) submit_read();
}

bool DirectBench::act(const Act& act) {
  const bool known = model().act(act, now_us());
  usb_ ? serve_usb() : serve_serial();
  return known;
}

bool DirectBench::command(const std::string& name, double argument) {
  if (!is_connected()) return false;
  const bool accepted = host_.command(name.c_str(), argument);
  usb_ ? serve_usb() : serve_serial();
  return accepted;
}

void DirectBench::unplug() {
  if (!is_connected()) return;
  if (serial_) {
    serial_->closed(now_us());
  } else {
    usb_->cancel_all(-ESHUTDOWN);
    serve_usb();
  }
  if (is_connected()) host_.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
}

bool DirectBench::write(const Bytes& bytes) {
  if ((usb_ && !out_) || to_write_.size() >= PATELLA_MAX_WRITES) return false;
  to_write_.push_back(bytes);
  written_.push_back(bytes);
  return true;
}

bool DirectBench::control(const testing::ScriptedDriverHost::Control& control) {
  if (!usb_ || controls_.size() >= PATELLA_MAX_WRITES) return false;
  const uint64_t id = next_id_++;
  controls_[id] = control.tag;
  const Setup setup{control.type, control.request, control.value, control.index, control.length};
  usb_->submit({id, TransferType::control, 0, setup, setup.length, control.data}, now_us());
  return true;
}

std::vector<BenchSample> DirectBench::samples_of(const std::string& channel_key) const {
  std::vector<BenchSample> out;
  for (const BenchSample& sample : samples())
    if (host_.table.channels[sample.channel].key == channel_key) out.push_back(sample);
  return out;
}

}  // namespace patella::emulator
