#include <cstdlib>

#include "calm_module.hpp"

struct Unset : fixture::CalmModule {
  using CalmModule::CalmModule;
  ~Unset() { std::free(const_cast<unsigned char*>(bytes_)); }
  void on_tick(int64_t t_us) {
    if (t_us == 10'000'000) host_.metric("garbage", "", bytes_[3000]);
    CalmModule::on_tick(t_us);
  }
  volatile unsigned char* bytes_ = static_cast<volatile unsigned char*>(std::malloc(4000));
};
FIXTURE_MODULE(Unset)
