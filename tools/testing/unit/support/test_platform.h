// SPDX-License-Identifier: GPL-2.0-only
/*
 * The platform that the core runs on in a unit test: memory that is counted and
 * fails on demand, and vCPUs that are an interrupt line and a rule about who
 * may touch it.
 */
#ifndef VINTC_UNIT_TEST_PLATFORM_H
#define VINTC_UNIT_TEST_PLATFORM_H

#include <atomic>
#include <functional>
#include <thread>

#include "core/platform.h"

namespace vintc::test {

/* A vCPU as platform.h knows it. A breach of platform.h's rules aborts the test. */
struct Cpu {
	std::atomic<bool> line = false;
	std::atomic<u64> kicks = 0;		   /* raises by others */
	std::atomic<u64> rejected = 0;		   /* what vintc_rejected() told */
	std::atomic<u64> resent = 0;		   /* likewise */
	std::atomic<std::thread::id> runs_on = {}; /* no thread: it does not run */

	/* To be called by the thread that plays this vCPU. */
	void start() { runs_on = std::this_thread::get_id(); }
	void stop() { runs_on = std::thread::id{}; }

	void wait_for_line() const { line.wait(false); }
};

/* Who holds inputs of a controller up, as platform.h knows it; may be null. */
struct Owner {
	std::function<void(u32 input)> ended; /* what vintc_input_ended() does, if anything */
};

/* What vintc_alloc() does. */
struct Memory {
	static inline std::atomic<long> in_use = 0; /* allocations not yet freed */
	static inline std::atomic<long> asked = 0;  /* allocations asked for so far */
	static inline std::atomic<u64> bytes = 0;   /* given so far */
	static inline std::atomic<u64> largest = 0; /* size asked for at once so far */
	static inline std::atomic<long> left = -1;  /* succeed before one fails; < 0: all do */

	/* In its scope, the allocation after @successes fails, and all that follow it. */
	struct FailAfter {
		explicit FailAfter(long successes) { left = successes; }
		~FailAfter() { left = -1; }
	};
};

/* Is called before a line is raised or lowered, if there is something to call. */
inline void (*before_line_change)() = nullptr;

/* What vintc_timebase() shows next; it moves by one each time. */
inline std::atomic<u64> timebase = 1'000'000'000'000;

} // namespace vintc::test

#endif /* VINTC_UNIT_TEST_PLATFORM_H */
