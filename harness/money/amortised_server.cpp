#include "harness/money/amortised_server.h"

#include <fmt/format.h>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <cassert>
#include <ios>

namespace pingjia::harness {

namespace {

using Decimal = boost::multiprecision::cpp_dec_float_50;

constexpr int kHoursPerYear = 8766;  // Of a Julian year, as the source has it.

Decimal decimal(double value) {
  return Decimal(fmt::format("{}", value));
}

Money money(const Decimal& usd) {
  // By its digits: Boost 1.74 converts the number itself through a negation that overflows.
  const Decimal picodollars = round(usd * Decimal("1e12"));
  return whole_picodollars(picodollars.str(0, std::ios_base::fixed));
}

}  // namespace

AmortisedRate rate_of(const AmortisedServer& server) {
  assert(server.interconnect_share >= 0 && server.interconnect_share < 1);
  const Decimal loss = decimal(server.orders_of_magnitude_a_year) * log(Decimal(10));
  const Decimal gpu = Decimal(usd_text(server.gpu_price)) * loss / kHoursPerYear;
  const Decimal share = decimal(server.interconnect_share);
  const Decimal kw = decimal(server.tdp_w) / 1000 * decimal(server.server_factor) *
                     decimal(server.load) * decimal(server.pue);
  return {money(gpu), money(gpu * share / (1 - share)),
          money(kw * Decimal(usd_text(server.electricity_per_kwh)))};
}

}  // namespace pingjia::harness
