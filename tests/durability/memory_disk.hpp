// A disk in memory under SQLite: it records every write, cut, sync, creation and deletion, can fail like a real one, and
// rebuilds what a power cut may leave behind.
//
// What a cut may leave of a file: everything up to its last good sync, plus all, none, a beginning, a random choice or
// torn 512-byte sectors of what was written since. Names: a creation is on the disk for sure with the first sync of the
// file, a deletion only when it asked for a sync of the folder; of the others any may be there, each for itself. This is
// stricter than most file systems: a deletion can be undone though a later creation stands.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace patella::test {

struct DiskOp {
  enum class Kind : uint8_t { create = 1, write, truncate, sync, failed_sync, remove, sync_folder };
  Kind kind = Kind::write;
  int file = 0;        ///< number of the file, not its name: a name can be used again
  std::string name;    ///< create, remove
  int64_t offset = 0;  ///< write; of truncate the new size
  std::string bytes;   ///< write
};

class MemoryDisk {
 public:
  /// Registers itself as an SQLite VFS under vfs_name(); one disk, one thread.
  MemoryDisk();
  ~MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;
  const std::string& vfs_name() const { return vfs_name_; }

  struct File {
    int number = 0;
    std::string bytes;
  };
  std::map<std::string, std::shared_ptr<File>> files;  ///< as a program sees them

  bool recording = false;
  std::vector<DiskOp> log;

  // Faults. The next operations fail once the count has run down to 0; −1 = never.
  int64_t capacity = -1;            ///< bytes over all files; more is SQLITE_FULL
  int64_t writes_until_error = -1;  ///< EIO of one write, then well again
  int64_t syncs_until_error = -1;   ///< EIO of a sync; what it should have brought to the disk is lost there
  int64_t syncs_in_error = 1;       ///< so many in a row
  bool read_only = false;
  bool all_fail = false;  ///< every write and sync is EIO
  bool lying = false;     ///< recorded syncs are none

  std::shared_ptr<File> make_file(const std::string& name);
  void note(DiskOp op);
  int64_t used() const;

 private:
  struct Vfs;
  std::unique_ptr<Vfs> vfs_;
  std::string vfs_name_;
  int next_file_ = 1;
};

/// Walks along a recorded log and rebuilds what a cut at that point may leave.
class CutDisk {
 public:
  explicit CutDisk(const std::vector<DiskOp>& log) : log_(log) {}
  /// Applies the log up to (not including) operation `point`; points must not go back.
  void advance(std::size_t point);
  enum class Survives { all = 0, none, beginning, choice, torn };
  static constexpr int kWays = 5;
  /// Puts one possible disk into `disk.files`.
  void rebuild(Survives what, std::mt19937_64& random, MemoryDisk& disk) const;

 private:
  struct OnDisk {
    std::string bytes;                   ///< what is surely there
    std::vector<const DiskOp*> waiting;  ///< written since the last sync
    bool named = false;                  ///< its name is surely there
  };
  void settle_names(int only_file);  ///< 0 = of all files

  const std::vector<DiskOp>& log_;
  std::size_t at_ = 0;
  std::map<int, OnDisk> on_disk_;
  std::map<std::string, int> names_;
  std::vector<const DiskOp*> waiting_names_;
};

}  // namespace patella::test
