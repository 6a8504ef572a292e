#include "ui/fingerprint.hpp"

#include <cstring>

namespace patella::ui {
namespace {

/// Each word changes all bits that follow (the finaliser of splitmix64).
struct Print {
  uint64_t value = 0x9E3779B97F4A7C15u;

  void add_word(uint64_t word) {
    value ^= word;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    value ^= value >> 31;
  }
  void add(const void* bytes, std::size_t size) {
    const char* at = static_cast<const char*>(bytes);
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t), at += sizeof(uint64_t)) {
      uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      add_word(word);
    }
    uint64_t rest = 0;
    std::memcpy(&rest, at, size);
    add_word(rest << 8 | size);
  }
  template <class T>
  void add(const T& plain) {
    add(&plain, sizeof plain);
  }
};

}  // namespace

uint64_t fingerprint(const ImDrawData& picture) {
  Print print;
  print.add(picture.DisplayPos);
  print.add(picture.DisplaySize);
  print.add(picture.FramebufferScale);
  for (int i = 0; i < picture.CmdListsCount; ++i) {
    const ImDrawList& list = *picture.CmdLists[i];
    print.add(list.VtxBuffer.Data, static_cast<std::size_t>(list.VtxBuffer.Size) * sizeof(ImDrawVert));
    print.add(list.IdxBuffer.Data, static_cast<std::size_t>(list.IdxBuffer.Size) * sizeof(ImDrawIdx));
    for (const ImDrawCmd& command : list.CmdBuffer) {
      print.add(command.ClipRect);
      print.add(command.GetTexID());
      print.add_word(uint64_t{command.VtxOffset} << 32 | command.IdxOffset);
      print.add_word(command.ElemCount);
    }
  }
  return print.value;
}

}  // namespace patella::ui
