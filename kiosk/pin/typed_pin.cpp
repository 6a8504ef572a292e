#include "pin/typed_pin.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "pin/pin.hpp"

namespace patella::pin {

namespace {
/// Nothing typed is shown while it lives. Does nothing where the standard input is no terminal.
class NoEcho {
 public:
  NoEcho() : terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~NoEcho() {
    if (terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  bool terminal() const { return terminal_; }

 private:
  termios before_{};
  bool terminal_;
};

/// One character. nullopt: the input ended, or the program is to end.
std::optional<char> next(int ending) {
  pollfd waits[] = {{STDIN_FILENO, POLLIN, 0}, {ending, POLLIN, 0}};
  for (;;) {
    if (::poll(waits, 2, -1) < 0 && errno != EINTR) return std::nullopt;
    if (waits[1].revents != 0) return std::nullopt;
    char c = 0;
    if (waits[0].revents == 0) continue;
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got == 1) return c;
    if (got == 0 || errno != EINTR) return std::nullopt;
  }
}

/// Read a character at a time: a buffer would keep the PIN.
std::optional<SecretText> next_line(const NoEcho& echo, int ending, const std::string& prompt) {
  if (echo.terminal()) {
    fmt::print("{} ", prompt);
    std::fflush(stdout);
  }
  SecretText typed;
  std::optional<char> c = next(ending);
  const bool any = c.has_value();
  for (; c && *c != '\n'; c = next(ending))
    if (*c != '\r') typed.add(*c);
  if (echo.terminal()) fmt::print("\n");
  const bool whole = any && (c || !echo.terminal());  // a pipe's last line may lack its end
  return whole ? std::optional<SecretText>(std::move(typed)) : std::nullopt;
}
}  // namespace

Result<SecretText> ask_new_pin(const std::string& name, int ending_fd) {
  const Error ended{"ended; nothing was stored", "", ""};
  const NoEcho echo;
  auto first = next_line(echo, ending_fd, "New PIN of " + name + ", 6 to 12 digits:");
  if (!first) return ended;
  if (Status fine = acceptable(first->text()); !fine)
    return Error{fine.error().text(), "", fine.error().remedy.empty() ? "Choose another one" : ""};
  const auto second = next_line(echo, ending_fd, "Once more:");
  if (!second) return ended;
  if (second->text() != first->text()) return Error{"the second PIN is not the first one; nothing was stored", "", "Try again"};
  return std::move(*first);
}

}  // namespace patella::pin
