// One animated figure: figures/<id>.toml.
#include <fmt/format.h>

#include <algorithm>

#include "config/entries.hpp"
#include "config/reader.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace {

constexpr std::size_t kMaxPoses = 64;
constexpr double kMargin = 40;  // limbs may reach a little out of the box
const std::vector<std::string> kTones = {"body", "far", "gear", "accent", "band", "metal"};

void read_times(Reader& file, Figure& figure) {
  const toml::array* times = file.array("pose_times_s", Need::required);
  if (!times) return;
  Diagnostics& notes = file.notes();
  const int line = file.line("pose_times_s");
  if (times->empty() || times->size() > kMaxPoses)
    notes.error(line, "pose_times_s", fmt::format("has {} poses", times->size()), fmt::format("Give 1 to {}", kMaxPoses));
  for (const toml::node& item : *times) {
    if (figure.pose_times_s.size() == kMaxPoses) return;
    const auto time = read_number(item, "pose_times_s", 0, 60, false, notes);
    if (!time) return;
    const auto time_s = static_cast<float>(*time);
    const bool first = figure.pose_times_s.empty();
    if (first && time_s > 0) notes.error(line, "pose_times_s", "does not begin with 0", "Let the first pose be at 0");
    if (!first && time_s <= figure.pose_times_s.back())
      notes.error(line, "pose_times_s", "does not rise from pose to pose", "Give the times in rising order");
    figure.pose_times_s.push_back(time_s);
  }
  if (!figure.pose_times_s.empty() && figure.pose_times_s.back() >= figure.loop_s)
    notes.error(line, "pose_times_s", "has a pose at or after the end of the loop",
                fmt::format("Keep every time below loop_s = {}", number_text(static_cast<double>(figure.loop_s))));
}

std::optional<FigurePoint> read_point(const toml::node& node, const std::string& key, Diagnostics& notes) {
  const toml::array* pair = node.as_array();
  if (!pair || pair->size() != 2) {
    notes.error(line_of(node), key, "is not a point", "Write a point as [x, y]");
    return std::nullopt;
  }
  const auto x = read_number(*pair->get(0), key, -kMargin, 420 + kMargin, false, notes);
  const auto y = read_number(*pair->get(1), key, -kMargin, 330 + kMargin, false, notes);
  if (!x || !y) return std::nullopt;
  return FigurePoint{static_cast<float>(*x), static_cast<float>(*y)};
}

void read_joint(const std::string& name, const toml::node& node, Figure& figure, Diagnostics& notes) {
  const std::string key = "joints." + name;
  const toml::array* points = node.as_array();
  const std::size_t poses = figure.pose_times_s.size();
  if (!points) {
    notes.error(line_of(node), key, fmt::format("is {}, not a list of points", kind_of(node)), "Write [[x, y], …]");
    return;
  }
  if (points->size() != 1 && points->size() != poses) {
    notes.error(line_of(node), key, fmt::format("has {} points for {} poses", points->size(), poses),
                "Give one point a pose, or a single one for a joint that stays where it is");
    return;
  }
  FigureJoint joint{name, {}};
  for (const toml::node& item : *points) {
    const auto point = read_point(item, key, notes);
    if (!point) return;
    joint.poses.push_back(*point);
  }
  if (joint.poses.size() == 1) joint.poses.resize(poses, joint.poses[0]);
  figure.joints.push_back(std::move(joint));
}

void read_joints(Reader& file, Figure& figure) {
  const toml::table* joints = file.table("joints");
  if (!joints || joints->empty() || joints->size() > 128) {
    file.notes().error(file.line("joints"), "joints", "needs 1 to 128 joints", "Write [joints] with NAME = [[x, y], …]");
    return;
  }
  for (const auto& [key, node] : *joints) read_joint(std::string(key.str()), node, figure, file.notes());
}

int joint_index(Reader& entry, const char* key, const Figure& figure) {
  const std::string name = entry.text(key, Need::required, 48);
  std::vector<std::string> known;
  for (std::size_t i = 0; i < figure.joints.size(); ++i) {
    if (figure.joints[i].name == name) return static_cast<int>(i);
    known.push_back(figure.joints[i].name);
  }
  if (!name.empty())
    entry.notes().error(entry.line(key), entry.full_key(key), "there is no joint " + in_quotes(name), did_you_mean(name, known));
  return 0;
}

void read_limbs(Reader& file, Figure& figure) {
  file.tables("limbs", Need::required, 256, [&](Reader& entry) {
    FigureLimb limb;
    limb.from = joint_index(entry, "from", figure);
    limb.to = joint_index(entry, "to", figure);
    limb.width = static_cast<float>(entry.number("width", Need::required, 20, 0.5, 200));
    limb.tone = entry.choice("tone", "body", kTones);
    figure.limbs.push_back(std::move(limb));
  });
}

void read_wheels(Reader& file, Figure& figure) {
  file.tables("wheels", Need::optional, 16, [&](Reader& entry) {
    FigureWheel wheel;
    wheel.centre = joint_index(entry, "centre", figure);
    wheel.radius = static_cast<float>(entry.number("radius", Need::required, 70, 1, 300));
    wheel.turns_per_loop = static_cast<float>(entry.number("turns_per_loop", Need::optional, 0, -100, 100));
    wheel.tone = entry.choice("tone", "gear", kTones);
    figure.wheels.push_back(std::move(wheel));
  });
}

}  // namespace

std::shared_ptr<const Figure> read_figure(const toml::table& table, const std::string& id, Diagnostics& notes) {
  auto figure = std::make_shared<Figure>();
  Reader file(table, "", notes);
  figure->id = file.id("id", Need::required);
  check_id(figure->id, id, file.line("id"), notes);
  figure->loop_s = static_cast<float>(file.number("loop_s", Need::required, 2, 0.1, 60));
  read_times(file, *figure);
  if (notes.errors() > 0) return nullptr;  // joints are counted against the poses
  read_joints(file, *figure);
  read_limbs(file, *figure);
  read_wheels(file, *figure);
  file.finish();
  return notes.errors() > 0 ? nullptr : figure;
}

}  // namespace patella::config
