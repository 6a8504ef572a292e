#include "ui/tests/harness.hpp"

#include <stdexcept>

#include "ui/compat.hpp"

namespace patella::ui {

Harness::Harness(int fb_width, int fb_height, const Options& options) : context_(ImGui::CreateContext()) {
  scale = std::min(static_cast<float>(fb_width) / 1920.f, static_cast<float>(fb_height) / 1080.f);
  width = static_cast<float>(fb_width) / scale;
  height = static_cast<float>(fb_height) / scale;
  Options scaled = options;
  scaled.scale = scale;
  ui_ = Ui::make(scaled);
  ImGuiIO& io = ImGui::GetIO();
  unsigned char* pixels = nullptr;
  int w = 0, h = 0;
  io.Fonts->GetTexDataAsAlpha8(&pixels, &w, &h);
  io.Fonts->SetTexID(reinterpret_cast<ImTextureID>(std::intptr_t{1}));
  io.DisplaySize = {width, height};
  io.DisplayFramebufferScale = {scale, scale};
}

Harness::~Harness() {
  ui_.reset();
  ImGui::DestroyContext(context_);
}

void Harness::frames(int count, int64_t dt_us) {
  for (int i = 0; i < count; ++i) {
    now_us += dt_us;
    ImGui::GetIO().DeltaTime = std::max(1e-4f, static_cast<float>(dt_us) / 1e6f);  // ImGui asserts on 0
    ImGui::NewFrame();
    for (auto& tap : ui_->draw(snapshot, now_us, width, height)) taps.push_back(tap);
    ImGui::Render();
  }
}

void Harness::show(const session::Snapshot& next) {
  snapshot = next;
  frames(2);
  wait(400'000);
  snapshot.made_us = snapshot.view_made_us = now_us;
  frames(1);
}

const Control* Harness::control(const std::string& id) const {
  for (const Control& c : ui_->shown().controls)
    if (c.id == id) return &c;
  return nullptr;
}

bool Harness::has_text(const std::string& part) const {
  for (const ShownText& t : ui_->shown().texts)
    if (t.text.find(part) != std::string::npos) return true;
  return false;
}

void Harness::down(float x, float y) {
  compat::mouse_position(x, y);
  frames(1);
  compat::mouse_button(true);
  frames(2);
}

void Harness::move(float x, float y) {
  compat::mouse_position(x, y);
  frames(1);
}

void Harness::up() {
  compat::mouse_button(false);
  frames(1);
  compat::mouse_away();
  frames(1);
}

void Harness::tap(const std::string& id) {
  const Control* c = control(id);
  if (!c) throw std::runtime_error("no control " + id);
  down(c->box.x + c->box.w / 2, c->box.y + c->box.h / 2);
  up();
}

}  // namespace patella::ui
