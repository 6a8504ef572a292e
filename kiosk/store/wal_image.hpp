// A write-ahead log of SQLite as bytes: is it as it was written, and if not, what of it can be had back?
//
// SQLite reads the log up to the first frame whose check sum does not fit, and takes what is behind for the end of a
// transaction that a power cut tore. A flipped bit in the middle looks the same to it: everything after is gone without a word.
// Here it is told apart. The check sums are a chain, but each frame stores its own: a frame behind the damage can be checked
// from the one before it. Each commit is synced before the next transaction is written, so a torn end holds one
// transaction at most, and its commit is the last frame: a good commit behind the first bad frame with more good frames of the same
// log after it is damage. So is a frame that one flipped bit explains.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patella::store {

struct WalVerdict {
  bool damaged = false;          ///< false: sound, or with an end that a power cut may leave
  bool exact = false;            ///< every damaged place was one flipped bit, beyond doubt, and is put right
  bool whole = false;            ///< the newest state of every page is in `image`: nothing is lost. Not exact: to be checked
  std::string image;             ///< damaged: the log as it can be had back, its check sums made new. "" = nothing of it
  std::size_t frames_read = 0;   ///< that SQLite takes from the log as it is, up to its last commit
  std::size_t frames_image = 0;  ///< in `image`
  std::size_t frames_lost = 0;   ///< broken, of which no newer version is there
};

/// `database_page_size` is used when the log's header is past reading; 0 = not known. `guesses`: where several bits would explain a
/// frame, the likeliest is taken (and the verdict is not exact); else that frame is a bad one.
WalVerdict inspect_wal(std::string_view bytes, uint32_t database_page_size, bool guesses);

}  // namespace patella::store
