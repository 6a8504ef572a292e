// Why a command line could not be understood, in words. For CLI11, which is named nowhere here: any program may use it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/nearest.hpp"

namespace patella {

namespace wrong_use_detail {

template <class App>
std::vector<std::string> command_names(App& app) {
  std::vector<std::string> names;
  for (auto* command : app.get_subcommands([](const auto*) { return true; }))
    if (!command->get_name().empty()) names.push_back(command->get_name());
  return names;
}

/// The option, of the command or one above it; null: there is none.
template <class App>
auto find_option(const std::vector<App*>& path, const std::string& name) {
  for (auto at = path.rbegin(); at != path.rend(); ++at)
    if (auto* option = (*at)->get_option_no_throw(name)) return option;
  return decltype(path.front()->get_option_no_throw(name)){};
}

template <class App>
std::vector<std::string> option_names(const std::vector<App*>& path) {
  std::vector<std::string> names;
  for (App* app : path)
    for (auto* option : app->get_options([](const auto*) { return true; }))
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// "patella export"
template <class App>
std::string name_of(const std::vector<App*>& path, const std::string& program) {
  std::string name = program;
  for (std::size_t i = 1; i < path.size(); ++i) name += " " + path[i]->get_name();
  return name;
}

}  // namespace wrong_use_detail

/// A word that is no command or option, with the nearest that is; "" = it is something else that is wrong.
template <class App>
std::string unknown_word(App& app, const std::string& program, const std::vector<std::string>& arguments) {
  using namespace wrong_use_detail;
  std::vector<App*> path{&app};
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& word = arguments[i];
    App& at = *path.back();
    if (word.size() > 1 && word[0] == '-' && (word[1] < '0' || word[1] > '9')) {
      const std::string name = word.substr(0, word.find('='));
      const auto* option = find_option(path, name);
      if (!option) {
        const std::vector<std::string> known = option_names(path);
        const auto near = nearest(name, known);
        return name_of(path, program) + " has no option " + name + ". " +
               (near ? "Did you mean " + *near + "?" : "`" + name_of(path, program) + " --help` lists them");
      }
      if (name == word && option->get_items_expected_max() > 0) ++i;
      continue;
    }
    const auto named = at.get_subcommands([&](const auto* command) { return command->get_name() == word; });
    if (!named.empty()) {
      path.push_back(named.front());
      continue;
    }
    const std::vector<std::string> commands = command_names(at);
    if (!commands.empty())
      return "there is no command \"" + word + "\"" + (path.size() > 1 ? " of " + name_of(path, program) : "") + ". " +
             did_you_mean(word, commands);
  }
  const std::vector<std::string> commands = command_names(*path.back());
  if (!commands.empty() && path.back()->get_require_subcommand_min() > 0)
    return "which command? " + name_of(path, program) + " has " + listed(commands) + "; `" + name_of(path, program) +
           " --help` says what they do";
  return {};
}

}  // namespace patella
