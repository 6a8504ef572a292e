// Waits for a USB device that matches, and opens and claims it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "transport/match.hpp"
#include "transport/retry.hpp"
#include "transport/transport.hpp"
#include "transport/usb_context.hpp"
#include "transport/usb_port.hpp"

namespace patella::transport {

class UsbFinder final : public Finder {
 public:
  UsbFinder(Wanted wanted, const Clock& clock, std::shared_ptr<UsbContext> context);
  ~UsbFinder() override;
  void wait_fds(std::vector<pollfd>& out) const override;
  int64_t deadline_us() const override;
  std::unique_ptr<Port> service() override;
  std::string trouble() const override;
  void refuse(const std::string& port) override;
  void postpone(const std::string& port, int64_t for_us) override;

 private:
  /// A plugged-in device whose ids match. Dropped when it is unplugged, and with it the refusal.
  struct Candidate {
    libusb_device* device = nullptr;  ///< a reference is held
    std::string port;
    Claim claim = Claim::none;
    Retry retry;
    bool settled = false;  ///< handed out, refused, or seen to be another one
    std::string trouble;
  };
  void rescan();
  bool worth_trying(libusb_device* device) const;
  bool is_next(const Candidate& candidate) const;
  std::unique_ptr<Port> try_open(Candidate& candidate);
  std::unique_ptr<Port> open_interface(Candidate& candidate, libusb_device_handle* handle);

  Wanted wanted_;
  const Clock& clock_;
  std::shared_ptr<UsbContext> context_;
  std::vector<Candidate> candidates_;
  std::vector<std::string> refused_;  ///< names that wait for the next look; those not there then are forgotten
  bool scanned_ = false;
};

}  // namespace patella::transport
