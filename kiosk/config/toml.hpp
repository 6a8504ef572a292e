// The TOML parser, under one name in all versions Debian has.
#pragma once
#include <toml++/toml.h>
