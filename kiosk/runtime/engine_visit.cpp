// What signing in and a visit ask of the engine: clients' files through the store's thread, doses in words, notices to staff.
#include <nlohmann/json.hpp>
#include <utility>

#include "base/ids.hpp"
#include "params/json.hpp"
#include "pin/secret_text.hpp"
#include "runtime/engine.hpp"

namespace patella::runtime {

void Engine::cannot_sign_in(uint64_t request, const Error& error) {
  log_.error("signing in: {}", error.text());
  flow_.sign_in_failed(request, {Message("This cannot be looked up now"), Message("Staff can help")});
}

void Engine::execute(Lane&, const session::CheckCode& check) {
  using Found = Result<std::optional<session::ClientEntry>>;
  pin::SecretText code;
  for (const session::KeypadKey& key : check.typed) code.add(key.typed());
  store_.tell<Found>([files = client_files_, code](store::Store& s) { return files->find_by_code(s, code.text()); },
                     [this, request = check.request](Found found) {
                       answer_later(
                           [this, request, found = std::move(found)] {
                             if (!found) return cannot_sign_in(request, found.error());
                             flow_.code_checked(request, *found, clock_.now_us());
                           },
                           false);
                     });
}

void Engine::execute(Lane&, const session::LoadClient& load) {
  using Loaded = Result<session::ClientFile>;
  store_.tell<Loaded>(
      [files = client_files_, ref = load.ref, now = clock_.wall()](store::Store& s) { return files->load(s, ref, now); },
      [this, request = load.request](Loaded loaded) {
        answer_later(
            [this, request, loaded = std::move(loaded)] {
              if (!loaded) return cannot_sign_in(request, loaded.error());
              flow_.client_loaded(request, *loaded, clock_.now_us());
            },
            false);
      });
}

void Engine::execute(Lane&, const session::BeginVisit& begin) {
  visit_ = {begin.visit, make_uuid7(clock_.wall().utc_us)};
  log_.info("visit {} begins", visit_.id);
}

void Engine::execute(Lane&, const session::EndVisit& end) {
  if (visit_.number != end.visit) return;
  log_.info("visit {} ends", visit_.id);
  visit_ = {};
  watcher_.language("");
}

/// What the module says of the whole dose; until then, and when it says nothing, the client reads none.
void Engine::execute(Lane&, const session::DescribeDose& dose) {
  if (!dose_words_ || dose.station >= assembly_.config.stations.size()) return;
  const plugin_link::PluginInfo& module = assembly_.modules[assembly_.station_module[dose.station]];
  dose_words_->describe(module, params::laid_over(assembly_.config.stations[dose.station].exercise.params, dose.dose),
                        [this, visit = dose.visit, item = dose.item, folder = module.folder](const DoseWords::Lines& lines) {
                          answer_later(
                              [this, visit, item, folder, lines] {
                                if (!lines) log_.error("the dose of {}: {}", item, lines.error().text());
                                Messages said;
                                for (const std::string& line : lines ? *lines : std::vector<std::string>{})
                                  for (Message& message : read_messages(line, folder)) said.push_back(std::move(message));
                                flow_.dose_described(visit, item, std::move(said));
                              },
                              false);
                        });
}

void Engine::execute(Lane&, const session::StoreDayAfter& answer) {
  store_.tell<Status>(
      [files = client_files_, answer](store::Store& s) {
        return files->store_day_after(s, answer.client_ref, answer.last_visit, answer.value);
      },
      [this](Status stored) {
        if (!stored) log_.error("the answer about the day after: {}", stored.error().text());
      });
}

void Engine::execute(Lane&, const session::VisitNotice& notice) {
  store::SessionHead of;  // of no session
  of.station_id = notice.station;
  of.client_ref = notice.client_ref;
  notices::Raised raised = notice.raised;
  raised.detail.emplace_back("visit", visit_.id);
  raise(raised, &of);
}

void Engine::execute(Lane&, const session::ChangeLanguage& chosen) { watcher_.language(chosen.language); }
void Engine::execute(Lane&, const session::ChangeVolume& chosen) { watcher_.volume(chosen.level); }

/// The session's own numbers, in the log and in its station's revision.
void Engine::set_dose(store::SessionHead& head, std::size_t station, const params::Values& dose) const {
  const params::Values values = params::laid_over(assembly_.config.stations[station].exercise.params, dose);
  head.params_json = params::to_log_json(values);
  auto whole = nlohmann::json::parse(head.station_json, nullptr, false);
  if (!whole.is_object()) return;
  whole["params"] = params::to_named_json(assembly_.modules[assembly_.station_module[station]].params, values);
  head.station_json = whole.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace patella::runtime
