#include "runtime/answers.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "runtime/base64.hpp"
#include "runtime/calibration_book.hpp"
#include "runtime/control_socket.hpp"
#include "runtime/edits_report.hpp"
#include "runtime/export_job.hpp"
#include "runtime/notice_report.hpp"
#include "runtime/session_report.hpp"
#include "runtime/sliced_store.hpp"
#include "runtime/staff_list.hpp"

namespace patella::runtime {

namespace {

std::string status_json(const session::Snapshot& now) {
  nlohmann::json stations = nlohmann::json::array();
  for (const auto& tile : *now.stations) {
    nlohmann::json devices = nlohmann::json::array();
    for (const auto& device : tile.devices)
      devices.push_back({{"channel", device.binding},
                         {"device", english(device.label)},
                         {"state", device.text.empty() ? "ready" : english(device.text)}});
    stations.push_back({{"id", tile.id},
                        {"title", english(tile.title)},
                        {"usable", tile.can_open},
                        {"why_not", tile.fault},
                        {"devices", devices}});
  }
  nlohmann::json banners = nlohmann::json::array(), in_use = nlohmann::json::array();
  for (const Messages& banner : now.kiosk->banners) banners.push_back(english(banner));
  for (const auto& device : now.kiosk->devices_in_use) in_use.push_back({{"driver", device.driver}, {"port", device.port}});
  const nlohmann::json status{
      {"running", true},         {"pid", ::getpid()},    {"starting", now.starting},       {"station", now.station->id},
      {"banners", banners},      {"stations", stations}, {"exercise", now.view.size != 0}, {"notices", notices_json(now.notices)},
      {"devices_in_use", in_use}};
  return json_text(status);
}

std::string answer_with(const Status& status) {
  return status.ok() ? R"({"ok":true})" : json_text({{"ok", false}, {"error", status.error().text()}});
}

std::string rows_answer(StoreThread& store, Result<std::string> (*read)(store::Store&)) {
  const auto rows = store.ask<Result<std::string>>(read).get();
  if (!rows) return answer_with(rows.error());
  return json_text({{"ok", true}, {"rows", nlohmann::json::parse(*rows)}});
}

/// The picture itself: whoever asks makes the file, so that the kiosk opens no path that it is given.
std::string screenshot_answer(const AnswerSources& from) {
  const Result<std::string> png = from.picture();
  if (!png) return answer_with(png.error());
  return json_text({{"ok", true}, {"png", base64_of(*png)}});
}

std::string answer_notices(const std::string& request, const AnswerSources& from) {
  nlohmann::json rows;
  if (flag_in(request, "all")) {
    using Rows = Result<std::vector<notices::Notice>>;
    const auto read = from.store.ask<Rows>([](store::Store& s) -> Rows { return s.notices_to_staff({}); }).get();
    if (!read) return answer_with(read.error());
    rows = notices_json(*read, reload_config(from.paths.config, {}, {}));
  } else {
    rows = notices_json(from.slot.get()->notices);
  }
  return json_text({{"ok", true}, {"rows", std::move(rows)}});
}

std::string answer_acknowledge(const std::string& request, const AnswerSources& from) {
  const std::string id = text_in(request, "id"), by = text_in(request, "by");
  const session::OpenNotices open = from.slot.get()->notices;
  const auto is = [&](const session::OpenNotice& one) { return one.notice.id == id; };
  if (by.empty() || !open || std::none_of(open->begin(), open->end(), is)) return answer_with(no_open_notice(id));
  from.engine.acknowledge(id, by);
  return answer_with({});
}

}  // namespace

std::string answer(const std::string& request, const AnswerSources& from) {
  const std::string what = text_in(request, "ask");
  if (what == "notices") return answer_notices(request, from);
  if (what == "undo_edits") return answer_undo_edits(request, from.paths, from.store, from.engine, from.clock);
  if (what == "acknowledge") return answer_acknowledge(request, from);
  if (what == "status") return status_json(*from.slot.get());
  if (what == "screenshot") return screenshot_answer(from);
  if (what == "sessions") {
    SlicedStore sliced(from.store, from.ending);
    return sessions_answer(sliced, request);
  }
  if (what == "calibrations") return rows_answer(from.store, calibrations_text);
  if (what == "band_checks") return rows_answer(from.store, band_checks_text);
  if (what == "staff") return rows_answer(from.store, staff_text);
  if (what == "export") {
    const ExportJob job = ExportJob::from_json(request);
    SlicedStore sliced(from.store, from.ending);
    const auto done = run_export(sliced, job);
    if (!done) return answer_with(done.error());
    return json_text({{"ok", true}, {"text", *done}});
  }
  return answer_with(Error{"not a question the kiosk knows", "", "Use status, sessions, export, mirror or screenshot"});
}

}  // namespace patella::runtime
