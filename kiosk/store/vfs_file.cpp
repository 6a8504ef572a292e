#include "store/vfs_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <vector>

#include "store/sqlite_db.hpp"

namespace patella::store {

namespace {
constexpr int64_t kPiece = 65536;  // SQLite's own VFS takes less than 128 KiB at a time

sqlite3_vfs* find(const std::string& vfs) { return sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str()); }

/// As the VFS knows it; SQLite hands over nothing else.
std::string full_name(sqlite3_vfs* vfs, const std::filesystem::path& path) {
  std::string name(static_cast<std::size_t>(vfs->mxPathname) + 1, '\0');
  if ((vfs->xFullPathname(vfs, path.c_str(), static_cast<int>(name.size()), name.data()) & 0xFF) != SQLITE_OK)
    return path.string();
  name.resize(name.find('\0'));
  return name;
}

Error refused(int code, const std::filesystem::path& path) {
  return describe((code & 0xFF) == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR, sqlite3_errstr(code), path.string());
}
}  // namespace

struct VfsFile::Parts {
  std::filesystem::path path;
  sqlite3_filename name = nullptr;
  std::vector<char> memory;
  bool locked = false;
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory.data()); }
};

VfsFile::VfsFile(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

std::unique_ptr<VfsFile> VfsFile::open(const std::string& vfs, const std::filesystem::path& path, Kind kind, bool create) {
  sqlite3_vfs* system = find(vfs);
  if (!system || (!create && !vfs_exists(vfs, path))) return nullptr;
  auto parts = std::make_unique<Parts>();
  parts->path = path;
  const std::string full = full_name(system, path);
  const std::string database = kind == Kind::log && full.ends_with("-wal") ? full.substr(0, full.size() - 4) : full;
  parts->name = const_cast<sqlite3_filename>(sqlite3_create_filename(database.c_str(), "", full.c_str(), 0, nullptr));
  if (!parts->name) return nullptr;
  parts->memory.resize(static_cast<std::size_t>(system->szOsFile));
  const int flags =
      SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0) | (kind == Kind::log ? SQLITE_OPEN_WAL : SQLITE_OPEN_MAIN_DB);
  const char* name = kind == Kind::log ? sqlite3_filename_wal(parts->name) : parts->name;
  int given = 0;
  const int code = system->xOpen(system, name, parts->file(), flags, &given);
  if (code == SQLITE_OK && (given & SQLITE_OPEN_READONLY) == 0) return std::unique_ptr<VfsFile>(new VfsFile(std::move(parts)));
  if (parts->file()->pMethods) parts->file()->pMethods->xClose(parts->file());
  sqlite3_free_filename(parts->name);
  return nullptr;
}

VfsFile::~VfsFile() {
  if (parts_->locked) parts_->file()->pMethods->xUnlock(parts_->file(), SQLITE_LOCK_NONE);
  parts_->file()->pMethods->xClose(parts_->file());
  sqlite3_free_filename(parts_->name);
}

bool VfsFile::lock() {
  for (const int level : {SQLITE_LOCK_SHARED, SQLITE_LOCK_RESERVED, SQLITE_LOCK_EXCLUSIVE}) {
    if (parts_->file()->pMethods->xLock(parts_->file(), level) != SQLITE_OK) return false;
    parts_->locked = true;
  }
  return true;
}

std::optional<int64_t> VfsFile::size() {
  sqlite3_int64 size = 0;
  if (parts_->file()->pMethods->xFileSize(parts_->file(), &size) != SQLITE_OK) return std::nullopt;
  return size;
}

std::optional<std::string> VfsFile::read(int64_t offset, int64_t wanted) {
  const std::optional<int64_t> all = size();
  if (!all) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(std::clamp<int64_t>(*all - offset, 0, wanted)), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t part = std::min(bytes.size() - at, static_cast<std::size_t>(kPiece));
    const int code = parts_->file()->pMethods->xRead(parts_->file(), bytes.data() + at, static_cast<int>(part),
                                                     offset + static_cast<int64_t>(at));
    if (code != SQLITE_OK) return std::nullopt;
    at += part;
  }
  return bytes;
}

Status VfsFile::write(int64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, static_cast<std::size_t>(kPiece));
    const int code = parts_->file()->pMethods->xWrite(parts_->file(), part.data(), static_cast<int>(part.size()), offset);
    if (code != SQLITE_OK) return refused(code, parts_->path);
    offset += static_cast<int64_t>(part.size());
    bytes.remove_prefix(part.size());
  }
  return {};
}

Status VfsFile::truncate(int64_t size) {
  const int code = parts_->file()->pMethods->xTruncate(parts_->file(), size);
  return code == SQLITE_OK ? Status() : Status(refused(code, parts_->path));
}

Status VfsFile::sync() {
  const int code = parts_->file()->pMethods->xSync(parts_->file(), SQLITE_SYNC_FULL);
  return code == SQLITE_OK ? Status() : Status(refused(code, parts_->path));
}

bool vfs_exists(const std::string& vfs, const std::filesystem::path& path) {
  sqlite3_vfs* system = find(vfs);
  int there = 0;
  return system && system->xAccess(system, full_name(system, path).c_str(), SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK &&
         there != 0;
}

void vfs_delete(const std::string& vfs, const std::filesystem::path& path) {
  if (sqlite3_vfs* system = find(vfs)) (void)system->xDelete(system, full_name(system, path).c_str(), 1);
}

Status vfs_copy(const std::string& vfs, const std::filesystem::path& from, const std::filesystem::path& to, VfsFile::Kind kind) {
  const auto source = VfsFile::open(vfs, from, kind, false);
  const auto target = source ? VfsFile::open(vfs, to, kind, true) : nullptr;
  if (!target) return Error{"a copy cannot be made", to.string(), "Check the folder, its permissions and the free space"};
  for (int64_t at = 0;;) {
    const auto piece = source->read(at, kPiece);
    if (!piece) return Error{"cannot be read", from.string(), "Check the disk"};
    if (piece->empty()) return target->sync();
    if (Status done = target->write(at, *piece); !done) return done;
    at += static_cast<int64_t>(piece->size());
  }
}

}  // namespace patella::store
