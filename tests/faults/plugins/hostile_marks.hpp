// What the hostile plugins and the kiosk they attack agree on.
#pragma once

#include <cstdint>

namespace hostile {

/// Of what the plugin tried: the exit code of its process.
inline constexpr int kReached = 8;        ///< it worked: a hole
inline constexpr int kRefusedBase = 100;  ///< + errno: it was refused

/// A page of the attacked kiosk at an address that the plugin knows.
inline constexpr std::uintptr_t kCanaryAt = 0x510000000000;
inline constexpr uint64_t kCanary = 0x5041544c4c41u;

// In the folder above that of the plugin's, as <state>/plugins/<stage>.<act>/hostile_driver.so.
inline constexpr char kClientsFile[] = "clients.toml", kDatabaseFile[] = "patella.db", kControlFile[] = "control";

}  // namespace hostile
