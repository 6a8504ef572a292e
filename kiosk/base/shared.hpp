// A value that many hold and nobody changes: a copy of it is a copy of one pointer, whatever it is that it holds.
//
//   Shared<Station> station = make_station();     made once
//   snapshot.station = station;                    no copy of its texts
//   station->title                                 read as through a pointer that is never null
//   station.edit().title = …                       a copy of one's own first, if anybody else holds it
//
// What one holds may be read and let go on any thread while others do the same. The object itself is like any other: one thread at a
// time assigns or edits it.
#pragma once

#include <memory>
#include <utility>

namespace patella {

template <class T>
class Shared {
 public:
  Shared() = default;  ///< T{}
  Shared(T value) : value_(std::make_shared<T>(std::move(value))) {}

  const T& operator*() const { return value_ ? *value_ : nothing(); }
  const T* operator->() const { return &**this; }

  /// To be changed while it is made. What others hold stays as it was.
  T& edit() {
    if (!value_ || value_.use_count() > 1) value_ = std::make_shared<T>(**this);
    return *value_;
  }
  /// One and the same value, not an equal one.
  bool same(const Shared& other) const { return value_ == other.value_; }

 private:
  static const T& nothing() {
    static const T kNothing{};
    return kNothing;
  }
  std::shared_ptr<T> value_;
};

}  // namespace patella
