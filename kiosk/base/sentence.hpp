// A message becomes a sentence. What differs between languages comes from a phrasebook; English is the source's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/message.hpp"

namespace patella {

class Phrasebook {
 public:
  virtual ~Phrasebook() = default;
  /// The sentence with its placeholders; of the right plural. English unless overridden.
  virtual std::string pattern(const Message& message) const;
  /// A word or a form in a context: word("unit", "rpm"), word("number", "."), word("date", "{0}-{1}-{2}").
  virtual std::string word(const char* context, const std::string& english) const;
};

std::string sentence(const Message& message, const Phrasebook& language);
/// Several as one text: "Not counted. Pull further".
std::string sentence(const Messages& messages, const Phrasebook& language);
/// For logs and for the command line.
std::string english(const Message& message);
std::string english(const Messages& messages);

/// "2:34", "1:02:05". `seconds` not negative.
std::string time_span_text(double seconds);
/// "{0}" … "{9}" in `pattern` become the arguments; a placeholder without one stays. Never throws: a translation may be wrong.
std::string fill_in(std::string_view pattern, const std::vector<std::string>& arguments);
/// "12.5" as the language writes it. Never "-0".
std::string number_in_words(double value, int decimals, const Phrasebook& language);

}  // namespace patella
