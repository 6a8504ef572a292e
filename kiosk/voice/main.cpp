// patella-voice: text in, samples out. A process of its own: libespeak-ng is GPL-3, and when it crashes or hangs only this ends.
#include <espeak-ng/speak_lib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "sound/voice_wire.hpp"

namespace {

using namespace patella::sound;

constexpr int kSocket = STDIN_FILENO;
constexpr int kWordsPerMinute = 165;

/// The library hands its samples to a plain function; `user_data` of the first event is where they go.
int on_samples(short* samples, int count, espeak_EVENT* events) {
  auto& out = *static_cast<std::vector<int16_t>*>(events->user_data);
  if (samples == nullptr || count <= 0) return 0;
  out.insert(out.end(), samples, samples + count);
  return out.size() > kMaxVoiceSamples ? 1 : 0;
}

bool send_packet(const void* data, std::size_t size) {
  return send(kSocket, data, size, MSG_NOSIGNAL) == static_cast<ssize_t>(size);
}

bool send_reply(VoiceReply reply, const std::vector<int16_t>& samples) {
  reply.samples = static_cast<uint32_t>(samples.size());
  if (!send_packet(&reply, sizeof reply)) return false;
  for (std::size_t at = 0; at < samples.size(); at += kPacketSamples)
    if (!send_packet(samples.data() + at, std::min(kPacketSamples, samples.size() - at) * sizeof(int16_t))) return false;
  return true;
}

bool answer(const VoiceRequest& request, const std::string& text) {
  const std::string language(request.language, strnlen(request.language, sizeof request.language));
  // A refused name leaves the voice before it in force: French would be read in German.
  if (espeak_SetVoiceByName(language.c_str()) != EE_OK) return send_reply({request.number, VoiceReply::no_voice, 0}, {});
  std::vector<int16_t> samples;
  espeak_Synth(text.c_str(), text.size() + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, nullptr, &samples);
  samples.resize(std::min(samples.size(), kMaxVoiceSamples));
  return send_reply({request.number, VoiceReply::spoken, 0}, samples);
}

}  // namespace

int main() {
  setenv("PULSE_SERVER", "unix:/dev/null", 0);  // the library opens PulseAudio even when it only returns samples
  if (espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 20, nullptr, espeakINITIALIZE_DONT_EXIT) != kVoiceHz) _exit(3);
  espeak_SetSynthCallback(on_samples);
  espeak_SetParameter(espeakRATE, kWordsPerMinute, 0);
  std::vector<char> packet(sizeof(VoiceRequest) + kMaxSpokenBytes);
  for (;;) {
    const ssize_t size = recv(kSocket, packet.data(), packet.size(), 0);
    if (size < static_cast<ssize_t>(sizeof(VoiceRequest))) break;
    VoiceRequest request;
    std::memcpy(&request, packet.data(), sizeof request);
    if (!answer(request, std::string(packet.data() + sizeof request, packet.data() + size))) break;
  }
  _exit(0);  // never espeak_Terminate(): it can hang
}
