// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one file of the core that knows about atomics.
 *
 * Every word that more than one processor writes is a Cell (a state machine's
 * state), a Bits (a set of hints), a Word, a Published pointer or a Counter.
 *
 * Memory orders. Read-modify-writes are acquire-release and nothing here is
 * stronger: each protocol of the core passes a message through one word.
 * Whoever writes publishes what it wrote before; whoever reads that value in
 * its own read-modify-write sees it. A protocol that relies on this must
 * therefore store even when the value does not change (see Cell::update).
 */
#ifndef VINTC_CORE_ATOMIC_H
#define VINTC_CORE_ATOMIC_H

#include "types.h"

namespace vintc {

/*
 * One word of state. State is a value type with `u64 pack() const` and
 * `static State unpack(u64)`; what it was before and after a transition is all
 * that other processors can see.
 */
template <class State> class Cell {
public:
	State load() const { return State::unpack(__atomic_load_n(&word_, __ATOMIC_ACQUIRE)); }

	/* The same for who looks again before it acts. It orders nothing. */
	State peek() const { return State::unpack(__atomic_load_n(&word_, __ATOMIC_RELAXED)); }

	/*
	 * Applies transition(State &) -> Outcome until it was applied to the
	 * state that was current when it was stored. It stores always, also
	 * what equals the old value, and so orders the caller's earlier writes
	 * before any later transition of this cell.
	 */
	template <class Transition> auto update(Transition transition)
	{
		return run(transition, [](const auto &) { return true; });
	}

	/*
	 * The same for a transition that may refuse. Its outcome converts to
	 * bool; when it is false nothing is stored, and nothing is ordered.
	 */
	template <class Transition> auto try_update(Transition transition)
	{
		return run(transition, [](const auto &outcome) { return bool(outcome); });
	}

	/* Whatever it was, it is this now. */
	void set(State state) { __atomic_exchange_n(&word_, state.pack(), __ATOMIC_ACQ_REL); }

private:
	template <class Transition, class Commit> auto run(Transition transition, Commit commit)
	{
		u64 seen = __atomic_load_n(&word_, __ATOMIC_RELAXED);

		for (;;) {
			State state = State::unpack(seen);
			auto outcome = transition(state);

			if (!commit(outcome) ||
			    __atomic_compare_exchange_n(&word_, &seen, state.pack(), true,
							__ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
				return outcome;
		}
	}

	u64 word_;
};

/* A set of up to 64 small numbers. */
class Bits {
public:
	u64 load() const { return __atomic_load_n(&word_, __ATOMIC_RELAXED); }
	void set(u64 mask) { __atomic_fetch_or(&word_, mask, __ATOMIC_ACQ_REL); }
	void clear(u64 mask) { __atomic_fetch_and(&word_, ~mask, __ATOMIC_ACQ_REL); }
	u64 take_all() { return __atomic_exchange_n(&word_, 0, __ATOMIC_ACQ_REL); }

private:
	u64 word_;
};

/* A word that is stored and loaded whole. */
class Word {
public:
	u32 load() const { return __atomic_load_n(&word_, __ATOMIC_ACQUIRE); }
	void store(u32 word) { __atomic_store_n(&word_, word, __ATOMIC_RELEASE); }

private:
	u32 word_;
};

/*
 * A pointer that is written once, when what it points to is complete. The
 * reader's accesses go through the pointer, and on every machine we support an
 * address dependency orders them after the load; only ThreadSanitizer has to
 * be told.
 */
template <class T> class Published {
public:
	T *get() const
	{
#ifdef __SANITIZE_THREAD__
		return __atomic_load_n(&pointer_, __ATOMIC_ACQUIRE);
#else
		return __atomic_load_n(&pointer_, __ATOMIC_RELAXED);
#endif
	}
	void publish(T *pointer)
	{
		__atomic_store_n(&pointer_, pointer, __ATOMIC_RELEASE);
	}

private:
	T *pointer_;
};

/* An event count. It orders nothing. */
class Counter {
public:
	u64 load() const { return __atomic_load_n(&count_, __ATOMIC_RELAXED); }

	/* For a counter that has one writer at a time: no atomic operation. */
	void count_alone()
	{
		__atomic_store_n(&count_, __atomic_load_n(&count_, __ATOMIC_RELAXED) + 1,
				 __ATOMIC_RELAXED);
	}
	void count() { __atomic_fetch_add(&count_, 1, __ATOMIC_RELAXED); }

private:
	u64 count_;
};

} // namespace vintc

#endif /* VINTC_CORE_ATOMIC_H */
