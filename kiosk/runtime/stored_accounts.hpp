// The accounts of staff as the store has them. On the store's thread.
#pragma once

#include <optional>
#include <string>

#include "pin/pin_verifier.hpp"
#include "store/store.hpp"

namespace patella::runtime {

class StoredAccounts final : public pin::Accounts {
 public:
  explicit StoredAccounts(store::Store& store) : store_(store) {}

  Result<std::optional<pin::Account>> find(const std::string& member_id) override;
  Status set_failures(const std::string& member_id, int failures) override {
    return store_.set_pin_failures(member_id, failures);
  }
  Status commit() override { return store_.commit(); }
  Status audit(int64_t utc_us, const std::string& actor, const std::string& action, const std::string& member_id,
               const std::string& detail) override {
    return store_.audit({utc_us, actor, action, member_id, detail});
  }

 private:
  store::Store& store_;
};

}  // namespace patella::runtime
