#include "store/audit.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

namespace patella::store {

namespace {
std::string chained(const std::string& previous, int64_t number, const AuditEntry& entry) {
  std::string text = fmt::format("{};{};", number, entry.utc_us);
  for (const std::string* part : {&previous, &entry.actor, &entry.action, &entry.subject, &entry.detail})
    text += fmt::format("{}:{};", part->size(), *part);
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return {hash.begin(), hash.end()};
}

std::string head_text(int64_t number, const std::string& hash) {
  std::string text = fmt::format("{} ", number);
  for (const char c : hash) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

// The chain alone cannot show that its last rows are gone; their number and hash are kept beside it.
constexpr const char* kReadHead = "SELECT value FROM meta WHERE key='audit_head'";

Status write_head(Db& db, int64_t number, const std::string& hash) {
  Result<Statement> change =
      db.prepare("INSERT OR REPLACE INTO meta(key,value,crc32c) VALUES('audit_head',?1,row_crc('audit_head',?1))");
  if (!change) return change.error();
  return change->bind(1, head_text(number, hash)).run();
}
}  // namespace

Status insert_audit(Db& db, const std::vector<AuditEntry>& entries) {
  if (entries.empty()) return {};
  Result<Statement> last = db.prepare("SELECT number,hash FROM audit ORDER BY number DESC LIMIT 1");
  if (!last) return last.error();
  const Result<bool> row = last->step();
  if (!row) return row.error();
  int64_t number = *row ? last->integer(0) : 0;
  std::string hash = *row ? last->text(1) : std::string();
  last->reset();
  Result<Statement> add_row = db.prepare("INSERT INTO audit VALUES(?,?,?,?,?,?,?)");
  if (!add_row) return add_row.error();
  for (const AuditEntry& entry : entries) {
    hash = chained(hash, ++number, entry);
    add_row->bind(1, number).bind(2, entry.utc_us).bind(3, entry.actor).bind(4, entry.action);
    add_row->bind(5, entry.subject).bind(6, entry.detail).bind_blob(7, hash);
    if (Status done = add_row->run(); !done) return done;
  }
  return write_head(db, number, hash);
}

Result<std::vector<AuditEntry>> read_audit(Db& db) {
  Result<Statement> query = db.prepare("SELECT number,utc_us,actor,action,subject,detail,hash FROM audit ORDER BY number");
  if (!query) return query.error();
  std::vector<AuditEntry> entries;
  std::string hash;
  for (;;) {
    const Result<bool> row = query->step();
    if (!row) return row.error();
    if (!*row) break;
    AuditEntry entry{query->integer(1), query->text(2), query->text(3), query->text(4), query->text(5)};
    const int64_t number = static_cast<int64_t>(entries.size()) + 1;
    hash = chained(hash, number, entry);
    if (query->integer(0) != number || query->text(6) != hash)
      return Error{fmt::format("the audit's chain is broken at row {}", number), "audit", "Keep the file and tell the operator"};
    entries.push_back(std::move(entry));
  }
  const Result<std::string> head = db.text(kReadHead);
  if (!head) return head.error();
  if (!entries.empty() || !head->empty()) {
    if (*head != head_text(static_cast<int64_t>(entries.size()), hash))
      return Error{"the audit's last rows are missing or changed", "audit", "Keep the file and tell the operator"};
  }
  return entries;
}

}  // namespace patella::store
