#include "sound/voice.hpp"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace patella::sound {
namespace {

int64_t monotonic_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

int64_t back_off_us(int failures) { return failures <= 1 ? 250'000 : failures == 2 ? 1'000'000 : 4'000'000; }

}  // namespace

bool Voice::start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
  socket_.reset(ends[0]);
  const UniqueFd theirs(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDIN_FILENO);
  std::string name = program_.string();
  char* arguments[] = {name.data(), nullptr};
  const int error = posix_spawn(&pid_, name.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return true;
  pid_ = 0;
  socket_.reset();
  return false;
}

void Voice::end() {
  socket_.reset();
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);  // it holds nothing worth keeping
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

Voice::Spoken Voice::failed(VoiceFailure why, int64_t now_us) {
  end();
  again_us_ = now_us + back_off_us(++failures_);
  return {{}, why};
}

VoiceFailure Voice::receive(void* to, std::size_t size, int64_t until_ms) {
  for (;;) {
    pollfd waits{socket_.get(), POLLIN, 0};
    const int ready = poll(&waits, 1, static_cast<int>(std::max<int64_t>(0, until_ms - monotonic_ms())));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return VoiceFailure::hung;
    const ssize_t got = recv(socket_.get(), to, size, MSG_DONTWAIT | MSG_TRUNC);
    return got == static_cast<ssize_t>(size) ? VoiceFailure::none : VoiceFailure::gone;
  }
}

Voice::Spoken Voice::speak(const std::string& language, const std::string& text, int64_t now_us) {
  if (pid_ == 0) {
    if (now_us < again_us_) return {{}, VoiceFailure::waiting};
    if (!start()) return failed(VoiceFailure::gone, now_us);
  }
  VoiceRequest request;
  request.number = ++number_;
  language.copy(request.language, sizeof request.language - 1);
  std::string packet(reinterpret_cast<const char*>(&request), sizeof request);
  packet.append(text, 0, kMaxSpokenBytes);
  if (send(socket_.get(), packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    return failed(VoiceFailure::gone, now_us);

  const int64_t until_ms = monotonic_ms() + kPatience_ms;
  VoiceReply reply;
  if (const VoiceFailure why = receive(&reply, sizeof reply, until_ms); why != VoiceFailure::none) return failed(why, now_us);
  if (reply.number != request.number || reply.samples > kMaxVoiceSamples) return failed(VoiceFailure::gone, now_us);
  Spoken spoken;
  spoken.samples.resize(reply.samples);
  for (std::size_t at = 0; at < spoken.samples.size(); at += kPacketSamples) {
    const std::size_t count = std::min(kPacketSamples, spoken.samples.size() - at);
    const VoiceFailure why = receive(spoken.samples.data() + at, count * sizeof(int16_t), until_ms);
    if (why != VoiceFailure::none) return failed(why, now_us);
  }
  failures_ = 0;
  if (reply.status == VoiceReply::no_voice) spoken.failure = VoiceFailure::no_voice;
  return spoken;
}

}  // namespace patella::sound
