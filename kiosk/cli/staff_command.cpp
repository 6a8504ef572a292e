// `patella staff`: who may sign in to the staff area. Whoever has a shell on the machine is trusted with it.
#include <fmt/format.h>

#include <algorithm>

#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "pin/pin.hpp"
#include "pin/typed_pin.hpp"
#include "runtime/staff_list.hpp"

namespace patella::cli {

namespace {
using store::StaffMember;

/// By id, else by name.
Result<StaffMember> find(const std::vector<StaffMember>& staff, const std::string& who) {
  std::vector<const StaffMember*> found;
  for (const StaffMember& member : staff) {
    if (member.id == who) return member;
    if (member.name == who) found.push_back(&member);
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) return Error{"nobody of staff has the id or name \"" + who + "\"", "", "`patella staff` lists them"};
  return Error{"several have the name \"" + who + "\"", "", "Give the id: `patella staff` lists them"};
}

std::string wrong_with_new_name(const std::vector<StaffMember>& staff, const std::string& name) {
  if (const std::string wrong = wrong_with_name(name, kMaxOfName); !wrong.empty()) return wrong;
  if (name.front() == ' ' || name.back() == ' ') return "it begins or ends with a space";
  const bool taken = std::any_of(staff.begin(), staff.end(), [&](const StaffMember& member) { return member.name == name; });
  return taken ? "somebody of staff has it already; write it so that both can tell" : "";
}

/// A file that was lost or replaced leaves PINs behind that are right and do not match.
void tell_dead_pins(const std::vector<StaffMember>& staff, const std::string& besides, const pin::Pepper& pepper) {
  for (const StaffMember& member : staff)
    if (member.id != besides && !member.pin_hash.empty() && !pin::made_with(member.pin_hash, pepper))
      fmt::print(stderr,
                 "the PIN of {} was set with another secret of this machine and does not work: set it again, "
                 "or bring that secret back\n",
                 member.name);
}

/// Asks for the PIN and puts its hash into `member`.
Status set_pin(const Paths& paths, const std::vector<StaffMember>& staff, StaffMember& member) {
  const auto pepper = pin::Pepper::load_or_make(paths.state);
  if (!pepper) return pepper.error();
  tell_dead_pins(staff, member.id, *pepper);
  const UniqueFd ending = ending_signals();
  const auto typed = pin::ask_new_pin(member.name, ending.get());
  if (!typed) return typed.error();
  auto hash = pin::hash(typed->text(), *pepper);
  if (!hash) return hash.error();
  member.pin_hash = std::move(*hash);
  return {};
}

/// What is to become of staff, and the row that tells of it, in one commit. Nobody waits after a new PIN.
int store_change(store::Store& log, const StaffMember& member, const char* action, const std::string& said) {
  Status done = log.put_staff(member);
  if (done) done = log.set_pin_failures(member.id, 0);
  if (done)
    done = log.audit({SystemClock().wall().utc_us, "command line", action, member.id,
                      json_text({{"name", member.name}, {"role", member.role}})});
  if (done) done = log.commit();
  if (!done) return failed(done.error().text());
  fmt::print("{}\n", said);
  return 0;
}

int add(const Paths& paths, store::Store& log, const std::vector<StaffMember>& staff, const StaffOptions& options) {
  if (const std::string wrong = wrong_with_new_name(staff, options.who); !wrong.empty())
    return failed("the name cannot be stored: " + wrong);
  StaffMember member;
  member.added_utc_us = SystemClock().wall().utc_us;
  member.id = make_uuid7(member.added_utc_us);
  member.name = options.who;
  member.role = options.role;
  if (Status set = set_pin(paths, staff, member); !set) return failed(set.error().text());
  return store_change(log, member, "staff_add", fmt::format("{} is staff now, as {}: {}", member.name, member.role, member.id));
}

int change_pin(const Paths& paths, store::Store& log, const std::vector<StaffMember>& staff, const std::string& who) {
  auto member = find(staff, who);
  if (!member) return failed(member.error().text());
  if (Status set = set_pin(paths, staff, *member); !set) return failed(set.error().text());
  return store_change(log, *member, "staff_pin", member->name + " has a new PIN");
}

int remove(store::Store& log, const std::vector<StaffMember>& staff, const std::string& who) {
  auto member = find(staff, who);
  if (!member) return failed(member.error().text());
  member->pin_hash.clear();
  member->removed_utc_us = SystemClock().wall().utc_us;
  return store_change(log, *member, "staff_remove", member->name + " is not staff any more");
}

int unlock(store::Store& log, const std::vector<StaffMember>& staff) {
  nlohmann::json before = nlohmann::json::object();  // wrong PINs by member
  Status done;
  for (const StaffMember& member : staff) {
    if (member.failures == 0) continue;
    before[member.id] = member.failures;
    if (done) done = log.set_pin_failures(member.id, 0);
  }
  const std::size_t count = before.size();
  if (done)
    done = log.audit({SystemClock().wall().utc_us, "command line", "staff_unlock", "", json_text({{"failures", before}})});
  if (done) done = log.commit();
  if (!done) return failed(done.error().text());
  fmt::print("{} of {} had wrong PINs counted: all counts are 0 now\n", count, staff.size());
  return 0;
}

}  // namespace

int staff_command(const Paths& paths, const StaffOptions& options) {
  using Do = StaffOptions::Do;
  if (options.what == Do::list) return print_rows(paths, options.json, "staff", staff_text, staff_table);
  if (!make_state_folder(paths)) return 1;
  const auto log = own_log(paths);
  if (!log) return failed(log.error().text());
  const auto staff = (*log)->staff();
  if (!staff) return failed(staff.error().text());
  switch (options.what) {
    case Do::add:
      return add(paths, **log, *staff, options);
    case Do::pin:
      return change_pin(paths, **log, *staff, options.who);
    case Do::remove:
      return remove(**log, *staff, options.who);
    default:
      return unlock(**log, *staff);
  }
}

}  // namespace patella::cli
