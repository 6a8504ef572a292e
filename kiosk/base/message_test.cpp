#include "base/message.hpp"

#include "base/sentence.hpp"
#include "support/catch.hpp"

using namespace patella;

namespace {
/// Another order, a comma, and words of its own: what a language may do.
class Other final : public Phrasebook {
 public:
  std::string pattern(const Message& message) const override {
    if (message.id == "{0} of {1}") return "von {1}: {0}";
    if (!message.plural_id.empty()) return Phrasebook::pattern(message) == message.id ? "{0} Satz" : "{0} Sätze";
    return message.id;
  }
  std::string word(const char* context, const std::string& english) const override {
    if (std::string(context) == "number") return ",";
    if (std::string(context) == "date" && english == "{0}-{1}-{2}") return "{2}.{1}.{0}";
    return english == "rpm" ? "U/min" : english;
  }
};

std::string both_ways(const std::string& text) { return written(read_messages(text)); }
}  // namespace

TEST_CASE("a message becomes a sentence with numbers, spans of time, moments and names") {
  CHECK(english(Message("Pain {0} of 10", 7)) == "Pain 7 of 10");
  CHECK(english(Message("Pull to {0}", Quantity{80.25, 1, "N"})) == "Pull to 80.2 N");
  CHECK(english(Message("Rest {0}, then {1}", TimeSpan{30}, TimeSpan{3725})) == "Rest 0:30, then 1:02:05");
  CHECK(english(Message("{0} is waiting", Name{"Anna {1}"})) == "Anna {1} is waiting");
  const Moment noon{1'795'000'000'000'000, 60, Moment::Form::day_and_clock};
  CHECK(english(Message("{0}", noon)) == "2026-11-18 12:06");
  CHECK(english(Message("{0}", Moment{noon.utc_us, 60, Moment::Form::clock})) == "12:06");
  CHECK(english(Message("{0}", Moment{noon.utc_us, 60, Moment::Form::weekday})) == "Wednesday 18 November");
  CHECK(english(Message("Tell staff: {0}", Message("Pain {0} of 10", 7))) == "Tell staff: Pain 7 of 10");
  CHECK(english(Message()).empty());
  CHECK(english(verbatim("{0} as it is")) == "{0} as it is");
  CHECK(english(Message("{0} off", Quantity{-0.01, 1, "N"})) == "0.0 N off");
}

TEST_CASE("a language has its own order, plural, decimal point, date and units") {
  const Other other;
  CHECK(sentence(Message("{0} of {1}", 2, 3), other) == "von 3: 2");
  CHECK(sentence(Message::plural("{0} set", "{0} sets", 1), other) == "1 Satz");
  CHECK(sentence(Message::plural("{0} set", "{0} sets", 3), other) == "3 Sätze");
  CHECK(sentence(Message("{0}", Quantity{12.5, 1, "rpm"}), other) == "12,5 U/min");
  CHECK(sentence(Message("{0}", Moment{1'795'000'000'000'000, 60, Moment::Form::day}), other) == "18.11.2026");
}

TEST_CASE("several messages are sentences one after the other") {
  CHECK(english(Messages{Message("Not counted"), Message("Pull further")}) == "Not counted. Pull further");
  CHECK(english(Messages{Message("Is it empty?"), Message(), Message("Type 0")}) == "Is it empty? Type 0");
  CHECK(Messages("").empty());
}

TEST_CASE("a plugin's text is read with its arguments, and plain text stays what it is") {
  CHECK(read_messages("Pull to {80 N}") == Messages(Message("Pull to {0}", Quantity{80, 0, "N"})));
  CHECK(read_messages("{12} of {-20.50}") == Messages(Message("{0} of {1}", 12, Quantity{-20.5, 2, ""})));
  CHECK(read_messages("Rest {0:30} or {1:02:05}") == Messages(Message("Rest {0} or {1}", TimeSpan{30}, TimeSpan{3725})));
  CHECK(read_messages("{'It''s {Anna}'} waits") == Messages(Message("{0} waits", Name{"It's {Anna}"})));
  CHECK(read_messages("Next: {\"Steady \"\"2\"\"\"}", "cycling").front().arguments.front() ==
        Argument(translatable("Steady \"2\"", "cycling")));
  CHECK(read_messages("{3|{0} set|{0} sets} of {10}") ==
        Messages(Message("{0} of {1}", Message::plural("{0} set", "{0} sets", 3), 10)));
  CHECK(read_messages("Not counted\nPull further") == Messages{Message("Not counted"), Message("Pull further")});
  CHECK(read_messages("").empty());
  const Messages from_plugin = read_messages("Pull to {80 N}", "band_reps");
  CHECK(from_plugin.front().catalogue == "band_reps");
}

TEST_CASE("braces that mean nothing are shown as they are") {
  for (const char* text : {"{",
                           "}",
                           "a {b} c",
                           "{80 N",
                           "{80 }",
                           "{nan}",
                           "{1.2.3}",
                           "{0:3}",
                           "{0:60:5}",
                           "{'Anna}",
                           "{'a'b'}",
                           "{\"a",
                           "{\"a\"b\"}",
                           "{3|{0} set}",
                           "{|a|b}",
                           "{}",
                           "{x|a|b}",
                           "Pull to {80 N} and {",
                           "{99999999999999999999:00}",
                           "{--1}"}) {
    CAPTURE(text);
    const Messages read = read_messages(text);
    REQUIRE(read.size() == 1);
    CHECK(read.front().arguments.empty());
    CHECK(english(read) == text);
  }
}

TEST_CASE("what is counted is what is shown") {
  const auto rate = [](double value, int decimals) {
    return Message::plural("{0} value", "{0} values", Quantity{value, decimals, {}});
  };
  CHECK(english(rate(1.04, 0)) == "1 value");
  CHECK(english(rate(1.04, 2)) == "1.04 values");
  CHECK(english(rate(1.96, 0)) == "2 values");
  CHECK(english(rate(0, 0)) == "0 values");
  CHECK(plural_count(rate(1e300, 0)).count == 1'000'000'000);
  CHECK(plural_count(rate(-3, 0)).count == 0);
  CHECK_FALSE(plural_count(Message("{0}", 1)).there);
}

TEST_CASE("a text with more arguments than figures is plain") {
  std::string text;
  for (int i = 0; i < 11; ++i) text += "{1}";
  CHECK(read_messages(text).front().arguments.empty());
  CHECK(read_messages(text.substr(3)).front().arguments.size() == 10);
}

TEST_CASE("a message inside another keeps its id in the written form") {
  CHECK(written(Message("{0} was given up", translatable("Cycling", "cycling"))) == "{\"Cycling\"} was given up");
}

TEST_CASE("what was written is read again") {
  for (const char* text : {"Pull to {80 N}", "{12} of {-20.50}", "Rest {0:30} or {1:02:05}", "{'It''s {Anna}'} waits",
                           "{3|{0} set|{0} sets} of {10}", "Not counted\nPull further", "plain"}) {
    CAPTURE(text);
    CHECK(both_ways(text) == text);
  }
}
