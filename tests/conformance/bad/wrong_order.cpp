#include "calm_driver.hpp"

// Written by hand, and sure that connected() always comes first.
struct Hand {
  const patella_device_host* host;
  int* state = nullptr;
};
static void* create(const patella_device_host* host, const patella_value*, uint32_t) { return new Hand{host}; }
static void connected(void* self, const patella_device_identity*, int64_t) {
  auto* hand = static_cast<Hand*>(self);
  delete hand->state;
  hand->state = new int(0);
  hand->host->status(hand->host->ctx, PATELLA_DEVICE_STARTING, "");
}
static void received(void* self, const uint8_t*, uint32_t length, int64_t) {
  *static_cast<Hand*>(self)->state += static_cast<int>(length);
}
static void tick(void*, int64_t) {}
static void disconnected(void*, uint32_t, int64_t) {}
static void destroy(void* self) {
  delete static_cast<Hand*>(self)->state;
  delete static_cast<Hand*>(self);
}
using Calm = fixture::CalmDriver;
static constexpr patella_device kTable = {sizeof(patella_device),
                                          Calm::kTransport,
                                          Calm::kMatches,
                                          1,
                                          &Calm::kSerial,
                                          Calm::kChannels,
                                          1,
                                          create,
                                          connected,
                                          received,
                                          nullptr,
                                          tick,
                                          nullptr,
                                          disconnected,
                                          destroy};
PATELLA_PLUGIN_(PATELLA_DEVICE_INTERFACE, kTable, "org.patella.fixture", "Fixture", "1.0.0", kPatellaNoParams)
