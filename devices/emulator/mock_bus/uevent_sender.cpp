#include "mock_bus/uevent_sender.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

#include "base/unique_fd.hpp"

namespace patella::emulator {

namespace {

constexpr int kPatienceMs = 2000, kRetryMs = 5;

/// How libudev frames a message of its monitor; numbers that filters look at are in network order.
struct MonitorHeader {
  char prefix[8] = {'l', 'i', 'b', 'u', 'd', 'e', 'v', '\0'};
  uint32_t magic = htonl(0xFEEDCAFEu);
  uint32_t header_size = sizeof(MonitorHeader);
  uint32_t properties_at = sizeof(MonitorHeader), properties_size = 0;
  uint32_t subsystem_hash = 0, devtype_hash = 0;
  uint32_t tag_bloom_high = 0, tag_bloom_low = 0;
};

/// MurmurHash2 of Austin Appleby with seed 0 (public domain): listeners' socket filters compare it.
uint32_t murmur2(const std::string& text) {
  constexpr uint32_t kMix = 0x5BD1E995u;
  uint32_t hash = static_cast<uint32_t>(text.size());
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    uint32_t word = 0;
    std::memcpy(&word, text.data() + at, 4);
    word *= kMix;
    word ^= word >> 24;
    hash = hash * kMix ^ word * kMix;
  }
  const std::size_t rest = text.size() - at;
  for (std::size_t i = rest; i-- > 0;) hash ^= static_cast<uint32_t>(static_cast<unsigned char>(text[at + i])) << (8 * i);
  if (rest > 0) hash *= kMix;
  hash ^= hash >> 13;
  hash *= kMix;
  return hash ^ hash >> 15;
}

std::vector<std::string> listeners(const std::string& root) {
  std::vector<std::string> paths;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(root.c_str()), closedir);
  if (!folder) return paths;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name.size() > 5 && name.starts_with("event") && name.find_first_not_of("0123456789", 5) == std::string::npos)
      paths.push_back(root + "/" + name);
  }
  return paths;
}

/// false when the listener's queue stayed full. One that is gone counts as told.
bool deliver(const std::string& path, const std::string& message) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  path.copy(address.sun_path, path.size());
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  for (int waited_ms = 0; waited_ms <= kPatienceMs; waited_ms += kRetryMs) {
    const ssize_t sent =
        ::sendto(fd.get(), message.data(), message.size(), 0, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (sent >= 0) return true;
    if (errno == ECONNREFUSED) ::unlink(path.c_str());  // its owner died
    if (errno != EAGAIN && errno != ENOBUFS && errno != EINTR) return true;
    ::poll(nullptr, 0, kRetryMs);
  }
  return false;
}

}  // namespace

int UeventSender::send(const std::string& action, const SysfsDevice& device) {
  std::string properties;
  const auto add = [&](const std::string& key, const std::string& value) {
    properties += key + "=" + value;
    properties.push_back('\0');
  };
  add("ACTION", action);
  add("DEVPATH", device.path);
  add("SUBSYSTEM", device.subsystem);
  add("SEQNUM", std::to_string(sequence_++));
  if (!device.devname.empty()) {
    add("DEVNAME", "/dev/" + device.devname);
    add("MAJOR", std::to_string(device.major));
    add("MINOR", std::to_string(device.minor));
  }
  if (!device.devtype.empty()) add("DEVTYPE", device.devtype);
  for (const auto& [key, value] : device.properties) add(key, value);

  MonitorHeader header;
  header.properties_size = static_cast<uint32_t>(properties.size());
  header.subsystem_hash = htonl(murmur2(device.subsystem));
  if (!device.devtype.empty()) header.devtype_hash = htonl(murmur2(device.devtype));
  std::string message(reinterpret_cast<const char*>(&header), sizeof header);
  message += properties;

  int missed = 0;
  for (const std::string& path : listeners(root_))
    if (!deliver(path, message)) ++missed;
  return missed;
}

void raise_datagram_queue() {
  static constexpr const char* kPath = "/proc/sys/net/unix/max_dgram_qlen";
  int present = 0;
  std::ifstream(kPath) >> present;
  if (present > 0 && present < 512) std::ofstream(kPath) << 512;
}

}  // namespace patella::emulator
