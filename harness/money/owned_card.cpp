#include "harness/money/owned_card.h"

#include <fmt/format.h>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <cassert>
#include <ios>

namespace pingjia::harness {

namespace {

using Decimal = boost::multiprecision::cpp_dec_float_50;

constexpr int kHoursPerYear = 8760;

// The shortest decimal that reads back as `value`: what its writer meant.
Decimal decimal(double value) {
  return Decimal(fmt::format("{}", value));
}

Decimal decimal(Money amount) {
  return Decimal(usd_text(amount));
}

Money money(const Decimal& usd) {
  // By its digits: Boost 1.74 converts the number itself through a negation that overflows.
  const Decimal picodollars = round(usd * Decimal("1e12"));
  return whole_picodollars(picodollars.str(0, std::ios_base::fixed));
}

// A payment a year for n years that is worth one at its start.
Decimal recovery(const Decimal& interest, const Decimal& years) {
  if (interest == 0) return 1 / years;
  const Decimal growth = pow(1 + interest, years);
  return interest * growth / (growth - 1);
}

// A payment a year for n years that is worth one at its end.
Decimal sinking(const Decimal& interest, const Decimal& years) {
  return recovery(interest, years) - interest;
}

}  // namespace

double capital_recovery_factor(double interest, double years) {
  assert(interest >= 0 && years > 0);
  return static_cast<double>(recovery(decimal(interest), decimal(years)));
}

OwnedRate rate_of(const OwnedCard& card) {
  assert(card.interest >= 0 && card.years > 0 && card.pue >= 1);
  assert(card.utilisation > 0 && card.utilisation <= 1);
  const Decimal interest = decimal(card.interest);
  const Decimal years = decimal(card.years);
  const Decimal used = decimal(card.utilisation);
  const Decimal capital = decimal(card.purchase + card.host_share) * recovery(interest, years) -
                          decimal(card.residual) * sinking(interest, years);
  const Decimal kw = (used * decimal(card.active_w) + (1 - used) * decimal(card.idle_w)) / 1000;
  OwnedRate rate;
  rate.capital = money(capital / kHoursPerYear);
  rate.energy = money(kw * decimal(card.pue) * decimal(card.electricity_per_kwh));
  rate.operations = money(decimal(card.operations_per_year) / kHoursPerYear);
  rate.per_hour = rate.capital + rate.energy + rate.operations;
  rate.per_active_hour = money(decimal(rate.per_hour) / used);
  return rate;
}

}  // namespace pingjia::harness
