// Waits for a serial port whose USB parent matches, and opens it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "transport/match.hpp"
#include "transport/retry.hpp"
#include "transport/serial_port.hpp"
#include "transport/sysfs.hpp"
#include "transport/transport.hpp"

namespace patella::transport {

class SerialFinder final : public Finder {
 public:
  static Result<std::unique_ptr<Finder>> make(const Wanted& wanted, const Clock& clock);
  void wait_fds(std::vector<pollfd>& out) const override;
  int64_t deadline_us() const override;
  std::unique_ptr<Port> service() override;
  std::string trouble() const override;
  void refuse(const std::string& port) override;
  void postpone(const std::string& port, int64_t for_us) override;

 private:
  SerialFinder(Wanted wanted, const Clock& clock, UniqueFd watch);
  /// A port that matches. Dropped when it goes away, and with it the refusal.
  struct Candidate {
    UsbTty tty;
    std::string port;
    Claim claim = Claim::none;
    Retry retry;
    bool settled = false;  ///< handed out or refused
    std::string trouble;
    std::optional<int64_t> busy_since_us = {};  ///< somebody has it open
  };
  bool take_changes();
  int64_t first_try_us(const UsbTty& tty, const std::string& port) const;
  void rescan();
  bool is_next(const Candidate& candidate) const;
  std::unique_ptr<Port> try_open(Candidate& candidate);
  std::string trouble_of(const Candidate& candidate, const OpenFailure& failure) const;

  Wanted wanted_;
  const Clock& clock_;
  UniqueFd watch_;  ///< inotify on /dev
  std::vector<Candidate> candidates_;
  std::vector<std::string> refused_;  ///< names that wait for the next look; those not there then are forgotten
  std::vector<std::pair<std::string, int64_t>> postponed_;  ///< port, until
  int64_t next_scan_us_ = 0;
};

}  // namespace patella::transport
