/* A whole driver in C: a HID scale that reports its mass in grams as two bytes after the report id. */
#include <patella/device.h>
#include <stdlib.h>
#include <string.h>

typedef struct scale {
  const patella_device_host* host;
  int live;
} scale;

static void* create(const patella_device_host* host, const patella_value* values, uint32_t value_count) {
  (void)values;
  (void)value_count;
  scale* self = calloc(1, sizeof *self);
  if (self) self->host = host;
  return self;
}

static void connected(void* state, const patella_device_identity* identity, int64_t t_us) {
  scale* self = state;
  (void)identity;
  (void)t_us;
  self->host->status(self->host->ctx, PATELLA_DEVICE_STARTING, "");
}

static void received(void* state, const uint8_t* data, uint32_t length, int64_t t_us) {
  scale* self = state;
  if (length != 3 || data[0] != 3) return;
  const double mass_g = data[1] + 256.0 * data[2];
  if (!self->live) self->host->status(self->host->ctx, PATELLA_DEVICE_LIVE, "");
  self->live = 1;
  self->host->emit(self->host->ctx, 0, t_us, mass_g * 9.80665e-3);
}

static void tick(void* state, int64_t t_us) {
  (void)state;
  (void)t_us;
}

static void disconnected(void* state, uint32_t reason, int64_t t_us) {
  scale* self = state;
  (void)reason;
  (void)t_us;
  self->live = 0;
}

static const patella_match kMatches[] = {{sizeof(patella_match), 0x1209, 0x0003, -1, 0x8D}};
static const patella_channel kChannels[] = {{sizeof(patella_channel), "force", "Force", "N", 0, 643, 5, 2, 0, 0}};
static const patella_device kDevice = {sizeof(patella_device),
                                       PATELLA_TRANSPORT_HID,
                                       kMatches,
                                       1,
                                       NULL,
                                       kChannels,
                                       1,
                                       create,
                                       connected,
                                       received,
                                       NULL,
                                       tick,
                                       NULL,
                                       disconnected,
                                       free};

static const void* get_interface(const char* id) { return strcmp(id, PATELLA_DEVICE_INTERFACE) == 0 ? &kDevice : NULL; }

extern PATELLA_EXPORT const patella_plugin_entry patella_entry;
const patella_plugin_entry patella_entry = {sizeof(patella_plugin_entry),
                                            PATELLA_ABI_MAJOR,
                                            PATELLA_ABI_MINOR,
                                            "org.patella.c_driver",
                                            "Scale in C",
                                            "1.0.0",
                                            NULL,
                                            0,
                                            get_interface};
