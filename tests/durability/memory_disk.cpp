#include "memory_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace patella::test {

namespace {
constexpr std::size_t kSector = 512;

void apply_write(std::string& bytes, int64_t offset, std::string_view data) {
  const std::size_t at = static_cast<std::size_t>(offset);
  if (bytes.size() < at + data.size()) bytes.resize(at + data.size(), '\0');
  std::memcpy(bytes.data() + at, data.data(), data.size());
}

void apply_op(std::string& bytes, const DiskOp& op) {
  if (op.kind == DiskOp::Kind::truncate)
    bytes.resize(static_cast<std::size_t>(op.offset), '\0');
  else
    apply_write(bytes, op.offset, op.bytes);
}

void apply_torn(std::string& bytes, const DiskOp& op, std::mt19937_64& random) {
  if (op.kind == DiskOp::Kind::truncate) {
    if (random() % 2 == 0) apply_op(bytes, op);
    return;
  }
  for (std::size_t at = 0; at < op.bytes.size(); at += kSector)
    if (random() % 2 == 0)
      apply_write(bytes, op.offset + static_cast<int64_t>(at), std::string_view(op.bytes).substr(at, kSector));
}

struct Handle {
  sqlite3_file base;
  MemoryDisk* disk;
  std::shared_ptr<MemoryDisk::File>* file;
};

Handle& of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

int close_file(sqlite3_file* file) {
  delete of(file).file;
  of(file).file = nullptr;
  return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  const std::string& bytes = (*of(file).file)->bytes;
  const std::size_t want = static_cast<std::size_t>(amount), at = static_cast<std::size_t>(offset);
  const std::size_t have = at < bytes.size() ? std::min(want, bytes.size() - at) : 0;
  std::memcpy(out, bytes.data() + (have > 0 ? at : 0), have);
  if (have == want) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + have, 0, want - have);
  return SQLITE_IOERR_SHORT_READ;
}

bool strikes(int64_t& count) { return count >= 0 && count-- == 0; }

int write_file(sqlite3_file* file, const void* data, int amount, sqlite3_int64 offset) {
  MemoryDisk& disk = *of(file).disk;
  MemoryDisk::File& target = **of(file).file;
  if (disk.read_only) return SQLITE_READONLY;
  if (disk.all_fail || strikes(disk.writes_until_error)) return SQLITE_IOERR_WRITE;
  const int64_t growth = std::max<int64_t>(0, offset + amount - static_cast<int64_t>(target.bytes.size()));
  if (disk.capacity >= 0 && growth > 0 && disk.used() + growth > disk.capacity) return SQLITE_FULL;
  DiskOp op{DiskOp::Kind::write, target.number, "", offset,
            std::string(static_cast<const char*>(data), static_cast<std::size_t>(amount))};
  apply_op(target.bytes, op);
  disk.note(std::move(op));
  return SQLITE_OK;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  MemoryDisk& disk = *of(file).disk;
  if (disk.read_only) return SQLITE_READONLY;
  if (disk.all_fail) return SQLITE_IOERR_TRUNCATE;
  DiskOp op{DiskOp::Kind::truncate, (*of(file).file)->number, "", size, ""};
  apply_op((*of(file).file)->bytes, op);
  disk.note(std::move(op));
  return SQLITE_OK;
}

int sync_file(sqlite3_file* file, int) {
  MemoryDisk& disk = *of(file).disk;
  const bool fails = disk.all_fail || strikes(disk.syncs_until_error);
  if (fails && --disk.syncs_in_error > 0) disk.syncs_until_error = 0;
  disk.note({fails ? DiskOp::Kind::failed_sync : DiskOp::Kind::sync, (*of(file).file)->number, "", 0, ""});
  return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

int size_of(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>((*of(file).file)->bytes.size());
  return SQLITE_OK;
}

int lock(sqlite3_file*, int) { return SQLITE_OK; }
int reserved(sqlite3_file*, int* out) {
  *out = 0;
  return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector(sqlite3_file*) { return 4096; }
int character(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods kMethods{1,       close_file, read_file, write_file, truncate_file, sync_file, size_of,
                                  lock,    lock,       reserved,  control,    sector,        character, nullptr,
                                  nullptr, nullptr,    nullptr,   nullptr,    nullptr};

MemoryDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<MemoryDisk*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  MemoryDisk& disk = disk_of(vfs);
  of(file).base.pMethods = nullptr;
  std::shared_ptr<MemoryDisk::File> found;
  if (!name) {
    found = std::make_shared<MemoryDisk::File>();
  } else if (const auto known = disk.files.find(name); known != disk.files.end()) {
    found = known->second;
  } else {
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    if (disk.read_only) return SQLITE_READONLY;
    found = disk.make_file(name);
  }
  of(file).disk = &disk;
  of(file).file = new std::shared_ptr<MemoryDisk::File>(std::move(found));
  of(file).base.pMethods = &kMethods;
  if (out_flags) *out_flags = flags;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  MemoryDisk& disk = disk_of(vfs);
  const auto known = disk.files.find(name);
  if (known == disk.files.end()) return SQLITE_IOERR_DELETE_NOENT;
  if (disk.read_only || disk.all_fail) return SQLITE_IOERR_DELETE;
  disk.note({DiskOp::Kind::remove, known->second->number, name, 0, ""});
  disk.files.erase(known);
  if (sync_folder != 0) disk.note({DiskOp::Kind::sync_folder, 0, "", 0, ""});
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int, int* out) {
  *out = disk_of(vfs).files.count(name) != 0 ? 1 : 0;
  return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

sqlite3_vfs* system_vfs() { return sqlite3_vfs_find(nullptr); }
int randomness(sqlite3_vfs*, int size, char* out) { return system_vfs()->xRandomness(system_vfs(), size, out); }
int sleep_us(sqlite3_vfs*, int) { return SQLITE_OK; }
int time_now(sqlite3_vfs*, double* out) { return system_vfs()->xCurrentTime(system_vfs(), out); }
int last_error(sqlite3_vfs*, int, char*) { return 0; }
}  // namespace

struct MemoryDisk::Vfs {
  sqlite3_vfs table{};
};

MemoryDisk::MemoryDisk() : vfs_(std::make_unique<Vfs>()) {
  vfs_name_ = "memory_disk_" + std::to_string(reinterpret_cast<uintptr_t>(this));
  sqlite3_vfs& table = vfs_->table;
  table.iVersion = 1;
  table.szOsFile = sizeof(Handle);
  table.mxPathname = 512;
  table.zName = vfs_name_.c_str();
  table.pAppData = this;
  table.xOpen = open_file;
  table.xDelete = delete_file;
  table.xAccess = access_file;
  table.xFullPathname = full_name;
  table.xRandomness = randomness;
  table.xSleep = sleep_us;
  table.xCurrentTime = time_now;
  table.xGetLastError = last_error;
  if (sqlite3_vfs_register(&table, 0) != SQLITE_OK) throw std::runtime_error("the VFS cannot be registered");
}

MemoryDisk::~MemoryDisk() { sqlite3_vfs_unregister(&vfs_->table); }

std::shared_ptr<MemoryDisk::File> MemoryDisk::make_file(const std::string& name) {
  auto file = std::make_shared<File>();
  file->number = next_file_++;
  note({DiskOp::Kind::create, file->number, name, 0, ""});
  files[name] = file;
  return file;
}

void MemoryDisk::note(DiskOp op) {
  if (!recording || op.file == 0) {
    if (!recording || op.kind != DiskOp::Kind::sync_folder) return;
  }
  if (lying && (op.kind == DiskOp::Kind::sync || op.kind == DiskOp::Kind::sync_folder)) return;
  log.push_back(std::move(op));
}

int64_t MemoryDisk::used() const {
  int64_t sum = 0;
  for (const auto& [name, file] : files) sum += static_cast<int64_t>(file->bytes.size());
  return sum;
}

namespace {
void apply_name(std::map<std::string, int>& names, const DiskOp& op) {
  if (op.kind == DiskOp::Kind::create) names[op.name] = op.file;
  // A name that was used again since is the new file's.
  if (op.kind != DiskOp::Kind::remove) return;
  if (const auto known = names.find(op.name); known != names.end() && known->second == op.file) names.erase(known);
}
}  // namespace

void CutDisk::settle_names(int only_file) {
  std::string name;
  std::size_t before = 0;  // what happened to the same name earlier is settled with it
  for (std::size_t i = 0; i < waiting_names_.size(); ++i) {
    if (waiting_names_[i]->file != only_file) continue;
    name = waiting_names_[i]->name;
    before = i + 1;
  }
  std::size_t at = 0;
  std::erase_if(waiting_names_, [&](const DiskOp* op) {
    if (only_file != 0 && (at++ >= before || op->name != name)) return false;
    apply_name(names_, *op);
    return true;
  });
}

void CutDisk::advance(std::size_t point) {
  for (; at_ < point && at_ < log_.size(); ++at_) {
    const DiskOp& op = log_[at_];
    OnDisk& file = on_disk_[op.file];
    switch (op.kind) {
      case DiskOp::Kind::create:
      case DiskOp::Kind::remove:
        waiting_names_.push_back(&op);
        break;
      case DiskOp::Kind::write:
      case DiskOp::Kind::truncate:
        file.waiting.push_back(&op);
        break;
      case DiskOp::Kind::sync:
        for (const DiskOp* waiting : file.waiting) apply_op(file.bytes, *waiting);
        file.waiting.clear();
        if (!file.named) settle_names(op.file);
        file.named = true;
        break;
      case DiskOp::Kind::failed_sync:  // the kernel forgets the data it could not write; sizes are in the journal
        std::erase_if(file.waiting, [](const DiskOp* waiting) { return waiting->kind == DiskOp::Kind::write; });
        break;
      case DiskOp::Kind::sync_folder:
        settle_names(0);
        break;
    }
  }
}

void CutDisk::rebuild(Survives what, std::mt19937_64& random, MemoryDisk& disk) const {
  std::map<std::string, int> names = names_;
  for (const DiskOp* op : waiting_names_)
    if (what == Survives::all || (what != Survives::none && random() % 2 == 0)) apply_name(names, *op);
  disk.files.clear();
  for (const auto& [name, number] : names) {
    const OnDisk& file = on_disk_.at(number);
    auto made = std::make_shared<MemoryDisk::File>();
    made->number = number;
    made->bytes = file.bytes;
    const std::size_t kept = what == Survives::beginning ? random() % (file.waiting.size() + 1) : file.waiting.size();
    for (std::size_t i = 0; i < kept && what != Survives::none; ++i) {
      if (what == Survives::choice && random() % 2 == 0) continue;
      if (what == Survives::torn)
        apply_torn(made->bytes, *file.waiting[i], random);
      else
        apply_op(made->bytes, *file.waiting[i]);
    }
    disk.files[name] = std::move(made);
  }
}

}  // namespace patella::test
