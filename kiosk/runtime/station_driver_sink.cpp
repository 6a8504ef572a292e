#include "runtime/station_driver_sink.hpp"

namespace patella::runtime {

using plugin_link::LinkState;
using session::Liveness;

void StationDriverSink::samples(std::span<const plugin_link::LinkSample> samples) {
  const int64_t now_us = to_.clock.now_us();
  // Calibrated here, before anybody sees it: what the log keeps is what the module was given.
  for (const auto& sample : samples) {
    const auto& line = lines_.at(sample.channel);
    const double value = line ? calibration::apply(*line, sample.value) : sample.value;
    to_.area.sample(index_, sample.channel, sample.t_us, sample.value, value);
    for (const auto& route : use_.routes)
      if (route.device_channel == sample.channel)
        to_.flow.sample(route.station, route.module_channel, sample.t_us, value, now_us);
  }
  to_.samples_dirty = true;
}

void StationDriverSink::state(LinkState state, const Messages& text) {
  switch (state) {
    case LinkState::waiting:
      return report(Liveness::absent, text.empty() ? Message("Waiting for {0}: plug it in", which()) : text);
    case LinkState::starting:
      return report(Liveness::starting, Message("{0} is starting", name_));
    case LinkState::live:
      return report(Liveness::live, {}, true);
    case LinkState::silent:
      return report(Liveness::starting, text.empty() ? Message("{0} does not answer", name_) : text, true);
    case LinkState::down:
      return report(Liveness::absent, text.empty() ? Message("{0} starts again", name_) : text);
    case LinkState::quarantined:
      return report(Liveness::failed, text);
  }
}

/// Nothing stops for it, so it would be seen by whoever looks at that moment only.
void StationDriverSink::notice(const Messages& text) {
  to_.log.warning("{}: {}", english(name_), english(text));
  report(Liveness::live, text, true);
}

void StationDriverSink::identity(const std::string& product, const std::string& serial, const std::string& port) {
  serial_ = serial;
  port_ = port;
  to_.log.info("{}: {} serial \"{}\" at {}", english(name_), product, serial, port);
  to_.area.identity(index_, serial, port);
  calibrate();
}

void StationDriverSink::command_done(const std::string& command, bool ok, const Messages& text) {
  to_.log.info("{}: {} {}: {}", english(name_), command, ok ? "done" : "failed", english(text));
  to_.area.command_done(index_, command, ok, text);
  to_.dirty = true;
}

/// The ring tells how many were lost, not of which channel: an even share is each one's.
void StationDriverSink::lost_samples(uint64_t count) {
  const uint64_t share = (count + plugin_.channels.size() - 1) / plugin_.channels.size();
  for (const auto& route : use_.routes) to_.flow.samples_lost(route.station, route.module_channel, share, to_.clock.now_us());
}

/// "Chronojump force sensor, number A1043": the number is on the sensor's label where several are about.
Message StationDriverSink::which() const {
  if (!use_.binding.serial.empty()) return Message("{0}, number {1}", name_, Name{use_.binding.serial});
  return use_.binding.port.empty() ? name_ : Message("{0} at socket {1}", name_, Name{use_.binding.port});
}

void StationDriverSink::report(Liveness liveness, const Messages& text, bool open) {
  const Messages for_clients = liveness == Liveness::failed ? session::for_staff(text) : text;
  for (const auto& route : use_.routes)
    to_.flow.device(route.station, route.module_channel, {liveness, for_clients}, to_.clock.now_us());
  open_ = open;
  to_.area.device(index_, {liveness, text, open});
  to_.dirty = true;
}

void StationDriverSink::calibrate() {
  for (std::size_t c = 0; c < lines_.size(); ++c) {
    const auto* newest = to_.book.newest(plugin_.id, serial_, port_, plugin_.channels[c].key);
    lines_[c] = newest ? std::optional(line_of(*newest)) : std::nullopt;
    session::ChannelSource source{true, serial_, "", "", 1, 0};
    if (newest) source = {true, serial_, newest->id, utc_text(newest->made_utc_us).substr(0, 10), newest->slope, newest->offset};
    to_.area.calibrated(
        index_, c,
        newest ? std::optional(Moment{newest->made_utc_us, newest->zone_offset_min, Moment::Form::day}) : std::nullopt);
    for (const auto& route : use_.routes)
      if (route.device_channel == c) to_.flow.source(route.station, route.module_channel, source, to_.clock.now_us());
  }
}

}  // namespace patella::runtime
