// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a few actors in every order of their atomic operations. An actor is a
 * coroutine that may be left before any atomic operation of the core and before
 * its line is touched; the schedule says for which other one. All schedules are
 * tried, one after the other, that take the processor from an actor that could
 * go on at most a given number of times.
 *
 * Order is sequentially consistent here. What weaker machines add is left to
 * ThreadSanitizer and to the memory orders' rule in core/atomic.h.
 */
#ifndef VINTC_UNIT_INTERLEAVINGS_H
#define VINTC_UNIT_INTERLEAVINGS_H

#include <functional>
#include <string>
#include <vector>

namespace vintc::test {

using Actor = std::function<void()>;

class Interleavings {
public:
	explicit Interleavings(unsigned most_preemptions) : most_preemptions_(most_preemptions) {}

	/* Runs the actors by the schedule that is due. */
	void run(const std::vector<Actor> &actors);

	/* Moves on to another schedule. False: all were run. */
	bool next();

	size_t count() const { return count_; }

	/* Which actor made each step of the last run. */
	std::string schedule() const;

private:
	friend struct Fibers;

	/* Before some step: who was running, who could, and who was chosen. */
	struct Choice {
		unsigned runnable, tried; /* sets of actors */
		int running, chosen;
		unsigned preemptions; /* up to here */

		bool preempts(int actor) const { return running >= 0 && actor != running; }
	};

	int choose(int running, unsigned runnable);

	unsigned most_preemptions_;
	std::vector<Choice> choices_;
	size_t depth_ = 0;
	size_t count_ = 0;
};

/* How many atomic operations on words of state the core has done so far. */
size_t steps_done();

} // namespace vintc::test

#endif /* VINTC_UNIT_INTERLEAVINGS_H */
