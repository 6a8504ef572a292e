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
 *    member counts only when it lies wholly inside `size`. A new major version is another interface id. In an array
 *    of tables all have the same size. A struct without `size` never grows; it says why.
 *  - A call returns within a few milliseconds. A child that does not come back for PATELLA_HANG_MS is ended.
 *
 * Each function of a table is tagged with the state of the instance in which it may be called:
 *   [any]        there need be no instance
 *   [created]    from the return of create() to destroy(), except inside of another call
 *   [connected]  drivers: after connected(), before disconnected()
 *   [call]       host functions: only from inside a call of the plugin, in the states that are named
 * @since 1.0 holds for what says nothing else.
 *
 * Installed as <libdir>/patella/plugins/<folder>/NAME.so with this file beside it:
 *
 *   [plugin]
 *   id = "org.example.counter"     # these three as in the entry table
 *   name = "Counter"
 *   version = "1.0.0"
 *   kind = "exercise"              # or "driver"
 *   abi = "1.1"
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
#define PATELLA_ABI_MINOR 1u

/* A child that does not come back from a call for so long, in milliseconds, is ended as hanging and started again. */
#define PATELLA_HANG_MS 300

/* The one symbol a plugin exports (data, not a function), and its visibility. */
#define PATELLA_ENTRY_SYMBOL "patella_entry"
#if defined(__GNUC__)
#define PATELLA_EXPORT __attribute__((visibility("default")))
#else
#define PATELLA_EXPORT
#endif

/* ---- texts that a person reads ----------------------------------------------------------------------- */

/* A text that a person reads (a driver's status, everything in a view, cues, labels, help) is a message: an English
 * sentence, in which what differs from time to time stands in braces. The kiosk says it in the reader's language.
 *
 *   Pull to {80 N}                  a number with its decimals as they are to be shown, a blank, its unit
 *   {12} of {20}                    numbers without a unit
 *   Rest {0:30}   {1:02:05}         a duration, m:ss or h:mm:ss
 *   {'Anna'} is waiting             a name: shown as it is, never translated; '' in it is one quote
 *   Next: {"Steady"}                words that a catalogue may have, such as the name of a phase; "" in it is one quote
 *   {3|{0} set|{0} sets} of {10}    a counted phrase: the number, the English singular, the English plural
 *   Not counted\nPull further       two sentences, shown one after the other: one a line
 *
 * In a number '.' is the decimal point and '-' the minus. The key into the catalogue is the sentence with {0}, {1}, … for
 * its arguments, in this order: "Pull to {0}", "{0} of {1}", and of a counted phrase the pair "{0} set", "{0} sets". So
 * never glue a sentence from pieces: a translation needs the whole. A text without braces is a message without
 * arguments; one whose braces do not fit the above (or that was cut within them) is shown as it stands.
 *
 * Mark a literal with PATELLA_TEXT, so that patella-plugin-texts finds it for the plugin's catalogues in locale/; in C++
 * message() in sdk.hpp marks its own. Logs stay English and need no mark. @since 1.1: a kiosk of 1.0 shows the braces. */
#define PATELLA_TEXT(literal) "" literal ""

/* ---- parameters: the physio's numbers, as data ------------------------------------------------------- */

enum patella_param_type {
  PATELLA_PARAM_INT = 1,
  PATELLA_PARAM_REAL = 2,
  PATELLA_PARAM_DURATION = 3, /* seconds, fractions allowed */
  PATELLA_PARAM_CHOICE = 4,   /* the number is an index into `choices` */
  PATELLA_PARAM_BOOL = 5,     /* 0 or 1 */
  PATELLA_PARAM_TEXT = 6,     /* a name in a row of ROWS, or a setting of its own, "" by default */
  PATELLA_PARAM_ROWS = 7      /* a list of rows, each with `columns` */
};

/* What else a parameter is. @since 1.1: a plugin of 1.0 says these by the spelling of a key (docs/plugins.md). */
enum patella_param_flag {
  PATELLA_PARAM_SECRET = 1,     /* TEXT of a driver: a secret of the site. Logs and exports keep only whether it is set */
  PATELLA_PARAM_LINE_SPEED = 2, /* CHOICE of a driver of a serial port: the choices are "baud_9600", "baud_57600", …, the host
                                 * opens the port at the one chosen, and `baud` of the serial settings is the preset */
  PATELLA_PARAM_ADVANCED = 4,   /* editors show it last, or when asked for */
  PATELLA_PARAM_OR_EQUAL = 8    /* with `less_than`: the two may also be equal */
};

/* One value handed to a plugin. No `size`: it is an element of long arrays, and 1.0 has it so. Scalars: row = -1, key as declared. Cells of a ROWS parameter: row = 0, 1, …
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
  const char* label;          /* what the physio reads; a message */
  const char* unit;           /* "s", "N", "rpm", "W", "bpm"; "" when it has none */
  const char* help;           /* one sentence; a message */
  double default_value;       /* also the default of a missing cell */
  double min, max, step;      /* inclusive; step 0 = any. For TEXT: max = longest length in bytes */
  const char* const* choices; /* CHOICE: keys, as written in a station file */
  uint32_t choice_count;
  const struct patella_param* columns; /* ROWS only */
  uint32_t column_count;
  const patella_value* default_rows; /* ROWS only: the list used when a file gives none */
  uint32_t default_row_value_count;
  uint32_t flags;        /* enum patella_param_flag, added up. @since 1.1 */
  const char* less_than; /* key of another parameter of the same table that has to be larger, unless that one is 0 (open).
                          * NULL = none. @since 1.1 */
  const char* group;     /* heading under which editors show it; NULL or "" = none. A message. @since 1.1 */
} patella_param;

/* ---- the entry table --------------------------------------------------------------------------------- */

typedef struct patella_plugin_entry {
  uint32_t size;
  uint16_t abi_major;  /* PATELLA_ABI_MAJOR */
  uint16_t abi_minor;  /* PATELLA_ABI_MINOR */
  const char* id;      /* reverse DNS, for ever the same: "org.patella.cycling" */
  const char* name;    /* shown to staff; a message */
  const char* version; /* "1.0.0" */
  const patella_param* params;
  uint32_t param_count;
  /* [any] The interface table of that id ("patella.device/1", "patella.exercise/1"), or NULL when this plugin has
   * none of it. May be called at any time, any number of times; always the same answer. */
  const void* (*get_interface)(const char* interface_id);
} patella_plugin_entry;

/* ---- log --------------------------------------------------------------------------------------------- */

enum patella_log_level { PATELLA_LOG_DEBUG = 1, PATELLA_LOG_INFO = 2, PATELLA_LOG_WARNING = 3, PATELLA_LOG_ERROR = 4 };

#ifdef __cplusplus
}
#endif
#endif
