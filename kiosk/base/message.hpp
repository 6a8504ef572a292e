// What a person is to read, before it is a sentence: an id, which is the English sentence, and arguments with a type. Sessions, the
// staff area, drivers and modules say messages; the screen and the command line make sentences of them, in a language.
//
//   Message("Pain {0} of 10", 7)
//   Message("Waiting for {0}: plug it in", driver_name)
//   Message::plural("{0} set", "{0} sets", 3)
//   Message::in("button", "Start")            one English word that is two in other languages
//
// scripts/texts collects the literals from these calls. Plain data; from any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace patella {

struct Argument;

/// A number as it is to be shown: 12.5 with one decimal and "kg".
struct Quantity {
  double value = 0;
  int decimals = 0;       ///< 0…9
  std::string unit = {};  ///< "" = none
  bool operator==(const Quantity&) const = default;
};

/// Shown as "0:30" or "1:02:05".
struct TimeSpan {
  double seconds = 0;  ///< not negative
  bool operator==(const TimeSpan&) const = default;
};

/// A time of the wall clock, in the zone that it had then.
struct Moment {
  enum class Form { clock = 1, day, day_and_clock, weekday };
  int64_t utc_us = 0;
  int32_t zone_offset_min = 0;
  Form form = Form::day_and_clock;  ///< "10:31", "2026-11-20", both, "Monday 30 November"
  bool operator==(const Moment&) const = default;
};

/// Of a person, a file, a place: shown as it is in every language.
struct Name {
  std::string text;
  bool operator==(const Name&) const = default;
};

struct Message {
  std::string id;         ///< the English sentence, "{0}" and "{1}" stand for the arguments; "" = nothing to say
  std::string plural_id;  ///< "" = none; else the English plural, and the first argument is the number that decides
  std::string context;    ///< "" = none
  std::string catalogue;  ///< folder of the plugin that says it; "" = the kiosk
  std::vector<Argument> arguments;

  Message() = default;
  /// `id` is a literal: what is found at run time is translatable() or verbatim().
  template <class... Arguments>
  Message(const char* id, Arguments&&... arguments);

  template <class... Arguments>
  static Message plural(const char* one, const char* many, Quantity count, Arguments&&... more);
  template <class... Arguments>
  static Message plural(const char* one, const char* many, std::integral auto count, Arguments&&... more) {
    return plural(one, many, Quantity{static_cast<double>(count), 0, {}}, std::forward<Arguments>(more)...);
  }
  static Message in(const char* context, const char* id);

  bool empty() const { return id.empty(); }
  bool operator==(const Message& other) const;
};

/// The number that decides between singular and plural, as it is shown: 1.04 without decimals is 1. Nothing: the message has no plural.
/// What is not whole is plural in the languages here: 2 stands for it. 0…1,000,000,000.
struct PluralCount {
  bool there = false;
  unsigned long count = 0;
};
PluralCount plural_count(const Message& message);

/// Said one after the other, each a sentence of its own.
struct Messages : std::vector<Message> {
  using std::vector<Message>::vector;
  Messages(Message one) {  // "" says nothing
    if (!one.empty()) push_back(std::move(one));
  }
  Messages(const char* id) : Messages(Message(id)) {}
};

/// One thing that a message speaks of.
struct Argument {
  std::variant<Quantity, TimeSpan, Moment, Name, Message> value;

  Argument(std::same_as<bool> auto) = delete;
  Argument(std::integral auto number) : value(Quantity{static_cast<double>(number), 0, {}}) {}
  Argument(Quantity quantity) : value(std::move(quantity)) {}
  Argument(TimeSpan span) : value(span) {}
  Argument(Moment moment) : value(moment) {}
  Argument(Name name) : value(std::move(name)) {}
  Argument(Message message) : value(std::move(message)) {}
  bool operator==(const Argument&) const = default;
};

template <class... Arguments>
Message::Message(const char* english, Arguments&&... said) : id(english) {
  arguments.reserve(sizeof...(said));
  (arguments.emplace_back(std::forward<Arguments>(said)), ...);
}

template <class... Arguments>
Message Message::plural(const char* one, const char* many, Quantity count, Arguments&&... more) {
  Message message(one, std::move(count), std::forward<Arguments>(more)...);
  message.plural_id = many;
  return message;
}

/// A text of a configuration file or of a plugin: translated where a catalogue has it, else shown as it is.
Message translatable(std::string text, std::string catalogue = {});
/// A text that no catalogue can have: shown as it is.
Message verbatim(std::string text);
/// "Knee extension, Wall sit"
Message in_a_row(const std::vector<Message>& items);
/// With as many decimals as it takes, at most `most_decimals`: 2, 2.5.
Quantity shortest(double value, int most_decimals, std::string unit = {});

// ---- the form that a message has where only text fits: a plugin's texts (patella/plugin.h describes it) and the log

/// "Pull to {80 N}" and a second line are two messages, the first with a Quantity. A line whose braces do not fit the rules is a
/// message without arguments.
Messages read_messages(std::string_view text, const std::string& catalogue = {});
/// The other way. Contexts and catalogues are not in it.
std::string written(const Message& message);
std::string written(const Messages& messages);

}  // namespace patella
