// What plugins' children have printed, kept in a file: a plugin whose library is unchanged is not asked again at the next start.
//
// An answer is kept under the whole question, and a mark of everything that could answer it otherwise: this program, the host
// program, the list of the system's libraries, and each file in the plugin's folder (a child may read no others while it loads, where
// the kernel has Landlock; without it, a plugin that takes its answer from elsewhere is asked again only after a change here). The
// mark of a file is device, inode, size, and the times of its last write and last change to the nanosecond. The last one is
// the kernel's: no program can set it, whatever it does to the others. A folder in which something changed within the last two
// seconds gives no mark, since two changes within one tick of the kernel's clock have the same time.
//
// It is no way around a check. Nothing in it is run; which plugins there are, and whether somebody else could change them, is looked at
// before it is asked (trusted_file.hpp); what it says is judged by the same code as what a child prints, and asked again when that
// finds a fault. A file that is not the kiosk's alone, is cut off, damaged or of another form counts as empty. Its checksum is
// against disks, not against people: whoever can write as the kiosk's user needs no cache to be believed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace patella::plugin_link {

/// Any thread.
class AnswerCache {
 public:
  static constexpr int64_t kQuietUs = 2'000'000;  ///< a mark says nothing of files that changed more lately

  /// Reads `file` (at most 16 MiB). `host_program`: who would be asked. `quiet_us`: for tests.
  AnswerCache(std::filesystem::path file, const std::filesystem::path& host_program, int64_t quiet_us = kQuietUs);

  struct Question {
    std::string option;             ///< of the host program: "--describe"
    std::filesystem::path library;  ///< of the plugin
    std::string input;              ///< what the child would read
  };
  /// Taken before the child is asked, so that what is changed meanwhile is asked again. "" = the answer must not be kept.
  std::string mark_of(const std::filesystem::path& library) const;

  /// What was printed last time, when the mark is still the same.
  std::optional<std::string> find(const Question& question, const std::string& mark);
  /// An answer that was found good. Nothing for the mark "".
  void keep(const Question& question, const std::string& mark, const std::string& printed);

  /// Writes what was found or kept since this was made, and forgets the rest; nothing when the file holds just that. Error: the disk;
  /// then all is asked again next time.
  Status save();

 private:
  struct Answer {
    std::string mark, printed;
    bool used = false;
  };
  static std::string name_of(const Question& question);
  std::string mark_of_file(const std::filesystem::path& file) const;
  void read();

  std::filesystem::path file_;
  int64_t quiet_us_ = kQuietUs;
  std::string programs_;  ///< marks of what is the same for all; "" = nothing is kept
  std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  bool changed_ = false;
};

}  // namespace patella::plugin_link
