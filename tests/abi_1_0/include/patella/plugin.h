/* Patella plugin SDK: what every plugin, driver or exercise module, shares. C11, C++17, C++20.
 *
 * A plugin is one shared library with exactly one exported symbol, `patella_entry` (below), and a
 * `plugin.toml` beside it from which the kiosk judges it without loading it. A library is loaded once, in
 * a child process of its own (patella-plugin-host), is never unloaded, and is called from one thread only.
 *
 * Rules that hold for every function of every table:
 *  - Strings are UTF-8 and end in NUL. A pointer passed in is valid during the call only; a pointer in a
 *    const table is valid for the life of the process.
 *  - Nothing allocated on one side is freed on the other.
 *  - No function may block, open a file or socket, start a thread, read a clock, the locale, the
 *    environment or a random source: time and randomness come in through the interface. The child process
 *    is confined, and a plugin that tries is ended.
 *  - C++ exceptions must not leave the plugin. The wrapper in sdk.hpp sees to it.
 *  - Time is int64 microseconds of one monotonic clock whose zero means nothing.
 *  - Memory: the child has 256 MiB of address space. Allocate freely at create(), with a limit afterwards.
 *  - A table starts with its `size` in bytes, set by whoever fills it. Minor versions append members; a
 *    member counts only when it lies wholly inside `size`. A new major version is another interface id.
 *
 * Installed as <libdir>/patella/plugins/<folder>/NAME.so with this file beside it:
 *
 *   [plugin]
 *   id = "org.example.counter"     # these three as in the entry table
 *   name = "Counter"
 *   version = "1.0.0"
 *   kind = "exercise"              # or "driver"
 *   abi = "1.0"
 *   library = "counter.so"
 *   [device]                       # drivers only; as in the patella_device table
 *   transport = "serial"           # "hid", "bulk" or "serial"
 *   matches = [{ vendor = 0x1a86, product = 0x7523 }]   # also interface_class, usage_page
 *   sensors = [{ kind = 121, param = "speed_cadence" }] # only of wireless sensors: see device.h
 *
 * Build with -fvisibility=hidden -ffp-contract=off; patella_add_plugin() of the CMake package does it. Before
 * shipping run patella-plugin-check NAME.so, which tries every rule in these headers.
 */
#ifndef PATELLA_PLUGIN_H
#define PATELLA_PLUGIN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A plugin of another major version is refused in words. A higher minor version is accepted. */
#define PATELLA_ABI_MAJOR 1u
#define PATELLA_ABI_MINOR 0u

/* The one symbol a plugin exports (data, not a function), and its visibility. */
#define PATELLA_ENTRY_SYMBOL "patella_entry"
#if defined(__GNUC__)
#define PATELLA_EXPORT __attribute__((visibility("default")))
#else
#define PATELLA_EXPORT
#endif

/* ---- parameters: the physio's numbers, as data ------------------------------------------------------- */

enum patella_param_type {
  PATELLA_PARAM_INT = 1,
  PATELLA_PARAM_REAL = 2,
  PATELLA_PARAM_DURATION = 3, /* seconds, fractions allowed */
  PATELLA_PARAM_CHOICE = 4,   /* the number is an index into `choices` */
  PATELLA_PARAM_BOOL = 5,     /* 0 or 1 */
  PATELLA_PARAM_TEXT = 6,     /* a name in a row of ROWS, or a setting of its own, "" by default. One whose key ends
                               * in "_key", of a driver, is a secret of the site: the session log keeps only whether
                               * it is set. Of an exercise every value is in the log, which can replay it */
  PATELLA_PARAM_ROWS = 7      /* a list of rows, each with `columns` */
};

/* One value handed to a plugin. Scalars: row = -1, key as declared. Cells of a ROWS parameter: row = 0, 1, …
 * and key = "<list>.<column>", for example "phases.duration_s". `text` is NULL unless the type is TEXT. */
typedef struct patella_value {
  const char* key;
  int32_t row;
  double number;
  const char* text;
} patella_value;

/* One declared parameter. From it come the check of a station file, the physio's editor and the docs. */
typedef struct patella_param {
  uint32_t size;
  uint32_t type;              /* enum patella_param_type */
  const char* key;            /* lower_snake_case with the unit in the name: rest_s, force_low_n */
  const char* label;          /* what the physio reads */
  const char* unit;           /* "s", "N", "rpm", "W", "bpm"; "" when it has none */
  const char* help;           /* one sentence */
  double default_value;       /* also the default of a missing cell */
  double min, max, step;      /* inclusive; step 0 = any. For TEXT: max = longest length in bytes */
  const char* const* choices; /* CHOICE: keys, as written in a station file */
  uint32_t choice_count;
  const struct patella_param* columns; /* ROWS only */
  uint32_t column_count;
  const patella_value* default_rows; /* ROWS only: the list used when a file gives none */
  uint32_t default_row_value_count;
} patella_param;

/* ---- the entry table --------------------------------------------------------------------------------- */

typedef struct patella_plugin_entry {
  uint32_t size;
  uint16_t abi_major;  /* PATELLA_ABI_MAJOR */
  uint16_t abi_minor;  /* PATELLA_ABI_MINOR */
  const char* id;      /* reverse DNS, for ever the same: "org.patella.cycling" */
  const char* name;    /* shown to staff */
  const char* version; /* "1.0.0" */
  const patella_param* params;
  uint32_t param_count;
  /* The interface table of that id ("patella.device/1", "patella.exercise/1"), or NULL when this plugin has
   * none of it. May be called at any time, any number of times; always the same answer. */
  const void* (*get_interface)(const char* interface_id);
} patella_plugin_entry;

/* ---- log --------------------------------------------------------------------------------------------- */

enum patella_log_level { PATELLA_LOG_DEBUG = 1, PATELLA_LOG_INFO = 2, PATELLA_LOG_WARNING = 3, PATELLA_LOG_ERROR = 4 };

#ifdef __cplusplus
}
#endif
#endif
