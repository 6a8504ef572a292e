#include "csafe.hpp"
#include "driver.hpp"
#include "fuzz_driver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto frame = patella::concept2_pm5::decode_report({data, size});
  if (!frame.contents.empty()) (void)patella::concept2_pm5::read_answer(frame.contents);
  // The checksum keeps nearly all inputs out: the contents are tried without it, too.
  (void)patella::concept2_pm5::read_answer({data, size});
  return patella::fuzz::Feeder<patella::concept2_pm5::Driver>().run({data, size});
}
