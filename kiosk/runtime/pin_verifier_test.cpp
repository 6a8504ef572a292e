#include "pin/pin_verifier.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/unique_fd.hpp"
#include "runtime/stored_accounts.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::runtime;
using patella::test::Folder;
using pin::PinVerifier;
using pin::SignIn;

namespace {
const std::string kPin = "135790", kWrong = "246813";
const WallTime kNow{1'795'000'000'000'000, 60};

struct Site {
  Site() {
    ::unsetenv("CREDENTIALS_DIRECTORY");
    auto made = pin::Pepper::load_or_make(folder.path);
    if (!made) FAIL(made.error().text());
    pepper.emplace(std::move(*made));
    store = open();
    auto hash = pin::hash(kPin, *pepper);
    REQUIRE(hash.ok());
    REQUIRE(store->put_staff({"s1", "Anna", "physio", *hash, 1000, 0}));
    REQUIRE(store->put_staff({"s2", "Ben", "staff", "", 1000, 0}));
    REQUIRE(store->commit());
  }
  static int failures(store::Store& store, const std::string& member = "s1") {
    const auto staff = store.staff();
    REQUIRE(staff.ok());
    for (const auto& one : *staff)
      if (one.id == member) return one.failures;
    FAIL("nobody is " + member);
    return -1;
  }
  std::unique_ptr<store::Store> open() const {
    auto opened = store::Store::open(folder.path / "log.db");
    if (!opened) FAIL(opened.error().text());
    CHECK(opened->notice.empty());
    return std::move(opened->store);
  }
  std::unique_ptr<store::Store>& open_again() {
    store.reset();
    store = open();
    return store;
  }
  SignIn type(PinVerifier& verifier, const std::string& pin, const std::string& member = "s1") {
    StoredAccounts accounts(*store);
    return verifier.try_pin(accounts, *pepper, member, pin, kNow);
  }

  Folder folder;
  std::optional<pin::Pepper> pepper;
  std::unique_ptr<store::Store> store;
};

bool quick(const std::string&, std::string_view pin, const pin::Pepper&) { return pin == kPin; }
}  // namespace

TEST_CASE("the right PIN signs in, sets the count to 0 and is in the audit with who it was") {
  Site site;
  PinVerifier verifier;
  const SignIn wrong = site.type(verifier, kWrong);
  CHECK_FALSE(wrong.ok);
  CHECK(wrong.failures == 1);
  CHECK_FALSE(wrong.why_not.empty());
  CHECK(Site::failures(*site.store) == 1);
  const SignIn right = site.type(verifier, kPin);
  CHECK(right.ok);
  CHECK(right.failures == 0);
  CHECK(right.why_not.empty());
  CHECK(right.member.name == "Anna");
  CHECK(right.member.role == "physio");
  CHECK(right.member.hash == "");
  CHECK(Site::failures(*site.store) == 0);
  const auto rows = site.store->audit_rows();
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 2);
  CHECK(rows->at(0).action == "sign_in_refused");
  CHECK(rows->at(0).actor == "kiosk");
  CHECK(rows->at(0).subject == "s1");
  CHECK(rows->at(1).action == "sign_in");
  CHECK(rows->at(1).actor == "s1");
  for (const auto& row : *rows)
    for (const std::string& secret : {kPin, kWrong}) CHECK((row.subject + row.detail).find(secret) == std::string::npos);
}

TEST_CASE("each other wrong PIN counts, the same one again only once until it may be right") {
  Site site;
  PinVerifier verifier(quick);
  CHECK(site.type(verifier, "111112").failures == 1);
  for (int i = 0; i < 3; ++i) CHECK(site.type(verifier, "111112").failures == 1);
  CHECK(site.type(verifier, "111113").failures == 2);
  CHECK(site.type(verifier, "111112").failures == 3);
  CHECK(site.store->audit_rows()->size() == 3);

  // The same digits are another try for another, and after a new PIN was set.
  auto members = *site.store->staff();
  members[1].pin_hash = members[0].pin_hash;
  REQUIRE(site.store->put_staff(members[1]));
  CHECK(site.type(verifier, "111112", "s2").failures == 1);
  members[1].pin_hash += "new";
  REQUIRE(site.store->put_staff(members[1]));
  CHECK(site.type(verifier, "111112", "s2").failures == 2);
  PinVerifier later(quick);
  CHECK(site.type(later, "111112", "s2").failures == 3);
  CHECK(site.type(later, kPin, "s2").ok);
  CHECK(site.type(later, "111112", "s2").failures == 1);
}

TEST_CASE("who signs in as oneself in between saves no try of another's PIN") {
  Site site;
  PinVerifier verifier(quick);
  auto ben = site.store->staff()->at(1);
  ben.pin_hash = site.store->staff()->at(0).pin_hash;
  REQUIRE(site.store->put_staff(ben));
  for (int round = 1; round <= 12; ++round) {
    CHECK(site.type(verifier, std::to_string(111111 + round)).failures == round);
    const SignIn own = site.type(verifier, kPin, "s2");
    CHECK(own.ok);
    CHECK(own.failures == 0);
  }
  CHECK(Site::failures(*site.open_again()) == 12);
  CHECK(Site::failures(*site.store, "s2") == 0);
}

TEST_CASE("what cannot be right is not looked at and not counted") {
  Site site;
  int looked = 0;
  PinVerifier verifier([&](const std::string&, std::string_view, const pin::Pepper&) { return ++looked > 0; });
  CHECK(english(site.type(verifier, kPin, "nobody").why_not).find("not staff") != std::string::npos);
  CHECK(english(site.type(verifier, kPin, "s2").why_not).find("no PIN") != std::string::npos);
  CHECK(site.type(verifier, "", "s2").ok == false);
  auto anna = site.store->staff()->front();
  anna.removed_utc_us = 2000;
  REQUIRE(site.store->put_staff(anna));
  CHECK_FALSE(site.type(verifier, kPin).ok);
  const Folder elsewhere;
  const auto other = pin::Pepper::load_or_make(elsewhere.path);
  REQUIRE(other.ok());
  anna.removed_utc_us = 0;
  REQUIRE(site.store->put_staff(anna));
  StoredAccounts accounts(*site.store);
  CHECK(english(verifier.try_pin(accounts, *other, "s1", kPin, kNow).why_not).find("another secret") != std::string::npos);
  CHECK(looked == 0);
  for (const char* member : {"s1", "s2"}) CHECK(Site::failures(*site.store, member) == 0);
}

namespace {
/// A store whose commits fail from the n-th on: a disk that fills up.
class FullDisk final : public store::Store {
 public:
  FullDisk(Store& store, int good_commits) : store_(store), good_commits_(good_commits) {}
  Status begin_session(const store::SessionHead& head) override { return store_.begin_session(head); }
  Status append(const std::string& id, std::span<const Record> records, std::span<const session::LogEvent> events) override {
    return store_.append(id, records, events);
  }
  Status commit() override {
    if (good_commits_-- > 0) return store_.commit();
    return Error{"the disk is full", "", ""};
  }
  Status end_session(const std::string& id, const session::SessionEnd& end) override { return store_.end_session(id, end); }
  Result<std::vector<store::SessionListRow>> sessions(const store::SessionFilter& filter) override {
    return store_.sessions(filter);
  }
  Result<store::StoredSession> load(const std::string& id) override { return store_.load(id); }
  Result<std::vector<store::SessionListRow>> open_sessions() override { return store_.open_sessions(); }
  Status each_record(const std::string& id, const std::function<Status(std::span<const Record>)>& take) override {
    return store_.each_record(id, take);
  }
  Status audit(const store::AuditEntry& entry) override { return store_.audit(entry); }
  Result<std::vector<store::StaffMember>> staff() override { return store_.staff(); }
  Status set_pin_failures(const std::string& member, int failures) override { return store_.set_pin_failures(member, failures); }

 private:
  Store& store_;
  int good_commits_;
};
}  // namespace

TEST_CASE("a PIN that could not be counted is not tried, and not counted when the disk works again") {
  for (const int good_commits : {0, 1}) {
    Site site;
    int looked = 0;
    REQUIRE(site.store->set_pin_failures("s1", 3));
    REQUIRE(site.store->commit());
    PinVerifier verifier([&](const std::string&, std::string_view, const pin::Pepper&) { return ++looked > 0; });
    FullDisk full(*site.store, good_commits);
    StoredAccounts accounts(full);
    const SignIn refused = verifier.try_pin(accounts, *site.pepper, "s1", kPin, kNow);
    CHECK_FALSE(refused.ok);
    CHECK(english(refused.why_not).find("disk") != std::string::npos);
    CHECK(refused.failures == (good_commits == 0 ? 0 : 3));
    CHECK(looked == 0);
    REQUIRE(site.store->commit());
    CHECK(Site::failures(*site.open_again()) == 3);
    CHECK(site.store->audit_rows()->empty());
  }
}

namespace {
enum class Killed { before_hash, while_hashing, before_answer };

/// A process of its own that tries one PIN and is killed in the middle of it.
void try_and_die(const Site& site, Killed when) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  UniqueFd from(ends[0]), to(ends[1]);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto opened = store::Store::open(site.folder.path / "log.db");
    if (!opened) _exit(2);
    const auto tell = [&] { return ::write(to.get(), "x", 1) == 1; };
    PinVerifier verifier([&](const std::string& hash, std::string_view pin, const pin::Pepper& pepper) {
      if (when == Killed::before_hash && tell()) pause();
      if (when == Killed::while_hashing && !tell()) return false;
      const bool right = pin::matches(hash, pin, pepper);
      if (when == Killed::before_answer && tell()) pause();
      return right;
    });
    StoredAccounts accounts(*opened->store);
    (void)verifier.try_pin(accounts, *site.pepper, "s1", when == Killed::while_hashing ? kWrong : kPin, kNow);
    pause();
    _exit(3);
  }
  to.reset();
  char told = 0;
  const bool hashes = ::read(from.get(), &told, 1) == 1;
  REQUIRE(kill(child, SIGKILL) == 0);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(hashes);
  CHECK(WIFSIGNALED(status));
}
}  // namespace

TEST_CASE("fifty kills while a PIN is being looked at save not one try") {
  Site site;
  site.store.reset();
  for (int round = 0; round < 50; ++round) {
    INFO("round " << round);
    try_and_die(site, static_cast<Killed>(round % 3));
    const auto store = site.open();
    REQUIRE(Site::failures(*store) == round + 1);
    REQUIRE(Site::failures(*store, "s2") == 0);
  }
}
