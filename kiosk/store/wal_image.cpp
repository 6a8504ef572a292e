#include "store/wal_image.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <optional>
#include <vector>

namespace patella::store {

namespace {
// https://www.sqlite.org/fileformat2.html#walformat
constexpr std::size_t kHeader = 32, kFrameHeader = 24;
constexpr uint32_t kMagic = 0x377F0682, kVersion = 3007000;
constexpr std::size_t kSaltAt = 16, kHeaderSumAt = 24;                    // in the header
constexpr std::size_t kCommitAt = 4, kFrameSaltAt = 8, kFrameSumAt = 16;  // in a frame
constexpr int kMaxRepairs = 16;

uint32_t big(std::string_view bytes, std::size_t at) {
  uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void put_big(std::string& bytes, std::size_t at, uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (24 - 8 * i));
}

struct Sum {
  uint32_t s0 = 0, s1 = 0;
  bool operator==(const Sum&) const = default;
};

/// The check sum's words: their byte order is said by the last bit of the magic number.
class Words {
 public:
  explicit Words(bool big_endian) : swap_(big_endian != (std::endian::native == std::endian::big)) {}
  uint32_t at(std::string_view bytes, std::size_t at) const {
    uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, 4);
    return swap_ ? __builtin_bswap32(word) : word;
  }
  /// `bytes` has a multiple of 8.
  Sum sum(Sum sum, std::string_view bytes) const {
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
      sum.s0 += at(bytes, i) + sum.s1;
      sum.s1 += at(bytes, i + 4) + sum.s0;
    }
    return sum;
  }
  /// The byte of a word's bit, and which bit of it.
  std::pair<std::size_t, int> place(int bit) const {
    const bool low_first = (std::endian::native == std::endian::little) != swap_;
    return {static_cast<std::size_t>(low_first ? bit / 8 : 3 - bit / 8), bit % 8};
  }

 private:
  bool swap_;
};

Sum sum_at(std::string_view bytes, std::size_t at) { return {big(bytes, at), big(bytes, at + 4)}; }

int bits_between(uint32_t a, uint32_t b) { return std::popcount(a ^ b); }

/// A bit of `bytes`: its byte, and which of its eight.
using Bit = std::pair<std::size_t, int>;

/// The bits of `bytes` (in words of the sum) whose flip makes the sum `wanted` out of `have`. The sum is linear, so the effect of
/// each word on it is known: P^n·(1,1) for the first of a pair that n pairs follow, P^n·(0,1) for the second. Of a word's
/// lower bits there is one at most; the effects of high ones come again and again along a page.
std::vector<Bit> flipped_bits(const Words& words, std::string_view bytes, Sum have, Sum wanted) {
  const uint32_t need0 = wanted.s0 - have.s0, need1 = wanted.s1 - have.s1;
  std::vector<Bit> found;
  std::array<Sum, 2> effect{Sum{1, 1}, Sum{0, 1}};
  for (std::size_t pair = bytes.size() / 8; pair-- > 0;) {
    for (std::size_t half = 0; half < 2; ++half) {
      const std::size_t at = pair * 8 + half * 4;
      const uint32_t word = words.at(bytes, at);
      for (int bit = 0; bit < 32; ++bit) {
        const uint32_t step = (word >> bit & 1) != 0 ? 0u - (1u << bit) : 1u << bit;
        if (effect[half].s0 * step != need0 || effect[half].s1 * step != need1) continue;
        const auto [byte, in_byte] = words.place(bit);
        found.emplace_back(at + byte, in_byte);
      }
    }
    for (Sum& each : effect) {
      each.s0 += each.s1;
      each.s1 += each.s0;
    }
  }
  return found;
}

void flip(std::string& bytes, std::size_t at, int bit) { bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit)); }

struct Header {
  uint32_t page_size = 0, salt0 = 0, salt1 = 0;
  bool big_endian = false;
  Sum sum;
};

bool is_page_size(uint32_t size) { return size >= 512 && size <= 65536 && std::has_single_bit(size); }

std::optional<Header> header_of(std::string_view bytes) {
  if ((big(bytes, 0) & ~1u) != kMagic || big(bytes, 4) != kVersion) return std::nullopt;
  Header header{big(bytes, 8), big(bytes, kSaltAt), big(bytes, kSaltAt + 4), (big(bytes, 0) & 1) != 0,
                sum_at(bytes, kHeaderSumAt)};
  if (!is_page_size(header.page_size)) return std::nullopt;
  if (Words(header.big_endian).sum({}, bytes.substr(0, kHeaderSumAt)) != header.sum) return std::nullopt;
  return header;
}

/// The header with one bit put right. More than one bit may explain it: the one by which the frames are of this log.
std::optional<Header> header_with_one_bit(std::string& bytes) {
  for (std::size_t at = 0; at < kHeader; ++at)
    for (int bit = 0; bit < 8; ++bit) {
      flip(bytes, at, bit);
      const auto header = header_of(bytes);
      const bool fits = header && bytes.size() >= kHeader + kFrameHeader && big(bytes, kHeader + kFrameSaltAt) == header->salt0 &&
                        big(bytes, kHeader + kFrameSaltAt + 4) == header->salt1;
      if (fits) return header;
      flip(bytes, at, bit);
    }
  return std::nullopt;
}

enum class Fit { no = 0, chain, alone };  // alone: by the sum that the frame before it stores

struct Frame {
  std::size_t at = 0;
  Fit fit = Fit::no;
  uint32_t page = 0, commit = 0;
};

class Log {
 public:
  Log(std::string_view bytes, const Header& header, bool guesses)
      : bytes_(bytes), header_(header), words_(header.big_endian), guesses_(guesses) {}

  void read() {
    Sum chain = header_.sum;
    bool unbroken = true;
    for (std::size_t at = kHeader; at + kFrameHeader + header_.page_size <= bytes_.size();
         at += kFrameHeader + header_.page_size) {
      Frame frame{at, fits(at, chain) ? (unbroken ? Fit::chain : Fit::alone) : Fit::no, 0, 0};
      if (frame.fit == Fit::no && repairs_ < kMaxRepairs && repair(at, chain)) {
        repaired_.push_back(frames_.size());
        ++repairs_;
        frame.fit = unbroken ? Fit::chain : Fit::alone;
      }
      unbroken = unbroken && frame.fit != Fit::no;
      frame.page = big(bytes_, at);
      frame.commit = big(bytes_, at + kCommitAt);
      chain = sum_at(bytes_, at + kFrameSumAt);
      frames_.push_back(frame);
    }
  }

  WalVerdict judge(bool header_repaired, bool header_made) {
    WalVerdict verdict;
    const std::size_t chained = last_commit(Fit::chain);
    verdict.frames_read = repaired_.empty() ? chained : std::min(chained, commit_before(repaired_.front()));
    if (header_repaired || header_made) verdict.frames_read = 0;
    const bool bits = !repaired_.empty() && repaired_.front() < chained;
    // A header is synced before its first frame is written: frames without one have lost it.
    const bool behind = header_made ? last_commit(Fit::alone) > 0
                                    : commit_with_frames_behind(chained) || (unresolved_ && last_commit(Fit::alone) > chained);
    verdict.damaged = bits || behind || unresolved_ || (header_repaired && chained > 0);
    if (!verdict.damaged) return verdict;
    const std::size_t end = behind ? last_commit(Fit::alone) : chained;
    verdict.exact = end == chained && !header_made && !guessed_;
    verdict.frames_lost = lost(end) + (unresolved_ && !behind ? 1 : 0);
    verdict.whole = verdict.frames_lost == 0;
    verdict.image =
        end == chained && !header_made ? bytes_.substr(0, kHeader + end * (kFrameHeader + header_.page_size)) : rebuilt(end);
    verdict.frames_image = (verdict.image.size() - kHeader) / (kFrameHeader + header_.page_size);
    return verdict;
  }

 private:
  std::string_view checked(std::size_t at, bool page) const {
    return std::string_view(bytes_).substr(page ? at + kFrameHeader : at, page ? header_.page_size : 8);
  }
  Sum sum_of(std::size_t at, Sum before) const { return words_.sum(words_.sum(before, checked(at, false)), checked(at, true)); }
  bool salted(std::size_t at) const {
    return big(bytes_, at + kFrameSaltAt) == header_.salt0 && big(bytes_, at + kFrameSaltAt + 4) == header_.salt1;
  }
  bool fits(std::size_t at, Sum before) const {
    return salted(at) && big(bytes_, at) != 0 && sum_of(at, before) == sum_at(bytes_, at + kFrameSumAt);
  }

  /// Puts right what one flipped bit did: in the salts, in the stored sum, or in what the sum is over.
  bool repair(std::size_t at, Sum before) {
    const int apart = bits_between(big(bytes_, at + kFrameSaltAt), header_.salt0) +
                      bits_between(big(bytes_, at + kFrameSaltAt + 4), header_.salt1);
    if (apart > 1) return false;
    const Sum stored = sum_at(bytes_, at + kFrameSumAt), have = sum_of(at, before);
    if (apart == 1) {
      if (have != stored) return false;
      put_big(bytes_, at + kFrameSaltAt, header_.salt0);
      put_big(bytes_, at + kFrameSaltAt + 4, header_.salt1);
      return true;
    }
    if (bits_between(have.s0, stored.s0) + bits_between(have.s1, stored.s1) == 1) {
      put_big(bytes_, at + kFrameSumAt, have.s0);
      put_big(bytes_, at + kFrameSumAt + 4, have.s1);
      return true;
    }
    std::string covered = std::string(checked(at, false)) + std::string(checked(at, true));
    std::vector<Bit> found = flipped_bits(words_, covered, have, stored);
    const bool guess = found.size() > 1;
    if (guess) found = guesses_ ? likely(covered, found) : std::vector<Bit>{};
    if (found.size() != 1) {
      unresolved_ = unresolved_ || guess;
      return false;
    }
    guessed_ = guessed_ || guess;
    const auto [byte, bit] = found.front();
    flip(bytes_, byte < 8 ? at + byte : at + kFrameHeader + byte - 8, bit);
    return true;
  }

  /// The newest good version of a page before this frame; "" = none in the log.
  std::string_view version_before(uint32_t page) const {
    for (std::size_t i = frames_.size(); i-- > 0;)
      if (frames_[i].fit != Fit::no && frames_[i].page == page) return checked(frames_[i].at, true);
    return {};
  }
  static std::size_t alike(std::string_view a, std::string_view b) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) same += a[i] == b[i] && a[i] != 0 ? 1 : 0;
    return same;
  }
  bool is_commit_size(uint32_t size) const {
    for (std::size_t i = frames_.size(); i-- > 0;)
      if (frames_[i].commit != 0) return size == 0 || (size >= frames_[i].commit && size - frames_[i].commit < 64);
    return true;
  }

  /// Of several bits the one that makes the frame what it most likely was: its page like the version before, of which most is the
  /// same; its number that of the page which it is like; its size of the database one that may follow.
  std::vector<Bit> likely(const std::string& covered, const std::vector<Bit>& bits) const {
    const std::string_view content = std::string_view(covered).substr(8), before = version_before(big(covered, 0));
    std::vector<Bit> fitting;
    for (const auto& [byte, bit] : bits) {
      std::string flipped = covered.substr(0, 8);
      if (byte < 8) flip(flipped, byte, bit);
      const bool fits = byte >= 8 ? !before.empty() && static_cast<unsigned char>(before[byte - 8]) ==
                                                           (static_cast<unsigned char>(covered[byte]) ^ (1 << bit))
                        : byte < 4 ? alike(content, version_before(big(flipped, 0))) > alike(content, before)
                                   : !is_commit_size(big(covered, 4)) && is_commit_size(big(flipped, 4));
      if (fits && byte < 8) return {{byte, bit}};
      if (fits) fitting.emplace_back(byte, bit);
    }
    return fitting;
  }

  /// Count of frames up to the last commit that fits at least so well.
  std::size_t last_commit(Fit worst) const {
    for (std::size_t i = frames_.size(); i-- > 0;)
      if (frames_[i].commit != 0 && (frames_[i].fit == Fit::chain || frames_[i].fit == worst)) return i + 1;
    return 0;
  }
  std::size_t commit_before(std::size_t frame) const {
    for (std::size_t i = frame; i-- > 0;)
      if (frames_[i].commit != 0) return i + 1;
    return 0;
  }
  /// A torn transaction has no commit but as its last frame.
  bool commit_with_frames_behind(std::size_t from) const {
    bool commit = false;
    for (std::size_t i = from; i < frames_.size(); ++i) {
      if (frames_[i].fit != Fit::alone) continue;
      if (commit) return true;
      commit = frames_[i].commit != 0;
    }
    return false;
  }
  /// Broken frames up to `end` of which no newer version is there. What page a broken one was can only be taken from itself.
  std::size_t lost(std::size_t end) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < end; ++i) {
      if (frames_[i].fit != Fit::no) continue;
      bool newer = false;
      for (std::size_t later = i + 1; later < end && !newer; ++later)
        newer = frames_[later].fit != Fit::no && frames_[later].page == frames_[i].page;
      count += newer ? 0 : 1;
    }
    return count;
  }
  /// The good frames up to `end` in one chain.
  std::string rebuilt(std::size_t end) const {
    std::string image = bytes_.substr(0, kHeader);
    put_big(image, 0, kMagic | (header_.big_endian ? 1u : 0u));
    put_big(image, 4, kVersion);
    put_big(image, 8, header_.page_size);
    put_big(image, kSaltAt, header_.salt0);
    put_big(image, kSaltAt + 4, header_.salt1);
    Sum chain = words_.sum({}, std::string_view(image).substr(0, kHeaderSumAt));
    put_big(image, kHeaderSumAt, chain.s0);
    put_big(image, kHeaderSumAt + 4, chain.s1);
    for (std::size_t i = 0; i < end; ++i) {
      if (frames_[i].fit == Fit::no) continue;
      chain = sum_of(frames_[i].at, chain);
      const std::size_t at = image.size();
      image += bytes_.substr(frames_[i].at, kFrameHeader + header_.page_size);
      put_big(image, at + kFrameSumAt, chain.s0);
      put_big(image, at + kFrameSumAt + 4, chain.s1);
    }
    return image;
  }

  std::string bytes_;
  Header header_;
  Words words_;
  bool guesses_;
  std::vector<Frame> frames_;
  std::vector<std::size_t> repaired_;
  int repairs_ = 0;
  bool unresolved_ = false;  ///< a frame that one flipped bit explains, but which? A torn one has no such explanation
  bool guessed_ = false;     ///< one of several bits was taken: to be checked
};

/// A header past reading: size of the pages from the database, salts from the frames (two that agree), byte order tried.
std::optional<Header> header_from_frames(std::string_view bytes, uint32_t page_size) {
  if (!is_page_size(page_size) || bytes.size() < kHeader + 2 * (kFrameHeader + page_size)) return std::nullopt;
  const std::size_t first = kHeader, second = kHeader + kFrameHeader + page_size;
  Header header{page_size, big(bytes, second + kFrameSaltAt), big(bytes, second + kFrameSaltAt + 4), false,
                sum_at(bytes, kHeaderSumAt)};
  if (big(bytes, first + kFrameSaltAt) != header.salt0 || big(bytes, first + kFrameSaltAt + 4) != header.salt1)
    return std::nullopt;
  for (const bool big_endian : {false, true}) {
    const Words words(big_endian);
    const Sum before = sum_at(bytes, first + kFrameSumAt);
    if (words.sum(words.sum(before, bytes.substr(second, 8)), bytes.substr(second + kFrameHeader, page_size)) !=
        sum_at(bytes, second + kFrameSumAt))
      continue;
    header.big_endian = big_endian;
    return header;
  }
  return std::nullopt;
}
}  // namespace

WalVerdict inspect_wal(std::string_view bytes, uint32_t database_page_size, bool guesses) {
  if (bytes.size() < kHeader) return {};
  std::string own(bytes);
  std::optional<Header> header = header_of(own);
  const bool sound = header.has_value();
  if (!header) header = header_with_one_bit(own);
  const bool repaired = !sound && header.has_value();
  if (!header) header = header_from_frames(own, database_page_size);
  if (!header) return {};
  Log log(own, *header, guesses);
  log.read();
  return log.judge(repaired, !sound && !repaired);
}

}  // namespace patella::store
