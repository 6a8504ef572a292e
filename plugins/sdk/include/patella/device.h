/* Patella plugin SDK: the driver interface, "patella.device/1".
 *
 * A driver is a pure protocol machine: bytes and time come in, bytes, samples and status go out. The plugin
 * host owns libusb and the serial port: it finds the device by the match table, opens and claims it, reads
 * without pause, and closes it. So a driver can be run in virtual time, fuzzed, and fed a recording.
 *
 * Life of an instance (one instance, one plugged-in device):
 *
 *   create ── connected ──┬── received / tick / command / control_done, any order ──┬── disconnected ── destroy
 *                         └─────────────────────────────────────────────────────────┘
 *
 * After `disconnected` no host function may be called. An instance is never connected twice: a device that
 * returns gets a new child process and a new instance. The host keeps this order; a driver must nevertheless
 * survive any other (patella-plugin-check tries) by ignoring the call. DeviceGlue in sdk.hpp does so by itself.
 *
 * Wireless sensors: a receiver may hear several of a kind, and staff have to find the one of this station. A driver
 * that names `sensors` in the [device] of its plugin.toml promises, for each { kind, param } of them:
 *  - `param` is an INT parameter: which sensor of that kind to listen to; 0 = the first one heard, -1 = none;
 *  - the channels "sensor_heard" and "sensor_moving", unit "", whose values are kind × 65536 + number, a number being
 *    1…65535: the first one when a sensor is first heard, the second one whenever a sensor tells that it moves;
 *  - the command "identify": for some seconds it listens to all that is around and emits both.
 * The kind is what the radio's own rules call the sort of sensor (the device type of ANT+), 0…65535, each named once.
 *
 * Memory may be allocated, with a limit: keep no more of what the device says than its longest message.
 */
#ifndef PATELLA_DEVICE_H
#define PATELLA_DEVICE_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PATELLA_DEVICE_INTERFACE "patella.device/1"
#define PATELLA_MAX_CHANNELS 32
/* More samples than this of one channel in a second are a flood: the child is ended. */
#define PATELLA_MAX_SAMPLES_PER_SECOND 20000
#define PATELLA_MAX_WRITES 64         /* that wait to be sent */
#define PATELLA_MAX_STATUS_BYTES 1000 /* of the text of status() and command_done(); the kiosk cuts what is longer */

enum patella_transport {
  PATELLA_TRANSPORT_HID = 1,   /* first interrupt IN and, if there is one, first interrupt OUT endpoint */
  PATELLA_TRANSPORT_BULK = 2,  /* first bulk IN and OUT endpoint */
  PATELLA_TRANSPORT_SERIAL = 3 /* the kernel's tty of a USB serial bridge or CDC-ACM device */
};

/* Which devices a driver can take. A field of -1 matches anything. All given fields must match. */
typedef struct patella_match {
  uint32_t size;
  int32_t vendor;          /* USB vendor id */
  int32_t product;         /* USB product id */
  int32_t interface_class; /* bInterfaceClass, e.g. 3 = HID. HID and BULK only */
  int32_t usage_page;      /* HID: a usage page in the report descriptor, e.g. 0x8D weighing. HID only */
} patella_match;

/* How the port is set. Where the device's owner can choose its speed, the driver declares a CHOICE parameter with the
 * flag PATELLA_PARAM_LINE_SPEED; `baud` is then the speed of its preset. */
typedef struct patella_serial_settings {
  uint32_t size;
  uint32_t baud;
  uint8_t data_bits; /* 5…8 */
  uint8_t parity;    /* 0 none, 1 odd, 2 even */
  uint8_t stop_bits; /* 1 or 2 */
  uint8_t dtr;       /* 1 = raised at open (resets Arduino boards) */
} patella_serial_settings;

/* One thing the device measures. The index in the table is the `channel` of emit(). */
typedef struct patella_channel {
  uint32_t size;
  const char* key;        /* "cadence", "power", "heart_rate", "force", "distance", … (docs/plugins.md lists them) */
  const char* label;      /* "Cadence"; a message */
  const char* unit;       /* "rpm", "W", "bpm", "N", "m", "s"; "" for a state */
  double min, max;        /* inclusive; a sample outside is dropped by the host and counted as garbage */
  double nominal_rate_hz; /* what the maker states, 0 = only on change; nothing derives time from it */
  double stale_after_s;   /* a value older than this is shown as stale; > 0 */
  int32_t decimals;       /* how many a person is shown, 0…6. @since 1.1 */
  uint32_t reserved;      /* 0 */
} patella_channel;

enum patella_device_state {
  PATELLA_DEVICE_STARTING = 1, /* talking, no samples yet */
  PATELLA_DEVICE_LIVE = 2,     /* samples flow */
  PATELLA_DEVICE_NOTICE = 3,   /* works, but `text` says what staff should know (overload, battery low) */
  PATELLA_DEVICE_SILENT = 4,   /* does not answer; the driver is trying again. Before the first LIVE or NOTICE: nobody
                                  answers at all, which may be another product, or this one switched off */
  PATELLA_DEVICE_NOT_MINE = 5, /* what ANSWERED is another product: the host closes it and looks further. Final until the
                                  device is plugged in again, so never say it after mere silence */
  PATELLA_DEVICE_FAILED = 6    /* cannot work with this device; `text` says why and what to do */
};

/* Why the device is gone; passed to disconnected(). */
enum patella_disconnect_reason {
  PATELLA_DISCONNECT_UNPLUGGED = 1,
  PATELLA_DISCONNECT_CLOSED = 2 /* the host closes it in good order: a last write may still be queued */
};

/* Given to connected(); valid during that call. */
typedef struct patella_device_identity {
  uint32_t size;
  uint16_t vendor, product;
  const char* manufacturer; /* "" when the device does not say */
  const char* product_name;
  const char* serial;
  const char* port;                         /* "usb:1-2.3" or "tty:ttyUSB0@1-2.3": stable for one socket */
  uint32_t in_packet_size, out_packet_size; /* bytes; 0 for serial ports or when there is no OUT endpoint */
} patella_device_identity;

/* What the host offers. Valid from create() to the return of disconnected(). Call from inside a driver
 * function only [call]; write() and control() do something from connected() to disconnected() only. No member is NULL. Text and bytes passed in are copied before the call returns. */
typedef struct patella_device_host {
  uint32_t size;
  void* ctx; /* pass back as first argument */
  /* [call: connected] Queue bytes for the device. HID: one whole report as it goes over the wire, beginning with its id if the
   * device numbers its reports. Returns 0, or -1 when the queue (PATELLA_MAX_WRITES) is full, there is no OUT endpoint or
   * no device. Write errors show as disconnected() or not at all. */
  int32_t (*write)(void* ctx, const uint8_t* data, uint32_t length);
  /* [call: connected] Queue a control transfer (USB transports only). IN when bit 7 of request_type is set: then `data` is
   * NULL and `length` the room. The answer comes as control_done with the same tag. 0, or -1 when full. */
  int32_t (*control)(void* ctx, uint32_t tag, uint8_t request_type, uint8_t request, uint16_t value, uint16_t index,
                     const uint8_t* data, uint16_t length);
  /* [call: connected] One measured value. `t_us` is when it was measured, in the host's clock: at most the `t_us` of the
   * current call, never before connected() or an earlier sample of that channel: the `t_us` of the call, unless
   * the device's own clock tells better. `value` finite, in the channel's unit and range; what is not is dropped and
   * counted as garbage (sample_rules.hpp has these rules). At most PATELLA_MAX_SAMPLES_PER_SECOND of a channel. */
  void (*emit)(void* ctx, uint32_t channel, int64_t t_us, double value);
  /* [call: connected] Ask for one tick() at or soon after t_us; replaces the earlier wish. INT64_MAX = none. */
  void (*set_deadline)(void* ctx, int64_t t_us);
  /* [call: connected] Tell how it stands, once for each change. `text` is a message for staff, one sentence a line, ""
   * when there is nothing to say; at most PATELLA_MAX_STATUS_BYTES. LIVE with the first good sample, SILENT when the device stopped answering. */
  void (*status)(void* ctx, uint32_t state, const char* text);
  /* [call: connected] How a command() ended: ok = 1 or 0, `text` a message as of status(). Exactly once for each accepted command, from
   * inside command() or later; a silent device needs a time-out. `command` is the name that was accepted. */
  void (*command_done)(void* ctx, const char* command, int32_t ok, const char* text);
  /* [call: created, connected] One line of English for whoever looks after the machine. */
  void (*log)(void* ctx, uint32_t level, const char* text);
} patella_device_host;

typedef struct patella_device {
  uint32_t size;
  uint32_t transport; /* enum patella_transport */
  const patella_match* matches;
  uint32_t match_count;
  const patella_serial_settings* serial; /* SERIAL only, else NULL */
  const patella_channel* channels;
  uint32_t channel_count; /* at most PATELLA_MAX_CHANNELS */

  /* [any] A new instance, or NULL (after host->log said why). `host` outlives the instance. `values` hold each
   * declared parameter once. No device is there yet: write() fails. */
  void* (*create)(const patella_device_host* host, const patella_value* values, uint32_t value_count);
  /* [created, once] The device is open and claimed. Start talking. */
  void (*connected)(void* self, const patella_device_identity* identity, int64_t t_us);
  /* [connected] Bytes as they came: one report (its id first, if the device numbers them) or packet each call for HID and
   * BULK; any slice for SERIAL, also half a line or three. length >= 1. The same bytes in other slices must give
   * the same samples. */
  void (*received)(void* self, const uint8_t* data, uint32_t length, int64_t t_us);
  /* [connected] A control transfer ended. status 0 = ok, else a negative errno (-EPIPE: the device refused). May be NULL
   * when the driver never calls host->control. */
  void (*control_done)(void* self, uint32_t tag, int32_t status, const uint8_t* data, uint32_t length, int64_t t_us);
  /* [connected] The deadline asked for has come. */
  void (*tick)(void* self, int64_t t_us);
  /* [connected] "tare": make the present value zero. "identify": show which one you are, or which sensors are around (above).
   * `argument` is 0 for both. 0 = accepted, command_done follows; -1 = not known or not possible now, and no
   * command_done. May be NULL. */
  int32_t (*command)(void* self, const char* command, double argument, int64_t t_us);
  /* [connected, once] The device is gone. enum patella_disconnect_reason. After it no host function may be called. */
  void (*disconnected)(void* self, uint32_t reason, int64_t t_us);
  /* [created, not connected] The last call of an instance. */
  void (*destroy)(void* self);
} patella_device;

#ifdef __cplusplus
}
#endif
#endif
