#include "base/sentence.hpp"
#include "notices/book.hpp"
#include "notices/words.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::notices;

namespace {
Notice notice(const char* id, Kind kind, const char* session, Detail detail = {}) {
  Notice one;
  one.id = id;
  one.kind = kind;
  one.utc_us = 1'800'000'000'000'000;
  one.zone_offset_min = 60;
  one.station = "tke";
  one.session = session;
  one.client = "C-0007";
  one.detail = std::move(detail);
  return one;
}

Message asked(const std::string& id) { return id == "swollen" ? Message("Is the knee swollen?") : Message(); }
}  // namespace

TEST_CASE("each kind of notice has an id of its own that leads back to it") {
  for (int i = 1; i <= static_cast<int>(Kind::notify_failed); ++i) {
    const auto kind = static_cast<Kind>(i);
    INFO(id_of(kind));
    CHECK(kind_of(id_of(kind)) == kind);
  }
  CHECK_FALSE(kind_of("call").has_value());
  CHECK_FALSE(kind_of("").has_value());
}

TEST_CASE("a notice stays open until somebody acknowledges it, once") {
  Book book;
  REQUIRE(book.raise(notice("1", Kind::call_staff, "s")) != nullptr);
  CHECK(book.open_count() == 1);
  CHECK(book.of_session("s") == CallState::open);
  CHECK(book.of_session("other") == CallState::none);
  CHECK(book.acknowledge("2", "berg", 5) == nullptr);
  const Notice* done = book.acknowledge("1", "berg", 5);
  REQUIRE(done != nullptr);
  CHECK(done->acknowledged_by == "berg");
  CHECK(done->acknowledged_utc_us == 5);
  CHECK(book.acknowledge("1", "other", 6) == nullptr);
  CHECK(book.open().empty());
  CHECK(book.of_session("s") == CallState::acknowledged);
}

TEST_CASE("the same said again changes the open notice; after an acknowledgement it is a new one") {
  Book book;
  book.raise(notice("1", Kind::pain_high, "s", {{"when", std::string("before")}, {"given", std::string("7")}}));
  const Notice* changed =
      book.raise(notice("2", Kind::pain_high, "s", {{"when", std::string("before")}, {"given", std::string("7,3")}}));
  REQUIRE(changed != nullptr);
  CHECK(changed->id == "1");
  CHECK(text_in(changed->detail, "given") == "7,3");
  CHECK(book.raise(notice("3", Kind::pain_high, "s", {{"when", std::string("before")}, {"given", std::string("7,3")}})) ==
        nullptr);
  book.raise(notice("4", Kind::pain_high, "s", {{"when", std::string("after")}, {"given", std::string("8")}}));
  book.raise(notice("5", Kind::pain_high, "other", {{"when", std::string("before")}, {"given", std::string("9")}}));
  CHECK(book.open_count() == 3);

  book.raise(notice("6", Kind::call_staff, "s"));
  CHECK(book.raise(notice("7", Kind::call_staff, "s")) == nullptr);
  book.acknowledge("6", "berg", 5);
  REQUIRE(book.raise(notice("8", Kind::call_staff, "s")) != nullptr);
  CHECK(book.open().back().id == "8");
}

TEST_CASE("a pain stop is completed, also after somebody acknowledged it") {
  Book book;
  book.raise(notice("1", Kind::pain_stop, "s"));
  book.acknowledge("1", "berg", 5);
  const Notice* completed =
      book.raise(notice("2", Kind::pain_stop, "s", {{"pain", 6.0}, {"place", std::string("Left knee")}}), true);
  REQUIRE(completed != nullptr);
  CHECK(completed->id == "1");
  CHECK_FALSE(completed->open());
  CHECK(number_in(completed->detail, "pain") == 6.0);
  CHECK(book.open_count() == 0);
}

TEST_CASE("open notices are kept however many come; of the acknowledged ones the newest") {
  Book book;
  for (int i = 0; i < 500; ++i) {
    const std::string id = std::to_string(i), session = "s" + id;
    book.raise(notice(id.c_str(), Kind::call_staff, session.c_str()));
    if (i % 2) book.acknowledge(id, "berg", 5);
  }
  CHECK(book.open_count() == 250);
  CHECK(book.open().front().id == "0");
  CHECK(book.of_session("s499") == CallState::acknowledged);
  CHECK(book.of_session("s1") == CallState::none);
}

TEST_CASE("the detail for programs has sentences, not the written form of messages") {
  const std::string said = written(Message("It ended with status {0}", 9));
  REQUIRE(said == "It ended with status {9}");
  for (const Kind kind : {Kind::notify_failed, Kind::exercise_stopped})
    CHECK(text_in(detail_in_words(notice("1", kind, "s", {{"program", std::string("{x}")}, {"text", said}})), "text") ==
          "It ended with status 9");
  // Somebody's own words are left as they are.
  CHECK(text_in(detail_in_words(notice("1", Kind::notify_failed, "s", {{"program", std::string("{9}")}})), "program") == "{9}");
}

TEST_CASE("staff read what happened in words, the first answer and the changed one") {
  const auto line = [](Kind kind, Detail detail) { return english(lines_of(notice("1", kind, "s", std::move(detail)), asked)); };
  CHECK(line(Kind::call_staff, {}) == "The client called staff");
  CHECK(line(Kind::start_blocked, {{"why", std::string("pain")}}) ==
        "The client waits for staff to start: pain before the exercise");
  CHECK(line(Kind::start_blocked, {{"why", std::string("questions")}, {"left", std::string("yes")}}) ==
        "The client waited for staff to start and has left: an answer before the exercise");
  CHECK(line(Kind::pain_stop, {}) == "Pain stop pressed. How strong and where: not answered yet");
  CHECK(line(Kind::pain_stop, {{"answered", std::string("no")}, {"place", std::string()}}) ==
        "Pain stop pressed. How strong: not answered");
  CHECK(line(Kind::pain_stop, {{"pain", 6.0}, {"place", std::string("Left knee")}}) ==
        "Pain stop pressed. Pain 6 of 10, Left knee");
  CHECK(line(Kind::pain_high, {{"when", std::string("before")}, {"given", std::string("7")}}) ==
        "Pain before the exercise: 7 of 10");
  CHECK(line(Kind::pain_high, {{"when", std::string("before")}, {"given", std::string("7,3")}}) ==
        "Pain before the exercise: first 7, then 3 of 10");
  CHECK(line(Kind::red_flag, {{"swollen", std::string("yes")}, {"gone", std::string("yes,no,yes")}}) ==
        "Is the knee swollen? \xE2\x80\x93 yes. gone \xE2\x80\x93 first yes, then no, then yes");
  CHECK(english(Message("{0}", raised_at(notice("1", Kind::call_staff, "s"), Moment::Form::day_and_clock))) ==
        "2027-01-15 09:00");
}
