#include "base/figure.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace patella;

namespace {
constexpr float kPi = 3.14159265F;

Figure still_then_up() {
  Figure figure;
  figure.loop_s = 4;
  figure.pose_times_s = {0, 1, 2, 3};
  figure.joints = {{"hip", {{100, 200}, {100, 200}, {100, 100}, {100, 100}}}};
  return figure;
}

Figure crank(int poses) {
  Figure figure;
  figure.loop_s = 0.8F;
  figure.joints = {{"pedal", {}}};
  for (int i = 0; i < poses; ++i) {
    const float share = static_cast<float>(i) / static_cast<float>(poses);
    figure.pose_times_s.push_back(share * figure.loop_s);
    figure.joints[0].poses.push_back({200 + 30 * std::cos(2 * kPi * share), 250 + 30 * std::sin(2 * kPi * share)});
  }
  return figure;
}
}  // namespace

TEST_CASE("at the time of a pose the joints are where the pose has them, in every loop") {
  const Figure figure = crank(16);
  for (float loop : {-2.0F, 0.0F, 3.0F}) {
    for (std::size_t i = 0; i < 16; ++i) {
      const auto points = joints_at(figure, figure.pose_times_s[i] + loop * figure.loop_s);
      REQUIRE(points.size() == 1);
      CHECK(points[0].x == Approx(figure.joints[0].poses[i].x).margin(0.05));
      CHECK(points[0].y == Approx(figure.joints[0].poses[i].y).margin(0.05));
    }
  }
}

TEST_CASE("a joint that two poses leave in place stands still between them, and none swings past a pose") {
  const Figure figure = still_then_up();
  for (int i = 0; i <= 400; ++i) {
    const float t = static_cast<float>(i) * 0.01F;
    const float y = joints_at(figure, t)[0].y;
    CHECK(y <= 200.001F);
    CHECK(y >= 99.999F);
    if (t <= 1) CHECK(y == Approx(200).margin(0.001));
    if (t >= 2 && t <= 3) CHECK(y == Approx(100).margin(0.001));
  }
  CHECK(joints_at(figure, 1.5F)[0].y == Approx(150).margin(0.01));
}

TEST_CASE("a crank turns evenly on its circle") {
  const Figure figure = crank(16);
  float last = 0, slowest = 1e9F, fastest = 0;
  for (int i = 0; i <= 160; ++i) {
    const auto point = joints_at(figure, static_cast<float>(i) * 0.005F)[0];
    const float radius = std::hypot(point.x - 200, point.y - 250);
    CHECK(radius == Approx(30).margin(0.35));
    const float angle = std::atan2(point.y - 250, point.x - 200);
    if (i > 0) {
      const float turned = std::remainder(angle - last, 2 * kPi);
      slowest = std::min(slowest, turned);
      fastest = std::max(fastest, turned);
    }
    last = angle;
  }
  CHECK(slowest > 0);
  CHECK(fastest < 1.5F * slowest);
}

TEST_CASE("one pose stands still, and a figure without poses or with a joint too short is no crash") {
  Figure figure;
  CHECK(joints_at(figure, 1).empty());
  figure.pose_times_s = {0};
  figure.joints = {{"hip", {{1, 2}}}, {"short", {}}};
  const auto points = joints_at(figure, 1.7F);
  REQUIRE(points.size() == 2);
  CHECK(points[0].x == 1);
  CHECK(points[0].y == 2);
  CHECK(joints_at(figure, std::nanf("")).empty());
  figure.loop_s = 0;
  CHECK(joints_at(figure, 1).empty());
}
