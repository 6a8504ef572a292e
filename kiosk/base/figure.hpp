// An animated figure as data: limbs between named joints, poses over time. Loaded by config, drawn by ui.
#pragma once

#include <string>
#include <vector>

namespace patella {

/// Virtual box of all coordinates: x 0…420 to the right, y 0…330 downwards.
struct FigurePoint {
  float x = 0, y = 0;
};

struct FigureJoint {
  std::string name;                ///< "hip", "knee", "hand"
  std::vector<FigurePoint> poses;  ///< one point a pose, as many as Figure::pose_times_s
};

/// A capsule between two joints, or a disc when both are the same.
struct FigureLimb {
  int from = 0, to = 0;  ///< indices into joints
  float width = 20;
  std::string tone;  ///< "body", "far", "gear", "accent", "band", "metal"
};

/// A wheel or ring that turns with the loop, for bikes.
struct FigureWheel {
  int centre = 0;  ///< joint
  float radius = 70;
  float turns_per_loop = 0;
  std::string tone = "gear";
};

struct Figure {
  std::string id;
  float loop_s = 2;                 ///< time of one loop; the pose moves smoothly from one to the next and back to the first
  std::vector<float> pose_times_s;  ///< ascending, first 0, last < loop_s
  std::vector<FigureJoint> joints;
  std::vector<FigureLimb> limbs;    ///< drawn in this order
  std::vector<FigureWheel> wheels;  ///< drawn first
};

/// Where every joint is at a time (seconds, any; the loop repeats), in the order of Figure::joints. The way
/// from pose to pose is a monotone cubic in x and in y: a crank turns evenly through its poses, a joint that
/// two poses leave where it is stands still between them, and none swings past a pose. Empty for a figure
/// without poses.
std::vector<FigurePoint> joints_at(const Figure& figure, float time_s);

}  // namespace patella
