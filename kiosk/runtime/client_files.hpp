// Where what is known of a client is looked up when they sign in: kept by the store, or by the configuration alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "session/client_file.hpp"
#include "store/store.hpp"

namespace patella::runtime {

/// Every function is called on the store thread, with its store; none waits for anything else.
class ClientFiles {
 public:
  virtual ~ClientFiles() = default;
  /// Nothing: no client has this code. `code`: digits.
  virtual Result<std::optional<session::ClientEntry>> find_by_code(store::Store& store, std::string_view code) = 0;
  /// `now`: for what is due today, and how long ago the last visit was.
  virtual Result<session::ClientFile> load(store::Store& store, const std::string& ref, const WallTime& now) = 0;
  /// `value`: 0…10, −1 = skipped; of the visit `last_visit`, so that it is not asked again.
  virtual Status store_day_after(store::Store& store, const std::string& ref, const std::string& last_visit, int value) = 0;
};

/// The clients of clients.toml: names without codes, plans and earlier visits.
class ConfigClientFiles final : public ClientFiles {
 public:
  explicit ConfigClientFiles(std::vector<config::Client> clients) : clients_(std::move(clients)) {}
  Result<std::optional<session::ClientEntry>> find_by_code(store::Store&, std::string_view) override {
    return std::optional<session::ClientEntry>();
  }
  Result<session::ClientFile> load(store::Store& store, const std::string& ref, const WallTime& now) override;
  Status store_day_after(store::Store&, const std::string& ref, const std::string&, int) override;

 private:
  std::vector<config::Client> clients_;
};

}  // namespace patella::runtime
