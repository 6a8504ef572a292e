// The notices that are open, acknowledged by whoever is signed in.
#include "staff/desk.hpp"

namespace patella::staff {
namespace {

using session::NoticesView;

class NoticesScreen final : public ScreenOf<NoticesScreen, NoticesView> {
 public:
  explicit NoticesScreen(Desk& desk) : desk_(desk) {}
  void on(const NoticesView::Acknowledge& seen, int64_t) { desk_.ask(Acknowledge{seen.notice, desk_.member->id}); }
  void fill(NoticesView&, int64_t) const {}

 private:
  Desk& desk_;
};

}  // namespace

std::unique_ptr<Screen> make_screen(Desk& desk, std::type_identity<NoticesView>) { return std::make_unique<NoticesScreen>(desk); }

}  // namespace patella::staff
