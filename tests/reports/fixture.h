#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports::fixture {

/// Three systems (two by the machine-hour, one by an API price) over four suites, `samples` each;
/// the last system has a 2 % failure rate and an accuracy that overlaps another's. Numbers come
/// from a seed; summaries are computed from the samples. None of it was measured.
harness::RunView demo(int samples = 700);

/// `systems` x `suites`, for crowded charts.
harness::RunView crowd(int systems = 12, int suites = 6, int samples = 20);

/// A run that asked nothing.
harness::RunView empty();

/// Every request failed.
harness::RunView failed();

/// Four systems over five suites with answers of some hundred bytes: 20 x `samples`.
harness::RunView large(int samples = 10'000);

/// Names, answers and reasons written by someone who wants to break the page.
harness::RunView hostile();

/// The systems ran different suites, one has no price, one is a test double.
harness::RunView uneven();

/// One model on three machines at three loads each and behind an API: ten runs of a test double,
/// summed up by the program's own summarize(). (machine_fixture.cpp)
std::vector<harness::RunView> machines(int samples = 150);

/// A folder with a table of kernels alone: five ops, four comparators; rows that were rejected,
/// that failed and that are absent; names written by someone who wants to break the page.
harness::RunView kernels();

}  // namespace pingjia::reports::fixture
