// A plugin that attacks the kiosk: which act, and at which stage of its life, is the name of the folder it lies in
// ("constructor.kill_parent"), since a constructor is told nothing. Compiled as a driver and as a module.
#include <patella/sdk.hpp>

#include <dlfcn.h>

#include "hostile_acts.hpp"

extern "C" PATELLA_EXPORT const patella_plugin_entry patella_entry;

namespace {

using namespace patella::sdk;

void at_stage(std::string_view stage) {
  Dl_info info{};
  if (!dladdr(&patella_entry, &info) || !info.dli_fname) return;
  const std::string file = info.dli_fname;
  const std::size_t name_end = file.rfind('/'), name = file.rfind('/', name_end - 1) + 1;
  const std::string folder = file.substr(name, name_end - name);
  const std::size_t dot = folder.find('.');
  if (dot == std::string::npos || folder.substr(0, dot) != stage) return;
  hostile::state_folder() = file.substr(0, file.rfind('/', name - 2));
  if (folder.substr(dot + 1) == "hang")
    for (;;) pause();
  for (const hostile::Act& act : hostile::kActs)
    if (folder.substr(dot + 1) == act.name) act.commit();
}

__attribute__((constructor)) void loaded(int count, char** arguments, char**) {
  for (int i = 0; i + 1 < count; ++i)
    if (std::string_view(arguments[i]) == "--parent") hostile::parent() = std::atoi(arguments[i + 1]);
  at_stage("constructor");
}

#ifdef HOSTILE_MODULE
class Hostile {
 public:
  static constexpr patella_wanted_channel kChannels[] = {wanted("force", "N", true)};
  Hostile(ExerciseHost, const Params&, uint32_t) { at_stage("create"); }
  void on_sample(const patella_sample&) { at_stage("running"); }
  void on_tick(int64_t) {}
  void on_action(uint32_t, int64_t) {}
  void on_gap(uint32_t, bool, int64_t) {}
  void fill_view(patella_view&) const {}
};
constexpr const char* kInterface = PATELLA_EXERCISE_INTERFACE;
constexpr const void* kTable = &ExerciseGlue<Hostile>::kTable;
#else
class Hostile {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  static constexpr patella_match kMatches[] = {usb_match(0x1209, 0xf0cd)};
  static constexpr patella_channel kChannels[] = {channel("count", "Count", "", 0, 1e9, 1000, 1)};
  Hostile(DeviceHost host, const Params&) : host_(host) { at_stage("create"); }
  void connected(const patella_device_identity&, int64_t t_us) {
    host_.status(PATELLA_DEVICE_LIVE, "");
    host_.set_deadline(t_us + 1000);
  }
  void received(std::span<const uint8_t>, int64_t) {}
  void tick(int64_t t_us) {
    host_.emit(0, t_us, 1);
    at_stage("running");
    host_.set_deadline(t_us + 1000);
  }
  bool command(std::string_view, double, int64_t) { return false; }

 private:
  DeviceHost host_;
};
constexpr const char* kInterface = PATELLA_DEVICE_INTERFACE;
constexpr const void* kTable = &DeviceGlue<Hostile>::kTable;
#endif

const void* get_interface(const char* id) {
  at_stage("get_interface");
  return id && std::string_view(id) == kInterface ? kTable : nullptr;
}

}  // namespace

extern "C" const patella_plugin_entry patella_entry = {sizeof(patella_plugin_entry),
                                                       PATELLA_ABI_MAJOR,
                                                       PATELLA_ABI_MINOR,
                                                       "org.patella.test.hostile",
                                                       "Hostile",
                                                       "1.0.0",
                                                       nullptr,
                                                       0,
                                                       get_interface};
