#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/new_file.hpp"
#include "base/unique_fd.hpp"
#include "pin/pin.hpp"

namespace patella::pin {

namespace fs = std::filesystem;

namespace {
constexpr std::size_t kDigits = 64;

Error file_error(const char* what, const fs::path& file, const char* remedy) {
  return {fmt::format("{}: {}", what, std::strerror(errno)), file.string(), remedy};
}

/// What systemd handed over; nullopt: nothing.
std::optional<fs::path> credential() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (!folder || !*folder) return std::nullopt;
  const fs::path file = fs::path(folder) / "patella-pepper";
  struct stat status {};
  // One that cannot be looked at is there: another pepper instead of it would make every PIN a wrong one.
  if (::stat(file.c_str(), &status) != 0 && errno == ENOENT) return std::nullopt;
  return file;
}

/// The name comes last: a file that is there is whole, also after a power cut.
Status make_file(const fs::path& file) {
  unsigned char bytes[kDigits / 2];
  char text[kDigits + 1];
  randombytes_buf(bytes, sizeof bytes);
  sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
  sodium_memzero(bytes, sizeof bytes);
  text[kDigits] = '\n';
  Result<NewFile> made = NewFile::make(file);
  Status done = made ? made->write({text, sizeof text}) : Status(made.error());
  sodium_memzero(text, sizeof text);
  if (done) done = made->finish(Existing::refuse);
  struct stat status {};
  // One that came meanwhile is not written over, and is as good.
  if (!done && ::lstat(file.c_str(), &status) != 0) return done;
  return sync_folder(file.parent_path());
}
}  // namespace

Pepper::Pepper(Pepper&& other) noexcept { *this = std::move(other); }

Pepper& Pepper::operator=(Pepper&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = other.bytes_;
  sodium_memzero(other.bytes_.data(), other.bytes_.size());
  return *this;
}

Pepper::~Pepper() { sodium_memzero(bytes_.data(), bytes_.size()); }

Pepper::Mac Pepper::mac(std::string_view text) const {
  Mac mac{};
  crypto_generichash(mac.data(), mac.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes_.data(),
                     bytes_.size());
  return mac;
}

Result<Pepper> Pepper::read(const fs::path& file, unsigned forbidden_mode) {
  constexpr const char* kWrong = "Restore it from a copy; with a new one every PIN must be set again";
  if (sodium_init() < 0) return Error{"the system gives no random numbers", "libsodium", "Check /dev/urandom"};
  // Not blocking: a named pipe in its place must not hold up the start.
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return file_error(
        "the secret of this machine for PINs cannot be read", file,
        errno == ENOENT ? "`patella staff add` makes it with the first PIN" : "It must belong to the user that runs the kiosk");
  if (!S_ISREG(status.st_mode)) return Error{"the secret of this machine for PINs is not a file", file.string(), kWrong};
  if ((status.st_mode & forbidden_mode) != 0)
    return Error{fmt::format("others may use the secret of this machine for PINs (mode {:o})", status.st_mode & 07777u),
                 file.string(), fmt::format("Make it its owner's alone: chmod 600 {}", file.string())};
  char text[kDigits + 2];
  ssize_t got = ::read(fd.get(), text, sizeof text);
  if (got == ssize_t{kDigits} + 1 && text[kDigits] == '\n') --got;
  Pepper pepper;
  std::size_t bytes = 0;
  const char* end = nullptr;
  const bool whole = got == ssize_t{kDigits} &&
                     sodium_hex2bin(pepper.bytes_.data(), pepper.bytes_.size(), text, kDigits, nullptr, &bytes, &end) == 0;
  sodium_memzero(text, sizeof text);
  if (!whole || bytes != pepper.bytes_.size())
    return Error{"the secret of this machine for PINs is not 64 hexadecimal digits", file.string(), kWrong};
  return pepper;
}

Result<Pepper> Pepper::load(const fs::path& state_folder) {
  // What systemd hands over may be lent to the service's user by an access list, which shows as rights of the group.
  if (const auto given = credential()) return read(*given, S_IRWXO);
  return read(state_folder / "pepper", S_IRWXG | S_IRWXO);
}

Result<Pepper> Pepper::load_or_make(const fs::path& state_folder) {
  if (sodium_init() < 0) return Error{"the system gives no random numbers", "libsodium", "Check /dev/urandom"};
  const fs::path file = state_folder / "pepper";
  struct stat status {};
  if (!credential() && ::lstat(file.c_str(), &status) != 0 && errno == ENOENT)
    if (Status made = make_file(file); !made) return made.error();
  return load(state_folder);
}

}  // namespace patella::pin
