// A USB device without a bus: takes transfers, gives completions, obeys the packet rules of a host
// controller, and misbehaves on request.
#pragma once

#include <deque>
#include <map>

#include "emulator/random.hpp"
#include "emulator/usb.hpp"

namespace patella::emulator {

/// How one endpoint misbehaves; all off by default. Endpoint 0 is the control pipe.
struct EndpointFault {
  bool halted = false;      ///< stalls (-EPIPE) until the host clears the halt
  bool silent = false;      ///< answers nothing: transfers stay pending
  int64_t delay_us = 0;     ///< every completion comes this late
  int cut_to = -1;          ///< packets are cut to that many bytes; -1 = whole
  bool garbage = false;     ///< random bytes instead of the data
  int wrong_checksums = 0;  ///< the next N reports are spoilt so that the device's own check fails
  int burst = 0;            ///< the next N reports are held back and then come at once
  int error_once = 0;       ///< the next completion ends with this negative errno
};

class UsbModel : public Model {
 public:
  UsbModel(Descriptors descriptors, uint64_t seed);

  const Descriptors& descriptors() const { return descriptors_; }
  /// Bytes a host asks for at a time, so that one transfer is one report: the longest report in whole packets, or,
  /// when all reports are shorter than a packet or end in a short one, any number above it.
  virtual uint32_t read_room() const { return 1024; }
  EndpointFault& fault(uint8_t endpoint) { return faults_[endpoint]; }

  void submit(Transfer transfer, int64_t now_us);
  /// Ends a pending transfer with `status`; false when it is not pending (any more).
  bool cancel(uint64_t id, int status);
  /// The plug is pulled (-ESHUTDOWN): whatever is in flight ends so.
  void cancel_all(int status);
  /// Stalls the endpoint now, transfers in flight included.
  void halt(uint8_t endpoint);
  void clear_halt(uint8_t endpoint);
  void reset();
  /// What has ended since the last call, in order.
  std::vector<Completion> take_done();

  void tick(int64_t now_us) final;
  int64_t deadline_us() const final;

  struct Counts {
    uint64_t in_reports = 0, out_reports = 0, lost_reports = 0;  ///< lost: the host did not read in time
  };
  const Counts& counts() const { return counts_; }

 protected:
  /// A class or vendor request. 0 with `in` filled, or a negative errno.
  virtual int on_control(const Setup& setup, const Bytes& out, Bytes& in);
  virtual void on_out(uint8_t endpoint, const Bytes& data);
  virtual void on_tick() {}
  virtual void on_reset() {}
  virtual int64_t next_event_us() const { return kNever; }
  /// Makes a report whose own check fails. The default flips one bit of the first byte.
  virtual void spoil(Bytes& report);

  enum class WhenFull { lose_oldest, lose_newest };
  /// Hands one report to an IN endpoint, which buffers `depth` reports until the host reads.
  void put_report(uint8_t endpoint, Bytes report, std::size_t depth = 1, WhenFull full = WhenFull::lose_oldest);

  /// A transfer of the endpoint waits: what is put there goes out at once.
  bool is_awaited(uint8_t endpoint) const;

  int64_t now_us() const { return now_us_; }
  Random& random() { return random_; }

 private:
  void control(const Transfer& transfer);
  int standard_request(const Setup& setup, const Bytes& out, Bytes& in);
  int get_descriptor(const Setup& setup, Bytes& in) const;
  void match(uint8_t endpoint);
  bool fill(Transfer& transfer, Completion& completion);
  void buffer(uint8_t endpoint, Bytes report, std::size_t depth, WhenFull full);
  void finish(Completion completion, uint8_t endpoint);

  Descriptors descriptors_;
  std::map<uint8_t, uint16_t> packet_size_;
  std::map<uint8_t, EndpointFault> faults_;
  std::map<uint8_t, std::deque<Transfer>> pending_;
  std::map<uint8_t, std::deque<Bytes>> packets_;  ///< a report longer than a packet lies here as several
  std::map<uint8_t, std::vector<Bytes>> held_;    ///< for a burst
  std::multimap<int64_t, Completion> late_;
  std::vector<Completion> done_;
  uint8_t configuration_ = 1;
  int64_t now_us_ = 0;
  Random random_;
  Counts counts_;
};

}  // namespace patella::emulator
