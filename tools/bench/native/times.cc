// SPDX-License-Identifier: GPL-2.0-only
/* Google Benchmark: for each row a line "time ROW NANOSECONDS", the least of several runs. */
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>

#include "rows.h"

using namespace vintc::native;

namespace {

constexpr int kRuns = 9;
constexpr double kSeconds = 0.1; /* of each */
constexpr u64 kBatch = 100;

/* Whatever else the machine does makes a run longer, never shorter. */
constexpr char kLeast[] = "least";

double least(const std::vector<double> &times)
{
	return *std::min_element(times.begin(), times.end());
}

void measure(benchmark::State &state, const Row &row)
{
	Repeat repeat = row.make();

	while (state.KeepRunningBatch(kBatch))
		repeat(kBatch);
}

class Lines : public benchmark::BenchmarkReporter {
public:
	bool ReportContext(const Context &) override { return true; }

	void ReportRuns(const std::vector<Run> &runs) override
	{
		for (const Run &run : runs)
			if (run.run_type == Run::RT_Aggregate && run.aggregate_name == kLeast)
				std::printf("time %s %.3f\n", run.run_name.function_name.c_str(),
					    run.GetAdjustedCPUTime());
	}
};

} // namespace

int main(int argc, char **argv)
{
	char name[] = "times", interleave[] = "--benchmark_enable_random_interleaving=true";
	char *options[] = { name, interleave, nullptr };
	int count = 2;
	Lines lines;

	for (const Row &row : chosen_rows(argc - 1, argv + 1))
		benchmark::RegisterBenchmark(row.name, measure, row)
			->MinTime(kSeconds)
			->Repetitions(kRuns)
			->ComputeStatistics(kLeast, least);
	benchmark::Initialize(&count, options);
	benchmark::RunSpecifiedBenchmarks(&lines);
}
