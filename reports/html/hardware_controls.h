#pragma once

#include "reports/html/hardware.h"

namespace pingjia::reports {

/// Sliders for what the whole section is valued at. Hidden until the script shows them.
void write_price_controls(std::string& out, const HardwareView& view);

/// Which machine's rent the group's chart moves, where it has several. Likewise hidden.
void write_group_controls(std::string& out, const HardwareView& view, std::size_t group);

/// The machine that it moves at first; the view's last index plus one where it has none.
std::size_t first_machine(const HardwareView& view, const ModelGroup& group);

}  // namespace pingjia::reports
