#include <cstdlib>

#include "transport/hid_descriptor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto facts = patella::transport::read_report_descriptor({data, size});
  if (facts.longest_input_bytes > 65536 || facts.usage_pages.size() > size) std::abort();
  return 0;
}
