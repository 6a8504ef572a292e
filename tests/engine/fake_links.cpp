#include "fake_links.hpp"

#include <algorithm>
#include <limits>

#include "band_reps/band_reps.hpp"

namespace patella::test {

using plugin_link::LinkState;
using plugin_link::ModuleOutput;

namespace {
constexpr int64_t kNeverUs = std::numeric_limits<int64_t>::max();
constexpr int64_t kModuleWorksUs = 500;
}  // namespace

// ---- the sensor

FakeSensor::FakeSensor(std::size_t index, const Clock& clock, const Force& force, plugin_link::DriverSink& sink)
    : index_(index), clock_(clock), force_(force), sink_(sink), next_us_(clock.now_us()) {}

void FakeSensor::go(LinkState state, const Messages& text, int64_t next_us) {
  state_ = state;
  next_us_ = next_us;
  if (state != LinkState::live) newest_us_ = -1;
  sink_.state(state, text);
}

void FakeSensor::begin() {
  hangs_ = false;
  if (!plugged_) return go(LinkState::waiting, "", kNeverUs);
  go(LinkState::starting, "", clock_.now_us() + kSensorStartsUs);
}

void FakeSensor::service() {
  const int64_t now_us = clock_.now_us();
  if (now_us < next_us_) return;
  if (state_ == LinkState::waiting || state_ == LinkState::down) return begin();
  if (state_ == LinkState::starting) {
    sink_.identity("Force sensor", "S" + std::to_string(index_), "usb:1-" + std::to_string(index_ + 1));
    sampled_us_ = now_us;
    return go(LinkState::live, "", now_us + kSampleEveryUs);
  }
  if (hangs_) return die("the driver did not answer for 0.3 s");
  std::vector<plugin_link::LinkSample> samples;
  for (; sampled_us_ + kSampleEveryUs <= now_us; sampled_us_ += kSampleEveryUs)
    samples.push_back({0, sampled_us_ + kSampleEveryUs, force_(index_, sampled_us_ + kSampleEveryUs)});
  if (!samples.empty()) newest_us_ = samples.back().t_us;
  if (!samples.empty()) sink_.samples(samples);
  next_us_ = sampled_us_ + kSampleEveryUs;
}

void FakeSensor::unplug() {
  plugged_ = false;
  go(LinkState::waiting, "", kNeverUs);
}

void FakeSensor::plug() {
  plugged_ = true;
  begin();
}

void FakeSensor::hang() {
  if (state_ != LinkState::live) return;
  hangs_ = true;
  next_us_ = clock_.now_us() + kHeartbeatUs;
}

void FakeSensor::flood() {
  if (state_ != LinkState::live) return;
  const int64_t now_us = clock_.now_us(), step_us = (now_us - sampled_us_) / 101;
  std::vector<plugin_link::LinkSample> samples;
  for (int i = 1; i <= 100; ++i) samples.push_back({0, sampled_us_ + i * step_us, force_(index_, sampled_us_ + i * step_us)});
  newest_us_ = samples.back().t_us;
  sink_.samples(samples);
  sink_.lost_samples(900);
  die("the driver sends more than 20000 values of a channel in a second");
}

void FakeSensor::garbage() {
  if (state_ != LinkState::live) return;
  const plugin_link::LinkSample wild{0, clock_.now_us(), 4'999};
  newest_us_ = wild.t_us;
  sink_.samples({&wild, 1});
  die("the driver wrote a value of no channel");
}

void FakeSensor::die(const std::string& reason) {
  if (state_ != LinkState::live && state_ != LinkState::starting) return;
  const auto again_us = policy_.died(clock_.now_us());
  if (again_us)
    go(LinkState::down, verbatim(reason), *again_us);
  else
    go(LinkState::quarantined, verbatim(reason), kNeverUs);
}

void FakeSensor::retry() {
  policy_.forget();
  if (state_ == LinkState::quarantined) begin();
}

// ---- the module

ModuleLife::ModuleLife(const plugin_link::ModuleLink::Start& start) : params_(start.params) {
  Values values{std::span<const patella_param>{}};
  for (const params::Value& value : params_)
    values.cell(value.key.c_str(), value.row, value.number, value.text ? value.text->c_str() : nullptr);
  rig_ = std::make_unique<Rig>(sdk::ExerciseGlue<band_reps::BandReps>::kTable, values, start.present);
}

std::vector<ModuleOutput> ModuleLife::feed(const patella::Record& record) {
  switch (record.kind) {
    case RecordKind::sample:
      rig_->sample(record.channel, record.t_us, record.value);
      break;
    case RecordKind::tick:
      rig_->tick(record.t_us);
      break;
    case RecordKind::action:
      rig_->action(static_cast<uint32_t>(record.code), record.t_us);
      break;
    case RecordKind::gap:
      rig_->gap(record.channel, record.code != 0, record.t_us);
      break;
  }
  std::vector<ModuleOutput> outputs;
  const auto add = [&](ModuleOutput::Kind kind) -> ModuleOutput& {
    ModuleOutput& output = outputs.emplace_back();
    output.kind = kind;
    output.ordinal = next_ordinal_++;
    output.after_seq = record.seq;
    return output;
  };
  const Said& said = rig_->said();
  for (; events_ < said.events.size(); ++events_) add(ModuleOutput::Kind::event).event = said.events[events_];
  for (; cues_ < said.cues.size(); ++cues_) {
    ModuleOutput& output = add(ModuleOutput::Kind::cue);
    output.cue = said.cues[cues_].first;
    output.text = said.cues[cues_].second;
  }
  for (const auto& [key, value] : said.metrics) {
    const auto at = metrics_.find(key);
    if (at != metrics_.end() && at->second == value) continue;
    metrics_[key] = value;
    ModuleOutput& output = add(ModuleOutput::Kind::metric);
    output.key = key;
    output.value = value;
  }
  return outputs;
}

FakeModule::FakeModule(const Clock& clock, Start start, plugin_link::ModuleSink& sink)
    : clock_(clock), start_(std::move(start)), sink_(sink), next_us_(clock.now_us()) {
  for (const ModuleOutput& output : start_.known) known_.keep(output);
}

void FakeModule::feed(std::span<const patella::Record> records) {
  fed_.insert(fed_.end(), records.begin(), records.end());
  if (life_ && !hangs_) next_us_ = std::min(next_us_, clock_.now_us() + kModuleWorksUs);
}

void FakeModule::tell(const ModuleOutput& said) {
  ModuleOutput output = said;
  if (forgets_ && output.kind == ModuleOutput::Kind::event && output.ordinal < known_.count()) output.event.n += 1;
  if (output.ordinal >= known_.count()) {
    known_.keep(output);
    sink_.output(output);
  } else if (!known_.same(output)) {
    sink_.differs(known_.at(output.ordinal), output);
  }
}

void FakeModule::service() {
  if (clock_.now_us() < next_us_) return;
  if (hangs_) return die("the module did not answer for 0.3 s");
  if (state_ == LinkState::quarantined) return;
  if (!life_) {
    life_ = std::make_unique<ModuleLife>(start_);
    played_ = 0;
    state_ = LinkState::starting;
    sink_.state(state_, "");
  }
  for (; played_ < fed_.size(); ++played_)
    for (const ModuleOutput& output : life_->feed(fed_[played_])) tell(output);
  next_us_ = kNeverUs;
  view_ = life_->view();
  view_seq_ = done_seq_ = fed_.empty() ? 0 : fed_.back().seq;
  if (state_ == LinkState::live) return;
  state_ = LinkState::live;
  sink_.state(state_, "");
}

void FakeModule::hang() {
  if (!life_) return;
  hangs_ = true;
  next_us_ = clock_.now_us() + kHeartbeatUs;
}

void FakeModule::die(const std::string& reason) {
  if (!life_) return;
  life_.reset();
  hangs_ = false;
  const auto again_us = policy_.died(clock_.now_us());
  next_us_ = again_us ? *again_us : kNeverUs;
  state_ = again_us ? LinkState::down : LinkState::quarantined;
  sink_.state(state_, verbatim(reason));
}

// ---- both

std::unique_ptr<plugin_link::DriverLink> FakeLinks::driver(const plugin_link::PluginInfo&,
                                                           plugin_link::DriverLink::Binding binding,
                                                           plugin_link::DriverSink& sink) {
  driver_params.push_back(binding.params);
  const auto known = std::find(sinks_.begin(), sinks_.end(), &sink);
  const auto index = static_cast<std::size_t>(known - sinks_.begin());
  if (known == sinks_.end()) {
    sinks_.push_back(&sink);
    sensors.push_back(nullptr);
  }
  auto sensor = std::make_unique<FakeSensor>(index, clock_, force_, sink);
  sensors[index] = sensor.get();
  return sensor;
}

std::unique_ptr<plugin_link::ModuleLink> FakeLinks::module(const plugin_link::PluginInfo&, plugin_link::ModuleLink::Start start,
                                                           plugin_link::ModuleSink& sink) {
  auto module = std::make_unique<FakeModule>(clock_, std::move(start), sink);
  modules.push_back(module.get());
  return module;
}

}  // namespace patella::test
