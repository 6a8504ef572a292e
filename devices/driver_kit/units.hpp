// Units of force that devices talk in.
#pragma once

namespace patella::driver_kit {

/// m/s²; the newtons that a kilogram weighs, and that are one kgf.
inline constexpr double kStandardGravity = 9.80665;
/// The newtons that a pound weighs.
inline constexpr double kNewtonPerLbf = 4.448222;

}  // namespace patella::driver_kit
